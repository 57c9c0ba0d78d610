"""The ledger's socket: several processes' frames, whole, torn or senseless."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from carnet.storage import ledger_socket, reads
from carnet.storage.batch import ENCODER, Batch, Conflict, WriterLost
from carnet.storage.ledger import DONE, Ledger
from carnet.storage.ledger_socket import SOCKET, LedgerServer, SocketWriter, address
from tests.storage.rigs import JOURNAL_KEY, SqlitePlace, a_record, a_trace, an_id, rows, run
from tests.storage.test_batch import chain

ONE, TWO = an_id(1), an_id(2)


@contextmanager
def serving(place: SqlitePlace) -> Iterator[Callable[[], None]]:
    """A ledger that serves its socket from a thread until the block ends or it is told to end."""
    ledger = Ledger(place.directory, JOURNAL_KEY)
    server = LedgerServer(ledger, place.directory)
    ended = threading.Event()
    thread = threading.Thread(target=server.run, args=(lambda: not ended.is_set(),))
    thread.start()
    try:
        yield ended.set
    finally:
        ended.set()
        with suppress(OSError), connected(place):  # wakes it, if it has not seen it yet
            pass
        thread.join()
        ledger.close()


@contextmanager
def connected(place: SqlitePlace) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(30)
        client.connect(str(place.directory / SOCKET))
        yield client


def frame(number: int, batch: Batch) -> bytes:
    body = ENCODER.encode(batch)
    return struct.pack("<II", len(body), number) + body


def answers(client: socket.socket, count: int) -> list[tuple[int, int]]:
    data = b""
    while len(data) < 8 * count:
        more = client.recv(8 * count - len(data))
        assert more, "the ledger closed the connection"
        data += more
    return list(struct.iter_unpack("<Ii", data))


def is_closed(client: socket.socket) -> bool:
    return client.recv(1) == b""


def test_several_clients_share_the_ledger(sqlite_place: SqlitePlace) -> None:
    async def scene() -> None:
        writers = [SocketWriter(sqlite_place.directory) for _ in range(4)]
        await asyncio.gather(
            *(
                writer.write(Batch(ONE, traces=(a_trace(ONE, 100 * number + n),)))
                for number, writer in enumerate(writers)
                for n in range(10)
            )
        )
        for writer in writers:
            await writer.close()

    with serving(sqlite_place):
        run(scene())
    assert len(set(run(chain(sqlite_place, ONE)))) == 40


def test_each_batch_has_its_own_result(sqlite_place: SqlitePlace) -> None:
    async def scene() -> None:
        writer = SocketWriter(sqlite_place.directory)
        await writer.write(Batch(ONE, (a_record(ONE),)))
        results = await asyncio.gather(
            writer.write(Batch(ONE, (a_record(ONE),), (a_trace(ONE, 1),))),
            writer.write(Batch(TWO, (a_record(TWO),))),
            return_exceptions=True,
        )
        assert isinstance(results[0], Conflict)
        assert results[0].statement == "insert_record"
        assert results[1] is None
        await writer.close()

    with serving(sqlite_place):
        run(scene())


def test_only_the_owner_may_connect(sqlite_place: SqlitePlace) -> None:
    with serving(sqlite_place):
        assert (sqlite_place.directory / SOCKET).stat().st_mode & 0o777 == 0o600
    assert not (sqlite_place.directory / SOCKET).exists()


def test_a_frame_may_come_in_pieces_and_frames_in_one(sqlite_place: SqlitePlace) -> None:
    with serving(sqlite_place), connected(sqlite_place) as client:
        whole = frame(7, Batch(ONE, (a_record(ONE),)))
        for at in range(0, len(whole), 3):
            client.sendall(whole[at : at + 3])
        assert answers(client, 1) == [(7, DONE)]
        client.sendall(b"".join(frame(n, Batch(an_id(n), (a_record(an_id(n)),))) for n in (8, 9)))
        assert answers(client, 2) == [(8, DONE), (9, DONE)]


def test_a_torn_frame_is_not_written_and_others_go_on(sqlite_place: SqlitePlace) -> None:
    with serving(sqlite_place), connected(sqlite_place) as steady:
        with connected(sqlite_place) as client:
            client.sendall(frame(1, Batch(TWO, (a_record(TWO),)))[:-1])
        steady.sendall(frame(2, Batch(ONE, (a_record(ONE),))))
        assert answers(steady, 1) == [(2, DONE)]
    assert run(rows(sqlite_place, reads.RECORD_IDS, b"", 10)) == [(ONE,)]


@pytest.mark.parametrize(
    "data",
    [struct.pack("<II", 3, 1) + b"\xc1\xc1\xc1", struct.pack("<II", (64 << 20) + 1, 1)],
    ids=["no-batch", "too-long"],
)
def test_a_senseless_frame_ends_its_connection_and_no_other(
    sqlite_place: SqlitePlace, data: bytes
) -> None:
    with serving(sqlite_place), connected(sqlite_place) as steady:
        with connected(sqlite_place) as client:
            client.sendall(data)
            assert is_closed(client)
        steady.sendall(frame(2, Batch(ONE, (a_record(ONE),))))
        assert answers(steady, 1) == [(2, DONE)]


def test_who_goes_away_before_the_answer_is_still_written(sqlite_place: SqlitePlace) -> None:
    with serving(sqlite_place), connected(sqlite_place) as steady:
        with connected(sqlite_place) as client:
            client.sendall(frame(1, Batch(TWO, (a_record(TWO),))))
        steady.sendall(frame(2, Batch(ONE, (a_record(ONE),))))
        assert answers(steady, 1) == [(2, DONE)]
    assert sorted(run(rows(sqlite_place, reads.RECORD_IDS, b"", 10))) == sorted([(ONE,), (TWO,)])


def test_a_writer_connects_again_to_the_next_ledger(
    sqlite_place: SqlitePlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_socket, "FAREWELL", 0.0)

    async def scene() -> None:
        writer = SocketWriter(sqlite_place.directory, patience=0.1)
        for number in range(2):
            with serving(sqlite_place):
                await writer.write(Batch(ONE, traces=(a_trace(ONE, number),)))
            with pytest.raises(WriterLost):
                await writer.write(Batch(ONE, traces=(a_trace(ONE, 100),)))
        await writer.close()

    run(scene())
    assert len(run(chain(sqlite_place, ONE))) == 2


def test_who_is_connected_when_it_ends_may_still_write(sqlite_place: SqlitePlace) -> None:
    with serving(sqlite_place) as end, connected(sqlite_place) as client:
        client.sendall(frame(1, Batch(ONE, (a_record(ONE),))))
        assert answers(client, 1) == [(1, DONE)]
        end()
        client.sendall(frame(2, Batch(TWO, (a_record(TWO),))))
        assert answers(client, 1) == [(2, DONE)]


def test_who_waits_learns_that_the_ledger_is_gone(tmp_path: Path) -> None:
    """A ledger that takes the frame and ends before it answers."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / SOCKET))
        listener.listen()

        def take_and_go() -> None:
            connection, _ = listener.accept()
            connection.recv(4)
            connection.close()

        thread = threading.Thread(target=take_and_go)
        thread.start()

        async def scene() -> None:
            writer = SocketWriter(tmp_path)
            with pytest.raises(WriterLost):
                await writer.write(Batch(ONE))
            await writer.close()

        run(scene())
        thread.join()


def test_nobody_serves_there(tmp_path: Path) -> None:
    async def scene() -> None:
        with pytest.raises(WriterLost):
            await SocketWriter(tmp_path, patience=0).write(Batch(ONE))

    run(scene())


def test_all_who_wait_for_a_lost_ledger_wait_together(tmp_path: Path) -> None:
    """One after another, these would wait a minute and a half."""

    async def scene() -> None:
        writer = SocketWriter(tmp_path, patience=0.3)
        waiting = asyncio.gather(
            *(writer.write(Batch(ONE)) for _ in range(300)), return_exceptions=True
        )
        outcomes = await asyncio.wait_for(waiting, 30)
        assert {type(outcome) for outcome in outcomes} == {WriterLost}

    run(scene())


def test_a_deep_data_directory_has_an_address_too(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a-directory-with-a-long-name"] * 5)
    deep.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as client:
        listener.bind(address(deep))
        listener.listen()
        assert (deep / SOCKET).exists()
        client.connect(address(deep))
