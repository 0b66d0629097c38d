"""The catalogue's measures of value chains: participation, position, sources of value, footprints."""

from __future__ import annotations

import narwhals as nw
import numpy as np

from openward.errors import MissingDataError
from openward.indicators.catalogue import Frame, indicator
from openward.indicators.value_added.accounts import table_accounts
from openward.indicators.value_added.entries_exports import BORIN_MANCINI, RECONSTRUCTED, UNIT
from openward.indicators.value_added.footprint import footprint
from openward.indicators.value_added.long import by_economy, by_exporter, by_sector
from openward.indicators.value_added.participation import (
    Participation,
    chain_trade,
    downstreamness,
    position,
    upstreamness,
    vertical_specialization,
)
from openward.indicators.value_added.sources import (
    domestic_in_exports,
    exports_in_exports,
    imports_in_exports,
    services_content,
    value_added_advantage,
)
from openward.observe.input_output import Array, InputOutput

NO_EXPORTS = "economies without exports are left out"
SERVICE_SECTIONS = tuple("GHIJKLMNOPQRST")
WIOD_SERVICES = tuple(f"c{number}" for number in range(19, 36))


@indicator(
    "gvc-participation",
    title="Participation in value chains (Borin-Mancini)",
    group="value-added",
    kind="dense",
    definition="Exports that cross at least two borders over gross exports: backward, forward and total.",
    formula=r"\frac{E_s - v_s L_s E_s}{E_s},\quad \frac{v_s L_s E_s - DAVAX_s}{E_s},\quad "
    r"DAVAX_s = v_s L_s \sum_r (Y_{sr} + A_{sr} L_r Y_{rr})",
    inputs=("input-output",),
    keys=("exporter", "term"),
    unit="fraction of gross exports",
    reference=BORIN_MANCINI,
    traps=(NO_EXPORTS, "backward holds domestic value added that was abroad before", RECONSTRUCTED),
)
def gvc_participation(*, input_output: InputOutput) -> Frame:
    """Give backward, forward and total participation by exporter."""
    ready = table_accounts(input_output)
    flows = chain_trade(accounts=ready)
    sums = [ready.by_economy(part).sum(axis=1) for part in (flows.exports, flows.backward, flows.forward)]
    return _shares(input_output, Participation(*sums))


@indicator(
    "vertical-specialization",
    title="Vertical specialization (VS and VS1)",
    group="value-added",
    kind="dense",
    definition="Foreign content of exports (backward) and domestic content of others' exports (forward) over "
    "gross exports, as statistical offices publish participation.",
    formula=r"\frac{\sum_{t \ne s} v_t B_{ts} E_s}{E_s},\quad \frac{\sum_{t \ne s} v_s B_{st} E_t}{E_s}",
    inputs=("input-output",),
    keys=("exporter", "term"),
    unit="fraction of gross exports",
    reference="Hummels, Ishii and Yi (2001), Journal of International Economics 54; Koopman et al. (2010)",
    traps=(NO_EXPORTS, "what crosses borders again is counted each time: the sum may pass 1"),
)
def vertical_specialization_shares(*, input_output: InputOutput) -> Frame:
    """Give VS, VS1 and their sum over exports."""
    return _shares(input_output, vertical_specialization(accounts=table_accounts(input_output)))


@indicator(
    "gvc-position",
    title="Position in value chains",
    group="value-added",
    kind="dense",
    definition="Log of one plus forward less log of one plus backward participation; above zero is upstream.",
    formula=r"\ln\left(1 + \frac{VS1_s}{E_s}\right) - \ln\left(1 + \frac{VS_s}{E_s}\right)",
    inputs=("input-output",),
    keys=("exporter",),
    unit="log points",
    reference="Koopman, Powers, Wang and Wei (2010), NBER Working Paper 16426, equation 32",
    traps=(NO_EXPORTS, "a difference of two shares: little and much participation may give the same"),
)
def gvc_position(*, input_output: InputOutput) -> Frame:
    """Give the position of each exporter."""
    flows = vertical_specialization(accounts=table_accounts(input_output))
    traded = flows.exports > 0
    exports = np.where(traded, flows.exports, 1.0)
    values = position(backward=flows.backward, forward=flows.forward, exports=exports)
    return by_economy(table=input_output, values=values, keep=traded, name="exporter")


