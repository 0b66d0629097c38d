"""``openward determine export`` and ``determine party``: export control and listed parties."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openward.cli.options import BookOption, Format, FormatOption, day
from openward.errors import UsageError

if TYPE_CHECKING:
    from openward.determine.control.ear_parties import UsListed
    from openward.determine.control.ownership import Holding
    from openward.determine.decision import Decision, Fact, Question

OnOption = Annotated[str | None, typer.Option("--on", "--as-of", help="Day of the transaction.")]
OwnsOption = Annotated[
    list[str] | None,
    typer.Option("--owns", help="A holding, OWNER:OWNED:SHARE, for example 'Alpha:Beta:50 %'; repeat."),
]
ExplainOption = Annotated[bool, typer.Option("--explain", help="Print every step.")]


def export(
    to: Annotated[str, typer.Option("--to", help="Destination (ISO alpha-3).")],
    hs: Annotated[str, typer.Option("--hs", help="Product code, 6 to 10 digits (law of China).")] = "",
    eccn: Annotated[
        str, typer.Option("--eccn", help="Control number (law of the United States), or EAR99.")
    ] = "",
    shipped_from: Annotated[str, typer.Option("--from", help="Where it is shipped from.")] = "",
    on: OnOption = None,
    end_use: Annotated[str, typer.Option("--end-use", help="End use, for example military or civil.")] = "",
    party: Annotated[list[str] | None, typer.Option("--party", help="A party; repeat for each.")] = None,
    fact: Annotated[
        list[str] | None, typer.Option("--fact", help="A known fact, NAME=VALUE: purity='99.99 %'; repeat.")
    ] = None,
    owns: OwnsOption = None,
    lists: Annotated[
        list[Path] | None, typer.Option("--list", help="With --eccn: file of listed parties; repeat.")
    ] = None,
    explain: ExplainOption = False,
    book: BookOption = "chn",
    format: FormatOption = Format.TABLE,
) -> None:
    """Say whether goods may leave: prohibited, licence, not caught, or which parameter must be confirmed."""
    from openward.book import load
    from openward.determine.control.ear import decide_ear
    from openward.determine.control.export import decide_export
    from openward.determine.decision import Question

    if bool(hs) == bool(eccn):
        raise UsageError(
            "give either --hs or --eccn", hint="for example --hs 28258000", where="determine export"
        )
    law = load(book)
    question = Question(
        flow="export",
        on=day(on, option="--on") or law.covered_to,
        importer=to,
        shipped_from=shipped_from,
        hs=hs,
        parties=tuple(party or ()),
        end_use=end_use,
        facts=_facts(fact or []),
    )
    holdings = _holdings(owns or [])
    if eccn:
        decision = decide_ear(question, eccn=eccn, listed=_us_listed(question, lists or [], holdings))
    else:
        decision = decide_export(law, question, holdings=holdings)
    _print(decision, format, explain=explain)


def party(
    name: Annotated[str, typer.Argument(help="Name of the party.")],
    on: OnOption = None,
    owns: OwnsOption = None,
    listed: Annotated[
        list[str] | None, typer.Option("--listed", help="A party known to be listed under --rule; repeat.")
    ] = None,
    rule: Annotated[str, typer.Option("--rule", help="Ownership rule, for example usa-ofac-50.")] = "",
    explain: ExplainOption = False,
    book: BookOption = "chn",
    format: FormatOption = Format.TABLE,
) -> None:
    """Say on which lists a party stands on a day, and what that means."""
    from openward.book import load
    from openward.determine.control.ownership import ownership_rule
    from openward.determine.control.party import decide_party

    law = load(book)
    decision = decide_party(
        law,
        name,
        day(on, option="--on") or law.covered_to,
        holdings=_holdings(owns or []),
        listed=listed or [],
        rule=ownership_rule(rule) if rule else None,
    )
    _print(decision, format, explain=explain)


def _us_listed(
    question: Question, lists: list[Path], holdings: tuple[Holding, ...]
) -> tuple[UsListed, ...] | None:
    if not lists:
        return None
    from openward.determine.control.ear_parties import us_listed
    from openward.determine.screening.lists import read_parties
    from openward.determine.screening.screener import Screener

    screener = Screener(one for path in lists for one in read_parties(path))
    return us_listed(question.parties, screener, on=question.on, holdings=holdings)


def _facts(texts: list[str]) -> dict[str, Fact]:
    from openward.determine.facts import as_fact

    found: dict[str, Fact] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise UsageError(f"{text!r} is not a fact", hint="write NAME=VALUE", where="--fact")
        found[name.strip()] = as_fact(value)
    return found


def _holdings(texts: list[str]) -> tuple[Holding, ...]:
    from openward.determine.control.ownership import Holding

    found = []
    for text in texts:
        owner, owned, share = (*text.rsplit(":", 2), "", "")[:3]
        percent = share.strip().endswith("%")
        try:
            number = Decimal(share.strip().rstrip("%").strip())
        except InvalidOperation:
            raise UsageError(
                f"{text!r} is not a holding", hint="write OWNER:OWNED:SHARE, for example 'Alpha:Beta:50 %'",
                where="--owns",
            ) from None  # fmt: skip
        found.append(Holding(owner.strip(), owned.strip(), number / 100 if percent else number))
    return tuple(found)


def _print(decision: Decision, format: Format, *, explain: bool) -> None:
    from openward.cli.output import print_json

    if format is Format.JSON:
        print_json(decision.as_dict())
        return
    lines = [decision.sentence]
    lines += [
        f"- {one.what}: {one.authority}, {one.deadline} [{one.citation}]" for one in decision.obligations
    ]
    lines += [f"- possible: {one.name} ({'; '.join(one.requires)})" for one in decision.options]
    for doubt in decision.unresolved:
        lines += [f"? {doubt.fact}: if so {doubt.if_true}; if not {doubt.if_false}", f"    {doubt.why}"]
    lines += [f"not {one.measure}: {one.reason}" for one in decision.why_not]
    if explain:
        lines += ["steps:", *(f"  {step}" for step in decision.trace)]
    if decision.unverified:
        lines.append(f"unverified: {', '.join(decision.unverified)}")
    lines += [f"note: {note}" for note in decision.notes]
    typer.echo("\n".join(lines))
