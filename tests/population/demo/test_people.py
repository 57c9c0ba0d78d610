"""The demo's people: right keys, numbers that agree with traits, ties that lead somewhere."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from carnet.population.demo import (
    DemoPerson,
    DemoProfessional,
    people,
    professionals,
    relations,
    structures,
)
from carnet.record.access.model import RelationKind
from carnet.record.identity import OID_INS_NIR_TEST, Sex, has_right_key
from carnet.record.lifecycle import RecordState
from carnet.record.structures import is_luhn
from carnet.record.vocabulary import value_set

KEYS = {one.key for one in people()} | {one.key for one in professionals()}


@pytest.mark.parametrize("person", people(), ids=lambda p: p.key)
def test_an_ins_has_the_test_oid_and_a_right_key(person: DemoPerson) -> None:
    assert person.ins.oid == OID_INS_NIR_TEST
    assert has_right_key(person.ins)


@pytest.mark.parametrize("person", people(), ids=lambda p: p.key)
def test_the_number_says_sex_birth_and_birthplace(person: DemoPerson) -> None:
    number, traits = person.ins.matricule, person.traits
    assert number[0] == ("2" if traits.sex is Sex.FEMALE else "1")
    assert number[1:5] == traits.birth_date[2:4] + traits.birth_date[5:7]
    assert number[5:10] == traits.birth_place


@pytest.mark.parametrize("person", people(), ids=lambda p: p.key)
def test_names_are_written_as_strict_traits(person: DemoPerson) -> None:
    traits = person.traits
    assert traits.given_names is not None
    assert traits.given_names.split()[0] == traits.first_given
    for name in (traits.birth_family, traits.given_names, traits.used_family or "X"):
        assert re.fullmatch(r"[A-Z '-]+", name)


def test_keys_and_identifiers_are_unique() -> None:
    assert len(KEYS) == len(people()) + len(professionals())
    identifiers = [p.ins.matricule for p in people()]
    identifiers += [p.identifier.extension for p in professionals()]
    identifiers += [s.identifier.extension for s in structures()]
    assert max(Counter(identifiers).values()) == 1


@pytest.mark.parametrize("professional", professionals(), ids=lambda p: p.key)
def test_a_professional_has_a_test_rpps_with_its_luhn_key(professional: DemoProfessional) -> None:
    number = professional.identifier.extension
    assert re.fullmatch(r"8999\d{8}", number)
    assert is_luhn(number[1:])


@pytest.mark.parametrize("professional", professionals(), ids=lambda p: p.key)
def test_profession_sector_and_setting_are_of_their_value_sets(
    professional: DemoProfessional,
) -> None:
    j01 = value_set("JDV_J01_XdsAuthorSpecialty_CISIS")
    j02 = value_set("JDV_J02_XdsHealthcareFacilityTypeCode_CISIS")
    j04 = value_set("JDV_J04_XdsPracticeSettingCode_CISIS")
    assert professional.profession in j01.concepts
    assert professional.sector in j02.concepts
    assert professional.structure.setting in j04.concepts


def test_structures_have_a_finess_with_its_luhn_key() -> None:
    for house in structures():
        assert re.fullmatch(r"1\d{9}", house.identifier.extension)
        assert is_luhn(house.identifier.extension[1:])


def test_telephones_are_of_the_ranges_kept_for_fiction() -> None:
    phones = [p.phone for p in people() if p.phone] + [s.phone for s in structures()]
    assert all(re.fullmatch(r"(026191|063998)\d{4}", phone) for phone in phones)


def test_there_is_somebody_for_every_state_of_a_record() -> None:
    states = {person.record for person in people()}
    assert states >= {RecordState.OPEN, RecordState.OPPOSED, RecordState.NONE}


def test_everybody_has_something_to_try() -> None:
    assert all(person.what_to_try and person.headline for person in people())


def test_ties_lead_to_people_who_exist() -> None:
    houses = {house.key for house in structures()}
    citizens = {person.key for person in people()}
    for tie in relations():
        assert tie.patient in citizens
        assert tie.actor_key in KEYS | houses
        assert tie.until_days is None or tie.until_days > -tie.since_days


def test_the_chosen_doctor_of_a_person_is_among_their_ties() -> None:
    named = {t.patient: t.actor_key for t in relations() if t.kind is RelationKind.PHYSICIAN}
    assert named == {p.key: p.doctor for p in people() if p.doctor is not None}


def test_the_parents_of_a_child_are_among_their_ties() -> None:
    named = {(t.patient, t.actor_key) for t in relations() if t.kind is RelationKind.PARENT}
    assert named == {(p.key, parent) for p in people() for parent in p.guardians}


def test_the_readme_people_are_tied_as_it_tells() -> None:
    ties = {(t.patient, t.kind, t.actor_key) for t in relations()}
    assert ("camille", RelationKind.PHYSICIAN, "dr-garrigue") in ties
    assert ("camille", RelationKind.AUTHORISATION, "dr-lesage") in ties
    cities = {p.key: p.structure.place.city for p in professionals()}
    assert cities["dr-garrigue"] == cities["dr-lesage"]
    assert {p.profession.code for p in professionals()} >= {"G15_60", "G15_21/A"}


def test_somebody_blocked_a_professional_and_refuses_break_glass() -> None:
    blocked = {t.patient for t in relations() if t.kind is RelationKind.BLOCK}
    assert blocked == {p.key for p in people() if p.break_glass_opposed}
