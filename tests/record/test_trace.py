"""What a trace says, and that every act can be told."""

from __future__ import annotations

import msgspec
import pytest

from carnet.record.trace import ACTS, GENESIS, Act, Outcome, Trace, decode, encode, link


def test_every_act_has_a_meaning() -> None:
    assert set(ACTS) == set(Act)
    assert all(meaning.endswith(".") for meaning in ACTS.values())


@pytest.mark.parametrize("act", Act)
def test_a_trace_comes_back_as_it_was(act: Act) -> None:
    trace = Trace(b"i" * 16, 1, act, Outcome.REFUSED, "operator", "root|name", reason="ins-taken")
    assert decode(encode(trace)) == trace


def test_a_trace_of_an_unknown_act_is_not_read() -> None:
    made = encode(Trace(b"i" * 16, 1, Act.FIND, Outcome.PERMITTED, "citizen", "root|name"))
    with pytest.raises(msgspec.DecodeError):
        decode(made.replace(b"find", b"fund"))


def test_a_head_depends_on_all_that_it_binds() -> None:
    record, other = b"r" * 16, b"q" * 16
    heads = {
        link(GENESIS, record, 0, 1, b"sealed"),
        link(b"x" * 32, record, 0, 1, b"sealed"),
        link(GENESIS, other, 0, 1, b"sealed"),
        link(GENESIS, record, 1, 1, b"sealed"),
        link(GENESIS, record, 0, 2, b"sealed"),
        link(GENESIS, record, 0, 1, b"sealed otherwise"),
    }
    assert len(heads) == 6
