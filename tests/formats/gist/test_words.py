from __future__ import annotations

import pytest

from carnet.formats.gist.words import (
    analytes,
    author_words,
    forms,
    paper_words,
    papers,
    plain,
    shown,
    topic_of_code,
    topics,
    topics_in,
)
from carnet.record import vocabulary

KINDS = {"chronic", "social", "acute", "act", "pregnancy", "prevention", "childhood"}


def test_every_type_of_document_has_words_of_its_own() -> None:
    assert set(papers()) == {code.code for code in vocabulary.value_set("J07").concepts}


def test_an_unknown_type_is_a_document() -> None:
    assert paper_words("no-type").fr == "Document"


def test_every_code_of_an_author_is_one_of_the_value_set() -> None:
    known = {code.code for code in vocabulary.value_set("J01").concepts}
    for code in known:
        words = author_words(code)
        assert words is None or words.fr.split()[0].split("'")[0] in {"du", "de", "d"}
    assert author_words("G15_10/SM04") is not None


def test_a_code_is_of_the_longest_beginning_that_is_whole() -> None:
    cardiologist, doctor = author_words("G15_10/SM04"), author_words("G15_10/SM99")
    assert cardiologist is not None
    assert doctor is not None
    assert (cardiologist.fr, doctor.fr) == ("du cardiologue", "du médecin")
    assert author_words("G15_1") is None
    assert author_words("") is None


def test_topics_name_only_topics() -> None:
    known = topics()
    for topic in known.values():
        assert topic.kind in KINDS
        assert set(topic.over) <= set(known)
        assert not topic.broader or any(key.startswith(topic.broader) for key in known)
    for author in vocabulary.value_set("J01").concepts:
        words = author_words(author.code)
        assert words is None or set(words.topics) <= set(known)
        assert words is None or not words.alone or words.alone in known
    for table in shown().values():
        for one in table.values():
            assert set(one.topics) <= set(known)


def test_words_are_as_texts_are_made_plain() -> None:
    every = [word for topic in topics().values() for word in (*topic.words, *topic.tests)]
    every += [word for one in analytes().values() for word in one.words]
    assert [word for word in every if plain(word).strip() != word.strip()] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Consultation : découverte d'un diabète de type 2", ("diabetes",)),
        ("Lettre de liaison : cholécystectomie", ("gallbladder",)),
        ("Vaccination contre la grippe", ()),
        ("Consultation : syndrome grippal", ("flu",)),
        ("Consultation : lombosciatique, mal de dos", ("sciatica",)),
        ("Consultation : asthme, hypercholestérolémie", ("asthma", "cholesterol")),
        ("Compte rendu d'examens biologiques", ()),
        ("", ()),
    ],
)
def test_topics_of_a_title(text: str, found: tuple[str, ...]) -> None:
    assert topics_in(text) == found


@pytest.mark.parametrize(
    ("field", "code", "found"),
    [
        ("atc", "A10BA02", "diabetes"),
        ("atc", "N02BE01", None),
        ("icd", "E11.9", "diabetes"),
        ("icd", "C50.4", "cancer_breast"),
        ("icd", "C99", "cancer"),
        ("loinc", "20447-9", "hiv"),
        ("loinc", "2044", None),
    ],
)
def test_topics_of_codes(field: str, code: str, found: str | None) -> None:
    assert topic_of_code(field, code) == found


def test_both_languages_say_something_and_no_form_judges() -> None:
    for one in forms().values():
        assert one.fr
        assert one.en
        assert not {"bon", "mauvais", "normal", "good", "bad"} & set(plain(one.fr + one.en).split())
