"""Changes to valid input, small and rude: bytes, and trees of JSON. All chance is handed in."""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence

RUDE_TEXTS = (
    "",
    " ",
    "\x00",
    "\u202e",
    "\ud800",  # half of a surrogate pair
    "é" * 300,
    "0" * 5000,
    "-1",
    "NaN",
    "1e999",
    "../../etc/passwd",
    "' OR 1=1 --",
    "<script>",
    "&lt;&#0;",
    "{0}{name}%s%n",
    "urn:oid:",
    "urn:uuid:00000000-0000-0000-0000-00000000000g",
    "9999-12-31T23:59:60Z",
    "0000-00-00",
    "0001-01-01T00:00:00+14:00",
    "2026-02-30",
    "٣",  # a digit that is not ASCII
    "ﬀ",
    "\\",
    "|",
    ",",
    "a|b|c",
)
RUDE_VALUES: tuple[object, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1e308,
    2**63,
    -(2**63) - 1,
    0.1,
    [],
    {},
    [[]],
    [None],
    {"": None},
    {"resourceType": "Patient"},
    {"extension": [{"url": "x"}]},
)


def mutated_bytes(
    chance: random.Random, data: bytes, words: Sequence[bytes], times: int = 4
) -> bytes:
    """``data`` with a few pieces removed, doubled, overwritten or put in; ``words`` go in whole."""
    found = bytearray(data)
    for _ in range(chance.randint(1, times)):
        at = chance.randint(0, len(found))
        end = min(len(found), at + chance.choice((1, 1, 2, 4, 16, 64, 1024)))
        what = chance.randrange(7)
        if what == 0:
            del found[at:end]
        elif what == 1:
            found[at:at] = found[at:end] * chance.choice((1, 2, 8))
        elif what == 2:
            found[at:end] = chance.randbytes(end - at)
        elif what == 3 and words:
            found[at:at] = chance.choice(words)
        elif what == 4 and words:
            found[at:end] = chance.choice(words)
        elif what == 5 and found:
            found[at % len(found)] ^= 1 << chance.randrange(8)
        else:
            found[at:at] = chance.choice(RUDE_TEXTS).encode("utf-8", "surrogatepass")
    return bytes(found)


def mutated_tree(chance: random.Random, tree: object, times: int = 3) -> object:
    """A copy of a JSON tree with a few nodes changed."""
    found: object = copy.deepcopy(tree)
    for _ in range(chance.randint(1, times)):
        places = _places(found)
        if not places:
            return _rude(chance, found)
        holder, key = chance.choice(places)
        _change(chance, holder, key)
    return found


_Holder = dict[str, object] | list[object]


def _places(tree: object) -> list[tuple[_Holder, str | int]]:
    """Every member and item of a tree, by what holds it."""
    found: list[tuple[_Holder, str | int]] = []
    todo: list[object] = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, dict):
            found += [(node, key) for key in node]
            todo += node.values()
        elif isinstance(node, list):
            found += [(node, index) for index in range(len(node))]
            todo += node
    return found


def _change(chance: random.Random, holder: _Holder, key: str | int) -> None:
    what = chance.randrange(6)
    value: object = holder[key]  # type: ignore[index]  # the key is of this holder
    if what == 0:
        del holder[key]  # type: ignore[arg-type]  # as above
    elif what == 1 and isinstance(holder, dict):
        name = chance.choice(("id", "extension", "x", "", "_" + str(key), "url"))
        holder[name] = copy.deepcopy(value)
    elif what == 2 and isinstance(holder, list):
        holder[:] = copy.deepcopy(holder) * chance.choice((2, 3, 12))
    elif what == 3:
        holder[key] = [value]  # type: ignore[index]  # as above
    else:
        holder[key] = _rude(chance, value)  # type: ignore[index]  # as above


def _rude(chance: random.Random, value: object) -> object:
    """Something in place of a value: often of its own type, so that reading goes on past it."""
    if isinstance(value, str) and chance.random() < 0.7:
        text = chance.choice(RUDE_TEXTS)
        return chance.choice((text, value + text, text + value, value[:-1], value.upper()))
    if isinstance(value, (int, float)) and chance.random() < 0.5:
        return chance.choice((-value, value * 10**9, value + 0.5))
    return copy.deepcopy(chance.choice(RUDE_VALUES))
