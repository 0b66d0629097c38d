"""The duty tree: frozen nodes; ``str(node)`` is the canonical sentence that reads back to the same tree."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from openward.book.duty.numbers import decimal, is_decimal, mixed, plain, require, shifted
from openward.book.duty.selectors import Factor, Selector, check_name


@dataclass(frozen=True, slots=True)
class Duty:
    """Root of the duty tree; ``str(duty)`` is the canonical sentence."""

    def terms(self) -> tuple[Duty, ...]:
        """Give the terms that are added up."""
        return (self,)


@dataclass(frozen=True, slots=True)
class AdValorem(Duty):
    """A rate on a value.

    Attributes
    ----------
    rate : Decimal
        Fraction (``Decimal("0.05")`` is 5 %).
    of : str
        Whose value, where it is not the customs value: ``case``, ``retail price``.
    exact : Fraction or None
        The rate where no decimal holds it (33 1/3 %); ``rate`` is then rounded to 28 digits.
    """

    rate: Decimal
    of: str = ""
    exact: Fraction | None = None

    def __post_init__(self) -> None:
        require(self.rate.is_finite() and self.rate >= 0, f"a rate must be zero or more, not {self.rate}")
        if self.of:
            check_name(self.of)
        if self.exact is not None:
            same = decimal(self.exact) == self.rate and not is_decimal(self.exact)
            require(same, f"{self.exact} is a decimal, or not the rate {self.rate}")

    @classmethod
    def fraction(cls, rate: Fraction, *, of: str = "") -> AdValorem:
        """Build a rate from a fraction, exactly."""
        return cls(decimal(rate), of, None if is_decimal(rate) else rate)

    def __str__(self) -> str:
        percent = plain(shifted(self.rate, 2)) if self.exact is None else mixed(self.exact * 100)
        return f"{percent} %" + (f' of "{self.of}"' if self.of else "")


@dataclass(frozen=True, slots=True)
class Specific(Duty):
    """An amount of money per quantity: ``amount`` ``currency`` for every ``per`` ``unit``.

    ``of`` says what is measured, where it is not the goods as they are (``drained weight``, ``copper
    content``); ``times`` is a factor that multiplies (per % of sucrose, per degree under 100).
    """

    amount: Decimal
    currency: str
    per: Decimal
    unit: str
    of: str = ""
    times: Factor | None = None

    def __post_init__(self) -> None:
        require(
            self.amount.is_finite() and self.amount >= 0, f"an amount must be zero or more, not {self.amount}"
        )
        require(
            self.per.is_finite() and self.per > 0,
            f"a duty is charged per a positive quantity, not {self.per}",
        )
        if self.of:
            check_name(self.of)

    def __str__(self) -> str:
        per = "" if self.per == 1 else f"{plain(self.per)} "
        of = f' of "{self.of}"' if self.of else ""
        times = "" if self.times is None else f" per {self.times}"
        return f"{plain(self.amount)} {self.currency}/{per}{self.unit}{of}{times}"


@dataclass(frozen=True, slots=True)
class Flat(Duty):
    """An amount of money whatever the quantity."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        require(
            self.amount.is_finite() and self.amount >= 0, f"an amount must be zero or more, not {self.amount}"
        )

    def __str__(self) -> str:
        return f"{plain(self.amount)} {self.currency}"


@dataclass(frozen=True, slots=True)
class Nil(Duty):
    """Nothing is charged, and the law says so (``NIHIL``)."""

    def __str__(self) -> str:
        return "NIHIL"


@dataclass(frozen=True, slots=True)
class Supplementary(Duty):
    """No charge: the unit in which a quantity must be declared."""

    per: Decimal
    unit: str
    of: str = ""

    def __post_init__(self) -> None:
        require(self.per.is_finite() and self.per > 0, f"a unit is of a positive quantity, not {self.per}")
        if self.of:
            check_name(self.of)

    def __str__(self) -> str:
        per = "" if self.per == 1 else f"{plain(self.per)} "
        return f"unit {per}{self.unit}" + (f' of "{self.of}"' if self.of else "")


