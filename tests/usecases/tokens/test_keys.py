from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from joserfc.jwk import ECKey, OKPKey, RSAKey

from carnet.record.errors import CarnetError
from carnet.usecases.tokens.keys import KEYS_LIMIT, SIZE_LIMIT, fetch, key_source, parse_jwks

EC = ECKey.generate_key("P-256").as_dict(private=False)
RSA = RSAKey.generate_key(2048).as_dict(private=False)


def listed(*keys: Mapping[str, object]) -> bytes:
    return json.dumps({"keys": keys}).encode()


def test_the_two_kinds_of_key_are_read() -> None:
    keys = parse_jwks(listed({**EC, "kid": "e", "use": "sig"}, {**RSA, "kid": "r", "alg": "RS256"}))
    assert {kid: key.algorithm for kid, key in keys.items()} == {"e": "ES256", "r": "RS256"}


@pytest.mark.parametrize(
    "key",
    [
        {**EC},
        {**EC, "kid": "x", "use": "enc"},
        {**EC, "kid": "x", "alg": "ES384"},
        {**EC, "kid": "x", "key_ops": ["sign"]},
        {**EC, "kid": "x", "x": "AAAA"},
        {**EC, "kid": "x", "y": EC["x"]},
        {**EC, "kid": "x", "crv": "P-521"},
        {**RSA, "kid": "x", "alg": "PS256"},
        {**RSA, "kid": "x", "n": "AQAB"},
        {**ECKey.generate_key("P-384").as_dict(private=False), "kid": "x"},
        {**OKPKey.generate_key("Ed25519").as_dict(private=False), "kid": "x"},
        {"kty": "oct", "k": "c2VjcmV0", "kid": "x"},
    ],
)
def test_keys_of_no_use_here_are_left_out(key: dict[str, object]) -> None:
    assert set(parse_jwks(listed(key, {**RSA, "kid": "good"}))) == {"good"}


def test_a_short_rsa_key_is_left_out() -> None:
    short = {"kty": "RSA", "n": "w" * 171, "e": "AQAB", "kid": "short"}  # 1,026 bits
    assert parse_jwks(listed(short)) == {}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not a JWKS"),
        (b"[]", "not a JWKS"),
        (b"\xff", "not a JWKS"),
        (b'{"keys": "x"}', "not a JWKS"),
        (b'{"keys": ' + b"[" * 100_000, "not a JWKS"),
        (listed({**EC, "kid": "a"}, {**RSA, "kid": "a"}), "two keys"),
        (listed({**EC, "kid": "a", "d": "AQ"}), "private key"),
        (listed(*[{**EC, "kid": str(number)} for number in range(KEYS_LIMIT + 1)]), "more than"),
    ],
)
def test_what_is_no_set_of_keys(data: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_jwks(data)


def test_keys_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_bytes(listed({**EC, "kid": "a"}))
    source = key_source(str(file), lambda: 0.0)
    assert source.is_due("a")
    assert source.refresh()
    assert not source.refresh()
    assert source.find("a") is not None
    assert source.find("b") is None


def test_a_file_that_goes_keeps_the_keys_at_hand(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_bytes(listed({**EC, "kid": "a"}))
    source = key_source(str(file), lambda: 0.0)
    source.refresh()
    file.unlink()
    with pytest.raises(CarnetError, match="token-keys-unreadable"):
        source.refresh()
    assert source.find("a") is not None


class Issuer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/jwks")
            self.end_headers()
            return
        found = self.path in ("/jwks", "/long")
        self.send_response(200 if found else 404)
        self.end_headers()
        body = b"x" * (SIZE_LIMIT + 1) if self.path == "/long" else listed({**EC, "kid": "a"})
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Issuer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_keys_from_an_address(address: str) -> None:
    source = key_source(f"{address}/jwks", lambda: 0.0)
    assert source.refresh()
    assert source.find("a") is not None


@pytest.mark.parametrize(
    ("path", "words"), [("/moved", "302"), ("/absent", "404"), ("/long", "longer than")]
)
def test_an_address_that_gives_no_keys(address: str, path: str, words: str) -> None:
    source = key_source(address + path, lambda: 0.0)
    with pytest.raises(CarnetError, match="token-keys-unreadable") as raised:
        source.refresh()
    assert words in str(raised.value.params["detail"])


def test_an_address_where_nobody_answers(address: str) -> None:
    gone = address.rsplit(":", 1)[0] + ":1"
    with pytest.raises(OSError, match="refused"):
        fetch(gone)
