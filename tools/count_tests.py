"""Adds up the results of several test runs (JUnit files) and prints them as the last line.

Exits non-zero when a test failed or none ran: a run that tested nothing is not a success.
"""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree as ET


def count(paths: list[Path]) -> tuple[int, int, int]:
    """How many tests passed, failed and were skipped in these JUnit files."""
    passed = failed = skipped = 0
    for path in paths:
        for suite in ET.parse(path).iter("testsuite"):  # noqa: S314  pytest wrote the file just now
            bad = int(suite.get("failures", "0")) + int(suite.get("errors", "0"))
            left_out = int(suite.get("skipped", "0"))
            passed += int(suite.get("tests", "0")) - bad - left_out
            failed += bad
            skipped += left_out
    return passed, failed, skipped


def main() -> int:
    """Print the line and say by the exit status whether it is a success."""
    passed, failed, skipped = count([Path(name) for name in sys.argv[1:]])
    more = f", {skipped} skipped" if skipped else ""
    print(f"tests: {passed} passed, {failed} failed{more}")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
