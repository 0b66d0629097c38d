"""Read a sweep (``openward.sweep/1``): a grid or a list of reforms or shocks and of ways to solve them."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from openward.book.reading import read_document
from openward.errors import InputError, InputErrors

SCHEMA = "openward.sweep/1"
DEFAULTS: Mapping[str, Any] = {
    "reform": None,
    "shock": None,
    "model": "caliendo-parro",
    "closure": "fixed",
    "elasticities": "caliendo-parro",
    "scale": 1.0,
    "draw": None,
}
"""Parameters of a scenario; a shock is solved at the elasticities of its baseline unless a set is named."""
HEAD = ("schema", "name", "book", "baseline", "seed", "grid", "scenarios")


@dataclass(frozen=True, slots=True)
class SweepSpec:
    """A sweep.

    Attributes
    ----------
    name, book : str
    baseline : Path or None
        Folder of the baseline that shocks are against; None: reforms, on the embedded world.
    seed : int
    scenarios : tuple of dict
        Each with every key of `DEFAULTS`.
    digest : str
        SHA-256 over all of it.
    """

    name: str
    book: str
    baseline: Path | None
    seed: int
    scenarios: tuple[dict[str, Any], ...]
    digest: str


def read_spec(path: Path) -> SweepSpec:
    """Read a specification; paths in it count from its folder.

    Raises
    ------
    InputErrors
        All that is wrong in it.
    """
    document = read_document(path, path.name)
    return parse_spec(document.data, folder=path.parent, label=path.name)


def parse_spec(data: Any, *, folder: Path, label: str) -> SweepSpec:
    """Build a specification from plain values."""
    if not isinstance(data, dict):
        raise InputError("a sweep is a mapping of keys", where=label, hint=f"begin with schema: {SCHEMA}")
    wrong: list[InputError] = []

    def refuse(message: str, hint: str = "") -> None:
        wrong.append(InputError(message, where=label, hint=hint))

    _known(data, HEAD, refuse)
    if data.get("schema") != SCHEMA:
        refuse(f"schema is {data.get('schema')!r}", f"write schema: {SCHEMA}")
    seed = data.get("seed", 0)
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        refuse(f"seed is {seed!r}", "a whole number from 0 on")
    found = [*_grid(data.get("grid"), refuse), *_list(data.get("scenarios"), refuse)]
    baseline = data.get("baseline")
    scenarios = []
    for k, given in enumerate(found):
        _known(given, tuple(DEFAULTS), refuse)
        central = {} if "elasticities" in given or baseline is None else {"elasticities": "baseline"}
        scenario = {**DEFAULTS, **central, **given}
        _check(scenario, k, baseline, refuse)
        scenarios.append(scenario)
    if not scenarios and not wrong:
        refuse("no scenario", "give a grid (lists whose every combination is solved) or scenarios (a list)")
    if wrong:
        raise InputErrors(wrong[:50])
    for scenario in scenarios:
        scenario["scale"] = float(scenario["scale"])
        for key in ("reform", "shock"):
            value = scenario[key]
            if value is not None and (folder / str(value)).exists():
                scenario[key] = str(folder / str(value))
    text = json.dumps([{k: data.get(k) for k in ("book", "baseline", "seed")}, scenarios], sort_keys=True)
    return SweepSpec(
        name=str(data.get("name", Path(label).stem)),
        book=str(data.get("book", "chn")),
        baseline=None if baseline is None else folder / str(baseline),
        seed=int(seed),
        scenarios=tuple(scenarios),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


def _grid(grid: Any, refuse: Any) -> list[dict[str, Any]]:
    if grid is None:
        return []
    if not isinstance(grid, dict) or not grid:
        refuse("grid is no mapping of lists", "for example grid: {closure: [fixed, balanced]}")
        return []
    lists = {}
    for key, values in grid.items():
        if isinstance(values, dict) and set(values) == {"from", "to"}:
            lists[key] = list(range(int(values["from"]), int(values["to"])))
        elif isinstance(values, list) and values:
            lists[key] = values
        else:
            refuse(f"grid.{key} is no list", "write [a, b], or {from: 0, to: 1000} for whole numbers")
            return []
    return [dict(zip(lists, values, strict=True)) for values in itertools.product(*lists.values())]


def _list(scenarios: Any, refuse: Any) -> list[dict[str, Any]]:
    if scenarios is None:
        return []
    if not isinstance(scenarios, list) or not all(isinstance(one, dict) for one in scenarios):
        refuse("scenarios is no list of mappings", "for example scenarios: [{reform: rcep-undone}]")
        return []
    return [dict(one) for one in scenarios]


def _known(given: Mapping[str, Any], known: tuple[str, ...], refuse: Any) -> None:
    for key in given:
        if key not in known:
            near = get_close_matches(str(key), known, n=1)
            refuse(
                f"unknown key {key!r}", f"did you mean {near[0]}?" if near else "one of " + ", ".join(known)
            )


def _check(scenario: Mapping[str, Any], k: int, baseline: Any, refuse: Any) -> None:
    wanted, other = ("reform", "shock") if baseline is None else ("shock", "reform")
    if scenario[wanted] is None or scenario[other] is not None:
        place = "without a baseline" if baseline is None else "with a baseline"
        refuse(f"scenario {k}: {place} each scenario needs a {wanted}, and no {other}")
    scale, draw = scenario["scale"], scenario["draw"]
    if isinstance(scale, bool) or not isinstance(scale, int | float) or not 0 < scale < float("inf"):
        refuse(f"scenario {k}: scale is {scale!r}", "a positive number: 1 leaves elasticities as they are")
    if draw is not None and (isinstance(draw, bool) or not isinstance(draw, int) or draw < 0):
        refuse(f"scenario {k}: draw is {draw!r}", "a whole number from 0 on, or nothing")
    for key in ("model", "closure", "elasticities"):
        if not isinstance(scenario[key], str):
            refuse(f"scenario {k}: {key} is {scenario[key]!r}", "a name")
