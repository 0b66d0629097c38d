"""Three-valued logic (Kleene, 1952): true, false, and not known."""

from __future__ import annotations

from enum import Enum


class Truth(Enum):
    """What is known of a statement; ``&``, ``|`` and ``~`` follow Kleene's strong tables.

    Not known stays not known unless the other side decides alone: false and anything is false, true or
    anything is true.
    """

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2

    def __and__(self, other: Truth) -> Truth:
        return self if self.value <= other.value else other

    def __or__(self, other: Truth) -> Truth:
        return self if self.value >= other.value else other

    def __invert__(self) -> Truth:
        return Truth(2 - self.value)

    def __bool__(self) -> bool:
        """Refuse: "not known" is neither."""
        raise TypeError("a three-valued truth is not a bool: compare it with Truth.TRUE or Truth.FALSE")

    @classmethod
    def of(cls, value: bool | None) -> Truth:
        """Give the truth of a bool; None is not known."""
        return cls.UNKNOWN if value is None else cls.TRUE if value else cls.FALSE
