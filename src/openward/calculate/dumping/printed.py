"""A result as one sentence, rows and JSON; the numbers are rounded here and nowhere before."""

from __future__ import annotations

from openward.calculate.dumping.margin import percent
from openward.calculate.dumping.run import DumpingResult, FirmResult
from openward.calculate.exact import plain


def sentence(result: DumpingResult) -> str:
    """Say the rates of the firms examined."""
    said = []
    for one in result.firms:
        rate = f"{percent(one.margin.weighted, result.rules)} %"
        small = ", de minimis" if one.de_minimis else ""
        offsets = "with" if one.margin.offsets else "without"
        said.append(f"{one.firm} {rate} ({one.method}, {offsets} offsets{small})")
    return f"Dumping margins under the rules of {result.rules.name}: {'; '.join(said)}."


def rate_rows(result: DumpingResult) -> list[dict[str, str]]:
    """Give the rates of everybody; the margin of each examined firm in four ways beside it."""
    firms = {one.firm: one for one in result.firms}
    out = []
    for rate in result.rates:
        firm = firms.get(rate.name) if rate.kind == "examined" else None
        out.append(
            {
                "firm": rate.name,
                "kind": rate.kind,
                "rate_pct": str(percent(rate.rate, result.rules)),
                "de minimis": "yes" if rate.de_minimis else "no",
                **_four(firm, result),
                "duty_pct": "" if firm is None else _duty(firm, result),
            }
        )
    return out


def product_rows(result: DumpingResult) -> list[dict[str, str]]:
    """Give one row by firm and product: normal value, amounts, value of exports."""
    rows = []
    for firm in result.firms:
        values = {one.pcn: one for one in firm.normal_values}
        for one in firm.comparisons:
            rows.append(
                {
                    "firm": firm.firm,
                    "pcn": one.pcn,
                    "basis": values[one.pcn].basis,
                    "normal value": plain(values[one.pcn].value),
                    "method": one.method,
                    "quantity": plain(one.quantity),
                    "amount with offsets": plain(one.amount(offsets=True)),
                    "amount without": plain(one.amount(offsets=False)),
                    "export value": plain(one.value),
                }
            )
    return rows


def as_dict(result: DumpingResult) -> dict[str, object]:
    """Give the whole result for JSON."""
    return {
        "schema": "openward.dumping-result/1",
        "sentence": sentence(result),
        "rules": result.rules.jurisdiction,
        "rates": rate_rows(result),
        "products": product_rows(result),
        "steps": [step.as_dict() for step in result.steps],
    }


def _four(firm: FirmResult | None, result: DumpingResult) -> dict[str, str]:
    names = ("weighted, offsets", "weighted, none", "simple, offsets", "simple, none")
    if firm is None:
        return dict.fromkeys(names, "")
    four = (
        firm.with_offsets.weighted,
        firm.without_offsets.weighted,
        firm.with_offsets.simple,
        firm.without_offsets.simple,
    )
    return {name: str(percent(value, result.rules)) for name, value in zip(names, four, strict=True)}


def _duty(firm: FirmResult, result: DumpingResult) -> str:
    if firm.de_minimis:
        return "none"
    return f"{percent(firm.duty.rate, result.rules)}" + (
        " (injury)" if firm.duty.limited_by == "injury" else ""
    )
