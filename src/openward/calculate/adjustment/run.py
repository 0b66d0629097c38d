"""An adjustment file: exposure of regions, eligibility of petitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from openward.calculate.adjustment.case import AdjustmentCase
from openward.calculate.adjustment.eligibility import Eligibility, eligibility
from openward.calculate.adjustment.exposure import exposures
from openward.calculate.step import Step, Trail
from openward.errors import InputErrors, OpenwardError


@dataclass(frozen=True, slots=True)
class AdjustmentResult:
    """What an adjustment file gives; exposures in currency per worker, largest first."""

    exposures: Mapping[str, Fraction]
    petitions: tuple[Eligibility, ...]
    steps: tuple[Step, ...]


def calculate_adjustment(case: AdjustmentCase) -> AdjustmentResult:
    """Calculate an adjustment file.

    Raises
    ------
    InputErrors
        Unknown programmes and facts that are missing, over all petitions.
    """
    trail = Trail()
    found = exposures(case, trail)
    answers: list[Eligibility] = []
    errors: list[OpenwardError] = []
    for petition in case.petitions:
        try:
            answers.append(eligibility(petition, trail))
        except InputErrors as several:
            errors.extend(several.errors)
        except OpenwardError as error:
            errors.append(error)
    if errors:
        raise InputErrors(errors)
    return AdjustmentResult(found, tuple(answers), tuple(trail.steps))
