"""The rule that gives a verdict; it is the same for every claim and written down in the docs."""

from __future__ import annotations

from openward.claims.claim import Claim, Verdict
from openward.claims.tolerance import ABOUT, missed_by


def judge(
    claim: Claim, *, computed: float | bool | None, holds: bool | None, differs_in: tuple[str, ...]
) -> Verdict:
    """Give the verdict.

    Parameters
    ----------
    claim : Claim
    computed : float or bool or None
        In the claim's unit; None where it could not be computed.
    holds : bool or None
        Whether the relation holds within the tolerance.
    differs_in : tuple of str
        In what the figure is not the claim's own.

    Returns
    -------
    {"confirmed", "differs", "contradicted", "not-checkable"}
        On the claim's own basis a relation that holds is confirmed and one that does not is contradicted. A
        figure of another time, or of a part only, neither confirms nor contradicts: differs. So does a figure
        on another basis, with one exception: a limit ("at least", "above") that it misses by more than what
        "about" would allow is contradicted on that basis, because no sound measure of the same thing should
        be that far from it.
    """
    if computed is None or holds is None:
        return "not-checkable"
    if not differs_in:
        return "confirmed" if holds else "contradicted"
    if differs_in != ("basis",) or holds or claim.relation in ("=", "~="):
        return "differs"
    limit = claim.number
    far = limit is None or missed_by(float(computed), claim.relation, limit) > ABOUT
    return "contradicted" if far else "differs"
