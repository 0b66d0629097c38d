"""The sentence that answers first: how open, how exposed."""

from __future__ import annotations

from openward.report.profile.model import Partner, Quantity, Section
from openward.report.profile.reading import owner, with_article
from openward.report.profile.words import figure, more_than, share


def headline(
    economy: str, openness: Section, partners: tuple[Partner, ...], dependency: Section, chains: Section
) -> str:
    """Say how open the economy is and how exposed, with what is at hand."""
    parts = [_open(openness), *_exposed(partners, dependency, chains)]
    said = [part for part in parts if part]
    return f"{owner(economy)} " + "; ".join(said) + "."


def _open(openness: Section) -> str:
    ratio = _of(openness, "trade-ratio")
    if ratio is None or ratio.value is None:
        return "trade over GDP is not at hand"
    rank = more_than(ratio)
    return f"trade is {figure(ratio)} of GDP" + (f", {rank}" if rank else "")


def _exposed(partners: tuple[Partner, ...], dependency: Section, chains: Section) -> list[str]:
    said = []
    if partners:
        seller = max(partners, key=lambda one: one.import_share)
        said.append(f"{with_article(seller.code)} sells it {share(seller.import_share)} of its imports")
    backward = _of(chains, "gvc-participation.backward")
    if backward is not None and backward.value is not None:
        said.append(f"{figure(backward)} of its exports rests on inputs from abroad")
    points = _of(dependency, "single-point-of-failure")
    strategic = _of(dependency, "dependent-imports")
    if points is not None and points.value:
        one = {"industries": "industry", "products": "product"}.get(points.unit, points.unit)
        noun = one if points.value == 1 else points.unit
        said.append(f"imports of {points.value:.0f} {noun} hang on a single source")
    elif strategic is not None and strategic.value is not None:
        part = figure(strategic) if strategic.value > 0 else "none"
        said.append(
            f"{part} of its imports {'is' if strategic.value == 0 else 'are'} in strategic dependency"
        )
    return said


def _of(section: Section, key: str) -> Quantity | None:
    return next((one for one in section.quantities if one.key == key), None)
