"""What an impact study says: five parts, each a frozen record that report, cli and web only render.

Money is in million US dollars of the baseline year, percent changes in percent. ``None`` in a percent field
means that the base was zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from openward.simulate.baseline import Outcome

if TYPE_CHECKING:
    from openward.impact.uncertainty import Uncertainty


@dataclass(frozen=True, slots=True)
class EditNote:
    """One edit of the law, said in a sentence, with what it touches.

    ``unvalued`` says why an edit may have an effect that this study cannot value; empty where it can.
    """

    index: int
    kind: str
    target: str
    on: date
    sentence: str
    citation: str
    url: str
    status: str
    effective: bool
    why_not: str
    unvalued: str
    lines: int
    partners: tuple[str, ...]
    partners_without_effect: tuple[tuple[str, str], ...]
    trade_musd: float


@dataclass(frozen=True, slots=True)
class LawPart:
    """The law before and after: two books on one day."""

    book: str
    from_law: date
    on: date
    edits: tuple[EditNote, ...]
    touched_lines: int
    touched_partners: tuple[str, ...]
    touched_trade_musd: float
    outside_baseline: tuple[str, ...]
    no_effect: tuple[int, ...]
    rate_changes: tuple[RateChange, ...]
    unvalued: tuple[UnvaluedRate, ...]
    stopped: tuple[UnvaluedRate, ...] = ()


@dataclass(frozen=True, slots=True)
class RateChange:
    """Average applied rate of one importer on one partner's industry, before and after (fractions)."""

    importer: str
    partner: str
    sector: str
    before: float
    after: float
    trade_musd: float
    unverified: bool


@dataclass(frozen=True, slots=True)
class UnvaluedRate:
    """A rate that moves to or from what has no ad valorem value: its effect is unknown, held at nothing."""

    importer: str
    partner: str
    sector: str
    trade_musd: float


@dataclass(frozen=True, slots=True)
class EconomyRow:
    """What the reform does to one economy."""

    economy: str
    name: str
    party: bool
    real_income_pct: float
    real_income_musd: float
    terms_of_trade_pct: float
    volume_of_trade_pct: float
    path_integrated_pct: float | None
    real_wage_pct: float
    price_index_pct: float
    revenue_before_musd: float
    revenue_after_musd: float
    exports_pct: float | None
    imports_pct: float | None
    trade_created_musd: float
    trade_diverted_musd: float
    coverage_before_pct: float
    coverage_after_pct: float
    low_pct: float
    high_pct: float


@dataclass(frozen=True, slots=True)
class BilateralRow:
    """Trade of a pair whose rate moved."""

    importer: str
    exporter: str
    before_musd: float
    after_musd: float
    change_pct: float | None


@dataclass(frozen=True, slots=True)
class OpeningPart:
    """Who gains: every economy, and the pairs whose trade moves most."""

    economies: tuple[EconomyRow, ...]
    bilateral: tuple[BilateralRow, ...]
    world_real_income_pct: float
    trade_created_musd: float
    trade_diverted_musd: float


@dataclass(frozen=True, slots=True)
class IndustryRow:
    """An industry of an economy that shrinks or grows."""

    economy: str
    sector: str
    sector_name: str
    output_volume_pct: float
    output_musd: float
    output_change_musd: float


@dataclass(frozen=True, slots=True)
class DependencyRow:
    """How much an economy leans on one supplier in an industry: foreign supply only."""

    economy: str
    sector: str
    sector_name: str
    top_before: str
    top_share_before: float
    top_after: str
    top_share_after: float
    hhi_before: float
    hhi_after: float
    imports_musd: float


@dataclass(frozen=True, slots=True)
class StressRow:
    """Loss of real income when an economy's three largest suppliers stop, under the law before and after."""

    economy: str
    suppliers: tuple[str, ...]
    loss_before_pct: float
    loss_after_pct: float


@dataclass(frozen=True, slots=True)
class SafeguardsPart:
    """What opening costs in resilience."""

    falling: tuple[IndustryRow, ...]
    rising: tuple[IndustryRow, ...]
    dependency: tuple[DependencyRow, ...]
    stress: tuple[StressRow, ...]
    stress_note: str


@dataclass(frozen=True, slots=True)
class SensitivityRow:
    """Real income of one economy under scaled elasticities."""

    economy: str
    half_pct: float
    base_pct: float
    double_pct: float


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something assumed, missing or unverified that the result leans on."""

    kind: str
    subject: str
    sentence: str
    share_of_touched_trade_pct: float | None = None


@dataclass(frozen=True, slots=True)
class Vintage:
    """A data set the result stands on."""

    name: str
    year: str
    source: str
    licence: str


@dataclass(frozen=True, slots=True)
class ReliabilityPart:
    """How sure the figures are."""

    converged: bool
    iterations: int
    residual: float
    closure: str
    numeraire: str
    seconds: float
    sensitivity: tuple[SensitivityRow, ...]
    assumptions: tuple[Assumption, ...]
    vintages: tuple[Vintage, ...]


@dataclass(frozen=True, slots=True)
class ReproducePart:
    """How anybody gets the same figures."""

    command: str
    python: str


@dataclass(frozen=True, slots=True, eq=False)
class Impact:
    """The whole study (``openward.impact/1``)."""

    name: str
    title: dict[str, str]
    description: str
    hash: str
    headline: str
    law: LawPart
    opening: OpeningPart
    safeguards: SafeguardsPart
    reliability: ReliabilityPart
    reproduce: ReproducePart
    outcome: Outcome
    notes: tuple[str, ...] = ()
    uncertainty: Uncertainty | None = None
