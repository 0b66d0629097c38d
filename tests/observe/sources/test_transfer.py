"""A file arrives whole over every kind of bad connection, or the fault is named."""

from __future__ import annotations

import errno
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.observe.sources.conftest import CONTENT
from tests.observe.sources.faulty_server import Shelf, Step, serving

from openward.errors import InputError, MissingDataError, RefusedError
from openward.observe.sources import transfer as module
from openward.observe.sources.model import Download, Key
from openward.observe.sources.retrying import Patience
from openward.observe.sources.settings import Settings
from openward.observe.sources.transfer import Transferred, transfer


def quick(waits: list[float] | None = None, **changes: Any) -> Settings:
    taken = waits if waits is not None else []
    return Settings(**{"timeout": 5.0, "sleep": taken.append, "random": lambda: 1.0, **changes})


def bring(shelf: Shelf, part: Path, how: Settings | None = None, **changes: Any) -> Transferred:
    return transfer(Download(shelf.address(), "file.bin", **changes), part=part, settings=how or quick())


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "file.bin.part"


def test_a_good_server_gives_the_file_in_one_go(shelf: Shelf, part: Path) -> None:
    done = bring(shelf, part)
    assert part.read_bytes() == CONTENT
    assert (done.size, done.tries, done.resumed, done.is_length_proven) == (len(CONTENT), 1, False, True)
    assert done.etag == '"first"'
    assert not part.with_name("file.bin.part.json").exists()


@pytest.mark.parametrize("reset", [False, True])
def test_a_connection_broken_midway_is_continued_by_range(shelf: Shelf, part: Path, reset: bool) -> None:
    shelf.steps = [Step(cut_after=3000, reset=reset)]
    done = bring(shelf, part)
    assert part.read_bytes() == CONTENT
    assert done.resumed
    second = shelf.seen[1].headers
    assert second["If-Range"] == '"first"'
    assert int(second["Range"].removeprefix("bytes=").removesuffix("-")) <= 3000
    if not reset:
        assert second["Range"] == "bytes=3000-"


def test_a_run_that_was_killed_is_continued_by_the_next(shelf: Shelf, part: Path) -> None:
    shelf.steps = [Step(cut_after=5000)]
    with pytest.raises(MissingDataError, match=r"gave up after 1 tries.*5,000 of 10,240") as caught:
        bring(shelf, part, quick(patience=Patience(attempts=1)))
    assert "5,000 bytes are kept" in caught.value.hint
    assert part.read_bytes() == CONTENT[:5000]
    done = bring(shelf, part)
    assert part.read_bytes() == CONTENT
    assert shelf.seen[1].headers["Range"] == "bytes=5000-"
    assert done.resumed


def test_a_chunked_answer_that_breaks_is_noticed(shelf: Shelf, part: Path) -> None:
    shelf.steps = [Step(chunked=True, cut_after=4000)]
    bring(shelf, part)
    assert part.read_bytes() == CONTENT


def test_an_etag_that_changed_means_another_file_and_a_new_start(shelf: Shelf, part: Path) -> None:
    newer = bytes(reversed(CONTENT))

    def exchange(here: Shelf) -> None:
        here.content, here.etag = newer, '"second"'

    shelf.steps = [Step(cut_after=3000), Step(then=exchange)]
    done = bring(shelf, part)
    assert part.read_bytes() == newer
    assert done.etag == '"second"'


def test_a_server_that_ignores_if_range_cannot_mix_two_files(shelf: Shelf, part: Path) -> None:
    newer = bytes(reversed(CONTENT))

    def exchange(here: Shelf) -> None:
        here.content, here.etag = newer, '"second"'

    shelf.steps = [Step(cut_after=3000), Step(then=exchange, ignore_if_range=True)]
    bring(shelf, part)
    assert part.read_bytes() == newer


def test_a_server_that_ignores_range_starts_anew(shelf: Shelf, part: Path) -> None:
    shelf.steps = [Step(cut_after=3000), Step(ignore_range=True)]
    bring(shelf, part)
    assert part.read_bytes() == CONTENT


def test_a_server_that_ignores_range_and_always_breaks_is_given_up(shelf: Shelf, part: Path) -> None:
    shelf.steps = [Step(cut_after=3000, ignore_range=True) for _ in range(50)]
    with pytest.raises(MissingDataError, match="gave up after 5 tries"):
        bring(shelf, part, quick(patience=Patience(attempts=5)))


