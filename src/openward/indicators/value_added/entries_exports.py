"""The catalogue's decompositions of gross exports."""

from __future__ import annotations

import numpy as np

from openward.errors import UsageError
from openward.indicators.catalogue import Frame, indicator
from openward.indicators.value_added.accounts import table_accounts
from openward.indicators.value_added.borin_mancini import Approach, BorinMancini, borin_mancini
from openward.indicators.value_added.extraction import miroudot_ye
from openward.indicators.value_added.kww import kww
from openward.indicators.value_added.long import by_economy, by_exporter, by_flow, by_pair
from openward.indicators.value_added.wwz import wwz
from openward.observe.input_output import InputOutput

UNIT = "million USD, or the unit of the table"
RECONSTRUCTED = (
    "on the shipped world, final demand by destination is reconstructed and inputs come from proportional "
    "sources: bilateral figures and what returns home are estimates"
)
ROWS = "output has to be the sum of the row, or parts do not add up to gross exports"
TERMS = ("exports", "dva", "vax", "ref", "davax", "ddc", "fva", "fdc")
BORIN_MANCINI = (
    "Borin and Mancini (2019), World Bank Policy Research Working Paper 8804; "
    "(2023), Economic Systems Research 35"
)
FORMULA = r"""E_{sr} = \underbrace{v_s L_s E_{sr}}_{DVA} + \underbrace{v_s (B_{ss} - L_s) E_{sr}}_{DDC}
+ \underbrace{\sum_{t \ne s} v_t B_{ts} B_{ss}^{-1} L_s E_{sr}}_{FVA}
+ \underbrace{\sum_{t \ne s} v_t B_{ts} (I - B_{ss}^{-1} L_s) E_{sr}}_{FDC}"""


@indicator(
    "exports-decomposition",
    title="Value added in gross exports (Borin-Mancini)",
    group="value-added",
    kind="dense",
    definition="Gross exports of an economy split into domestic value added (dva: vax absorbed "
    "abroad, of it davax "
    "by the direct importer; ref returned home), domestic double counting (ddc), foreign value added "
    "(fva) and "
    "foreign double counting (fdc).",
    formula=FORMULA,
    inputs=("input-output",),
    keys=("exporter", "term"),
    unit=UNIT,
    reference=BORIN_MANCINI,
    traps=(
        "exports = dva + ddc + fva + fdc; vax and ref are parts of dva, davax of vax: do not add them again",
        ROWS,
        RECONSTRUCTED,
    ),
)
def exports_decomposition(*, input_output: InputOutput) -> Frame:
    """Give totals of each exporter; both approaches have the same."""
    ready = table_accounts(input_output)
    parts = borin_mancini(accounts=ready, approach="source")
    terms = {name: ready.by_economy(getattr(parts, name)).sum(axis=1) for name in TERMS}
    return by_exporter(table=input_output, terms=terms)


@indicator(
    "exports-decomposition-flows",
    title="Value added in exports by industry and importer (Borin-Mancini)",
    group="value-added",
    kind="dense",
    definition="The same parts for every exporting industry and importer; approach source books "
    "value added at "
    "its first crossing of the exporter's border, sink at its last.",
    formula=FORMULA,
    inputs=("input-output",),
    keys=("exporter", "sector", "importer", "term"),
    unit=UNIT,
    reference=BORIN_MANCINI,
    traps=(
        "the perimeter of double counting is the exporting economy: flows add up to its totals",
        "the industry is the one that exports, not the one where the value was added",
        RECONSTRUCTED,
    ),
)
def exports_decomposition_flows(*, input_output: InputOutput, approach: str = "source") -> Frame:
    """Give parts by exporter, industry and importer."""
    parts = borin_mancini(accounts=table_accounts(input_output), approach=_approach(approach))
    return by_flow(table=input_output, terms=_terms(parts))


@indicator(
    "exports-kww",
    title="Nine terms of gross exports (Koopman, Wang and Wei)",
    group="value-added",
    kind="dense",
    definition="Gross exports of an economy in nine terms: domestic value added absorbed abroad "
    "in final goods, "
    "inputs, inputs exported on; returned in final goods, inputs; double counting; foreign value "
    "added in final "
    "goods, inputs; foreign double counting.",
    formula=r"""E_s = v_s \sum_r B_{ss} Y_{sr} + v_s \sum_r B_{sr} Y_{rr}
+ v_s \sum_r \sum_{t \ne s,r} B_{sr} Y_{rt} + v_s \sum_r B_{sr} Y_{rs}
+ v_s \sum_r B_{sr} A_{rs} L_s Y_{ss} + v_s \sum_r B_{sr} A_{rs} L_s E_s
+ \sum_{t \ne s} v_t B_{ts} \sum_r [Y_{sr} + A_{sr} L_r Y_{rr} + A_{sr} L_r E_r]""",
    inputs=("input-output",),
    keys=("exporter", "term"),
    unit=UNIT,
    reference="Koopman, Wang and Wei (2014), Am. Econ. Rev. 104:2, equation 36",
    traps=(
        "its foreign double counting is larger than Borin and Mancini's: it also counts what another border "
        "double counts",
        ROWS,
        RECONSTRUCTED,
    ),
)
def exports_kww(*, input_output: InputOutput) -> Frame:
    """Give nine terms of each exporter."""
    return by_exporter(table=input_output, terms=kww(accounts=table_accounts(input_output)))


