"""What an entry points to in the narrative: the words of the element with that ID."""

from __future__ import annotations

from carnet.formats.cda.facts.narrative import LONGEST
from carnet.record.facts import Fact
from tests.formats.cda.facts.documents import observation, only, read, section

POINTER = '<text><reference value="#w"/></text>'


def pointing(text: str, pointer: str = POINTER) -> Fact:
    return only(section("30954-2", observation("48", "1-8", pointer), text=text))


def test_words_are_those_of_the_element_with_their_white_space_collapsed() -> None:
    fact = pointing(
        '<paragraph>avant <content ID="w"> un\n  <br/>deux </content> après</paragraph>'
    )
    assert (fact.place.said, fact.place.said_id) == ("un deux", "w")


def test_cells_of_a_row_are_parted() -> None:
    fact = pointing('<table><tbody><tr ID="w"><td>Poids</td><td>58 kg</td></tr></tbody></table>')
    assert fact.place.said == "Poids | 58 kg"


def test_a_reference_without_its_hash_is_followed_all_the_same() -> None:
    fact = pointing('<content ID="w">oui</content>', '<text><reference value="w"/></text>')
    assert fact.place.said == "oui"


def test_a_reference_to_nothing_gives_no_words_and_no_id() -> None:
    fact = pointing('<content ID="autre">oui</content>')
    assert (fact.place.said, fact.place.said_id) == ("", "")


def test_where_the_text_points_to_nothing_the_words_of_the_code_are_taken() -> None:
    code = (
        '<observation classCode="OBS" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.48"/>'
        '<code code="1-8" codeSystem="1.2"><originalText><reference value="#c"/></originalText>'
        "</code><text><reference value='#absent'/></text></observation>"
    )
    fact = only(section("30954-2", code, text='<content ID="c">TSH</content>'))
    assert (fact.place.said, fact.what.text) == ("TSH", "TSH")


def test_deleted_words_are_passed_over() -> None:
    fact = pointing('<content ID="w">1 <content revised="delete">2</content>3</content>')
    assert fact.place.said == "1 3"


def test_long_words_are_cut() -> None:
    fact = pointing(f'<content ID="w">{"mot " * LONGEST}</content>')
    assert len(fact.place.said) == LONGEST + 1
    assert fact.place.said.endswith("…")


def test_an_id_that_two_sections_have_is_that_of_the_own_section() -> None:
    first = section(
        "30954-2", observation("48", "1-8", POINTER), text='<content ID="w">1</content>'
    )
    other = section("8716-3", observation("50", "1-8", POINTER), text='<content ID="w">2</content>')
    assert [fact.place.said for fact in read(first, other).facts] == ["1", "2"]


def test_words_of_a_later_section_are_found() -> None:
    first = section("30954-2", observation("48", "1-8", POINTER))
    later = section("10160-0", text='<content ID="w">plus loin</content>')
    assert only(first, later).place.said == "plus loin"
