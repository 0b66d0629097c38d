"""A decision as a terminal prints it: the sentence, what is due, what else is possible, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from openward.cli.options import Format

if TYPE_CHECKING:
    from decimal import Decimal

    from openward.determine.decision import Decision, Landed, Money
    from openward.determine.step import Step


def print_decision(decision: Decision, format: Format, *, explain: bool = False) -> None:
    """Print a decision in the format asked for; rows are its duty lines."""
    import typer

    from openward.cli.output import print_json, print_rows

    if format is Format.JSON:
        print_json(decision.as_dict())
    elif format in (Format.CSV, Format.MARKDOWN):
        rows = [
            {
                "kind": line.kind,
                "measure": line.measure,
                "duty": line.duty,
                "rate": "" if line.rate is None else f"{line.rate:f}",
                "amount": _amount(line.amount),
                "citation": line.citation,
            }
            for line in decision.duty
        ]
        print_rows(rows, format)
    else:
        typer.echo(decision_text(decision, explain=explain))


def decision_text(decision: Decision, *, explain: bool = False) -> str:
    """Give a decision as text; ``explain`` adds the tree of steps."""
    return "\n".join([decision.sentence, *_parts(decision, explain=explain)])


def _parts(decision: Decision, *, explain: bool) -> Iterator[str]:
    sections = {
        "Due": list(_due(decision)),
        "In all": list(_landed(decision.landed)) if decision.landed is not None else [],
        "Ways to pay" if decision.question.flow == "import" else "Other ways": [
            f"{_rate(o.rate):>8}  {_amount(o.amount) or '':>14}  {o.name}"
            + (f" (saves {_amount(o.saving)})" if o.saving is not None and o.saving.amount else "")
            + "".join(f"\n{'':26}needs: {need}" for need in o.requires)
            for o in decision.options
        ],
        "To do": [
            f"{o.what}{f' ({o.authority})' if o.authority else ''}{f', {o.deadline}' if o.deadline else ''}"
            + (f" [{o.citation}]" if o.citation else "")
            for o in decision.obligations
        ],
        "Unresolved": [
            f"{u.fact}: {u.why}\n    true:  {u.if_true}\n    false: {u.if_false}" for u in decision.unresolved
        ],
        "Not applied": [f"{w.measure}: {w.reason}" for w in decision.why_not],
        "Steps": list(_tree(decision)) if explain else [],
        "Unverified": list(decision.unverified),
        "Notes": list(decision.notes),
    }
    for title, entries in sections.items():
        if entries:
            yield ""
            yield f"{title}:"
            yield from (f"  {entry}" for entry in entries)
    known = f", as known on {decision.law.known_at}" if decision.law.known_at is not None else ""
    yield ""
    yield f"Verdict: {decision.verdict.value}. Law: book {decision.law.book}, {decision.law.as_of}{known}."


def _due(decision: Decision) -> Iterator[str]:
    for line in decision.duty:
        told = (
            f"{_rate(line.rate):>8}  {_amount(line.amount):>14}  {line.kind}: {line.duty} by {line.measure}"
        )
        yield f"{told} [{line.citation}]"
    if decision.total is not None and len(decision.duty) > 1:
        yield f"{'':8}  {_amount(decision.total):>14}  total"


def _landed(landed: Landed) -> Iterator[str]:
    rows: list[tuple[str, Money | None]] = [("customs value", landed.customs_value), ("duty", landed.duty)]
    rows += [(f"{tax.kind.replace('-', ' ')} {tax.duty}", tax.amount) for tax in landed.taxes]
    rows += [("to pay", landed.payable), ("landed total", landed.total)]
    for name, money in rows:
        yield f"{_amount(money) if money is not None else 'not known':>14}  {name}"
    if landed.due is not None:
        yield f"{landed.due.isoformat():>14}  last day to pay"
    if landed.interest is not None:
        yield f"{_amount(landed.interest):>14}  interest of late payment"


def _tree(decision: Decision) -> Iterator[str]:
    """Print each step as a node: what came out, from what, by which measure and rule."""
    steps: list[Step] = [*(decision.landed.steps if decision.landed is not None else ()), *decision.trace]
    for step in steps:
        yield f"{step.input} -> {step.output}"
        yield f"  |- rule: {step.rule}"
        if step.measure:
            yield f"  |- measure: {step.measure}"
        if step.citation:
            yield f"  `- source: {step.citation}"


def _rate(rate: Decimal | None) -> str:
    from openward.determine.charge import percent_text

    return "" if rate is None else percent_text(rate)


def _amount(money: Money | None) -> str:
    return "" if money is None else f"{money.amount:f} {money.currency}"
