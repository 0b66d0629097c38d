"""Value chains: how much of exports is made at home, and how much crosses borders again."""

from __future__ import annotations

from statistics import median

from openward.errors import MissingDataError, OpenwardError
from openward.indicators.catalogue import find
from openward.indicators.inputs import read_inputs
from openward.indicators.value_added.border_crossings import economy_participation
from openward.observe.input_output import InputOutput
from openward.report.profile.model import Quantity, Section, Standing
from openward.report.profile.reading import FEW, Reader, missing, owner, reason
from openward.report.profile.words import figure

NAME = "gvc-participation"
UNIT = "fraction of gross exports"
BASIS = "goods and services (Borin-Mancini)"
LABELS = (
    ("domestic", "Made at home"),
    ("backward", "Backward participation"),
    ("forward", "Forward participation"),
    ("total", "In value chains"),
)
MEANINGS = {
    "domestic": "domestic value added, counted once",
    "backward": "content that crossed a border before",
    "forward": "domestic content that the buyer exports on",
    "total": "exports that cross two borders or more",
}


def chains_section(reader: Reader) -> Section:
    """Give the figures of value added in exports and the sentence that leads them."""
    try:
        quantities = _quantities(reader)
    except OpenwardError as error:
        why = reason(error)
        gaps = tuple(missing(f"{NAME}.{key}", label, BASIS, why) for key, label in LABELS)
        return Section("chains", "Value added", f"Value added in exports is not at hand: {why}.", gaps)
    made, backward, forward, _ = quantities
    name = owner(reader.economy)
    answer = (
        f"Of {name[0].lower() + name[1:] if name.startswith('The ') else name} exports {figure(made)} is "
        f"value added at home; {figure(backward)} came in from abroad or passed the border before, and "
        f"{figure(forward)} is sold on by the buyer to third economies or back ({made.year})."
    )
    return Section("chains", "Value added", answer, quantities)


def _quantities(reader: Reader) -> tuple[Quantity, ...]:
    inputs = read_inputs(find(NAME), data=reader.data, years=(), book=reader.book)
    table: InputOutput = inputs.values["input_output"]
    if reader.economy not in table.economies:
        raise MissingDataError(f"{reader.economy} is not in the input-output table")
    if reader.year is not None and table.year is not None and table.year > reader.year:
        raise MissingDataError(f"the input-output table is of {table.year}")
    found = economy_participation(table)
    traded = found.exports > 0
    at = table.economies.index(reader.economy)
    if not traded[at]:
        raise MissingDataError(f"{reader.economy} exports nothing in the input-output table")
    number = reader.note_source(inputs.source, inputs.vintage, inputs.notes)
    parts = {
        "domestic": found.exports - found.backward,
        "backward": found.backward,
        "forward": found.forward,
        "total": found.backward + found.forward,
    }
    return tuple(
        Quantity(
            key=f"{NAME}.{key}",
            label=label,
            value=float(parts[key][at] / found.exports[at]),
            unit=UNIT,
            year=table.year,
            basis=MEANINGS[key],
            source=number,
            standing=_standing((parts[key][traded] / found.exports[traded]).tolist(), int(traded[:at].sum())),
        )
        for key, label in LABELS
    )


def _standing(values: list[float], own: int) -> Standing | None:
    if len(values) < FEW:
        return None
    return Standing(1 + sum(value > values[own] for value in values), len(values), median(values))
