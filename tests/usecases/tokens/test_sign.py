from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.record.caller import Caller, CallerKind, Purpose
from carnet.record.errors import CarnetError
from carnet.record.identity import (
    OID_INS_NIR_TEST,
    OID_PROFESSIONAL,
    OID_STRUCTURE,
    Identifier,
    Ins,
)
from carnet.usecases.tokens import (
    KeySource,
    Signer,
    TokenVerifier,
    TrustedIssuer,
    new_signing_key,
)

NOW = 1_800_000_000
ISS = "urn:carnet:store:essai"
AUDIENCE = "http://127.0.0.1:8000/fhir"

SIGNER = Signer(new_signing_key())
INS = st.sampled_from(["279035121518989", "121035121518958"]).map(
    lambda number: Ins(number, OID_INS_NIR_TEST)
)
TEXT = st.text(
    st.characters(categories=["L", "N", "P"], include_characters="' "), min_size=1, max_size=60
).filter(lambda text: text == text.strip())
NUMBER = st.from_regex(r"[0-9]{9,14}", fullmatch=True)
COMMON = {
    "name": TEXT,
    "software": TEXT,
    "purpose": st.sampled_from(Purpose),
    "reason": st.none() | TEXT,
    "scopes": st.frozensets(st.sampled_from(["user/*.rs", "patient/DocumentReference.rs"])),
}
STRUCTURE = NUMBER.map(lambda number: Identifier(OID_STRUCTURE, number))
CALLERS = st.one_of(
    st.builds(
        Caller,
        kind=st.just(CallerKind.CITIZEN),
        ins=INS,
        on_behalf_of=st.none() | INS,
        **COMMON,
    ),
    st.builds(
        Caller,
        kind=st.just(CallerKind.PROFESSIONAL),
        identifier=NUMBER.map(lambda number: Identifier(OID_PROFESSIONAL, number)),
        profession=st.sampled_from(["G15_10/SM26", "G15_60", "G16_10"]),
        sector=st.sampled_from([None, "SA07"]),
        structure=st.none() | STRUCTURE,
        **COMMON,
    ),
    st.builds(
        Caller,
        kind=st.just(CallerKind.STRUCTURE),
        structure=STRUCTURE,
        structure_name=st.none() | TEXT,
        sector=st.sampled_from([None, "SA01"]),
        **COMMON,
    ),
)


def sign(caller: Caller, signer: Signer = SIGNER) -> str:
    return signer.sign(
        caller,
        iss=ISS,
        audience=AUDIENCE,
        client_id="carnet-token",
        jti="1",
        now=NOW,
        lifetime=3600,
    )


def verifier(signer: Signer = SIGNER) -> TokenVerifier:
    made = TokenVerifier(
        [TrustedIssuer(ISS, AUDIENCE, KeySource(signer.jwks, lambda: NOW))], lambda: NOW
    )
    made.load()
    return made


@given(caller=CALLERS)
def test_a_signed_caller_is_read_back_as_it_was(caller: Caller) -> None:
    assert verifier().verify_now(sign(caller)) == caller


def test_a_token_of_another_store_is_worth_nothing() -> None:
    citizen = Caller(kind=CallerKind.CITIZEN, ins=Ins("279035121518989", OID_INS_NIR_TEST))
    with pytest.raises(CarnetError, match="token-key-unknown"):
        verifier().verify_now(sign(citizen, Signer(new_signing_key())))


def test_the_same_key_makes_the_same_set_of_keys() -> None:
    material = new_signing_key()
    assert Signer(material).jwks() == Signer(material).jwks()


def test_what_is_published_is_not_private() -> None:
    (key,) = json.loads(SIGNER.jwks())["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "kid", "alg", "use"}
