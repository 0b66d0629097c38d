"""A profile in a terminal: the answer, then every figure with its basis and source."""

from __future__ import annotations

from openward.report.profile.model import Profile, Section
from openward.report.profile.standing import claims_sentence
from openward.report.profile.words import explained, figure, share


def profile_text(profile: Profile) -> str:
    """Give a profile as text, one paragraph a topic."""
    lines = [f"{profile.name} ({profile.economy})", profile.headline]
    for section in profile.sections:
        lines += [
            "",
            section.title.upper(),
            section.answer,
            *_figures(section),
            *_listed(profile, section.key),
        ]
        lines += [f"  note: {note}" for note in section.notes]
    lines += ["", claims_sentence(profile.claims)]
    if profile.gaps:
        lines += ["", "NOT AT HAND", *(f"  {gap}" for gap in profile.gaps)]
    lines += ["", "SOURCES", *(f"  [{s.number}] {s.name} ({s.vintage})" for s in profile.sources)]
    return "\n".join(lines) + "\n"


def _figures(section: Section) -> list[str]:
    width = max((len(one.label) for one in section.quantities), default=0)
    rows = []
    for one in section.quantities:
        cited = f" [{one.source}]" if one.source else ""
        rows.append(f"  {one.label:<{width}}  {figure(one):>8}  {explained(one)}{cited}")
    return rows


def _listed(profile: Profile, key: str) -> list[str]:
    if key == "partners":
        return [
            f"  {one.code} {one.name}: {share(one.export_share)} of exports, "
            f"{share(one.import_share)} of imports"
            for one in profile.partners
        ]
    if key == "products":
        return [
            f"  {one.code} {one.name}: {share(one.share)} of exports"
            + ("" if one.rca is None else f", RCA {one.rca:.2f}")
            + ("" if one.complexity is None else f", complexity {one.complexity:.2f}")
            for one in profile.products
        ]
    if key == "dependency":
        return [
            f"  {one.code} {one.name}: {share(one.supplier_share)} from {one.supplier_name}, concentration "
            f"{one.concentration:.2f}, {share(one.share)} of imports"
            + (", single point of failure" if one.single_point else "")
            + (", strategic dependency" if one.strategic else "")
            for one in profile.dependencies
        ]
    return []
