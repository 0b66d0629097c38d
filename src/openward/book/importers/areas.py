"""Geographical areas of European and British tariffs: everyone (1011), economies by two letters, groups."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from openward.codes.economies import economies
from openward.codes.membership import Membership
from openward.codes.terms import Interval, Status
from openward.errors import InputError, MissingDataError, UnknownCodeError

EVERYONE = "1011"
_OTHERWISE = {"UK": "GBR", "EL": "GRC"}


@cache
def _by_two_letters() -> Mapping[str, str]:
    return {one.iso2: one.code for one in economies().values() if one.iso2} | _OTHERWISE


@dataclass(frozen=True, slots=True)
class Areas:
    """Groups whose members are at hand, by the number of the area."""

    members: Mapping[str, tuple[str, ...]]
    source: str = ""

    @classmethod
    def read(cls, path: Path | None) -> Areas:
        """Read a list of areas with their children, as the British tariff service gives it (JSON).

        Raises
        ------
        MissingDataError, InputError
            The file is not there, or not such a list.
        """
        if path is None:
            return cls({})
        try:
            listed = json.loads(path.read_text(encoding="utf-8"))
            held = {
                str(area["id"]): tuple(str(c["id"]) for c in area.get("children_geographical_areas", ()))
                for area in listed
            }
        except FileNotFoundError:
            raise MissingDataError("no such file", where=str(path), hint="check --areas") from None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(
                f"not a list of areas with their children: {error}", where=path.name, hint="check --areas"
            ) from None
        return cls({area: members for area, members in held.items() if members}, path.name)

    def partners(self, area: str) -> tuple[str, ...]:
        """Give who an area means; empty for everyone.

        Raises
        ------
        UnknownCodeError
            Nobody knows the area, or its members are not at hand.
        """
        if area == EVERYONE:
            return ()
        if area in self.members:
            return (group(area),)
        found = _by_two_letters().get(area)
        if found is None:
            what = "the members of area" if area.isdecimal() else "there is no area"
            told = "are not at hand" if area.isdecimal() else ""
            raise UnknownCodeError(
                f"{what} {area} {told}".strip(), hint="give the list of areas with --areas FILE"
            )
        return (found,)

    def memberships(self) -> list[Membership]:
        """Give who belongs to which area; the list has no dates, so each holds as far back as a book may."""
        valid = Interval(date(1990, 1, 1))
        known = _by_two_letters()
        return [
            Membership(group(area), known[child], valid, self.source, Status.UNVERIFIED)
            for area, children in self.members.items()
            for child in dict.fromkeys(children)
            if child in known
        ]

    def strangers(self) -> tuple[str, ...]:
        """Give the members without a code of an economy (``XK``, ``EU``): they are left out of the groups."""
        known = _by_two_letters()
        return tuple(sorted({c for children in self.members.values() for c in children if c not in known}))


def group(area: str) -> str:
    """Give the code of the group for an area."""
    return f"AREA-{area}"


def area_of(partners: tuple[str, ...]) -> str:
    """Give the area behind partners: the import backwards."""
    if not partners:
        return EVERYONE
    if partners[0].startswith("AREA-"):
        return partners[0].removeprefix("AREA-")
    return economies()[partners[0]].iso2
