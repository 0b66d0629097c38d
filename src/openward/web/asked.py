"""A question as an address states it: read strictly, written back plainly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from openward.codes.tables import nearest, unknown
from openward.determine.decision import Fact
from openward.determine.shipment import facts_of
from openward.errors import InputError, UsageError
from openward.web.forms import FORMS, GOODS, INDUSTRY, KEPT, MODE, Form

ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff"))


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of a question, by the names of its fields.

    Attributes
    ----------
    form : Form
    given : mapping
        Values of each field that was given; an empty tuple where it was left empty.
    """

    form: Form
    given: Mapping[str, tuple[str, ...]]

    def one(self, name: str) -> str:
        """Give the value of a field; empty where there is none."""
        found = self.given.get(name, ())
        return found[0] if found else ""

    def many(self, name: str) -> tuple[str, ...]:
        """Give the values of a field that may have several."""
        return self.given.get(name, ())

    def shown(self, name: str) -> str:
        """Give a field as its form shows it."""
        return "; ".join(self.given.get(name, ()))

    @property
    def opened(self) -> bool:
        """Whether a field that is shown only on demand was given; facts stand above the answer anyway."""
        return any(self.given.get(f.name) for f in self.form.fields if f.more and f.name != "fact")

    def pairs(self) -> list[tuple[str, str]]:
        """Give the parameters that were given, the mode first."""
        found = [(MODE, self.form.mode)]
        found += [(f.name, value) for f in self.form.fields for value in self.given.get(f.name, ())]
        return found

    def url(self, path: str = "/lookup") -> str:
        """Give the address of the question."""
        return f"{path}?{urlencode(self.pairs())}"

    def facts(self) -> dict[str, Fact]:
        """Read the facts.

        Raises
        ------
        InputError
            Not ``name=value``, or a fact given twice with different values.
        """
        found: dict[str, Fact] = {}
        for text in self.many("fact"):
            for name, value in facts_of(text).items():
                if name in found and found[name] != value:
                    raise InputError(
                        f"the fact {name} is given twice: {found[name]} and {value}",
                        hint="give it once",
                        where="fact",
                    )
                found[name] = value
        return found

    def told(self, changes: Mapping[str, str]) -> Asked:
        """Give the question with more known: a field of that name where there is one, else a fact."""
        given = dict(self.given)
        for name, value in changes.items():
            if self.form.field(name) is not None and name != "fact":
                given[name] = (value,)
            else:
                kept = (text for text in given.get("fact", ()) if text.partition("=")[0].strip() != name)
                given["fact"] = (*kept, f"{name}={value}")
        return replace(self, given=given)

    def untold(self, fact: str) -> Asked:
        """Give the question without one of its facts."""
        kept = tuple(text for text in self.many("fact") if text != fact)
        return replace(self, given={**self.given, "fact": kept})

    def turned(self, form: Form) -> Asked:
        """Give the start of a question of another kind about the same thing."""
        kept = {n: v for n, v in self.given.items() if n in KEPT and v and form.field(n) is not None}
        return Asked(form, kept)

    def exemplary(self) -> Asked:
        """Fill what was not even asked for with the example of the form."""
        examples = {f.name: (f.example,) for f in self.form.fields if f.example}
        if "eccn" in self.given:
            examples.pop("hs", None)
        return replace(self, given=examples | dict(self.given))


def form_of(pairs: Iterable[tuple[str, str]]) -> Form:
    """Tell which question the parameters ask.

    Without a mode, an industry or partner asks for an average as earlier addresses did; else it is goods.

    Raises
    ------
    UnknownCodeError
        There is no such mode.
    """
    given = dict(pairs)
    if MODE in given:
        modes = {form.mode: form for form in FORMS}
        if given[MODE] not in modes:
            near = nearest(given[MODE], modes)
            raise unknown("mode", given[MODE], near, f"one of {', '.join(modes)}")
        return modes[given[MODE]]
    if "hs" not in given and given.keys() - DAYS:
        return INDUSTRY
    return GOODS


DAYS = frozenset({"on", "as_of", "known_at"})


def read(form: Form, pairs: Iterable[tuple[str, str]]) -> Asked:
    """Read the parameters of a question.

    Raises
    ------
    UsageError
        A parameter nobody defined (the hint names the nearest), or one value given twice.
    """
    given: dict[str, tuple[str, ...]] = {}
    for name, text in pairs:
        if name == MODE:
            continue
        field = form.field(name)
        if field is None:
            raise unknown_parameter(name, form)
        texts = text.split(";") if field.many else [text]
        values = tuple(t for one in texts if (t := one.translate(ZERO_WIDTH).strip()))
        before = given.get(field.name, ())
        if before and values and not field.many and before != values:
            raise UsageError(
                f"{field.label.lower()} is given twice: {before[0]!r} and {values[0]!r}",
                hint="give it once",
                where=name,
            )
        given[field.name] = (*before, *values) if field.many else values or before
    return Asked(form, given)


def unknown_parameter(name: str, form: Form) -> UsageError:
    """Say that a question has no such parameter, and which may have been meant."""
    near = nearest(name, form.names(), count=1)
    others = [other.title for other in FORMS if other is not form and other.field(name) is not None]
    if near:
        hint = f"did you mean {near[0]}?"
    elif others:
        hint = f"it belongs to {' and '.join(others)}"
    else:
        hint = f"parameters: {', '.join(f.name for f in form.fields)}"
    return UsageError(f"{form.title} has no parameter {name!r}", hint=hint, where=name)
