"""Scoring tables that ship beside the code: published scores, our readings of measures, sectors, breadth."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

WHOLE, UNLISTED = 1.0, 0.25
"""Breadth of a measure on a whole industry, and of an activity the table does not list."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a measure is read: its instrument, what it requires or caps, and the score that stands for it."""

    instrument: str
    score: str
    requires: str
    below: float | None
    at_least: float | None


@dataclass(frozen=True, slots=True)
class InvestmentScores:
    """Published scores by name with their area, and the readings of measures."""

    scores: Mapping[str, float]
    areas: Mapping[str, str]
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class ServicesScores:
    """Weights of questions, and which answers follow from which."""

    weights: Mapping[str, float]
    hierarchy: Mapping[str, tuple[str, ...]]


@cache
def investment_scores() -> InvestmentScores:
    """Give the table for foreign direct investment."""
    table = _yaml("fdi_scores.yaml")
    return InvestmentScores(
        scores={row["id"]: float(row["score"]) for row in table["scores"]},
        areas={row["id"]: row["area"] for row in table["scores"]},
        readings=tuple(
            Reading(
                instrument=row["instrument"],
                score=row["as"],
                requires=row.get("requires", ""),
                below=row.get("below"),
                at_least=row.get("from"),
            )
            for row in table["readings"]
        ),
    )


@cache
def services_scores() -> ServicesScores:
    """Give the questions on services."""
    table = _yaml("services_scores.yaml")
    return ServicesScores(
        weights={row["id"]: float(row["weight"]) for row in table["questions"]},
        hierarchy={name: tuple(implied) for name, implied in table["hierarchy"].items()},
    )


@cache
def breadths() -> Mapping[str, float]:
    """Give the part of its industry that an activity makes up, by activity; our own judgement."""
    return {row["activity"]: float(row["breadth"]) for row in _csv("fdi_breadth.csv")}


def breadth(activity: str) -> float:
    """Give the breadth of a measure's activity; a measure without one is about the whole industry."""
    return breadths().get(activity, UNLISTED) if activity else WHOLE


@cache
def investment_groups() -> Mapping[str, str]:
    """Give the group of every industry that can be invested in."""
    return {row["industry"]: row["group"] for row in _csv("fdi_sectors.csv")}


@cache
def oecd_groups() -> frozenset[str]:
    """Give the groups the OECD index covers too."""
    return frozenset(row["group"] for row in _csv("fdi_sectors.csv") if row["oecd"] == "yes")


def _text(name: str) -> str:
    return files("openward.indicators").joinpath("data", name).read_text(encoding="utf-8")


def _yaml(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load(_text(name)))


def _csv(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_text(name))))
