"""Feeding a document over HTTP (ITI-105): stored once, replaced by who may."""

from __future__ import annotations

from tests.system.checks import ids, refused
from tests.system.documents import letter
from tests.system.people import (
    ENDOCRINOLOGIST,
    GENERALIST,
    PSYCHIATRIST,
    citizen,
)
from tests.system.scenes import grant
from tests.system.server import Node


def test_feeding_the_same_document_again_changes_nothing(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    one = letter(who, GENERALIST)
    first = node.acting(GENERALIST).submit(one)
    assert first.status_code == 201
    before = node.stored()
    again = node.acting(GENERALIST).submit(one)
    assert again.status_code == 200
    assert again.json() == first.json()
    assert again.headers["location"] == first.headers["location"]
    assert node.stored() == before


def test_another_document_under_the_same_unique_id_is_refused(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    one = letter(who, GENERALIST)
    node.feed(one)
    other = letter(who, GENERALIST, unique_id=one.unique_id, title="Autre chose")
    before = node.stored()
    refused(node.acting(GENERALIST).submit(other), 409, "unique-id-taken")
    assert node.stored() == before


def test_feeding_is_open_to_whoever_may_not_read(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    node.feed(letter(who, PSYCHIATRIST))
    refused(node.acting(ENDOCRINOLOGIST).find(who), 403, "consent-missing")
    assert len(ids(node.acting(PSYCHIATRIST).find(who))) == 1


def test_a_new_version_replaces_the_old_one(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    first = letter(who, GENERALIST)
    old = node.feed(first)
    second = letter(who, GENERALIST, replaces=first.unique_id)
    new = node.feed(second)
    own = node.acting(who)
    assert ids(own.find(who)) == [new["id"]]
    assert ids(own.find(who, status="superseded")) == [old["id"]]
    assert set(ids(own.find(who, status="current,superseded"))) == {old["id"], new["id"]}
    third = letter(who, GENERALIST)
    relates = [{"code": "replaces", "target": {"reference": f"DocumentReference/{old['id']}"}}]
    response = node.acting(GENERALIST).submit(third, relatesTo=relates)
    refused(response, 409, "replaced-not-current", "DocumentReference.relatesTo[0].target")


def test_who_did_not_write_it_does_not_replace_it(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    old = node.feed(letter(who, GENERALIST))
    grant(node, who, ENDOCRINOLOGIST)
    before = node.stored()
    relates = [{"code": "replaces", "target": {"reference": f"DocumentReference/{old['id']}"}}]
    response = node.acting(ENDOCRINOLOGIST).submit(letter(who, ENDOCRINOLOGIST), relatesTo=relates)
    refused(response, 403, "not-entitled")
    assert node.stored() == before


def test_a_citizen_feeds_their_own_record(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    made = node.feed(letter(who, who.caller, kind="EXPPAT_2"))
    assert ids(node.acting(who).find(who)) == [made["id"]]
