"""The server that is fuzzed: a small store with people in it, and the values that name them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from carnet.record.access.model import RelationKind
from carnet.record.caller import Caller, Purpose
from tests.system.documents import fresh_id, hiding, letter
from tests.system.people import (
    ENDOCRINOLOGIST,
    GENERALIST,
    NURSE,
    PSYCHIATRIST,
    Citizen,
    citizen,
    house,
    professional,
    tie,
)
from tests.system.server import Node


class World(msgspec.Struct, frozen=True):
    """A running server: its port and description, tokens, values that requests may name."""

    port: int
    base: str
    api: dict[str, Any]
    people: tuple[Citizen, ...]
    tokens: tuple[str, ...]
    values: dict[str, tuple[str, ...]]


@contextmanager
def world() -> Iterator[World]:
    """A node on SQLite; at the end it must have ended well and without a fault of its own."""
    with tempfile.TemporaryDirectory(prefix="carnet-fuzz-") as folder:
        node = Node(Path(folder) / "store", None)
        try:
            yield _peopled(node)
        finally:
            node.close()


def _peopled(node: Node) -> World:
    people = (citizen(), citizen(born="2015-03-01", given="LOU"), citizen(given="NOBODY"))
    entries: list[str] = []
    binaries: list[str] = []
    uniques: list[str] = []
    ties: list[str] = []
    records: list[str] = []
    for who in people[:2]:
        records.append(node.open_for(who))
        for kind, actor in (
            (RelationKind.AUTHORISATION, ENDOCRINOLOGIST),
            (RelationKind.PHYSICIAN, GENERALIST),
            (RelationKind.BLOCK, PSYCHIATRIST),
        ):
            made = node.acting(who).post(
                "Consent", tie(who, actor, kind.value, deny=kind is RelationKind.BLOCK)
            )
            assert made.status_code == 201, made.text
            ties.append(made.json()["id"])
        for number in range(4):
            unique = fresh_id()
            stored = node.feed(letter(who, GENERALIST, unique_id=unique))
            entries.append(stored["id"])
            uniques.append(unique)
            binaries.append(stored["content"][0]["attachment"]["url"].rpartition("/")[2])
            if number == 0:
                hidden = node.acting(who).patch(f"DocumentReference/{stored['id']}", hiding())
                entries.append(hidden.json()["id"])
    ins = tuple(who.token for who in people)
    return World(
        node.server.port,
        node.base,
        node.acting(None).get("openapi.json").json(),
        people,
        tuple(node.server.token(caller) for caller in _callers(people)),
        {
            "entry": tuple(entries),
            "binary": tuple(binaries),
            "unique": tuple(f"urn:ietf:rfc:3986|urn:oid:{one}" for one in uniques),
            "tie": tuple(ties),
            "record": tuple(records),
            "ins": ins,
        },
    )


def _callers(people: tuple[Citizen, ...]) -> list[Caller]:
    narrow = msgspec.structs.replace(GENERALIST, scopes=frozenset({"user/Patient.s"}))
    return [
        *(who.caller for who in people),
        GENERALIST,
        ENDOCRINOLOGIST,
        NURSE,
        PSYCHIATRIST,
        professional("dr-garrigue", Purpose.BREAK_GLASS, "urgence inventée"),
        professional("dr-rivoal", Purpose.REGULATION, "appel inventé"),
        house(),
        narrow,
    ]
