"""How to behave on the network: patience, offline mode, whom to tell."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from openward.errors import UsageError
from openward.observe.sources.retrying import Patience

Tell = Callable[[str], None]

_YES = {"1", "true", "yes", "on"}
_NO = {"", "0", "false", "no", "off"}


def offline_by_environment() -> bool:
    """Tell whether ``OPENWARD_OFFLINE`` asks for the cache only.

    Raises
    ------
    UsageError
        It is neither a yes nor a no: a typing error must not open the network.
    """
    word = os.environ.get("OPENWARD_OFFLINE", "").strip().casefold()
    if word in _YES | _NO:
        return word in _YES
    raise UsageError(f"OPENWARD_OFFLINE={word!r} is neither 1 nor 0", hint="set it to 1 or 0, or unset it")


def silent(message: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How files are brought here.

    Attributes
    ----------
    offline : bool
        Take from the cache only; never open a connection.
    accept_licence : bool
        The user has seen the terms and accepts them.
    timeout : float
        Seconds without a byte before a connection counts as dead.
    patience : Patience
    tell : callable
        Gets progress messages, free of secrets.
    sleep, random : callable
        Exchanged in tests.
    """

    offline: bool = False
    accept_licence: bool = False
    timeout: float = 60.0
    patience: Patience = field(default_factory=Patience)
    tell: Tell = silent
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random
