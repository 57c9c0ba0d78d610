"""``carnet backup``: a copy of a store, made while it is served."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from carnet.cli.common import Common, settings_of

if TYPE_CHECKING:
    from carnet.settings import Settings
    from carnet.storage.backup.make import Made
    from carnet.storage.backup.source import Source

MEGABYTE = 1_000_000
_DOCUMENTS_ABSENT = 1


def backup(
    folder: Annotated[Path, Parameter(name="FOLDER", negative="")],
    *,
    keys: Annotated[
        Path | None,
        Parameter(help="The folder of the keys, apart; absent: FOLDER.keys beside FOLDER."),
    ] = None,
    common: Common | None = None,
) -> int:
    """Copy a store to FOLDER, its keys to a folder apart, while it is served or at rest.

    Everything acknowledged before the backup began is in it. Run again to the same folders, it
    copies only the documents that are new. The master key is never copied: keep it yourself. The
    exit status is 1 where the store lacks documents that its entries name. docs/backup.md.
    """
    from carnet.cli.stores import SIGNING_KEY, data_of
    from carnet.storage.backup.make import Store, make_backup
    from carnet.storage.facts import stored_facts

    settings = settings_of(common)
    as_json = common is not None and common.json
    directory = data_of(settings)
    facts = stored_facts(directory, settings.keys_database)
    secret_files = (SIGNING_KEY,) if (directory / SIGNING_KEY).exists() else ()
    store = Store(directory, facts["id"], facts["kind"], secret_files)
    keys_folder = keys_folder_of(folder, keys)
    with ExitStack() as stack:
        bar = moving(stack, "Backing up (MB)", quiet=as_json)
        made = make_backup(store, _source_of(settings), folder, keys_folder, bar)
    _tell(made, folder, keys_folder, as_json=as_json)
    objects = made.data.objects
    return _DOCUMENTS_ABSENT if objects is not None and objects.absent else 0


def keys_folder_of(folder: Path, keys: Path | None) -> Path:
    """Where the keys of a backup are: as named, else beside its folder."""
    place = folder.absolute()
    return keys if keys is not None else place.with_name(place.name + ".keys")


def _source_of(settings: Settings) -> Source:
    from carnet.cli.stores import data_of
    from carnet.storage.backup.source import EmbeddedSource, PostgresqlSource

    if settings.database is not None and settings.keys_database is not None:
        return PostgresqlSource(settings.database, settings.keys_database)
    return EmbeddedSource(data_of(settings))


def moving(stack: ExitStack, label: str, *, quiet: bool) -> Callable[[int], Callable[[int], None]]:
    """A function that starts a bar of so many bytes, shown in megabytes, until the stack closes."""
    from carnet.cli.output import progress

    def begun(total: int) -> Callable[[int], None]:
        bar = stack.enter_context(progress(label, total // MEGABYTE or 1, quiet=quiet))
        done = 0

        def advance(size: int) -> None:
            nonlocal done
            before, done = done, done + size
            bar(done // MEGABYTE - before // MEGABYTE)

        return advance

    return begun


def _tell(made: Made, folder: Path, keys_folder: Path, *, as_json: bool) -> None:
    """What was copied, for people or for machines."""
    from carnet.cli.output import json_line, language
    from carnet.storage.backup.manifest import Objects

    objects = made.data.objects or Objects(0, 0)
    size = made.data.size + made.keys.size
    if as_json:
        json_line(
            {
                "backup": str(folder),
                "keys": str(keys_folder),
                "store": made.data.store,
                "at": instant(made.data.at),
                "documents": objects.count,
                "new_documents": made.new_documents,
                "absent_documents": objects.absent,
                "bytes": size,
                "new_bytes": made.new_bytes,
                "pause_ms": round(made.pause * 1000, 1),
                "seconds": round(made.seconds, 2),
            }
        )
        return
    french = language() == "fr"
    megabytes, seconds = size / MEGABYTE, made.seconds
    if french:
        print(
            f"Sauvegarde de {instant(made.data.at)} : {objects.count} documents, dont "
            f"{made.new_documents} nouveaux ; {megabytes:.1f} Mo, {seconds:.1f} s.\n"
            f"Clés à part, à garder 30 jours au plus : {keys_folder}\n"
            "La clé maîtresse n'y est pas : gardez-en vous-même une copie."
        )
    else:
        print(
            f"Backup of {instant(made.data.at)}: {objects.count} documents, {made.new_documents} "
            f"of them new; {megabytes:.1f} MB, {seconds:.1f} s.\n"
            f"Keys apart, to be kept 30 days at most: {keys_folder}\n"
            "The master key is not in it: keep a copy of it yourself."
        )
    if objects.absent:
        print(
            f"{objects.absent} documents manquent dans le dépôt : lancez « carnet verify »."
            if french
            else f"The store lacks {objects.absent} documents: run carnet verify."
        )


def instant(at: int) -> str:
    """An instant of µs since 1970 UTC, in words to the second."""
    return datetime.fromtimestamp(at // 1_000_000, UTC).isoformat().replace("+00:00", "Z")
