"""Writes every document of a life as CDA: header from who and when, body from its content."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import NamedTuple

import msgspec

from carnet.formats.cda.build import (
    Actor,
    Citizen,
    Device,
    DocumentSpec,
    EncodedBody,
    Encounter,
    Participant,
    Recipient,
    Replaced,
    ServiceEvent,
    Structure,
    Unnamed,
    build_document,
    kind_of,
)
from carnet.population import model
from carnet.population.scripts.cast import J02, J07, concept
from carnet.population.scripts.reading import kinds
from carnet.population.writing import people, reimbursements
from carnet.population.writing.bodies import body_of
from carnet.population.writing.context import Context, cda_time, done_at, oid_of, written_at
from carnet.population.writing.made import Made
from carnet.population.writing.records import Records
from carnet.population.written import Written
from carnet.record.document import Code

_ACT_CODE = "2.16.840.1.113883.5.4"
_FRENCH_MODE = "1.2.250.1.213.1.1.4.2.291"
_MODES = {
    "AMB": Code(_ACT_CODE, "AMB", "Ambulatoire (hors établissement)"),
    "IMP": Code(_ACT_CODE, "IMP", "Hospitalisation (établissement, y compris HAD)"),
    "EMER": Code(_ACT_CODE, "EMER", "Passage aux urgences (établissement)"),
    "HH": Code(_ACT_CODE, "HH", "Domicile"),
    "EXTERNE": Code(_FRENCH_MODE, "EXTERNE", "Acte et consultation externe (établissement)"),
}
_PHYSICIAN = Code("2.16.840.1.113883.5.88", "PCP", "Médecin traitant")
_LATELY = timedelta(days=90)  # an order older than that is not the one that was answered
_PRESCRIBED = timedelta(days=7)  # before what it asks for, where the life does not say when
_DEPOSITED = timedelta(minutes=15)


def write_documents(life: model.Life, directory: model.Directory, salt: str) -> Iterator[Written]:
    """Every document of a life, in the order of the life. Equal input gives equal bytes.

    A replaced document must stand before the one that replaces it. Raises ``person-unknown``.
    """
    writer = _Writer(life, directory, salt)
    for document in life.documents:
        yield writer.write(document)


class _Version(NamedTuple):
    """What a later version says of a document."""

    unique_id: str
    set_id: str
    number: int


class _Writer:
    """Writes the documents of one life."""

    def __init__(self, life: model.Life, directory: model.Directory, salt: str) -> None:
        self.life = life
        self.directory = directory
        self.salt = salt
        self.records = Records(life)
        self.versions: dict[str, _Version] = {}

    def write(self, document: model.Document) -> Written:
        """One document."""
        created = written_at(document)
        original = self.records.document(document.copy_of) if document.copy_of else None
        shown = document if original is None else _as_copy(original, document)
        context = Context(
            self.life, self.directory, shown, self.salt, created, self.records, original
        )
        made = body_of(context)
        spec = self._spec(context, made)
        self.versions[document.key] = _Version(spec.unique_id, spec.set_id, spec.version_number)
        return Written(
            key=document.key,
            sender=document.sender or document.author,
            xml=build_document(spec),
            unique_id=spec.unique_id,
            type=spec.type,
            title=spec.title,
            created=created,
            deposited=created + _DEPOSITED,
            level=1 if isinstance(made.body, EncodedBody) else 3,
            visibility=document.visibility,
            replaces=None if spec.replaced is None else spec.replaced.unique_id,
        )

    def _spec(self, context: Context, made: Made) -> DocumentSpec:
        document = context.document
        replaced = None if document.replaces is None else self.versions[document.replaces]
        who = _author(context)
        created = cda_time(context.created)
        kind = kinds()[document.kind]
        return DocumentSpec(
            unique_id=oid_of(context.name),
            set_id=oid_of(f"{context.name}/set") if replaced is None else replaced.set_id,
            version_number=1 if replaced is None else replaced.number + 1,
            type=made.type or concept(J07, kind.code),
            title=kind_of(made.body).title or document.title,
            created=created,
            patient=people.patient(context.person, context.directory, document.at),
            author=who,
            authored=created,
            custodian=_custodian(context, who),
            authenticator=who,
            authenticated=created,
            event=_event(context, made, who),
            encounter=_encounter(context, kind.mode),
            body=made.body,
            further_acts=made.further_acts,
            participants=_participants(context),
            recipients=_recipients(context),
            orders=made.orders,
            replaced=None if replaced is None else Replaced(replaced.unique_id, replaced.number),
        )


def _as_copy(original: model.Document, copy: model.Document) -> model.Document:
    """What a copy shows: all of the original, under its own key, kept by who sends it."""
    return msgspec.structs.replace(original, key=copy.key, sender=copy.sender, replaces=None)


def _start(document: model.Document) -> datetime:
    return document.at - timedelta(days=document.stay)


def _author(context: Context) -> Actor | Citizen | Device:
    if context.document.author == "insurance":
        return reimbursements.DEVICE
    author = context.author
    if author is None:
        return people.citizen(context.person, context.document.at)
    return people.actor(author)


def _custodian(context: Context, who: Actor | Citizen | Device) -> Structure | None:
    """Who keeps it: the structure of who sends it; None for the citizen's own."""
    sender = context.document.sender
    if sender is not None:
        return people.structure(context.professional(sender).structure)
    return None if isinstance(who, Citizen) else who.structure


