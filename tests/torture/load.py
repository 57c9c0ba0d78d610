"""Mixed load: people whose doctor submits, replaces and hides, who grant consents, find, retrieve.

One task a person, one act after the other, each repeated until it is acknowledged: so that what
must stand, and what each list must show, is known at every moment.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from collections import Counter
from typing import Any

import msgspec

from carnet.record.caller import Caller, CallerKind
from carnet.record.identity import Ins, Sex, Traits
from carnet.record.structures import professional
from tests.system.documents import hiding
from tests.system.durability import clients
from tests.system.durability.clients import Answer, Broken
from tests.system.durability.server import Server
from tests.system.people import Citizen, tie
from tests.torture.clocks import Clock

PATIENCE = 120.0  # seconds in which an act must be acknowledged
_PAUSE = 0.05
_REST = 2.0  # seconds between two bursts, at most
_JSON_PATCH = "application/json-patch+json"
_TURNED_AWAY = (503, 507)
_OF_CLOCK = ("token-expired", "token-not-yet-valid")


class Kept(msgspec.Struct):
    """A document that was acknowledged: by which id it was answered, where its bytes are."""

    unique_id: str
    data: bytes
    entry: str
    path: str
    replaced: bool = False


class Person(msgspec.Struct):
    """A citizen and all that was acknowledged about them."""

    ins: Ins
    documents: list[Kept] = []
    hidden: int = 0
    consents: int = 0

    @property
    def citizen(self) -> Citizen:
        """The same as the other system tests know them."""
        return Citizen(self.ins, Traits("ESSAI", "CLAIRE", Sex.FEMALE, "1979-03-28", "51215"))


class Load:
    """Acts on one server. ``acknowledged`` counts acts by kind, ``answers`` all answers."""

    def __init__(
        self,
        server: Server,
        chance: random.Random,
        clock: Clock | None = None,
        room: int = 0,
    ) -> None:
        self.server = server
        self.chance = chance
        self.room = room  # documents that may yet be fed
        self.clock = clock
        self.acknowledged: Counter[str] = Counter()
        self.answers: Counter[int] = Counter()
        self.broken = 0
        self._tokens: dict[tuple[Caller, int, str], str] = {}

    async def live(self, person: Person, name: str, over: asyncio.Event) -> None:
        """Acts of a person and their doctor in bursts, until the fault is over and once more.

        ``name`` makes uniqueIds unlike all others.
        """
        acts = (self._hide, self._grant, self._find, self._retrieve, self._retrieve)
        number = 0
        while not over.is_set():
            number += 1
            await self._submit(person, f"1.2.250.1.999.9.{name}.{number}")
            for act in self.chance.sample(acts, 3):
                await act(person)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), self.chance.uniform(0, _REST))
        await self._submit(person, f"1.2.250.1.999.9.{name}.0")
        for act in acts:
            await act(person)

    async def open(self, person: Person) -> None:
        """Open the person's record."""
        await self._done("open", clients.DOCTOR, "POST", "Patient", clients.opening(person.ins))

    async def read(self, person: Person, kept: Kept) -> bytes:
        """The bytes of a document, as its citizen reads them."""
        answer = await self._done("retrieve", _citizen(person), "GET", kept.path, accept="*/*")
        return answer.body

    async def _submit(self, person: Person, unique_id: str) -> None:
        """A new document, if the store may have another; about every fourth replaces one."""
        if self.room <= 0:
            return
        self.room -= 1
        title = "Lettre " + "x" * self.chance.randrange(3000)
        data = clients.letter(person.ins, unique_id, title)
        resource: dict[str, Any] = json.loads(clients.submission(person.ins, unique_id, data))
        current = [one for one in person.documents if not one.replaced]
        old = self.chance.choice(current) if current and self.chance.random() < 0.25 else None
        if old is not None:
            target = {"reference": f"DocumentReference/{old.entry}"}
            resource["relatesTo"] = [{"code": "replaces", "target": target}]
        answer = await self._done(
            "submit" if old is None else "replace",
            clients.DOCTOR,
            "POST",
            "DocumentReference",
            json.dumps(resource).encode(),
        )
        stored = answer.json()
        url: str = stored["content"][0]["attachment"]["url"]
        path = url.partition("/fhir/")[2]
        person.documents.append(Kept(unique_id, data, stored["id"], path))
        if old is not None:
            old.replaced = True

    async def _hide(self, person: Person) -> None:
        current = [one for one in person.documents if not one.replaced]
        chosen = self.chance.choice(current)
        path = f"DocumentReference/{chosen.entry}"
        body = json.dumps(hiding()).encode()
        await self._done("hide", clients.DOCTOR, "PATCH", path, body, kind=_JSON_PATCH)
        person.hidden += 1

    async def _grant(self, person: Person) -> None:
        person.consents += 1
        number = f"81{person.consents:09d}0"[-12:]
        whom = Caller(CallerKind.PROFESSIONAL, name="Bo INVENTE", identifier=professional(number))
        body = json.dumps(tie(person.citizen, whom)).encode()
        await self._done("tie", _citizen(person), "POST", "Consent", body)

    async def _find(self, person: Person) -> None:
        """Every list shows all that was acknowledged, and what is superseded as such."""
        who = person.citizen.token.replace("|", "%7C")
        path = f"DocumentReference?patient.identifier={who}&status=current,superseded&_count=500"
        answer = await self._done("find", _citizen(person), "GET", path)
        shown = {
            one["resource"]["masterIdentifier"]["value"]: one["resource"]["status"]
            for one in answer.json().get("entry", ())
            if one["resource"]["resourceType"] == "DocumentReference"
        }
        for kept in person.documents:
            status = shown.get(f"urn:oid:{kept.unique_id}")
            expected = "superseded" if kept.replaced else "current"
            assert status == expected, (kept.unique_id, status)

    async def _retrieve(self, person: Person) -> None:
        kept = self.chance.choice(person.documents)
        assert await self.read(person, kept) == kept.data, kept.unique_id

    async def _done(
        self,
        act: str,
        caller: Caller,
        method: str,
        path: str,
        body: bytes = b"",
        accept: str = clients.FHIR,
        kind: str = clients.FHIR,
    ) -> Answer:
        """Ask until it is answered 200 or 201; whatever turns it away must say so properly."""
        end = asyncio.get_running_loop().time() + PATIENCE
        while True:
            try:
                answer = await clients.send(
                    self.server.port,
                    method,
                    f"/fhir/{path}",
                    self._token(caller),
                    body,
                    accept,
                    kind,
                )
            except Broken:
                self.broken += 1
            else:
                self.answers[answer.status] += 1
                if answer.status in (200, 201):
                    self.acknowledged[act] += 1
                    return answer
                self._check_refusal(act, answer)
            assert asyncio.get_running_loop().time() < end, (
                f"{act} is not acknowledged in {PATIENCE} s: {self.answers}, {self.broken} broken;"
                f" the server has {'' if self.server.ended else 'not '}ended; its log ends with\n"
                + self.server.log_text()[-3000:]
            )
            await asyncio.sleep(_PAUSE)

    def _check_refusal(self, act: str, answer: Answer) -> None:
        """503 or 507 that says when to come again; of a clock that jumped, 401 for its token."""
        if self.clock is not None and answer.status == 401:
            assert any(code.encode() in answer.body for code in _OF_CLOCK), (act, answer)
            return
        assert answer.status in _TURNED_AWAY, (act, answer)
        assert int(answer.headers["retry-after"]) > 0
        assert b'"OperationOutcome"' in answer.body

    def _token(self, caller: Caller) -> str:
        """A token, of the clock's present jump."""
        offset = self.clock.offset if self.clock is not None else 0
        key = (caller, offset, self.server.base)
        if key not in self._tokens:
            now = self.clock.now() if self.clock is not None else None
            self._tokens[key] = self.server.token(caller, now)
        return self._tokens[key]


def _citizen(person: Person) -> Caller:
    return clients.citizen(person.ins)
