"""How statements of several documents come under one heading: by their codes, never by guessing.

Two statements are of the same thing if their first code is the same, or, where no code stands, if
they use the same words. Nothing is left out: contradictory and negated statements are kept beside
the others and marked.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from carnet.clinical.model import HEADINGS, Heading, Item, Told
from carnet.record.facts import Concept, Medication
from carnet.record.vocabulary import system_oid

Key = tuple[str, ...]


def statement_key(what: Concept) -> Key | None:
    """What two statements of the same thing share; None where nothing can be compared.

    A code that is narrowed by qualifiers is another one than the bare code.
    """
    if what.codes:
        first = what.codes[0]
        narrower = sorted(f"{one.system}|{one.code}" for one in what.qualifiers)
        return ("code", first.system, first.code, *narrower)
    words = plain(what.label)
    return ("words", words) if words else None


def plain(text: str) -> str:
    """Words as they are compared: without case, accents and superfluous spaces."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(c for c in parts if not unicodedata.combining(c)).split())


def subject_key(told: Told) -> Key:
    """Of whom something is told; empty for the patient."""
    subject = told.fact.subject
    return () if subject is None else statement_key(subject) or ("somebody", str(told.fact.ids))


def newest_first(told: Iterable[Told]) -> tuple[Told, ...]:
    """By the document's date, then by the fact's place in the document."""

    def key(one: Told) -> tuple[float, int, int]:
        return (-one.source.created, -one.source.entry_no, one.fact.number)

    return tuple(sorted(told, key=key))


def _key_of(told: Told) -> Key | None:
    """A treatment without code nor words for it may be known by its substances."""
    key = statement_key(told.fact.what)
    details = told.fact.details
    if key is None and isinstance(details, Medication) and details.substances:
        parts = [statement_key(one) for one in details.substances]
        if all(parts):
            return ("substances", *sorted(" ".join(part) for part in parts if part))
    return key


def items_of(told: Iterable[Told]) -> tuple[Item, ...]:
    """Statements under one heading a thing, the newest first."""
    groups: dict[Key, list[Told]] = {}
    for number, one in enumerate(told):
        key = _key_of(one) or ("alone", str(number))
        groups.setdefault((*key, "of", *subject_key(one)), []).append(one)
    items = [_item(group) for group in groups.values()]
    items.sort(key=lambda item: -item.told[0].source.created)
    return tuple(items)


def _item(group: list[Told]) -> Item:
    told = newest_first(group)
    denied = [one.fact.negated for one in told]
    return Item(
        what=next((one.fact.what for one in told if one.fact.what.label), told[0].fact.what),
        told=told,
        negated=all(denied),
        disputed=any(denied) and not all(denied),
        contradicted=any(one.fact.contradicts for one in told),
        subject=told[0].fact.subject,
    )


def parts_of(told: Iterable[Told]) -> dict[Heading, tuple[Item, ...]]:
    """The parts of a summary; each is there, also where nothing is told of it."""
    by_kind: dict[str, list[Told]] = {}
    for one in told:
        by_kind.setdefault(one.fact.kind, []).append(one)
    return {heading: items_of(by_kind.get(kind, ())) for heading, kind in HEADINGS.items()}


def has_code(what: Concept, codes: Iterable[tuple[str | None, str]]) -> bool:
    """Whether a concept has one of these codes; systems are OIDs, and None is any system."""
    return any(
        one.code == code and system in (None, system_oid(one.system))
        for system, code in codes
        for one in what.codes
    )
