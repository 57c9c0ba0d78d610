"""The scripted lives: they hold together on any day, and their documents say what is true."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections import Counter
from datetime import date, datetime
from functools import cache

import msgspec
import pytest

from carnet.formats.cda import read_cda
from carnet.formats.cda.metadata import entry_of
from carnet.population.callers import ins_at
from carnet.population.making import Made, make_scripted, scripted_keys
from carnet.population.model import Letter, Life
from carnet.population.rules import contradictions
from carnet.population.scripts.cast import cast
from carnet.population.scripts.resolving import scripted_life
from carnet.record.access.model import RelationKind
from carnet.record.document import AuthorKind, DocumentEntry
from carnet.record.errors import Notice
from carnet.record.identity import OID_INS_NIA, OID_INS_NIR_TEST, Traits, has_right_key
from carnet.record.lifecycle import RecordState

TODAY = date(2026, 11, 25)
# Leap days, ends of months and weekends move what is counted from the day of the demo.
DAYS = [TODAY, date(2027, 3, 1), date(2028, 2, 29), date(2026, 12, 31)]
KEYS = scripted_keys()


@cache
def made(key: str) -> Made:
    """A life with its documents, made once for these tests."""
    return make_scripted(key, TODAY)


@cache
def lives() -> dict[str, Life]:
    return {key: scripted_life(key, TODAY) for key in KEYS}


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("key", KEYS)
def test_a_life_holds_together(key: str, day: date) -> None:
    found = contradictions(scripted_life(key, day), cast(day), day)
    assert [str(one) for one in found] == []


def read_back(xml: bytes) -> tuple[DocumentEntry, tuple[Notice, ...]]:
    sha1 = hashlib.sha1(xml, usedforsecurity=False).hexdigest()
    return entry_of(read_cda(xml), sha1, hashlib.sha256(xml).hexdigest(), len(xml))


@pytest.mark.parametrize("key", KEYS)
def test_documents_say_what_is_true(key: str) -> None:
    """Every metadata item that a CDA header states equals the truth, without a warning."""
    life, truth = made(key).life, made(key).truth
    assert [one.key for one in truth.documents] == [one.key for one in made(key).written]
    by_key = {one.key: one for one in truth.documents}
    for written in made(key).written:
        entry, warnings = read_back(written.xml)
        true = by_key[written.key]
        document = life.document(written.key)
        assert document is not None
        assert warnings == (), written.key
        assert entry.unique_id == true.unique_id
        assert (entry.type.system, entry.type.code) == (true.type.system, true.type.code)
        assert entry.title == true.title
        assert entry.size == true.size
        assert entry.format is not None
        created = datetime.fromisoformat(entry.creation_time)
        assert created == datetime.fromisoformat(true.created)
        shown = document if document.copy_of is None else life.document(document.copy_of)
        assert shown is not None
        assert entry.patient == ins_at(life.person, shown.at)
        assert entry.source_patient == _as_written(life.person.traits)
        replaced = by_key[true.replaces].unique_id if true.replaces else None
        assert entry.replaces == replaced
        _check_author(entry, shown.author, life)


def _as_written(traits: Traits) -> Traits:
    """A header names the used name too, the birth name where there is no other."""
    return msgspec.structs.replace(
        traits,
        used_family=traits.used_family or traits.birth_family,
        used_given=traits.used_given or traits.first_given,
    )


def _check_author(entry: DocumentEntry, author: str, life: Life) -> None:
    stated = entry.authors[0]
    professional = cast(TODAY).professional(author)
    if professional is not None:
        assert stated.identifier == professional.identifier
    elif author == "insurance":
        assert stated.kind is AuthorKind.DEVICE
    else:
        assert author == life.person.key
        assert stated.kind is AuthorKind.PATIENT


def test_every_identifier_is_its_own() -> None:
    unique = [one.unique_id for key in KEYS for one in made(key).written]
    assert len(unique) == len(set(unique))
    matricules = [life.person.ins.matricule for life in lives().values()]
    assert len(matricules) == len(set(matricules))
    for life in lives().values():
        for ins in (life.person.ins, life.person.later_ins):
            assert ins is None or has_right_key(ins)
            assert ins is None or ins.oid in (OID_INS_NIR_TEST, OID_INS_NIA)


def test_the_lives_that_were_asked_for() -> None:
    """Each story that the demo needs is there, told at the length it needs."""
    everyone = lives().values()
    states = Counter(life.person.record for life in everyone)
    assert states[RecordState.OPPOSED]
    assert states[RecordState.CLOSED]
    assert any(life.person.died for life in everyone)
    assert any(life.person.later_ins for life in everyone)
    opened_but_empty = [
        life for life in everyone if life.person.record is RecordState.OPEN and not life.documents
    ]
    assert opened_but_empty
    assert any(len(life.documents) >= 100 for life in everyone)
    kinds = {episode.kind for life in everyone for episode in life.episodes}
    assert {"chronic", "pregnancy", "act", "stay", "childhood"} <= kinds
    ties = {tie.kind for life in everyone for tie in life.ties}
    assert {
        RelationKind.AUTHORISATION,
        RelationKind.BLOCK,
        RelationKind.DELEGATE,
        RelationKind.JUDGMENT,
    } <= ties
    documents = [one for life in everyone for one in life.documents]
    assert any("INVISIBLE_REPRESENTANTS_LEGAUX" in one.visibility for one in documents)
    assert any("INVISIBLE_PATIENT" in one.visibility for one in documents)
    assert any(one.hidden for one in documents)
    assert any(one.replaces for one in documents)
    assert any(one.copy_of for one in documents)
    assert any(isinstance(one.content, Letter) and one.content.scan for one in documents)
    assert 500 <= len(documents) <= 1000


@pytest.mark.slow
def test_the_same_day_gives_the_same_bytes_in_another_process() -> None:
    key = max(KEYS, key=lambda k: len(lives()[k].documents) < 60 and len(lives()[k].documents))
    code = (
        "import hashlib, msgspec; from datetime import date;"
        "from carnet.population.making import make_scripted;"
        f"m = make_scripted({key!r}, date({TODAY.year}, {TODAY.month}, {TODAY.day}));"
        "h = hashlib.sha256(msgspec.json.encode(m.truth));"
        "[h.update(w.xml) for w in m.written]; print(h.hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin", "TZ": zone},
            capture_output=True,
            check=True,
            text=True,
            timeout=120,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "America/Cayenne"))
    }
    assert len(found) == 1
