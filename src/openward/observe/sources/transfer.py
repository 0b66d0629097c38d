"""Bring one file here over a bad connection: resume what is proven to be the same file, else start anew.

The bytes go to ``NAME.part`` beside a note of what file they belong to. Nobody takes a ``.part`` for a whole
file: only after the announced length is reached and the content is checked does it get its name
(`openward.observe.sources.fetching`). Resuming follows RFC 9110 sections 13.1.5 and 14: ``Range`` with
``If-Range``.
"""

from __future__ import annotations

import http.client
import json
import os
import urllib.error
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path

from openward.errors import InputError, MissingDataError, OpenwardError, RefusedError
from openward.observe.sources.connection import Answer, connect
from openward.observe.sources.model import Download
from openward.observe.sources.retrying import CutOff, asked_wait, is_passing
from openward.observe.sources.secrets import public_address, public_text
from openward.observe.sources.settings import Settings

_BLOCK = 1 << 18


@dataclass(frozen=True, slots=True)
class Transferred:
    """What came of a transfer.

    Attributes
    ----------
    size : int
        Bytes.
    etag, last_modified : str
    tries : int
    resumed : bool
        Some bytes were here before, or a broken connection was continued.
    is_length_proven : bool
        The server announced where the file ends.
    """

    size: int
    etag: str
    last_modified: str
    tries: int
    resumed: bool
    is_length_proven: bool


@dataclass(frozen=True, slots=True)
class _Known:
    """Note beside a ``.part``: which file its bytes belong to."""

    url: str
    validator: str
    total: int | None


def transfer(download: Download, *, part: Path, settings: Settings) -> Transferred:
    """Bring a file to ``part``.

    Parameters
    ----------
    download : Download
    part : Path
        Where the bytes go; what is there already is continued if it is proven to be of the same file.
    settings : Settings

    Returns
    -------
    Transferred

    Raises
    ------
    MissingDataError
        The server has no such file, or did not give it after all tries; what came stays in ``part``.
    RefusedError
        The server wants another key or permission.
    InputError
        The answer cannot be this file; or the disk is full (what came stays in ``part``).
    """
    tries, failures, best, resumed = 0, 0, _size(part), False
    while True:
        tries += 1
        offset = _size(part)
        try:
            answer = _one_try(download, part=part, settings=settings)
        except (OSError, http.client.HTTPException, CutOff) as fault:
            error = fault
        else:
            resumed = resumed or answer.status in (206, 416)
            _note(part).unlink(missing_ok=True)
            return Transferred(
                size=_size(part),
                etag=answer.etag,
                last_modified=answer.last_modified,
                tries=tries,
                resumed=resumed,
                is_length_proven=answer.is_framed,
            )
        if not is_passing(error):
            raise _final(error, download) from None
        here = _size(part)
        resumed = resumed or 0 < offset < here
        failures = 1 if here > best else failures + 1
        best = max(best, here)
        if failures >= settings.patience.attempts:
            raise MissingDataError(
                f"gave up after {tries} tries: {_told(error, download)}",
                hint=_kept(here),
                where=public_address(download.url),
            ) from None
        wait = _wait(error, failures, download, settings)
        settings.tell(
            f"{download.target}: {_told(error, download)}; {here:,} bytes so far, again in {wait:.0f} s"
        )
        settings.sleep(wait)


def _one_try(download: Download, *, part: Path, settings: Settings) -> Answer:
    known, offset = _read_note(part, download), _size(part)
    may_resume = known is not None and bool(known.validator) and offset > 0
    extra = {"Range": f"bytes={offset}-", "If-Range": known.validator} if known and may_resume else {}
    answer = connect(download, extra=extra, timeout=settings.timeout)
    with closing(answer.body):
        if answer.status == 416:
            if known and may_resume and answer.total == offset and answer.validator in ("", known.validator):
                return answer
            _forget(part)
            raise CutOff("what was here is not a beginning of the file; starting anew")
        if answer.status not in (200, 206):
            raise InputError(
                f"the server answered {answer.status} instead of a file",
                hint="ask again later, or check the address",
                where=public_address(download.url),
            )
        if answer.status == 206 and not _continues(answer, known, offset):
            _forget(part)
            raise CutOff("the server gave another part than asked for; starting anew")
        if download.size is not None and answer.total not in (None, download.size):
            raise InputError(
                f"the server offers {answer.total:,} bytes, the publisher states {download.size:,}",
                hint="the file was exchanged or the address is another one; nothing was loaded",
                where=public_address(download.url),
            )
        if answer.status == 200:
            offset = 0
            with _writing(0):
                part.unlink(missing_ok=True)
                _write_note(part, _Known(public_address(download.url), answer.validator, answer.total))
        _receive(answer, part=part, offset=offset)
    return answer


