"""Monitors of a product across its partners: undercutting, market share, concentration."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from openward.watch.finding import Finding, evidence_rows
from openward.watch.panel import WORLD, Panel
from openward.watch.rules import Rule

Found = tuple[list[Finding], tuple[str, ...]]
Group = Sequence[int]
LEAST_PARTNERS = 10
"""Partners below which a table cannot be the whole trade of an economy."""


def undercutting(panel: Panel, rule: Rule) -> Found:
    """Find origins whose unit value lies below that of all other origins together."""
    found: list[Finding] = []
    for total, rows in _products(panel, rule):
        if not panel.weighed[total]:
            continue
        value, weight = _window(panel, rule, panel.value), _window(panel, rule, panel.quantity)
        for row in rows:
            others_v, others_q = value[total] - value[row], weight[total] - weight[row]
            small = value[row] < rule.options["least_share"] * value[total]
            if not panel.weighed[row] or small or min(weight[row], others_q, others_v) <= 0:
                continue
            own, other = value[row] / weight[row], others_v / others_q
            margin = float(1 - own / other)
            if margin >= rule.threshold and _material(value[row], rule):
                told = (
                    f"{panel.series[row]}: {own:.2f} USD/kg over {rule.window} months where all others "
                    f"are at {other:.2f} ({-margin:+.0%}); unit values mix grades"
                )
                clears = (
                    f"{other * (1 - rule.threshold):.2f} USD/kg or more at the others' present unit value"
                )
                found.append(_finding(panel, rule, row, margin, told, clears))
    return found, _partial(panel)


def share_drift(panel: Panel, rule: Rule) -> Found:
    """Find origins whose share rose against the same months a year before."""
    if len(panel.months) < rule.window + 12:
        return [], (
            f"{len(panel.months)} months are too short for a share a year before: not watched",
            *_partial(panel),
        )
    found: list[Finding] = []
    before = _window(panel, rule, panel.value, back=12)
    now = _window(panel, rule, panel.value)
    for total, rows in _products(panel, rule):
        if min(now[total], before[total]) <= 0:
            continue
        for row in rows:
            was, share = before[row] / before[total], now[row] / now[total]
            drift = float(share - was)
            if drift >= rule.threshold and _material(now[row], rule):
                told = (
                    f"{panel.series[row]}: {share:.1%} of the product over {rule.window} months, {was:.1%} "
                    "in the same months a year before"
                )
                clears = f"a share below {was + rule.threshold:.1%}"
                found.append(_finding(panel, rule, row, drift, told, clears))
    return found, _partial(panel)


def concentration(panel: Panel, rule: Rule) -> Found:
    """Find products whose Herfindahl index over origins is high."""
    found: list[Finding] = []
    value = _window(panel, rule, panel.value)
    for total, rows in _products(panel, rule):
        if not _whole(panel, value, total, rows):
            continue
        shares = value[list(rows)] / value[total]
        index = float((shares**2).sum())
        if index >= rule.threshold and _material(value[total], rule):
            told = (
                f"{panel.series[total]}: Herfindahl index {index:.2f} over {rule.window} months "
                f"({len(shares)} origins, the largest with {shares.max():.0%})"
            )
            clears = f"an index below {rule.threshold:g}, as of {1 / rule.threshold:.1f} equal origins"
            found.append(_finding(panel, rule, total, index, told, clears))
    return found, _partial(panel)


def single_supplier(panel: Panel, rule: Rule) -> Found:
    """Find origins that supply most of a product."""
    found: list[Finding] = []
    value = _window(panel, rule, panel.value)
    for total, rows in _products(panel, rule):
        if value[total] <= 0:
            continue
        for row in rows:
            share = float(value[row] / value[total])
            if share >= rule.threshold and _material(value[row], rule):
                told = f"{panel.series[row]}: {share:.1%} of the product's value over {rule.window} months"
                clears = f"a share below {rule.threshold:.0%}"
                found.append(_finding(panel, rule, row, share, told, clears))
    return found, _partial(panel)


def _partial(panel: Panel) -> tuple[str, ...]:
    """Say so where the table holds too few partners to be all trade."""
    if panel.partners_known >= LEAST_PARTNERS:
        return ()
    return (
        f"the table holds {panel.partners_known} partners, fewer than {LEAST_PARTNERS}: it is not all trade, "
        "so shares and concentration are not watched",
    )


def _products(panel: Panel, rule: Rule) -> list[tuple[int, Group]]:
    """Pair the row of all partners of a product with the rows of its partners."""
    if (
        _partial(panel)
        or len(panel.months) < rule.window
        or set(panel.gaps) & set(panel.months[-rule.window :])
    ):
        return []
    groups: dict[tuple[str, str, str], list[int]] = {}
    totals: dict[tuple[str, str, str], int] = {}
    for row, one in enumerate(panel.series):
        if rule.flow not in ("any", one.flow):
            continue
        key = (one.reporter, one.flow, one.product)
        if one.partner == WORLD:
            totals[key] = row
        else:
            groups.setdefault(key, []).append(row)
    return [(totals[key], rows) for key, rows in groups.items() if key in totals]


def _whole(
    panel: Panel, value: np.ndarray[tuple[int], np.dtype[np.float64]], total: int, rows: Group
) -> bool:
    """Whether the partners at hand add up to all: a panel of some partners has no index."""
    return bool(value[total] > 0 and abs(value[list(rows)].sum() / value[total] - 1) < 1e-6)


def _window(
    panel: Panel, rule: Rule, of: np.ndarray[tuple[int, int], np.dtype[np.float64]], *, back: int = 0
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    end = len(panel.months) - back
    total: np.ndarray[tuple[int], np.dtype[np.float64]] = of[:, end - rule.window : end].sum(axis=1)
    return total


def _material(value: float, rule: Rule) -> bool:
    return bool(value / rule.window >= rule.materiality)


def _finding(panel: Panel, rule: Rule, row: int, statistic: float, told: str, clears: str) -> Finding:
    return Finding(panel.series[row], statistic, told, clears, evidence_rows(panel, row, rule.window))


SHARE_MONITORS: Mapping[str, Callable[[Panel, Rule], Found]] = MappingProxyType(
    {
        "undercutting": undercutting,
        "share-drift": share_drift,
        "concentration": concentration,
        "single-supplier": single_supplier,
    }
)
