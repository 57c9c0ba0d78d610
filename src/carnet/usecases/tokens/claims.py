"""The claims of an access token, and the Caller that they make.

Beside the claims of RFC 9068 §2.2 there are three of Carnet's: ``carnet_caller``,
``carnet_purpose`` and ``carnet_reason``. Claims that Carnet does not know are ignored outside
``carnet_caller`` and refused in it, since a word there that is not understood could be a limit.
"""

from __future__ import annotations

import re

import msgspec

from carnet.record.caller import Caller, CallerKind, Purpose
from carnet.record.errors import CarnetError
from carnet.record.identity import OID_PROFESSIONAL, OID_STRUCTURE, Identifier, Ins, parse_ins

TEXT_LIMIT = 200
REASON_LIMIT = 500
OID_SYSTEM = "urn:oid:"

_PROFESSION = re.compile(r"[A-Z0-9_]{1,20}(?:/[A-Z0-9_]{1,20})?", re.ASCII)
_SECTOR = re.compile(r"[A-Z0-9]{1,10}", re.ASCII)
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+", re.ASCII)  # scope-token of RFC 6749 §3.3

TOKEN_KINDS = {
    kind.value: kind for kind in (CallerKind.CITIZEN, CallerKind.PROFESSIONAL, CallerKind.STRUCTURE)
}
"""The operator and the machine act as the process itself: no token makes one."""

_DEMANDED = {
    CallerKind.CITIZEN: ("ins",),
    CallerKind.PROFESSIONAL: ("identifier", "profession"),
    CallerKind.STRUCTURE: ("structure",),
}
_EXCLUDED = {
    CallerKind.CITIZEN: ("identifier", "structure", "profession", "sector"),
    CallerKind.PROFESSIONAL: ("ins", "on_behalf_of"),
    CallerKind.STRUCTURE: ("ins", "identifier", "profession", "on_behalf_of"),
}


