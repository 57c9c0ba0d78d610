"""Before the answer leaves, all of it is on the disk: seen from outside, by ``strace``.

kill -9 cannot show a missing sync, since the kernel keeps what was written.
"""

from __future__ import annotations

import asyncio
import re
import signal
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
import pytest

from tests.system.durability import clients, strace
from tests.system.durability.server import Server, new_store, until
from tests.system.durability.strace import Step

INS = clients.person(1)
_SABOTAGE = Path(__file__).with_name("sabotage")


class Recorded(msgspec.Struct, frozen=True):
    """What ``strace`` wrote during one request, and the steps that must stand in it."""

    lines: list[str]
    steps: list[Step]

    def missing(self, lines: Sequence[str] | None = None) -> str | None:
        """The first step that is missing before the first byte of the answer, None if none is."""
        calls = strace.read(self.lines if lines is None else lines)
        first = min(call.begins for call in calls if self.steps[-1].matches(call))
        return strace.first_missing(
            [*strace.before(calls, first), *(c for c in calls if c.begins == first)], self.steps
        )

    def without(self, step: Step) -> list[str]:
        """The lines without all calls of a step; the other lines keep their numbers."""
        gone = {
            number
            for call in strace.read(self.lines)
            if step.matches(call)
            for number in (call.begins, call.ends)
        }
        return ["" if number in gone else line for number, line in enumerate(self.lines)]


class Traced:
    """A server under ``strace``, its worker held still: what is synced is the request's own."""

    def __init__(self, server: Server, output: Path) -> None:
        self.server = server
        self._output = output
        self._token = server.token(clients.DOCTOR)

    def open_record(self) -> Recorded:
        """``POST Patient``."""
        return self._record("/fhir/Patient", clients.opening(INS))

    def submit(self, number: int) -> Recorded:
        """``POST DocumentReference``, of a document with this number."""
        unique_id = f"1.2.250.1.999.6.{number}"
        document = clients.letter(INS, unique_id)
        body = clients.submission(INS, unique_id, document)
        return self._record("/fhir/DocumentReference", body)

    def _record(self, path: str, body: bytes) -> Recorded:
        begins = len(self._lines())
        server = self.server
        answer, client = asyncio.run(
            clients.send_from(server.port, "POST", path, self._token, body)
        )
        assert answer.status == 201, answer.body
        answered = Step("the answer", strace.answers(server.port, client))
        until(lambda: any(map(answered.matches, strace.read(self._lines()[begins:]))), "the answer")
        return Recorded(self._lines()[begins:], [answered])

    def _lines(self) -> list[str]:
        text = self._output.read_text(errors="replace")
        return text[: text.rfind("\n") + 1].splitlines()


@contextmanager
def traced(
    tmp_path: Path, database: str | None = None, environment: dict[str, str] | None = None
) -> Iterator[Traced]:
    output = tmp_path / "strace.txt"
    directory = new_store(tmp_path / "store", database=database)
    before = strace.words_before_command(output)
    with Server(
        directory, workers=1, before=before, database=database, environment=environment
    ) as server:
        until(lambda: server.children("worker"), "the worker")
        if database is None:  # its walk at the start writes too, which is not what is recorded
            until(lambda: walked(directory), "the worker's walk")
        worker = server.children("worker")[0]
        worker.send_signal(signal.SIGSTOP)
        try:
            yield Traced(server, output)
        finally:
            worker.send_signal(signal.SIGCONT)


def walked(directory: Path) -> bool:
    """Whether the worker has walked through all records, and has nothing more to write."""
    address = f"file:{directory / 'carnet.db'}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        return connection.execute("SELECT done FROM sweep").fetchall() == [(1,)]


def of_database(directory: Path, name: str) -> list[Step]:
    """A database's log is written, then synced."""
    log = re.escape(str(directory / f"{name}.db-wal"))
    return [
        Step(f"write {name}", strace.writes_file(log)),
        Step(f"sync {name}", strace.syncs(log)),
    ]


def of_bytes(directory: Path) -> list[Step]:
    """Bytes aside, synced, renamed, their directory synced."""
    leaf = re.escape(str(directory / "blobs")) + "/[0-9a-f]{3}"
    name = leaf + "/[0-9a-f]{32}"
    return [
        Step("write bytes", strace.writes_file(name + r"\.new")),
        Step("sync blob", strace.syncs(name + r"\.new")),
        Step("rename", strace.renames(name + r"\.new", name)),
        Step("sync directory", strace.syncs(leaf)),
    ]


def submission_steps(directory: Path) -> list[Step]:
    return [
        *of_bytes(directory),
        *of_database(directory, "carnet"),
        *of_database(directory, "traces"),
    ]


