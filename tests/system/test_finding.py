"""Finding and reading over HTTP (ITI-67, ITI-68): pages, types, versions of an answer."""

from __future__ import annotations

import base64

from tests.system.checks import ids, refused
from tests.system.documents import letter
from tests.system.people import (
    ENDOCRINOLOGIST,
    GENERALIST,
    citizen,
)
from tests.system.scenes import grant
from tests.system.server import FHIR, Node


def test_finding_by_get_and_by_form_gives_the_same(node: Node) -> None:
    who = citizen()
    record = node.open_for(who)
    node.feed(letter(who, GENERALIST, title="Première"))
    node.feed(letter(who, GENERALIST, title="Seconde"))
    own = node.acting(who)
    by_get = own.find(who, status="current")
    by_form = own.form(
        "DocumentReference/_search", **{"patient.identifier": who.token, "status": "current"}
    )
    assert by_get.content == by_form.content
    assert by_get.json()["total"] == 2
    by_id = own.get("DocumentReference", patient=f"Patient/{record}")
    assert ids(by_id) == ids(by_get)


def test_pages_are_linked_and_bound_to_who_asked(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    fed = {node.feed(letter(who, GENERALIST))["id"] for _ in range(5)}
    own = node.acting(who)
    seen: list[str] = []
    page = own.find(who, _count="2")
    while True:
        seen += ids(page)
        links = {link["relation"]: link["url"] for link in page.json()["link"]}
        if "next" not in links:
            break
        page = own.request("GET", links["next"])
    assert set(seen) == fed
    assert len(seen) == 5
    grant(node, who, ENDOCRINOLOGIST)
    stolen = {link["relation"]: link["url"] for link in own.find(who, _count="2").json()["link"]}
    refused(node.acting(ENDOCRINOLOGIST).request("GET", stolen["next"]), 400, "cursor-invalid")


def test_a_document_comes_back_as_it_was_and_is_not_sent_twice(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    one = letter(who, GENERALIST, title="Été / 2026: «résumé»")
    url = node.feed(one)["content"][0]["attachment"]["url"]
    own = node.acting(who)
    got = own.get(url, headers={"accept": "text/xml"})
    assert (got.status_code, got.content) == (200, one.data)
    assert got.headers["content-type"] == "text/xml"
    assert "attachment" in got.headers["content-disposition"]
    assert "/" not in got.headers["content-disposition"].split("filename*")[0]
    tag = got.headers["etag"]
    unchanged = own.get(url, headers={"accept": "*/*", "if-none-match": tag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    other = own.get(url, headers={"accept": "*/*", "if-none-match": '"other"'})
    assert other.status_code == 200
    head = own.request("HEAD", url, headers={"accept": "*/*"})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(one.data))
    assert head.headers["etag"] == tag


def test_a_document_as_a_resource_and_in_no_other_type(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    one = letter(who, GENERALIST)
    stored = node.feed(one)
    url = stored["content"][0]["attachment"]["url"]
    own = node.acting(who)
    got = own.get(url, headers={"accept": FHIR})
    binary = got.json()
    assert base64.b64decode(binary["data"]) == one.data
    assert binary["contentType"] == "text/xml"
    assert binary["securityContext"]["reference"].endswith(f"DocumentReference/{stored['id']}")
    assert own.get(url, _format="json").json() == binary
    both = own.get(url, headers={"accept": "application/fhir+json;q=0.5, application/xml"})
    assert both.content == one.data
    refused(own.get(url, headers={"accept": "application/pdf"}), 406, "not-acceptable")
