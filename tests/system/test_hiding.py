"""Hiding and showing over HTTP (TD3.3a, TD3.3b): who sees what is left."""

from __future__ import annotations

import msgspec

from tests.system.checks import faceless, ids, refused
from tests.system.documents import hiding, letter
from tests.system.people import (
    ENDOCRINOLOGIST,
    GENERALIST,
    NURSE,
    PSYCHIATRIST,
    citizen,
)
from tests.system.scenes import grant, masked
from tests.system.server import Node


def test_hiding_gives_a_new_id_and_the_old_one_leads_to_it(node: Node) -> None:
    who, _, stored = masked(node)
    own = node.acting(who)
    (current,) = ids(own.find(who))
    assert current != stored["id"]
    by_old = own.get(f"DocumentReference/{stored['id']}")
    assert by_old.status_code == 200
    assert by_old.json()["id"] == current
    assert by_old.headers["content-location"] == f"{node.base}/DocumentReference/{current}"
    by_new = own.get(f"DocumentReference/{current}")
    assert by_new.json() == by_old.json()
    codes = [label["coding"][0]["code"] for label in by_new.json()["securityLabel"]]
    assert set(codes) == {"N", "MASQUE_PS"}
    assert ids(own.get("DocumentReference", _id=stored["id"])) == [current]
    assert (
        by_new.json()["content"][0]["attachment"]["url"]
        == stored["content"][0]["attachment"]["url"]
    )


def test_who_still_sees_a_hidden_document_and_who_does_not(node: Node) -> None:
    who, _, stored = masked(node)
    url = stored["content"][0]["attachment"]["url"]
    for caller in (who, GENERALIST, PSYCHIATRIST):
        client = node.acting(caller)
        assert len(ids(client.find(who))) == 1
        assert client.get(url, headers={"accept": "*/*"}).status_code == 200
    other = node.acting(ENDOCRINOLOGIST)
    assert ids(other.find(who)) == []
    refused(other.get(f"DocumentReference/{stored['id']}"), 404, "document-absent")
    refused(other.get(url, headers={"accept": "*/*"}), 404, "document-absent")


def test_with_and_without_a_hidden_document_others_receive_the_same_bytes(node: Node) -> None:
    who, _, stored = masked(node)
    without = citizen()
    node.open_for(without)
    grant(node, without, ENDOCRINOLOGIST)
    other = node.acting(ENDOCRINOLOGIST)
    queries: list[dict[str, str]] = [
        {},
        {"status": "current,superseded"},
        {"_summary": "count"},
        {"_count": "1"},
        {"security-label": "MASQUE_PS"},
        {"_id": stored["id"]},
        {"author.family": "GARRIGUE"},
        {"_sort": "_lastUpdated"},
    ]
    for query in queries:
        one, two = other.find(who, **query), other.find(without, **query)
        assert one.status_code == two.status_code == 200
        names = (who.ins.matricule, without.ins.matricule)
        assert faceless(one, *names) == faceless(two, *names), query
    for header in ("last-modified", "etag"):
        assert header not in other.find(who).headers


def test_hiding_by_unique_id_and_showing_again(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    grant(node, who, ENDOCRINOLOGIST)
    one = letter(who, GENERALIST)
    node.feed(one)
    own, other = node.acting(who), node.acting(ENDOCRINOLOGIST)
    where = f"DocumentReference?identifier=urn:ietf:rfc:3986|urn:oid:{one.unique_id}"
    hidden = own.patch(where, hiding())
    assert hidden.status_code == 200
    assert ids(other.find(who)) == []
    refused(other.patch(where, hiding("N")), 404, "document-absent")
    shown = own.patch(where, hiding("N"))
    assert shown.status_code == 200
    assert len({hidden.json()["id"], shown.json()["id"]}) == 2
    assert ids(other.find(who)) == [shown.json()["id"]]
    nothing = own.patch(where.replace("2.25.", "2.25.9"), hiding())
    refused(nothing, 404, "document-absent")


def test_a_change_of_a_version_that_has_passed_is_refused(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    stored = node.feed(letter(who, GENERALIST))
    own = node.acting(who)
    path = f"DocumentReference/{stored['id']}"
    refused(own.patch(path, hiding(), if_match='W/"7"'), 412, "version-mismatch")
    tag = own.get(path).headers["etag"]
    assert own.patch(path, hiding(), if_match=tag).status_code == 200
    refused(own.patch(path, hiding("N"), if_match=tag), 412, "version-mismatch")


def test_what_the_caller_may_read_but_not_change_is_refused_as_such(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    grant(node, who, ENDOCRINOLOGIST)
    stored = node.feed(letter(who, GENERALIST))
    response = node.acting(ENDOCRINOLOGIST).patch(
        f"DocumentReference/{stored['id']}", hiding("INVISIBLE_PATIENT")
    )
    refused(response, 403, "not-entitled")


def test_what_waits_for_its_announcement_is_not_there_for_the_citizen(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    grant(node, who, ENDOCRINOLOGIST)
    labels = hiding("INVISIBLE_PATIENT")[0]["value"]
    response = node.acting(GENERALIST).submit(letter(who, GENERALIST), securityLabel=[labels])
    assert response.status_code == 201, response.text
    stored = response.json()
    own = node.acting(who)
    assert ids(own.find(who)) == []
    refused(own.get(f"DocumentReference/{stored['id']}"), 404, "document-absent")
    assert len(ids(node.acting(ENDOCRINOLOGIST).find(who))) == 1
    said = own.get("AuditEvent", **{"patient.identifier": who.token}).text
    assert stored["id"] not in said
    assert "submit" not in said, "the feeding of what waits is not in the citizen's history yet"
    shown = node.acting(GENERALIST).patch(f"DocumentReference/{stored['id']}", hiding("N"))
    assert shown.status_code == 200
    assert len(ids(own.find(who))) == 1


def test_the_matrix_decides_which_types_a_profession_finds(node: Node) -> None:
    from tests.system.documents import WISHES

    who = citizen()
    node.open_for(who)
    report = node.feed(letter(who, GENERALIST))
    wishes = node.feed(letter(who, GENERALIST, kind=WISHES))
    for reader in (ENDOCRINOLOGIST, NURSE):
        grant(node, who, reader)
    assert set(ids(node.acting(ENDOCRINOLOGIST).find(who))) == {report["id"], wishes["id"]}
    assert ids(node.acting(NURSE).find(who)) == [report["id"]]
    refused(node.acting(NURSE).get(f"DocumentReference/{wishes['id']}"), 404, "document-absent")


def test_a_colleague_of_the_author_hides_from_the_patient_and_is_shown_nothing(node: Node) -> None:
    who, _, stored = masked(node)
    colleague = node.acting(
        msgspec.structs.replace(ENDOCRINOLOGIST, structure=GENERALIST.structure)
    )
    path = f"DocumentReference/{stored['id']}"
    refused(colleague.get(path), 404, "document-absent")
    done = colleague.patch(path, hiding("INVISIBLE_PATIENT"))
    assert (done.status_code, done.content) == (200, b"")
    assert done.headers["content-location"] != f"{node.base}/{path}"
    assert ids(node.acting(who).find(who)) == []
    refused(colleague.get(path), 404, "document-absent")
