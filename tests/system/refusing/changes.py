"""Ways to make a submission bad: one thing is changed, the rest stays right."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import msgspec

from tests.system.documents import Letter, attachment, letter, simplified
from tests.system.people import (
    GENERALIST,
    Citizen,
    Json,
    citizen,
)
from tests.system.server import Node

Change = Callable[[Any], object]


class Scene:
    """A record with one document, and a second one to feed in bad ways."""

    def __init__(self, node: Node) -> None:
        self.who: Citizen = citizen()
        self.record = node.open_for(self.who)
        self.first = node.feed(letter(self.who, GENERALIST))
        self.letter: Letter = letter(self.who, GENERALIST)
        self.stranger: Citizen = citizen()


def xml(one: Letter, *changes: tuple[bytes, bytes]) -> Json:
    """The submission of a document with bytes changed, its hash and size right again."""
    data = one.data
    for old, new in changes:
        assert old in data, old
        data = data.replace(old, new, 1)
    return simplified(msgspec.structs.replace(one, data=data))


def sent(change: Change) -> Callable[[Letter], Json]:
    """The submission of a letter, its resource changed."""

    def make(one: Letter) -> Json:
        resource: Json = json.loads(msgspec.json.encode(simplified(one)))
        change(resource)
        return resource

    return make


def document(*changes: tuple[bytes, bytes]) -> Callable[[Letter], Json]:
    """The submission of a letter, its bytes changed."""
    return lambda one: xml(one, *changes)


def put(path: str, value: object) -> Change:
    """Set a member, its path written ``content.0.attachment.title``."""

    def change(resource: Any) -> None:
        *parts, last = path.split(".")
        for part in parts:
            resource = resource[int(part)] if part.isdigit() else resource.setdefault(part, {})
        resource[last] = value

    return change


def drop(*names: str) -> Change:
    """Take members away."""
    return lambda resource: [resource.pop(name) for name in names]


def data_is(data: bytes, media_type: str = "text/xml") -> Callable[[Letter], Json]:
    """The submission of other bytes."""
    return lambda one: simplified(
        one, content=[{"attachment": attachment(data, one.title, media_type)}]
    )
