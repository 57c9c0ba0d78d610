"""Sections of problems (F.3.39, F.3.37) and of allergies (F.3.40, F.3.41).

An empty list says why it is empty, by a code of the international patient summary, as the
specification's samples do.
"""

from __future__ import annotations

from collections.abc import Iterable

from lxml.etree import _Element

from carnet.formats.cda.build.kind import Ids, Template
from carnet.formats.cda.build.narrative import Words, paragraph, table, text
from carnet.formats.cda.build.oids import CCD, ENTRY, PCC, SECTION
from carnet.formats.cda.build.problems_model import (
    DRUG_ALLERGY,
    PROBLEM,
    Absence,
    Allergies,
    Allergy,
    Problem,
    Problems,
)
from carnet.formats.cda.build.sections import section
from carnet.formats.cda.build.statements import (
    act,
    coded_as,
    null,
    status,
    templates,
    text_reference,
)
from carnet.formats.cda.build.values import Coded
from carnet.formats.cda.build.wording import french_day
from carnet.formats.cda.build.xml import LOINC, append, coded, element, identified, moment
from carnet.record.document import Code
from carnet.record.identity import Identifier

_ABSENT = "2.16.840.1.113883.5.1150.1"  # IPS, absent and unknown data
_NO_PROBLEM = {
    Absence.NONE_KNOWN: Code(_ABSENT, "no-known-problems", "Pas de problème connu"),
    Absence.NOT_STATED: Code(_ABSENT, "no-problem-info", "Pas d'information sur les problèmes"),
}
_NO_ALLERGY = {
    Absence.NONE_KNOWN: Code(
        _ABSENT, "no-known-allergies", "Pas d'allergie/hypersensibilité connue"
    ),
    Absence.NOT_STATED: Code(
        _ABSENT, "no-allergy-info", "Pas d'information sur les allergies/hypersensibilités"
    ),
}
_CONCERN = (f"{CCD}.1.27", f"{PCC}.4.5.1")
_PROBLEM = (f"{CCD}.1.28", f"{PCC}.4.5", f"{ENTRY}.37")
_ALLERGY = (f"{CCD}.1.18", f"{CCD}.1.28", f"{PCC}.4.5", f"{PCC}.4.6", f"{ENTRY}.41")

ALLERGY_TEMPLATES: tuple[Template, ...] = (
    (f"{CCD}.1.2", None),
    (f"{PCC}.3.13", None),
    (f"{SECTION}.137", None),
)
ALLERGY_CODE = Code(LOINC, "48765-2", "Allergies et hypersensibilités")


def _bound(tag: str, time: str | None) -> _Element:
    return null(tag, "UNK") if time is None else moment(tag, time)


def _span(since: str | None, until: str | None, *, over: bool) -> _Element:
    """From when, and to when if it is over; a bound that nobody knows says so."""
    return element("effectiveTime", _bound("low", since), _bound("high", until) if over else None)


def _concern(
    own: Iterable[str], identifier: str, active: bool, time: _Element, observed: _Element
) -> _Element:
    """The entry: an act that says whether the matter is open, about what was observed."""
    made = act(
        (*_CONCERN, *own),
        null("code", "NA"),
        None,
        identifier=identifier,
        status_code="active" if active else "completed",
    )
    about = element(
        "entryRelationship", observed, attrs={"typeCode": "SUBJ", "inversionInd": "false"}
    )
    return element("entry", append(made, time, about))


def _observed(
    roots: tuple[str, ...],
    identifier: str,
    kind: Code,
    refs: tuple[str, str],
    time: _Element,
    value: Coded,
    *,
    denied: bool = False,
) -> _Element:
    """What was observed; ``refs`` are the IDs of the words of the kind and of the value."""
    return element(
        "observation",
        *templates(roots),
        identified(Identifier(identifier)),
        coded("code", kind),
        text_reference(refs[0]),
        status(),
        time,
        coded_as("value", value, refs[1], typed="CD"),
        attrs={
            "classCode": "OBS",
            "moodCode": "EVN",
            "negationInd": "true" if denied else "false",
        },
    )


def _problem_entry(problem: Problem, ref: str, ids: Ids, *, over: bool) -> _Element:
    observed = _observed(
        _PROBLEM,
        ids(f"{ref}-observed"),
        problem.kind,
        (ref, ref),
        _span(problem.since, problem.until, over=over),
        problem.what,
    )
    time = _span(problem.since, problem.until, over=over)
    return _concern((f"{PCC}.4.5.2", f"{ENTRY}.39"), ids(ref), not over, time, observed)


