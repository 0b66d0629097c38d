"""The main job: a reform in, its impact out."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from openward.book import load, load_reform, shipped_reforms
from openward.book.model import Book
from openward.book.reform import Reform
from openward.errors import UsageError
from openward.impact.headline import headline
from openward.impact.law import law_part, law_step, refuse_unvalued
from openward.impact.opening import Measured, opening_part
from openward.impact.reliability import reliability_part
from openward.impact.reproduce import reproduce_part
from openward.impact.result import Impact
from openward.impact.safeguards import safeguards_part
from openward.impact.uncertainty import run_draws
from openward.impact.uncertainty_chain import make_chain
from openward.impact.worlds import Laws, Worlds, read_laws, solve_worlds
from openward.indicators.agreements import agreement_coverage
from openward.indicators.diversion import creation_diversion
from openward.observe.worldpack import WorldPack, load_world
from openward.simulate.baseline import Array
from openward.simulate.caliendo_parro import Closure
from openward.simulate.draws import elasticity_draws
from openward.simulate.elasticities import elasticities as elasticity_set

Stress = Literal["main", "all", "none"]
FACTORS = (0.5, 1.0, 2.0)
PATH_STEPS = 10
UNIFORM = "uniform-4"
Progress = Callable[[str, float], None]


def _silent(stage: str, share: float) -> None:
    """Say nothing."""


def study(
    reform: Reform | str | Path,
    *,
    book: Book | str | Path = "chn",
    from_law: date | None = None,
    closure: Closure = "fixed",
    elasticities: str = "caliendo-parro",
    stress: Stress = "main",
    draws: int = 0,
    seed: int = 0,
    workers: int = 1,
    progress: Progress = _silent,
) -> Impact:
    """Study a reform: the edits of the law, what they touch, and their impact on the world.

    The law before (A) is the book frozen on ``from_law``; the law after (B) is A with the edits; both are
    read on the day of the last edit. The world of the baseline year moves to A first, and the effects are
    those of A to B.

    Parameters
    ----------
    reform : Reform, or name of a shipped reform, or path of a file
    book : Book, or name of a shipped book, or folder
    from_law : date, optional
        Day the law before is frozen on; by default the day before the last edit.
    closure : {"fixed", "world-gdp-share", "balanced"}
        What happens to trade deficits.
    elasticities : str
        ``caliendo-parro`` or ``uniform-N``.
    stress : {"main", "all", "none"}
        Whom to put through the stop of suppliers: parties and ten largest movers, everybody, nobody.
    draws : int
        Draws of elasticities, use of preferences and rates for intervals; 0: none.
    seed, workers : int
        Of the draws: the seed decides the figures, the number of processes only the time.
    progress : callable(stage, share)
        Told what is being done; share in 0..1 of the whole.

    Returns
    -------
    Impact

    Raises
    ------
    InputError, UnknownCodeError
        Where the reform cannot be read or applied.
    NotConvergedError
    """
    began = time.perf_counter()
    if stress not in get_args(Stress):
        raise UsageError(f"no stress test is called {stress!r}", hint="main, all or none", where="stress")
    progress("reading the law", 0.0)
    script = reform if isinstance(reform, Reform) else load_reform(reform)
    law_book = book if isinstance(book, Book) else load(book)
    pack = load_world()
    step = law_step(law_book, script, from_law=from_law)
    laws = read_laws(law_book, step.before, step.after, pack=pack, on=step.on)
    law = law_part(law_book, script, step, laws, pack)
    refuse_unvalued(law)
    parties = frozenset(law.touched_partners) | {change.importer for change in law.rate_changes}

    progress("solving the world", 0.1)
    worlds, sensitivity = _solve(pack, laws, closure, elasticities, script.name, progress)
    uniform = elasticity_set(UNIFORM, sectors=pack.sectors)
    plain = solve_worlds(pack, laws, theta=uniform, closure=closure, name=script.name).step.real_income_pct
    progress("stress test", 0.5)
    safeguards = safeguards_part(
        worlds.step,
        parties=parties,
        closure=closure,
        stress=stress,
        progress=lambda stage, share: progress(stage, 0.5 + 0.45 * share),
    )
    opening = opening_part(worlds.step, _measure(worlds, laws, sensitivity), parties=parties)
    uncertainty = None
    if draws:
        chain = make_chain(
            law_book,
            step.before,
            step.after,
            laws,
            pack=pack,
            days=(date(pack.year, 7, 1), step.on, step.on),
            closure=closure,
            name=script.name,
        )
        uncertainty = run_draws(
            chain,
            elasticity_draws(elasticities, sectors=pack.sectors),
            draws=draws,
            seed=seed,
            parties=parties,
            workers=workers,
            progress=lambda stage, share: progress(stage, share),
        )
    progress("writing it up", 0.95)
    return Impact(
        name=script.name,
        title=dict(script.title),
        description=script.description.get("en", ""),
        hash=script.hash,
        headline=headline(law, opening),
        law=law,
        opening=opening,
        safeguards=safeguards,
        reliability=reliability_part(
            worlds,
            laws,
            book=law_book,
            pack=pack,
            sensitivity=sensitivity,
            parties=parties,
            law=law,
            plain=plain,
            elasticity_note=_elasticity_note(elasticities),
            seconds=time.perf_counter() - began,
        ),
        reproduce=reproduce_part(
            script,
            step,
            given=_given(reform, script),
            book=law_book.name,
            closure=closure,
            elasticities=elasticities,
            draws=draws,
            seed=seed,
        ),
        outcome=worlds.step,
        uncertainty=uncertainty,
    )


def _given(reform: Reform | str | Path, script: Reform) -> str:
    """Name the reform as whoever repeats the study would: as given, else a shipped name, else a file."""
    if not isinstance(reform, Reform):
        return str(reform)
    shipped = script.name in shipped_reforms() and load_reform(script.name).hash == script.hash
    return script.name if shipped else f"{script.name}.yaml"


def _solve(
    pack: WorldPack, laws: Laws, closure: Closure, name: str, reform: str, progress: Progress
) -> tuple[Worlds, dict[float, Array]]:
    """Solve at the chosen elasticities, then at half and twice them."""
    results: dict[float, Array] = {}
    chosen: Worlds | None = None
    for done, factor in enumerate(FACTORS):
        progress(f"solving the world, elasticities x {factor:g}", 0.1 + 0.4 * done / len(FACTORS))
        theta = elasticity_set(name, sectors=pack.sectors, scale=factor)
        steps = PATH_STEPS if factor == 1.0 else 0
        worlds = solve_worlds(pack, laws, theta=theta, closure=closure, name=reform, path_steps=steps)
        results[factor] = worlds.step.real_income_pct
        if factor == 1.0:
            chosen = worlds
    assert chosen is not None
    return chosen, results


def _measure(worlds: Worlds, laws: Laws, sensitivity: dict[float, Array]) -> Measured:
    before, after = worlds.step.baseline, worlds.step.after
    spread = np.stack(list(sensitivity.values()))
    return Measured(
        split=creation_diversion(before=before.flows, after=after.flows, moved=worlds.law_shock.changed),
        moved=np.asarray(worlds.law_shock.changed.any(axis=2)),
        coverage_before=agreement_coverage(
            flows=before.flows, preferred=laws.before.preferred, goods=laws.before.goods
        ),
        coverage_after=agreement_coverage(
            flows=after.flows, preferred=laws.after.preferred, goods=laws.after.goods
        ),
        low_pct=spread.min(axis=0),
        high_pct=spread.max(axis=0),
    )


def _elasticity_note(name: str) -> str:
    if name == "caliendo-parro":
        return (
            "Trade elasticities of Caliendo and Parro (2015, table 1, 99 % sample), mapped to the 50 "
            "industries; services 8.22 by convention."
        )
    return f"One trade elasticity for every industry: {name.removeprefix('uniform-')}."
