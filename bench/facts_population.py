"""How well facts are read from documents of invented lives: against what is true of each life.

``python -m bench.facts_population [PEOPLE]`` reads every coded document of the scripted lives and
of so many generated ones (seed 1, 60 unless told), and prints recall and precision of each kind of
statement, as a mean over people. A statement is one line of one document, with everything that the
truth tells of it: another unit, lot, number of boxes or reason makes it another statement. Earlier
results that a report repeats beside its own are true if the life has such a result of that day.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date

import msgspec

from carnet.formats.cda.facts import read_facts
from carnet.population.france import France
from carnet.population.making import Made, make, make_scripted, scripted_keys
from carnet.population.model import (
    Content,
    Discharge,
    Dispensation,
    Laboratory,
    Prescription,
    Synthesis,
    Vaccination,
    VaccinationHistory,
)
from carnet.population.saying import shown
from carnet.record.facts import (
    Analysis,
    Concept,
    Fact,
    Immunization,
    Kind,
    Medication,
    Quantity,
    Stage,
    Words,
)

TODAY = date(2026, 11, 25)
ATC, CIS, CIP = "2.16.840.1.113883.6.73", "1.2.250.1.213.2.3.1", "1.2.250.1.213.2.3.2"
LOINC = "2.16.840.1.113883.6.1"
_SIGNS = {"<=": "≤", ">=": "≥"}
_LONG_ILLNESS = "MED-574"

Statement = tuple[str, ...]
Statements = dict[str, Counter[Statement]]
Read = dict[str, tuple[type[Content], tuple[Fact, ...]]]


class Measure(msgspec.Struct, frozen=True):
    """Of one kind of statement in one life: true, read, and both."""

    true: int
    read: int
    both: int

    @property
    def recall(self) -> float:
        """The part of what is true that was read; 1 where nothing was to be read."""
        return self.both / self.true if self.true else 1.0

    @property
    def precision(self) -> float:
        """The part of what was read that is true; 1 where nothing was read."""
        return self.both / self.read if self.read else 1.0


def read_documents(made: Made) -> Read:
    """The facts of every coded document of a life, with the kind of what it shows."""
    by_key = {one.key: one for one in made.life.documents}
    return {
        one.key: (type(shown(by_key[one.key], by_key).content), read_facts(one.xml).facts)
        for one in made.written
        if one.level == 3
    }


def measure(made: Made) -> dict[str, Measure]:
    """Every kind of statement that the life or its documents have."""
    documents = read_documents(made)
    true, read = _true(made, documents), _read(made, documents)
    return {
        kind: Measure(true[kind].total(), read[kind].total(), (true[kind] & read[kind]).total())
        for kind in true
        if true[kind] or read[kind]
    }


def lives(people: int) -> Iterator[Made]:
    """The scripted lives, then generated ones."""
    for key in scripted_keys():
        yield make_scripted(key, TODAY)
    france = France(seed=1, people=people, documents=None, years=4, today=TODAY)
    for life in france.lives():
        yield make(life, france.directory, "facts")


# What is true.


def _true(made: Made, documents: Read) -> Statements:
    truth = made.truth
    return {
        "results": Counter(
            (r.document, r.loinc or r.analysis.upper(), r.number or r.value, r.comparator, r.unit)
            for r in truth.results
            if r.document in documents
        ),
        "earlier results": _true_earlier(made, documents),
        "germs": Counter(
            (g.document, g.name, *("|".join(each) for each in g.antibiogram))
            for g in truth.germs
            if g.document in documents
        ),
        "prescribed": Counter(
            (
                t.document,
                *_product(t.name, t.cis, t.cip, t.atc),
                str(t.renewals),
                str(t.long_illness),
            )
            for t in truth.prescribed
            if t.document in documents and t.drug
        ),
        "devices": Counter(
            (t.document, t.name) for t in truth.prescribed if t.document in documents and not t.drug
        ),
        "dispensed": Counter(
            (t.document, *_product(t.name, t.cis, t.cip, t.atc), str(t.boxes))
            for t in truth.dispensed
            if t.document in documents and t.drug
        ),
        "vaccinations": Counter(
            (document, t.day, t.name, t.lot, str(t.rank), t.atc or "")
            for t in truth.vaccinations
            for document in t.documents
            if document in documents
        ),
        "problems": _true_problems(made, documents),
        "allergies": Counter(
            (document, a.label)
            for a in truth.allergies
            for document in _of(documents, a.documents, Synthesis, Discharge)
        ),
        "treatments": _true_treatments(made, documents),
    }


def _true_earlier(made: Made, documents: Read) -> Counter[Statement]:
    """Those that reports repeat, as far as the life has them: the truth does not tell where."""
    known = {
        (r.day, r.loinc or r.analysis.upper(), r.number or r.value, r.comparator, r.unit)
        for r in made.truth.results
    }
    repeated = (
        (key, told)
        for key, (_, facts) in documents.items()
        for fact in facts
        if fact.kind is Kind.RESULT and (told := _earlier(fact)) is not None
    )
    return Counter((key, *told) for key, told in repeated if told in known)


def _of(documents: Read, keys: Iterable[str], *kinds: type[Content]) -> Iterator[str]:
    return (key for key in keys if key in documents and documents[key][0] in kinds)


def _product(name: str, *codes: str | None) -> Statement:
    return (name, *(code or "" for code in codes))


def _true_problems(made: Made, documents: Read) -> Counter[Statement]:
    return Counter(
        (document, p.label, p.code.code if p.code else "", p.onset)
        for p in made.truth.problems
        if p.family_of is None
        for document in _of(documents, p.documents, Synthesis)
    )


def _true_treatments(made: Made, documents: Read) -> Counter[Statement]:
    """With their reason: a treatment that is told on admission and on leaving is told twice."""
    problems = {p.key: p.label for p in made.truth.problems}
    content = {one.key: one.content for one in made.life.documents}
    by_key = {one.key: one for one in made.life.documents}
    found: Counter[Statement] = Counter()
    for t in made.truth.treatments:
        for document in _of(documents, t.documents, Synthesis, Discharge):
            told = content[document]
            source = shown(by_key[document], by_key).content
            told = source if isinstance(source, Discharge) else told
            times = 1
            if isinstance(told, Discharge):
                times = (t.key in told.on_leaving) + (
                    t.key in told.on_admission and t.key not in told.on_leaving
                )
            found[document, t.name, problems.get(t.problem or "", "")] += times
    return +found


# What was read.


def _read(made: Made, documents: Read) -> Statements:
    replaced = {one.replaces for one in made.life.documents if one.replaces}
    facts = [(key, kind, fact) for key, (kind, read) in documents.items() for fact in read]

    def gather(
        kind: Kind, told: Callable[[Fact], Statement | None], *of: type[Content]
    ) -> Counter[Statement]:
        found: Counter[Statement] = Counter()
        for key, content, fact in facts:
            statement = told(fact) if fact.kind is kind and (content in of or not of) else None
            if statement is not None:
                found[key, *statement] += 1
        return found

    vaccinations = gather(Kind.IMMUNIZATION, _vaccination, Vaccination, VaccinationHistory)
    return {
        "results": gather(Kind.RESULT, lambda f: None if _is_earlier(f) else _result(f)),
        "earlier results": gather(Kind.RESULT, _earlier),
        "germs": _germs(documents),
        "prescribed": gather(Kind.MEDICATION, _prescribed, Prescription),
        "devices": gather(Kind.DEVICE, lambda fact: (fact.place.said,), Prescription),
        "dispensed": gather(Kind.MEDICATION, _dispensed, Dispensation),
        "vaccinations": Counter(
            {told: n for told, n in vaccinations.items() if told[0] not in replaced}
        ),
        "problems": gather(Kind.PROBLEM, _problem),
        "allergies": gather(Kind.ALLERGY, _allergy),
        "treatments": gather(Kind.MEDICATION, _treatment, Synthesis, Discharge),
    }


def _result(fact: Fact) -> Statement | None:
    if isinstance(fact.details, Analysis) and fact.details.isolate is not None:
        return None
    codes = fact.what.codes
    code = fact.what.code_in(LOINC) or (codes[0].code if codes else "")
    value = fact.value
    if isinstance(value, Quantity):
        sign = _SIGNS.get(value.comparator, value.comparator)
        return code, value.number, sign, value.unit or "1"
    if isinstance(value, Concept):
        return code, value.text or value.label, "", ""
    return (code, value.text, "", "") if isinstance(value, Words) else (code, "", "", "")


def _is_earlier(fact: Fact) -> bool:
    """Whether a result stands inside another one: an earlier one, repeated beside it."""
    return fact.place.path.count("observation[") > 1


def _earlier(fact: Fact) -> Statement | None:
    told = _result(fact) if _is_earlier(fact) else None
    return (fact.when.start[:10], *told) if told is not None else None


def _germs(documents: Read) -> Counter[Statement]:
    """A germ with the antibiotics that were tried on it."""
    found: Counter[Statement] = Counter()
    for key, (kind, facts) in documents.items():
        if kind is not Laboratory:
            continue
        for fact in facts:
            germ = fact.value
            if not _is_isolate(fact) or not isinstance(germ, Concept):
                continue
            tried = (
                f"{each.what.text}|{each.interpretation[0].codes[0].code}"
                for each in facts
                if _about(each) == germ and each.interpretation and not _is_isolate(each)
            )
            found[key, germ.text, *tried] += 1
    return found


def _about(fact: Fact) -> Concept | None:
    return fact.details.isolate if isinstance(fact.details, Analysis) else None


def _is_isolate(fact: Fact) -> bool:
    return _about(fact) is not None and fact.value == _about(fact)


def _codes(fact: Fact) -> Statement:
    return tuple(fact.what.code_in(system) or "" for system in (CIS, CIP, ATC))


def _prescribed(fact: Fact) -> Statement | None:
    if not isinstance(fact.details, Medication) or fact.stage is not Stage.PRESCRIBED:
        return None
    mentions = {code.code for each in fact.details.mentions for code in each.codes}
    renewals = fact.details.renewals or "0"
    return fact.what.text, *_codes(fact), renewals, str(_LONG_ILLNESS in mentions)


def _dispensed(fact: Fact) -> Statement | None:
    if not isinstance(fact.details, Medication) or fact.details.quantity is None:
        return None
    return fact.what.text, *_codes(fact), fact.details.quantity.number


def _vaccination(fact: Fact) -> Statement | None:
    if not isinstance(fact.details, Immunization):
        return None
    day, details = fact.when.start[:10], fact.details
    return day, fact.what.text, details.lot, details.rank, fact.what.code_in(ATC) or ""


def _problem(fact: Fact) -> Statement | None:
    if fact.negated:
        return None
    return fact.what.text, fact.what.codes[0].code if fact.what.codes else "", fact.when.start


def _allergy(fact: Fact) -> Statement | None:
    return None if fact.negated else (fact.what.text or fact.what.label,)


def _treatment(fact: Fact) -> Statement | None:
    if fact.negated or not isinstance(fact.details, Medication):
        return None
    why = fact.details.reason
    return fact.what.text, (why.text or why.label) if why is not None else ""


def means(measured: Iterable[dict[str, Measure]]) -> dict[str, tuple[int, int, float, float]]:
    """Of each kind: people, statements, mean recall and mean precision over people."""
    kinds: dict[str, list[Measure]] = {}
    for one in measured:
        for kind, found in one.items():
            kinds.setdefault(kind, []).append(found)
    return {
        kind: (
            len(each),
            sum(one.true for one in each),
            sum(one.recall for one in each) / len(each),
            sum(one.precision for one in each) / len(each),
        )
        for kind, each in kinds.items()
    }


def main() -> int:
    """Print the table."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    lines = ["| statements | people | true | recall | precision |", "|---|---|---|---|---|"]
    for kind, (count, true, recall, precision) in means(map(measure, lives(people))).items():
        lines.append(f"| {kind} | {count} | {true} | {recall:.4f} | {precision:.4f} |")
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
