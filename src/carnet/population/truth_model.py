"""What the truth of a life consists of: values for a file to measure against."""

from __future__ import annotations

import msgspec


class TrueCode(msgspec.Struct, frozen=True):
    """A code of the nomenclature."""

    system: str
    code: str


class TruePerson(msgspec.Struct, frozen=True, kw_only=True):
    """Who it is: the INS of today, the waiting number before it if there was one."""

    key: str
    ins: str
    oid: str
    former: tuple[str, ...]
    family: str
    given: str
    used_family: str | None
    sex: str
    born: str
    birth_place: str | None
    died: str | None
    record: str
    doctor: str | None
    guardians: tuple[str, ...]


class TrueProblem(msgspec.Struct, frozen=True, kw_only=True):
    """A problem with the documents that name it."""

    key: str
    label: str
    code: TrueCode | None
    onset: str
    end: str | None
    family_of: str | None
    documents: tuple[str, ...]


class TrueAllergy(msgspec.Struct, frozen=True, kw_only=True):
    """An allergy or intolerance with the documents that name it."""

    key: str
    label: str
    since: str
    reaction: str
    intolerance: bool
    documents: tuple[str, ...]


class TrueTreatment(msgspec.Struct, frozen=True, kw_only=True):
    """A treatment: what, how, from when to when; prescribed, given and named in which documents."""

    key: str
    drug: str
    name: str
    atc: str | None
    dose: str
    start: str
    end: str | None
    problem: str | None
    prescribed: tuple[str, ...]
    dispensed: tuple[str, ...]
    documents: tuple[str, ...]


class TrueLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a prescription or dispensation: what, as coded; of which treatment.

    ``number`` counts the lines of the document from 1. ``answers`` is the number of the line of the
    prescription ``of`` that a pharmacy answered.
    """

    document: str
    number: int
    drug: str | None
    name: str
    cis: str | None
    cip: str | None
    atc: str | None
    dose: str
    days: int
    boxes: int
    renewals: int
    long_illness: bool
    not_substitutable: str | None
    treatment: str | None
    problem: str | None
    of: str | None = None
    answers: int | None = None


class TrueVaccination(msgspec.Struct, frozen=True, kw_only=True):
    """A dose that was given, as the last version of its note says it; all documents that do."""

    day: str
    vaccine: str
    name: str
    atc: str | None
    cis: str | None
    lot: str
    rank: int
    booster: bool
    documents: tuple[str, ...]


class TrueResult(msgspec.Struct, frozen=True, kw_only=True):
    """A result: value as reported, number and comparator apart where it is a number.

    ``unit`` is UCUM (``1`` for a bare number), empty where the result is words. A copy has its own.
    """

    document: str
    day: str
    analysis: str
    label: str
    loinc: str | None
    value: str
    number: str | None
    comparator: str
    unit: str


class TrueGerm(msgspec.Struct, frozen=True, kw_only=True):
    """What grew, how much of it, and how it answers each antibiotic (S, I, R)."""

    document: str
    name: str
    count: str
    antibiogram: tuple[tuple[str, str], ...]


class TrueEpisode(msgspec.Struct, frozen=True, kw_only=True):
    """What belongs together."""

    key: str
    title: str
    kind: str
    start: str
    end: str | None
    documents: tuple[str, ...]


class TrueDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document: what a submission of it must say."""

    key: str
    unique_id: str
    kind: str
    type: TrueCode
    title: str
    level: int
    author: str
    sender: str
    act: str
    created: str
    deposited: str
    episode: str | None
    replaces: str | None
    copy_of: str | None
    visibility: tuple[str, ...]
    hidden: str | None
    announced: str | None
    size: int


class TrueOpening(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody opened something: who, when, what, how, and whether the rules refused it."""

    who: str
    does: str
    at: str
    document: str | None
    purpose: str
    refused: bool


class TrueTie(msgspec.Struct, frozen=True, kw_only=True):
    """A tie of the record."""

    kind: str
    actor: str
    since: str
    until: str | None
    ended: str | None


class Truth(msgspec.Struct, frozen=True, kw_only=True):
    """All of it. Days are ISO dates, moments ISO with offset; documents are named by their keys."""

    person: TruePerson
    problems: tuple[TrueProblem, ...]
    allergies: tuple[TrueAllergy, ...]
    treatments: tuple[TrueTreatment, ...]
    prescribed: tuple[TrueLine, ...]
    dispensed: tuple[TrueLine, ...]
    vaccinations: tuple[TrueVaccination, ...]
    results: tuple[TrueResult, ...]
    germs: tuple[TrueGerm, ...]
    episodes: tuple[TrueEpisode, ...]
    documents: tuple[TrueDocument, ...]
    duplicates: tuple[tuple[str, str], ...]
    openings: tuple[TrueOpening, ...]
    ties: tuple[TrueTie, ...]
