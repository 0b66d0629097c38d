"""The record: append-only, chained, safe from two officers, from tampering, from a clock that runs back."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from postgres_server import NOON

from openward.cases import tables
from openward.cases.audit import purge, verify_case
from openward.cases.desk import Desk, Upload
from openward.cases.machine import Attempt
from openward.cases.roles import Person, Role
from openward.cases.store import Store
from openward.errors import InputError, OpenwardError, RefusedError, UnknownCodeError

ANNA = Person("anna", Role.OFFICER)
BORIS = Person("boris", Role.DECISION_MAKER)
CLARA = Person("clara", Role.DECISION_MAKER)
APPLICANT = Person("acme", Role.APPLICANT)
OTHER = Person("other", Role.APPLICANT)
AUDITOR = Person("audit", Role.AUDITOR)
ADMIN = Person("root", Role.ADMIN)
FORM = Upload("application", "form.pdf", b"form")
END_USE = Upload("end-user-certificate", "eu.pdf", b"end use", confidential=True)


def licence(desk: Desk) -> str:
    """Open a licence case and accept it."""
    case = desk.open(
        "chn-export-licence",
        APPLICANT,
        title="Graphite to Korea",
        on=date(2025, 1, 10),
        facts={"contract_value": 1250000, "goods": "graphite"},
        documents=[FORM],
    ).case
    desk.advance(case, Attempt("accept", date(2025, 1, 15), ANNA, {}), documents=[FORM])
    return case


def refuse(day: str = "2025-03-03", person: Person = BORIS) -> Attempt:
    return Attempt("refuse", date.fromisoformat(day), person, {"reasons": "end use"})


def test_a_case_is_opened_acted_on_and_verified(desk: Desk) -> None:
    case = licence(desk)
    seen = desk.look(case, ANNA)
    assert (seen.state, seen.row.seq, seen.row.next_due) == ("under-review", 2, "2025-03-25")
    desk.advance(case, refuse())
    done = desk.look(case, ANNA)
    assert (done.state, done.row.closed_on, done.row.keep_until) == ("refused", "2025-03-03", "2030-03-03")
    verdict = verify_case(desk, case, AUDITOR)
    assert verdict.whole
    assert (verdict.events, verdict.head) == (3, done.row.head)


def test_confidential_facts_and_documents_need_the_role(desk: Desk) -> None:
    case = licence(desk)
    desk.file(case, ANNA, [END_USE], on=date(2025, 1, 20))
    digest = desk.look(case, ANNA).events[-1].documents[0].sha256
    assert desk.look(case, ANNA).facts["contract_value"] == 1250000
    assert desk.look(case, APPLICANT).facts["contract_value"] == 1250000
    public = desk.look(case, ANNA).events[0]
    assert "contract_value" not in public.facts
    assert set(public.sealed) == {"contract_value"}
    assert desk.document(case, ANNA, digest)[1] == b"end use"
    for person in (OTHER, ADMIN):
        with pytest.raises(UnknownCodeError, match="no case"):
            desk.look(case, person)
        with pytest.raises(UnknownCodeError, match="no case"):
            desk.document(case, person, digest)
    with desk.store.reading() as connection:
        text = "".join(connection.scalars(sa.select(tables.events.c.body)))
    assert "1250000" not in text


def test_least_privilege(desk: Desk) -> None:
    case = licence(desk)
    for person in (AUDITOR, ADMIN):
        with pytest.raises(RefusedError, match="may not act"):
            desk.advance(case, refuse(person=person))
        with pytest.raises(RefusedError, match="may not open"):
            desk.open("chn-export-licence", person, title="x", on=date(2025, 1, 1))
    with pytest.raises(RefusedError, match="may not verify"):
        verify_case(desk, case, APPLICANT)
    with pytest.raises(RefusedError, match="may not correct"):
        desk.correct(case, BORIS, seq=2, note="x", on=date(2025, 1, 14))


def test_two_officers_cannot_both_decide(desk: Desk, store: Store) -> None:
    case = licence(desk)
    seen = desk.look(case, BORIS).row.seq
    desk.advance(case, refuse(), expected=seen)
    with pytest.raises(RefusedError, match="moved on"):
        desk.advance(case, refuse("2025-03-04", CLARA), expected=seen)
    assert len(desk.look(case, BORIS).events) == 3


def test_two_officers_at_the_same_moment(address: str) -> None:
    first = Store(address, create=True)
    case = licence(Desk(first, now=lambda: NOON))
    gate, outcomes = threading.Barrier(2), []

    def decide(person: Person) -> None:
        store = Store(address)
        gate.wait()
        try:
            Desk(store, now=lambda: NOON).advance(case, refuse(person=person), expected=2)
            outcomes.append("done")
        except RefusedError:
            outcomes.append("refused")
        finally:
            store.close()

    threads = [threading.Thread(target=decide, args=(p,)) for p in (BORIS, CLARA)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == ["done", "refused"]
    assert verify_case(Desk(first), case, AUDITOR).events == 3
    first.close()


@pytest.mark.parametrize("what", ["UPDATE events SET body = '{}' WHERE seq = 1", "DELETE FROM events"])
def test_the_database_itself_refuses_to_change_events(desk: Desk, what: str) -> None:
    licence(desk)
    with pytest.raises(RefusedError, match="append-only"), desk.store.writing() as connection:
        connection.exec_driver_sql(what)


def untie(store: Store, connection: sa.Connection) -> None:
    """Do what somebody with the whole database in hand would do first."""
    if store.engine.dialect.name == "sqlite":
        for name in ("update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER events_no_{name}")
    else:
        connection.exec_driver_sql("DROP TRIGGER events_no_change ON events")


@pytest.mark.parametrize("seq", [1, 2, 3])
def test_the_chain_names_the_event_that_was_changed(desk: Desk, store: Store, seq: int) -> None:
    case = licence(desk)
    desk.advance(case, refuse())
    with store.writing() as connection:
        untie(store, connection)
        t = tables.events
        body = connection.scalar(sa.select(t.c.body).where(t.c.seq == seq))
        connection.execute(t.update().where(t.c.seq == seq).values(body=body.replace("2025-0", "2024-0", 1)))
    verdict = verify_case(desk, case, AUDITOR)
    assert (verdict.tampered, verdict.whole) == (seq, False)


@pytest.mark.parametrize("seq", [1, 2])
def test_a_changed_event_with_a_new_hash_is_named_all_the_same(desk: Desk, store: Store, seq: int) -> None:
    import hashlib

    case = licence(desk)
    desk.advance(case, refuse())
    with store.writing() as connection:
        untie(store, connection)
        t = tables.events
        body = connection.scalar(sa.select(t.c.body).where(t.c.seq == seq)).replace("2025-0", "2024-0", 1)
        digest = hashlib.sha256(body.encode()).hexdigest()
        connection.execute(t.update().where(t.c.seq == seq).values(body=body, hash=digest))
    assert verify_case(desk, case, AUDITOR).tampered == seq


def test_an_event_that_was_taken_away_is_missed(desk: Desk, store: Store) -> None:
    case = licence(desk)
    desk.advance(case, refuse())
    with store.writing() as connection:
        untie(store, connection)
        connection.execute(tables.events.delete().where(tables.events.c.seq == 3))
    verdict = verify_case(desk, case, AUDITOR)
    assert verdict.tampered == 3
    assert "missing" in verdict.why


def test_a_record_rewritten_to_its_end_is_told_by_the_noted_head(desk: Desk, store: Store) -> None:
    case = licence(desk)
    noted = desk.look(case, ANNA).row.head
    desk.advance(case, refuse())
    grown = verify_case(desk, case, AUDITOR, head=noted)
    assert grown.tampered == 3
    assert not verify_case(desk, case, AUDITOR, head="f" * 64).whole


@pytest.mark.parametrize("table", ["sealed", "documents", "cases"])
def test_what_lies_beside_the_chain_is_verified_too(desk: Desk, store: Store, table: str) -> None:
    case = licence(desk)
    with store.writing() as connection:
        if table == "sealed":
            connection.execute(tables.sealed.update().values(content="1"))
        elif table == "documents":
            connection.execute(
                tables.documents.update()
                .where(tables.documents.c.content == b"form")
                .values(content=b"forged")
            )
        else:
            connection.execute(tables.cases.update().values(state="refused"))
    assert "was changed" in verify_case(desk, case, AUDITOR).why


def test_a_clock_moved_back_does_not_reorder_the_record(store: Store) -> None:
    moments = iter([NOON, NOON, NOON - timedelta(days=400), NOON - timedelta(days=400)])
    last = [NOON]

    def now() -> object:
        last[0] = next(moments, last[0])
        return last[0]

    desk = Desk(store, now=now)  # type: ignore[arg-type]
    case = licence(desk)
    early = Desk(store, now=lambda: NOON - timedelta(days=300))
    early.advance(case, refuse())
    times = [one.at for one in early.look(case, ANNA).events]
    assert times == sorted(set(times))
    assert verify_case(early, case, AUDITOR).whole


def test_a_correction_adds_and_moves_the_clock(desk: Desk) -> None:
    case = licence(desk)
    before = desk.look(case, ANNA)
    desk.correct(case, ANNA, seq=2, on=date(2025, 1, 24), note="stamped later")
    after = desk.look(case, ANNA)
    assert (before.row.next_due, after.row.next_due) == ("2025-03-25", "2025-04-03")
    assert len(after.events) == 3
    assert desk.look(case, ANNA, known_at=before.events[-1].at).deadlines(
        date(2025, 2, 1)
    ) == before.deadlines(date(2025, 2, 1))
    for seq, day in ((3, date(2025, 1, 24)), (2, date(2025, 1, 9))):
        with pytest.raises(RefusedError):
            desk.correct(case, ANNA, seq=seq, on=day, note="x")
    with pytest.raises(InputError, match="says why"):
        desk.correct(case, ANNA, seq=2, on=date(2025, 1, 24), note=" ")


def test_nothing_is_half_written_when_an_action_is_refused(desk: Desk, store: Store) -> None:
    case = licence(desk)
    with pytest.raises(OpenwardError):
        desk.advance(case, Attempt("grant", date(2025, 2, 1), BORIS, {}), documents=[END_USE])
    with store.reading() as connection:
        kept = connection.scalars(sa.select(tables.documents.c.content)).all()
    assert b"end use" not in {bytes(one) for one in kept}


def test_after_its_time_the_contents_go_and_the_chain_stays(desk: Desk) -> None:
    case = licence(desk)
    desk.advance(case, refuse())
    with pytest.raises(RefusedError, match="retention"):
        purge(desk, ANNA, today=date(2031, 1, 1))
    assert purge(desk, ADMIN, today=date(2030, 3, 2)) == ()
    assert purge(desk, ADMIN, today=date(2030, 3, 3)) == (case,)
    assert purge(desk, ADMIN, today=date(2030, 3, 4)) == ()
    verdict = verify_case(desk, case, AUDITOR)
    assert verdict.whole
    assert verdict.removed == (
        "fact contract_value of event 1",
        "document form.pdf of event 1",
        "document form.pdf of event 2",
    )


def test_an_event_of_a_day_to_come_is_refused(desk: Desk) -> None:
    with pytest.raises(RefusedError, match="has not come yet"):
        desk.open("chn-anti-dumping", ANNA, title="x", on=date(2027, 1, 1))


def test_a_record_survives_a_restart(address: str) -> None:
    store = Store(address, create=True)
    case = licence(Desk(store, now=lambda: NOON))
    store.close()
    again = Store(address)
    assert verify_case(Desk(again), case, AUDITOR).events == 2
    again.close()


@pytest.mark.postgres
def test_a_server_killed_without_warning_loses_nothing(postgres: object) -> None:
    from postgres_server import Server

    assert isinstance(postgres, Server)
    where = postgres.database()
    store = Store(where)
    case = licence(Desk(store, now=lambda: NOON))
    postgres.stop("immediate")
    postgres.start()
    desk = Desk(store, now=lambda: NOON)
    assert verify_case(desk, case, AUDITOR).events == 2
    desk.advance(case, refuse())
    store.close()
