"""A party as lists and questions know it, in the terms of FollowTheMoney (plain JSON, no dependency)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from openward.determine.screening.fold import has_han
from openward.errors import InputError

_NAMES = ("name", "alias", "previousName", "weakAlias")
_BRACKETED = re.compile(r"^(?P<outer>[^()（）]+?)\s*[(（](?P<inner>[^()（）]+)[)）]\s*$")


@dataclass(frozen=True, slots=True)
class Party:
    """A party: its names (the first is the one shown), where it stands, and what else is said of it."""

    id: str
    names: tuple[str, ...]
    schema: str = ""
    source: str = ""
    countries: tuple[str, ...] = ()
    properties: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def fingerprint(self) -> str:
        """SHA-256 of everything that is known of the party: it changes when the party does."""
        content = {
            "names": sorted(self.names),
            "schema": self.schema,
            "source": self.source,
            "countries": sorted(self.countries),
            "properties": {key: sorted(values) for key, values in sorted(self.properties.items())},
        }
        text = json.dumps(content, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def spellings(name: str) -> tuple[str, ...]:
    """Give the names inside one string: ``Skydio Inc. (斯凯迪奥公司)`` holds two, one in each script."""
    found = _BRACKETED.match(name.strip())
    if found and has_han(found["outer"]) != has_han(found["inner"]):
        return found["outer"].strip(), found["inner"].strip()
    return (name.strip(),)


def party_from(document: Mapping[str, Any], *, where: str = "") -> Party:
    """Build a party from an entity of FollowTheMoney.

    Raises
    ------
    InputError
        Where it has no id, no schema or no name.
    """
    properties = document.get("properties", {})
    if not isinstance(properties, Mapping):
        raise InputError("properties is not an object", where=where, hint="give lists of text by property")
    read = {str(key): _texts(value) for key, value in properties.items()}
    names = tuple(dict.fromkeys(name for key in _NAMES for name in read.get(key, ())))
    if not names and isinstance(document.get("caption"), str):
        names = (document["caption"],)
    for key in ("id", "schema"):
        if not isinstance(document.get(key), str) or not document[key]:
            raise InputError(f"the entity has no {key}", where=where, hint="see followthemoney.tech")
    if not names:
        raise InputError(
            f"the entity {document['id']!r} has no name", where=where, hint="fill properties.name"
        )
    sources = _texts(document.get("datasets", ()))
    return Party(
        id=document["id"],
        names=names,
        schema=document["schema"],
        source=";".join(sources),
        countries=read.get("country", ()) or read.get("nationality", ()),
        properties=MappingProxyType(read),
    )


def party_document(party: Party) -> dict[str, Any]:
    """Give a party as an entity of FollowTheMoney."""
    properties = {key: list(values) for key, values in party.properties.items()}
    if not any(key in properties for key in _NAMES):
        properties["name"] = [party.names[0]]
        if len(party.names) > 1:
            properties["alias"] = list(party.names[1:])
    if party.countries and "country" not in properties and "nationality" not in properties:
        properties["country"] = list(party.countries)
    document: dict[str, Any] = {
        "id": party.id,
        "caption": party.names[0],
        "schema": party.schema or "LegalEntity",
        "properties": properties,
    }
    return document | ({"datasets": party.source.split(";")} if party.source else {})


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, Sequence):
        return tuple(str(one) for one in value if one not in (None, ""))
    return ()
