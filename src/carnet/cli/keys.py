"""``carnet keys``: the master key."""

from __future__ import annotations

from cyclopts import App

from carnet.cli.common import Common, settings_of

app = App(name="keys", help="The master key, and what it wraps.")


@app.command
def rotate(common: Common | None = None) -> None:
    """Give the store a new master key: bucket keys are wrapped anew, data are not touched.

    Can be broken off and run again. While a server runs the old version stays in the key file;
    run the command again after its next restart to drop it.
    """
    import asyncio

    from carnet.cli.output import json_line

    moved, dropped, version = asyncio.run(_rotate(common))
    if common is not None and common.json:
        json_line({"rewrapped": moved, "version": version, "old_versions_dropped": dropped})
        return
    print(f"{moved} keys are wrapped under version {version} of the master key.")
    if not dropped:
        print("A server is running: restart it, then run this again to drop the old version.")


async def _rotate(common: Common | None) -> tuple[int, bool, int]:
    """How many keys moved, whether old versions were dropped, the version in force.

    Where an earlier rotation has left an old version behind, it is finished, not begun anew.
    """
    from carnet.cli.stores import opened
    from carnet.serve.plan import key_file_of
    from carnet.storage.keys import rewrap
    from carnet.storage.ledger_thread import ThreadWriter

    settings = settings_of(common)
    master = key_file_of(settings)
    if master.is_single:
        master = master.add_version()
    async with opened(settings) as store:
        moved = await rewrap(store.keys_reader, store.writer, master)
        alone = isinstance(store.writer, ThreadWriter)
    if alone:
        master = master.drop_old_versions()
    return moved, alone, master.version
