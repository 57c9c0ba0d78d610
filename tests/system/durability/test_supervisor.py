"""Starting, stopping and restarting: what can be wrong is one sentence, what falls comes back."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import time
from functools import partial
from pathlib import Path

import psutil
import pytest

from carnet.cli.stores import opened
from carnet.record.identity import Ins
from carnet.settings import load
from carnet.storage import reads
from carnet.storage.ledger_socket import SOCKET
from carnet.storage.masterkey import KeyFile
from carnet.storage.store import BLOBS
from tests.system.durability import clients
from tests.system.durability.server import CARNET, PATIENCE, Server, new_store, until
from tests.system.durability.storm import check_refusal

INS = clients.person(1)


def said(*words: str) -> tuple[int, list[str]]:
    """The exit status of a command that ends by itself, and the lines that it says."""
    done = subprocess.run(
        [str(CARNET), *words],
        capture_output=True,
        check=False,
        timeout=PATIENCE,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    assert b"Traceback" not in done.stderr
    return done.returncode, (done.stdout + done.stderr).decode().splitlines()


def contents(directory: Path) -> dict[Path, bytes]:
    """The files of a directory; what SQLite makes beside a database that is read does not count."""
    files = [path for path in directory.rglob("*") if path.is_file()]
    return {p: p.read_bytes() for p in files if not p.name.endswith(("-wal", "-shm"))}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store for tests that leave it as it was."""
    return new_store(tmp_path_factory.mktemp("supervisor") / "store")


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_busy_port_is_one_sentence_and_nothing_is_made(
    command: str, store: Path, tmp_path: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = str(taken.getsockname()[1])
        directory = store if command == "serve" else tmp_path / "demo"
        status, lines = said(command, "--data", str(directory), "--port", port)
    assert (status, len(lines)) == (1, 1)
    assert f"Port {port} of 127.0.0.1 is already taken" in lines[0]
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_is_not_a_demos_is_one_sentence(store: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    for directory in (store, tmp_path):
        before = contents(directory)
        status, lines = said("demo", "--data", str(directory), "--port", "0")
        assert (status, len(lines)) == (1, 1)
        assert "is not that of a demo: nothing in it was changed" in lines[0]
        assert contents(directory) == before


def test_a_directory_without_a_store_is_one_sentence(tmp_path: Path) -> None:
    status, lines = said("serve", "--data", str(tmp_path / "none"), "--port", "0")
    assert (status, len(lines)) == (1, 1)
    assert "holds no Carnet store" in lines[0]


def test_a_key_file_that_does_not_serve_is_one_sentence(store: Path, tmp_path: Path) -> None:
    foreign, open_, broken = (tmp_path / name for name in ("foreign", "open", "broken"))
    KeyFile.create(foreign)
    open_.write_bytes((store.with_name("store.key")).read_bytes())
    open_.chmod(0o640)
    broken.write_text("1 short\n")
    broken.chmod(0o600)
    told = {
        foreign: "The master key that is given does not open this store.",
        open_: "is open to other users. Keep it to its owner (chmod 600).",
        broken: "is not that of a master key.",
        tmp_path / "absent": "The file of the master key does not exist",
    }
    for file, words in told.items():
        settings = tmp_path / "carnet.toml"
        settings.write_text(f'key_file = "{file}"\n')
        status, lines = said(
            "serve", "--data", str(store), "--port", "0", "--settings", str(settings)
        )
        assert (status, len(lines)) == (70, 1), lines
        assert words in lines[0]


def test_a_demo_is_seeded_once(tmp_path: Path) -> None:
    directory = tmp_path / "demo"
    begin = ("demo", "--data", str(directory), "--no-serve")
    assert said(*begin)[0] == 0
    objects = sorted(path.name for path in (directory / BLOBS).glob("*/*"))
    counts = asyncio.run(_counts(directory))
    assert len(objects) > 40
    assert said(*begin)[0] == 0
    assert sorted(path.name for path in (directory / BLOBS).glob("*/*")) == objects
    assert asyncio.run(_counts(directory)) == counts


async def _counts(directory: Path) -> list[int]:
    async with opened(load(None, {}, {"data": directory})) as store:
        return [(await store.main.fetch(reads.PENDING_EVENTS))[0][0]]


def test_requests_in_hand_are_answered_before_the_end(tmp_path: Path) -> None:
    """Held still at the ledger, told to end, let go: every one of them is answered."""
    with Server(new_store(tmp_path / "store"), workers=1) as server:
        answers = asyncio.run(_end_with_requests_in_hand(server, signal.SIGTERM))
        assert [answer.status for answer in answers] == [201] * 8
        assert server.wait() == 0
        assert server.logged("server-stopped")


def test_a_killed_supervisor_takes_its_children_along_in_good_order(tmp_path: Path) -> None:
    with Server(new_store(tmp_path / "store"), workers=1) as server:
        answers = asyncio.run(_end_with_requests_in_hand(server, signal.SIGKILL))
        assert [answer.status for answer in answers] == [201] * 8


async def _end_with_requests_in_hand(server: Server, sign: int) -> list[clients.Answer]:
    token = server.token(clients.DOCTOR)
    people = [clients.person(number) for number in range(8)]  # few work on one record at once
    for ins in people:
        body = clients.opening(ins)
        opened_ = await clients.send(server.port, "POST", "/fhir/Patient", token, body)
        assert opened_.status == 201
    children = server.children()
    ledger = server.children("ledger")[0]
    ledger.send_signal(signal.SIGSTOP)
    tasks = []
    for number, ins in enumerate(people):
        unique_id = f"1.2.250.1.999.8.{number}"
        body = clients.submission(ins, unique_id, clients.letter(ins, unique_id))
        tasks.append(
            asyncio.create_task(
                clients.send(server.port, "POST", "/fhir/DocumentReference", token, body)
            )
        )
    blobs = server.directory / BLOBS
    names = partial(blobs.glob, "*/*")
    await asyncio.to_thread(until, lambda: sum(not p.suffix for p in names()) == 8, "the bytes")
    os.kill(server.pid, sign)
    ledger.send_signal(signal.SIGCONT)
    answers = await asyncio.gather(*tasks)
    await asyncio.to_thread(psutil.wait_procs, children, PATIENCE)
    assert not any(child.is_running() for child in children)
    return list(answers)


def test_what_falls_comes_back_and_meanwhile_there_is_503(tmp_path: Path) -> None:
    with Server(new_store(tmp_path / "store")) as server:
        token = server.token(clients.DOCTOR)
        before = {child.pid for child in server.children()}
        for role in ("ledger", "worker", "web"):
            fallen = {child.pid for child in server.children(role)}
            server.kill(role)
            until(partial(_replaced, server, role, fallen), f"another {role}")
            asyncio.run(_until_opened(server, token, clients.person(len(role))))
        roles = [line["role"] for line in server.logged("child-restarted")]
        assert roles == ["ledger", "worker", "web"]
        assert before - {child.pid for child in server.children()}
        assert (server.directory / SOCKET).is_socket()
        assert not server.logged("fhir-defect")
        assert server.end() == 0
    assert not (server.directory / SOCKET).exists()


def _replaced(server: Server, role: str, fallen: set[int]) -> bool:
    now = {child.pid for child in server.children(role)}
    return len(now) == len(fallen) and now != fallen


async def _until_opened(server: Server, token: str, ins: Ins) -> None:
    """Open a record; what refuses meanwhile says when to come again."""
    end = time.monotonic() + PATIENCE
    while True:
        assert time.monotonic() < end
        try:
            answer = await clients.send(
                server.port, "POST", "/fhir/Patient", token, clients.opening(ins)
            )
        except clients.Broken:
            continue
        if answer.status in (200, 201):
            return
        check_refusal(answer)


def test_a_child_that_is_killed_is_started_again_as_often_as_that_happens(tmp_path: Path) -> None:
    with Server(new_store(tmp_path / "store")) as server:
        for _ in range(12):  # more within half a minute than may fall by themselves
            fallen = {child.pid for child in server.children("worker")}
            server.kill("worker")
            until(partial(_replaced, server, "worker", fallen), "another worker")
        assert len(server.logged("child-restarted")) == 12
        assert server.end() == 0


def test_children_that_keep_falling_end_the_server(tmp_path: Path) -> None:
    directory = new_store(tmp_path / "store")
    with Server(directory) as server:
        directory.with_name("store.key").write_text("no key any more\n")
        children = server.children()
        for child in children:
            child.kill()
        assert server.wait() == 1
        assert {line["code"] for line in server.logged("child-failed")} == {"key-file-bad"}
        assert 1 < len(server.logged("child-restarted")) < 20
        assert "Traceback" not in server.log_text()
        _, alive = psutil.wait_procs(children, PATIENCE)
        assert not alive


def test_a_killed_server_leaves_nothing_that_hinders_the_next(tmp_path: Path) -> None:
    with Server(new_store(tmp_path / "store")) as server:
        token = server.token(clients.DOCTOR)
        asyncio.run(_until_opened(server, token, INS))
        children = server.children()
        for child in children:  # all at once, so that nobody tidies up
            child.send_signal(signal.SIGSTOP)
        server.kill("supervisor")
        for child in children:
            child.kill()
        psutil.wait_procs(children, PATIENCE)
        assert (server.directory / SOCKET).is_socket()
        server.end()
        server.start_again()
        asyncio.run(_until_opened(server, token, INS))
        assert not server.logged("child-failed")
