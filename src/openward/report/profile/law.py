"""The law: duties that imports meet, trade under agreements, and rules on foreign investment."""

from __future__ import annotations

from openward.book import load
from openward.codes.economies import ECONOMIES
from openward.observe.worldpack import load_world
from openward.report.profile.model import Quantity, Section
from openward.report.profile.reading import Reader, owner
from openward.report.profile.words import figure, share

FULL_USE = "every preference is taken as claimed"
BACKGROUND = (
    "rates of economies other than the book's own are unverified averages by stage of processing; zero among "
    "partners of an agreement is an assumption"
)


def law_section(reader: Reader) -> Section:
    """Give the figures of the law and the sentence that leads them; all from the book, on one day."""
    own = (reader.economy,)
    world = tuple(code for code in load_world().economies if code in ECONOMIES)
    every = world if reader.economy in world else (*world, reader.economy)

    def ask(name: str, label: str, basis: str, *, compare: bool = False) -> Quantity:
        return reader.quantity(
            name, label=label, basis=basis, data=None, economies=every if compare else own, compare=compare
        )

    simple = ask("simple-average-tariff", "Simple average tariff", "standard rates, by line where counted")
    applied = ask("effective-tariff", "Tariff paid", "imports of 2022, after preferences", compare=True)
    covered = ask("agreement-coverage", "Trade under preferences", "goods, both directions", compare=True)
    invest = ask("fdi-restrictiveness", "Foreign investment restricted", "negative lists, by industry")
    services = ask("services-restrictiveness", "Services restricted", "by industry, yes or no")
    quantities = (simple, applied, covered, invest, services)
    day = reader.day.isoformat() if reader.day else ""
    notes = (f"law of {day}, book {reader.book}", FULL_USE) if day else ()
    if reader.economy != load(reader.book).economy:
        notes = (*notes, BACKGROUND)
    answer = _answer(reader, simple, applied, covered, invest, day)
    return Section("law", "The law", answer, quantities, notes)


def _answer(
    reader: Reader, simple: Quantity, applied: Quantity, covered: Quantity, invest: Quantity, day: str
) -> str:
    name = owner(reader.economy)
    parts = []
    if simple.value is not None:
        parts.append(f"{name} simple average tariff is {figure(simple)}")
    if applied.value is not None:
        lead = "after preferences its imports pay" if parts else f"{name} imports pay, after preferences,"
        parts.append(f"{lead} {figure(applied)}")
    if covered.value is not None:
        whose = "its" if parts else name
        parts.append(f"{share(covered.value)} of {whose} goods trade is with partners under a preference")
    if invest.value is not None:
        parts.append(f"foreign investment scores {figure(invest)} (0 open to 1 closed)")
    if not parts:
        return f"The book {reader.book} holds no rates of {reader.economy}."
    return "; ".join(parts) + (f" (law of {day})." if day else ".")
