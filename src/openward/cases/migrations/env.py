"""What Alembic runs: the steps, on the connection it is given."""

from __future__ import annotations

from alembic import context

from openward.cases.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
