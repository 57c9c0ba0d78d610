from __future__ import annotations

import pytest

from carnet.fhir.scopes import grants


@pytest.mark.parametrize(
    ("scope", "needed", "granted"),
    [
        ("patient/DocumentReference.rs", ("DocumentReference.s",), True),
        ("user/DocumentReference.cruds", ("DocumentReference.c",), True),
        ("system/*.rs", ("AuditEvent.s",), True),
        ("user/Consent.u", ("Consent.d", "Consent.u"), True),
        ("user/DocumentReference.r", ("DocumentReference.s",), False),
        ("user/Patient.rs", ("DocumentReference.s",), False),
        ("launch/patient", ("Patient.s",), False),
        ("user/DocumentReference.rs?category=x", ("DocumentReference.s",), False),
        ("user/DocumentReference.sr", ("DocumentReference.s",), False),
        ("user/DocumentReference.read", ("DocumentReference.r",), False),
        ("admin/DocumentReference.rs", ("DocumentReference.s",), False),
    ],
)
def test_a_scope_grants_what_it_says_and_no_more(
    scope: str, needed: tuple[str, ...], granted: bool
) -> None:
    assert grants(frozenset({scope}), needed) is granted


def test_letters_may_come_from_several_scopes() -> None:
    scopes = frozenset({"user/Consent.c", "patient/Consent.r"})
    assert grants(scopes, ("Consent.cr",))
    assert not grants(frozenset(), ("Consent.c",))
