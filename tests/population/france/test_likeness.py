from __future__ import annotations

from carnet.population.france.likeness import Memory, runs_of

TEXT = "Tension bien contrôlée sous traitement, pas de plainte, revoir dans trois mois."


def test_the_same_text_is_wholly_alike() -> None:
    memory = Memory()
    memory.add(runs_of(TEXT))
    assert memory.likeness(runs_of(TEXT.upper())) == 1.0


def test_a_text_that_holds_a_shorter_one_is_like_it() -> None:
    memory = Memory()
    memory.add(runs_of(TEXT))
    longer = f"{TEXT} Le reste de l'examen porte sur le genou gauche, sans épanchement."
    assert memory.likeness(runs_of(longer)) == 1.0


def test_other_words_are_not_alike() -> None:
    memory = Memory()
    memory.add(runs_of(TEXT))
    other = "Fracture du poignet droit, plâtre pour six semaines, contrôle en consultation."
    assert memory.likeness(runs_of(other)) == 0.0


def test_nothing_is_like_nothing() -> None:
    assert Memory().likeness(runs_of(TEXT)) == 0.0
    assert Memory().likeness(runs_of("court")) == 0.0