@indicator(
    "upstreamness",
    title="Upstreamness",
    group="value-added",
    kind="dense",
    definition="Average number of stages between an industry's output and final use, one for final goods.",
    formula=r"U = (I - D)^{-1} \mathbf{1},\quad D_{ij} = Z_{ij} / x_i",
    inputs=("input-output",),
    keys=("economy", "sector"),
    unit="stages",
    reference="Antras, Chor, Fally and Hillberry (2012), Am. Econ. Rev. 102:3",
    traps=(
        "changes in stocks count as final use; the published series spreads them (without_stocks)",
        "industries without output are left out",
    ),
)
def upstreamness_by_sector(*, input_output: InputOutput) -> Frame:
    """Give upstreamness by economy and sector."""
    values = upstreamness(Z=input_output.Z, output=input_output.output)
    return by_sector(table=input_output, values=values, weights=input_output.output)


@indicator(
    "downstreamness",
    title="Downstreamness",
    group="value-added",
    kind="dense",
    definition="Average number of stages of production behind an industry's output, one for "
    "pure value added.",
    formula=r"D = \mathbf{1}' (I - A)^{-1}",
    inputs=("input-output",),
    keys=("economy", "sector"),
    unit="stages",
    reference="Antras and Chor (2013), Econometrica 81:6; Miller and Temurshoev (2017)",
    traps=("industries without output are left out",),
)
def downstreamness_by_sector(*, input_output: InputOutput) -> Frame:
    """Give downstreamness by economy and sector."""
    values = downstreamness(Z=input_output.Z, output=input_output.output)
    return by_sector(table=input_output, values=values, weights=input_output.output)


@indicator(
    "imports-in-exports",
    title="Foreign value added in exports (importing to export)",
    group="value-added",
    kind="dense",
    definition="Value added of other economies in the gross exports of an industry.",
    formula=r"\sum_{t \ne s} \sum_i v_{ti} B_{ti,sj} E_{sj}",
    inputs=("input-output",),
    keys=("economy", "sector"),
    unit=UNIT,
    reference="Baldwin and Lopez-Gonzalez (2015), The World Economy 38:11",
    traps=("what crosses borders again is counted each time",),
)
def imports_in_exports_by_sector(*, input_output: InputOutput) -> Frame:
    """Give imported value added in exports by economy and sector."""
    return by_sector(table=input_output, values=imports_in_exports(accounts=table_accounts(input_output)))


@indicator(
    "exports-in-exports",
    title="Value added in the exports of others (exporting to re-export)",
    group="value-added",
    kind="dense",
    definition="Value added of an industry in the gross exports of other economies.",
    formula=r"\sum_{t \ne s} \sum_j v_{si} B_{si,tj} E_{tj}",
    inputs=("input-output",),
    keys=("economy", "sector"),
    unit=UNIT,
    reference="Baldwin and Lopez-Gonzalez (2015), The World Economy 38:11",
    traps=("what crosses borders again is counted each time",),
)
def exports_in_exports_by_sector(*, input_output: InputOutput) -> Frame:
    """Give value added in others' exports by economy and sector."""
    return by_sector(table=input_output, values=exports_in_exports(accounts=table_accounts(input_output)))


@indicator(
    "value-added-advantage",
    title="Revealed advantage in value added",
    group="value-added",
    kind="dense",
    definition="Share of a sector in the domestic value added of an economy's exports, over the "
    "same share in "
    "the world; the sector is where the value is added.",
    formula=r"\frac{d_{si} / \sum_i d_{si}}{\sum_s d_{si} / \sum_{s,i} d_{si}},\quad d_{s} = "
    r"\hat v_s B_{ss} E_s",
    inputs=("input-output",),
    keys=("economy", "sector"),
    unit="ratio, 1 is the world's average",
    reference="Koopman, Wang and Wei (2014), Am. Econ. Rev. 104:2, section III",
    traps=("sectors and economies without value added in exports are left out",),
)
def value_added_advantage_by_sector(*, input_output: InputOutput) -> Frame:
    """Give advantage in value added by economy and sector."""
    table = input_output
    d = np.zeros((len(table.economies), len(table.sectors)))
    added = domestic_in_exports(accounts=table_accounts(table))
    np.add.at(d, (table.node_economy, table.node_sector), added)
    rows, columns = np.flatnonzero(d.sum(axis=1) > 0), np.flatnonzero(d.sum(axis=0) > 0)
    found = np.zeros_like(d)
    found[np.ix_(rows, columns)] = value_added_advantage(by_sector=d[np.ix_(rows, columns)])
    first = np.zeros(len(added))
    _, at = np.unique(table.node_economy * len(table.sectors) + table.node_sector, return_index=True)
    first[at] = 1.0
    kept = np.isin(table.node_economy, rows) & np.isin(table.node_sector, columns)
    values = found[table.node_economy, table.node_sector]
    return by_sector(table=table, values=values, weights=first * kept)