def _allergy_entry(allergy: Allergy, ref: str, ids: Ids) -> _Element:
    """An allergy; what it looks like is not stated, so that its value names the agent in words."""
    agent, name = f"{ref}-agent", element("name", allergy.agent.words)
    substance = element(
        "playingEntity", coded_as("code", allergy.agent, agent), name, attrs={"classCode": "MMAT"}
    )
    caused = element(
        "participant",
        element("participantRole", substance, attrs={"classCode": "MANU"}),
        attrs={"typeCode": "CSM"},
    )
    observed = _observed(
        _ALLERGY,
        ids(f"{ref}-observed"),
        allergy.kind,
        (f"{ref}-kind", agent),
        _span(allergy.since, None, over=False),
        Coded(text=allergy.agent.words),
    )
    time = _span(allergy.since, None, over=not allergy.active)
    own = (f"{PCC}.4.5.3", f"{ENTRY}.40")
    return _concern(own, ids(ref), allergy.active, time, append(observed, caused))


def _absent_entry(
    own: tuple[str, ...], roots: tuple[str, ...], kind: Code, value: Code, ref: str, ids: Ids
) -> _Element:
    """The entry of an empty list: the code says why it is empty."""
    observed = _observed(
        roots,
        ids(f"{ref}-observed"),
        kind,
        (ref, ref),
        _span(None, None, over=False),
        Coded(value),
        denied=value.code == "no-known-problems",
    )
    return _concern(own, ids(ref), False, _span(None, None, over=True), observed)


def _absent_text(value: Code, ref: str) -> _Element:
    return text(paragraph(Words(value.display or value.code, ref)))


def problem_section(
    problems: Problems,
    code: Code,
    title: str,
    roots: Iterable[Template],
    prefix: str,
    ids: Ids,
    *,
    over: bool,
) -> _Element:
    """A section of problems, open ones or those of the past (``over``)."""
    if isinstance(problems, Absence):
        value, ref = _NO_PROBLEM[problems], f"{prefix}-0"
        own = (f"{PCC}.4.5.2", f"{ENTRY}.39")
        words = _absent_text(value, ref)
        entries = [_absent_entry(own, _PROBLEM, PROBLEM, value, ref, ids)]
    else:
        rows = [_problem_row(each, f"{prefix}-{n}", over) for n, each in enumerate(problems)]
        words = text(table(("Début", "Fin", title) if over else ("Début", title), rows))
        entries = [
            _problem_entry(each, f"{prefix}-{n}", ids, over=over) for n, each in enumerate(problems)
        ]
    return section(code, title, roots, narrative=words, identifier=ids(prefix), entries=entries)


def _problem_row(problem: Problem, ref: str, over: bool) -> tuple[str | Words, ...]:
    since = french_day(problem.since)
    words = Words(problem.what.words, ref)
    return (since, french_day(problem.until), words) if over else (since, words)


def allergy_section(allergies: Allergies, title: str, ids: Ids) -> _Element:
    """The section of allergies (F.2.137)."""
    prefix = "allergy"
    if isinstance(allergies, Absence):
        value, ref = _NO_ALLERGY[allergies], f"{prefix}-0"
        own = (f"{PCC}.4.5.3", f"{ENTRY}.40")
        words = _absent_text(value, ref)
        entries = [_absent_entry(own, _ALLERGY, DRUG_ALLERGY, value, ref, ids)]
    else:
        words = text(
            table(
                ("Date", "Type d'allergie", "Agent responsable"),
                (_allergy_row(each, f"{prefix}-{n}") for n, each in enumerate(allergies)),
            )
        )
        entries = [_allergy_entry(each, f"{prefix}-{n}", ids) for n, each in enumerate(allergies)]
    return section(
        ALLERGY_CODE,
        title,
        ALLERGY_TEMPLATES,
        narrative=words,
        identifier=ids(prefix),
        entries=entries,
    )


def _allergy_row(allergy: Allergy, ref: str) -> tuple[str | Words, ...]:
    kind = allergy.kind.display or allergy.kind.code
    return (
        french_day(allergy.since),
        Words(kind[:1].upper() + kind[1:], f"{ref}-kind"),
        Words(allergy.agent.words, f"{ref}-agent"),
    )
