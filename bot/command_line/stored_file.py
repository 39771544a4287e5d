"""Where a SQLite database lies, asked without opening it: opening would make it."""

from pathlib import Path


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite address; None for another database."""
    from sqlalchemy import make_url

    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    return Path(parsed.database)