@indicator(
    "services-in-exports",
    title="Services in exports",
    group="value-added",
    kind="dense",
    definition="Value added of services industries in gross exports over gross exports: "
    "domestic and foreign.",
    formula=r"\frac{\sum_{i \in S} v_{si} (B_{ss} E_s)_i}{E_s},\quad "
    r"\frac{\sum_{t \ne s} \sum_{i \in S} v_{ti} (B_{ts} E_s)_i}{E_s}",
    inputs=("input-output",),
    keys=("exporter", "term"),
    unit="fraction of gross exports",
    reference="OECD, Guide to Trade in Value Added Indicators, EXGR_SERV_DVASH and EXGR_SERV_FVASH",
    traps=(NO_EXPORTS, "services are sections G to T of ISIC rev. 4, or WIOD industries c19 to c35"),
)
def services_in_exports(*, input_output: InputOutput) -> Frame:
    """Give domestic and foreign services in exports by exporter."""
    table = input_output
    services = np.array([is_service(code) for code in table.sectors])
    if not services.any():
        raise MissingDataError(
            "no sector of the table is known to be a service",
            where="input-output",
            hint="codes are of ISIC rev. 4 (G46, K) or WIOD (c19 to c35)",
        )
    ready = table_accounts(table)
    home, foreign = services_content(accounts=ready, services=services[table.node_sector])
    exports = ready.by_economy(ready.E).sum(axis=1)
    return _over(table, exports, {"domestic": ready.by_economy(home), "foreign": ready.by_economy(foreign)})


@indicator(
    "value-added-footprint",
    title="Value added behind final demand",
    group="value-added",
    kind="dense",
    definition="Value added of each economy (production) and value added anywhere for its final demand "
    "(consumption); the same function traces jobs or emissions where a table has them.",
    formula=r"\sum_{i \in s} \hat q_i x_i^{-1} [(I - A)^{-1} F_r]_i",
    inputs=("input-output",),
    keys=("exporter", "term"),
    unit=UNIT,
    reference="Peters (2008), Ecological Economics 65:1; Miller and Blair (2009), ch. 10",
    traps=("consumption less production is the trade balance in value added", RECONSTRUCTED),
)
def value_added_footprint(*, input_output: InputOutput) -> Frame:
    """Give production- and consumption-based value added by economy."""
    table = input_output
    found = footprint(
        Z=table.Z,
        F=table.F,
        output=table.output,
        extension=table.value_added,
        node_economy=table.node_economy,
    )
    return by_exporter(table=table, terms={"production": found.production, "consumption": found.consumption})


def is_service(sector: str) -> bool:
    """Tell whether a sector code of ISIC rev. 4 or WIOD is a services industry."""
    return sector in WIOD_SERVICES or sector[:1] in SERVICE_SECTIONS


def _shares(table: InputOutput, flows: Participation) -> Frame:
    parts = {"backward": flows.backward, "forward": flows.forward, "total": flows.backward + flows.forward}
    return _over(table, flows.exports, parts)


def _over(table: InputOutput, exports: Array, parts: dict[str, Array]) -> Frame:
    safe = np.where(exports > 0, exports, 1.0)
    traded = [code for code, value in zip(table.economies, exports, strict=True) if value > 0]
    frame = by_exporter(table=table, terms={name: values / safe for name, values in parts.items()})
    return frame.filter(nw.col("exporter").is_in(traded))
