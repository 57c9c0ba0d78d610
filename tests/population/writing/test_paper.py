"""Papers: whose style, to whom, greeted and signed how."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from carnet.formats.pdf import Style, render_letter
from carnet.population.model import Document, Letter, Life
from carnet.population.writing import addressing, house_style, paper
from carnet.population.writing.context import Context
from carnet.population.writing.house_style import FOOTER, STAMPED, style_of
from carnet.population.writing.paper import letter_body, letter_page, patient_lines
from carnet.record.identity import Sex
from tests.population.invented import at, person, who
from tests.population.writing.paper_reading import text_of
from tests.population.writing.samples import (
    LETTER,
    context_of,
    document,
    life,
    of_key,
    with_documents,
)


def context(one: Document, known: Life | None = None) -> Context:
    known = known or life()
    return context_of(one.key, msgspec.structs.replace(known, documents=(one,)))


def letter(
    author: str = "dr-belloc", kind: str = "specialist-letter", **changes: object
) -> Document:
    one = document("lettre", kind, "2025-02-03", LETTER, author)
    return msgspec.structs.replace(one, **changes)


def style(author: str, kind: str = "specialist-letter", **changes: object) -> Style:
    found = who().professional(author)
    assert found is not None
    return style_of(letter(author, kind, **changes), found)


def test_a_house_writes_its_letters_alike_and_another_house_may_not() -> None:
    assert style("dr-thoreau") == style("dr-nadaud")
    doctors = ("dr-garrigue", "dr-belloc", "dr-quentin", "dr-fabre", "dr-thoreau", "dr-vasseur")
    assert len({style(one) for one in doctors}) > 2


def test_a_document_says_its_style_before_kind_and_author() -> None:
    assert style("dr-belloc", style="typewriter") is Style.TYPEWRITER
    assert style("dr-belloc", "certificate") is Style.CERTIFICATE
    author = who().professional("dr-belloc")
    assert author is not None
    author = msgspec.structs.replace(author, style="clinic")
    assert style_of(letter(), author) is Style.CLINIC
    assert style_of(letter(kind="prescription"), author) is Style.PRESCRIPTION


@pytest.mark.parametrize(
    ("to", "greeting"),
    [
        ("dr-garrigue", "Chère Consœur,"),
        ("dr-quentin", "Cher Confrère,"),
        ("nurse-morvan", "Madame,"),
        ("vilaine", "Madame, Monsieur,"),
        ("self", "Madame,"),
        ("paule", "Madame,"),
        ("insurance", "Madame, Monsieur,"),
        (None, None),
    ],
)
def test_a_letter_greets_who_receives_it(to: str | None, greeting: str | None) -> None:
    assert addressing.greeting(context(letter(to=to))) == greeting


def test_a_nurse_writes_to_a_doctor_as_such() -> None:
    assert addressing.greeting(context(letter("nurse-morvan", to="dr-garrigue"))) == (
        "Madame le Docteur,"
    )


def test_a_letter_of_its_own_greeting_and_closing_keeps_them() -> None:
    own = Letter(text=("Texte.",), greeting="Cher ami,", closing="À bientôt.")
    one = letter(to="dr-garrigue", content=own)
    made = letter_page(context(one), ("Texte.",), own)
    assert (made.greeting, made.closing) == ("Cher ami,", "À bientôt.")


@pytest.mark.parametrize(
    ("first", "last", "greets", "leaves"),
    [
        ("Cher Confrère,", "Bien confraternellement.", False, False),
        ("Je vois votre patiente.", "Elle va bien.", True, True),
    ],
)
def test_a_text_that_greets_and_leaves_is_left_alone(
    first: str, last: str, greets: bool, leaves: bool
) -> None:
    own = Letter(text=(first, last))
    one = letter(to="dr-garrigue", content=own)
    made = letter_page(context(one), (first, last), own)
    assert (made.greeting is not None) is greets
    assert (made.closing is not None) is leaves


def test_forms_and_letters_to_nobody_greet_nobody() -> None:
    for one in (letter(), letter(kind="certificate", to="dr-garrigue")):
        made = letter_page(context(one), ("Texte.",), Letter(text=("Texte.",)))
        assert (made.greeting, made.closing) == (None, None)


@pytest.mark.parametrize(
    ("to", "lines"),
    [
        (
            "dr-garrigue",
            (
                "Dr Hélène GARRIGUE",
                "Cabinet médical des Tilleuls",
                "6, place des Tilleuls",
                "35000 RENNES",
            ),
        ),
        (
            "vilaine",
            (
                "Centre hospitalier des Bords de Vilaine",
                "100, avenue des Peupliers",
                "35000 RENNES",
            ),
        ),
        ("self", ("Mme Paule LEHUIC", "5, rue des Essais", "35000 RENNES")),
        ("insurance", ("Assurance maladie (démonstration)", "Service médical")),
        (None, ()),
    ],
)
def test_an_address_is_that_of_the_recipient(to: str | None, lines: tuple[str, ...]) -> None:
    assert addressing.recipient(context(letter(to=to))) == lines


def test_a_letter_to_a_child_goes_to_the_parents() -> None:
    kid = msgspec.structs.replace(person(Sex.MALE, date(2019, 1, 1)), key="petit")
    found = context(letter(to="petit"), with_documents(person=kid))
    assert addressing.recipient(found)[0] == "Aux parents de Paule LEHUIC"
    assert addressing.greeting(found) == "Madame, Monsieur,"


def test_who_asked_is_addressed_where_nobody_else_is() -> None:
    asked = letter(ordered_by="dr-garrigue")
    assert addressing.recipient(context(asked))[0] == "Dr Hélène GARRIGUE"
    within = letter("dr-nadaud", to="dr-thoreau")
    assert addressing.recipient(context(within)) == ("Dr Alain THOREAU", "Gériatrie")


def test_the_patient_is_named_with_birth_age_and_ins() -> None:
    name, born, ins = patient_lines(context(letter()))
    assert name == "Mme Paule LEHUIC"
    assert born == "Née le 12 avril 1966 à Rennes (58 ans)"
    assert ins.startswith("INS 2660435238412 ")
    baby = with_documents(person=person(Sex.MALE, date(2024, 9, 3)))
    assert patient_lines(context(letter(), baby))[1].endswith("(5 mois)")


@pytest.mark.parametrize("style_", list(Style))
def test_every_style_signs_in_its_way_and_can_be_printed(style_: Style) -> None:
    one = letter("dr-thoreau", style=style_.value, to="dr-garrigue")
    made = letter_page(context(one), ("Texte.", "# Titre", "- point"), LETTER)
    assert made.signature
    assert bool(made.stamp) is (style_ in STAMPED)
    assert "Texte." in text_of(render_letter(made))


def test_a_house_that_signs_by_computer_draws_no_signature() -> None:
    houses = {one.structure.key: one for one in who().professionals.values()}
    made = [
        house_style.signing(context(letter(one.key)), Style.HOSPITAL) for one in houses.values()
    ]
    by_computer = [one for one in made if "validé électroniquement" in one.lines[-1]]
    assert 0 < len(by_computer) < len(made)
    assert all(not one.scribble for one in by_computer)
    assert all(one.scribble for one in made if one not in by_computer)


def test_a_practice_speaks_of_cheques_and_a_hospital_does_not() -> None:
    assert "chèque" in house_style.footer(context(letter()), Style.PRACTICE)
    for author, style_ in (("dr-thoreau", Style.PRACTICE), ("dr-belloc", Style.CLASSIC)):
        assert house_style.footer(context(letter(author)), style_) == FOOTER


def test_a_certificate_names_the_patient_once() -> None:
    for text, lines in (("Je certifie que Mme Paule LEHUIC va bien.", 0), ("Va bien.", 3)):
        made = letter_page(context(letter(kind="certificate")), (text,), LETTER)
        assert len(made.patient) == lines


def test_a_school_form_names_the_year_and_the_parents() -> None:
    for when, year in (("2025-02-03", "2024-2025"), ("2025-09-03", "2025-2026")):
        one = letter(kind="school-plan", at=at(when))
        made = letter_page(context(one), ("Texte.",), LETTER)
        assert made.reference == (f"Année scolaire {year}",)


def test_what_citizens_write_is_signed_by_them() -> None:
    one = of_key("directives")
    assert isinstance(one.content, Letter)
    page = text_of(letter_body(context(one), one.content).data)
    assert "Paule LEHUIC" in page
    assert "acharnement" in page


def test_a_scan_holds_no_text_and_who_received_it_wrote_on_it() -> None:
    scanned = msgspec.structs.replace(LETTER, scan=True)
    plain = letter_body(context(letter(content=scanned)), scanned).data
    noted = letter_body(context(letter(content=scanned, to="dr-garrigue")), scanned).data
    assert text_of(plain) == text_of(noted) == ""
    assert plain != noted


def test_some_scans_came_by_fax() -> None:
    scanned = msgspec.structs.replace(LETTER, scan=True)
    made = [
        letter_body(context(letter(key=f"scan-{n}", content=scanned)), scanned).data
        for n in range(6)
    ]
    faxes = [one for one in made if b"/CCITTFaxDecode" in one]
    assert 0 < len(faxes) <= len(made)


def test_hospitals_give_the_patient_a_number_of_their_own() -> None:
    first = paper.page(context(letter("dr-thoreau")), ("Texte.",))
    again = paper.page(context(letter("dr-nadaud")), ("Texte.",))
    assert first.reference == again.reference
    assert first.reference[0].startswith("IPP 80")
    assert paper.page(context(letter("dr-belloc")), ("Texte.",)).reference == ()