@dataclass(frozen=True, slots=True)
class Reference(Duty):
    """The duty of something else: another line, the article it is a part of, a note.

    ``on`` names the value that the other duty is charged upon, where it is not the value of the goods
    (``value of the repairs or alterations``).
    """

    to: str
    on: str = ""

    def __post_init__(self) -> None:
        check_name(self.to)
        if self.on:
            check_name(self.on)

    def __str__(self) -> str:
        return f'duty of "{self.to}"' + (f' on "{self.on}"' if self.on else "")


@dataclass(frozen=True, slots=True)
class Meursing(Duty):
    """A component by the Meursing code: ``AC`` agricultural (EA), ``SD`` sugar (ADSZ), ``FD`` flour (ADFM).

    The names with ``reduced`` are the reduced components (``AC reduced``).
    """

    component: str

    def __post_init__(self) -> None:
        require(self.component in COMPONENTS, f"components are {', '.join(COMPONENTS)}, not {self.component}")

    def __str__(self) -> str:
        return self.component


COMPONENTS = ("AC", "AC reduced", "SD", "SD reduced", "FD", "FD reduced")


@dataclass(frozen=True, slots=True)
class Minus(Duty):
    """A term of a sum that is taken off."""

    duty: Duty

    def __post_init__(self) -> None:
        require(not isinstance(self.duty, Minus), "a term is taken off once")

    def __str__(self) -> str:
        return f"- {_inside(self.duty, Compound, Floor, Ceiling, Choice)}"


@dataclass(frozen=True, slots=True)
class Compound(Duty):
    """Two or more terms that are all charged, or taken off (:class:`Minus`); never less than nothing."""

    parts: tuple[Duty, ...]

    def __post_init__(self) -> None:
        require(len(self.parts) > 1, "a compound duty has two terms or more")
        require(not isinstance(self.parts[0], Minus), "a sum does not start with what is taken off")

    def terms(self) -> tuple[Duty, ...]:
        """Give the terms that are added up."""
        return self.parts

    def __str__(self) -> str:
        first, *rest = self.parts
        said = [_inside(first, Compound, Floor, Ceiling, Choice)]
        for term in rest:
            sign = str(term) if isinstance(term, Minus) else None
            said.append(sign or f"+ {_inside(term, Compound, Floor, Ceiling, Choice)}")
        return " ".join(said)


@dataclass(frozen=True, slots=True)
class Floor(Duty):
    """A duty, but at least another (``MIN``)."""

    duty: Duty
    least: Duty

    def __post_init__(self) -> None:
        _charged(self.duty, self.least)

    def __str__(self) -> str:
        return f"{_inside(self.duty, Choice)} MIN {_inside(self.least, Floor, Ceiling, Choice)}"


@dataclass(frozen=True, slots=True)
class Ceiling(Duty):
    """A duty, but at most another (``MAX``)."""

    duty: Duty
    most: Duty

    def __post_init__(self) -> None:
        _charged(self.duty, self.most)

    def __str__(self) -> str:
        return f"{_inside(self.duty, Choice)} MAX {_inside(self.most, Floor, Ceiling, Choice)}"


@dataclass(frozen=True, slots=True)
class Case:
    """A duty and when it applies."""

    duty: Duty
    when: Selector

    def __post_init__(self) -> None:
        _charged(self.duty)

    def __str__(self) -> str:
        return f"{_inside(self.duty, Choice)} ({self.when})"


@dataclass(frozen=True, slots=True)
class Choice(Duty):
    """Duties of which the first that applies is charged, else ``otherwise``; None: none is stated."""

    cases: tuple[Case, ...]
    otherwise: Duty | None = None

    def __post_init__(self) -> None:
        require(len(self.cases) > 0, "a choice has one case or more")
        _charged(*() if self.otherwise is None else (self.otherwise,))

    def __str__(self) -> str:
        said = [str(case) for case in self.cases]
        if self.otherwise is not None:
            said.append(f"else {_inside(self.otherwise, Choice)}")
        return "; ".join(said)


def _charged(*duties: Duty) -> None:
    good = not any(isinstance(duty, Minus) for duty in duties)
    require(good, "only a term of a sum can be taken off")


def _inside(duty: Duty, *wrapped: type[Duty]) -> str:
    return f"({duty})" if isinstance(duty, wrapped) else str(duty)
