"""Reader of the rule sets that the United Kingdom publishes for its agreements and preferences."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from openward.codes.economies import economies
from openward.determine.origin.codes import CodeRange
from openward.determine.origin.cumulation import Zone
from openward.determine.origin.scheme import Entry, Scheme
from openward.determine.origin.text.rule_set import read_entry
from openward.determine.origin.tolerances import tolerances_of
from openward.errors import InputError, MissingDataError, OpenwardError

ARCHIVE = "uk_roo_rule_sets_44_schemes.tar.gz"
SCHEMES = "roo_schemes_uk.json"
PUBLISHER = "trade-tariff-backend lib/rules_of_origin, Crown copyright (OGL v3)"


def folder(data: Path) -> Path:
    """Find the folder of rule sets below a data folder.

    Raises
    ------
    MissingDataError
        If it is not there.
    """
    for place in (data / "tariff" / "roo", data / "data" / "tariff" / "roo", data):
        if (place / SCHEMES).is_file():
            return place
    raise MissingDataError(
        f"no rules of origin under {data}",
        hint=f"give the folder that holds tariff/roo/{SCHEMES}",
        where="--data",
    )


def scheme_names(data: Path) -> tuple[str, ...]:
    """Give the schemes that the publisher lists, with or without rules at hand."""
    return tuple(each["scheme_code"] for each in _index(folder(data)))


def load(name: str, data: Path | None) -> Scheme:
    """Read a scheme from a data folder, or from the excerpt of it that ships (some entries of the CPTPP).

    Raises
    ------
    MissingDataError
        If the scheme is not at hand.
    """
    if data is not None:
        return load_scheme(data, name)
    place = files(__package__) / "data" / f"{name}-excerpt.json"
    if not place.is_file():
        raise MissingDataError(
            f"no rules of {name!r} ship",
            hint="give the folder with the published data, --data DIR",
            where="--scheme",
        )
    document = json.loads(place.read_text(encoding="utf-8"))
    return scheme_from(name, document["scheme"], document)


@lru_cache(maxsize=64)
def load_scheme(data: Path, name: str) -> Scheme:
    """Read one scheme.

    Raises
    ------
    MissingDataError
        If it is not listed, or its rule set is not at hand (Australia's).
    InputError
        If the file is not a rule set; the message says which entry.
    """
    place = folder(data)
    listed = {each["scheme_code"]: each for each in _index(place)}
    if name not in listed:
        raise MissingDataError(
            f"no scheme {name!r}", hint="one of " + ", ".join(sorted(listed)), where=str(SCHEMES)
        )
    return scheme_from(name, listed[name], _rule_sets(place, name))


def scheme_from(name: str, about: Mapping[str, Any], document: Mapping[str, Any]) -> Scheme:
    """Build a scheme from its published description and rule sets."""
    methods = about.get("cumulation_methods") or {}
    parties = _codes(about.get("countries", ())) | _codes(methods.get("bilateral", {}).get("countries", ()))
    extended = frozenset(
        c for kind in ("extended", "diagonal") for c in _codes(methods.get(kind, {}).get("countries", ()))
    )
    ord_ = about.get("ord") or {}
    return Scheme(
        name=name,
        title=about.get("title", name),
        zone=Zone(parties | {"GBR"}, extended - parties),
        entries=tuple(_entries(name, document)),
        tolerances=tolerances_of(name),
        valid_from=_day(about.get("validity_start_date")),
        valid_to=_day(about.get("validity_end_date")),
        citation=ord_.get("ord_title") or f"{name} ({PUBLISHER})",
    )


def _entries(name: str, document: Mapping[str, Any]) -> Iterator[Entry]:
    sets = document.get("rule_sets")
    if not isinstance(sets, list):
        raise InputError("no list rule_sets", hint="expected a published rule set", where=f"{name}.json")
    for number, each in enumerate(sets):
        where = f"{name}.json rule_sets[{number}]"
        try:
            texts = tuple(str(rule["rule"]) for rule in each["rules"])
            published = [(str(rule["rule"]), tuple(rule["class"])) for rule in each["rules"]]
            heading = str(each["heading"])
            codes = CodeRange(str(each["min"]), str(each["max"]))
        except (KeyError, TypeError) as bad:
            raise InputError(
                f"not a rule set: {bad!r}", hint="expected heading, min, max, rules", where=where
            ) from bad
        except OpenwardError as bad:
            raise InputError(bad.message, hint=bad.hint, where=where) from bad
        if not texts:
            raise InputError("an entry without rules", hint="every entry needs a rule", where=where)
        rule, read = read_entry(published)
        description = " ".join(str(each.get("subdivision") or "").split())
        partial = heading.lower().startswith("ex") and not heading.lower().startswith("ex chapter")
        yield Entry(codes, heading, description, rule, texts, read, partial)


@lru_cache(maxsize=4)
def _index(place: Path) -> tuple[Mapping[str, Any], ...]:
    return tuple(json.loads((place / SCHEMES).read_text(encoding="utf-8"))["schemes"])


def _rule_sets(place: Path, name: str) -> Mapping[str, Any]:
    own = place / f"{name}.json"
    text = own.read_text(encoding="utf-8") if own.is_file() else _archived(place / ARCHIVE).get(name, "")
    if not text:
        raise MissingDataError(
            f"the rule set of {name} is not at hand", hint="its scheme is listed without rules", where=name
        )
    try:
        document = json.loads(text)
    except json.JSONDecodeError as bad:
        raise InputError(
            f"not JSON: {bad.msg}", hint="the file may be truncated", where=f"{name}.json:{bad.lineno}"
        ) from bad
    if not isinstance(document, dict):
        raise InputError("not a rule set", hint="expected an object with rule_sets", where=f"{name}.json")
    return document


@lru_cache(maxsize=2)
def _archived(archive: Path) -> Mapping[str, str]:
    if not archive.is_file():
        return {}
    found: dict[str, str] = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            path = Path(member.name)
            if path.parent.name == "rule_sets" and path.suffix == ".json":
                held = tar.extractfile(member)
                if held is not None:
                    found[path.stem] = held.read().decode("utf-8")
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@lru_cache(maxsize=1)
def _alpha3() -> Mapping[str, str]:
    own = {each.iso2: code for code, each in economies().items()}
    return {**own, "XS": "SRB", "XK": "XKX", "UR": "URY", "ZU": "TAA"}


def _codes(iso2: Any) -> frozenset[str]:
    return frozenset(_alpha3().get(each, each) for each in iso2)
