"""Large submissions: bounded memory in the web worker, bounded bytes in hand, nothing in clear."""

from __future__ import annotations

import base64
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import psutil
import pytest

from tests.system.checks import refused
from tests.system.conftest import NodeMaker
from tests.system.documents import Letter, letter, simplified
from tests.system.durability.server import until
from tests.system.people import CAST, GENERALIST, Citizen, Json, citizen
from tests.system.refusing.test_sockets import line_to, posting
from tests.system.server import Node

LARGEST = 50_000_000  # bytes of a document
ALLOWED = 150_000_000  # bytes of resident memory that one such submission may add


def plain(patient: Citizen, data: bytes) -> tuple[Letter, dict[str, object]]:
    """A PDF, which says nothing of itself, and the metadata that are to be declared with it."""
    one = msgspec.structs.replace(
        letter(patient, GENERALIST), data=data, media_type="application/pdf"
    )
    house = next(
        p for p in CAST.professionals.values() if p.identifier == GENERALIST.identifier
    ).structure

    def coded(system: str, code: str) -> Json:
        return {"coding": [{"system": system, "code": code}]}

    return one, {
        "type": coded("http://loinc.org", "11488-4"),
        "context": {
            "period": {"start": "2026-01-05"},
            "facilityType": coded("urn:oid:1.2.250.1.71.4.2.4", house.sector.code),
            "practiceSetting": coded("urn:oid:1.2.250.1.213.1.1.4.9", house.setting.code),
        },
    }


@contextmanager
def peak_of(process: psutil.Process) -> Iterator[list[int]]:
    """The highest resident memory of a process during a block, in its one item."""
    highest = [process.memory_info().rss]
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.005):
            highest[0] = max(highest[0], process.memory_info().rss)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield highest
    finally:
        over.set()
        watcher.join()


@pytest.mark.parametrize("kind", ["PDF", "CDA"])
@pytest.mark.slow
def test_fifty_megabytes_add_at_most_three_times_as_much_memory(
    make_node: NodeMaker, kind: str
) -> None:
    node: Node = make_node(workers=1)
    who = citizen()
    node.open_for(who)
    small, declared = plain(who, b"%PDF-1.4 small")
    assert node.acting(GENERALIST).submit(small, **declared).status_code == 201
    node.feed(letter(who, GENERALIST))
    if kind == "PDF":
        one, declared = plain(who, b"%PDF-" + os.urandom(LARGEST - 5))
    else:
        one, declared = letter(who, GENERALIST, body=b"%PDF-" + os.urandom(37_000_000)), {}
    assert 49_000_000 < len(one.data) <= LARGEST
    (web,) = node.server.children("web")
    before = web.memory_info().rss
    with peak_of(web) as highest:
        response = node.acting(GENERALIST).submit(one, **declared)
    assert response.status_code == 201, response.text
    assert highest[0] - before <= ALLOWED
    url = response.json()["content"][0]["attachment"]["url"]
    with peak_of(web) as highest:
        got = node.acting(who).get(url, {"accept": "*/*"})
    assert got.content == one.data
    assert highest[0] - before <= ALLOWED
    as_resource = node.acting(who).get(url)
    assert base64.b64decode(as_resource.json()["data"]) == one.data
    node.settled()


def test_bytes_in_flight_are_bounded(make_node: NodeMaker) -> None:
    bounds = {
        "CARNET_DOCUMENTS_MAX_BYTES": "1000000",
        "CARNET_DOCUMENTS_MAX_BYTES_IN_FLIGHT": "2000000",
    }
    node = make_node(workers=1, environment=bounds)
    who = citizen()
    node.open_for(who)
    with line_to(node) as slow:
        slow.sendall(posting(node, "Content-Length: 1900000"))
        slow.sendall(b'{"content":[{"attachment":{"data":"' + b"A" * 100_000)
        client = node.acting(GENERALIST)
        document, declared = plain(who, b"%PDF-" + os.urandom(300_000))

        def is_full() -> bool:
            return client.submit(document, **declared).status_code == 503

        until(is_full, "a 503 beside a large body in flight")
        full = client.submit(document, **declared)
        refused(full, 503, "busy")
        assert int(full.headers["retry-after"]) > 0
        assert full.headers["connection"] == "close", "the body was not read"
    until(lambda: not is_full(), "room again, when who sent the large body has gone away")


def test_a_document_larger_than_the_setting_is_refused(make_node: NodeMaker) -> None:
    node = make_node(environment={"CARNET_DOCUMENTS_MAX_BYTES": "100000"})
    who = citizen()
    node.open_for(who)
    one, declared = plain(who, b"%PDF-" + os.urandom(200_000))
    before = node.stored()
    response = node.acting(GENERALIST).post("DocumentReference", simplified(one, **declared))
    refused(response, 413, "document-too-large")
    assert node.stored() == before
