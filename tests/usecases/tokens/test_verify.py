from __future__ import annotations

import asyncio
import base64
import hmac
import json
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws, jwt
from joserfc.jwk import ECKey, RSAKey

from carnet.record.caller import Caller, CallerKind, Purpose
from carnet.record.errors import CarnetError
from carnet.record.identity import OID_INS_NIR_TEST, OID_PROFESSIONAL, Identifier, Ins
from carnet.usecases.tokens import KeySource, TokenVerifier, TrustedIssuer
from carnet.usecases.tokens.verify import CACHE_SIZE, SIZE_LIMIT

NOW = 1_800_000_000
ISS = "https://issuer.example"
AUDIENCE = "https://carnet.example/fhir"
EC = ECKey.generate_key("P-256")
RSA = RSAKey.generate_key(2048)


def jwks(**keys: ECKey | RSAKey) -> bytes:
    return json.dumps(
        {"keys": [{**key.as_dict(private=False), "kid": kid} for kid, key in keys.items()]}
    ).encode()


class Clock:
    def __init__(self) -> None:
        self.now = float(NOW)

    def __call__(self) -> float:
        return self.now


class Setting:
    """A verifier of one issuer, its clock, and the JWKS that the issuer publishes."""

    def __init__(self, algorithms: tuple[str, ...] = ("ES256", "RS256")) -> None:
        self.clock = Clock()
        self.published = jwks(ec=EC, rsa=RSA)
        self.readings = 0
        self.told: list[str | None] = []
        source = KeySource(self.read, self.clock)
        self.verifier = TokenVerifier(
            [TrustedIssuer(ISS, AUDIENCE, source, algorithms)],
            self.clock,
            lambda _iss, error: self.told.append(error.code if error else None),
        )
        self.verifier.load()

    def read(self) -> bytes:
        self.readings += 1
        return self.published

    def verify(self, token: str) -> Caller:
        return asyncio.run(self.verifier.verify(token))

    def refusal(self, token: str) -> str:
        with pytest.raises(CarnetError) as raised:
            self.verify(token)
        return raised.value.code


@pytest.fixture
def setting() -> Setting:
    return Setting()


INS = {"system": f"urn:oid:{OID_INS_NIR_TEST}", "value": "279035121518989"}
DOCTOR = {
    "kind": "professional",
    "name": "Docteur Inès Essai",
    "identifier": {"system": f"urn:oid:{OID_PROFESSIONAL}", "value": "899700000000"},
    "profession": "G15_10/SM26",
    "sector": "SA07",
}
CLAIMS: dict[str, object] = {
    "iss": ISS,
    "sub": "899700000000",
    "aud": AUDIENCE,
    "iat": NOW,
    "exp": NOW + 300,
    "jti": "a-1",
    "client_id": "logiciel-essai",
    "scope": "user/DocumentReference.rs",
    "carnet_caller": DOCTOR,
}
HEADER = {"alg": "ES256", "typ": "at+jwt", "kid": "ec"}


def token(
    claims: Mapping[str, object] | None = None,
    header: Mapping[str, object] | None = None,
    key: ECKey | RSAKey = EC,
) -> str:
    kept = {name: value for name, value in {**CLAIMS, **(claims or {})}.items() if value != "-"}
    head = {name: value for name, value in {**HEADER, **(header or {})}.items() if value != "-"}
    registry = jws.JWSRegistry(algorithms=[str(head["alg"])], strict_check_header=False)
    return jwt.encode(dict(head), kept, key, registry=registry)


