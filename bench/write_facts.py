"""Writes what facts are read from, and how well, into ``docs/facts.md``.

``python -m bench.write_facts`` renews the blocks that follow from code and samples (templates, both
truths, each sample); with ``--lives`` the figures of invented lives too, which takes a minute.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.facts_population import lives, means, measure
from bench.facts_truth import CORPUS, HELD_OUT, TRUTH, scores, table
from carnet.formats.cda.facts import read_facts
from carnet.formats.cda.facts.templates import FOLDED, ROWS
from carnet.record.facts import Facts

PAGE = Path(__file__).parents[1] / "docs" / "facts.md"
PEOPLE = 60
SHORT = (
    ("1.2.250.1.213.1.1.3", "F"),
    ("1.3.6.1.4.1.19376.1.5.3.1.4", "P"),
    ("1.3.6.1.4.1.19376.1.9.1.3", "M"),
    ("1.3.6.1.4.1.19376.1.3", "L"),
    ("2.16.840.1.113883.10.20", "C"),
    ("1.2.840.10008.9", "D"),
)


def templates() -> str:
    """The table of templates, most specific first, as the reader has it."""
    lines = ["| read as | templates |", "|---|---|"]
    for family, roots in ROWS:
        folded = " (folded)" if family in FOLDED else ""
        lines.append(f"| {family}{folded} | {', '.join(map(shortened, roots))} |")
    return "\n".join(lines)


def shortened(root: str) -> str:
    """An OID by the letter of its arc: ``F.37``."""
    for arc, letter in SHORT:
        if root.startswith(f"{arc}."):
            return f"{letter}{root[len(arc) :]}"
    return root


def truth() -> str:
    """Recall and precision over the documents of the truth."""
    return "\n".join(table(scores(TRUTH), scores(TRUTH, kinds=False)))


def later() -> str:
    """The same over the documents that were written down after the reader existed."""
    return "\n".join(table(scores(HELD_OUT), scores(HELD_OUT, kinds=False)))


def samples() -> str:
    """Each sample: facts by kind, entries without a fact by reason."""
    lines = ["| document | facts | read | entries without a fact |", "|---|---|---|---|"]
    for path in sorted(CORPUS.glob("*.xml")):
        read = read_facts(path.read_bytes())
        lines.append(f"| {path.name} | {len(read.facts)} | {_kinds(read)} | {_reasons(read)} |")
    return "\n".join(lines)


def _kinds(read: Facts) -> str:
    if not read.facts and not read.unread:
        return "level 1: no entries"
    kinds = Counter(str(fact.kind) for fact in read.facts)
    return ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items())) or "none"


def _reasons(read: Facts) -> str:
    reasons = Counter(one.reason for one in read.unread)
    return ", ".join(f"{reason} {count}" for reason, count in sorted(reasons.items()))


def speed() -> str:
    """Milliseconds a sample: the best of three readings of each, over all samples."""
    best = []
    for path in sorted(CORPUS.glob("*.xml")):
        data = path.read_bytes()
        runs = []
        for _ in range(3):
            begin = time.perf_counter()
            read_facts(data)
            runs.append((time.perf_counter() - begin) * 1000)
        best.append(min(runs))
    return (
        f"Median {statistics.median(best):.1f} ms a document, mean {statistics.mean(best):.1f} ms, "
        f"slowest {max(best):.1f} ms ({len(best)} samples, two shared cores)."
    )


def population() -> str:
    """Recall and precision over invented lives."""
    lines = ["| statements | people | true | recall | precision |", "|---|---|---|---|---|"]
    for kind, (count, true, recall, precision) in means(map(measure, lives(PEOPLE))).items():
        lines.append(f"| {kind} | {count} | {true} | {recall:.4f} | {precision:.4f} |")
    return "\n".join(lines)


BLOCKS: dict[str, Callable[[], str]] = {
    "templates": templates,
    "truth": truth,
    "held-out": later,
    "samples": samples,
    "speed": speed,
    "population": population,
}


def block(page: str, name: str) -> str:
    """What stands in the page between the marks of a block."""
    return page.partition(f"<!-- {name} -->\n")[2].partition(f"\n<!-- /{name} -->")[0]


def written(page: str, names: Iterator[str] | tuple[str, ...]) -> str:
    """The page with these blocks renewed."""
    for name in names:
        begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, opened, rest = page.partition(begin)
        _, closed, behind = rest.partition(end)
        if not opened or not closed:
            raise LookupError(f"docs/facts.md has no block {name}")
        page = f"{before}{begin}\n{BLOCKS[name]()}\n{end}{behind}"
    return page


def main() -> int:
    """Renew the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lives", action="store_true", help="invented lives too")
    asked = parser.parse_args()
    names = tuple(name for name in BLOCKS if asked.lives or name != "population")
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), names), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
