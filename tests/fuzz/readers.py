"""The readers that strangers' bytes reach, each as a function of bytes, with inputs to begin from.

A reader keeps its promise when it returns or raises ``CarnetError`` with a code of the catalogue,
and nothing else. Where two ways of reading exist they must agree.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import msgspec

from carnet.fhir import base64_stream
from carnet.fhir.body import Body, parse_json, parse_resource
from carnet.fhir.document_params import parse_documents
from carnet.fhir.params import pairs_of
from carnet.fhir.patches import (
    operations_of,
    parameter_operations,
    read_fhirpath_patch,
    read_json_patch,
)
from carnet.fhir.resources import consent, document_reference, opening
from carnet.fhir.scanner import Scanner
from carnet.formats.cda.html import CdaReading, read_html
from carnet.formats.cda.html.wall import walled
from carnet.formats.cda.metadata import entry_of
from carnet.formats.cda.scanner import CdaScanner
from carnet.formats.identifiers import cda, cx, fhir, normalise_unique_id
from carnet.record.catalogue import CATALOGUE
from carnet.record.errors import CarnetError
from carnet.usecases.tokens import (
    KeySource,
    Signer,
    TokenVerifier,
    TrustedIssuer,
    new_signing_key,
)
from carnet.usecases.tokens.claims import caller_of, read_claims
from tests.fhir.test_body import HeldSpools
from tests.fuzz.samples import (
    cda_samples,
    identifier_samples,
    json_samples,
    patch_samples,
    query_samples,
    token_samples,
)
from tests.fuzz.words import IDENTIFIER_WORDS, cda_words, json_words, query_words

BASE = "https://carnet.example/fhir"
Json = dict[str, object]


class Reader(msgspec.Struct, frozen=True):
    """A reader: what it does with bytes, inputs to begin from, words of its language."""

    name: str
    read: Callable[[bytes], None]
    samples: Callable[[], list[bytes]]
    words: Callable[[], list[bytes]]
    longest: int = 4096


def attempt(work: Callable[[], object]) -> object:
    """What ``work`` returns, or the refusal; every other exception passes."""
    try:
        return work()
    except CarnetError as refused:
        error = refused
    assert error.code in CATALOGUE, error.code
    return error


# CDA


def read_cda_bytes(data: bytes) -> None:
    """A CDA document: header, narrative, the entry that follows from it."""
    with_narrative = attempt(lambda: _scanned(data, narrative=True))
    plain = attempt(lambda: _scanned(data, narrative=False))
    assert isinstance(with_narrative, CarnetError) == isinstance(plain, CarnetError)
    if isinstance(plain, CarnetError):
        return
    sha1 = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    sha256 = hashlib.sha256(data).hexdigest()
    for accept in (False, True):
        attempt(
            lambda accept=accept: entry_of(  # type: ignore[misc]  # bound at once
                plain,  # type: ignore[arg-type]  # a document, since it is no refusal
                sha1,
                sha256,
                len(data),
                accept_unknown_type=accept,
            )
        )


def _scanned(data: bytes, *, narrative: bool) -> object:
    scanner = CdaScanner(narrative=narrative)
    half = len(data) // 2
    scanner.feed(data[:half])
    scanner.feed(data[half:])
    return scanner.close()


def read_html_bytes(data: bytes) -> None:
    """A CDA document as a person reads it: whatever it is, the second wall has nothing to stop."""
    made = attempt(lambda: read_html(data, media="/files/"))
    if isinstance(made, CdaReading) and made.narrative is not None:
        assert walled(made.narrative.html, "/files/") == made.narrative.html


# FHIR bodies


def read_body_bytes(data: bytes) -> None:
    """A FHIR body as the resource that it names, read whole and read as it streams in.

    Both ways accept the same bodies, and read the same from them.
    """
    named = next((root for root in _PARSERS if b'"' + root.encode() + b'"' in data[:64]), None)
    root = named or "DocumentReference"
    whole, streamed = (
        _declared(way, data, root, _PARSERS[root]) for way in (parse_resource, _streamed)
    )
    assert whole == streamed, root


def _declared(
    way: Callable[[bytes, str], Body], data: bytes, root: str, parse: Callable[[Json], object]
) -> object:
    """What a body declares and the documents that it holds; None where it is refused."""
    body = attempt(lambda: way(data, root))
    if not isinstance(body, Body):
        return None
    declared = attempt(lambda: parse(body.resource))
    if isinstance(declared, CarnetError):
        return None
    held = {path: b"".join(one.chunks()) for path, one in body.contents.items()}
    return msgspec.to_builtins(declared), held


def _streamed(data: bytes, root: str) -> Body:
    scanner = Scanner(root, HeldSpools().new)
    step = max(1, len(data) // 3)
    for at in range(0, len(data), step):
        scanner.feed(data[at : at + step])
    resource = parse_json(scanner.finish(), root)
    if not isinstance(resource, dict):
        raise CarnetError("json-not-object", root)
    return Body(resource, scanner.contents)


_PARSERS: dict[str, Callable[[Json], object]] = {
    "Patient": opening.parse_opening,
    "Consent": lambda resource: consent.parse(resource, BASE),
    "DocumentReference": lambda resource: document_reference.parse(resource, BASE),
}


# Patches


def read_patch_bytes(data: bytes) -> None:
    """JSON Patch and FHIRPath Patch."""
    patch = attempt(lambda: parse_json(data, "Patch"))
    if isinstance(patch, CarnetError):
        return
    attempt(lambda: read_json_patch(patch))
    attempt(lambda: read_fhirpath_patch(patch))
    attempt(lambda: operations_of(patch))
    attempt(lambda: parameter_operations(patch))


# Tokens


@cache
def _verifier() -> TokenVerifier:
    keys = KeySource(Signer(new_signing_key()).jwks, lambda: 1.0)
    verifier = TokenVerifier(
        [TrustedIssuer("urn:carnet:fuzz", BASE, keys)], lambda: 1_780_000_000.0
    )
    verifier.load()
    return verifier


def read_token_bytes(data: bytes) -> None:
    """An access token whole; the same bytes as claims; as claims under a header that is right."""
    verifier = _verifier()
    text = data.decode("utf-8", "surrogateescape")
    attempt(lambda: verifier.verify_now(text))
    claims = attempt(lambda: read_claims(data))
    if not isinstance(claims, CarnetError):
        attempt(lambda: caller_of(claims))  # type: ignore[arg-type]  # claims, no refusal
    header = b'{"alg":"ES256","typ":"at+jwt","kid":"k"}'
    for first, second in ((header, data), (data, b"{}")):
        parts = (base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in (first, second))
        attempt(lambda parts=parts: verifier.verify_now(".".join((*parts, "AA"))))  # type: ignore[misc]


# Identifiers and search parameters


_TEXT_READERS: tuple[Callable[[str], object], ...] = (
    cx.cx_from_text,
    cx.ins_from_cx,
    cx.reference_from_cx,
    cx.author_from_xcn,
    cx.person_from_xcn,
    cx.organization_from_xon,
    cx.unescape,
    normalise_unique_id,
    lambda text: cda.identifier_from_cda(*_halves(text)),
    lambda text: cda.ins_from_cda(*_halves(text)),
    lambda text: cda.unique_id_from_cda(*_halves(text)),
    lambda text: fhir.identifier_from_fhir(_named(text)),
    lambda text: fhir.ins_from_fhir(_named(text)),
    lambda text: fhir.unique_id_from_fhir(_named(text)),
    lambda text: base64_stream.decode(text, "data"),
)


def _halves(text: str) -> tuple[str, str]:
    first, _, second = text.partition("^")
    return first, second


def _named(text: str) -> dict[str, object]:
    system, value = _halves(text)
    return {"system": system, "value": value}


def read_identifier_bytes(data: bytes) -> None:
    """Every form of an identifier; what was read from CX is written and read again alike."""
    text = data.decode("utf-8", "replace")
    for reader in _TEXT_READERS:
        attempt(lambda reader=reader: reader(text))  # type: ignore[misc]
    found = attempt(lambda: cx.cx_from_text(text))
    if isinstance(found, cx.Cx):
        assert cx.cx_from_text(cx.cx_to_text(found)) == found


def read_query_bytes(data: bytes) -> None:
    """A query string as a search of documents, strictly and leniently."""
    text = data.decode("latin-1")
    attempt(lambda: pairs_of(text))
    for lenient in (False, True):
        attempt(
            lambda lenient=lenient: parse_documents.__wrapped__(text, BASE, lenient)  # type: ignore[misc]
        )


READERS: dict[str, Reader] = {
    reader.name: reader
    for reader in (
        Reader("cda", read_cda_bytes, cda_samples, cda_words, 32_768),
        Reader("html", read_html_bytes, cda_samples, cda_words, 32_768),
        Reader("json", read_body_bytes, json_samples, lambda: json_words(json_samples()), 8192),
        Reader("patch", read_patch_bytes, patch_samples, lambda: json_words(patch_samples())),
        Reader("token", read_token_bytes, token_samples, lambda: json_words(token_samples())),
        Reader(
            "identifier",
            read_identifier_bytes,
            identifier_samples,
            lambda: IDENTIFIER_WORDS,
            512,
        ),
        Reader("query", read_query_bytes, query_samples, query_words, 1024),
    )
}


def dictionary(reader: Reader, path: Path) -> None:
    """Write a reader's words in libFuzzer's form."""
    lines = ["".join(f"\\x{byte:02x}" for byte in word) for word in reader.words()]
    path.write_text("".join(f'"{line}"\n' for line in lines), encoding="ascii")
