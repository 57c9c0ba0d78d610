"""``carnet db``: the databases' schema."""

from __future__ import annotations

from cyclopts import App

from carnet.cli.common import Common, settings_of

app = App(name="db", help="The schema of a store's databases.")


@app.command
def upgrade(common: Common | None = None) -> None:
    """Bring a store's databases to this version's schema.

    Migrations are forward and may be run while the previous version still serves; each that is
    done is kept, so that one broken off is taken up where it stopped. Makes no store.
    """
    from carnet.cli.output import json_line
    from carnet.cli.stores import data_of
    from carnet.storage.facts import stored_facts
    from carnet.storage.migrate import HISTORIES, upgrade_postgresql, upgrade_sqlite

    settings = settings_of(common)
    directory = data_of(settings)
    stored_facts(directory, settings.keys_database)  # there is one to upgrade
    done: list[str] = []
    if settings.database is not None and settings.keys_database is not None:
        for history in ("main", "traces"):
            upgrade_postgresql(settings.database, history)
            done.append(history)
        upgrade_postgresql(settings.keys_database, "keys")
        done.append("keys")
    else:
        for name, history in HISTORIES.items():
            upgrade_sqlite(directory / name)
            done.append(history)
    if common is not None and common.json:
        json_line({"upgraded": done})
        return
    print("Schema up to date: " + ", ".join(done))
