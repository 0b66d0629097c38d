"""A profile as one JSON document (``openward.profile/1``)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from openward.report.profile.model import SCHEMA, Profile

NOT_SECTIONS = (
    "openness",
    "trade",
    "products_section",
    "dependency",
    "chains",
    "law",
    "index_section",
)


def profile_dict(profile: Profile) -> dict[str, Any]:
    """Give everything about a profile: rates and shares are fractions, money is million USD."""
    told = asdict(profile)
    for name in NOT_SECTIONS:
        told.pop(name)
    told["claims"]["counts"] = dict(profile.claims.counts)
    return {"schema": SCHEMA, **told, "sections": [asdict(section) for section in profile.sections]}
