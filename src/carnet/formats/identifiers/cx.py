r"""HL7 v2 data types of XDS metadata: CX (patients, references), XCN (authors), XON (structures).

ITI TF-3 §4.2.3.1.7 as the CI-SIS narrows it. Components are parted by ``^``, their parts by ``&``;
these, ``|``, ``~`` and ``\`` within a text are escaped (HL7 v2 §2.7).
"""

from __future__ import annotations

import re

import msgspec

from carnet.formats.identifiers import is_oid, is_uuid, normalise_root
from carnet.record.document import Author, AuthorKind, Organization, Person, Reference
from carnet.record.errors import CarnetError
from carnet.record.identity import (
    INS_OIDS,
    OID_PROFESSIONAL,
    OID_STRUCTURE,
    Identifier,
    Ins,
    Name,
    parse_ins,
)

OID_SIRENE = "1.3.2"  # SIREN and SIRET of referenced digital services

_ESCAPES = {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "~": "\\R\\", "&": "\\T\\"}
_ESCAPING = str.maketrans(_ESCAPES)
_ESCAPED = re.compile(r"\\([EFSRT])\\")
_CHARACTERS = {sequence[1]: character for character, sequence in _ESCAPES.items()}


def escape(text: str) -> str:
    """A text as it stands inside a component."""
    return text.translate(_ESCAPING)


def unescape(text: str) -> str:
    """The text of a component; escapes that name no delimiter stay as they are."""
    return _ESCAPED.sub(lambda match: _CHARACTERS[match[1]], text)


def _components(text: str) -> list[str]:
    return text.strip().split("^")


def _part(components: list[str], number: int) -> str | None:
    """A component by its HL7 number (from 1), unescaped; None where it is empty."""
    raw = components[number - 1].strip() if number <= len(components) else ""
    return unescape(raw) or None


def _join(components: dict[int, str]) -> str:
    """Components by their HL7 numbers, already escaped; empty ones at the end are left out."""
    last = max((number for number, text in components.items() if text), default=0)
    return "^".join(components.get(number, "") for number in range(1, last + 1))


def _authority(root: str) -> str:
    return f"&{escape(root)}&ISO"


def _authority_root(components: list[str], number: int) -> str | None:
    """The OID of an assigning authority (HD: namespace & OID & ISO)."""
    parts = components[number - 1].split("&") if number <= len(components) else []
    root = unescape(parts[1].strip()) if len(parts) > 1 else ""
    return normalise_root(root) if root else None


class Cx(msgspec.Struct, frozen=True):
    """An identifier with the code of its kind, such as NH (INS), PI (local patient number)."""

    identifier: Identifier
    kind: str | None = None


def cx_to_text(cx: Cx) -> str:
    """``value^^^&root&ISO^kind``."""
    identifier = cx.identifier
    return _join(
        {1: escape(identifier.extension), 4: _authority(identifier.root), 5: escape(cx.kind or "")}
    )


def cx_from_text(text: str, element: str | None = None) -> Cx:
    """The identifier and kind of a CX; what follows them (dates) is not looked at.

    Raises ``CarnetError('identifier-malformed')`` without a value or an assigning authority.
    """
    components = _components(text)
    value, root = _part(components, 1), _authority_root(components, 4)
    if value is None or root is None:
        raise CarnetError("identifier-malformed", element)
    return Cx(Identifier(root, value), _part(components, 5))


def ins_to_cx(ins: Ins) -> str:
    """``matricule^^^&OID&ISO^NH``."""
    return cx_to_text(Cx(Identifier(ins.oid, ins.matricule), "NH"))


def ins_from_cx(text: str, element: str | None = None) -> Ins:
    """The INS of a CX, whatever its kind is called.

    Raises ``CarnetError``: ``identifier-malformed``, ``ins-oid-unknown``, ``ins-malformed``.
    """
    identifier = cx_from_text(text, element).identifier
    return parse_ins(identifier.extension, identifier.root, element)


def reference_to_cx(reference: Reference) -> str:
    """An element of referenceIdList (CXi): ``value^^^&root&ISO^urn:ihe:iti:xds:2013:order``.

    A value that is itself an OID or UUID has no assigning authority.
    """
    if not reference.identifier.extension:
        return _join({1: escape(reference.identifier.root), 5: escape(reference.kind)})
    return cx_to_text(Cx(reference.identifier, reference.kind))


def reference_from_cx(text: str, element: str | None = None) -> Reference:
    """The reference of a CXi. Raises ``CarnetError('identifier-malformed')``."""
    components = _components(text)
    value, root, kind = _part(components, 1), _authority_root(components, 4), _part(components, 5)
    if value is None or kind is None:
        raise CarnetError("identifier-malformed", element)
    identifier = Identifier(root, value) if root else Identifier(normalise_root(value))
    return Reference(identifier, kind)


# Code of the identifier's kind (XCN.13) and of the name's (XCN.10), by kind of author.
_XCN_CODES = {
    AuthorKind.PROFESSIONAL: ("IDNPS", "D"),
    AuthorKind.PATIENT: ("NH", "D"),
    AuthorKind.DEVICE: ("RI", "U"),
}