def _continues(answer: Answer, known: _Known | None, offset: int) -> bool:
    same_file = known is not None and answer.validator in ("", known.validator)
    same_total = known is not None and (None in (known.total, answer.total) or known.total == answer.total)
    return same_file and same_total and answer.start == offset > 0


def _receive(answer: Answer, *, part: Path, offset: int) -> None:
    position = offset
    with _writing(offset):
        # Unbuffered: what was written is on its way to the disk when the connection breaks.
        file = part.open("ab", buffering=0)
    with file:
        while block := answer.body.read1(_BLOCK):
            with _writing(position):
                _write_all(file, block)
            position += len(block)
        with _writing(position):
            os.fsync(file.fileno())
    if answer.total is not None and position < answer.total:
        raise CutOff(f"the connection ended after {position:,} of {answer.total:,} bytes")
    if answer.total is not None and position > answer.total:
        _forget(part)
        raise CutOff(f"{position:,} bytes came where {answer.total:,} were announced; starting anew")


def _write_all(file: FileIO, block: bytes) -> None:
    view = memoryview(block)
    while view:
        view = view[file.write(view) :]


@contextmanager
def _writing(position: int) -> Iterator[None]:
    """Tell a fault of the disk from one of the network."""
    try:
        yield
    except OSError as full:
        raise InputError(
            f"cannot write after {position:,} bytes: {full.strerror or full}",
            hint="make room; what came is kept and the next run continues it",
            where="the cache",
        ) from full


def _final(error: BaseException, download: Download) -> OpenwardError:
    where = public_address(download.url)
    if isinstance(error, urllib.error.HTTPError):
        error.close()
        if error.code in (401, 403, 407):
            named = f"check {download.key.variable}" if download.key else "the server wants a permission"
            return RefusedError(f"the server answered {error.code} {error.reason}", hint=named, where=where)
        return MissingDataError(
            f"the server answered {error.code} {error.reason}",
            hint="check vintage, year and edition; or download it with a browser and give it with --file",
            where=where,
        )
    return MissingDataError(
        f"cannot reach the server: {_told(error, download)}",
        hint="check network and proxy (HTTPS_PROXY), or work from the cache with --offline, or give a --file",
        where=where,
    )


def _told(error: BaseException, download: Download) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"the server answered {error.code} {error.reason}"
    if isinstance(error, TimeoutError) or (
        isinstance(error, urllib.error.URLError) and isinstance(error.reason, TimeoutError)
    ):
        return "the server fell silent"
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    words = public_text(str(reason) or type(reason).__name__, keys=(download.key,) if download.key else ())
    return words.strip().rstrip(".")


def _wait(error: BaseException, failures: int, download: Download, settings: Settings) -> float:
    own = settings.patience.wait(failures, draw=settings.random())
    if not isinstance(error, urllib.error.HTTPError):
        return own
    asked = asked_wait(error.headers.get("Retry-After"), now=datetime.now(UTC))
    error.close()
    if asked is None:
        return own
    if asked > settings.patience.cap_asked:
        raise MissingDataError(
            f"the server answered {error.code} and asks to wait {asked:,.0f} seconds",
            hint=f"come back then; waits of up to {settings.patience.cap_asked:g} seconds are kept by itself",
            where=public_address(download.url),
        )
    return max(own, asked)


def _kept(here: int) -> str:
    return (
        f"{here:,} bytes are kept; run the command again to go on"
        if here
        else "check the network, or try again later"
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _note(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _forget(part: Path) -> None:
    part.unlink(missing_ok=True)
    _note(part).unlink(missing_ok=True)


def _write_note(part: Path, known: _Known) -> None:
    _note(part).write_text(json.dumps(asdict(known)), encoding="utf-8")


def _read_note(part: Path, download: Download) -> _Known | None:
    """Read what the bytes here belong to; bytes of nobody knows what are removed."""
    try:
        known = _Known(**json.loads(_note(part).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        known = None
    if known is None or known.url != public_address(download.url):
        _forget(part)
        return None
    return known
