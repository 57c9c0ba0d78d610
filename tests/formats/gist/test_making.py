from __future__ import annotations

import base64
import string

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.gist import (
    Gist,
    Said,
    body_digest,
    bytes_digest,
    gist_of,
    pack_gist,
    unpack_gist,
)
from carnet.formats.gist.making import fingerprint
from carnet.formats.gist.printed import prose_of
from carnet.record.facts import Concept, Facts, Kind, Place, Words
from tests.clinical.order.papers import (
    DISCHARGE,
    DISPENSATION,
    IMAGING,
    LABORATORY,
    PRESCRIPTION,
    VISIT,
    medicine,
    result,
)

TABLE = (
    "Prescription de médicaments\n"
    "Médicament | Posologie | Motif | Substitution\n"
    "DOLIPRANE 1000 mg | 1 comprimé | Lombalgie commune | Oui\n"
    "Fin\n"
)


def gist(kind: str, title: str, *facts: object, text: str = "", body: bytes = b"") -> Gist:
    return gist_of(kind, title, Facts(facts), text, body)  # type: ignore[arg-type]  # facts


def test_what_a_title_and_a_column_of_reasons_name() -> None:
    made = gist(PRESCRIPTION, "Ordonnance", medicine("N02BE01", "DOLIPRANE"), text=TABLE)
    assert made.named == ("back",)
    assert made.hinted == ()
    assert made.lines == ("N02BE01",)


def test_what_medicines_and_analyses_point_to() -> None:
    assert gist(DISPENSATION, "Dispensation", medicine("A10BA02", "X")).hinted == ("diabetes",)
    analysis = result("4548-4", "Hémoglobine glyquée (HbA1c)", "7.1", "%")
    assert gist(LABORATORY, "Compte rendu", analysis).hinted == ("diabetes",)


def test_a_report_tells_the_numbers_that_people_know_first() -> None:
    made = gist(
        LABORATORY,
        "Compte rendu",
        result("1", "Inconnu", "3", "mol/L", on="2026-05-02"),
        result("4548-4", "HbA1c", "7.1", "%", on="2026-05-02"),
        result("2", "Autre", "4", "mol/L", on="2026-05-02"),
    )
    assert [(one.label, one.number, one.unit) for one in made.measures] == [
        ("hba1c", "7.1", "%"),
        ("Inconnu", "3", "mol/L"),
    ]
    assert made.said == (Said("measure", ("0",)), Said("measure", ("1",)), Said("more_result"))


def test_a_result_of_an_earlier_day_is_not_one_of_this_report() -> None:
    made = gist(
        LABORATORY,
        "Compte rendu",
        result("4548-4", "HbA1c", "7.8", "%", on="2026-01-02"),
        result("4548-4", "HbA1c", "7.1", "%", on="2026-05-02"),
    )
    assert [one.number for one in made.measures] == ["7.1"]


def test_an_answer_in_words_is_told_where_it_is_all() -> None:
    fact = msgspec.structs.replace(result("1", "Antigène", "", ""), value=Words("négatif"))
    assert gist(LABORATORY, "Test", fact).said == (Said("answer", ("Antigène", "négatif")),)


def test_lines_are_counted_and_named_by_the_documents_words() -> None:
    one = medicine("C07AB07", "BISOPROLOL 2,5 mg, comprimé")
    assert gist(PRESCRIPTION, "Ordonnance", one).said == (
        Said("line", ("BISOPROLOL 2,5 mg, comprimé",)),
    )
    three = [medicine(f"X0{number}", f"PRODUIT {number}, comprimé") for number in range(3)]
    assert gist(PRESCRIPTION, "Ordonnance", *three).said == (
        Said("lines", ("3", "PRODUIT 0, PRODUIT 1, …")),
    )


def test_words_are_quoted_from_under_the_heading_or_after_the_colon() -> None:
    text = "Résultats\nFoie normal.\n\nConclusion\nLithiase vésiculaire. Stéatose.\n"
    assert gist(IMAGING, "Échographie", text=text).said == (
        Said("quote", ("Lithiase vésiculaire",)),
    )
    reason = "Motif de l'hospitalisation\nChute à domicile\n"
    assert gist(DISCHARGE, "Lettre", text=reason).said == (Said("quote", ("Chute à domicile",)),)
    visit = gist(VISIT, "Consultation : douleur d'oreille")
    assert visit.said == (Said("quote", ("douleur d'oreille",)),)
    assert gist(VISIT, "Consultation").said == ()


titles = st.text(st.sampled_from(string.ascii_letters + " :éàœ'.,-"), max_size=200)


