"""``openward determine``: a question about one transaction, answered with its law."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

import typer

from openward.cli.options import AsOfOption, BookOption, Format, FormatOption, day
from openward.errors import UsageError

if TYPE_CHECKING:
    from openward.book.model import Book
    from openward.determine.decision import Fact

app = typer.Typer(help="Answers with their law.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """Answers with their law."""


@app.command()
def goods(
    shipped_from: Annotated[
        str, typer.Option("--from", help="Where the goods come from (ISO alpha-3); sets the origin too.")
    ] = "",
    origin: Annotated[
        str | None, typer.Option("--origin", help="Economy of origin, or unknown (default: --from).")
    ] = None,
    importer: Annotated[
        str | None, typer.Option("--to", help="Importer (default: the book's economy).")
    ] = None,
    hs: Annotated[str | None, typer.Option("--hs", help="Code of the line, six to ten digits.")] = None,
    edition: Annotated[
        str | None, typer.Option("--edition", help="Edition of the code (default: HS2022).")
    ] = None,
    sector: Annotated[
        str | None,
        typer.Option(
            "--sector", help="Instead of --hs: an industry, such as C29; the average over its lines."
        ),
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", help="Day of the transaction (default: the last the book covers).")
    ] = None,
    as_of: AsOfOption = None,
    known_at: Annotated[
        str | None, typer.Option("--known-at", help="Only what was recorded by this day.")
    ] = None,
    value: Annotated[str | None, typer.Option("--value", help="Price or customs value.")] = None,
    currency: Annotated[str, typer.Option("--currency", help="Its currency (ISO 4217).")] = "",
    quantity: Annotated[str | None, typer.Option("--quantity", help="Quantity, in --unit.")] = None,
    unit: Annotated[str, typer.Option("--unit", help="UN/ECE Recommendation 20, for example KGM.")] = "",
    claim: Annotated[
        str, typer.Option("--claim", help="Preference claimed, for example RCEP; none claims none.")
    ] = "",
    proof: Annotated[str, typer.Option("--proof", help="Proof of origin or document at hand.")] = "",
    additional_code: Annotated[str, typer.Option("--additional-code", help="Additional code.")] = "",
    end_use: Annotated[str, typer.Option("--end-use", help="End use.")] = "",
    zone: Annotated[str, typer.Option("--zone", help="Zone the goods enter.")] = "",
    party: Annotated[list[str] | None, typer.Option("--party", help="A party; repeat for each.")] = None,
    fact: Annotated[
        list[str] | None, typer.Option("--fact", help="A known fact, NAME=VALUE: in_quota=true; repeat.")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Print every step.")] = False,
    book: BookOption = "chn",
    format: FormatOption = Format.TABLE,
) -> None:
    """Say what is due on goods on one day, by which law, and every lawful way to pay."""
    from openward.book import load
    from openward.cli.decisions import print_decision
    from openward.cli.output import say
    from openward.determine.decision import Money, Question
    from openward.determine.goods import decide
    from openward.determine.goods_industry import decide_industry

    if (sector is None) == (hs is None):
        raise UsageError(
            "give either --sector or --hs", hint="for example --hs 70131000", where="determine goods"
        )
    law = load(book)
    asked = _asked_day(on, as_of, law)
    known = day(known_at, option="--known-at")
    if on is None and as_of is None:
        say(f"day: {asked.isoformat()}, the last the book {law.name} covers")
    told = origin if origin is not None else shipped_from
    if sector is not None:
        _only_of_lines(
            edition=edition,
            value=value,
            currency=currency,
            quantity=quantity,
            unit=unit,
            proof=proof,
            additional_code=additional_code,
            end_use=end_use,
            zone=zone,
            party=party,
            fact=fact,
        )
        asked_of = Question(
            flow="import",
            on=asked,
            importer=importer or law.economy,
            origin="" if _partner(told) is None else told,
            shipped_from=shipped_from,
            sector=sector,
            claim=claim,
        )
        print_decision(decide_industry(asked_of, law, known_at=known), format, explain=explain)
        return
    money = None
    if value is not None:
        money = Money(_number(value, "--value"), currency or _own_currency(law, importer, asked))
    question = Question(
        flow="import",
        on=asked,
        importer=importer or law.economy,
        origin="" if _partner(told) is None else told,
        shipped_from=shipped_from,
        hs=hs or "",
        edition=edition or "HS2022",
        additional_code=additional_code,
        zone=zone,
        value=money,
        quantity=None if quantity is None else _number(quantity, "--quantity"),
        unit=unit,
        claim=claim,
        proof=proof,
        parties=tuple(party or ()),
        end_use=end_use,
        facts=MappingProxyType(read_facts(fact or [])),
    )
    print_decision(decide(question, law, known_at=known), format, explain=explain)


def _only_of_lines(**options: str | list[str] | None) -> None:
    """Refuse options that say something about one tariff line, not about an industry."""
    given = [f"--{name.replace('_', '-')}" for name, told in options.items() if told]
    if given:
        raise UsageError(
            f"--sector does not take {', '.join(given)}",
            hint="an industry is answered by its average; ask about one tariff line with --hs",
            where="determine goods",
        )


def _asked_day(on: str | None, as_of: str | None, law: Book) -> date:
    one, other = day(on, option="--on"), day(as_of, option="--as-of")
    if one is not None and other is not None and one != other:
        raise UsageError(
            f"--on {one} and --as-of {other} differ",
            hint="the law of the day of the transaction applies: give --on",
            where="determine goods",
        )
    return one or other or law.covered_to


def _partner(told: str) -> str | None:
    if not told:
        raise UsageError(
            "the origin is missing", hint="give --from, or --origin unknown", where="determine goods"
        )
    return None if told.casefold() == "unknown" else told


def _number(text: str, option: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise UsageError(f"{text!r} is not a number", hint="write it like 1260.89", where=option) from None


def _own_currency(law: Book, importer: str | None, on: date) -> str:
    from openward.cli.output import say
    from openward.determine.value.frame import frame_of

    frame = frame_of(law, importer or law.economy, on)
    if frame is None:
        raise UsageError("the value has no currency", hint="give --currency", where="--value")
    say(f"currency: {frame.currency}, in which {frame.economy} charges duties")
    return frame.currency


def read_facts(texts: list[str]) -> dict[str, Fact]:
    """Read facts written NAME=VALUE."""
    from openward.determine.facts import as_fact

    found: dict[str, Fact] = {}
    for text in texts:
        name, sign, told = text.partition("=")
        if not sign or not name.strip() or not told.strip():
            raise UsageError(f"{text!r} is not a fact", hint="write NAME=VALUE", where="--fact")
        found[name.strip()] = as_fact(told)
    return found
