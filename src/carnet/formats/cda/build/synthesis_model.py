"""A medical synthesis (volet de synthèse médicale, VSM) in values."""

from __future__ import annotations

from carnet.formats.cda.build.medication_model import Medication
from carnet.formats.cda.build.problems_model import Absence, Allergies, Problems
from carnet.formats.cda.build.values import StructuredBody

Treatments = tuple[Medication, ...] | Absence


class SynthesisBody(StructuredBody, frozen=True):
    """What a physician needs to know of a patient at once.

    ``problems`` are present, ``history`` is over; ``risks`` (habits, work, family) and
    ``vigilance`` (results and other matters to watch) are sentences, ``treatments`` those taken
    for long. A list that is empty says by an ``Absence`` whether nothing is known or nothing is
    said; so do no sentences at all.
    """

    problems: Problems = Absence.NOT_STATED
    history: Problems = Absence.NOT_STATED
    allergies: Allergies = Absence.NOT_STATED
    risks: tuple[str, ...] = ()
    vigilance: tuple[str, ...] = ()
    treatments: Treatments = Absence.NOT_STATED
