"""Confidential facts: the record holds a commitment, the fact itself lies apart.

The public record can thus be verified whole by somebody who may not read them, and they can be destroyed when
their time is over without breaking the chain. The salt keeps a guess from being tried against the commitment.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import rfc8785

from openward.errors import InputError


@dataclass(frozen=True, slots=True)
class Sealed:
    """One confidential fact: ``content`` is its canonical JSON."""

    name: str
    salt: str
    content: str

    @property
    def commitment(self) -> str:
        """SHA-256 of name, salt and content, in hex."""
        return hashlib.sha256(rfc8785.dumps([self.name, self.salt, self.content])).hexdigest()

    @property
    def value(self) -> Any:
        """The fact."""
        return json.loads(self.content)


def seal(facts: Mapping[str, Any], confidential: Iterable[str]) -> tuple[dict[str, Any], tuple[Sealed, ...]]:
    """Part facts into public ones and sealed ones.

    Raises
    ------
    InputError
        A fact is not JSON.
    """
    secret = frozenset(confidential)
    public = {name: value for name, value in facts.items() if name not in secret}
    try:
        return public, tuple(
            Sealed(name, secrets.token_hex(32), rfc8785.dumps(value).decode())
            for name, value in sorted(facts.items())
            if name in secret
        )
    except rfc8785.CanonicalizationError as bad:
        raise InputError(f"a confidential fact cannot be recorded: {bad}", hint="write it as text") from bad