def test_a_part_from_another_place_than_asked_is_thrown_away(shelf: Shelf, part: Path) -> None:
    shelf.steps = [Step(cut_after=3000), Step(shift_range=-7)]
    bring(shelf, part)
    assert part.read_bytes() == CONTENT


@pytest.mark.parametrize(("etag", "date"), [("", ""), ('W/"weak"', "")])
def test_without_a_strong_validator_nothing_is_continued(
    shelf: Shelf, part: Path, etag: str, date: str
) -> None:
    shelf.etag, shelf.last_modified = etag, date
    shelf.steps = [Step(cut_after=3000)]
    bring(shelf, part)
    assert part.read_bytes() == CONTENT
    assert "Range" not in shelf.seen[1].headers


def test_the_date_stands_in_for_a_missing_etag(shelf: Shelf, part: Path) -> None:
    shelf.etag, shelf.last_modified = "", "Mon, 02 Jun 2025 10:00:00 GMT"
    shelf.steps = [Step(cut_after=3000)]
    bring(shelf, part)
    assert part.read_bytes() == CONTENT
    assert shelf.seen[1].headers["If-Range"] == shelf.last_modified


def test_bytes_of_an_unknown_file_are_not_continued(shelf: Shelf, part: Path) -> None:
    part.write_bytes(b"x" * 100)
    bring(shelf, part)
    assert part.read_bytes() == CONTENT
    assert "Range" not in shelf.seen[0].headers


def test_all_bytes_there_but_no_name_yet_needs_no_second_transfer(shelf: Shelf, part: Path) -> None:
    shelf.steps = [Step(cut_after=len(CONTENT) - 1)]
    with pytest.raises(MissingDataError):
        bring(shelf, part, quick(patience=Patience(attempts=1)))
    part.write_bytes(CONTENT)
    done = bring(shelf, part)
    assert part.read_bytes() == CONTENT
    assert done.resumed
    assert shelf.seen[-1].headers["Range"] == f"bytes={len(CONTENT)}-"


def test_more_bytes_than_the_file_has_are_thrown_away(shelf: Shelf, part: Path) -> None:
    shelf.steps = [Step(cut_after=100)]
    with pytest.raises(MissingDataError):
        bring(shelf, part, quick(patience=Patience(attempts=1)))
    part.write_bytes(CONTENT + b"more")
    bring(shelf, part)
    assert part.read_bytes() == CONTENT


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_passing_answers_are_tried_again_with_growing_waits(shelf: Shelf, part: Path, status: int) -> None:
    shelf.steps = [Step(status=status) for _ in range(3)]
    waits: list[float] = []
    done = bring(shelf, part, quick(waits))
    assert part.read_bytes() == CONTENT
    assert done.tries == 4
    assert waits == [1.0, 2.0, 4.0]


