"""What of a query only the unsealed page of an entry can tell."""

from __future__ import annotations

from collections.abc import Callable

import orjson

from carnet.record.identity import normalise_name
from carnet.storage.pages import Slot
from carnet.usecases.requests import DateField, DateFilter, DocumentQuery, TokenFilter

Test = Callable[[Slot], bool]


def slot_filter(query: DocumentQuery, documents: set[bytes] | None, now: int) -> Test | None:
    """One test of all that needs the page, None where the columns suffice."""
    tests: list[Test] = []
    if documents is not None:
        tests.append(lambda slot: slot.logical_id in documents)
    tests += [_date_test(one) for one in query.dates]
    tests += [_label_test(one, now) for one in query.security_labels]
    if query.author_identifiers or query.author_families or query.author_givens:
        tests.append(_author_test(query))
    if not tests:
        return None
    return lambda slot: all(test(slot) for test in tests)


def _date_test(one: DateFilter) -> Test:
    """FHIR R4 §3.1.1.4.5: the value of an entry is an instant, or for period a range.

    ``ge`` is ``gt`` or ``eq``, and so for ``le``: a period that ends within the range asked for,
    and began before it, is neither.
    """

    def test(slot: Slot) -> bool:
        low, high = _span(slot, one.field)
        start, end = one.start, one.end
        match one.comparator:
            case "eq":
                return start <= low and high < end
            case "ne":
                return not (start <= low and high < end)
            case "gt":
                return high >= end
            case "lt":
                return low < start
            case "ge":
                return high >= end or (start <= low and high < end)
            case _:
                return low < start or (start <= low and high < end)

    return test


def _span(slot: Slot, field: DateField) -> tuple[float, float]:
    if field is DateField.PERIOD:
        return slot.started, slot.stopped
    value = slot.updated if field is DateField.LAST_UPDATED else slot.created
    return value, value


def _label_test(one: TokenFilter, now: int) -> Test:
    wanted = {code for _, code in one.any_of}

    def test(slot: Slot) -> bool:
        labels = {slot.confidentiality}
        if slot.hidden_ps:
            labels.add("MASQUE_PS")
        if slot.patient_until > now:
            labels.add("INVISIBLE_PATIENT")
        if slot.hidden_reps:
            labels.add("INVISIBLE_REPRESENTANTS_LEGAUX")
        return bool(labels & wanted) is not one.negate

    return test


def _author_test(query: DocumentQuery) -> Test:
    """Authors stand in the rendered resource as contained resources."""
    families = [[normalise_name(name) for name in names] for names in query.author_families]
    givens = [[normalise_name(name) for name in names] for names in query.author_givens]

    def test(slot: Slot) -> bool:
        resource = orjson.loads(slot.resource.replace(b"\x01", b""))
        people = _authors(resource)
        return (
            all(_holds_identifier(people, one) for one in query.author_identifiers)
            and all(_begins(people, "family", names) for names in families)
            and all(_begins(people, "given", names) for names in givens)
        )

    return test


def _authors(resource: dict[str, object]) -> list[dict[str, object]]:
    """The contained resources that ``author`` reaches: roles, and the people they name."""
    contained = {item["id"]: item for item in _list(resource.get("contained"))}
    reached: list[dict[str, object]] = []
    waiting = [item.get("reference") for item in _list(resource.get("author"))]
    while waiting:
        found = contained.pop(str(waiting.pop()).removeprefix("#"), None)
        if found is None:
            continue
        reached.append(found)
        for name in ("practitioner", "organization", "owner"):
            inner = found.get(name)
            if isinstance(inner, dict):
                waiting.append(inner.get("reference"))
    return reached


def _list(value: object) -> list[dict[str, object]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _holds_identifier(people: list[dict[str, object]], one: TokenFilter) -> bool:
    held = {
        (str(item.get("system")).removeprefix("urn:oid:"), str(item.get("value")))
        for person in people
        for item in _list(person.get("identifier"))
    }
    return any(
        value == wanted and system in (None, held_system)
        for held_system, value in held
        for system, wanted in one.any_of
    )


def _begins(people: list[dict[str, object]], part: str, names: list[str]) -> bool:
    """FHIR string search: begins with, without case and accents."""
    held = [
        normalise_name(text)
        for person in people
        for name in _list(person.get("name"))
        for text in _texts(name.get(part))
    ]
    return any(text.startswith(name) for text in held for name in names)


def _texts(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(item) for item in value]
    return [str(value)] if value else []
