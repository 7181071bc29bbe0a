"""Run by Alembic: gives it the schema and the connection that registry/schema.py hands over."""

from alembic import context

from registry import models  # noqa: F401 (fills the metadata)
from registry.db import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
