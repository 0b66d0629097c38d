"""What Cohen's d assumes of its data, which a court made a condition of its use in 2025."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openward.calculate.dumping.prices import Priced

LEAST = 20
"""Observations in each group (our reading of "sufficiently numerous"; the judgment has no figure)."""
SIZE_RATIO = 1.5
"""Largest ratio of the groups' sizes that still counts as equally numerous (ours)."""
SIGNIFICANCE = 0.05
"""Level of the Shapiro-Wilk test of normality and of the Levene test of equal variances (ours)."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """Whether two groups are normal, equally variable, equally and sufficiently numerous.

    Attributes
    ----------
    reasons : tuple of str
        What is not met; empty if all is.
    """

    reasons: tuple[str, ...]

    @property
    def met(self) -> bool:
        """All conditions hold."""
        return not self.reasons


def conditions(test: Sequence[Priced], rest: Sequence[Priced]) -> Conditions:
    """Test the conditions named in Marmen Inc. v. United States (Fed. Cir. 2025)."""
    small, large = sorted((len(test), len(rest)))
    reasons = []
    if small < LEAST:
        reasons.append(f"only {small} observations in a group")
    if large > SIZE_RATIO * small:
        reasons.append(f"groups of {len(test)} and {len(rest)} are not equally numerous")
    samples = [[float(one.net) for one in group] for group in (test, rest)]
    if any(max(sample) == min(sample) for sample in samples):
        reasons.append("prices do not vary within a group")
    elif small >= 3:
        from scipy import stats

        if any(stats.shapiro(sample).pvalue < SIGNIFICANCE for sample in samples):
            reasons.append("not normally distributed (Shapiro-Wilk)")
        if stats.levene(*samples).pvalue < SIGNIFICANCE:
            reasons.append("not equally variable (Levene)")
    return Conditions(tuple(reasons))
