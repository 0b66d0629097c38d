"""Groups: named sets of economies whose membership is dated and cited.

One CSV file per family lies in `data/groups`; every row is one membership with its source and status.
Groups and economies share one name space: no group is written like an alpha-3 code of an economy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from openward.codes import tables
from openward.codes.economies import economies
from openward.codes.membership import Membership
from openward.codes.terms import Interval, Status


@cache
def memberships() -> tuple[Membership, ...]:
    """Give every dated membership, ordered by group, economy and first day.

    A date known to the year only stands at 1 January and its source says "year precision".
    """
    folder = files("openward.codes").joinpath("data", "groups")
    names = sorted(f"groups/{entry.name}" for entry in folder.iterdir() if entry.name.endswith(".csv"))
    found = [_membership(row) for name in names for row in tables.rows(name)]
    return tuple(sorted(found, key=lambda m: (m.group, m.economy, m.valid.start)))


def members(group: str, on: date) -> tuple[str, ...]:
    """Give the economies that belong to a group on a day, in alphabetical order.

    Raises
    ------
    UnknownCodeError
        Nobody defined the group.
    """
    known_group(group)
    return tuple(sorted({m.economy for m in _by_group()[group] if on in m.valid}))


def groups_of(economy: str, on: date) -> tuple[str, ...]:
    """Give the groups an economy belongs to on a day, in alphabetical order."""
    return tuple(sorted({m.group for m in memberships() if m.economy == economy and on in m.valid}))


def group_name(code: str) -> str:
    """Give the English name of a group.

    Raises
    ------
    UnknownCodeError
        Nobody defined the group.
    """
    return _names()[known_group(code)]


def known_group(code: str) -> str:
    """Give back the code of a group that exists.

    Raises
    ------
    UnknownCodeError
        Nobody defined it; the hint names groups that look alike.
    """
    if code not in _names():
        upper = str(code).upper()
        if upper in economies():
            advice = f"{upper} is an economy, not a group"
            raise tables.unknown("group", code, [], advice)
        near = [upper] if upper in _names() else tables.nearest(upper, _names())
        raise tables.unknown("group", code, near, "groups are codes such as RCEP or AFRICA53")
    return code


class _GroupNames(Mapping[str, str]):
    """Name of every group by its code, read on first use."""

    def __getitem__(self, code: str) -> str:
        return _names()[code]

    def __iter__(self) -> Iterator[str]:
        return iter(_names())

    def __len__(self) -> int:
        return len(_names())


GROUP_NAMES: Mapping[str, str] = _GroupNames()


@cache
def _names() -> Mapping[str, str]:
    named = {row["code"]: row["name"] for row in tables.rows("group_names.csv")}
    treaties = {
        f"DESTA-{row['base_treaty']}": row["name"]
        for row in tables.rows("desta_decisions.csv")
        if row["include"] == "yes"
    }
    return {**named, **treaties}


@cache
def _by_group() -> Mapping[str, tuple[Membership, ...]]:
    out: dict[str, list[Membership]] = {code: [] for code in _names()}
    for m in memberships():
        out[m.group].append(m)
    return {code: tuple(found) for code, found in out.items()}


def _membership(row: Mapping[str, str]) -> Membership:
    end = date.fromisoformat(row["to"]) if row["to"] else None
    precision = "; year precision" if row["precision"] == "year" else ""
    return Membership(
        group=row["group"],
        economy=row["economy"],
        valid=Interval(date.fromisoformat(row["from"]), end),
        source=row["source"] + precision,
        status=Status(row["status"]),
    )