def author_to_xcn(author: Author) -> str | None:
    """The authorPerson of an author: a professional, the patient, a system; None for a structure.

    What an author belongs to, their role and speciality are other attributes of XDS.
    """
    if author.kind is AuthorKind.ORGANIZATION:
        return None
    kind, name_kind = _XCN_CODES[author.kind]
    name = Name(family=author.device) if author.kind is AuthorKind.DEVICE else author.name
    return _xcn(author.identifier, name or Name(), kind, name_kind)


def author_from_xcn(text: str, element: str | None = None) -> Author:
    """The author that an authorPerson names: kind, identifier, name or device.

    Raises ``CarnetError('identifier-malformed')`` where the identifier has no assigning authority.
    """
    components = _components(text)
    identifier = _xcn_identifier(components, element)
    kind = _author_kind(components, identifier)
    name = _xcn_name(components)
    if kind is not AuthorKind.DEVICE:
        return Author(kind, identifier=identifier, name=name)
    # The CI-SIS puts the model in the place of the family name, the software in the given name's.
    parts = (name.family, name.given) if name else ()
    device = " ".join(part for part in parts if part) or None
    return Author(kind, identifier=identifier, device=device)


def person_to_xcn(person: Person) -> str:
    """The legalAuthenticator of a person; their structure is not part of it."""
    kind, name_kind = _XCN_CODES[AuthorKind.PROFESSIONAL]
    if person.identifier is not None and person.identifier.root in INS_OIDS:
        kind, name_kind = _XCN_CODES[AuthorKind.PATIENT]
    return _xcn(person.identifier, person.name or Name(), kind, name_kind)


def person_from_xcn(text: str, element: str | None = None) -> Person:
    """The person of a legalAuthenticator. Raises as ``author_from_xcn``."""
    components = _components(text)
    return Person(_xcn_identifier(components, element), _xcn_name(components))


def _xcn(identifier: Identifier | None, name: Name, kind: str, name_kind: str) -> str:
    components = {
        2: escape(name.family or ""),
        3: escape(name.given or ""),
        5: escape(name.suffix or ""),
        6: escape(name.prefix or ""),
        10: name_kind,
    }
    if identifier is not None:
        if identifier.extension:
            components |= {1: escape(identifier.extension), 9: _authority(identifier.root)}
        else:
            components |= {1: escape(identifier.root)}
    return _join(components | {13: kind})


def _xcn_identifier(components: list[str], element: str | None) -> Identifier | None:
    value, root = _part(components, 1), _authority_root(components, 9)
    if value is None:
        return None
    if root is not None:
        return Identifier(root, value)
    return _bare(value, element)


def _bare(value: str, element: str | None) -> Identifier:
    """An identifier without authority: only an OID or a UUID says all by itself."""
    root = normalise_root(value)
    if not (is_oid(root) or is_uuid(root)):
        raise CarnetError("identifier-malformed", element)
    return Identifier(root)


def _xcn_name(components: list[str]) -> Name | None:
    given = " ".join(part for n in (3, 4) if (part := _part(components, n)))
    name = Name(
        family=_part(components, 2),
        given=given or None,
        prefix=_part(components, 6),
        suffix=_part(components, 5),
    )
    return None if name == Name() else name


def _author_kind(components: list[str], identifier: Identifier | None) -> AuthorKind:
    """By the code of the identifier's kind; failing that, by the OID and the name's kind."""
    code = _part(components, 13)
    for kind, (kind_code, _) in _XCN_CODES.items():
        if code == kind_code:
            return kind
    root = identifier.root if identifier else None
    if root in INS_OIDS or (code or "").startswith("INS"):
        return AuthorKind.PATIENT
    if _part(components, 10) == "U" and root != OID_PROFESSIONAL:
        return AuthorKind.DEVICE
    return AuthorKind.PROFESSIONAL


_XON_CODES = {OID_STRUCTURE: "IDNST", OID_SIRENE: "SIREN"}


def organization_to_xon(organization: Organization) -> str:
    """authorInstitution: ``NAME^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^1750100125``."""
    components = {1: escape(organization.name or "")}
    identifier = organization.identifier
    if identifier is not None and identifier.extension:
        components |= {
            6: _authority(identifier.root),
            7: _XON_CODES.get(identifier.root, ""),
            10: escape(identifier.extension),
        }
    elif identifier is not None:
        components |= {10: escape(identifier.root)}
    return _join(components)


def organization_from_xon(text: str, element: str | None = None) -> Organization:
    """The structure of an authorInstitution.

    Raises ``CarnetError('identifier-malformed')`` for a number without assigning authority.
    """
    components = _components(text)
    value, root = _part(components, 10), _authority_root(components, 6)
    identifier: Identifier | None = None
    if value is not None:
        identifier = Identifier(root, value) if root else _bare(value, element)
    return Organization(identifier, _part(components, 1))
