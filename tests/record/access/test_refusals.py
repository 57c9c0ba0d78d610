from __future__ import annotations

import pytest

from carnet.record.access.model import Decision, Reason
from carnet.record.access.refusals import CODES, explain, refusal
from carnet.record.access.rules import RULES
from carnet.record.catalogue import CATALOGUE
from carnet.record.errors import ErrorKind

PERMITTING = {rule.reason for rule in RULES if rule.permits}
REFUSING = set(CODES)


def _refused(reason: Reason) -> Decision:
    return Decision(permitted=False, reason=reason, rule="5-default")


def test_a_reason_either_permits_or_refuses() -> None:
    assert set(Reason) == PERMITTING | REFUSING
    assert not PERMITTING & REFUSING
    assert {rule.reason for rule in RULES if not rule.permits} <= REFUSING


@pytest.mark.parametrize("reason", sorted(REFUSING))
def test_every_refusing_reason_has_an_entry_of_the_catalogue(reason: Reason) -> None:
    error = refusal(_refused(reason))
    entry = CATALOGUE[error.code]
    assert entry.kind in {ErrorKind.FORBIDDEN, ErrorKind.ABSENT}
    assert error.element is None
    assert error.params == {}
    assert all((entry.french, entry.english, entry.remedy_french, entry.remedy_english))


def test_what_may_not_be_seen_is_absent() -> None:
    hidden, closed_by_matrix = _refused(Reason.HIDDEN), _refused(Reason.MATRIX)
    assert refusal(hidden).code == refusal(closed_by_matrix).code == "document-absent"
    assert CATALOGUE["document-absent"].kind is ErrorKind.ABSENT


def test_a_block_and_a_refusal_are_told_alike() -> None:
    entry = CATALOGUE[refusal(_refused(Reason.REFUSED_BY_PATIENT)).code]
    assert "refusé par le patient" in entry.french
    assert "bloq" not in entry.french + entry.remedy_french


def test_a_missing_consent_tells_to_attest_it() -> None:
    entry = CATALOGUE[refusal(_refused(Reason.CONSENT_MISSING)).code]
    assert entry.kind is ErrorKind.FORBIDDEN
    assert "attestez-le" in entry.remedy_french


def test_a_permit_is_not_a_refusal() -> None:
    with pytest.raises(ValueError, match="permits"):
        refusal(Decision(permitted=True, reason=Reason.OWN_RECORD, rule="5.3-own-reads"))


@pytest.mark.parametrize("reason", sorted(Reason))
def test_every_reason_is_explained_in_two_languages(reason: Reason) -> None:
    french, english = explain(_refused(reason))
    assert french.endswith(".")
    assert english.endswith(".")
    assert french != english


def test_no_two_reasons_are_explained_alike() -> None:
    assert len({explain(_refused(reason)) for reason in Reason}) == len(Reason)
