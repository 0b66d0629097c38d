"""What to watch (``openward.watch/1``): products, partners, rules, feeds, holdings, and who is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from openward.errors import InputError, InputErrors
from openward.watch.rules import Rule, rule


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Subscriber(_Strict):
    """Who is told of an alert, and how; without `rules` and `products`, of every one."""

    name: str = Field(min_length=1)
    kind: Literal["file", "webhook", "smtp"]
    rules: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    path: Path | None = None
    url: str | None = None
    host: str | None = None
    port: int = Field(default=25, ge=1, le=65535)
    starttls: bool = False
    sender: str | None = None
    to: tuple[str, ...] = ()


class Holding(_Strict):
    """Something held abroad: its economy, the parties in it, the products it trades, its value in USD."""

    name: str
    economy: str
    parties: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    value: float = Field(ge=0)


class WatchSpec(_Strict):
    """A watch (``openward.watch/1``)."""

    schema_: Literal["openward.watch/1"] = Field(alias="schema")
    name: str = Field(min_length=1)
    book: str = "chn"
    economy: str
    flow: Literal["import", "export", "any"] = "any"
    products: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    start: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    rules: tuple[dict[str, Any], ...] = Field(min_length=1)
    law_horizon_days: int = Field(default=180, ge=1)
    notices: Path | None = None
    events: Path | None = None
    industry: Path | None = None
    least_severity: int = Field(default=3, ge=1, le=5)
    holdings: tuple[Holding, ...] = ()
    subscribers: tuple[Subscriber, ...] = ()

    def table_rules(self) -> tuple[Rule, ...]:
        """Give the rules over tables with this watch's own parameters."""
        found = []
        for entry in self.rules:
            given = dict(entry)
            name = str(given.pop("rule"))
            if name not in LAW_RULES:
                found.append(rule(name, **given))
        return tuple(found)

    def has(self, name: str) -> bool:
        """Whether a rule is switched on."""
        return any(entry["rule"] == name for entry in self.rules)


def _beside(spec: WatchSpec, folder: Path) -> WatchSpec:
    """Take the paths of a watch from the folder it lies in, wherever it is run."""
    given = {name: getattr(spec, name) for name in ("notices", "events", "industry")}
    paths = {name: folder / path for name, path in given.items() if path is not None}
    people = tuple(
        one if one.path is None else one.model_copy(update={"path": folder / one.path})
        for one in spec.subscribers
    )
    return spec.model_copy(update={**paths, "subscribers": people})


LAW_RULES = (
    "law-change",
    "law-expiry",
    "suspension-lapse",
    "foreign-measure",
    "foreign-expiry",
    "country-risk",
    "holding-listed",
    "holding-control",
)
"""Rules that read the book or a feed instead of a table of trade."""


def read_spec(path: Path) -> WatchSpec:
    """Read and check a watch.

    Raises
    ------
    InputErrors
        Everything that is wrong in it: unknown fields, rules, parameters; subscribers without an address.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        spec = WatchSpec.model_validate(raw)
    except (OSError, yaml.YAMLError) as error:
        raise InputError(
            "not a readable YAML file", where=str(path), hint=str(error).splitlines()[0]
        ) from error
    except ValidationError as error:
        raise InputErrors(
            [
                InputError(
                    one["msg"], where=f"{path}: {'.'.join(map(str, one['loc']))}", hint="see docs/watch.md"
                )
                for one in error.errors()
            ]
        ) from None
    faults: list[InputError] = []
    for entry in spec.rules:
        try:
            given = dict(entry)
            name = given.pop("rule", None)
            if name not in LAW_RULES:
                rule(str(name), **given)
            elif given:
                faults.append(
                    InputError(f"{name} takes no {', '.join(given)}", where=str(path), hint="leave it out")
                )
        except InputError as error:
            faults.append(InputError(error.message, where=f"{path}: rules", hint=error.hint))
    needs = {"file": ("path",), "webhook": ("url",), "smtp": ("host", "sender", "to")}
    names = [one.name for one in spec.subscribers]
    for one in spec.subscribers:
        lacking = [field for field in needs[one.kind] if not getattr(one, field)]
        if lacking:
            faults.append(
                InputError(
                    f"subscriber {one.name} has no {', '.join(lacking)}", where=str(path), hint=one.kind
                )
            )
        if names.count(one.name) > 1:
            faults.append(
                InputError(f"two subscribers are called {one.name}", where=str(path), hint="rename")
            )
    if faults:
        raise InputErrors(faults)
    return _beside(spec, path.parent)
