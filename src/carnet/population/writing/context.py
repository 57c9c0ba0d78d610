"""What the writers of every kind are given: the life, who is who, and the document at hand."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from carnet.population import model
from carnet.population.writing.records import Records
from carnet.record.errors import CarnetError

_WRITTEN = timedelta(minutes=20)
_ANALYSED = timedelta(hours=7)


def oid_of(name: str) -> str:
    """An OID under 2.25 that follows from a name (ITU-T X.667)."""
    return f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, f'carnet-population/{name}').int}"


def uuid_of(name: str) -> str:
    """An upper-case UUID that follows from a name."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"carnet-population/{name}")).upper()


def cda_time(moment: datetime) -> str:
    """A CDA timestamp with its offset: ``20260105101500+0100``."""
    return moment.strftime("%Y%m%d%H%M%S%z")


def done_at(document: model.Document) -> datetime:
    """When the act was over: a laboratory takes hours."""
    is_laboratory = isinstance(document.content, model.Laboratory)
    return document.at + _ANALYSED if is_laboratory else document.at


def written_at(document: model.Document) -> datetime:
    """When the document was made; a copy, when it was sent."""
    return document.at if document.copy_of else done_at(document) + _WRITTEN


class Context:
    """One document of one life in the making; ``records`` is the index of the life.

    ``source`` is what a copy was made from: its paper is the same to the byte.
    """

    def __init__(
        self,
        life: model.Life,
        directory: model.Directory,
        document: model.Document,
        salt: str,
        created: datetime,
        records: Records | None = None,
        source: model.Document | None = None,
    ) -> None:
        self.life = life
        self.person = life.person
        self.directory = directory
        self.document = document
        self.salt = salt
        self.created = created
        self.records = records or Records(life)
        self.source = source or document

    @property
    def day(self) -> date:
        """The day of what the document reports."""
        return self.document.at.date()

    @property
    def written(self) -> datetime:
        """When the paper was written, which a copy does not change."""
        return written_at(self.source)

    @property
    def paper(self) -> str:
        """What everything printed that looks like chance is made from."""
        return self.name_of(self.source.key)

    @property
    def name(self) -> str:
        """What the identifiers of this document are made from."""
        return self.name_of(self.document.key)

    def name_of(self, key: str) -> str:
        """The same for another document of this life."""
        return f"{self.salt}/{self.person.key}/{key}"

    @property
    def author(self) -> model.Professional | None:
        """The professional who wrote it; None for the citizen and the insurance."""
        return self.directory.professional(self.document.author)

    def professional(self, key: str) -> model.Professional:
        """A professional who must be there. Raises ``person-unknown``."""
        found = self.directory.professional(key)
        if found is None:
            raise CarnetError("person-unknown", name=key)
        return found

    @property
    def writer(self) -> model.Professional:
        """The professional who wrote it. Raises ``person-unknown`` where it is none."""
        return self.professional(self.document.author)

    def line_id(self, document: str, number: int) -> str:
        """The id of a line of a prescription, which its dispensation refers to."""
        return uuid_of(f"{self.name_of(document)}/line-{number}")
