"""Where the words that an entry points to say otherwise than the entry: both are kept.

Only what is plain counts: another number where the words are nothing but a number with its unit, or
where a number stands before the very same unit; other dates and none of the entry's; "no" for
what the entry affirms, "yes" for what it denies. Words that point elsewhere (a heading, a row with
many things) say nothing for sure and are passed over.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from carnet.record.facts import Fact, Kind, Quantity, Words

LONGEST = 300
"""Words longer than that tell of more than one thing."""

_ANY_CASE = re.IGNORECASE
_DATE = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b", re.ASCII)
_DATED = re.compile(
    r"(?:(?:du|au|le|depuis|à|-|\d{1,2}/\d{1,2}/\d{4})\s*){1,6}", re.ASCII | re.IGNORECASE
)
_ALONE = re.compile(
    r"[<>≤≥=]*\s*(\d[\d \u00a0\u202f]*(?:[.,]\d+)?)\s*([^\d\s<>≤≥|][^\d<>≤≥|]{0,19})?"
)
_BEFORE_UNIT = re.compile(r"(\d[\d \u00a0\u202f]*(?:[.,]\d+)?)\s*([^\d\s.,;:()<>|]\S*)")
_NUMBER = re.compile(r"\d[\d \u00a0\u202f]*(?:[.,]\d+)?")
_NO = re.compile(
    r"(?:non|absente?|aucune?|jamais|néant)|(?:aucune?|absence|pas)\s.{1,200}", re.IGNORECASE
)
_YES = re.compile(r"oui|présente?|positif|positive", _ANY_CASE)
_DENIABLE = frozenset({Kind.PROBLEM, Kind.ALLERGY, Kind.PROCEDURE, Kind.IMMUNIZATION})
_SAME_UNIT = str.maketrans({"µ": "u", "μ": "u"})


def contradictions(fact: Fact, row: str) -> tuple[str, ...]:
    """The words of the narrative, if they plainly say something else than the entry.

    ``row`` are those of the table row that they stand in: it is asked for numbers and dates too,
    those of results' dates excepted, since their rows tell of earlier results.
    """
    said = fact.place.said
    if said and len(said) <= LONGEST and _otherwise(fact, said):
        return (said,)
    if row and row != said and len(row) <= LONGEST:
        dated = fact.kind is not Kind.RESULT and _other_date(fact, _dates_alone(row))
        if dated or _other_number_in(fact, row):
            return (row,)
    return ()


def _otherwise(fact: Fact, said: str) -> bool:
    return _other_number(fact, said) or _other_date(fact, said) or _other_answer(fact, said)


def _other_number(fact: Fact, said: str) -> bool:
    """The words are one number with or without a unit, and it is another one."""
    number = _number(fact)
    alone = _ALONE.fullmatch(said)
    told = _decimal(alone[1]) if alone is not None else None
    if number is None or told is None:
        return number is not None and _other_number_in(fact, said)
    return not _same_but_scale(told, number)


def _other_number_in(fact: Fact, words: str) -> bool:
    """A number stands before the entry's unit, and no number there is the entry's."""
    number, value = _number(fact), fact.value
    unit = _unit(value.unit) if isinstance(value, Quantity) else ""
    if number is None or not unit:
        return False
    bare = _DATE.sub(" ", words)
    if all(_unit(found) != unit for _, found in _BEFORE_UNIT.findall(bare)):
        return False
    told = [_decimal(each) for each in _NUMBER.findall(bare)]
    return all(each is not None and not _same_but_scale(each, number) for each in told)


def _dates_alone(row: str) -> str:
    """The cells of a row that hold dates and nothing else: "12/08/1999", "du … au …"."""
    return " ".join(cell for cell in row.split(" | ") if _DATED.fullmatch(cell.strip()))


def _number(fact: Fact) -> Decimal | None:
    return _decimal(fact.value.number) if isinstance(fact.value, Quantity) else None


def _same_but_scale(told: Decimal, number: Decimal) -> bool:
    """The same digits: 1,70 m for 170 cm is no contradiction."""
    return told.normalize().as_tuple().digits == number.normalize().as_tuple().digits


def _unit(unit: str) -> str:
    return unit.translate(_SAME_UNIT).lower().rstrip(".,;)")


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal("".join(text.split()).replace(",", "."))
    except InvalidOperation:
        return None


def _other_date(fact: Fact, said: str) -> bool:
    """Other dates than those of the entry, which has one to the day; at most a period of them."""
    days = {each.partition("T")[0] for each in (fact.when.start, fact.when.end) if len(each) >= 10}
    told = {f"{year}-{int(month):02d}-{int(day):02d}" for day, month, year in _DATE.findall(said)}
    if not days or not told or len(told) > 2:
        return False
    if isinstance(fact.value, Words) and fact.value.text[:8] in {t.replace("-", "") for t in told}:
        return False
    return not days & told


def _other_answer(fact: Fact, said: str) -> bool:
    if fact.negated:
        return _YES.fullmatch(said) is not None
    affirmed = fact.value is None if fact.kind in _DENIABLE else _answered_yes(fact)
    return affirmed and _NO.fullmatch(said) is not None and not _NO.fullmatch(fact.what.label)


def _answered_yes(fact: Fact) -> bool:
    return isinstance(fact.value, Words) and fact.value.text == "true"