class IdentifierClaim(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An identifier as FHIR writes it: ``system`` is ``urn:oid:`` and an OID."""

    system: str
    value: str


class StructureClaim(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A structure (Struct_IdNat) and its name."""

    system: str
    value: str
    name: str | None = None


class CallerClaim(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """``carnet_caller``: who acts, in which profession, structure and software, for whom."""

    kind: str
    name: str = ""
    ins: IdentifierClaim | None = None
    identifier: IdentifierClaim | None = None
    structure: StructureClaim | None = None
    profession: str | None = None
    sector: str | None = None
    software: str | None = None
    on_behalf_of: IdentifierClaim | None = None


class AccessClaims(msgspec.Struct, frozen=True, omit_defaults=True):
    """The claims that Carnet reads. Times are seconds since 1970 UTC."""

    iss: str
    sub: str
    aud: str | list[str]
    exp: int | float
    iat: int | float
    jti: str
    client_id: str
    carnet_caller: CallerClaim
    nbf: int | float | None = None
    scope: str = ""
    carnet_purpose: Purpose = Purpose.NORMAL
    carnet_reason: str | None = None


_DECODER = msgspec.json.Decoder(AccessClaims)
_FIELD = re.compile(r"required field `(\w+)`")
_PATH = re.compile(r"`\$\.([\w.]+)")


def read_claims(payload: bytes) -> AccessClaims:
    """The claims of a payload. Raises ``CarnetError``: ``token-malformed``, ``token-claim``."""
    try:
        claims = _DECODER.decode(payload)
    except msgspec.ValidationError as error:
        raise CarnetError("token-claim", claim=_claim_of(str(error))) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise CarnetError("token-malformed") from None
    for name in ("sub", "jti", "client_id"):
        if not _is_text(getattr(claims, name)):
            raise CarnetError("token-claim", claim=name)
    if claims.carnet_reason is not None and not _is_text(claims.carnet_reason, REASON_LIMIT):
        raise CarnetError("token-claim", claim="carnet_reason")
    return claims


def _claim_of(message: str) -> str:
    """Which claim msgspec complains of, from its sentence."""
    inside = _PATH.search(message)
    missing = _FIELD.search(message)
    parts = [found[1] for found in (inside, missing) if found]
    return ".".join(parts) or "?"


def caller_of(claims: AccessClaims) -> Caller:
    """The caller of claims whose signature, issuer and times are right.

    Raises ``CarnetError``: ``token-caller``, ``token-claim``.
    """
    claim = claims.carnet_caller
    kind = TOKEN_KINDS.get(claim.kind)
    if kind is None:
        raise _unfit("kind")
    for name in _DEMANDED[kind]:
        if getattr(claim, name) is None:
            raise _unfit(name)
    for name in _EXCLUDED[kind]:
        if getattr(claim, name) is not None:
            raise _unfit(name)
    structure = claim.structure
    return Caller(
        kind=kind,
        name=_text("name", claim.name) or "",
        ins=_ins("ins", claim.ins),
        identifier=_identifier("identifier", claim.identifier, OID_PROFESSIONAL),
        structure=_identifier("structure", structure, OID_STRUCTURE),
        structure_name=_text("structure.name", structure.name) if structure else None,
        profession=_matching("profession", claim.profession, _PROFESSION),
        sector=_matching("sector", claim.sector, _SECTOR),
        software=_text("software", claim.software) or claims.client_id,
        on_behalf_of=_ins("on_behalf_of", claim.on_behalf_of),
        purpose=claims.carnet_purpose,
        reason=claims.carnet_reason,
        scopes=_scopes(claims.scope),
    )


def caller_claims(caller: Caller) -> dict[str, object]:
    """The claims that make this caller again: ``carnet_*`` and ``scope``."""
    claim = CallerClaim(
        kind=caller.kind.value,
        name=caller.name,
        ins=_of_ins(caller.ins),
        identifier=_of_identifier(caller.identifier),
        structure=StructureClaim(
            OID_SYSTEM + caller.structure.root, caller.structure.extension, caller.structure_name
        )
        if caller.structure
        else None,
        profession=caller.profession,
        sector=caller.sector,
        software=caller.software,
        on_behalf_of=_of_ins(caller.on_behalf_of),
    )
    claims: dict[str, object] = {
        "carnet_caller": msgspec.to_builtins(claim),
        "carnet_purpose": caller.purpose.value,
        "scope": " ".join(sorted(caller.scopes)),
    }
    if caller.reason is not None:
        claims["carnet_reason"] = caller.reason
    return claims


def _of_identifier(identifier: Identifier | None) -> IdentifierClaim | None:
    if identifier is None:
        return None
    return IdentifierClaim(OID_SYSTEM + identifier.root, identifier.extension)


def _of_ins(ins: Ins | None) -> IdentifierClaim | None:
    return IdentifierClaim(OID_SYSTEM + ins.oid, ins.matricule) if ins else None


def _unfit(name: str) -> CarnetError:
    return CarnetError("token-caller", claim=f"carnet_caller.{name}")


def _ins(name: str, claim: IdentifierClaim | None) -> Ins | None:
    if claim is None:
        return None
    try:
        return parse_ins(claim.value, claim.system.removeprefix(OID_SYSTEM))
    except CarnetError:
        raise _unfit(name) from None


def _identifier(
    name: str, claim: IdentifierClaim | StructureClaim | None, root: str
) -> Identifier | None:
    if claim is None:
        return None
    if claim.system != OID_SYSTEM + root or not _is_text(claim.value, 128):
        raise _unfit(name)
    return Identifier(root, claim.value)


def _text(name: str, value: str | None) -> str | None:
    if value and not _is_text(value):
        raise _unfit(name)
    return value


def _is_text(value: str, limit: int = TEXT_LIMIT) -> bool:
    """Something to read, on one line: no control characters, no spaces around."""
    return 0 < len(value) <= limit and value.isprintable() and value == value.strip()


def _matching(name: str, value: str | None, form: re.Pattern[str]) -> str | None:
    if value is not None and not form.fullmatch(value):
        raise _unfit(name)
    return value


def _scopes(scope: str) -> frozenset[str]:
    words = scope.split(" ") if scope else []
    if not all(_SCOPE.fullmatch(word) for word in words):
        raise CarnetError("token-claim", claim="scope")
    return frozenset(words)
