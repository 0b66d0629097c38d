"""The duty: the margin, or less where less removes the injury and the law says so."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from openward.calculate.jurisdiction import Rules
from openward.calculate.step import Trail
from openward.errors import MissingDataError


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty rate.

    Attributes
    ----------
    rate : Fraction
    limited_by : str
        ``margin``, ``injury``, or ``de minimis`` where there is no duty.
    """

    rate: Fraction
    limited_by: str


def duty(margin: Fraction, underselling: Fraction | None, rules: Rules, trail: Trail, *, firm: str) -> Duty:
    """Apply the lesser-duty rule, or the whole margin where there is none.

    Parameters
    ----------
    margin, underselling : Fraction
        On the same denominator; the second is what would remove the injury.

    Raises
    ------
    MissingDataError
        The law has a lesser-duty rule and the injury margin is not stated.
    """
    if not rules.lesser_duty.value:
        trail.note(
            margin,
            subject=firm,
            name="duty",
            formula="margin",
            inputs={"margin": margin},
            unit="fraction",
            citation=rules.lesser_duty.citation,
        )
        return Duty(margin, "margin")
    if underselling is None:
        raise MissingDataError(
            f"{rules.name} takes the lesser of margin and injury, and the injury margin is not stated",
            where=f"{firm}: underselling",
            hint="state underselling as a fraction of the CIF value (openward calc injury gives it)",
        )
    rate = min(margin, underselling)
    trail.note(
        rate,
        subject=firm,
        name="duty",
        formula="min(margin, underselling)",
        inputs={"margin": margin, "underselling": underselling},
        unit="fraction",
        citation=rules.lesser_duty.citation,
    )
    return Duty(rate, "injury" if underselling < margin else "margin")
