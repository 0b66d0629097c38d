"""Sharing a quota among origins in whole units."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

SINGLE, TOGETHER = Fraction(3, 100), Fraction(9, 100)
"""Developing members up to the first, if together up to the second, are left out (SG Agreement art 9.1)."""


def share_out(total: int, weights: Mapping[str, Fraction]) -> dict[str, int]:
    """Share whole units by weight with the largest remainders, so that they add up to the total.

    Equal remainders go to the origin named first.
    """
    whole = sum(weights.values(), Fraction(0))
    exact = {name: total * weight / whole for name, weight in weights.items()}
    out = {name: value.numerator // value.denominator for name, value in exact.items()}
    order = sorted(weights, key=lambda name: out[name] - exact[name])
    for name in order[: total - sum(out.values())]:
        out[name] += 1
    return out


def excluded(shares: Mapping[str, Fraction], developing: tuple[str, ...]) -> frozenset[str]:
    """Name the developing origins a measure leaves out: 3 % or less each, 9 % or less together."""
    small = [name for name in developing if shares[name] <= SINGLE]
    together = sum((shares[name] for name in small), Fraction(0))
    return frozenset(small) if together <= TOGETHER else frozenset()
