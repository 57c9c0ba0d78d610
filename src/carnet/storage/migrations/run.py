"""What every ``env.py`` does: connect, run one history, keep its place in its own table."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine, event, pool

from carnet.storage.migrate import version_table


def run(history: str) -> None:
    """Run the migrations of a history on the URL that ``migrate`` set."""
    url = context.config.attributes["url"]
    engine = create_engine(url, poolclass=pool.NullPool)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            version_table=version_table(history),
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


def _prepare_sqlite(connection: object, _: object) -> None:
    execute = connection.execute  # type: ignore[attr-defined]  # a sqlite3.Connection
    execute("PRAGMA page_size=8192")
    execute("PRAGMA journal_mode=WAL")
    execute("PRAGMA synchronous=FULL")
