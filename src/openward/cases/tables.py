"""The tables of the record. Days are ISO text, so that both databases sort and compare them alike."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    text,
)

metadata = MetaData()

cases = Table(
    "cases",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("procedure", String(60), nullable=False),
    Column("procedure_sha256", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("opened_by", String(80), nullable=False),
    Column("opened_on", String(10), nullable=False),
    Column("state", String(40), nullable=False),
    # What follows is worked out from the events, kept for the queue, and checked by verify.
    Column("seq", Integer, nullable=False),
    Column("head", String(64), nullable=False),
    Column("next_due", String(10)),
    Column("next_limit", String(40)),
    Column("closed_on", String(10)),
    Column("keep_until", String(10)),
    # The queue, as it is ordered; only open cases are in it.
    Index(
        "cases_by_due",
        text("coalesce(next_due, '9999-12-31')"),
        "id",
        sqlite_where=text("closed_on IS NULL"),
        postgresql_where=text("closed_on IS NULL"),
    ),
    Index("cases_by_applicant", "opened_by", "id"),
    Index("cases_by_end", "keep_until"),
)
events = Table(
    "events",
    metadata,
    Column("case_id", String(80), ForeignKey("cases.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    # Two people who decide at once write the same number: one of them fails.
    PrimaryKeyConstraint("case_id", "seq"),
)
sealed = Table(
    "sealed",
    metadata,
    Column("case_id", String(80), ForeignKey("cases.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("name", String(80), nullable=False),
    Column("salt", String(64), nullable=False),
    Column("content", Text, nullable=False),
    PrimaryKeyConstraint("case_id", "seq", "name"),
)
documents = Table(
    "documents",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
people = Table(
    "people",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
)