def _event(context: Context, made: Made, who: Actor | Citizen | Device) -> ServiceEvent:
    """The main act: from the start of a stay, or the act, to its end where it has one."""
    document = context.document
    done = done_at(document)
    end = made.act_end or (done if document.stay or done > document.at else None)
    return ServiceEvent(
        start=cda_time(made.act_start or _start(document)),
        end=None if end is None else cda_time(end),
        performer=Unnamed(reimbursements.INSURER.setting) if isinstance(who, Device) else who,
        code=made.act,
        translations=made.act_translations,
    )


def _encounter(context: Context, mode: str | None) -> Encounter:
    document = context.document
    if document.author == "insurance":
        return Encounter(start=None, facility=concept(J02, "SA24"))
    start = cda_time(_start(document))
    author = context.author
    if author is None:
        return Encounter(start=start, facility=concept(J02, people.CITIZEN))
    house = people.structure(author.structure)
    return Encounter(
        start=start,
        end=cda_time(document.at) if document.stay else None,
        facility=author.structure.sector,
        mode=None if mode is None else _MODES[mode],
        responsible=people.actor(author),
        place_name=house.name,
        place_address=house.address,
    )


def _participants(context: Context) -> tuple[Participant, ...]:
    """Who ordered it, and the médecin traitant where they are not the author."""
    found: list[Participant] = []
    document = context.document
    if context.author is None:
        return ()
    if document.ordered_by is not None:
        orderer = people.actor(context.professional(document.ordered_by))
        ordered = cda_time(_ordered(context, document.ordered_by))
        found.append(Participant("REF", orderer, time=ordered))
    doctor = context.person.doctor
    if doctor is not None and doctor != document.author:
        found.append(Participant("INF", people.actor(context.professional(doctor)), _PHYSICIAN))
    return tuple(found)


def _ordered(context: Context, orderer: str) -> datetime:
    """When it was asked for: when the orderer wrote last, and not before birth."""
    at = context.document.at
    last = context.records.last_by(orderer, at)
    if last is not None and at - last <= _LATELY:
        return last
    born = datetime.combine(context.person.born, time(0), tzinfo=at.tzinfo)
    return max(at - _PRESCRIBED, min(born, at))


def _recipients(context: Context) -> tuple[Recipient, ...]:
    key = context.document.to or context.document.ordered_by
    one = None if key is None else context.directory.professional(key)
    return () if one is None else (Recipient(people.actor(one)),)
