"""The demo's documents: about sixty CDA documents of ten citizens, dated back from a given day.

Everything follows from the scripts and from ``as_of``: the same day gives the same bytes and the
same identifiers (OIDs under 2.25, which ITU-T X.667 derives from UUIDs).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from carnet.formats.cda.build import (
    Actor,
    Body,
    Citizen,
    DocumentSpec,
    EncodedBody,
    Encounter,
    LaboratoryBody,
    Participant,
    Recipient,
    Replaced,
    ServiceEvent,
    build_document,
)
from carnet.population.demo import actors, letters
from carnet.population.demo.laboratory import Past, chapter, remember
from carnet.population.demo.model import DemoDocument, DemoPerson, DemoProfessional
from carnet.population.demo.people import J02, J07, concept, people, professionals
from carnet.population.demo.scripts import DocumentScript, document_scripts, kinds
from carnet.population.demo.times import FIRST_DAY, cda_time, fill, french_age, instant
from carnet.record.document import Code
from carnet.record.identity import Sex

_ACT_CODE = "2.16.840.1.113883.5.4"
_FRENCH_MODE = "1.2.250.1.213.1.1.4.2.291"
_MODES = {
    "AMB": Code(_ACT_CODE, "AMB", "Ambulatoire (hors établissement)"),
    "IMP": Code(_ACT_CODE, "IMP", "Hospitalisation (établissement, y compris HAD)"),
    "EMER": Code(_ACT_CODE, "EMER", "Passage aux urgences (établissement)"),
    "EXTERNE": Code(_FRENCH_MODE, "EXTERNE", "Acte et consultation externe (établissement)"),
}
_PHYSICIAN = Code("2.16.840.1.113883.5.88", "PCP", "Médecin traitant")
_PRESCRIBED = timedelta(days=7)
_WRITTEN = timedelta(minutes=20)
_DEPOSITED = timedelta(minutes=35)
_ANALYSED = timedelta(hours=7)


def _oid(name: str) -> str:
    return f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, f'carnet-demo/{name}').int}"


class _Writer:
    """Writes the documents of one citizen in the order of their days."""

    def __init__(self, person: DemoPerson, as_of: date) -> None:
        self.person = person
        self.as_of = as_of
        self.by_key = {one.key: one for one in professionals()}
        self.past: Past = {}
        self.written: dict[str, DocumentSpec] = {}

    def write(self, script: DocumentScript) -> DemoDocument:
        """One document. A replaced one must have been written before."""
        spec = self._spec(script)
        self.written[script.key] = spec
        deposited = self._created(script) + _DEPOSITED
        return DemoDocument(
            key=script.key,
            patient=self.person.key,
            author=script.author,
            xml=build_document(spec),
            unique_id=spec.unique_id,
            type=spec.type,
            title=spec.title,
            deposited_at=int(deposited.timestamp()),
            visibility=script.visibility,
            hidden_by_patient=script.hidden_by_patient,
            replaces=None if spec.replaced is None else spec.replaced.unique_id,
        )

    def _act(self, script: DocumentScript) -> datetime:
        return instant(self.as_of, script.days_ago, script.time)

    def _done(self, script: DocumentScript) -> datetime:
        """When the act was over: a laboratory takes hours."""
        act = self._act(script)
        return act + _ANALYSED if script.chapters else act

    def _created(self, script: DocumentScript) -> datetime:
        """When the document was made."""
        return self._done(script) + _WRITTEN

    def _spec(self, script: DocumentScript) -> DocumentSpec:
        replaced = None if script.replaces is None else self.written[script.replaces]
        version = 1 if replaced is None else replaced.version_number + 1
        name = f"{self.as_of.isoformat()}/{script.key}"
        own = script.author == self.person.key
        author = self.by_key.get(script.author)
        who = actors.citizen(self.person) if author is None or own else actors.actor(author)
        created = cda_time(self._created(script))
        return DocumentSpec(
            unique_id=_oid(name),
            set_id=_oid(f"{name}/set") if replaced is None else replaced.set_id,
            version_number=version,
            type=concept(J07, kinds()[script.kind].code),
            title=script.title,
            created=created,
            patient=actors.patient(self.person),
            author=who,
            authored=created,
            custodian=who.structure if isinstance(who, Actor) else None,
            authenticator=who,
            authenticated=created,
            event=self._event(script, who),
            encounter=self._encounter(script, author),
            body=self._body(script, author),
            further_acts=self._further_acts(script),
            participants=self._participants(script),
            recipients=self._recipients(script),
            replaced=None
            if replaced is None
            else Replaced(replaced.unique_id, replaced.version_number),
        )

    def _start(self, script: DocumentScript) -> datetime:
        return self._act(script) - timedelta(days=script.stay or 0)

    def _event(self, script: DocumentScript, who: Actor | Citizen) -> ServiceEvent:
        end = cda_time(self._done(script)) if script.stay or script.chapters else None
        codes = [chapter(c, self.sex, {}).code for c in script.chapters]
        return ServiceEvent(
            start=cda_time(self._start(script)),
            end=end,
            performer=who,
            code=codes[0] if codes else None,
        )

    def _further_acts(self, script: DocumentScript) -> tuple[Code, ...]:
        return tuple(chapter(c, self.sex, {}).code for c in script.chapters[1:])

    def _encounter(self, script: DocumentScript, author: DemoProfessional | None) -> Encounter:
        start = cda_time(self._start(script))
        if author is None:
            return Encounter(start=start, facility=concept(J02, actors.CITIZEN))
        mode = kinds()[script.kind].mode
        house = actors.structure(author.structure)
        return Encounter(
            start=start,
            end=cda_time(self._act(script)) if script.stay else None,
            facility=author.sector,
            mode=None if mode is None else _MODES[mode],
            responsible=actors.actor(author),
            place_name=house.name,
            place_address=house.address,
        )

    @property
    def sex(self) -> Sex:
        """The sex that reference ranges follow."""
        return self.person.traits.sex

    def _body(self, script: DocumentScript, author: DemoProfessional | None) -> Body:
        day = self._act(script).date()
        age = french_age(date.fromisoformat(self.person.traits.birth_date), day)
        patient = letters.spoken(self.person.name)

        def filled(text: str) -> str:
            return fill(text, self.as_of, age, patient)

        if author is None:
            return letters.citizen_file(script, self.person, day, filled)
        if script.chapters:
            return self._laboratory(script, author)
        to = None if script.to is None else self.by_key[script.to]
        pdf = letters.professional_letter(script, self.person, author, to, day, filled)
        return EncodedBody("application/pdf", pdf)

    def _laboratory(self, script: DocumentScript, author: DemoProfessional) -> LaboratoryBody:
        act = self._act(script)
        chapters = tuple(chapter(c, self.sex, self.past) for c in script.chapters)
        pdf = letters.laboratory_report(script.title, self.person, author, act.date(), chapters)
        remember(script, cda_time(act), self.past)
        return LaboratoryBody(chapters, cda_time(act), pdf)

    def _participants(self, script: DocumentScript) -> tuple[Participant, ...]:
        """Who ordered the analyses, and the médecin traitant where they are not the author."""
        found: list[Participant] = []
        if script.ordered_by is not None:
            ordered = cda_time(self._act(script) - _PRESCRIBED)
            orderer = actors.actor(self.by_key[script.ordered_by])
            found.append(Participant("REF", orderer, time=ordered))
        doctor = self.person.doctor
        if doctor is not None and doctor != script.author and script.author in self.by_key:
            found.append(Participant("INF", actors.actor(self.by_key[doctor]), _PHYSICIAN))
        return tuple(found)

    def _recipients(self, script: DocumentScript) -> tuple[Recipient, ...]:
        key = script.to or script.ordered_by
        return () if key is None else (Recipient(actors.actor(self.by_key[key])),)


def documents(as_of: date) -> Iterator[DemoDocument]:
    """Every document of the demo, citizen by citizen, each citizen's in the order of deposit.

    Raises ``ValueError`` where ``as_of`` lies before ``FIRST_DAY``.
    """
    if as_of < FIRST_DAY:
        raise ValueError(f"the demo's people have no past before {FIRST_DAY.isoformat()}")
    by_key = {person.key: person for person in people()}
    for key, scripts in document_scripts().items():
        writer = _Writer(by_key[key], as_of)
        for script in sorted(scripts, key=lambda s: (-s.days_ago, s.time)):
            yield writer.write(script)
