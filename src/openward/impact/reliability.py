"""Part 4, reliability: was it solved, how far elasticities matter, what was assumed, how old the data are."""

from __future__ import annotations

import numpy as np

from openward.book.model import Book
from openward.codes.economies import economy
from openward.codes.industries import industry
from openward.determine.table import RateTable
from openward.impact.result import Assumption, LawPart, ReliabilityPart, SensitivityRow, Vintage
from openward.impact.worlds import Laws, Worlds
from openward.observe.worldpack import WorldPack
from openward.simulate.baseline import Array

MOST_ECONOMIES = 20
FAR_ABOVE = 5.0


def reliability_part(
    worlds: Worlds,
    laws: Laws,
    *,
    book: Book,
    pack: WorldPack,
    sensitivity: dict[float, Array],
    parties: frozenset[str],
    law: LawPart,
    plain: Array,
    elasticity_note: str,
    seconds: float,
) -> ReliabilityPart:
    """Gather the reliability part.

    Parameters
    ----------
    sensitivity : mapping from factor on the elasticities (0.5, 1, 2) to real income change [N] in percent
    plain : [N]
        Real income change in percent with one elasticity of 4 for every industry.
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
            *_open(law),
            *_one_sided(law),
            *_elastic(worlds, plain, parties),
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


def _open(law: LawPart) -> list[Assumption]:
    """Name what is touched and has no number."""
    out = [
        Assumption("not valued", edit.target, f"Edit {edit.index}: {edit.unvalued}.")
        for edit in law.edits
        if edit.unvalued
    ]
    if law.stopped:
        trade = sum(flow.trade_musd for flow in law.stopped)
        out.append(
            Assumption(
                "prohibition",
                f"{len(law.stopped)} flows",
                f"{len(law.stopped)} (importer, partner, industry) flows, {trade:,.0f} million US dollars a "
                "year, stop altogether. Buyers turn to other suppliers as in the long run; the first "
                "months cost more; there is no path-integrated figure.",
            )
        )
    if law.unvalued and law.rate_changes:
        trade = sum(rate.trade_musd for rate in law.unvalued)
        out.append(
            Assumption(
                "not valued",
                "rates that move",
                f"{len(law.unvalued)} (importer, partner, industry) rates, on {trade:,.0f} million US "
                "dollars of trade, have no ad valorem value before or after: held unchanged, their effect is "
                "unknown.",
            )
        )
    return out


def _one_sided(law: LawPart) -> list[Assumption]:
    """Say where an economy joins a group and its own tariffs stay as they are."""
    movers = {change.importer for change in law.rate_changes}
    joins = [edit.target.split()[0] for edit in law.edits if edit.kind == "join" and edit.effective]
    return [
        Assumption(
            "missing",
            code,
            f"{economy(code).name} joins, but its own schedule is neither in the reform nor in the book: "
            "only its partners' rates move.",
        )
        for code in joins
        if code not in movers
    ]


def _elastic(worlds: Worlds, plain: Array, parties: frozenset[str]) -> list[Assumption]:
    """Set the result beside that of one elasticity for all, and name industries whose own stands out."""
    step = worlds.step
    codes, theta = step.baseline.economies, step.baseline.theta
    largest = [n for n in np.argsort(-np.abs(step.real_income_pct), kind="stable") if codes[n] in parties][:3]
    if not largest:
        return []
    beside = ", ".join(
        f"{economy(codes[n]).name} {plain[n]:+.3f} % instead of {step.real_income_pct[n]:+.3f} %"
        for n in largest
    )
    far = [j for j in np.argsort(-theta) if theta[j] > FAR_ABOVE * np.median(theta)]
    named = "; ".join(f"{industry(step.baseline.sectors[j]).name} has {theta[j]:g}" for j in far)
    said = f"With one elasticity of 4 for every industry real income changes by: {beside}."
    return [Assumption("model", "elasticities", f"{said} Far above the others: {named}." if named else said)]


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
