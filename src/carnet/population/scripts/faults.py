"""What is wrong in a script, with file, line and reason.

TOML readers give positions only for faults of syntax; for the rest the line is found again from the
path of the value: the n-th ``[[table]]`` and, within it, the field.
"""

from __future__ import annotations

import re

from carnet.record.errors import CarnetError

_TABLE = re.compile(r"\s*\[\[?\s*([\w.-]+)\s*\]\]?\s*(?:#.*)?")
_PATH = re.compile(r"\$\.(\w+)(?:\[(\d+)\])?(?:\.(\w+))?")
_SYNTAX = re.compile(r"\(at line (\d+), column \d+\)")


def line_of(text: str, table: str, number: int = 0, field: str | None = None) -> int:
    """The line (from 1) of ``field`` in the ``number``-th ``[[table]]``, or of the table itself.

    1 where the text has no such table.
    """
    seen = -1
    start = 0
    for count, line in enumerate(text.splitlines(), 1):
        head = _TABLE.fullmatch(line)
        if head is not None:
            if start:
                break
            if head[1] == table:
                seen += 1
                start = count if seen == number else 0
        elif start and field is not None and re.match(rf"\s*{re.escape(field)}\s*[=.]", line):
            return count
    return start or 1


def fault(file: str, line: int, reason: str) -> CarnetError:
    """The error ``life-invalid``, ready to be raised."""
    return CarnetError("life-invalid", file=file, line=str(line), reason=reason)


def fault_of_reading(file: str, text: str, error: Exception) -> CarnetError:
    """What TOML or its types refused, placed in the file."""
    words = str(error)
    syntax = _SYNTAX.search(words)
    if syntax is not None:
        return fault(file, int(syntax[1]), words[: syntax.start()].strip())
    path = _PATH.search(words)
    unknown = re.search(r"unknown field `(\w+)`", words)
    if path is None:
        return fault(file, line_of(text, unknown[1] if unknown else ""), words)
    field = unknown[1] if unknown else path[3]
    return fault(file, line_of(text, path[1], int(path[2] or 0), field), words)
