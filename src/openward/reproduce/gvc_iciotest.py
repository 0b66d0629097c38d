"""Six decompositions of exports on a made-up table that splits China and Mexico."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl

from openward.errors import MissingDataError
from openward.indicators.value_added.accounts import Accounts, table_accounts
from openward.indicators.value_added.borin_mancini import BorinMancini, borin_mancini, contents
from openward.indicators.value_added.extraction import miroudot_ye
from openward.indicators.value_added.kww import kww
from openward.indicators.value_added.participation import chain_trade, vertical_specialization
from openward.indicators.value_added.wwz import wwz
from openward.observe.input_output import Array
from openward.observe.input_output_csv import ICIO_PARTS, read_wide_csv
from openward.reproduce.reproduction import Cell, Reproduction, compare

NAME = "gvc-iciotest"
SOURCE = "exvatools 0.9.0 (CRAN): six decompositions of exports of all economies, table iciotest"
TOLERANCE = 1e-6
NOT_COMPUTED = (("bm_snk", "VAXIM"),)
NOTES = (
    "China and Mexico are one economy each, made of nine nodes: their parts are never added up before the "
    "decomposition.",
    "One component is left out: VAXIM of the sink-based method, whose definition is not in that package's "
    "documentation, and none that was tried matches it.",
)
Totals = Mapping[str, Array]


def reproduce(data: Path) -> Reproduction:
    """Compute all components of all methods and exporters again, but `NOT_COMPUTED`."""
    folder = data / "measure" / "gvc"
    path = folder / "iciotest_exvadec_all_methods.csv"
    if not path.is_file():
        raise MissingDataError(
            "the table is not there", where=str(path), hint="name the data folder with --data"
        )
    table = read_wide_csv(
        folder / "iciotest_table.csv", year=None, unit="made up", source="exvatools", parts=ICIO_PARTS
    )
    methods = totals(table_accounts(table))
    cells: list[Cell] = []
    for _, method, exporter, component, value in pl.read_csv(path).iter_rows():
        if (method, component) in NOT_COMPUTED:
            continue
        computed = float(methods[method][component][table.economies.index(exporter)])
        cells.append(
            compare(
                exporter, f"{method} {component}", published=value, computed=computed, tolerance=TOLERANCE
            )
        )
    return Reproduction(NAME, SOURCE, tuple(cells), NOTES)


def totals(accounts: Accounts) -> Mapping[str, Totals]:
    """Give country totals [G] of six methods, with the component names the field uses."""
    source = borin_mancini(accounts=accounts, approach="source")
    sink = borin_mancini(accounts=accounts, approach="sink")
    return {
        "bm_src": {**_borin_mancini(accounts, source), **_chains(accounts)},
        "bm_snk": _borin_mancini(accounts, sink),
        "kww": _nine(accounts),
        "wwz": _sixteen(accounts),
        "my": _perimeters(accounts),
        "oecd": _published(accounts, source),
    }


def _sum(accounts: Accounts, values: Array) -> Array:
    return np.asarray(accounts.by_economy(values).sum(axis=1))


def _with_contents(parts: Totals) -> Totals:
    whole = {
        "DC": parts["DVA"] + parts["DDC"],
        "FC": parts["FVA"] + parts["FDC"],
    }
    return {"EXGR": whole["DC"] + whole["FC"], **whole, **parts}


def _borin_mancini(accounts: Accounts, parts: BorinMancini) -> Totals:
    names = ("dva", "vax", "davax", "ref", "ddc", "fva", "fdc")
    return _with_contents({name.upper(): _sum(accounts, getattr(parts, name)) for name in names})


def _chains(accounts: Accounts) -> Totals:
    chains = chain_trade(accounts=accounts)
    back, on = _sum(accounts, chains.backward), _sum(accounts, chains.forward)
    return {"GVC": back + on, "GVCB": back, "GVCF": on}


def _nine(accounts: Accounts) -> Totals:
    t = kww(accounts=accounts)
    vax, ref = t["DVA_FIN"] + t["DVA_INT"] + t["DVA_INTrex"], t["RDV_FIN"] + t["RDV_INT"]
    return _with_contents(
        {
            "DVA": vax + ref,
            "VAX": vax,
            "REF": ref,
            "DDC": t["DDC"],
            "FVA": t["FVA_FIN"] + t["FVA_INT"],
            "FDC": t["FDC"],
        }
    )


def _sixteen(accounts: Accounts) -> Totals:
    t = {name: _sum(accounts, values) for name, values in wwz(accounts=accounts).items()}
    vax = sum(values for name, values in t.items() if name.startswith("DVA"))
    ref = t["RDV_INT"] + t["RDV_FIN"] + t["RDV_FIN2"]
    return _with_contents(
        {
            "DVA": vax + ref,
            "VAX": np.asarray(vax),
            "REF": ref,
            "DDC": t["DDC_FIN"] + t["DDC_INT"],
            "FVA": t["OVA_FIN"] + t["MVA_FIN"] + t["OVA_INT"] + t["MVA_INT"],
            "FDC": t["ODC"] + t["MDC"],
        }
    )


def _perimeters(accounts: Accounts) -> Totals:
    parts = [miroudot_ye(accounts=accounts, exporter=at) for at in range(len(accounts.starts))]
    return _with_contents(
        {
            name.upper(): np.array([getattr(part, name) for part in parts])
            for name in ("dva", "ddc", "fva", "fdc")
        }
    )


def _published(accounts: Accounts, parts: BorinMancini) -> Totals:
    made, e = contents(accounts=accounts), accounts.E.sum(axis=1)
    chains = vertical_specialization(accounts=accounts)
    domestic, foreign = accounts.by_economy(made.domestic * e), accounts.by_economy(made.foreign * e)
    names = ("dva", "vax", "ref", "ddc")
    return {
        "EXGR": chains.exports,
        "DC": domestic,
        "FC": foreign,
        **{name.upper(): _sum(accounts, getattr(parts, name)) for name in names},
        "GVC": chains.backward + chains.forward,
        "GVCB": chains.backward,
        "GVCF": chains.forward,
    }
