"""The first form of the record.

A step states its tables itself: what later code says of them must not change it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SQLITE = [
    f"CREATE TRIGGER events_no_{what} BEFORE {what.upper()} ON events "
    "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"
    for what in ("update", "delete")
]
_POSTGRESQL = [
    "CREATE FUNCTION events_append_only() RETURNS trigger AS $$ "
    "BEGIN RAISE EXCEPTION 'events are append-only'; END $$ LANGUAGE plpgsql",
    "CREATE TRIGGER events_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON events "
    "FOR EACH STATEMENT EXECUTE FUNCTION events_append_only()",
]


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "cases",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("procedure", sa.String(60), nullable=False),
        sa.Column("procedure_sha256", sa.String(64), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("opened_by", sa.String(80), nullable=False),
        sa.Column("opened_on", sa.String(10), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.Column("next_due", sa.String(10)),
        sa.Column("next_limit", sa.String(40)),
        sa.Column("closed_on", sa.String(10)),
        sa.Column("keep_until", sa.String(10)),
    )
    op.execute(
        "CREATE INDEX cases_by_due ON cases (coalesce(next_due, '9999-12-31'), id) WHERE closed_on IS NULL"
    )
    op.create_index("cases_by_applicant", "cases", ["opened_by", "id"])
    op.create_index("cases_by_end", "cases", ["keep_until"])
    op.create_table(
        "events",
        sa.Column("case_id", sa.String(80), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "seq"),
    )
    op.create_table(
        "sealed",
        sa.Column("case_id", sa.String(80), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "seq", "name"),
    )
    op.create_table(
        "documents",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "people",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(80), nullable=False, unique=True),
        sa.Column("role", sa.String(20), nullable=False),
    )
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Refuse: a record is not thrown away by a migration."""
    raise NotImplementedError("the first form of the record cannot be undone")
