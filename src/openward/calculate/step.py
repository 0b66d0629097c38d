"""A step of a calculation: what went in, by which formula and article, what came out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from openward.calculate.exact import plain

Value = Fraction | str | bool


@dataclass(frozen=True, slots=True)
class Step:
    """One printed line of a calculation.

    Attributes
    ----------
    subject : str
        Firm, product control number, programme or region it is about.
    name : str
        What is worked out, such as ``normal value``.
    formula : str
        In symbols; the symbols are the names of the inputs.
    inputs : tuple of (str, Value)
        Exact numbers, or words.
    value : Value
        Exact number, word, or the answer of a test.
    unit : str
    citation : str
        Article, notice or judgment the step rests on; empty for arithmetic.
    """

    subject: str
    name: str
    formula: str
    inputs: tuple[tuple[str, Value], ...]
    value: Value
    unit: str = ""
    citation: str = ""

    def row(self) -> dict[str, str]:
        """Give the step as a printed row."""
        return {
            "subject": self.subject,
            "step": self.name,
            "formula": self.formula,
            "inputs": "; ".join(f"{name} = {shown(value)}" for name, value in self.inputs),
            "value": shown(self.value),
            "unit": self.unit,
            "citation": self.citation,
        }

    def as_dict(self) -> dict[str, object]:
        """Give the step for JSON; numbers as decimals of twelve places and as exact fractions."""
        return {
            "subject": self.subject,
            "step": self.name,
            "formula": self.formula,
            "inputs": {name: _json(value) for name, value in self.inputs},
            "value": _json(self.value),
            "unit": self.unit,
            "citation": self.citation,
        }


@dataclass(slots=True)
class Trail:
    """Steps as they are taken."""

    steps: list[Step] = field(default_factory=list)

    def note(
        self,
        value: Value,
        *,
        subject: str,
        name: str,
        formula: str,
        inputs: Mapping[str, object] | Iterable[tuple[str, object]] = (),
        unit: str = "",
        citation: str = "",
    ) -> None:
        """Add a step."""
        given = inputs.items() if isinstance(inputs, Mapping) else inputs
        pairs = tuple((key, _as_value(one)) for key, one in given)
        self.steps.append(Step(subject, name, formula, pairs, value, unit, citation))


def shown(value: Value) -> str:
    """Print a value: six decimals at most, yes or no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(value) if isinstance(value, Fraction) else value


def _as_value(value: object) -> Value:
    if isinstance(value, Fraction | str | bool):
        return value
    if isinstance(value, int):
        return Fraction(value)
    raise TypeError(f"a step holds exact numbers, words and answers, not {type(value).__name__}")


def _json(value: Value) -> object:
    if isinstance(value, Fraction):
        return {"decimal": plain(value, 12), "exact": str(value)}
    return value
