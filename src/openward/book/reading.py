"""Read YAML and JSON so that every error can say file and line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from openward.errors import InputError, InputErrors, MissingDataError, OpenwardError

Location = Sequence[str | int]


class _Loader(yaml.CSafeLoader):
    """YAML in which dates, codes with leading zeros and the words on, off, yes, no stay text."""


class _DatedLoader(_Loader):
    """The same, with dates as dates."""


_KEPT = {"tag:yaml.org,2002:float", "tag:yaml.org,2002:null", "tag:yaml.org,2002:merge"}


def _resolvers(*, with_dates: bool) -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    kept = _KEPT | ({"tag:yaml.org,2002:timestamp"} if with_dates else set())
    table = {
        first: [(tag, pattern) for tag, pattern in rules if tag in kept]
        for first, rules in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }
    for first in "tTfF":
        table.setdefault(first, []).append(
            ("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|false|False)$"))
        )
    for first in "-+0123456789":
        table.setdefault(first, []).append(("tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$")))
    return table


_Loader.yaml_implicit_resolvers = _resolvers(with_dates=False)
_DatedLoader.yaml_implicit_resolvers = _resolvers(with_dates=True)


@dataclass(frozen=True, slots=True)
class Document:
    """Content of a file with the lines it came from."""

    data: Any
    label: str
    node: yaml.Node | None = field(default=None, compare=False)

    def where(self, location: Location = ()) -> str:
        """Give ``file:line`` of a place in the data (the nearest enclosing one that exists)."""
        node = self.node
        if node is None:
            return self.label
        line = node.start_mark.line
        for step in location:
            found = _child(node, step)
            if found is None:
                break
            line, node = found
        return f"{self.label}:{line + 1}"


def _child(node: yaml.Node, step: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key.start_mark.line, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        child = node.value[step]
        return child.start_mark.line, child
    return None


def read_text(path: Path, label: str) -> str:
    """Read a UTF-8 file.

    Raises
    ------
    MissingDataError
        Where it is not there.
    InputError
        Where it is not UTF-8 text.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise MissingDataError("no such file", where=label, hint="check the path") from None
    except IsADirectoryError:
        raise InputError("this is a directory, not a file", where=label) from None
    except UnicodeDecodeError as error:
        raise InputError(
            f"not UTF-8 text (byte {error.start})", where=label, hint="save it as UTF-8"
        ) from None


def read_document(path: Path, label: str, *, with_dates: bool = False) -> Document:
    """Read a YAML file, or a JSON file by its suffix.

    Parameters
    ----------
    path : Path
    label : str
        How messages call the file.
    with_dates : bool
        Give dates as ``datetime.date`` instead of text.

    Raises
    ------
    InputErrors
        Where the syntax is wrong or a key comes twice; all are reported.
    """
    text = read_text(path, label)
    return _json(text, label) if path.suffix == ".json" else parse_yaml(text, label, with_dates=with_dates)


def parse_yaml(text: str, label: str, *, with_dates: bool = False) -> Document:
    """Read YAML text; parameters and errors as in :func:`read_document`."""
    loader = (_DatedLoader if with_dates else _Loader)(text)
    try:
        node = loader.get_single_node()
        if node is None:
            raise InputErrors([InputError("the file is empty", where=label)])
        twice = list(_repeated_keys(node, label))
        if twice:
            raise InputErrors(twice)
        return Document(loader.construct_document(node), label, node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{label}:{mark.line + 1}" if mark else label
        raise InputErrors(
            [
                InputError(
                    f"not valid YAML: {error.problem or error.context}",
                    hint="look at brackets, quotes and indentation on this line and the one before",
                    where=where,
                )
            ]
        ) from None
    except ValueError as error:
        raise InputErrors([InputError(f"a value cannot be read: {error}", where=label)]) from None
    finally:
        loader.dispose()


def _json(text: str, label: str) -> Document:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputErrors(
            [InputError(f"not valid JSON: {error.msg}", where=f"{label}:{error.lineno}")]
        ) from None
    try:
        # JSON is nearly YAML, so the YAML reader gives the lines; where it cannot, only the file is named.
        node = yaml.compose(text.replace("\t", " "), Loader=_Loader)
    except yaml.YAMLError:
        return Document(data, label)
    twice = list(_repeated_keys(node, label)) if node is not None else []
    if twice:
        raise InputErrors(twice)
    return Document(data, label, node)


def _repeated_keys(node: yaml.Node, label: str) -> Iterator[OpenwardError]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield InputError(
                    f"the field {key.value!r} comes twice",
                    where=f"{label}:{key.start_mark.line + 1}",
                    hint="keep one of them",
                )
            seen.add(key.value)
            yield from _repeated_keys(value, label)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _repeated_keys(value, label)


def nearest(
    word: object,
    known: Iterable[str],
    *,
    listing: str = "",
    otherwise: str = "nothing known is spelled like it",
) -> str:
    """Give a hint that names what was probably meant, or else what is known, or else what to do."""
    names = sorted(set(known))
    folded = {name.lower(): name for name in names}
    close = get_close_matches(str(word).lower(), folded, n=3, cutoff=0.6)
    if close:
        return "did you mean " + " or ".join(folded[name] for name in close) + "?"
    if listing and len(names) <= 40:
        return f"known {listing}: {', '.join(names)}"
    return otherwise
