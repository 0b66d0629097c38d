"""Is the file whole, and what it should be? Length, fingerprint, and what its own format proves."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree

from openward.errors import InputError
from openward.observe.sources.model import Content, Download

_BLOCK = 1 << 20
_FOREIGN = {
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
    b"\x1f\x8b": "a gzip file",
    b"PK\x03\x04": "a zip archive or spreadsheet",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file",
    b"%PDF": "a PDF",
}


def fingerprint(path: Path) -> str:
    """Give the SHA-256 of a file in hexadecimal, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def check_download(path: Path, download: Download) -> str:
    """Check a file that has just come, and give its SHA-256.

    Raises
    ------
    InputError
        Wrong length, wrong fingerprint, or content that is not whole (see `check_content`).
    """
    size = path.stat().st_size
    if download.size is not None and size != download.size:
        raise InputError(
            f"{size:,} bytes came, the publisher states {download.size:,}",
            hint="half a download; fetch it again",
            where=download.target,
        )
    digest = fingerprint(path)
    if download.sha256 is not None and digest != download.sha256.lower():
        raise InputError(
            f"its SHA-256 is {digest[:12]}..., the publisher states {download.sha256[:12]}...",
            hint="the file was damaged or exchanged; fetch it again",
            where=download.target,
        )
    check_content(path, content=download.content, name=download.target)
    return digest


def check_content(path: Path, *, content: Content, name: str = "") -> None:
    """Check that a file is whole as far as its format tells.

    Parameters
    ----------
    path : Path
    content : {"zip", "csv", "json", "xml", "any"}
        A zip must have its directory and every member its check sum; JSON and XML must end where they should;
        a csv must not be a web page or an archive.
    name : str
        For messages; the file's by default.

    Raises
    ------
    InputError
        It is not, with what is wrong.
    """
    where = name or path.name
    with path.open("rb") as file:
        head = file.read(512)
    if not head:
        raise InputError("the file is empty", hint="fetch it again", where=where)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if content != "any" and start.startswith((b"<!doctype html", b"<html")):
        raise InputError(
            "a web page came instead of the file",
            hint="the server wants a log-in or has moved the file; open the address in a browser",
            where=where,
        )
    if content == "zip":
        _check_zip(path, where)
    elif content == "json":
        _check_json(path, where)
    elif content == "xml":
        _check_xml(path, where)
    elif content == "csv":
        for magic, what in _FOREIGN.items():
            if head.startswith(magic):
                raise InputError(f"this is {what}, not text", hint="unpack it first", where=where)


def _check_zip(path: Path, where: str) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names, bad = archive.namelist(), archive.testzip()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as broken:
        raise InputError(
            f"the zip archive is not whole ({path.stat().st_size:,} bytes): {broken}",
            hint="half a download; fetch it again",
            where=where,
        ) from None
    except (RuntimeError, NotImplementedError) as locked:
        raise InputError(
            f"the zip archive cannot be read: {locked}", hint="unpack it by hand", where=where
        ) from None
    if bad is not None:
        raise InputError(
            f"the zip archive is damaged: {bad} does not match its check sum",
            hint="fetch it again",
            where=where,
        )
    if not names:
        raise InputError("the zip archive has no files in it", hint="fetch it again", where=where)


def _check_json(path: Path, where: str) -> None:
    try:
        json.loads(path.read_bytes())
    except UnicodeDecodeError:
        raise InputError("the JSON is not UTF-8 text", hint="fetch it again", where=where) from None
    except json.JSONDecodeError as broken:
        raise InputError(
            f"the JSON is not whole: {broken.msg} at byte {broken.pos:,}",
            hint="half a download; fetch it again",
            where=f"{where}:{broken.lineno}",
        ) from None


def _check_xml(path: Path, where: str) -> None:
    try:
        for _, element in ElementTree.iterparse(path):
            element.clear()
    except ElementTree.ParseError as broken:
        line, _ = broken.position
        raise InputError(
            f"the XML is not whole: {broken.msg}",
            hint="half a download; fetch it again",
            where=f"{where}:{line}",
        ) from None