def by_hand(header: object, payload: object, signature: bytes = b"x") -> str:
    parts = [json.dumps(header).encode(), json.dumps(payload).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def test_a_professional_is_who_the_token_says(setting: Setting) -> None:
    assert setting.verify(token()) == Caller(
        kind=CallerKind.PROFESSIONAL,
        name="Docteur Inès Essai",
        identifier=Identifier(OID_PROFESSIONAL, "899700000000"),
        profession="G15_10/SM26",
        sector="SA07",
        software="logiciel-essai",
        scopes=frozenset({"user/DocumentReference.rs"}),
    )


def test_rs256_and_a_list_of_audiences_pass_too(setting: Setting) -> None:
    made = token({"aud": ["https://other.example", AUDIENCE]}, {"alg": "RS256", "kid": "rsa"}, RSA)
    assert setting.verify(made).kind is CallerKind.PROFESSIONAL


def test_purpose_and_reason_come_with_the_token(setting: Setting) -> None:
    caller = setting.verify(
        token({"carnet_purpose": "break-glass", "carnet_reason": "Patient inconscient"})
    )
    assert (caller.purpose, caller.reason) == (Purpose.BREAK_GLASS, "Patient inconscient")


@pytest.mark.parametrize("typ", ["at+jwt", "AT+JWT", "application/at+jwt"])
def test_spellings_of_the_type(setting: Setting, typ: str) -> None:
    assert setting.verify(token(header={"typ": typ})).kind is CallerKind.PROFESSIONAL


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"iss": "https://issuer.example/"}, "token-foreign-issuer"),
        ({"iss": "https://evil.example"}, "token-foreign-issuer"),
        ({"aud": "https://carnet.example"}, "token-audience"),
        ({"aud": []}, "token-audience"),
        ({"exp": NOW - 30}, "token-expired"),
        ({"nbf": NOW + 31}, "token-not-yet-valid"),
        ({"iat": NOW + 31}, "token-not-yet-valid"),
        ({"exp": "-"}, "token-claim"),
        ({"iat": "-"}, "token-claim"),
        ({"jti": "-"}, "token-claim"),
        ({"sub": "-"}, "token-claim"),
        ({"client_id": "-"}, "token-claim"),
        ({"aud": "-"}, "token-claim"),
        ({"iss": "-"}, "token-claim"),
        ({"carnet_caller": "-"}, "token-claim"),
        ({"exp": str(NOW + 300)}, "token-claim"),
        ({"exp": True}, "token-claim"),
        ({"exp": None}, "token-claim"),
        ({"jti": ""}, "token-claim"),
        ({"client_id": "a\x00b"}, "token-claim"),
        ({"scope": 'a"b'}, "token-claim"),
        ({"scope": "a  b"}, "token-claim"),
        ({"carnet_purpose": "curiosity"}, "token-claim"),
        ({"carnet_reason": "two\nlines"}, "token-claim"),
        ({"carnet_reason": "x" * 501}, "token-claim"),
    ],
)
def test_claims_that_are_refused(setting: Setting, claims: dict[str, object], code: str) -> None:
    assert setting.refusal(token(claims)) == code


@pytest.mark.parametrize(
    "claims", [{"exp": NOW - 29}, {"nbf": NOW + 30}, {"iat": NOW + 30}, {"exp": 1e308}]
)
def test_clocks_may_differ_by_thirty_seconds(setting: Setting, claims: dict[str, object]) -> None:
    assert setting.verify(token(claims)).kind is CallerKind.PROFESSIONAL


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({"typ": "JWT"}, "token-type"),
        ({"typ": "-"}, "token-type"),
        ({"kid": "-"}, "token-claim"),
        ({"kid": "other"}, "token-key-unknown"),
        ({"kid": "../../etc/passwd"}, "token-key-unknown"),
        ({"kid": "' OR 1=1 --"}, "token-key-unknown"),
        ({"kid": "rsa"}, "token-algorithm"),
        ({"jku": "https://evil.example/jwks"}, "token-header"),
        ({"jwk": EC.as_dict(private=False)}, "token-header"),
        ({"x5u": "https://evil.example/cert"}, "token-header"),
        ({"x5c": ["MIIB"]}, "token-header"),
    ],
)
def test_headers_that_are_refused(setting: Setting, header: dict[str, object], code: str) -> None:
    assert setting.refusal(token(header=header)) == code


def test_a_critical_extension_is_refused(setting: Setting) -> None:
    header = {**HEADER, "crit": ["exp"], "exp": NOW}
    assert setting.refusal(by_hand(header, CLAIMS)) == "token-header"


@pytest.mark.parametrize("alg", ["none", "None", "nOnE", "HS256", "ES384", "PS256", "EdDSA", ""])
def test_only_the_two_algorithms_exist(setting: Setting, alg: str) -> None:
    assert setting.refusal(by_hand({**HEADER, "alg": alg}, CLAIMS)) == "token-algorithm"


def test_an_unsigned_token_is_no_token(setting: Setting) -> None:
    assert setting.refusal(by_hand({**HEADER, "alg": "none"}, CLAIMS, b"")) == "token-malformed"


def test_a_public_key_is_not_taken_for_a_shared_secret(setting: Setting) -> None:
    secret = RSA.as_pem(private=False)
    signed = by_hand({**HEADER, "alg": "HS256", "kid": "rsa"}, CLAIMS).rpartition(".")[0]
    mac = hmac.digest(secret, signed.encode(), "sha256")
    forged = f"{signed}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"
    assert setting.refusal(forged) == "token-algorithm"


def test_an_issuer_that_signs_otherwise_than_agreed() -> None:
    strict = Setting(algorithms=("ES256",))
    made = token(header={"alg": "RS256", "kid": "rsa"}, key=RSA)
    assert strict.refusal(made) == "token-algorithm"


