"""A safeguard file: is there an increase, what is the representative level, how is a quota shared?"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from openward.calculate.jurisdiction import Rules, SafeguardRules, rules
from openward.calculate.safeguard.case import SafeguardCase
from openward.calculate.safeguard.quota import excluded, share_out
from openward.calculate.step import Step, Trail
from openward.errors import InputError, InputErrors, MissingDataError, OpenwardError


@dataclass(frozen=True, slots=True)
class Increase:
    """Imports over the years.

    Attributes
    ----------
    absolute, relative : Fraction
        Last over first year less one: of imports, and of imports over domestic output.
    last_year, last_year_relative : Fraction or None
        The same over the year before; None where that year had none.
    increased : bool
        Imports or their ratio to output rose (SG Regulations art 7).
    """

    absolute: Fraction | None
    relative: Fraction | None
    last_year: Fraction | None
    last_year_relative: Fraction | None
    increased: bool


@dataclass(frozen=True, slots=True)
class Quota:
    """The quota of one year of the measure, by origin, in whole units; `of_year` counts from 1."""

    of_year: int
    total: int
    by_origin: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class SafeguardResult:
    """What a safeguard file gives.

    Attributes
    ----------
    increase : Increase
    reference_years : tuple of int
    representative : Fraction
        Average import level of those years: a quota must not be below it.
    excluded : frozenset of str
        Developing origins left out.
    quotas : tuple of Quota
    duties : tuple of str
        What the length of the measure brings with it.
    """

    rules: Rules
    increase: Increase
    reference_years: tuple[int, ...]
    representative: Fraction
    excluded: frozenset[str]
    quotas: tuple[Quota, ...]
    duties: tuple[str, ...]
    steps: tuple[Step, ...]


def calculate_safeguard(case: SafeguardCase, *, jurisdiction: str | None = None) -> SafeguardResult:
    """Calculate a safeguard file.

    Raises
    ------
    InputErrors
        The measure is too long, or not enough representative years are at hand; all of it.
    """
    name = jurisdiction or case.rules
    if name is None:
        raise MissingDataError(
            "whose rules?", where="rules", hint="write rules: chn in the file, or give --rules"
        )
    law, trail = rules(name), Trail()
    if law.safeguard is None:
        raise MissingDataError(f"{law.name} has no safeguard rules here", where="rules")
    years = _reference(case, law.safeguard)
    errors = length_faults(case, law.safeguard)
    if len(years) < law.safeguard.reference_years:
        errors.append(
            MissingDataError(
                f"{len(years)} representative years, the law takes the last {law.safeguard.reference_years}",
                where="imports",
                hint=f"state more years ({law.safeguard.citation})",
            )
        )
    errors += [
        MissingDataError(
            f"no imports of {year} from {origin}",
            where=f"origins.{origin}",
            hint="state every representative year; write 0 where there were none",
        )
        for origin, series in case.origins.items()
        for year in years
        if year not in series
    ]
    if errors:
        raise InputErrors(errors)
    increase = _increase(case, trail, law.safeguard)
    level = sum((case.imports[year] for year in years), Fraction(0)) / len(years)
    trail.note(
        level,
        subject=case.product,
        name="representative level",
        formula="average of the last representative years",
        inputs=tuple((str(year), case.imports[year]) for year in years),
        unit=case.unit,
        citation=law.safeguard.citation,
    )
    left_out, quotas = _quotas(case, years, level, trail, law.safeguard)
    return SafeguardResult(
        law, increase, years, level, left_out, quotas, _duties(case, law.safeguard), tuple(trail.steps)
    )


def length_faults(case: SafeguardCase, rule: SafeguardRules) -> list[OpenwardError]:
    """Name what is wrong with the length of a measure: 4 years, and with extension 10 (China) or 8."""
    faults: list[OpenwardError] = []
    if case.years > rule.measure_years:
        faults.append(
            InputError(
                f"{case.years} years, at most {rule.measure_years}",
                where="years",
                hint=f"see {rule.citation}",
            )
        )
    if case.years + case.extension > rule.total_years:
        faults.append(
            InputError(
                f"{case.years + case.extension} years with the extension, at most {rule.total_years}",
                where="extension",
                hint=f"see {rule.citation}",
            )
        )
    return faults


def _reference(case: SafeguardCase, rule: SafeguardRules) -> tuple[int, ...]:
    years = [year for year in sorted(case.imports) if year not in case.unrepresentative]
    return tuple(years[-rule.reference_years :])


def _increase(case: SafeguardCase, trail: Trail, rule: SafeguardRules) -> Increase:
    years = sorted(case.imports)
    ratios = {year: case.imports[year] / case.output[year] for year in years}
    found: list[Fraction | None] = []
    for name, series in (("imports", case.imports), ("imports over output", ratios)):
        for what, base in (("first", years[0]), ("year before", years[-2])):
            first, last = series[base], series[years[-1]]
            change = last / first - 1 if first else None
            found.append(change)
            trail.note(
                change if change is not None else "from nothing",
                subject=case.product,
                name=f"{name}, change on the {what}",
                formula="last / first - 1",
                inputs=((str(base), first), (str(years[-1]), last)),
                unit="fraction",
                citation=rule.citation,
            )
    rose = case.imports[years[-1]] > case.imports[years[0]] or ratios[years[-1]] > ratios[years[0]]
    return Increase(found[0], found[2], found[1], found[3], rose)


def _quotas(
    case: SafeguardCase, years: tuple[int, ...], level: Fraction, trail: Trail, rule: SafeguardRules
) -> tuple[frozenset[str], tuple[Quota, ...]]:
    total = sum((case.imports[year] for year in years), Fraction(0))
    if total == 0:
        raise InputError(
            "no imports in the representative years", where="imports", hint="there is nothing to share"
        )
    volumes = {
        name: sum((series[year] for year in years), Fraction(0)) for name, series in case.origins.items()
    }
    rest = total - sum(volumes.values(), Fraction(0))
    if rest < 0:
        raise InputError(
            "origins add up to more than all imports", where="origins", hint="check units and years"
        )
    left_out = excluded({name: volume / total for name, volume in volumes.items()}, case.developing)
    weights = {name: volume for name, volume in volumes.items() if name not in left_out}
    weights |= {"others": rest} if rest else {}
    covered = sum(weights.values(), Fraction(0)) / total
    quotas = []
    for year in range(1, case.years + 1):
        exact = level * covered * (1 + case.growth) ** (year - 1)
        units = -(-exact.numerator // exact.denominator)
        shares = share_out(units, weights)
        trail.note(
            Fraction(units),
            subject=case.product,
            name=f"quota, year {year}",
            formula="level * covered share * (1 + growth)^(year - 1), rounded up so as not to fall below",
            inputs={"level": level, "covered share": covered, "growth": case.growth},
            unit=case.unit,
            citation=rule.citation,
        )
        quotas.append(Quota(year, units, tuple(shares.items())))
    return left_out, tuple(quotas)


def _duties(case: SafeguardCase, rule: SafeguardRules) -> tuple[str, ...]:
    out = []
    if case.years > rule.liberalise_after_years:
        out.append(
            "must be liberalized at regular intervals"
            + (
                "; the file has no growth"
                if case.growth == 0
                else f", here by {float(case.growth):.1%} a year"
            )
        )
    if case.years > rule.review_after_years:
        out.append("needs a mid-term review")
    return tuple(out)
