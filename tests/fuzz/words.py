"""Words of each format, for libFuzzer's dictionaries and for changes by chance."""

from __future__ import annotations

import re
from collections.abc import Iterable

from carnet.fhir.document_params import DOCUMENTS
from carnet.fhir.params import described
from tests.fuzz.samples import cda_samples, query_samples

IDENTIFIER_WORDS = [b"^", b"&", b"&ISO", b"^^^&", b"\\S\\", b"1.2.250.1.71.4.2.1", b"urn:oid:"]


def _words_of(samples: Iterable[bytes], form: str) -> list[bytes]:
    found = {word for sample in samples for word in re.findall(form.encode(), sample)}
    return sorted(word for word in found if 2 < len(word) < 80)


def json_words(samples: list[bytes]) -> list[bytes]:
    """Names and texts of samples, and pieces that are awkward to read."""
    extra = [
        b'{"resourceType":"Patient"}',
        b"[[[[",
        b'"data":"',
        b'"\\u0064ata":"',
        b"1e9",
        b"null",
    ]
    return _words_of(samples, r'"[^"]*"\s*:?') + extra


def cda_words() -> list[bytes]:
    """Tags and attributes, and what must be refused."""
    extra = [b"<!DOCTYPE a [", b"<![CDATA[", b"<?xml version='1.0'?>", b"&#0;", b"]]>", b"xsi:nil"]
    return (
        _words_of(cda_samples(), r"</?[A-Za-z:]+")
        + _words_of(cda_samples(), r'[a-zA-Z:]+="[^"]*"')
        + extra
    )


def query_words() -> list[bytes]:
    """Parameters, and odd escapes."""
    names = [one["name"].encode() for one in described(DOCUMENTS)]
    return [
        *names,
        *_words_of(query_samples(), r"[&?]?[A-Za-z._:-]+="),
        b"%00",
        b"%",
        b"+",
        b":not",
    ]
