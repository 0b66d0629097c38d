"""Fetch the files of a source: licence first, cache next, the network last; only whole files get a name."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from openward.errors import InputError, MissingDataError
from openward.observe.sources.cache import Cache, Cached, Receipt
from openward.observe.sources.integrity import check_download
from openward.observe.sources.licences import require_licence
from openward.observe.sources.model import Download, Request, Source
from openward.observe.sources.secrets import public_address
from openward.observe.sources.settings import Settings
from openward.observe.sources.transfer import transfer


def fetch(source: Source, request: Request, *, cache: Cache, settings: Settings) -> tuple[Cached, ...]:
    """Bring all files of a request here.

    Parameters
    ----------
    source : Source
    request : Request
    cache : Cache
    settings : Settings

    Returns
    -------
    tuple of Cached
        In the order of the request; every one whole.

    Raises
    ------
    RefusedError
        The licence is not accepted, the server refuses, or another process is fetching.
    MissingDataError
        Offline and not in the cache; or the server does not give it.
    InputError
        What came is not whole, or the disk is full.
    """
    require_licence(source, root=cache.root, settings=settings)
    return tuple(
        _one(source, request, download, cache=cache, settings=settings) for download in request.downloads
    )


def _one(source: Source, request: Request, download: Download, *, cache: Cache, settings: Settings) -> Cached:
    path = cache.place(source.name, request.vintage, download.target)
    if settings.offline:
        return _from_cache(source, request, download, cache=cache, settings=settings)
    try:
        found = cache.find(source.name, request.vintage, download.target)
    except InputError as spoilt:
        settings.tell(f"{spoilt.message}; fetching it again")
        found = None
    if found is not None:
        settings.tell(f"{download.target}: in the cache since {found.receipt.fetched[:10]}")
        return found
    with cache.alone(path):
        return _bring(source, request, download, path=path, cache=cache, settings=settings)


def _from_cache(
    source: Source, request: Request, download: Download, *, cache: Cache, settings: Settings
) -> Cached:
    found = cache.find(source.name, request.vintage, download.target)
    if found is None and request.is_live:
        found = cache.newest(source.name, download.target)
        if found is not None:
            settings.tell(f"offline: {download.target} as of {found.vintage}")
    if found is None:
        at_hand = ", ".join(cache.vintages(source.name)) or "none"
        raise MissingDataError(
            f"offline, and {download.target} is not in the cache",
            hint=f"run it once without --offline; vintages of {source.name} at hand: {at_hand}",
            where=str(cache.place(source.name, request.vintage, download.target)),
        )
    return found


def _bring(
    source: Source, request: Request, download: Download, *, path: Path, cache: Cache, settings: Settings
) -> Cached:
    part = path.with_name(path.name + ".part")
    settings.tell(f"{download.target}: fetching {public_address(download.url)}")
    done = transfer(download, part=part, settings=settings)
    try:
        digest = _checked(part, download)
    except InputError as spoilt:
        # Pieces of two files can make a damaged whole; a file that came in one go will not get better.
        if not done.resumed:
            raise
        settings.tell(f"{download.target}: {spoilt.message}; it came in pieces, once more from the start")
        done = transfer(download, part=part, settings=settings)
        digest = _checked(part, download)
    if not done.is_length_proven and download.size is None and download.content in ("csv", "any"):
        settings.tell(f"{download.target}: the server did not say how long the file is; compare it yourself")
    receipt = Receipt(
        url=public_address(download.url),
        fetched=datetime.now(UTC).isoformat(timespec="seconds"),
        size=done.size,
        sha256=digest,
        etag=done.etag,
        last_modified=done.last_modified,
        licence=source.licence.name,
    )
    cache.keep(part, path, receipt)
    settings.tell(f"{download.target}: {done.size:,} bytes, whole; tries: {done.tries}")
    return Cached(path, request.vintage, receipt)


def _checked(part: Path, download: Download) -> str:
    try:
        return check_download(part, download)
    except InputError:
        part.unlink(missing_ok=True)
        raise
