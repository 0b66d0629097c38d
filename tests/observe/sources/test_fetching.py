"""Licence first, cache next, network last; only a whole file gets its name."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from tests.observe.sources.conftest import CONTENT
from tests.observe.sources.faulty_server import Shelf, Step

from openward.errors import InputError, MissingDataError, OpenwardError, RefusedError, UsageError
from openward.observe.sources.cache import Cache, default_cache
from openward.observe.sources.fetching import fetch
from openward.observe.sources.integrity import check_content, fingerprint
from openward.observe.sources.licences import acceptances
from openward.observe.sources.model import Content, Download, Licence, Request, Source
from openward.observe.sources.settings import Settings, offline_by_environment

SOURCE = Source(
    name="trial",
    title="Trial data",
    publisher="Office of Trials",
    page="https://example.org/trial",
    licence=Licence(
        "Open Trial 1.0", "https://example.org/terms", "Name the office.", "Office of Trials (2025)"
    ),
    gives=("trade",),
    layout="bytes",
)


def a_zip(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.csv", text)
    return buffer.getvalue()


def get(shelf: Shelf, cache: Cache, content: Content = "any", live: bool = False, **how: Any) -> Path:
    vintage = how.pop("vintage", "V1")
    stated = {name: how.pop(name) for name in ("sha256", "size") if name in how}
    plan = Settings(**{"accept_licence": True, "timeout": 5.0, "sleep": lambda _: None, **how})
    download = Download(shelf.address(), "file.bin", content, **stated)
    (found,) = fetch(SOURCE, Request(vintage, (download,), is_live=live), cache=cache, settings=plan)
    return found.path


def test_the_file_gets_its_name_and_a_receipt(shelf: Shelf, cache: Cache) -> None:
    path = get(shelf, cache)
    assert path == cache.root / "trial" / "V1" / "file.bin"
    assert path.read_bytes() == CONTENT
    receipt = json.loads((path.parent / "file.bin.receipt.json").read_text())
    assert receipt["sha256"] == fingerprint(path)
    assert receipt["size"] == len(CONTENT)
    assert receipt["licence"] == "Open Trial 1.0"
    assert sorted(p.name for p in path.parent.iterdir()) == [
        "file.bin",
        "file.bin.lock",
        "file.bin.receipt.json",
    ]


def test_what_is_in_the_cache_is_not_fetched_again(shelf: Shelf, cache: Cache) -> None:
    get(shelf, cache)
    get(shelf, cache)
    assert len(shelf.seen) == 1


def test_vintages_lie_side_by_side(shelf: Shelf, cache: Cache) -> None:
    first = get(shelf, cache)
    shelf.content = b"new"
    assert get(shelf, cache, vintage="V2").read_bytes() == b"new"
    assert first.read_bytes() == CONTENT
    assert cache.vintages("trial") == ("V1", "V2")


def test_terms_are_shown_and_must_be_accepted_once(shelf: Shelf, cache: Cache) -> None:
    told: list[str] = []
    with pytest.raises(RefusedError, match=r"not accepted yet: Open Trial 1\.0") as caught:
        get(shelf, cache, accept_licence=False, tell=told.append)
    assert "--accept-licence" in caught.value.hint
    assert "Name the office." in told[0]
    assert shelf.seen == []
    get(shelf, cache)
    assert acceptances(cache.root)["trial"].licence == "Open Trial 1.0"
    get(shelf, cache, accept_licence=False, tell=told.append)
    assert "Office of Trials (2025)" in told[-2]


def test_a_damaged_record_of_acceptances_is_named(shelf: Shelf, cache: Cache) -> None:
    cache.root.mkdir(parents=True)
    (cache.root / "licences.json").write_text("{")
    with pytest.raises(InputError, match="record of accepted licences"):
        get(shelf, cache)


def test_offline_takes_from_the_cache_only(shelf: Shelf, cache: Cache) -> None:
    with pytest.raises(MissingDataError, match=r"offline, and file\.bin is not in the cache") as caught:
        get(shelf, cache, offline=True)
    assert "vintages of trial at hand: none" in caught.value.hint
    get(shelf, cache)
    assert get(shelf, cache, offline=True).read_bytes() == CONTENT
    assert len(shelf.seen) == 1
    with pytest.raises(MissingDataError) as caught:
        get(shelf, cache, offline=True, vintage="V9")
    assert "at hand: V1" in caught.value.hint


def test_offline_the_newest_day_stands_in_for_a_live_service(shelf: Shelf, cache: Cache) -> None:
    get(shelf, cache, vintage="2025-01-31")
    shelf.content = b"later"
    get(shelf, cache, vintage="2025-02-01")
    told: list[str] = []
    path = get(shelf, cache, vintage="2025-03-01", live=True, offline=True, tell=told.append)
    assert path.read_bytes() == b"later"
    assert "as of 2025-02-01" in told[-1]


@pytest.mark.parametrize(("word", "answer"), [("1", True), ("yes", True), ("0", False), ("", False)])
def test_offline_by_environment(word: str, answer: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENWARD_OFFLINE", word)
    assert offline_by_environment() is answer


def test_a_typing_error_in_the_environment_does_not_open_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENWARD_OFFLINE", "ture")
    with pytest.raises(UsageError, match="neither 1 nor 0"):
        offline_by_environment()


def test_the_cache_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPENWARD_CACHE", str(tmp_path))
    assert default_cache() == tmp_path


def test_a_part_is_never_taken_for_whole(shelf: Shelf, cache: Cache) -> None:
    path = cache.place("trial", "V1", "file.bin")
    path.parent.mkdir(parents=True)
    path.with_name("file.bin.part").write_bytes(CONTENT[:100])
    with pytest.raises(MissingDataError):
        get(shelf, cache, offline=True)
    path.write_bytes(CONTENT[:100])  # a copy by hand has no receipt
    with pytest.raises(MissingDataError):
        get(shelf, cache, offline=True)
    assert get(shelf, cache).read_bytes() == CONTENT


@pytest.mark.parametrize("spoilt", [CONTENT[:-1], CONTENT[:-1] + b"x"])
def test_a_cached_file_that_changed_is_named_offline_and_replaced_online(
    shelf: Shelf, cache: Cache, spoilt: bytes
) -> None:
    path = get(shelf, cache)
    path.write_bytes(spoilt)
    with pytest.raises(InputError, match=r"10,239 bytes, 10,240 came|was changed since"):
        get(shelf, cache, offline=True)
    assert get(shelf, cache).read_bytes() == CONTENT


def test_a_wrong_fingerprint_is_refused_and_leaves_nothing(shelf: Shelf, cache: Cache) -> None:
    with pytest.raises(InputError, match="SHA-256"):
        get(shelf, cache, sha256="0" * 64)
    assert not list((cache.root / "trial" / "V1").glob("*.bin*part*"))
    assert len(shelf.seen) == 1


def test_a_zip_cut_short_by_its_own_server_is_named(shelf: Shelf, cache: Cache) -> None:
    shelf.content = a_zip(one="a,b\n1,2\n" * 500)[:-40]
    with pytest.raises(InputError, match=r"not whole \(\d+ bytes\)") as caught:
        get(shelf, cache, "zip")
    assert caught.value.where == "file.bin"
    assert not cache.place("trial", "V1", "file.bin").exists()


def test_a_zip_with_a_flipped_bit_is_named(shelf: Shelf, cache: Cache) -> None:
    good = bytearray(a_zip(one="".join(f"{n},{n * n}\n" for n in range(500))))
    good[200] ^= 0x10
    shelf.content = bytes(good)
    with pytest.raises(InputError, match=r"damaged: one\.csv|not whole"):
        get(shelf, cache, "zip")


def test_pieces_that_do_not_fit_are_fetched_once_more_from_the_start(shelf: Shelf, cache: Cache) -> None:
    good = a_zip(one="".join(f"{n},{n * n}\n" for n in range(500)))
    bad = good[:300] + bytes(len(good) - 300)

    def swap(here: Shelf) -> None:
        here.content = bad

    def back(here: Shelf) -> None:
        here.content = good

    shelf.content = good
    shelf.steps = [Step(cut_after=300), Step(then=swap), Step(then=back)]
    assert get(shelf, cache, "zip").read_bytes() == good
    assert len(shelf.seen) == 3


def test_two_processes_do_not_write_one_file(shelf: Shelf, cache: Cache) -> None:
    path = cache.place("trial", "V1", "file.bin")
    with cache.alone(path), pytest.raises(RefusedError, match="another openward"):
        get(shelf, cache)


@pytest.mark.parametrize(
    ("content", "data", "told"),
    [
        ("csv", b"<!DOCTYPE html><html>Log in</html>", "web page"),
        ("zip", b"\n<html>", "web page"),
        ("csv", b"7z\xbc\xaf\x27\x1c....", "7-Zip"),
        ("csv", b"PK\x03\x04....", "zip archive"),
        ("json", b'{"a": [1, 2', "JSON is not whole"),
        ("xml", b"<a><b></b>", "XML is not whole"),
        ("any", b"", "empty"),
        ("zip", b"plain", "not whole"),
    ],
)
def test_content_that_is_not_what_it_should_be(
    tmp_path: Path, content: Content, data: bytes, told: str
) -> None:
    path = tmp_path / "f"
    path.write_bytes(data)
    with pytest.raises(InputError, match=told):
        check_content(path, content=content)


@pytest.mark.parametrize("name", ["../x", "a/b", "", "..", "a:b"])
def test_names_do_not_lead_out_of_the_cache(cache: Cache, name: str) -> None:
    with pytest.raises(InputError):
        cache.place("trial", name, "f")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x/y", "https://", "https://me:pw@host/x"])
def test_only_web_addresses_without_secrets(url: str) -> None:
    with pytest.raises(OpenwardError):
        Download(url, "f")
