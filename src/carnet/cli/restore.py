"""``carnet restore``: a store made anew from a backup."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from carnet.cli.common import Common, settings_of

if TYPE_CHECKING:
    from carnet.storage.backup.restore import Restored

_DAMAGED = 1


def restore(
    folder: Annotated[Path, Parameter(name="FOLDER", negative="")],
    *,
    keys: Annotated[
        Path | None,
        Parameter(help="The folder of the keys; absent: FOLDER.keys beside FOLDER."),
    ] = None,
    despite_damage: Annotated[
        bool,
        Parameter(
            help="Leave damaged documents out, and restore all others.",
            negative="",
            show_default=False,
        ),
    ] = False,
    common: Common | None = None,
) -> int:
    """Make a store anew from a backup, in the absent or empty directory of --data.

    A PostgreSQL store is restored into two new databases, which the settings name. Every part is
    held to the backup's manifest; a restoration that breaks off leaves no store. The keys may be
    later than the data. The master key comes from elsewhere, and is tried if it is there. The exit
    status is 1 where documents were left out. docs/backup.md.
    """
    from carnet.cli.backup import keys_folder_of, moving
    from carnet.cli.stores import data_of
    from carnet.storage.backup.restore import Place, restore_backup

    settings = settings_of(common)
    as_json = common is not None and common.json
    place = Place(data_of(settings), settings.database, settings.keys_database)
    with ExitStack() as stack:
        done = restore_backup(
            folder,
            keys_folder_of(folder, keys),
            place,
            settings.master_key_file,
            moving(stack, "Restoring (MB)", quiet=as_json),
            despite_damage=despite_damage,
        )
    _tell(done, place.directory, settings.master_key_file, as_json=as_json)
    return _DAMAGED if done.damaged else 0


def _tell(done: Restored, directory: Path, key_file: Path | None, *, as_json: bool) -> None:
    """What stands again, and what is left to do."""
    from carnet.cli.backup import MEGABYTE, instant
    from carnet.cli.output import json_line, language

    count = (done.data.objects.count if done.data.objects else 0) - len(done.damaged)
    size = done.data.size + done.keys.size
    if as_json:
        json_line(
            {
                "restored": str(directory),
                "store": done.data.store,
                "at": instant(done.data.at),
                "documents": count,
                "damaged_documents": list(done.damaged),
                "bytes": size,
                "key_fits": done.key_fits,
                "seconds": round(done.seconds, 2),
            }
        )
        return
    french = language() == "fr"
    megabytes, seconds = size / MEGABYTE, done.seconds
    if french:
        print(
            f"{directory} : dépôt de {instant(done.data.at)}, {count} documents ; "
            f"{megabytes:.1f} Mo, {seconds:.1f} s."
        )
        if not done.key_fits:
            print(f"Remettez la clé maîtresse à sa place : {key_file}")
        print(f"Vérifiez-le avant de le servir : carnet verify --data {directory}")
    else:
        print(
            f"{directory}: the store of {instant(done.data.at)}, {count} documents; "
            f"{megabytes:.1f} MB, {seconds:.1f} s."
        )
        if not done.key_fits:
            print(f"Put the master key back in its place: {key_file}")
        print(f"Check it before you serve it: carnet verify --data {directory}")
    for name in done.damaged:
        print(f"abîmé : {name}" if french else f"damaged: {name}")
