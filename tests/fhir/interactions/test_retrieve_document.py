from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.fhir.interactions.retrieve_document import disposition


@pytest.mark.parametrize(
    ("title", "mime_type", "plain", "full"),
    [
        ("Bilan", "application/pdf", "Bilan.pdf", "Bilan.pdf"),
        ("Résumé été", "text/xml", "Resume ete.xml", "Résumé été.xml"),
        ("../../etc/passwd", "text/plain", "etcpasswd.txt", "etcpasswd.txt"),
        (
            'a"; filename="b.exe',
            "application/pdf",
            "a_ filename_b.exe.pdf",
            "a; filename=b.exe.pdf",
        ),
        ("\u202egpj.exe", "image/jpeg", "gpj.exe.jpg", "gpj.exe.jpg"),
        ("...", "application/x-unknown", "document.bin", "document.bin"),
        ("日本", "application/dicom", "document.dcm", "日本.dcm"),
    ],
)
def test_the_file_name_is_made_safe(title: str, mime_type: str, plain: str, full: str) -> None:
    value = disposition(title, mime_type)
    match = re.fullmatch(r"attachment; filename=\"([^\"]*)\"; filename\*=UTF-8''(.*)", value)
    assert match is not None
    assert (match[1], unquote(match[2])) == (plain, full)


@given(st.text(max_size=300))
def test_no_title_leaves_the_header(title: str) -> None:
    value = disposition(title, "application/pdf")
    assert value.isascii()
    assert value.isprintable()
    assert re.fullmatch(r"attachment; filename=\"[^\"\\/]*\.pdf\"; filename\*=UTF-8''\S*", value)
    assert len(value) < 2000
