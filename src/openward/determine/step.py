"""One node of a trace: the same object prints in a terminal, on a page and as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass


def percent(rate: float) -> str:
    """Print a fraction as duty text prints it: ``0.098`` is ``"9.8 %"``."""
    text = f"{100.0 * rate:.2f}".rstrip("0").rstrip(".")
    return f"{'0' if text == '-0' else text} %"


@dataclass(frozen=True, slots=True)
class Step:
    """What one rule did with one measure.

    Attributes
    ----------
    rule : str
        The rule, with the article that states it.
    measure : str
        Id of the measure it used; empty where it used none.
    input, output : str
        What went in and what came out, as printed.
    citation : str
        Act and article of the measure.
    """

    rule: str
    measure: str
    input: str
    output: str
    citation: str

    def __str__(self) -> str:
        used = f" by {self.measure}" if self.measure else ""
        cited = f" [{self.citation}]" if self.citation else ""
        return f"{self.input} -> {self.output}{used}: {self.rule}{cited}"

    def as_dict(self) -> dict[str, str]:
        """Give the step as JSON prints it."""
        return asdict(self)
