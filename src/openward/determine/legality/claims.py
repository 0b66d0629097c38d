"""Who could claim: the suppliers that a reform leaves worse off, by their share of the importer's purchases.

Trade is that of the industries touched, in the year of the world pack: finer products are not at hand.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from openward.book.model import Instrument
from openward.determine.legality.change import Change, in_wto, touched
from openward.determine.legality.finding import LegalFinding, Severity, finding
from openward.determine.legality.most_favored import is_agreement, share
from openward.observe.worldpack import WorldPack

SUBSTANTIAL = 0.1
"""Share of imports that members commonly take for a substantial interest."""
NAMED = 3


def claims(
    changes: tuple[Change, ...], above: frozenset[str], breaches: frozenset[str], pack: WorldPack
) -> Iterator[LegalFinding]:
    """Give who could claim compensation or complain.

    Parameters
    ----------
    changes : tuple of Change
    above, breaches : frozenset of str
        Measures found above a bound rate; found in breach at all.
    pack : WorldPack
    """
    for change in changes:
        kind = change.measure.instrument
        if not change.binds or change.after is None or not change.imposers & set(pack.economies):
            continue
        if kind is Instrument.MFN_DUTY and change.raises is not False:
            yield _suppliers(change, pack, certain=change.name in above)
        elif kind is Instrument.SAFEGUARD_DUTY:
            yield _hit(change, pack, ("safeguards-8",), "may suspend equivalent concessions")
        elif kind is Instrument.RETALIATORY_DUTY and change.name in breaches:
            yield _hit(change, pack, ("gatt-xxiii", "dsu-22"), "may bring the matter to dispute settlement")
        elif kind is Instrument.PREFERENTIAL_DUTY and change.name in breaches and not is_agreement(change):
            yield _excluded(change, pack)


def suppliers(change: Change, pack: WorldPack) -> dict[str, float]:
    """Give others' sales to those who impose it, in the industries touched, millions of US dollars."""
    ours = np.isin(np.array(pack.economies), sorted(change.imposers))
    chosen = np.isin(np.array(pack.sectors), touched(change.measure))
    flows = pack.flows[ours][:, :, chosen].sum(axis=(0, 2)) * pack.scale / 1e6
    return {code: float(flows[k]) for k, code in enumerate(pack.economies) if not ours[k] and len(code) == 3}


def _suppliers(change: Change, pack: WorldPack, *, certain: bool) -> LegalFinding:
    sold = {c: v for c, v in suppliers(change, pack).items() if in_wto(c, change.start)}
    first = _top(sold, NAMED)
    whole = sum(suppliers(change, pack).values())
    interested = [c for c in first if whole and sold[c] / whole >= SUBSTANTIAL]
    said = ", ".join(f"{c} {share(sold[c] / whole)}" for c in first) if whole else "nobody"
    when = "" if certain else "if the rate comes above the bound one, "
    return finding(
        "claim",
        Severity.DUTY if certain else Severity.UNKNOWN,
        f"{change.name}: {when}{first[0] if first else 'nobody'} as principal supplier"
        + (f" and {', '.join(interested[1:])} with a substantial interest" if interested[1:] else "")
        + f" could claim compensation from {change.imposer} (shares of imports in the industries: {said}).",
        ("gatt-xxviii",),
        edits=(change.place,),
        measures=(change.name,),
        unknown=(
            "initial negotiating rights",
            "imports by tariff line",
            *(() if certain else ("the bound rate",)),
        ),
        figures={"imports_musd": round(whole, 1), **{c: sold[c] / whole for c in first if whole}},
    )


def _hit(change: Change, pack: WorldPack, cites: tuple[str, ...], may: str) -> LegalFinding:
    sold = suppliers(change, pack)
    whole = sum(sold.values())
    hit = {c: v for c, v in sold.items() if c in change.partners and in_wto(c, change.start)}
    first = _top(hit, NAMED)
    said = (
        ", ".join(f"{c} {hit[c] / 1e3:,.1f} billion USD, {share(hit[c] / whole)}" for c in first)
        if whole
        else ""
    )
    unknown = ("trade by tariff line",) if first else ("trade of the partners: not in the world pack",)
    return finding(
        "claim",
        Severity.DUTY,
        f"{change.name}: those hit {may} ({said or 'trade not at hand'} of what {change.imposer} buys in the "
        f"industries touched, {pack.year}).",
        cites,
        edits=(change.place,),
        measures=(change.name,),
        unknown=unknown,
        figures={"imports_musd": round(whole, 1), **{c: hit[c] / whole for c in first if whole}},
    )


def _excluded(change: Change, pack: WorldPack) -> LegalFinding:
    sold = suppliers(change, pack)
    whole = sum(sold.values())
    left = {c: v for c, v in sold.items() if c not in change.partners and in_wto(c, change.start)}
    first = _top(left, NAMED)
    said = ", ".join(f"{c} {share(left[c] / whole)}" for c in first)
    return finding(
        "claim",
        Severity.DUTY,
        f"{change.name}: suppliers left out could complain, the largest {said} of what {change.imposer} buys "
        f"in the industries touched ({pack.year}).",
        ("gatt-xxiii",),
        edits=(change.place,),
        measures=(change.name,),
        unknown=("which of them compete with the goods preferred",),
        figures={"imports_musd": round(whole, 1), **{c: left[c] / whole for c in first}},
    )


def _top(sold: dict[str, float], count: int) -> list[str]:
    return [
        code for code, value in sorted(sold.items(), key=lambda one: (-one[1], one[0]))[:count] if value > 0
    ]
