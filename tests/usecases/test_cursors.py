"""Page links: opaque, unforgeable, and of no use to another caller or for another query."""

from __future__ import annotations

import base64

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from carnet.record.errors import CarnetError
from carnet.usecases.cursors import Cursor, open_cursor, seal_cursor
from carnet.usecases.requests import DateField, DocumentQuery, TokenFilter

KEY, ME, ANOTHER = b"k" * 32, b"m" * 16, b"a" * 16
QUERY = DocumentQuery(record="r", types=(TokenFilter(((None, "11488-4"),)),))
OTHERS = (
    msgspec.structs.replace(QUERY, count=49),
    msgspec.structs.replace(QUERY, record="s"),
    msgspec.structs.replace(QUERY, types=()),
    msgspec.structs.replace(QUERY, sort=((DateField.CREATION, False),)),
    msgspec.structs.replace(QUERY, archived=True),
)

cursors = st.builds(
    Cursor,
    newest=st.integers(0, 1 << 40),
    edge=st.lists(
        st.floats(allow_nan=False) | st.text(alphabet=st.characters(codec="utf-8")), max_size=4
    ).map(tuple),
    entry_no=st.integers(0, 1 << 40),
    forward=st.booleans(),
)


def _asking(text: str | None, query: DocumentQuery = QUERY) -> DocumentQuery:
    return msgspec.structs.replace(query, cursor=text)


def _code(key: bytes, caller: bytes, query: DocumentQuery) -> str | None:
    try:
        open_cursor(key, caller, query)
    except CarnetError as error:
        return error.code
    return None


@given(cursors)
def test_a_cursor_comes_back_as_it_was(cursor: Cursor) -> None:
    text = seal_cursor(KEY, ME, QUERY, cursor)
    assert open_cursor(KEY, ME, _asking(text)) == cursor
    assert text.replace("-", "").replace("_", "").isalnum()


def test_a_first_page_has_none() -> None:
    assert open_cursor(KEY, ME, QUERY) is None


@given(cursors, st.sampled_from(OTHERS))
def test_a_cursor_is_bound_to_caller_query_and_store(cursor: Cursor, other: DocumentQuery) -> None:
    text = seal_cursor(KEY, ME, QUERY, cursor)
    assert _code(KEY, ANOTHER, _asking(text)) == "cursor-invalid"
    assert _code(KEY, ME, _asking(text, other)) == "cursor-invalid"
    assert _code(b"K" * 32, ME, _asking(text)) == "cursor-invalid"


@given(cursors, st.data())
def test_a_cursor_that_was_touched_is_refused(cursor: Cursor, data: st.DataObject) -> None:
    text = seal_cursor(KEY, ME, QUERY, cursor)
    raw = bytearray(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    touched = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    assert _code(KEY, ME, _asking(touched)) == "cursor-invalid"
    cut = data.draw(st.integers(0, len(text) - 1))
    assert _code(KEY, ME, _asking(text[:cut])) == "cursor-invalid"


@given(st.text(max_size=80))
def test_what_is_no_cursor_is_refused(text: str) -> None:
    assume(text != "")
    assert _code(KEY, ME, _asking(text)) == "cursor-invalid"


@pytest.mark.parametrize("text", ["", "é" * 40, "A" * 39, "====", " "])
def test_what_is_no_base64_is_refused(text: str) -> None:
    assert _code(KEY, ME, _asking(text)) == "cursor-invalid"


@given(cursors)
def test_a_cursor_tells_its_bearer_nothing_of_the_record(cursor: Cursor) -> None:
    """It holds how many entries there are, the hidden ones too: what is hidden does not exist."""
    one, other = (seal_cursor(KEY, ME, QUERY, cursor) for _ in range(2))
    raw = base64.urlsafe_b64decode(one + "=" * (-len(one) % 4))
    body = msgspec.msgpack.encode(cursor)
    assert body not in raw
    assert one != other


def test_small_and_large_records_have_cursors_of_one_length() -> None:
    lengths = {
        len(seal_cursor(KEY, ME, QUERY, Cursor(newest, (-1.5,), 3, forward=True)))
        for newest in (1, 127, 128, 300, 70_000)
    }
    assert len(lengths) == 1
