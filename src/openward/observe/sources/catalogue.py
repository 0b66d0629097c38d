"""All sources by name, and the one way to get tables out of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

from openward.errors import InputErrors, OpenwardError, UnknownCodeError, UsageError
from openward.observe.sources import (
    baci,
    comtrade,
    input_output_tables,
    own_tables,
    sdmx_services,
    unctad_fdi,
    usitc_dataweb,
    usitc_tariff,
    worldbank,
    wto,
)
from openward.observe.sources.answers import keep_answer
from openward.observe.sources.cache import Cache
from openward.observe.sources.fetching import fetch
from openward.observe.sources.integrity import check_content
from openward.observe.sources.licences import require_licence
from openward.observe.sources.model import Loaded, Options, Request, Source
from openward.observe.sources.settings import Settings

Reader = Callable[..., tuple[Loaded, ...]]
Requester = Callable[[Options], Request]


@dataclass(frozen=True, slots=True)
class Adapter:
    """A source and how it is brought here and read.

    Attributes
    ----------
    source : Source
    read : callable
    request : callable, optional
        Gives the files to download.
    service : module, optional
        Asked through its own library instead: ``question`` names the answer, ``ask`` brings it.
    """

    source: Source
    read: Reader
    request: Requester | None = None
    question: Callable[[Options], str] | None = None
    ask: Callable[..., bytes] | None = None


def _adapters() -> tuple[Adapter, ...]:
    plain = (baci, wto, usitc_tariff, usitc_dataweb, unctad_fdi)
    return (
        *(Adapter(one.SOURCE, one.read, one.request) for one in plain),
        *(Adapter(one.SOURCE, one.read, question=one.question, ask=one.ask) for one in (comtrade, worldbank)),
        *_bound(
            input_output_tables.read,
            input_output_tables.request,
            input_output_tables.ICIO,
            input_output_tables.WIOD,
        ),
        *_bound(own_tables.read, own_tables.request, own_tables.DECLARATIONS, own_tables.FDI),
        *_bound(sdmx_services.read, sdmx_services.request, *sdmx_services.SOURCES),
    )


def _bound(
    read: Reader, request: Callable[[Source, Options], Request], *sources: Source
) -> tuple[Adapter, ...]:
    return tuple(Adapter(one, partial(read, one), partial(request, one)) for one in sources)


ADAPTERS: Mapping[str, Adapter] = MappingProxyType(
    {one.source.name: one for one in sorted(_adapters(), key=lambda one: one.source.name)}
)
"""Every adapter by the name of its source."""


def adapter(name: str) -> Adapter:
    """Give the adapter of a source.

    Raises
    ------
    UnknownCodeError
        There is none of that name.
    """
    if name not in ADAPTERS:
        raise UnknownCodeError(f"no source is called {name!r}", hint="known are " + ", ".join(ADAPTERS))
    return ADAPTERS[name]


def get(
    name: str,
    *,
    options: Options,
    cache: Cache,
    settings: Settings,
    files: Sequence[Path] = (),
) -> tuple[Loaded, ...]:
    """Get the tables of a source: show its terms, fetch or find its files, check and read them.

    Parameters
    ----------
    name : str
        Name of the source.
    options : mapping
        What the source must be told (`Source.options`).
    cache : Cache
    settings : Settings
    files : sequence of Path
        Files of the user, read instead of fetching.

    Raises
    ------
    UnknownCodeError, UsageError
        No such source; an option it does not know, or one that is missing.
    RefusedError, MissingDataError, InputError
        As `fetch` and the readers say.
    """
    one = adapter(name)
    _check_options(one.source, options, has_files=bool(files))
    if files:
        require_licence(one.source, root=cache.root, settings=settings)
        paths = [_checked(path) for path in files]
    elif one.ask is not None and one.question is not None:
        ask = partial(one.ask, options, settings=settings)
        paths = [keep_answer(one.source, one.question(options), ask, cache=cache, settings=settings).path]
    elif one.request is not None:
        found = fetch(one.source, one.request(options), cache=cache, settings=settings)
        paths = [kept.path for kept in found]
    settings.tell(f"reading {', '.join(path.name for path in paths)}")
    return one.read(paths, options, work=cache.root / one.source.name / "read")


def _checked(path: Path) -> Path:
    suffix = path.suffix.lower()
    if path.is_file() and suffix in (".zip", ".json", ".csv"):
        kind = {".zip": "zip", ".json": "json", ".csv": "csv"}[suffix]
        check_content(path, content=kind)  # type: ignore[arg-type]
    return path


def _check_options(source: Source, options: Options, *, has_files: bool) -> None:
    known = {option.name: option for option in source.options}
    wrong: list[OpenwardError] = [
        UsageError(f"{source.name} has no option {name!r}", hint=f"it has {', '.join(known) or 'none'}")
        for name in options
        if name not in known
    ]
    # A file tells its own vintage and edition; what to read out of it, it does not.
    told_by_file = ("vintage", "edition", "period", "reporter", "product", "indicator") if has_files else ()
    wrong += [
        UsageError(f"{source.name} needs {name}", hint=f"{option.description}, such as {option.example}")
        for name, option in known.items()
        if option.required and name not in options and name not in told_by_file
    ]
    if wrong:
        raise InputErrors(wrong)