@given(titles, st.text(max_size=400))
def test_what_is_quoted_stands_in_the_document(title: str, text: str) -> None:
    for kind in (VISIT, IMAGING, DISCHARGE):
        for said in gist(kind, title, text=text).said:
            words = said.words[0].removesuffix("…")
            source = " ".join(f"{title}\n{text}".split())
            assert " ".join(words.split()) in source


facts = st.builds(
    result,
    st.sampled_from(["4548-4", "2160-0"]),
    st.sampled_from(["A", "B"]),
    st.sampled_from(["1.5", "15", "1,5", "2"]),
    st.sampled_from(["%", "mmol/L"]),
    on=st.sampled_from(["", "2026-01-01", "2026-01-02"]),
    below=st.sampled_from(["", "<"]),
)


@given(st.lists(facts, max_size=3), st.lists(facts, max_size=3))
def test_two_different_results_never_have_the_same_fingerprint(one: list, other: list) -> None:  # type: ignore[type-arg]  # of facts
    same = fingerprint(Facts(tuple(one)), "") == fingerprint(Facts(tuple(other)), "")
    assert same == (one == other)


def test_a_fingerprint_looks_past_places_identifiers_and_layout() -> None:
    fact = result("4548-4", "HbA1c", "7.1", "%")
    moved = msgspec.structs.replace(
        fact, number=9, place=Place("s", "t", "/p", 5, 9), ids=("1.2^3",)
    )
    assert fingerprint(Facts((fact,)), "un  mot\n") == fingerprint(Facts((moved,)), "un mot")
    assert fingerprint(Facts((fact,)), "1.5") != fingerprint(Facts((fact,)), "15")
    assert fingerprint(Facts(), "") == b""


def test_one_body_in_two_headers_has_one_digest() -> None:
    form = (
        b'<ClinicalDocument>%s<nonXMLBody><text mediaType="application/pdf">%s</text></nonXMLBody>'
    )
    assert body_digest(form % (b"a", b"QUJD\n RA==")) == body_digest(form % (b"b", b"QUJDRA=="))
    assert body_digest(form % (b"a", b"QUJD")) != body_digest(form % (b"a", b"QUJE"))
    assert body_digest(b"<ClinicalDocument/>") == b""
    assert body_digest(form % (b"a", b" \n")) == b""


def test_a_gist_is_kept_whole() -> None:
    made = gist(LABORATORY, "Bilan", result("4548-4", "HbA1c", "7.1", "%", below="<"))
    assert unpack_gist(pack_gist(made)) == made


def test_a_denied_problem_names_nothing() -> None:
    fact = msgspec.structs.replace(
        result("1", "x", "1", ""), kind=Kind.PROBLEM, what=Concept(text="Diabète"), negated=True
    )
    assert gist(DISCHARGE, "Lettre de liaison", fact).hinted == ()


def test_a_narrative_of_any_length_is_told_apart_to_its_end() -> None:
    text = "Conclusion\nLithiase.\n" + "mot " * 200_000
    made = gist(IMAGING, "Échographie", text=text)
    assert made.said == (Said("quote", ("Lithiase",)),)
    assert made.content != gist(IMAGING, "Échographie", text=text + "fin").content


PAGES = (
    "Service de cardiologie\nConclusion\nLithiase vésicu-\nlaire, pas\nde fracture.\nPage 1/2"
    "\fService de cardiologie\nAsthme.\nPage 2/2"
)


def test_pages_name_topics_and_are_not_quoted() -> None:
    made = gist_of(IMAGING, "Échographie", Facts(), "", b"body", printed=PAGES)
    assert "asthma" in made.hinted
    assert made.said == ()
    assert made.named == ()


def test_pages_do_not_tell_documents_of_one_body_apart() -> None:
    """They follow from the body, and are there later than it."""
    with_pages = gist_of(VISIT, "Lettre", Facts(), "", b"body", printed=PAGES)
    assert with_pages.content == gist_of(VISIT, "Lettre", Facts(), "", b"body").content


def test_what_recurs_on_pages_is_left_out_and_words_are_whole() -> None:
    assert prose_of(PAGES) == "Conclusion\nLithiase vésiculaire, pas\nde fracture.\nAsthme."
    assert prose_of("") == ""


@given(st.binary(max_size=3_000))
def test_a_body_by_itself_is_the_same_as_inside_a_document(content: bytes) -> None:
    coded = base64.b64encode(content)
    document = b'<nonXMLBody><text representation="B64">' + coded + b"</text></nonXMLBody>"
    assert bytes_digest(content) == body_digest(document)


def test_so_is_one_of_several_stretches() -> None:
    content = bytes(range(256)) * 8_000
    coded = base64.b64encode(content)
    assert bytes_digest(content) == body_digest(b"<nonXMLBody><text>" + coded + b"</text>")
