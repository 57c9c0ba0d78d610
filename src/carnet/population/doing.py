"""Single acts of invented people, each through its use case."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

import orjson

from carnet.formats.fhir.dump import BASE
from carnet.population.callers import OPERATOR, citizen_caller, ins_at
from carnet.population.model import Act, Directory, Does, Person, Tie
from carnet.population.written import Written
from carnet.record.caller import Caller
from carnet.record.errors import CarnetError
from carnet.record.identity import Identifier
from carnet.record.lifecycle import ClosingReason
from carnet.usecases import (
    closing,
    consultation,
    feeding,
    history,
    identities,
    lifecycle,
    sharing,
    stewardship,
)
from carnet.usecases.gate import Gate
from carnet.usecases.history import HistoryQuery
from carnet.usecases.requests import (
    ConsentLine,
    ConsentRequest,
    ConsentText,
    DeclaredEntry,
    DocumentQuery,
    MemoryContent,
    OpeningGround,
    OpeningRequest,
    SubmittedDocument,
    Visibility,
)

CONSENT_TEXT = ConsentText("demo-consent", "1", "fr")
_URI = "urn:ietf:rfc:3986"


def _request(person: Person, at: datetime | None = None) -> OpeningRequest:
    return OpeningRequest(ins_at(person, at), person.traits, OpeningGround.CONSENT, CONSENT_TEXT)


async def open_record(gate: Gate, caller: Caller, person: Person, at: datetime) -> None:
    """The record of a person comes to be, with their consent."""
    await lifecycle.open_record(gate, caller, _request(person, at))


async def oppose(gate: Gate, caller: Caller, person: Person) -> None:
    """The citizen wants no record."""
    await lifecycle.oppose(gate, caller, _request(person))


async def oppose_break_glass(gate: Gate, person: Person, at: datetime) -> None:
    """The citizen wants nobody to break the glass."""
    await sharing.oppose_break_glass(
        gate, citizen_caller(person, at), ins_at(person, at), opposed=True
    )


async def feed(gate: Gate, caller: Caller, one: Written) -> None:
    """A document enters the record."""
    document = SubmittedDocument(MemoryContent(one.xml), DeclaredEntry(visibility=one.visibility))
    await feeding.submit(gate, caller, document)


async def hide(gate: Gate, caller: Caller, unique_id: str, *, hidden: bool) -> None:
    """The citizen hides a document from professionals, or shows it again."""
    await stewardship.change_visibility(
        gate,
        caller,
        ("unique", unique_id),
        Visibility(hidden_from_professionals=hidden),
        None,
    )


async def announce(gate: Gate, caller: Caller, unique_id: str) -> None:
    """The author has told the patient, who may read it from now on."""
    await stewardship.change_visibility(
        gate, caller, ("unique", unique_id), Visibility(hidden_from_patient=False), None
    )


async def rename(gate: Gate, person: Person) -> None:
    """A waiting number becomes the national number."""
    if person.later_ins is not None:
        await identities.change_identity(gate, OPERATOR, person.ins, person.later_ins)


async def close(gate: Gate, person: Person, at: datetime) -> None:
    """A record ends: by the operator after a death, else by the citizen."""
    ins = ins_at(person, at)
    if person.died is None:
        await closing.close_record(gate, citizen_caller(person, at), ins, ClosingReason.REQUEST)
        return
    day = person.died.isoformat()
    await closing.close_record(gate, OPERATOR, ins, ClosingReason.DEATH, died_on=day)


class TieMaker:
    """Makes a tie, and ends it."""

    def __init__(
        self,
        gate: Gate,
        caller: Caller,
        person: Person,
        tie: Tie,
        directory: Directory,
        since: datetime,
    ) -> None:
        self._gate = gate
        self._caller = caller
        self._request = _tie_request(person, tie, directory, since)
        self._line: ConsentLine | None = None

    async def make(self) -> None:
        """Make it."""
        self._line = await sharing.make_tie(self._gate, self._caller, self._request)

    async def end(self, caller: Caller) -> None:
        """End it. It must have been made."""
        if self._line is None:
            raise RuntimeError("a tie ends before it is made")
        await sharing.end_tie(self._gate, caller, self._line.id, None)


def _tie_request(person: Person, tie: Tie, directory: Directory, since: datetime) -> ConsentRequest:
    identifier, name = _actor(directory, tie.actor)
    return ConsentRequest(
        patient=ins_at(person, since),
        kind=tie.kind,
        actor=identifier,
        actor_name=name,
        start=int(since.timestamp()),
        end=0 if tie.until is None else int(tie.until.timestamp()),
        text=CONSENT_TEXT,
        scope=tie.scope,
    )


def _actor(directory: Directory, key: str) -> tuple[Identifier, str]:
    professional = directory.professional(key)
    if professional is not None:
        name = professional.name
        return professional.identifier, f"{name.given} {name.family}"
    structure = directory.structure(key)
    if structure is not None:
        return structure.identifier, structure.name
    person = directory.person(key)
    if person is None:
        raise CarnetError("person-unknown", name=key)
    ins = ins_at(person)
    return Identifier(ins.oid, ins.matricule), f"{person.name.given} {person.name.family}"


def doer(
    gate: Gate, caller: Caller, act: Act, person: Person, unique_id: str | None, at: datetime
) -> Callable[[], Awaitable[None]]:
    """What does an act of a life; a refusal that the life foresees is swallowed, traced as it is.

    The function raises ``RuntimeError`` where what was to be refused is permitted.
    """

    async def do() -> None:
        try:
            await _DOERS[act.does](gate, caller, person, unique_id or "", at)
        except CarnetError:
            if not act.refused:
                raise
            return
        if act.refused:
            raise RuntimeError(f"{act.who} was to be refused to {act.does} on {act.at:%Y-%m-%d}")

    return do


async def _find(gate: Gate, caller: Caller, person: Person, _unique: str, at: datetime) -> None:
    await consultation.find(gate, caller, DocumentQuery(patient=ins_at(person, at)))


async def _read(gate: Gate, caller: Caller, person: Person, unique: str, at: datetime) -> None:
    """Finds one document by its uniqueId and opens it, as a reader's software does."""
    query = DocumentQuery(patient=ins_at(person, at), identifiers=((_URI, f"urn:oid:{unique}"),))
    found = await consultation.find(gate, caller, query)
    if not found.entries:
        raise CarnetError("document-absent")
    resource = found.entries[0].resource.replace(BASE, b"")  # no server has a base here
    url = orjson.loads(resource)["content"][0]["attachment"]["url"]
    await consultation.retrieve(gate, caller, str(url).rpartition("/")[2])


async def _history(gate: Gate, caller: Caller, person: Person, _unique: str, at: datetime) -> None:
    await history.read_history(gate, caller, HistoryQuery(patient=ins_at(person, at)))


async def _hide(gate: Gate, caller: Caller, _person: Person, unique: str, _at: datetime) -> None:
    await hide(gate, caller, unique, hidden=True)


async def _show(gate: Gate, caller: Caller, _person: Person, unique: str, _at: datetime) -> None:
    await hide(gate, caller, unique, hidden=False)


async def _oppose(gate: Gate, _caller: Caller, person: Person, _unique: str, at: datetime) -> None:
    await oppose_break_glass(gate, person, at)


_DOERS: dict[Does, Callable[[Gate, Caller, Person, str, datetime], Awaitable[None]]] = {
    Does.FIND: _find,
    Does.READ: _read,
    Does.HISTORY: _history,
    Does.HIDE: _hide,
    Does.SHOW: _show,
    Does.OPPOSE_BREAK_GLASS: _oppose,
}

__all__ = [
    "CONSENT_TEXT",
    "TieMaker",
    "announce",
    "close",
    "doer",
    "feed",
    "hide",
    "open_record",
    "oppose",
    "oppose_break_glass",
    "rename",
]