def opening_steps(directory: Path) -> list[Step]:
    return [step for name in ("keys", "carnet", "traces") for step in of_database(directory, name)]


def with_steps(recorded: Recorded, steps: list[Step]) -> Recorded:
    """A recording with these steps asked for before its answer."""
    return Recorded(recorded.lines, [*steps, *recorded.steps])


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Recorded]:
    """One opening and one submission, recorded on the embedded store."""
    folder = tmp_path_factory.mktemp("traced")
    with traced(folder) as server:
        opened, submitted = server.open_record(), server.submit(1)
    directory = folder / "store"
    return {
        "open": with_steps(opened, opening_steps(directory)),
        "submit": with_steps(submitted, submission_steps(directory)),
    }


def test_a_submission_is_on_the_disk_before_it_is_answered(embedded: dict[str, Recorded]) -> None:
    assert embedded["submit"].missing() is None


def test_a_records_key_is_on_the_disk_before_the_record(embedded: dict[str, Recorded]) -> None:
    recorded = embedded["open"]
    assert recorded.missing() is None
    calls = strace.read(recorded.lines)
    synced = [c for c in calls if c.name in ("fsync", "fdatasync")]
    assert "/keys.db-wal>" in synced[0].arguments


_STEPS = {
    "submit": [step.words for step in submission_steps(Path("/"))],
    "open": [step.words for step in opening_steps(Path("/"))],
}


@pytest.mark.parametrize(("act", "words"), [(a, w) for a, steps in _STEPS.items() for w in steps])
def test_the_check_misses_each_step_that_is_taken_away(
    embedded: dict[str, Recorded], act: str, words: str
) -> None:
    recorded = embedded[act]
    step = next(step for step in recorded.steps if step.words == words)
    assert recorded.missing(recorded.without(step)) == words


@pytest.mark.parametrize("act", ["submit", "open"])
def test_the_check_sees_an_answer_that_leaves_too_early(
    embedded: dict[str, Recorded], act: str
) -> None:
    recorded = embedded[act]
    calls = strace.read(recorded.lines)
    place = max(c.begins for c in calls if recorded.steps[-2].matches(c))
    answered = next(c for c in calls if recorded.steps[-1].matches(c))
    lines = recorded.without(recorded.steps[-1])
    lines.insert(place, f"{answered.pid} {answered.name}({answered.arguments}) = 1")
    assert recorded.missing(lines) == recorded.steps[-2].words


def test_the_check_sees_a_server_that_leaves_out_a_sync(tmp_path: Path) -> None:
    orders = tmp_path / "orders"
    orders.write_text("")
    environment = {"PYTHONPATH": str(_SABOTAGE), "SABOTAGE_ORDERS": str(orders)}
    directory = tmp_path / "store"
    with traced(tmp_path, environment=environment) as server:
        orders.write_text("keys.db")
        opened = with_steps(server.open_record(), opening_steps(directory))
        assert opened.missing() == "sync keys"
        found = {}
        for number, left_out in enumerate(
            ("nothing", "blob", "directory", "carnet.db", "traces.db")
        ):
            orders.write_text(left_out)
            found[left_out] = with_steps(
                server.submit(number), submission_steps(directory)
            ).missing()
    assert found == {
        "nothing": None,
        "blob": "sync blob",
        "directory": "sync directory",
        "carnet.db": "sync carnet",
        "traces.db": "sync traces",
    }


def test_postgresql_has_committed_before_the_answer(tmp_path: Path, postgresql_url: str) -> None:
    port = int(re.findall(r":(\d+)/", postgresql_url)[0])
    with traced(tmp_path, database=postgresql_url) as server:
        opened, submitted = server.open_record(), server.submit(1)
    committed = Step("committed", strace.receives(port, r"COMMIT\0"))
    fed = with_steps(submitted, [*of_bytes(tmp_path / "store"), committed])
    assert fed.missing() is None
    assert fed.missing(fed.without(committed)) == "committed"
    # The connection that a submission commits on is the records'; the other is the keys'.
    main = {strace.socket_of(c) for c in strace.read(fed.lines) if committed.matches(c)}
    assert len(main) == 1
    keys = Step("keys", lambda c: committed.matches(c) and strace.socket_of(c) not in main)
    record = Step("record", lambda c: committed.matches(c) and strace.socket_of(c) in main)
    kept = with_steps(opened, [keys, record])
    assert kept.missing() is None
    assert kept.missing(kept.without(keys)) == "keys"
    assert kept.missing(kept.without(record)) == "record"
