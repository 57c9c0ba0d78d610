from __future__ import annotations

import orjson
import pytest

from carnet.formats.fhir.dump import dump, own_url, with_base


def test_an_own_url_takes_the_base_when_it_is_answered() -> None:
    stored = dump({"url": own_url("Binary/a-1")})
    assert orjson.loads(with_base(stored, "https://x/fhir")) == {"url": "https://x/fhir/Binary/a-1"}


def test_a_control_character_of_a_text_is_not_the_mark() -> None:
    stored = dump({"title": "\x01", "other": "\\u0001"})
    assert with_base(stored, "https://x") == stored


@pytest.mark.parametrize("path", ['Binary/a"b', "Binary/é", "Binary/\n"])
def test_a_path_that_needs_escapes_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="plain characters"):
        own_url(path)
