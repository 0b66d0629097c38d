"""The five edits of the law, and the reform that lists them: data with a canonical form and a hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar

from openward.book.model import Measure


@dataclass(frozen=True, slots=True)
class Add:
    """A new measure, valid as it says."""

    kind: ClassVar[str] = "add"
    measure: Measure
    where: str = field(default="", compare=False)

    @property
    def start(self) -> date:
        """First day of the measure."""
        return self.measure.valid.start

    @property
    def subject(self) -> str:
        """Id of the measure."""
        return self.measure.id


@dataclass(frozen=True, slots=True)
class Repeal:
    """From ``start`` on the measure no longer applies."""

    kind: ClassVar[str] = "repeal"
    measure_id: str
    start: date
    where: str = field(default="", compare=False)

    @property
    def subject(self) -> str:
        """Id of the measure."""
        return self.measure_id


@dataclass(frozen=True, slots=True)
class Amend:
    """From ``start`` on the measure says what ``set`` says.

    ``set`` is a JSON merge patch (RFC 7396) on the measure as written in files: nested fields are merged,
    lists are replaced, null takes a field away. Without ``valid`` in it, every later part of the measure is
    patched. With ``valid``, from ``start`` on the measure applies on the days of ``valid`` and on no others.
    """

    kind: ClassVar[str] = "amend"
    measure_id: str
    set: Mapping[str, Any]
    start: date
    where: str = field(default="", compare=False)

    @property
    def subject(self) -> str:
        """Id of the measure."""
        return self.measure_id


@dataclass(frozen=True, slots=True)
class Join:
    """From ``start`` on the economy is a member of the group."""

    kind: ClassVar[str] = "join"
    economy: str
    group: str
    start: date
    where: str = field(default="", compare=False)

    @property
    def subject(self) -> str:
        """Economy and group."""
        return f"{self.economy} {self.group}"


@dataclass(frozen=True, slots=True)
class Leave:
    """From ``start`` on the economy is not a member of the group."""

    kind: ClassVar[str] = "leave"
    economy: str
    group: str
    start: date
    where: str = field(default="", compare=False)

    @property
    def subject(self) -> str:
        """Economy and group."""
        return f"{self.economy} {self.group}"


Edit = Add | Repeal | Amend | Join | Leave


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a reform comes from: an act, an address, or both."""

    act: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Reform:
    """A named list of edits.

    Attributes
    ----------
    name : str
    title, description : mapping
        Text by language (``en``, ``zh``).
    source : Citation
    edits : tuple of Edit
        In the order of the file; they take effect in canonical order (date, kind, id).
    """

    name: str
    edits: tuple[Edit, ...] = ()
    title: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    description: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    source: Citation = Citation()

    def canonical(self) -> bytes:
        """Give the RFC 8785 JSON of ``schema`` and ``edits``, edits sorted by date, kind, id."""
        from openward.book.canonical import canonical_json

        return canonical_json(self.edits)

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical form: 64 hex digits."""
        from hashlib import sha256

        return sha256(self.canonical()).hexdigest()

    @property
    def hash(self) -> str:
        """First 12 hex digits of :attr:`digest`: the name by which a reform is known."""
        return self.digest[:12]

    @property
    def last_day(self) -> date | None:
        """Date of the last edit; None for an empty reform."""
        return max((edit.start for edit in self.edits), default=None)

    def to_yaml(self) -> str:
        """Write the reform as the file it could be read from."""
        from openward.book.documents import reform_document, to_yaml

        return to_yaml(reform_document(self))
