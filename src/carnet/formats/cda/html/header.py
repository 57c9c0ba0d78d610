"""The header of a CDA as statements to list: all of it, not only what Carnet works with.

Elements that only wrap others are left out of the keys (``assignedAuthor/assignedPerson/name`` is
``name``); names, addresses and codes are one value each. What the header does not say is not here.
"""

from __future__ import annotations

from carnet.formats.cda.html.model import Header, HeaderGroup, HeaderItem, HeaderLine
from carnet.formats.cda.html.naming import cleaned
from carnet.formats.cda.times import fhir_date_time
from carnet.formats.cda.tree import Node
from carnet.record.errors import CarnetError

_WRAPPERS = frozenset(
    {
        "assignedAuthor", "assignedCustodian", "assignedEntity", "assignedPerson",
        "associatedEntity", "associatedPerson", "consent", "encompassingEncounter",
        "encounterParticipant", "guardianPerson", "informationRecipient", "intendedRecipient",
        "order", "parentDocument", "patient", "patientRole", "receivedOrganization",
        "relatedEntity", "relatedPerson", "representedCustodianOrganization", "responsibleParty",
        "serviceEvent",
    }
)  # fmt: skip
_ORGANIZATIONS = frozenset(
    {
        "guardianOrganization", "manufacturerOrganization", "providerOrganization",
        "representedOrganization", "scopingOrganization", "serviceProviderOrganization",
        "wholeOrganization",
    }
)  # fmt: skip
_TECHNICAL = frozenset({"realmCode", "typeId", "templateId"})
_NAME_PARTS = ("prefix", "given", "family", "suffix")
_NAMES = {"BR": "birth", "CL": "used", "SP": "used"}  # EntityNamePartQualifier
_MOST_ITEMS = 2_000


def header_of(root: Node, *, cut: bool) -> Header:
    """The header that these nodes make. ``cut``: they are not all."""
    groups: list[HeaderGroup] = []
    own: list[HeaderItem] = []
    count = 0
    for node in root.children:
        if node.name in _TECHNICAL:
            continue
        items: list[HeaderItem] = []
        _collect(node, "", items, top=True)
        count += len(items)
        if count > _MOST_ITEMS:
            cut = True
            break
        if node.children and not _is_value(node):
            sort = node.attribute("typeCode") or node.attribute("classCode") or ""
            groups.append(HeaderGroup(node.name, tuple(items), sort))
        else:
            own.extend(items)
    return Header(_line(root), (HeaderGroup("document", tuple(own)), *groups), cut)


def _line(root: Node) -> HeaderLine:
    code = root.first("code")
    author = root.first("author", "assignedAuthor") or Node("assignedAuthor", {})
    person = author.first("assignedPerson", "name")
    device = author.first("assignedAuthoringDevice", "softwareName")
    place = author.first("representedOrganization", "name") or root.first(
        "custodian", "assignedCustodian", "representedCustodianOrganization", "name"
    )
    when = root.first("effectiveTime")
    name = _name(person) if person is not None else ""
    return HeaderLine(
        title=_words(root.first("title")),
        kind=_clean((code.attribute("displayName") or "") if code is not None else ""),
        author=name or _words(device),
        organization=_words(place),
        time=_time(when.attribute("value")) if when is not None else "",
    )


def _collect(node: Node, path: str, items: list[HeaderItem], *, top: bool = False) -> None:
    """The statements of a node and those inside, in the order of the document."""
    if node.name in _TECHNICAL:
        return
    key = path if top and node.children and not _is_value(node) else _key(path, node.name)
    if node.name == "name" and node.children:
        items.extend(_names(node, key))
        return
    item = _item(node, key)
    if item is not None:
        items.append(item)
    for child in node.children:
        if item is None or not _told(child, item):
            _collect(child, key, items)


def _told(child: Node, item: HeaderItem) -> bool:
    """Whether the statement of an element already says what this child of it says."""
    if child.name == "originalText":
        return item.kind != "code" or item.values[0] == _words(child)
    return child.name not in ("translation", "qualifier", "center", "width")


def _key(path: str, name: str) -> str:
    if name in _WRAPPERS:
        return path
    name = "organization" if name in _ORGANIZATIONS else name
    return f"{path}/{name}" if path else name


def _is_value(node: Node) -> bool:
    return _item(node, "") is not None


def _item(node: Node, key: str) -> HeaderItem | None:
    """What a node says by itself; None where only its children say something."""
    given = node.attributes
    if node.name == "name" and node.children:
        return HeaderItem(key, "text", (_name(node),))
    if node.name == "addr":
        return _some(key, _address(node), node)
    if "extension" in given or "root" in given:
        return HeaderItem(key, "id", (_of(node, "root"), _of(node, "extension")))
    if "code" in given:
        label = _of(node, "displayName") or _words(node.first("originalText"))
        return HeaderItem(key, "code", (label, _of(node, "code"), _of(node, "codeSystem")))
    if "value" in given:
        return _valued(node, key)
    if node.first("low") is not None or node.first("high") is not None:
        ends = (node.first("low"), node.first("high"))
        times = tuple(_time(end.attribute("value")) if end is not None else "" for end in ends)
        return HeaderItem(key, "period", times) if any(times) else _mark(node, key)
    if node.children:
        return None
    return _some(key, _words(node), node)


def _valued(node: Node, key: str) -> HeaderItem:
    value = _of(node, "value")
    if node.name.lower().endswith("time"):
        return HeaderItem(key, "time", (_time(value),))
    return HeaderItem(key, "text", (value,))


def _some(key: str, words: str, node: Node) -> HeaderItem | None:
    return HeaderItem(key, "text", (words,)) if words else _mark(node, key)


def _mark(node: Node, key: str) -> HeaderItem | None:
    null = _of(node, "nullFlavor")
    return HeaderItem(key, "mark", (null,)) if null else None


def _name(node: Node) -> str:
    """A person's name in the order in which it is said."""
    if not node.children:
        return _words(node)
    parts: dict[str, list[str]] = {}
    for child in node.children:
        words = _words(child)
        if words and words not in parts.setdefault(child.name, []):
            parts[child.name].append(words)
    known = [word for name in _NAME_PARTS for word in parts.get(name, [])]
    other = [word for name, words in parts.items() if name not in _NAME_PARTS for word in words]
    return " ".join([*known, *other])


def _names(node: Node, key: str) -> list[HeaderItem]:
    """A name as it stands; birth names and used names (their qualifiers) are told apart."""
    parts: dict[str, Node] = {}
    for child in node.children:
        given = (child.attribute("qualifier") or "").split()
        sort = next((_NAMES[code] for code in given if code in _NAMES), "")
        parts.setdefault(sort, Node("name", {})).add(child)
    found = ((f"{key}/{sort}" if sort else key, _name(part)) for sort, part in parts.items())
    return [HeaderItem(name, "text", (words,)) for name, words in found if words]


def _address(node: Node) -> str:
    """An address in one line: its lines or parts in the order given."""
    parts = [_words(child) for child in node.children] or [_words(node)]
    return ", ".join(part for part in parts if part)


def _time(value: str | None) -> str:
    """A TS as a FHIR dateTime; as written where it is none."""
    if not value:
        return ""
    try:
        return fhir_date_time(value)
    except CarnetError:
        return _clean(value)


def _of(node: Node, attribute: str) -> str:
    return _clean(node.attribute(attribute) or "")


def _words(node: Node | None) -> str:
    return _clean((node.words() or "") if node is not None else "")


def _clean(text: str) -> str:
    return cleaned(text)[0]
