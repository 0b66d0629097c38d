"""A whole case in one file that anybody can verify: events, documents, procedure, manifest."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from dataclasses import replace
from typing import Any

from openward.cases.chain import Stored, Verdict, verify
from openward.cases.desk import Desk
from openward.cases.event import from_body
from openward.cases.roles import Permission, Person
from openward.cases.sealing import Sealed
from openward.errors import InputError, MissingDataError

SCHEMA = "openward.case-bundle/1"
MOST_BYTES = 256 << 20
MOST_FILES = 10_000
_NAME = re.compile(r"manifest\.json|events\.jsonl|procedure\.yaml|sealed\.json|documents/[0-9a-f]{64}")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def export(desk: Desk, case: str, person: Person, *, confidential: bool) -> bytes:
    """Give a case as a zip archive; equal cases give equal bytes.

    Parameters
    ----------
    confidential : bool
        Whether confidential facts and documents go in; without them the chain can still be verified.

    Raises
    ------
    RefusedError, UnknownCodeError
    """
    person.need(Permission.EXPORT)
    if confidential:
        person.need(Permission.READ_CONFIDENTIAL)
    store = desk.store
    files: dict[str, bytes] = {}
    missing: list[str] = []
    with store.reading() as connection:
        row = store.case(connection, case)
        stored = store.stored(connection, case)
        lines = [json.dumps({"seq": s.seq, "hash": s.hash, "body": s.body}) for s in stored]
        files["events.jsonl"] = ("\n".join(lines) + "\n").encode()
        files["procedure.yaml"] = store.document(connection, row.procedure_sha256)
        for one in {d.sha256: d for e in store.events(connection, case) for d in e.documents}.values():
            if one.confidential and not confidential:
                continue
            try:
                files[f"documents/{one.sha256}"] = store.document(connection, one.sha256)
            except MissingDataError:
                missing.append(one.sha256)
        if confidential:
            hidden = [
                {"seq": seq, "name": s.name, "salt": s.salt, "content": s.content}
                for seq, many in store.sealed(connection, case).items()
                for s in many
            ]
            files["sealed.json"] = json.dumps(hidden, ensure_ascii=False, indent=1).encode()
    manifest = {
        "schema": SCHEMA,
        "case": case,
        "procedure": row.procedure,
        "events": row.seq,
        "head": row.head,
        "version": "confidential" if confidential else "public",
        "not_held": missing,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    files["manifest.json"] = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def verify_bundle(content: bytes, *, head: str | None = None) -> Verdict:
    """Verify a bundle without a database; nothing is unpacked to disk.

    Raises
    ------
    InputError
        It is not a bundle, holds a file that has no place in it, or unpacks to more than 256 MB.
    """
    files = _unpacked(content)
    try:
        manifest: dict[str, Any] = json.loads(files["manifest.json"])
        case = str(manifest["case"])
        if manifest["schema"] != SCHEMA:
            raise InputError(f"not a bundle of this schema: {manifest['schema']!r}", hint=SCHEMA)
        listed = dict(manifest["files"])
        stored = [Stored(**json.loads(line)) for line in files["events.jsonl"].decode().splitlines()]
        length, noted = int(manifest["events"]), head or str(manifest["head"])
    except (KeyError, ValueError, TypeError) as bad:
        raise InputError(f"not a bundle of a case: {bad}", hint="openward case export makes one") from bad
    found = verify(case, stored, head=noted, length=length)
    if not found.whole:
        return found
    for name in sorted({*listed, *files} - {"manifest.json"}):
        if name not in files:
            return replace(found, why=f"{name} is missing")
        if hashlib.sha256(files[name]).hexdigest() != listed.get(name):
            return replace(found, why=f"{name} was changed")
    return _contents(found, stored, files, manifest)


def _contents(
    found: Verdict, stored: list[Stored], files: dict[str, bytes], manifest: dict[str, Any]
) -> Verdict:
    """Check what lies beside the events against what they say of it; a manifest can be rewritten."""
    events = [from_body(json.loads(one.body), one.hash) for one in stored]
    law = str(events[0].facts.get("procedure_sha256", ""))
    if hashlib.sha256(files.get("procedure.yaml", b"")).hexdigest() != law:
        return replace(found, tampered=1, why="the procedure is not the one the case was opened under")
    away = {str(one) for one in manifest.get("not_held", ())}
    public = manifest.get("version") != "confidential"
    for event in events:
        for one in event.documents:
            content = files.get(f"documents/{one.sha256}")
            if content is None:
                if one.sha256 not in away and not (one.confidential and public):
                    return replace(found, tampered=event.seq, why=f"document {one.name} is missing")
            elif hashlib.sha256(content).hexdigest() != one.sha256:
                return replace(found, tampered=event.seq, why=f"document {one.name} was changed")
    for entry in json.loads(files.get("sealed.json", b"[]")):
        seq = int(entry.pop("seq"))
        fact = Sealed(**entry)
        if events[seq - 1].sealed.get(fact.name) != fact.commitment:
            return replace(found, tampered=seq, why=f"event {seq}: the fact {fact.name} was changed")
    return found


def _unpacked(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_FILES:
                raise InputError(f"the bundle holds {len(entries)} files", hint=f"at most {MOST_FILES}")
            files: dict[str, bytes] = {}
            left = MOST_BYTES
            for entry in entries:
                if not _NAME.fullmatch(entry.filename) or entry.filename in files:
                    raise InputError(
                        f"a file {entry.filename[:80]!r} has no place in a bundle", hint="it is not ours"
                    )
                # The size it states may be a lie: read one byte more than may be there.
                with archive.open(entry) as file:
                    data = file.read(left + 1)
                left -= len(data)
                if left < 0:
                    raise InputError("the bundle unpacks to more than 256 MB", hint="a zip bomb?")
                files[entry.filename] = data
            return files
    # zipfile raises the last four on compression it lacks, on passwords, and on files that are cut short.
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as bad:
        raise InputError(f"not a zip archive: {bad}", hint="openward case export makes one") from bad
