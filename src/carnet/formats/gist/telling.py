"""The sentence of a document: its own facts, or its own words in quotation marks, nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from carnet.formats.gist.model import Measure, Said
from carnet.formats.gist.words import analyte_rank, plain
from carnet.record.facts import Fact, Facts, Immunization, Kind, Quantity, Words

_LONGEST = 140  # characters of a quotation
_NAMED = 2  # numbers, and medicines, that a sentence names
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý«])")
_COLON = re.compile(r"\s*:\s+")

# Headings under which a document says what it comes to, by sort; plain words.
_HEADINGS: dict[str, tuple[str, ...]] = {
    "imaging": ("conclusion", "synthese", "resultats"),
    "stay": ("motif de l hospitalisation", "motif d hospitalisation", "motif"),
    "examination": ("conclusion", "resultats"),
    "pathology": ("conclusion",),
    "emergency": ("motif du passage", "motif", "conclusion"),
    "letter": ("conclusion",),
}

Told = tuple[tuple[Said, ...], tuple[Measure, ...]]


def told_of(sort: str, title: str, facts: Facts, text: str) -> Told:
    """The parts of a document's sentence, and the numbers in it."""
    maker = _MAKERS.get(sort)
    told = maker(facts.facts) if maker else ((), ())
    if told[0]:
        return told
    quoted = _under_heading(text, _HEADINGS.get(sort, ())) or _after_colon(title)
    return ((Said("quote", (quoted,)),) if quoted else (), ())


def _results(facts: Sequence[Fact]) -> Told:
    """The numbers that people know first, then those that the report gives first."""
    results = [one for one in facts if one.kind is Kind.RESULT and not one.negated]
    newest = max((one.when.start[:10] for one in results), default="")
    # A result that the report repeats from an earlier day is no result of this one.
    results = [one for one in results if one.when.start[:10] in ("", newest)]
    told = [one for one in results if isinstance(one.value, Quantity) and one.value.number]
    ranked = sorted(enumerate(told), key=lambda each: (_rank(each[1]), each[0]))
    measures = tuple(_measure(one) for _, one in ranked[:_NAMED])
    said = [Said("measure", (str(number),)) for number in range(len(measures))]
    if not said:
        said = [
            Said("answer", (_name(one), one.value.text))
            for one in results
            if isinstance(one.value, Words) and one.value.text and len(results) <= _NAMED
        ]
    others = len(results) - len(said)
    if not said and results:
        said = [Said("results", (str(len(results)),))]
    elif others:
        said.append(Said("more_result") if others == 1 else Said("more_results", (str(others),)))
    return tuple(said), measures


def _name(fact: Fact) -> str:
    return fact.what.text or fact.what.label


def _code(fact: Fact) -> str:
    return next((f"{code.system}|{code.code}" for code in fact.what.codes), "")


def _rank(fact: Fact) -> int:
    codes = [code.code for code in fact.what.codes]
    return analyte_rank(codes, _name(fact))[0]


def _measure(fact: Fact) -> Measure:
    value = fact.value
    if not isinstance(value, Quantity):
        raise TypeError("a measure is a quantity")
    key = analyte_rank([code.code for code in fact.what.codes], _name(fact))[1]
    return Measure(_code(fact), key or _name(fact), value.number, value.unit, value.comparator)


def _lines(one: str, several: str) -> Callable[[Sequence[Fact]], Told]:
    def told(facts: Sequence[Fact]) -> Told:
        wanted = (Kind.MEDICATION, Kind.DEVICE)
        names = [_name(fact) for fact in facts if fact.kind in wanted and not fact.negated]
        if not names:
            return (), ()
        if len(names) == 1:
            return (Said(one, (_cut(names[0]),)),), ()
        shown = ", ".join(_cut(name.split(", ")[0], 40) for name in names[:_NAMED])
        return (
            Said(several, (str(len(names)), shown + (", …" if len(names) > _NAMED else ""))),
        ), ()

    return told


def _vaccinations(facts: Sequence[Fact]) -> Told:
    given = [one for one in facts if one.kind is Kind.IMMUNIZATION and not one.negated]
    said = []
    for one in given[:_NAMED]:
        name = _cut(_name(one).split(", ")[0])
        rank = one.details.rank if isinstance(one.details, Immunization) else ""
        said.append(Said("dose", (name, rank)) if rank else Said("name", (name,)))
    return tuple(said), ()


def _counted(facts: Sequence[Fact]) -> Told:
    said = []
    for kind, one, several in (
        (Kind.PROBLEM, "problem", "problems"),
        (Kind.MEDICATION, "treatment", "treatments"),
        (Kind.ALLERGY, "allergy", "allergies"),
        (Kind.IMMUNIZATION, "vaccine", "vaccines"),
    ):
        number = sum(fact.kind is kind and not fact.negated for fact in facts)
        if number:
            said.append(Said(one) if number == 1 else Said(several, (str(number),)))
    return tuple(said), ()


def _vitals(facts: Sequence[Fact]) -> Told:
    told = [one for one in facts if one.kind is Kind.VITAL and isinstance(one.value, Quantity)]
    measures = tuple(_measure(one) for one in told[:_NAMED])
    return tuple(Said("measure", (str(number),)) for number in range(len(measures))), measures


_MAKERS: dict[str, Callable[[Sequence[Fact]], Told]] = {
    "laboratory": _results,
    "prescription": _lines("line", "lines"),
    "dispensation": _lines("given", "givens"),
    "vaccination": _vaccinations,
    "record": _counted,
    "measures": _vitals,
}


def _under_heading(text: str, headings: Iterable[str]) -> str:
    """The first sentence under the first of these headings that has one: a passage of the text."""
    wanted = tuple(headings)
    found: dict[str, str] = {}
    heading = ""
    for line in text.splitlines():
        words = plain(line).strip()
        if words in wanted:
            heading = words
        elif line.strip() and heading:
            if "|" not in line:
                found.setdefault(heading, line.strip())
            heading = ""
    passage = next((found[each] for each in wanted if each in found), "")
    return _cut(_SENTENCE.split(passage, maxsplit=1)[0].rstrip("."))


def _after_colon(title: str) -> str:
    """What a title says after its kind: ``Consultation : découverte d'un diabète``."""
    parts = _COLON.split(title, maxsplit=1)
    return _cut(parts[1].strip()) if len(parts) == 2 else ""


def _cut(text: str, most: int = _LONGEST) -> str:
    """A beginning of a text, at the end of a word."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    return (
        text[: text.rfind(" ", 0, most)].rstrip(",;:") + "…" if " " in text[:most] else text[:most]
    )
