"""Many submissions at once while processes are killed, and the reckoning after it."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import msgspec
import psutil

from carnet.app import policy_of
from carnet.cli.stores import opened
from carnet.logs import Log
from carnet.record.identity import Ins
from carnet.record.trace import Act, Chain, Outcome
from carnet.storage import entries
from carnet.storage.store import Store
from carnet.storage.tracing import read_chain
from carnet.usecases.clock import system_clock
from carnet.usecases.gate import Gate
from carnet.worker import LEASE, Worker
from tests.system.durability import clients
from tests.system.durability.clients import Answer, Broken
from tests.system.durability.server import CARNET, PATIENCE, Server

_PAUSE = 0.05  # seconds before a request that was not acknowledged is sent again


class Document(msgspec.Struct, frozen=True):
    """A document to submit, and what was acknowledged of it: where its bytes are."""

    ins: Ins
    unique_id: str
    data: bytes


class Storm:
    """Submits documents all at once, each again until it is acknowledged.

    ``others`` kill what is not of the server, by name.
    """

    def __init__(
        self,
        server: Server,
        documents: Sequence[Document],
        others: Mapping[str, Callable[[], None]] | None = None,
    ) -> None:
        self.server = server
        self._others = others or {}
        self.documents = documents
        self.token = server.token(clients.DOCTOR)
        self.statuses: Counter[int] = Counter()
        self.broken = 0
        self.places: dict[str, str] = {}  # uniqueId → the Binary's path
        self._more = asyncio.Condition()

    async def rage(self, kills: Sequence[str]) -> None:
        """Submit everything, killing one role after another as acknowledgements come in.

        The first submission that fails ends it all: nobody waits for what will not come.
        """
        begun = len(self.places)
        async with asyncio.TaskGroup() as group:
            for one in self.documents:
                group.create_task(self._submit(one))
            for number, role in enumerate(kills, 1):
                threshold = begun + number * len(self.documents) // (len(kills) + 1)
                await self._acknowledged(threshold)
                await asyncio.to_thread(self.kill, role)

    async def _acknowledged(self, count: int) -> None:
        """Until so many documents are acknowledged."""
        async with self._more:
            await self._more.wait_for(lambda: len(self.places) >= count)

    def kill(self, role: str) -> None:
        """Kill -9; the supervisor is started again by hand, everybody else by the supervisor."""
        server = self.server
        if role in self._others:
            self._others[role]()
            return
        if role != "supervisor":
            server.kill(role)
            return
        children = server.children()
        server.kill(role)
        _, alive = psutil.wait_procs(children, PATIENCE)
        assert not alive, "children outlive a killed supervisor"
        server.end()
        server.start_again()

    async def _submit(self, one: Document) -> None:
        body = clients.submission(one.ins, one.unique_id, one.data)
        end = asyncio.get_running_loop().time() + 2 * PATIENCE
        while True:
            assert asyncio.get_running_loop().time() < end, self._in_vain(one)
            try:
                answer = await clients.send(
                    self.server.port, "POST", "/fhir/DocumentReference", self.token, body
                )
            except Broken:
                self.broken += 1
            else:
                self.statuses[answer.status] += 1
                if answer.status in (200, 201):
                    url = answer.json()["content"][0]["attachment"]["url"]
                    self.places[one.unique_id] = url.removeprefix(self.server.base)
                    async with self._more:
                        self._more.notify_all()
                    return
                check_refusal(answer)
            await asyncio.sleep(_PAUSE)

    def _in_vain(self, one: Document) -> str:
        """What is to be known about a submission that is never acknowledged."""
        return (
            f"{one.unique_id} is not acknowledged; {len(self.places)} of {len(self.documents)} are;"
            f" answers {dict(self.statuses)}, {self.broken} broken off;"
            f" the server has {'ended' if self.server.ended else 'not ended'}; its log ends with\n"
            + self.server.log_text()[-2000:]
        )

    async def check_read_back(self) -> None:
        """Every acknowledged document comes back byte for byte, to its citizen."""
        tokens = {one.ins: self.server.token(clients.citizen(one.ins)) for one in self.documents}
        for one in self.documents:
            path = self.places[one.unique_id]
            answer = await clients.send(
                self.server.port, "GET", path, tokens[one.ins], accept="*/*"
            )
            assert answer.status == 200, (one.unique_id, answer)
            assert answer.body == one.data


def check_refusal(answer: Answer) -> None:
    """While something is down there is 503 and when to come again, never 500."""
    assert answer.status == 503, (answer.status, answer.body)
    assert int(answer.headers["retry-after"]) > 0


def check_verified(server: Server) -> None:
    """``carnet verify`` finds no damage."""
    done = subprocess.run(
        [str(CARNET), "verify", "--data", str(server.directory), "--json"],
        capture_output=True,
        check=False,
        env=server.environment,
        timeout=10 * PATIENCE,
    )
    findings = [json.loads(line) for line in done.stdout.splitlines()]
    damage = [one for one in findings if one.get("severity") not in ("info", "repaired")]
    assert (done.returncode, damage) == (0, []), done.stderr.decode()


async def finish_events(server: Server) -> None:
    """Do what follows the changes, once the leases of killed workers have run out."""
    settings = server.settings
    async with opened(settings) as store:
        policy = policy_of(settings, store.kind)
        gate = Gate(store, policy, clock=lambda: system_clock() + 2 * LEASE * 1_000_000)
        worker = Worker(gate, Log(sys.stderr))
        while await worker.turn():
            pass


async def check_traces(server: Server, documents: Sequence[Document]) -> None:
    """Each document has one trace of its submission and one of its derivation, no more, no less."""
    settings = server.settings
    async with opened(settings) as store:
        by_record: dict[bytes, set[int]] = {}
        for one in documents:
            found = await entries.document_of(store, one.unique_id)
            assert found is not None, one.unique_id
            by_record.setdefault(found[0], set()).add(found[1])
        for record_id, numbers in by_record.items():
            await _check_record(store, record_id, numbers)


async def _check_record(store: Store, record_id: bytes, numbers: set[int]) -> None:
    sealer = await store.keys.sealer(record_id)
    chain = await read_chain(store, sealer, Chain.OPEN)
    done = [trace for trace in chain if trace.outcome is Outcome.PERMITTED]
    acts = Counter(trace.act for trace in done)
    assert acts[Act.OPEN_RECORD] == 1
    for act in (Act.SUBMIT, Act.DERIVE):
        named = Counter(
            number
            for trace in done
            if trace.act is act and trace.criteria != "identical"
            for number in trace.entries
        )
        assert {number: named[number] for number in numbers} == dict.fromkeys(numbers, 1), act
