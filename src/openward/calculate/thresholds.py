"""De minimis margins and negligible volumes: what is too small for a measure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from openward.calculate.jurisdiction import Negligible, Proceeding, Rules


def de_minimis(margin: Fraction, rules: Rules, *, proceeding: Proceeding) -> bool:
    """Say whether a dumping margin is de minimis: below the threshold, before any rounding."""
    limit = rules.de_minimis.investigation if proceeding == "investigation" else rules.de_minimis.review
    return margin < limit


@dataclass(frozen=True, slots=True)
class Volume:
    """The share of one source.

    Attributes
    ----------
    share : Fraction
        Of total imports of the product, or of consumption, as the law has it.
    small, negligible : bool
        Below the limit for one source; and not saved by all small sources together.
    """

    share: Fraction
    small: bool
    negligible: bool


def negligible(volumes: Mapping[str, Fraction], total: Fraction, rule: Negligible) -> dict[str, Volume]:
    """Say which sources are negligible.

    Parameters
    ----------
    volumes : mapping
        Imports of the product from each source under investigation.
    total : Fraction
        All imports of the product, or consumption (`rule.of`).
    """
    shares = {source: volume / total for source, volume in volumes.items()}
    small = {source for source, share in shares.items() if share < rule.single}
    together = sum((shares[source] for source in small), Fraction(0))
    counted = together > rule.together if rule.together_when == "above" else together >= rule.together
    return {
        source: Volume(share, source in small, source in small and not counted)
        for source, share in shares.items()
    }