def test_a_key_of_somebody_else(setting: Setting) -> None:
    assert setting.refusal(token(key=ECKey.generate_key("P-256"))) == "token-invalid"


def test_a_key_of_another_issuer_does_not_help() -> None:
    clock = Clock()
    other = ECKey.generate_key("P-256")
    issuers = [
        TrustedIssuer(ISS, AUDIENCE, KeySource(lambda: jwks(ec=EC), clock)),
        TrustedIssuer("https://b.example", AUDIENCE, KeySource(lambda: jwks(b=other), clock)),
    ]
    verifier = TokenVerifier(issuers, clock)
    verifier.load()
    with pytest.raises(CarnetError, match="token-key-unknown"):
        verifier.verify_now(token(header={"kid": "b"}, key=other))


def test_no_altered_token_passes(setting: Setting) -> None:
    good = token()
    head, body, signature = good.split(".")
    assert setting.refusal(f"{head}.{body}.{signature[:-8]}AAAAAAAA") == "token-invalid"
    changed = by_hand(HEADER, {**CLAIMS, "sub": "someone-else"}).split(".")[1]
    assert setting.refusal(f"{head}.{changed}.{signature}") == "token-invalid"
    assert setting.verify(good).kind is CallerKind.PROFESSIONAL


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "token-malformed"),
        ("a.b", "token-malformed"),
        ("a.b.c.d.e", "token-malformed"),
        ("é.é.é", "token-malformed"),
        ("\ud800.a.b", "token-malformed"),
        ("a b.c.d", "token-malformed"),
        ("..", "token-malformed"),
        ("A.A.A", "token-malformed"),
        ("x" * (SIZE_LIMIT + 1), "token-too-long"),
    ],
)
def test_what_is_no_token(setting: Setting, text: str, code: str) -> None:
    assert setting.refusal(text) == code


@pytest.mark.parametrize("part", ["[" * 3000, '{"a":' * 1000, "\x00", '"text"', "1e999", "\xff"])
def test_a_header_or_payload_made_to_harm(setting: Setting, part: str) -> None:
    raw = base64.urlsafe_b64encode(part.encode("latin-1")).decode().rstrip("=")
    good = token().split(".")
    assert setting.refusal(f"{raw}.{good[1]}.x") == "token-malformed"
    assert setting.refusal(f"{good[0]}.{raw}.x") in ("token-malformed", "token-claim")


def test_deep_nesting_beside_the_claims(setting: Setting) -> None:
    payload = json.dumps(CLAIMS)[:-1] + ', "x": ' + "[" * 2000 + "]" * 2000 + "}"
    raw = base64.urlsafe_b64encode(payload.encode()).decode().rstrip("=")
    head = token().split(".")[0]
    assert setting.refusal(f"{head}.{raw}.x") == "token-malformed"


@given(text=st.text(max_size=200))
def test_no_text_brings_anything_but_a_refusal(text: str) -> None:
    with pytest.raises(CarnetError, match="token-"):
        SHARED.verifier.verify_now(text)


@given(part=st.integers(0, 2), at=st.integers(0, 10_000), to=st.sampled_from("AZaz09-_"))
def test_no_changed_character_goes_unseen(part: int, at: int, to: str) -> None:
    parts = GOOD.split(".")
    index = at % (len(parts[part]) - 1)  # the last character may hold bits that mean nothing
    changed = parts[part][:index] + to + parts[part][index + 1 :]
    if changed == parts[part]:
        assert SHARED.verifier.verify_now(GOOD).kind is CallerKind.PROFESSIONAL
        return
    parts[part] = changed
    with pytest.raises(CarnetError, match="token-"):
        SHARED.verifier.verify_now(".".join(parts))


def test_a_known_token_is_not_verified_twice(setting: Setting) -> None:
    made = token()
    assert setting.verify(made) is setting.verify(made)


def test_a_known_token_still_expires(setting: Setting) -> None:
    made = token()
    setting.verify(made)
    setting.clock.now = NOW + 300 + 29
    setting.verify(made)
    setting.clock.now = NOW + 300 + 30
    assert setting.refusal(made) == "token-expired"


def test_known_tokens_are_bounded(setting: Setting) -> None:
    verifier = setting.verifier
    verifier.verify_now(token())
    known = next(iter(verifier._verified.values()))
    for number in range(CACHE_SIZE + 10):
        verifier._keep(str(number), known)
    assert len(verifier._verified) == CACHE_SIZE


