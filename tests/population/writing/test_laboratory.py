"""Laboratory reports: what is measured, against which range, after which earlier value."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from carnet.formats.cda.build import (
    Battery,
    Comparator,
    EncodedBody,
    Interpretation,
    Isolate,
    LaboratoryBody,
    PastValue,
    Qualitative,
    Result,
)
from carnet.population.codes import Chapter, entry
from carnet.population.model import Document, Laboratory
from carnet.population.systems import LOINC
from carnet.population.writing import laboratory
from carnet.population.writing.laboratory_paper import range_of
from carnet.record.document import Code
from carnet.record.identity import Sex
from tests.population.invented import at, person
from tests.population.writing.paper_reading import text_of
from tests.population.writing.samples import (
    LABORATORY,
    URINE,
    context_of,
    document,
    values,
    with_documents,
)


def report(key: str, when: str, **said: str) -> Document:
    return document(key, "laboratory", when, Laboratory(values=values(**said)), "dr-perrin")


def written(*documents: Document, **changes: object) -> LaboratoryBody:
    """The body of the last of some reports."""
    last = documents[-1]
    context = context_of(last.key, with_documents(*documents, **changes))
    assert isinstance(last.content, Laboratory)
    body = laboratory.write(context, last.content).body
    assert isinstance(body, LaboratoryBody)
    return body


def result(*documents: Document, **changes: object) -> Result:
    """The one number of the last of some reports."""
    (found,) = written(*documents, **changes).chapters[0].results
    return found


def test_analyses_of_a_battery_stand_together_and_the_others_alone() -> None:
    content = Laboratory(
        values=values(leukocytes="6.9", ferritin="80", haemoglobin="13.0", crp="3")
    )
    body = written(document("labo", "laboratory", "2025-01-13", content, "dr-perrin"))
    assert [one.code.display for one in body.chapters] == ["Hématologie", "Biochimie"]
    (count,) = body.chapters[0].items
    assert isinstance(count, Battery)
    assert [one.label for one in count.results] == ["Leucocytes", "Hémoglobine"]
    assert [type(one) for one in body.chapters[1].items] == [Result, Result]


def test_an_analysis_stands_in_one_battery_only() -> None:
    body = written(
        report(
            "labo",
            "2025-01-13",
            **{"hbs-antigen": "négatif", "syphilis": "négatif", "hbs-antibodies": "négatif"},
        )
    )
    items = [item for chapter in body.chapters for item in chapter.items]
    batteries = [item for item in items if isinstance(item, Battery)]
    alone = [item.label for item in items if isinstance(item, Qualitative)]
    stated = [one.label for item in batteries for one in item.results] + alone
    assert len(stated) == len(set(stated)) == 3


@pytest.mark.parametrize(
    ("reported", "value", "comparator"),
    [
        ("7.1", "7.1", None),
        ("<5", "5", Comparator.BELOW),
        ("< 5", "5", Comparator.BELOW),
        (">=90", "90", Comparator.AT_LEAST),
        ("<=0.3", "0.3", Comparator.AT_MOST),
        (">1000", "1000", Comparator.ABOVE),
    ],
)
def test_a_number_is_a_quantity_with_its_comparator(
    reported: str, value: str, comparator: Comparator | None
) -> None:
    found = result(report("labo", "2025-01-13", crp=reported))
    assert (found.value, found.comparator, found.unit) == (value, comparator, "mg/L")


@pytest.mark.parametrize("reported", ["négatif", "1/80", "nan", "1e5"])
def test_everything_else_is_words(reported: str) -> None:
    body = written(report("labo", "2025-01-13", crp=reported))
    (found,) = body.chapters[0].items
    assert isinstance(found, Qualitative)
    assert found.words == reported


def test_an_answer_that_is_not_the_usual_one_is_marked() -> None:
    for answer, stands in (("négatif", None), ("positif", Interpretation.ABNORMAL)):
        (found,) = written(report("labo", "2025-01-13", syphilis=answer)).chapters[0].items
        assert isinstance(found, Qualitative)
        assert found.interpretation == stands


def test_an_analysis_without_loinc_has_the_laboratorys_own_code() -> None:
    for name, has_loinc in (("hba1c", True), ("vitamin-d", False)):
        (found,) = written(report("labo", "2025-01-13", **{name: "5"})).chapters[0].items
        assert isinstance(found, (Result, Qualitative))
        assert (found.code is not None) == has_loinc
        assert (found.local is None) == has_loinc


def test_ranges_are_those_of_sex_and_age() -> None:
    blood = report("labo", "2025-01-13", haemoglobin="12.5")
    woman = result(blood, person=person(Sex.FEMALE))
    man = result(blood, person=person(Sex.MALE))
    child = result(blood, person=person(Sex.MALE, date(2024, 10, 1)))
    assert (woman.low, man.low) == ("11.5", "13.0")
    assert child.low not in (None, man.low)
    assert woman.interpretation is Interpretation.NORMAL
    assert man.interpretation is Interpretation.LOW


def test_the_earlier_value_is_the_last_one_before() -> None:
    found = result(
        report("un", "2024-01-13", crp="3"),
        report("deux", "2024-06-13", crp="8"),
        report("autre", "2024-09-13", hba1c="7"),
        report("trois", "2025-01-13", crp="5"),
    )
    assert found.past == PastValue("8", "20240613100000+0200")


def test_an_earlier_bound_is_not_stated_as_a_number() -> None:
    """The entry of an earlier value has no comparator; the paper shows the bound."""
    reports = (report("un", "2024-01-13", crp="<4"), report("deux", "2025-01-13", crp="5"))
    body = written(*reports)
    assert body.chapters[0].results[0].past is None
    assert "< 4" in text_of(body.pdf)
    assert "13/01/2024" in text_of(body.pdf)


def test_a_version_that_was_replaced_is_no_earlier_value() -> None:
    wrong = report("faux", "2024-06-13", crp="80")
    right = msgspec.structs.replace(report("juste", "2024-06-14", crp="8"), replaces="faux")
    assert result(wrong, right).past is None
    after = result(wrong, right, report("suite", "2025-01-13", crp="5"))
    assert after.past is not None
    assert after.past.value == "8"


def test_a_copy_is_no_earlier_value() -> None:
    first = report("un", "2024-06-13", crp="8")
    copy = msgspec.structs.replace(first, key="copie", at=at("2024-07-01"), copy_of="un")
    past = result(first, copy, report("suite", "2025-01-13", crp="5")).past
    assert past == PastValue("8", "20240613100000+0200")


def test_germs_stand_in_microbiology_with_their_antibiogram() -> None:
    body = written(document("ecbu", "laboratory", "2025-06-01", URINE, "dr-perrin"))
    (chapter,) = body.chapters
    assert chapter.code.display == "Microbiologie"
    assert chapter.comment == "Prélèvement : Urines"
    (germ,) = [one for one in chapter.items if isinstance(one, Isolate)]
    assert germ.organism.words == "Escherichia coli"
    assert [(one.agent, one.stands) for one in germ.antibiogram] == [
        ("Amoxicilline", Interpretation.RESISTANT),
        ("Fosfomycine", Interpretation.SUSCEPTIBLE),
        ("Ofloxacine", Interpretation.INTERMEDIATE),
    ]
    (counted,) = germ.results
    assert isinstance(counted, Qualitative)
    assert counted.words == "10^6 UFC/mL"


def test_germs_alone_make_a_chapter() -> None:
    content = msgspec.structs.replace(URINE, values=())
    body = written(document("ecbu", "laboratory", "2025-06-01", content, "dr-perrin"))
    assert [one.code.display for one in body.chapters] == ["Microbiologie"]


def test_the_printed_report_shows_values_ranges_germs_and_the_comment() -> None:
    body = written(document("labo", "laboratory", "2025-01-13", LABORATORY, "dr-perrin"))
    paper = text_of(body.pdf)
    for words in ("Hémoglobine", "10,2", "g/dL", "11,5 à 16,0", "< 4", "Prélèvement à jeun."):
        assert words in paper
    germs = text_of(written(document("e", "laboratory", "2025-06-01", URINE, "dr-perrin")).pdf)
    for words in ("Escherichia coli", "Amoxicilline", "Résistant", "Urines"):
        assert words in germs


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [("1.5", "2", "1,5 à 2"), ("60", None, "≥ 60"), (None, "5.0", "≤ 5,0"), (None, None, "")],
)
def test_a_range_is_printed_with_the_bounds_it_has(
    low: str | None, high: str | None, words: str
) -> None:
    assert range_of(low, high) == words


def test_the_paper_alone_keeps_the_acts() -> None:
    one = msgspec.structs.replace(
        document("labo", "laboratory", "2025-01-13", LABORATORY, "dr-perrin"), as_pdf=True
    )
    made = laboratory.write(context_of("labo", with_documents(one)), LABORATORY)
    assert isinstance(made.body, EncodedBody)
    assert made.act == Code(LOINC, *entry(Chapter, "haematology").loinc)
    assert made.further_acts == (Code(LOINC, *entry(Chapter, "biochemistry").loinc),)
