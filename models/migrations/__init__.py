"""The schema's history. `upgrade` brings a database to the newest version; each step is tested up, down and up."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from models.database import Database

HERE = Path(__file__).parent


async def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema up to `revision`; nothing happens where it is there already."""
    async with database.writer.connect() as connection:
        await connection.run_sync(_run, command.upgrade, revision)
        await connection.commit()


async def downgrade(database: Database, revision: str) -> None:
    """Take the schema back; data that the older schema has no place for is lost."""
    async with database.writer.connect() as connection:
        await connection.run_sync(_run, command.downgrade, revision)
        await connection.commit()


async def current_revision(database: Database) -> str | None:
    async with database.reader.connect() as connection:
        return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())


def newest_revision() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    return config


def _run(connection: Connection, run: object, revision: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    run(config, revision)  # type: ignore[operator]
