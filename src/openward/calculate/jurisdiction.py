"""The rules of a jurisdiction: thresholds, denominators and defaults, each with the article it rests on."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import yaml

from openward.calculate.exact import NotNegative, Number, Positive
from openward.calculate.reading import Strict
from openward.errors import UnknownCodeError

Method = Literal["average-to-average", "transaction-to-transaction", "average-to-transaction"]
Proceeding = Literal["investigation", "review"]
_FOLDER = Path(__file__).parent / "rules"


class Cited(Strict):
    """What every rule carries.

    Attributes
    ----------
    article : str
        Where it is written.
    status : str
        ``official`` if the text was read, ``unverified`` if it is carried from knowledge of the field.
    """

    article: str
    status: Literal["official", "unverified"]

    @property
    def citation(self) -> str:
        """Article, marked where it was not read in an official source."""
        return self.article if self.status == "official" else f"{self.article} (unverified)"


class Limit(Cited):
    """A number with its article; a share is a fraction."""

    value: Number


class Choice(Cited):
    """A word with its article."""

    value: str


class Flag(Cited):
    """Yes or no with its article."""

    value: bool


class Band(Cited):
    """A closed band of ratios, or none where the law has no figure."""

    low: Positive | None
    high: Positive | None


class DeMinimis(Cited):
    """Below these fractions a margin is no margin."""

    investigation: NotNegative
    review: NotNegative


class Negligible(Cited):
    """Volumes too small to count: a source below `single`, unless all such sources together reach `together`.

    Attributes
    ----------
    of : str
        Share of ``imports`` or of ``consumption``.
    together_when : str
        ``above`` or ``at-or-above`` `together` they count.
    """

    of: Literal["imports", "consumption"]
    single: Positive
    together: Positive
    together_when: Literal["above", "at-or-above"]


class Offsets(Cited):
    """Whether a comparison that shows no dumping offsets one that does, by method."""

    average_to_average: bool
    transaction_to_transaction: bool
    average_to_transaction: bool

    def of(self, method: Method) -> bool:
        """Say whether a method grants offsets."""
        return bool(getattr(self, method.replace("-", "_")))


class Pattern(Cited):
    """The gate to average-to-transaction; the numbers are None where the law has none.

    Attributes
    ----------
    cohen_d, low_share, high_share, meaningful, comparison_share : Fraction or None
        Effect size that counts as large; shares of value at which a part and the whole pass; relative change
        that is meaningful; least share of quantity in the comparison group.
    court_limit : str
        The judgment that limits the test, or empty.
    """

    cohen_d: Positive | None
    low_share: Positive | None
    high_share: Positive | None
    meaningful: Positive | None
    comparison_share: Positive | None
    least_observations: int | None
    court_limit: str


class SubsidyRules(Cited):
    """De minimis subsidy, as a fraction of value; `developing` for origins that are developing economies."""

    de_minimis: NotNegative
    developing: NotNegative
    expense_test: NotNegative | None


class SafeguardRules(Cited):
    """Limits of a safeguard; years and days."""

    provisional_days: int
    measure_years: int
    total_years: int
    liberalise_after_years: int
    review_after_years: int
    reference_years: int


class Rules(Strict):
    """All that differs between jurisdictions in the calculators."""

    jurisdiction: str
    name: str
    denominator: Choice
    viability: Limit
    viability_by_type: Flag
    below_cost: Limit
    arms_length: Band
    de_minimis: DeMinimis
    negligible: Negligible
    offsets: Offsets
    pattern: Pattern
    lesser_duty: Flag
    all_others: Choice
    residual: Choice
    places: Limit
    cumulation: Cited
    constructed: Cited
    export_price: Cited
    comparison: Cited
    subsidy: SubsidyRules
    safeguard: SafeguardRules | None


def jurisdictions() -> tuple[str, ...]:
    """Name the jurisdictions whose rules ship."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


@cache
def rules(jurisdiction: str) -> Rules:
    """Give the rules of a jurisdiction (``chn``, ``eur``, ``gbr``, ``usa``).

    Raises
    ------
    UnknownCodeError
        No such rules ship.
    """
    path = _FOLDER / f"{jurisdiction.lower()}.yaml"
    if jurisdiction.lower() not in jurisdictions():
        known = ", ".join(jurisdictions())
        raise UnknownCodeError(f"no rules for {jurisdiction!r}", hint=f"known are {known}", where="--rules")
    return Rules.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