@indicator(
    "exports-wwz",
    title="Sixteen terms of bilateral exports (Wang, Wei and Zhu)",
    group="value-added",
    kind="dense",
    definition="Exports of every industry to every importer in sixteen terms: domestic value "
    "added by where it "
    "is absorbed, returned value added, value added of the importer and of others, double counting.",
    formula=r"""E_{sr} = (v_s B_{ss}) \# Y_{sr} + (v_s L_s) \# (A_{sr} B_{rr} Y_{rr}) + \ldots
+ (v_s B_{ss} - v_s L_s) \# (A_{sr} x_r)
+ \sum_{t \ne s} (v_t B_{ts}) \# [Y_{sr} + A_{sr} L_r (Y_{rr} + E_r)]""",
    inputs=("input-output",),
    keys=("exporter", "sector", "importer", "term"),
    unit=UNIT,
    reference="Wang, Wei and Zhu (2013), NBER Working Paper 19677, equation 22",
    traps=(
        "final goods and inputs are booked at different crossings: see Borin and Mancini (2019)",
        RECONSTRUCTED,
    ),
)
def exports_wwz(*, input_output: InputOutput) -> Frame:
    """Give sixteen terms by exporter, industry and importer."""
    return by_flow(table=input_output, terms=wwz(accounts=table_accounts(input_output)))


@indicator(
    "exports-miroudot-ye",
    title="Bilateral exports across their own perimeter (Miroudot and Ye)",
    group="value-added",
    kind="dense",
    definition="Exports of an economy to one importer, where only what crosses between the two "
    "again is double "
    "counted.",
    formula=r"E_{sr} = \sum_t v_t B^{*}_{ts} E_{sr} + \sum_t v_t (B_{ts} - B^{*}_{ts}) E_{sr},\; B^{*} = "
    r"(I - A + A_{sr})^{-1}",
    inputs=("input-output",),
    keys=("exporter", "importer", "term"),
    unit=UNIT,
    reference="Miroudot and Ye (2021), Economic Systems Research 33:1, 67-87",
    traps=("flows do not add up to the exporter's totals: each has its own perimeter", RECONSTRUCTED),
)
def exports_miroudot_ye(*, input_output: InputOutput) -> Frame:
    """Give parts of each bilateral flow across its own perimeter."""
    ready = table_accounts(input_output)
    g = len(input_output.economies)
    names = ("exports", "dva", "ddc", "fva", "fdc")
    found = {name: np.zeros((g, g)) for name in names}
    for s in range(g):
        for r in (r for r in range(g) if r != s):
            parts = miroudot_ye(accounts=ready, exporter=s, importer=r)
            for name in names:
                found[name][s, r] = getattr(parts, name)
    return by_pair(table=input_output, terms=found)


@indicator(
    "vax-ratio",
    title="VAX ratio",
    group="value-added",
    kind="dense",
    definition="Value added absorbed abroad over gross exports.",
    formula=r"\frac{v_s \sum_t B_{st} \sum_{r \ne s} Y_{tr}}{\sum_r E_{sr}}",
    inputs=("input-output",),
    keys=("exporter",),
    unit="fraction of gross exports",
    reference="Johnson and Noguera (2012), Journal of International Economics 86:2",
    traps=("economies without exports are left out", RECONSTRUCTED),
)
def vax_ratio(*, input_output: InputOutput) -> Frame:
    """Give the ratio of each exporter."""
    ready = table_accounts(input_output)
    absorbed = ready.abroad(ready.B @ ready.Y).sum(axis=1)
    exports = ready.by_economy(ready.E).sum(axis=1)
    traded = exports > 0
    ratio = np.divide(ready.by_economy(ready.v * absorbed), exports, out=np.zeros_like(exports), where=traded)
    return by_economy(table=input_output, values=ratio, keep=traded, name="exporter")


def _terms(parts: BorinMancini) -> dict[str, np.typing.NDArray[np.float64]]:
    return {name: getattr(parts, name) for name in TERMS}


def _approach(name: str) -> Approach:
    if name == "source":
        return "source"
    if name == "sink":
        return "sink"
    raise UsageError(f"no approach is called {name!r}", hint="source or sink")
