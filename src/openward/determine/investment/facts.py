"""The facts of an investment, and those that follow from others.

``stake`` is the share of all foreign investors together, ``largest_foreign_stake`` that of one with its
affiliates. Shares decide control where they can: a foreign share under half leaves the Chinese side in
control, one above half does not; at exactly half, and of control by other means, only the fact itself can
speak.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from openward.determine.decision import Fact
from openward.determine.facts import as_bool
from openward.determine.quantities import PERCENT, Measured, in_unit, measured
from openward.errors import InputError

HALF = Decimal(50)
WHOLE = Decimal(100)
SHARES = ("stake", "largest_foreign_stake")


def complete(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Give the facts with what follows from them: shares as percent, control by shares.

    Raises
    ------
    InputError
        A share outside 0 to 100 %, or facts that contradict each other.
    """
    found = dict(facts)
    for name in SHARES:
        if name in found:
            found[name] = f"{share(name, found[name])} %"
    stake, largest = _given(found, "stake"), _given(found, "largest_foreign_stake")
    if stake is not None and largest is not None and largest > stake:
        raise InputError(
            f"one foreign investor holds {largest} %, and all together {stake} %",
            hint="stake is the share of all foreign investors together",
            where="largest_foreign_stake",
        )
    if largest is None and stake is not None and _sole(found):
        found["largest_foreign_stake"] = f"{stake} %"
    if stake is None:
        return found
    if stake < HALF:
        _follows(found, "chinese_relative_control", True, stake)
        found.setdefault("chinese_control", True)
    elif stake > HALF:
        _follows(found, "chinese_control", False, stake)
        found.setdefault("actual_control", True)
        if stake == WHOLE:
            _follows(found, "chinese_relative_control", False, stake)
    if stake >= HALF:
        _follows(found, "actual_control", True, stake)
    if "chinese_relative_control" not in found and largest is not None:
        found["chinese_relative_control"] = WHOLE - stake > largest
    return found


def share(name: str, given: Fact) -> Decimal:
    """Read a share in percent: ``50 %``, or a bare number above 1; between, ``0.5`` could mean either.

    Raises
    ------
    InputError
        Something else, or outside 0 to 100 %.
    """
    value = Measured(given) if isinstance(given, Decimal) else measured(str(given))
    if value is None or isinstance(given, bool):
        raise InputError(f"{name} is {given}, and a share is asked", hint=f"write {name}=50 %", where=name)
    number = Decimal(0) if not value.number else in_unit(value, PERCENT, name=name)
    if not 0 <= number <= WHOLE:
        raise InputError(f"{name} is {number} %", hint="a share lies between 0 and 100 %", where=name)
    return number


def _given(facts: Mapping[str, Fact], name: str) -> Decimal | None:
    return share(name, facts[name]) if name in facts else None


def _sole(facts: Mapping[str, Fact]) -> bool:
    return "foreign_investors" in facts and str(facts["foreign_investors"]) == "1"


def _follows(facts: dict[str, Fact], name: str, value: bool, stake: Decimal) -> None:
    if name in facts and as_bool(name, facts[name]) is not value:
        raise InputError(
            f"{name} is {facts[name]}, and a foreign share of {stake} % says otherwise",
            hint="correct one of them",
            where=name,
        )
    facts[name] = value
