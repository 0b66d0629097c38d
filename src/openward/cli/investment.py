"""``openward determine investment`` and ``determine services``: negative lists, approvals, review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from openward.cli.options import BookOption, Format, FormatOption, day
from openward.errors import UsageError

if TYPE_CHECKING:
    from openward.determine.decision import Fact

OnOption = Annotated[str | None, typer.Option("--on", "--as-of", help="Day of the transaction.")]
FactOption = Annotated[
    list[str] | None, typer.Option("--fact", help="A known fact, NAME=VALUE: investor=HKG; repeat.")
]
ZoneOption = Annotated[
    str, typer.Option("--zone", help="Pilot zone or place, 'none' outside all (default: not known).")
]
SectorOption = Annotated[
    str, typer.Option("--sector", help="Industry (J61), GB/T 4754 (GBT:63, GBT:I) or ISIC (ISIC:61).")
]
KnownAtOption = Annotated[str | None, typer.Option("--known-at", help="Only what was recorded by this day.")]
ExplainOption = Annotated[bool, typer.Option("--explain", help="Print every step.")]


def investment(
    sector: SectorOption = "",
    activity: Annotated[
        str, typer.Option("--activity", help="Activity of an item: value-added-telecom, or other.")
    ] = "",
    stake: Annotated[
        str, typer.Option("--stake", help="Share of all foreign investors, for example '50 %'.")
    ] = "",
    zone: ZoneOption = "",
    on: OnOption = None,
    known_at: KnownAtOption = None,
    fact: FactOption = None,
    explain: ExplainOption = False,
    book: BookOption = "chn",
    format: FormatOption = Format.TABLE,
) -> None:
    """Say whether a foreign investment is free, capped, prohibited or to be reviewed, under which edition."""
    from openward.book import load
    from openward.cli.decisions import print_decision
    from openward.determine.decision import Question
    from openward.determine.investment import decide

    law = load(book)
    given = {"activity": activity, "stake": stake}
    facts = {**facts_of(fact or []), **{name: text for name, text in given.items() if text}}
    question = Question(
        flow="inward-investment",
        on=day(on, option="--on") or law.covered_to,
        sector=sector,
        zone=zone,
        facts=facts,
    )
    known = day(known_at, option="--known-at")
    print_decision(decide(question, law, known_at=known), format, explain=explain)


def services(
    sector: SectorOption,
    mode: Annotated[int, typer.Option("--mode", min=1, max=4, help="Mode of supply of the GATS, 1 to 4.")],
    zone: ZoneOption = "",
    on: OnOption = None,
    known_at: KnownAtOption = None,
    fact: FactOption = None,
    explain: ExplainOption = False,
    book: BookOption = "chn",
    format: FormatOption = Format.TABLE,
) -> None:
    """Say whether a service from abroad is free, by mode of supply, and what only the list can tell."""
    from openward.book import load
    from openward.cli.decisions import print_decision
    from openward.determine.decision import Question
    from openward.determine.services import decide

    law = load(book)
    question = Question(
        flow=f"services-mode-{mode}",
        on=day(on, option="--on") or law.covered_to,
        sector=sector,
        zone=zone,
        facts=facts_of(fact or []),
    )
    known = day(known_at, option="--known-at")
    print_decision(decide(question, law, known_at=known), format, explain=explain)


def facts_of(texts: list[str]) -> dict[str, Fact]:
    """Read facts given as ``NAME=VALUE``."""
    from openward.determine.facts import as_fact

    found: dict[str, Fact] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise UsageError(f"{text!r} is not a fact", hint="write NAME=VALUE", where="--fact")
        found[name.strip()] = as_fact(value)
    return found