def test_a_new_key_is_fetched_when_a_token_names_it(setting: Setting) -> None:
    fresh = ECKey.generate_key("P-256")
    made = token(header={"kid": "fresh"}, key=fresh)
    setting.published = jwks(ec=EC, fresh=fresh)
    setting.clock.now += 10
    assert setting.verify(made).kind is CallerKind.PROFESSIONAL
    assert setting.readings == 2


def test_invented_key_ids_do_not_make_the_issuer_asked_without_end(setting: Setting) -> None:
    for number in range(50):
        assert setting.refusal(token(header={"kid": f"invented-{number}"})) == "token-key-unknown"
    assert setting.readings == 1
    setting.clock.now += 10
    for number in range(50):
        assert setting.refusal(token(header={"kid": f"invented-{number}"})) == "token-key-unknown"
    assert setting.readings == 2


def test_a_withdrawn_key_stops_being_believed(setting: Setting) -> None:
    made = token({"exp": NOW + 7200})
    setting.verify(made)
    setting.published = jwks(rsa=RSA)
    setting.clock.now += 601
    assert setting.refusal(made) == "token-key-unknown"


def test_keys_at_hand_stay_good_for_a_day_when_the_issuer_is_away(setting: Setting) -> None:
    def away() -> bytes:
        raise OSError("unreachable")

    setting.verifier._issuers[ISS].keys._read = away
    setting.clock.now += 86_400
    assert setting.verify(token({"iat": NOW, "exp": NOW + 100_000})).kind is CallerKind.PROFESSIONAL
    assert setting.told == [None, "token-keys-unreadable"]
    setting.clock.now += 1
    assert setting.refusal(token({"iat": NOW, "exp": NOW + 100_001})) == "token-key-unknown"


def refused_caller(change: Callable[[dict[str, object]], object]) -> tuple[str, object]:
    claim: dict[str, object] = dict(DOCTOR)
    change(claim)
    with pytest.raises(CarnetError) as raised:
        SHARED.verifier.verify_now(token({"carnet_caller": claim}))
    return raised.value.code, raised.value.params.get("claim")


@pytest.mark.parametrize(
    ("change", "claim"),
    [
        ({"kind": "operator"}, "carnet_caller.kind"),
        ({"kind": "machine"}, "carnet_caller.kind"),
        ({"kind": "Professional"}, "carnet_caller.kind"),
        ({"identifier": None}, "carnet_caller.identifier"),
        ({"profession": None}, "carnet_caller.profession"),
        ({"profession": "doctor!"}, "carnet_caller.profession"),
        ({"sector": "SA 07"}, "carnet_caller.sector"),
        ({"ins": INS}, "carnet_caller.ins"),
        ({"on_behalf_of": INS}, "carnet_caller.on_behalf_of"),
        ({"identifier": INS}, "carnet_caller.identifier"),
        ({"name": "a\tb"}, "carnet_caller.name"),
        ({"name": "x" * 201}, "carnet_caller.name"),
        ({"structure": INS}, "carnet_caller.structure"),
        ({"kind": "citizen"}, "carnet_caller.ins"),
        ({"kind": "structure"}, "carnet_caller.structure"),
    ],
)
def test_callers_that_do_not_fit(change: dict[str, object], claim: str) -> None:
    assert refused_caller(lambda caller: caller.update(change)) == ("token-caller", claim)


@pytest.mark.parametrize(
    "change",
    [
        {"role": "admin"},
        {"identifier": "899700000000"},
        {"identifier": {"value": "1"}},
        {"kind": 1},
    ],
)
def test_a_caller_of_another_form(change: dict[str, object]) -> None:
    code, claim = refused_caller(lambda caller: caller.update(change))
    assert code == "token-claim"
    assert str(claim).startswith("carnet_caller")


@pytest.mark.parametrize(
    "ins",
    [
        {**INS, "value": "27903512151898"},
        {**INS, "value": "27903512151898é"},
        {**INS, "system": "urn:oid:1.2.250.1.213.1.4.13"},
        {**INS, "system": "https://ins.example"},
    ],
)
def test_a_citizen_without_a_sound_ins(setting: Setting, ins: dict[str, str]) -> None:
    claim = {"kind": "citizen", "ins": ins}
    assert setting.refusal(token({"carnet_caller": claim})) == "token-caller"


def test_a_representative_acts_for_another(setting: Setting) -> None:
    child = {**INS, "value": "121035121518958"}
    claim = {"kind": "citizen", "ins": INS, "on_behalf_of": child}
    caller = setting.verify(token({"carnet_caller": claim}))
    assert caller.ins == Ins("279035121518989", OID_INS_NIR_TEST)
    assert caller.on_behalf_of == Ins("121035121518958", OID_INS_NIR_TEST)


SHARED = Setting()
GOOD = token()
