"""Part 4, reliability: was it solved, how far elasticities matter, what was assumed, how old the data are."""

from __future__ import annotations

import numpy as np

from openward.book.model import Book
from openward.codes.economies import economy
from openward.determine.table import RateTable
from openward.impact.result import Assumption, ReliabilityPart, SensitivityRow, Vintage
from openward.impact.worlds import Laws, Worlds
from openward.observe.worldpack import WorldPack
from openward.simulate.baseline import Array

MOST_ECONOMIES = 20


def reliability_part(
    worlds: Worlds,
    laws: Laws,
    *,
    book: Book,
    pack: WorldPack,
    sensitivity: dict[float, Array],
    parties: frozenset[str],
    elasticity_note: str,
    seconds: float,
) -> ReliabilityPart:
    """Gather the reliability part.

    Parameters
    ----------
    sensitivity : mapping from factor on the elasticities (0.5, 1, 2) to real income change [N] in percent
    seconds : float
        Time of the whole study.
    """
    step = worlds.step
    return ReliabilityPart(
        converged=step.converged and worlds.to_before.converged,
        iterations=worlds.to_before.iterations + step.iterations,
        residual=max(step.residual, worlds.to_before.residual),
        closure=step.closure,
        numeraire=step.numeraire,
        seconds=seconds,
        sensitivity=_sensitivity(step.baseline.economies, sensitivity, parties),
        assumptions=(
            *_rates(worlds, laws),
            *_missing(laws.before, step.baseline.flows),
            *_world(worlds, laws, elasticity_note),
        ),
        vintages=(
            Vintage(pack.name, str(pack.year), pack.source, pack.licence),
            Vintage(
                f"book {book.name}",
                f"{book.covered_from.isoformat()} to {book.covered_to.isoformat()}",
                "; ".join(str(source) for source in book.meta.get("sources", ()))
                or "cited measure by measure",
                "facts of law; each source's licence in the book's documentation",
            ),
        ),
    )


def _sensitivity(
    economies: tuple[str, ...], results: dict[float, Array], parties: frozenset[str]
) -> tuple[SensitivityRow, ...]:
    largest = np.argsort(-np.abs(results[1.0]), kind="stable")
    wanted = [n for n, code in enumerate(economies) if code in parties]
    wanted += [int(n) for n in largest if economies[n] not in parties][: max(0, MOST_ECONOMIES - len(wanted))]
    return tuple(
        SensitivityRow(economies[n], *(float(results[factor][n]) for factor in (0.5, 1.0, 2.0)))
        for n in wanted
    )


def _rates(worlds: Worlds, laws: Laws) -> list[Assumption]:
    """Say what part of the touched trade rests on rates that are unverified or assumed."""
    moved = worlds.law_shock.changed
    trade = np.where(moved, worlds.step.baseline.flows, 0.0)
    if not trade.any():
        return []
    out = []
    for kind, mask, sentence in (
        (
            "unverified",
            laws.before.unverified | laws.after.unverified,
            "rates not read in an official source",
        ),
        ("assumed", laws.before.assumed | laws.after.assumed, "rates that rest on an assumption"),
    ):
        share = 100.0 * float(trade[mask].sum() / trade.sum())
        if share:
            said = f"{share:.0f} % of the trade whose rate moves has {sentence} (before or after)."
            out.append(Assumption(kind, "rates that move", said, share))
    if worlds.law_shock.no_trade:
        out.append(
            Assumption(
                "no trade",
                "rates that move",
                f"{worlds.law_shock.no_trade} of {int(moved.sum())} (importer, partner, industry) "
                "cells whose rate moves have no trade in the baseline: nothing is said about trade that may "
                "begin.",
                0.0,
            )
        )
    return out


def _missing(table: RateTable, flows: Array) -> list[Assumption]:
    """Name importers whose tariffs nobody gave: they are held at zero, unchanged."""
    gaps = ~table.whole()
    out = []
    for n in np.flatnonzero(gaps.any(axis=(1, 2))):
        code = table.economies[n]
        imports = flows[n].copy()
        imports[n] = 0.0
        share = 100.0 * float(imports[gaps[n]].sum() / imports.sum())
        facts = sorted({m.fact for m in table.missing if m.importer == code})
        out.append(
            Assumption(
                "missing",
                code,
                f"{economy(code).name}: {'; '.join(facts)} for {share:.0f} % of its imports; "
                "held at zero and unchanged.",
            )
        )
    return out


def _world(worlds: Worlds, laws: Laws, elasticity_note: str) -> list[Assumption]:
    split = sorted({importer for importer, _ in laws.before.classes})
    out = [Assumption("model", "elasticities", elasticity_note)]
    out += [Assumption("data", "world table", note) for note in worlds.calibration.notes]
    out += [Assumption("model", "solution", note) for note in (*worlds.to_before.notes, *worlds.step.notes)]
    if split:
        out.append(
            Assumption(
                "data",
                "line classes of " + ", ".join(split),
                "Inside an industry, duty-free and dutiable lines are weighted by US imports for consumption "
                "of 2024 by HS6: the importer's own values by line are not at hand. Tariff lines "
                "of other importers are not counted.",
            )
        )
    out.append(
        Assumption(
            "model",
            "use of preferences",
            "Every importer is taken to claim every preference it may, and quotas not to bind: gains are "
            "upper bounds where proof of origin is costly.",
        )
    )
    return out
