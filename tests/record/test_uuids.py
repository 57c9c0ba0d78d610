from __future__ import annotations

import uuid

from hypothesis import given
from hypothesis import strategies as st

from carnet.record.uuids import uuid_text


@given(st.binary(min_size=16, max_size=16))
def test_the_text_is_that_of_the_standard_library(raw: bytes) -> None:
    assert uuid_text(raw) == str(uuid.UUID(bytes=raw))
