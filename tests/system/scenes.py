"""Situations that several tests begin in."""

from __future__ import annotations

from typing import Any

from tests.system.documents import hiding, letter
from tests.system.people import (
    ENDOCRINOLOGIST,
    GENERALIST,
    PSYCHIATRIST,
    Citizen,
    citizen,
    tie,
)
from tests.system.server import Node


def grant(node: Node, who: Citizen, actor: Any, kind: str | None = None, **more: Any) -> str:
    """A tie that the citizen makes; its id."""
    response = node.acting(who).post("Consent", tie(who, actor, kind, **more))
    assert response.status_code == 201, response.text
    made: str = response.json()["id"]
    return made


def masked(node: Node) -> tuple[Citizen, str, dict[str, Any]]:
    """A citizen, their Patient.id, and a document that they hid from professionals."""
    who = citizen()
    record = node.open_for(who)
    grant(node, who, ENDOCRINOLOGIST)
    grant(node, who, PSYCHIATRIST, "physician")
    stored = node.feed(letter(who, GENERALIST))
    response = node.acting(who).patch(f"DocumentReference/{stored['id']}", hiding())
    assert response.status_code == 200, response.text
    return who, record, stored