@pytest.mark.parametrize("status", [400, 404, 410, 501])
def test_lasting_answers_are_not_tried_again(shelf: Shelf, part: Path, status: int) -> None:
    shelf.steps = [Step(status=status)]
    with pytest.raises(MissingDataError, match=f"answered {status}"):
        bring(shelf, part)
    assert len(shelf.seen) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_names_the_variable_of_the_key(
    shelf: Shelf, part: Path, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIAL_KEY", "s3cr3t")
    shelf.steps = [Step(status=status)]
    key = Key("TRIAL_KEY", "X-Key", "https://example.org/key")
    with pytest.raises(RefusedError) as caught:
        bring(shelf, part, key=key)
    assert "TRIAL_KEY" in caught.value.hint
    assert "s3cr3t" not in str(caught.value)
    assert shelf.seen[0].headers["X-Key"] == "s3cr3t"


def test_retry_after_is_kept(shelf: Shelf, part: Path) -> None:
    shelf.steps = [Step(status=503, headers={"Retry-After": "17"})]
    waits: list[float] = []
    bring(shelf, part, quick(waits))
    assert waits == [17.0]


def test_a_retry_after_beyond_patience_is_an_answer(shelf: Shelf, part: Path) -> None:
    shelf.steps = [Step(status=429, headers={"Retry-After": "86400"})]
    with pytest.raises(MissingDataError, match="asks to wait 86,400 seconds"):
        bring(shelf, part)


def test_a_server_that_hangs_is_left_after_the_time_out(shelf: Shelf, part: Path) -> None:
    shelf.steps = [Step(hang=1.0)]
    told: list[str] = []
    bring(shelf, part, quick(timeout=0.2, tell=told.append))
    assert part.read_bytes() == CONTENT
    assert "fell silent" in told[0]


def test_nobody_there_is_tried_again_and_then_said(part: Path) -> None:
    with serving(b"x") as shelf:
        gone = shelf.address()
    waits: list[float] = []
    with pytest.raises(MissingDataError, match=r"gave up after 3 tries: .*refused"):
        transfer(Download(gone, "f"), part=part, settings=quick(waits, patience=Patience(attempts=3)))
    assert waits == [1.0, 2.0]


def test_a_file_of_another_length_than_stated_is_not_even_begun(shelf: Shelf, part: Path) -> None:
    with pytest.raises(InputError, match=r"offers 10,240 bytes, the publisher states 9,999"):
        bring(shelf, part, size=9999)
    assert not part.exists()


def test_an_unasked_coding_is_refused(shelf: Shelf, part: Path) -> None:
    shelf.steps = [Step(headers={"Content-Encoding": "gzip"})]
    with pytest.raises(InputError, match="packs the file as gzip"):
        bring(shelf, part)
    assert shelf.seen[0].headers["Accept-Encoding"] == "identity"


def test_accepted_but_not_ready_is_no_file(shelf: Shelf, part: Path) -> None:
    shelf.steps = [Step(status=202, body=b"{}")]
    with pytest.raises(InputError, match="answered 202 instead of a file"):
        bring(shelf, part)


def test_a_full_disk_keeps_what_came(shelf: Shelf, part: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.steps = [Step(cut_after=4000)]
    with pytest.raises(MissingDataError):
        bring(shelf, part, quick(patience=Patience(attempts=1)))

    def full(file: object, block: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(module, "_write_all", full)
        with pytest.raises(InputError, match=r"cannot write after 4,000 bytes: No space left"):
            bring(shelf, part)
    assert part.read_bytes() == CONTENT[:4000]
    bring(shelf, part)
    assert part.read_bytes() == CONTENT


def test_a_redirect_is_followed_but_the_key_stays_at_home(
    shelf: Shelf, part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIAL_KEY", "s3cr3t")
    with serving(b"elsewhere") as other:
        shelf.steps = [Step(status=302, headers={"Location": other.address()})]
        bring(shelf, part, key=Key("TRIAL_KEY", "X-Key", "https://example.org"))
        assert part.read_bytes() == b"elsewhere"
        assert "X-Key" in shelf.seen[0].headers
        assert "X-Key" not in other.seen[0].headers


def test_a_redirect_to_a_local_file_is_refused(shelf: Shelf, part: Path) -> None:
    shelf.steps = [Step(status=302, headers={"Location": "file:///etc/hostname"})]
    with pytest.raises((InputError, MissingDataError)):
        bring(shelf, part)
    assert not part.exists()


def test_the_proxy_of_the_environment_is_used(
    shelf: Shelf, part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", shelf.url)
    monkeypatch.setenv("no_proxy", "")
    transfer(Download("http://data.example.org/file.bin", "file.bin"), part=part, settings=quick())
    assert part.read_bytes() == CONTENT
    assert shelf.seen[0].path == "http://data.example.org/file.bin"


@settings(max_examples=25, deadline=None)
@given(
    content=st.binary(min_size=1, max_size=3000),
    cuts=st.lists(st.integers(0, 3000), max_size=6),
    ignoring=st.lists(st.booleans(), min_size=6, max_size=6),
)
def test_any_cuts_give_the_same_bytes(content: bytes, cuts: list[int], ignoring: list[bool]) -> None:
    with tempfile.TemporaryDirectory() as folder, serving(content) as shelf:
        part = Path(folder) / "file.bin.part"
        shelf.steps = [
            Step(cut_after=cut, ignore_range=ignore) for cut, ignore in zip(cuts, ignoring, strict=False)
        ]
        done = bring(shelf, part, quick(patience=Patience(attempts=10)))
        assert part.read_bytes() == content
        assert done.size == len(content)
        assert shelf.steps == [] or done.tries <= len(cuts) + 1
