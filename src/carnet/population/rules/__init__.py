"""The rules that every life must keep: what a doctor who reads it would stumble over.

Each rule is a function that yields contradictions. They run over scripted and generated lives in
tests, and each has a test with a contradiction planted for it. They are not rules of the record:
a real record may hold every one of these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from carnet.population.model import Directory, Life
from carnet.population.rules import medicines, people, prose, times, values
from carnet.population.rules.contradiction import Contradiction

Rule = Callable[[Life, Directory, date], Iterator[Contradiction]]

RULES: dict[str, Rule] = {
    "before-birth": times.before_birth,
    "after-death": times.after_death,
    "not-yet": times.not_yet,
    "ends-before-it-begins": times.ends_before_it_begins,
    "outside-episode": times.outside_episode,
    "replaced-later": times.replaced_later,
    "read-before-fed": times.read_before_fed,
    "opened-on-sunday": times.opened_on_sunday,
    "emergency-before-results": times.emergency_before_results,
    "treatment-after-dispensing": medicines.begun_after_dispensing,
    "dispensed-unprescribed": medicines.dispensed_unprescribed,
    "prescribed-when-ended": medicines.prescribed_when_ended,
    "allergy-prescribed": medicines.allergy_prescribed,
    "same-drug-twice": medicines.same_drug_twice,
    "forbidden-in-pregnancy": medicines.forbidden_in_pregnancy,
    "birth-without-pregnancy": people.birth_without_pregnancy,
    "mother-too-young": people.mother_too_young,
    "problem-of-other-sex": people.problem_of_other_sex,
    "not-their-act": people.not_their_act,
    "value-impossible": values.impossible,
    "value-leaps": values.leaps,
    "kidney-disagrees": values.kidney_disagrees,
    "age-disagrees": prose.age_disagrees,
    "result-disagrees": prose.result_disagrees,
    "letters-alike": prose.letters_alike,
}
"""Every rule by its name."""


def contradictions(life: Life, directory: Directory, today: date) -> Iterator[Contradiction]:
    """Everything that does not hold together in a life told up to ``today``."""
    for rule in RULES.values():
        yield from rule(life, directory, today)


__all__ = ["RULES", "Contradiction", "Rule", "contradictions"]
