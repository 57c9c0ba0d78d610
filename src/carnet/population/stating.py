"""What single documents state as values: results, germs, lines of medicines, vaccinations.

A document that was replaced states its values all the same; a copy has those of its original.
"""

from __future__ import annotations

from collections.abc import Iterator

from carnet.population.codes import Analysis, Drug, Vaccine, entry
from carnet.population.model import (
    Dispensation,
    Document,
    Laboratory,
    Life,
    Line,
    Prescription,
    Vaccination,
    VaccinationHistory,
    Value,
)
from carnet.population.numbers import number_in
from carnet.population.saying import shown
from carnet.population.truth_model import TrueGerm, TrueLine, TrueResult, TrueVaccination


def _seen(life: Life) -> Iterator[tuple[Document, Document]]:
    """Each document with what it shows."""
    by_key = {one.key: one for one in life.documents}
    for one in life.documents:
        yield one, shown(one, by_key)


def _result(document: Document, day: str, value: Value) -> TrueResult:
    analysis = entry(Analysis, value.analysis)
    number = number_in(value.value)
    return TrueResult(
        document=document.key,
        day=day,
        analysis=value.analysis,
        label=analysis.label,
        loinc=None if analysis.loinc is None else analysis.loinc[0],
        value=value.value,
        number=None if number is None else number.value,
        comparator="" if number is None else number.comparator,
        unit="" if number is None else analysis.unit or "1",
    )


def results(life: Life) -> Iterator[TrueResult]:
    """Every result of every laboratory report, in the order of the report."""
    for document, source in _seen(life):
        if isinstance(source.content, Laboratory):
            day = source.at.date().isoformat()
            for value in source.content.values:
                yield _result(document, day, value)


def germs(life: Life) -> Iterator[TrueGerm]:
    """What grew, by report."""
    for document, source in _seen(life):
        if isinstance(source.content, Laboratory):
            for germ in source.content.germs:
                tried = tuple((one.antibiotic, one.answer) for one in germ.antibiogram)
                yield TrueGerm(
                    document=document.key, name=germ.name, count=germ.count, antibiogram=tried
                )


def _line(
    document: Document,
    number: int,
    line: Line,
    of: str | None = None,
    answers: int | None = None,
) -> TrueLine:
    drug = None if line.drug is None else entry(Drug, line.drug)
    return TrueLine(
        document=document.key,
        number=number,
        drug=line.drug,
        name=line.device or "" if drug is None else drug.name,
        cis=None if drug is None else drug.cis,
        cip=None if drug is None else drug.cip,
        atc=None if drug is None else drug.atc,
        dose=line.dose,
        days=line.days,
        boxes=line.boxes,
        renewals=line.renewals,
        long_illness=line.long_illness,
        not_substitutable=line.not_substitutable,
        treatment=line.treatment,
        problem=line.problem,
        of=of,
        answers=answers,
    )


def lines_prescribed(life: Life) -> Iterator[TrueLine]:
    """Every line of every prescription."""
    for document, source in _seen(life):
        if isinstance(source.content, Prescription):
            for number, line in enumerate(source.content.lines, 1):
                yield _line(document, number, line)


def answered(lines: tuple[Line, ...], given: tuple[Line, ...]) -> tuple[int, ...]:
    """For each line given, the number of the prescription's line that it answers, from 1.

    A pharmacy may give another dose or number of boxes: the treatment or else the product tells
    which line it answers. Raises LookupError for what was never prescribed.
    """
    left = dict(enumerate(lines, 1))
    found = []
    for line in given:
        number = _answer(line, left)
        if number is None:
            raise LookupError(f"“{line.drug or line.device}” was not prescribed")
        del left[number]
        found.append(number)
    return tuple(found)


def _answer(given: Line, left: dict[int, Line]) -> int | None:
    """The line that is the same, else of the same treatment, else of the same product."""
    for number, line in left.items():
        if line == given:
            return number
    for number, line in left.items():
        if given.treatment is not None and line.treatment == given.treatment:
            return number
    for number, line in left.items():
        if (line.drug, line.device) == (given.drug, given.device):
            return number
    return None


def lines_dispensed(life: Life) -> Iterator[TrueLine]:
    """Every line that a pharmacy gave, with the line that it answers."""
    by_key = {one.key: one for one in life.documents}
    for document, source in _seen(life):
        content = source.content
        if not isinstance(content, Dispensation):
            continue
        ordered = by_key.get(content.prescription)
        lines = ordered.content if ordered is not None else None
        prescribed = lines.lines if isinstance(lines, Prescription) else ()
        pairs = zip(content.lines, answered(prescribed, content.lines), strict=True)
        for number, (line, answers) in enumerate(pairs, 1):
            yield _line(document, number, line, content.prescription, answers)


def _copies(life: Life) -> dict[str, list[str]]:
    """The copies of each document."""
    copies: dict[str, list[str]] = {}
    for one in life.documents:
        if one.copy_of is not None:
            copies.setdefault(one.copy_of, []).append(one.key)
    return copies


def vaccinations(life: Life) -> Iterator[TrueVaccination]:
    """Every dose that was given, named by its note, the copies of that and later histories."""
    replaced = {one.replaces: one for one in life.documents if one.replaces}
    histories = [
        (document.key, source.at)
        for document, source in _seen(life)
        if isinstance(source.content, VaccinationHistory)
    ]
    copies = _copies(life)
    for one in life.documents:
        given = one.content
        if not isinstance(given, Vaccination) or one.copy_of is not None or one.key in replaced:
            continue
        later = [key for key, at in histories if at >= one.at]
        vaccine = entry(Vaccine, given.vaccine)
        yield TrueVaccination(
            day=one.at.date().isoformat(),
            vaccine=given.vaccine,
            name=vaccine.name,
            atc=vaccine.atc,
            cis=vaccine.cis,
            lot=given.lot,
            rank=given.rank,
            booster=given.booster,
            documents=(one.key, *copies.get(one.key, ()), *later),
        )
