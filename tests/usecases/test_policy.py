"""What settings and the kind of store make of the policy, and what ``--strict`` makes of it."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from carnet.app import audience_of, policy_of
from carnet.record.access.model import AccessSettings
from carnet.record.store_kind import StoreKind
from carnet.settings import load
from carnet.usecases.policy import Policy

_MARKING = """
[identity]
conflict = "mark"
luhn = "refuse"
[documents]
unknown_type = "accept"
replaced_absent = "refuse"
max_bytes = 5000
"""


def _policy(kind: StoreKind, **settings: object) -> Policy:
    return policy_of(load(None, {}, {"data": "store", **settings}), kind)


@pytest.mark.parametrize("kind", list(StoreKind))
def test_only_demo_and_test_stores_take_test_identities_and_a_reading_operator(
    kind: StoreKind,
) -> None:
    policy = _policy(kind)
    lenient = kind is not StoreKind.PRODUCTION
    assert (policy.accept_test_ins, policy.reading_operator) == (lenient, lenient)
    assert not policy.accept_wrong_key
    assert not policy.mark_identity


@pytest.mark.parametrize("kind", list(StoreKind))
def test_identities_are_marked_by_setting_and_never_in_production(
    kind: StoreKind, tmp_path: Path
) -> None:
    file = tmp_path / "carnet.toml"
    file.write_text(_MARKING)
    policy = policy_of(load(file, {}, {"data": "store"}), kind)
    marks = kind is not StoreKind.PRODUCTION
    assert (policy.mark_identity, policy.accept_wrong_key) == (marks, marks)
    assert policy.refuse_luhn
    assert policy.refuse_absent_target
    assert policy.accept_unknown_type
    assert policy.max_document_bytes == 5000


def test_strict_turns_every_mark_into_a_refusal_and_nothing_else() -> None:
    lax = Policy(
        accept_test_ins=True,
        accept_wrong_key=True,
        mark_identity=True,
        accept_unknown_type=True,
        reading_operator=True,
        max_document_bytes=7,
        access=AccessSettings(physician_may_block=False),
    )
    strict = lax.strict()
    assert strict == msgspec.structs.replace(
        lax,
        accept_wrong_key=False,
        mark_identity=False,
        refuse_luhn=True,
        refuse_absent_target=True,
        accept_unknown_type=False,
    )
    assert strict.strict() == strict


def test_the_audience_is_the_fhir_base() -> None:
    assert audience_of("https://records.example") == "https://records.example/fhir"
