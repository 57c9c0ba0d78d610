"""What a start needs to know, handed from the supervisor to its children."""

from __future__ import annotations

from pathlib import Path

import msgspec

from carnet.record.errors import CarnetError
from carnet.record.store_kind import StoreKind
from carnet.settings import Settings, check_for
from carnet.storage.facts import stored_facts
from carnet.storage.masterkey import KeyFile, MasterKey


class Plan(msgspec.Struct, frozen=True):
    """A start: settings, the store's place and kind, the address, how many web workers."""

    settings: Settings
    directory: Path
    kind: StoreKind
    host: str
    port: int
    workers: int
    public_base: str

    @property
    def embedded(self) -> bool:
        """Whether the store is SQLite in the data directory."""
        return self.settings.database is None


def plan_of(settings: Settings, cores: int) -> Plan:
    """The plan of a start; all that can be wrong with it is told here, before anything runs.

    Raises ``CarnetError`` and ``SettingsError``.
    """
    if settings.data is None:
        raise CarnetError("data-directory-missing")
    facts = stored_facts(settings.data, settings.keys_database)
    kind = StoreKind(facts["kind"])
    check_for(settings, kind)
    public_base = (
        settings.public_base
        or facts.get("public_base")
        or f"http://{settings.host}:{settings.port}"
    )
    return Plan(
        settings=settings,
        directory=settings.data,
        kind=kind,
        host=settings.host,
        port=settings.port,
        workers=settings.workers or cores,
        public_base=public_base.rstrip("/"),
    )


def master_key_of(settings: Settings) -> MasterKey:
    """The master key that the settings name. Raises ``CarnetError`` of the key file."""
    return key_file_of(settings)


def key_file_of(settings: Settings) -> KeyFile:
    """The same as the file that it is."""
    path = settings.master_key_file
    if path is None:
        raise CarnetError("data-directory-missing")
    return KeyFile.load(path)
