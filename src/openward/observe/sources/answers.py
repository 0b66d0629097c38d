"""Answers of services asked through their own libraries, with licence, patience, cache and offline mode."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from openward.errors import InputError, MissingDataError
from openward.observe.sources.cache import Cache, Cached, Receipt
from openward.observe.sources.integrity import check_content, fingerprint
from openward.observe.sources.licences import require_licence
from openward.observe.sources.model import Source, today
from openward.observe.sources.secrets import public_text
from openward.observe.sources.settings import Settings


class PassingFault(Exception):  # noqa: N818  (it is not the user's)
    """The service may answer at the next try."""


def keep_answer(
    source: Source, target: str, ask: Callable[[], bytes], *, cache: Cache, settings: Settings
) -> Cached:
    """Ask a service once a day and keep its answer as JSON.

    Parameters
    ----------
    source : Source
    target : str
        File name in the cache; the same question has the same name.
    ask : callable
        Gives JSON; raises `PassingFault` for what may be gone at the next try.
    cache : Cache
    settings : Settings

    Raises
    ------
    RefusedError
        The licence is not accepted.
    MissingDataError
        Offline and never asked; or no answer after all tries.
    InputError
        The answer is not whole.
    """
    require_licence(source, root=cache.root, settings=settings)
    vintage = today()
    if settings.offline:
        found = cache.newest(source.name, target)
        if found is None:
            days = ", ".join(cache.vintages(source.name)) or "none"
            hint = f"ask once without --offline; days at hand: {days}"
            raise MissingDataError(f"offline, and {target} is not in the cache", hint=hint, where=source.name)
        settings.tell(f"offline: {target} as of {found.vintage}")
        return found
    found = cache.find(source.name, vintage, target)
    if found is not None:
        return found
    path = cache.place(source.name, vintage, target)
    with cache.alone(path):
        part = path.with_name(path.name + ".part")
        part.write_bytes(_patiently(ask, source=source, settings=settings))
        try:
            check_content(part, content="json", name=target)
        except InputError:
            part.unlink()
            raise
        now = datetime.now(UTC).isoformat(timespec="seconds")
        receipt = Receipt(
            url=source.address,
            fetched=now,
            size=part.stat().st_size,
            sha256=fingerprint(part),
            etag="",
            last_modified="",
            licence=source.licence.name,
        )
        cache.keep(part, path, receipt)
    return Cached(path, vintage, receipt)


def _patiently(ask: Callable[[], bytes], *, source: Source, settings: Settings) -> bytes:
    for failures in range(1, settings.patience.attempts + 1):
        try:
            return ask()
        except PassingFault as fault:
            told = public_text(str(fault))
        if failures < settings.patience.attempts:
            wait = settings.patience.wait(failures, draw=settings.random())
            settings.tell(f"{source.name}: {told}; again in {wait:.0f} s")
            settings.sleep(wait)
    raise MissingDataError(
        f"gave up after {settings.patience.attempts} tries: {told}",
        hint="try again later, or work from the cache with --offline",
        where=source.name,
    )
