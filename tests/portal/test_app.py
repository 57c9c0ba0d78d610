"""What every answer of the portals has in common, and what requests get that go wrong."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator

import httpx2
import pytest
import zstandard

from carnet.portal.headers import POLICY
from tests.portal.served import PLACES
from tests.system.durability.server import until

FRENCH = {"accept-language": "fr-FR,fr;q=0.9,en;q=0.5"}
ENGLISH = {"accept-language": "en-GB,en;q=0.9,fr;q=0.5"}


@pytest.fixture
def client(site: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=site, trust_env=False, headers=FRENCH) as client:
        yield client


def stylesheet(client: httpx2.Client) -> str:
    found = re.search(r'href="(/static/\w+/carnet\.css)"', client.get("/").text)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("path", ["/", "/design", "/affichage", "/accessibilite", "/nulle-part"])
def test_every_page_says_what_it_may_load_and_is_kept_by_nobody(
    client: httpx2.Client, path: str
) -> None:
    headers = client.get(path).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "geolocation=()" in headers["permissions-policy"]


def test_a_page_that_is_not_there_says_so_in_both_languages(client: httpx2.Client) -> None:
    french, english = client.get("/nulle-part"), client.get("/nulle-part", headers=ENGLISH)
    assert (french.status_code, english.status_code) == (404, 404)
    assert "n’existe pas" in french.text
    assert "does not exist" in english.text
    assert re.search(r"<code>[2-9A-Z]{10}</code>", french.text)  # the reference


def test_a_method_that_a_page_does_not_have_is_refused(client: httpx2.Client) -> None:
    own = {"origin": str(client.base_url).rstrip("/")}
    assert client.post("/", headers=own).status_code == 405
    assert client.get("/").status_code == client.head("/").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://ailleurs.example"},
        {"origin": "null"},
        {"origin": "own", "sec-fetch-site": "cross-site"},
        {"origin": "own", "sec-fetch-site": "same-site"},
        {"origin": "null", "sec-fetch-site": "none"},
        {"origin": "https://ailleurs.example", "sec-fetch-site": "same-origin"},
    ],
    ids=["no origin", "another", "opaque", "cross-site", "same-site", "none", "contradiction"],
)
def test_a_form_that_another_site_sends_changes_nothing(
    client: httpx2.Client, headers: dict[str, str]
) -> None:
    own = str(client.base_url).rstrip("/")
    sent = {name: own if value == "own" else value for name, value in headers.items()}
    answer = client.post("/affichage", data={"theme": "dark"}, headers=sent)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_what_a_person_chooses_is_kept_and_seen(client: httpx2.Client) -> None:
    own = {"origin": str(client.base_url).rstrip("/"), "sec-fetch-site": "same-origin"}
    chosen = {"theme": "dark", "lang": "en", "shortcuts": "off"}
    answer = client.post("/affichage", data=chosen, headers=own)
    assert (answer.status_code, answer.headers["location"]) == (303, "/affichage?enregistre")
    cookies = answer.headers.get_list("set-cookie")
    assert all("HttpOnly" in cookie and "SameSite=lax" in cookie for cookie in cookies)
    page = client.get("/affichage?enregistre").raise_for_status().text
    assert '<html lang="en" data-density="calm" data-theme="dark" data-shortcuts="off">' in page


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"theme=mauve", "application/x-www-form-urlencoded", 422),
        (b"theme=dark&theme=light", "application/x-www-form-urlencoded", 400),
        (b"theme=%ff", "application/x-www-form-urlencoded", 400),
        (b"\xff=1", "application/x-www-form-urlencoded", 400),
        (b"theme", "application/x-www-form-urlencoded", 400),
        (b"a=1&" * 5000, "application/x-www-form-urlencoded", 400),
        (b"theme=" + b"x" * 70_000, "application/x-www-form-urlencoded", 413),
        (b"{}", "application/json", 400),
    ],
)
def test_a_form_that_cannot_be_meant_is_refused_with_a_page(
    client: httpx2.Client, body: bytes, kind: str, status: int
) -> None:
    own = {"origin": str(client.base_url).rstrip("/"), "content-type": kind}
    answer = client.post("/affichage", content=body, headers=own)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/%00", "/..%2f..%2fetc%2fpasswd", "//design", "/design/", "/%F0%9F%A6%86", "/" * 900]
)
def test_rude_addresses_get_the_page_of_what_is_not_there(client: httpx2.Client, path: str) -> None:
    raw = httpx2.URL(str(client.base_url).rstrip("/") + path)
    answer = client.get(raw)
    assert answer.status_code == 404
    assert answer.headers["content-security-policy"] == POLICY


def test_fhir_is_served_as_ever(client: httpx2.Client) -> None:
    answer = client.get("/fhir/metadata")
    assert answer.json()["resourceType"] == "CapabilityStatement"
    assert "content-security-policy" not in answer.headers


@pytest.mark.parametrize("coding", ["zstd", "gzip", ""])
def test_static_files_are_kept_for_good_and_compressed(client: httpx2.Client, coding: str) -> None:
    plain = client.get(stylesheet(client), headers={"accept-encoding": "identity"})
    answer = client.get(stylesheet(client), headers={"accept-encoding": coding or "br"})
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["vary"] == "accept-encoding"
    assert answer.headers.get("content-encoding", "") == coding
    content = answer.content
    if coding == "zstd" and content != plain.content:  # where the client cannot read it itself
        content = zstandard.ZstdDecompressor().decompress(content)
    assert content == plain.content
    if coding:
        assert int(answer.headers["content-length"]) < len(plain.content) / 3


def test_a_file_of_another_version_is_given_as_it_is_now_and_not_kept(
    client: httpx2.Client,
) -> None:
    now = stylesheet(client)
    before = re.sub(r"/static/\w+/", "/static/0123456789abcdef/", now)
    answer = client.get(before)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert answer.text == client.get(now).text


@pytest.mark.parametrize("name", ["css/base.css", "../app.py", "vendor/icons.json", "", "x"])
def test_only_files_that_pages_load_are_served(client: httpx2.Client, name: str) -> None:
    folder = stylesheet(client).removesuffix("carnet.css")
    assert client.get(folder + name).status_code == 404


def test_a_fault_of_carnet_is_told_without_its_words(served: str) -> None:
    answer = httpx2.get(served + "/fault", trust_env=False, headers=FRENCH)
    assert answer.status_code == 500
    assert "La faute est à Carnet" in answer.text
    assert "a name that no page may show" not in answer.text
    assert answer.headers["content-security-policy"] == POLICY


def test_a_worker_that_has_all_it_can_hold_says_so_at_once(
    served: str,
) -> None:
    with (
        httpx2.Client(base_url=served, trust_env=False, headers=FRENCH) as client,
    ):
        waiting = []
        for _ in range(PLACES):
            waiting.append(socket.create_connection((client.base_url.host, client.base_url.port)))
            waiting[-1].sendall(b"GET /wait HTTP/1.1\r\nhost: x\r\n\r\n")
        until(lambda: client.get("/part").status_code == 503, "a full worker")
        answer = client.get("/part")
        assert answer.headers["retry-after"] == "2"
        for one in waiting:
            one.close()
