"""Search parameters as data: what is offered is a table, what is not is refused by name.

Strict by default: a filter that is silently dropped shows too much. Under ``Prefer:
handling=lenient`` an unknown parameter is left out and told in an OperationOutcome entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar
from urllib.parse import quote, unquote_plus

import msgspec

from carnet.record.errors import CarnetError, Notice

D = TypeVar("D")
_PARAMETERS = 64

GENERIC = ("_format", "_pretty")
"""Parameters of every route; the application reads them."""


class Asked(msgspec.Struct, frozen=True):
    """One parameter as asked: ``type:not=value`` is name ``type``, modifier ``not``."""

    name: str
    modifier: str
    value: str


class Param(msgspec.Struct, Generic[D], frozen=True):
    """One line of a table: FHIR search type, what it says (for documentation), how it is read.

    ``read`` takes the draft of the query and what was asked; ``once`` refuses a repetition.
    """

    type: str
    text: str
    read: Callable[[D, Asked], None]
    modifiers: tuple[str, ...] = ()
    once: bool = True


class Table(msgspec.Struct, Generic[D], frozen=True):
    """The parameters of one search; ``later`` are those of the guides that are not offered yet."""

    params: dict[str, Param[D]]
    later: frozenset[str] = frozenset()


def pairs_of(query: str) -> list[Asked]:
    """The parameters of a query string or form body, strictly decoded.

    Raises ``query-malformed`` (not UTF-8, control characters, no name) and ``query-too-long``.
    """
    found: list[Asked] = []
    for part in query.split("&") if query else ():
        raw_name, _, raw_value = part.partition("=")
        try:
            name = unquote_plus(raw_name, errors="strict")
            value = unquote_plus(raw_value, errors="strict")
        except UnicodeDecodeError as error:
            raise CarnetError("query-malformed") from error
        if not name or not (name + value).isprintable():
            raise CarnetError("query-malformed")
        bare, _, modifier = name.partition(":")
        found.append(Asked(bare, modifier, value))
    if len(found) > _PARAMETERS:
        raise CarnetError("query-too-long", limit=_PARAMETERS)
    return found


def apply(table: Table[D], asked: Iterable[Asked], draft: D, lenient: bool) -> list[Notice]:
    """Reads parameters into a draft; returns what was left out (only when lenient).

    Raises ``parameter-unknown``, ``parameter-later``, ``parameter-modifier``,
    ``parameter-repeated``, ``parameter-empty`` and what ``read`` raises.
    """
    left_out: list[Notice] = []
    seen: set[str] = set()
    for item in asked:
        if item.name in GENERIC and not item.modifier:
            continue
        param = table.params.get(item.name)
        problem = _problem(table, param, item)
        if problem:
            if not lenient:
                raise CarnetError(problem, item.name[:64], name=full_name(item)[:64])
            left_out.append(Notice("parameter-ignored", item.name[:64], {"name": item.name[:64]}))
            continue
        if param is None:
            continue
        if param.once and item.name in seen:
            raise CarnetError("parameter-repeated", item.name, name=item.name)
        if not item.value.strip():
            raise CarnetError("parameter-empty", item.name, name=item.name)
        seen.add(item.name)
        param.read(draft, item)
    return left_out


def _problem(table: Table[D], param: Param[D] | None, item: Asked) -> str | None:
    if param is None:
        return "parameter-later" if item.name in table.later else "parameter-unknown"
    if item.modifier and item.modifier not in param.modifiers:
        return "parameter-modifier"
    return None


def full_name(item: Asked) -> str:
    """The name with its modifier."""
    return f"{item.name}:{item.modifier}" if item.modifier else item.name


def written(asked: Iterable[Asked]) -> str:
    """A query string of these parameters, for the links of a Bundle."""
    return "&".join(
        f"{quote(full_name(item), safe=':._-')}={quote(item.value, safe=':|,/._-')}"
        for item in asked
    )


def described(table: Table[D]) -> list[dict[str, str]]:
    """The parameters of a table as the CapabilityStatement names them."""
    return [
        {"name": name, "type": param.type, "documentation": param.text}
        for name, param in table.params.items()
    ]
