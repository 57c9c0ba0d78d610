"""``carnet keys``: the master key."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter

from carnet.cli.common import Common, settings_of

app = App(name="keys", help="The master key, and what it wraps.")


@app.command
def rotate(
    common: Common | None = None,
    *,
    drop_old: Annotated[
        bool,
        Parameter(
            help="Every server has been restarted since: finish, and drop the old version.",
            negative="",
            show_default=False,
        ),
    ] = False,
) -> None:
    """Give the store a new master key: bucket keys are wrapped anew, data are not touched.

    Can be broken off and run again. While a server runs the old version stays in the key file: it
    may still wrap new keys under it. Restart it, then run this again with --drop-old.
    """
    import asyncio

    from carnet.cli.output import json_line

    moved, dropped, version = asyncio.run(_rotate(common, drop_old=drop_old))
    if common is not None and common.json:
        json_line({"rewrapped": moved, "version": version, "old_versions_dropped": dropped})
        return
    print(f"{moved} keys are wrapped under version {version} of the master key.")
    if not dropped:
        print("Servers may hold the old version: restart them, then run this with --drop-old.")


async def _rotate(common: Common | None, *, drop_old: bool) -> tuple[int, bool, int]:
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
    if alone or drop_old:
        master = master.drop_old_versions()
    return moved, alone or drop_old, master.version
