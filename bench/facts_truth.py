"""How well facts are read from the samples: against the truth that was written down by hand.

``python -m bench.facts_truth`` prints recall and precision over the coded facts of the documents in
``tests/clinical/truth``, with ``--held-out`` those of ``tests/clinical/held_out`` (or of the folder
that is named); with ``--misses`` every fact that was missed or is not in the truth.
Facts are matched one to one, as many as can be: same kind and section; the truth's code among the
fact's codes, translations and qualifiers; value, unit, comparator, coded value, negation, start,
end and stage as the truth has them, and none where it has none. The last line leaves the kind
aside: what was read with everything but the kind that the truth gives it counts as found there.
"""

from __future__ import annotations

import argparse
import os
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from carnet.formats.cda.facts import read_facts
from carnet.record.facts import Concept, Fact, Kind, Quantity, Words

ROOT = Path(__file__).parent.parent
TRUTH = ROOT / "tests" / "clinical" / "truth"
HELD_OUT = ROOT / "tests" / "clinical" / "held_out"
CORPUS = Path(os.environ.get("CARNET_CORPUS", ROOT.parent / "shared" / "data" / "cda"))

True_ = dict[str, object]


class Score(msgspec.Struct, frozen=True):
    """What was found of one document: pairs, what was missed, what is too much."""

    document: str
    found: int
    missed: tuple[True_, ...]
    extra: tuple[Fact, ...]

    @property
    def recall(self) -> float:
        """The part of the true facts that was found."""
        return self.found / (self.found + len(self.missed) or 1)

    @property
    def precision(self) -> float:
        """The part of what was read that is true."""
        return self.found / (self.found + len(self.extra) or 1)


def truths(folder: Path = TRUTH) -> Iterator[tuple[str, list[True_]]]:
    """Each document of a folder of truth with its coded facts."""
    for path in sorted(folder.glob("*.toml")):
        read = tomllib.loads(path.read_text())
        yield read["document"], [fact for fact in read.get("fact", ()) if fact["coded"]]


def same(fact: Fact, true: True_, *, kinds: bool = True) -> bool:
    """Whether a fact is that of the truth; without ``kinds`` its kind may be another one."""
    return (
        (fact.kind == true["kind"] or not kinds)
        and fact.place.section == true["section"]
        and ("code" not in true or true["code"] in _codes(fact.what, qualifiers=True))
        and fact.negated == true.get("negated", False)
        and _same_value(fact, true)
        and _day(fact.when.start) == true.get("start", "")
        and _day(fact.when.end) == true.get("end", "")
        and _same_stage(fact, true)
    )


def _codes(concept: Concept, *, qualifiers: bool = False) -> set[str]:
    given = (*concept.codes, *(concept.qualifiers if qualifiers else ()))
    return {f"{code.system}|{code.code}" for code in given}


def _same_value(fact: Fact, true: True_) -> bool:
    value = fact.value
    if "value_code" in true:
        return isinstance(value, Concept) and true["value_code"] in _codes(value)
    if "value" in true and isinstance(value, Words):
        return value.text == true["value"]
    if "value" in true:
        told = (true["value"], true.get("unit", ""), true.get("comparator", ""))
        return isinstance(value, Quantity) and _written(value) == told
    return not isinstance(value, Quantity)


def _written(value: Quantity) -> tuple[str, str, str]:
    return value.number, value.unit, value.comparator


def _same_stage(fact: Fact, true: True_) -> bool:
    told = true.get("stage")
    if fact.kind is Kind.DEVICE and told is None:
        return True  # the truth tells stages of treatments, acts and vaccines only
    return (str(fact.stage) if fact.stage is not None else None) == told


def _day(time: str) -> str:
    return time.partition("T")[0].replace("-", "")


def score(
    document: str, facts: tuple[Fact, ...], true: list[True_], *, kinds: bool = True
) -> Score:
    """Match one to one, as many as can be (augmenting paths)."""
    partner: dict[int, int] = {}
    candidates = [
        [n for n, fact in enumerate(facts) if same(fact, each, kinds=kinds)] for each in true
    ]

    def place(which: int, tried: set[int]) -> bool:
        for number in candidates[which]:
            if number in tried:
                continue
            tried.add(number)
            if number not in partner or place(partner[number], tried):
                partner[number] = which
                return True
        return False

    placed = [place(which, set()) for which in range(len(true))]
    return Score(
        document,
        sum(placed),
        tuple(each for each, found in zip(true, placed, strict=True) if not found),
        tuple(fact for number, fact in enumerate(facts) if number not in partner),
    )


def scores(folder: Path = TRUTH, *, kinds: bool = True) -> list[Score]:
    """Of every document of a folder of truth."""
    return [
        score(document, read_facts((CORPUS / document).read_bytes()).facts, true, kinds=kinds)
        for document, true in truths(folder)
    ]


def total(each: list[Score]) -> tuple[int, int, int]:
    """Found, missed, too much: over all documents."""
    return (
        sum(one.found for one in each),
        sum(len(one.missed) for one in each),
        sum(len(one.extra) for one in each),
    )


def table(each: list[Score], kindless: list[Score]) -> Iterator[str]:
    """A table of documents, then their sum, at last the sum with the kind left aside."""
    yield "| document | found | missed | too much | recall | precision |"
    yield "|---|---|---|---|---|---|"
    for one in each:
        yield (
            f"| {one.document} | {one.found} | {len(one.missed)} | {len(one.extra)}"
            f" | {one.recall:.3f} | {one.precision:.3f} |"
        )
    yield _sum("all", each)
    yield _sum("all, whatever the kind", kindless)


def _sum(name: str, each: list[Score]) -> str:
    found, missed, extra = total(each)
    return (
        f"| {name} | {found} | {missed} | {extra}"
        f" | {found / (found + missed):.3f} | {found / (found + extra):.3f} |"
    )


def _misses(each: list[Score]) -> Iterator[str]:
    for one in each:
        for true in one.missed:
            told = {key: true[key] for key in true if key not in ("coded", "label", "note")}
            yield f"- missed {one.document}: {told}"
        for fact in one.extra:
            codes = " ".join(_codes(fact.what, qualifiers=True))
            yield (
                f"+ too much {one.document}: {fact.kind} {fact.place.section} {codes}"
                f" {fact.what.label!r} value={fact.value} {fact.when} {fact.stage}"
                f" negated={fact.negated} #{fact.place.said_id}"
            )


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="every difference")
    parser.add_argument(
        "--held-out",
        nargs="?",
        type=Path,
        const=HELD_OUT,
        default=TRUTH,
        metavar="FOLDER",
        dest="folder",
        help="the documents of tests/clinical/held_out, or of FOLDER",
    )
    asked = parser.parse_args()
    each = scores(asked.folder)
    lines = (
        *table(each, scores(asked.folder, kinds=False)),
        *(_misses(each) if asked.misses else ()),
    )
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
