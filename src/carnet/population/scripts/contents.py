"""What stands in a document of a script, by its kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from carnet.population.codes import Act, Analysis, Drug, Vaccine, entry
from carnet.population.model import (
    Content,
    Discharge,
    Dispensation,
    Germ,
    Imaging,
    Laboratory,
    Letter,
    Life,
    Line,
    Photo,
    Prescription,
    Reimbursements,
    Susceptibility,
    Synthesis,
    Table,
    Vaccination,
    VaccinationHistory,
    Value,
)
from carnet.population.reimbursing import reimbursed
from carnet.population.scripts.forms import LineForm, TableForm
from carnet.population.scripts.reading import kinds
from carnet.population.scripts.unfolding import Unfolded, UnknownKeyError

_BOX_DAYS = 30


def content_of(one: Unfolded, life: Life) -> Content:
    """The content of a document; ``life`` holds the documents before it.

    Raises ``UnknownKeyError`` where a key names nothing or what the kind needs is not there.
    """
    if one.form.copy_of is not None:
        return _copied(one.form.copy_of, life)
    return _MAKERS[kinds()[one.form.kind].content](one, life)


def _copied(key: str, life: Life) -> Content:
    """What is sent again says what the first says."""
    original = life.document(key)
    if original is None:
        raise UnknownKeyError(f"“{key}” is no document before this one")
    return original.content


def _letter(one: Unfolded, _life: Life) -> Letter:
    form = one.form
    if not form.text:
        raise UnknownKeyError(f"the document “{form.key}” has no `text`")
    parts = tuple(
        Table(part.heads, part.rows) if isinstance(part, TableForm) else part for part in form.text
    )
    return Letter(
        text=parts,
        greeting=form.greeting,
        closing=form.closing,
        signature=form.signature,
        scan=form.scan,
    )


def _photo(one: Unfolded, _life: Life) -> Photo:
    photo = one.form.photo
    if photo is None:
        raise UnknownKeyError(f"the document “{one.form.key}” has no `photo`")
    return Photo(
        title=photo.title, lines=photo.lines, handwritten=photo.handwritten, stamp=photo.stamp
    )


def _laboratory(one: Unfolded, _life: Life) -> Laboratory:
    form = one.form
    values = []
    for name, said in form.values.items():
        entry(Analysis, name)
        value = said if isinstance(said, str) else said[one.rank] if one.rank < len(said) else ""
        if value:
            values.append(Value(name, value))
    if not values and not form.germs:
        raise UnknownKeyError(f"the document “{one.document.key}” has no `values`")
    germs = tuple(
        Germ(
            germ.name, germ.count, tuple(Susceptibility(*pair) for pair in germ.antibiogram.items())
        )
        for germ in form.germs
    )
    return Laboratory(
        values=tuple(values), comment=form.comment, germs=germs, specimen=form.specimen
    )


def _line(form: LineForm, life: Life) -> Line:
    treatment = None if form.treatment is None else life.treatment(form.treatment)
    if form.treatment is not None and treatment is None:
        raise UnknownKeyError(f"“{form.treatment}” is no treatment of this life")
    drug = treatment.drug if treatment else form.drug
    if drug is not None:
        entry(Drug, drug)
    if drug is None and form.device is None:
        raise UnknownKeyError("a line needs `treatment`, `drug` or `device`")
    return Line(
        drug=drug,
        device=form.device,
        dose=form.dose or (treatment.dose if treatment else ""),
        days=form.days,
        renewals=form.renewals,
        treatment=form.treatment,
        problem=form.problem or (treatment.problem if treatment else None),
        long_illness=form.long_illness,
        not_substitutable=form.not_substitutable,
        boxes=form.boxes,
    )


def _prescription(one: Unfolded, life: Life) -> Prescription:
    form = one.form
    lines = [_line(line, life) for line in form.lines]
    if form.renews:
        lines += [
            Line(
                drug=taken.drug,
                dose=taken.dose,
                days=form.days,
                renewals=max(0, form.days // _BOX_DAYS - 1),
                treatment=taken.key,
                problem=taken.problem,
            )
            for taken in life.taken(one.document.at.date())
            if taken.chronic
        ]
    if not lines:
        raise UnknownKeyError(f"the document “{one.document.key}” prescribes nothing")
    return Prescription(lines=tuple(lines))


def _dispensation(one: Unfolded, life: Life) -> Dispensation:
    of = one.form.of or ""
    prescription = life.document(of) or life.document(f"{of}-{one.rank + 1}")
    if prescription is None or not isinstance(prescription.content, Prescription):
        raise UnknownKeyError(f"“{of}” is no prescription before “{one.document.key}”")
    return Dispensation(prescription=prescription.key, lines=prescription.content.lines)


def _vaccination(one: Unfolded, _life: Life) -> Vaccination:
    given = one.form.given
    if given is None:
        raise UnknownKeyError(f"the document “{one.form.key}” needs `given`")
    entry(Vaccine, given.vaccine)
    return Vaccination(
        vaccine=given.vaccine,
        lot=given.lot,
        rank=given.rank,
        booster=given.booster,
        comment=one.form.comment,
    )


def _vaccination_history(one: Unfolded, life: Life) -> VaccinationHistory:
    if not any(isinstance(past.content, Vaccination) for past in life.documents):
        raise UnknownKeyError(f"nobody vaccinated before “{one.document.key}”")
    return VaccinationHistory(comment=one.form.comment)


def _synthesis(one: Unfolded, _life: Life) -> Synthesis:
    return Synthesis(risks=one.form.risks, comment=one.form.comment)


def _discharge(one: Unfolded, life: Life) -> Discharge:
    form = one.form
    if form.reason is None or not form.course:
        raise UnknownKeyError(f"the document “{form.key}” needs `reason` and `course`")
    for key in form.on_admission + form.on_leaving:
        if life.treatment(key) is None:
            raise UnknownKeyError(f"“{key}” is no treatment of this life")
    return Discharge(
        reason=form.reason,
        course=form.course,
        follow_up=form.follow_up,
        on_admission=form.on_admission,
        on_leaving=form.on_leaving,
        problems=form.states.problems,
    )


def _imaging(one: Unfolded, _life: Life) -> Imaging:
    form = one.form
    if form.exam is None or not form.findings or not form.indication:
        raise UnknownKeyError(f"the document “{form.key}” needs `exam`, `indication`, `findings`")
    entry(Act, form.exam)
    return Imaging(
        exam=form.exam,
        indication=form.indication,
        technique=form.technique,
        findings=form.findings,
        conclusion=form.conclusion,
        comparison=form.comparison,
    )


def _reimbursements(one: Unfolded, life: Life) -> Reimbursements:
    day = one.document.at.date()
    since = day - timedelta(days=180)
    return Reimbursements(since=since, lines=reimbursed(life, since, day))


_MAKERS: dict[str, Callable[[Unfolded, Life], Content]] = {
    "letter": _letter,
    "photo": _photo,
    "laboratory": _laboratory,
    "prescription": _prescription,
    "dispensation": _dispensation,
    "vaccination": _vaccination,
    "vaccination-history": _vaccination_history,
    "synthesis": _synthesis,
    "discharge": _discharge,
    "imaging": _imaging,
    "reimbursements": _reimbursements,
}
"""By the ``content`` of the kind."""
