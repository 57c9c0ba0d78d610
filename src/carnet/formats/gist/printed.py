"""What printed pages say, without what stands on them all the same: letterhead, footer."""

from __future__ import annotations

import re
from collections import Counter

_HYPHEN = re.compile(r"(?<=[^\W\d_])-\n(?=[^\W\d_])")
_DIGITS = re.compile(r"\d+")


def prose_of(printed: str) -> str:
    """The lines of pages but those that recur on another page; words that a line ends are whole.

    Numbers do not count: a footer says which page it is of.
    """
    pages = [page.splitlines() for page in printed.split("\f")]
    on = Counter(line for page in pages for line in {_shape(each) for each in page})
    lines = (line for page in pages for line in page if on[_shape(line)] == 1)
    return _HYPHEN.sub("", "\n".join(lines))


def _shape(line: str) -> str:
    return _DIGITS.sub("#", line.strip())
