"""Alembic runs inside a connection the program gives it."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transactional_ddl=False, render_as_batch=False)
with context.begin_transaction():
    context.run_migrations()
