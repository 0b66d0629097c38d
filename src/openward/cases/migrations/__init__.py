"""Steps that bring a record to the newest form of its tables; run by Alembic."""
