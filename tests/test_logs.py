from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from carnet.logs import TEXT_LIMIT, LibraryHandler, Log, new_reference, places, take_over_libraries
from carnet.record.events import EVENTS, Event, Level

NAME = "Martin-Durand"


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.fixture
def root_logger() -> Iterator[logging.Logger]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield root
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_line_has_its_time_level_event_and_reference() -> None:
    stream = io.StringIO()
    Log(stream, clock=lambda: 1_800_000_000.25).write(
        Event.FHIR_REFUSED, "ABCDE23456", route="GET /Binary/[id]", status=404, code="absent"
    )
    (line,) = lines(stream)
    pid = line.pop("pid")
    assert isinstance(pid, int)
    assert line == {
        "at": "2027-01-15T08:00:00.250Z",
        "level": "info",
        "event": "fhir-refused",
        "reference": "ABCDE23456",
        "route": "GET /Binary/[id]",
        "status": 404,
        "code": "absent",
    }


@pytest.mark.parametrize(
    ("level", "written"),
    [
        (Level.DEBUG, ["outbox-done", "server-ready", "child-ended", "fhir-defect"]),
        (Level.INFO, ["server-ready", "child-ended", "fhir-defect"]),
        (Level.WARNING, ["child-ended", "fhir-defect"]),
        (Level.ERROR, ["fhir-defect"]),
    ],
)
def test_lines_below_the_level_are_not_written(level: Level, written: list[str]) -> None:
    stream = io.StringIO()
    log = Log(stream, level)
    for event in (Event.OUTBOX_DONE, Event.SERVER_READY, Event.CHILD_ENDED, Event.FHIR_DEFECT):
        log.write(event)
    assert [line["event"] for line in lines(stream)] == written


def test_one_event_is_one_line_whatever_is_in_it() -> None:
    stream = io.StringIO()
    Log(stream).write(Event.FHIR_REFUSED, route='a\nb"\x00' + "x" * 1000)
    (line,) = lines(stream)
    assert len(str(line["route"])) == TEXT_LIMIT


def test_a_log_that_is_gone_stops_nobody() -> None:
    stream = io.StringIO()
    stream.close()
    Log(stream).write(Event.SERVER_READY)


def test_where_an_error_arose_is_told_without_its_words() -> None:
    try:
        int(NAME)
    except ValueError as error:
        told = places(error)
    assert told[0] == "ValueError"
    assert "test_logs.py:" in told[-1]
    assert NAME not in " ".join(told)


def test_what_libraries_say_is_left_out(root_logger: logging.Logger) -> None:
    stream = io.StringIO()
    take_over_libraries(Log(stream))
    assert [type(handler) for handler in root_logger.handlers] == [LibraryHandler]
    logger = logging.getLogger("some.library")
    logger.info("of no interest")
    try:
        int(NAME)
    except ValueError:
        logger.exception("could not read %s", NAME)
    (line,) = lines(stream)
    assert line["event"] == "library"
    assert line["library"] == "some.library"
    assert NAME not in stream.getvalue()


def test_references_are_short_and_differ() -> None:
    made = {new_reference() for _ in range(1000)}
    assert len(made) == 1000
    assert all(len(reference) == 10 and reference.isalnum() for reference in made)


def test_every_event_has_its_level_and_meaning() -> None:
    assert set(EVENTS) == set(Event)
    assert all(entry.meaning.endswith(".") for entry in EVENTS.values())
