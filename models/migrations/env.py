"""Alembic's entry: always online, always on the connection it was handed."""

from alembic import context

from models.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    transaction_per_migration=False,
)
# the transaction is the caller's: on PostgreSQL the whole history goes in at once or not at all
context.run_migrations()
