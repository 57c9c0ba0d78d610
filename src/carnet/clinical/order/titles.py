"""Titles people use, with the official type beside: "Prise de sang", "Lettre du cardiologue"."""

from __future__ import annotations

from carnet.clinical.order.model import Paper
from carnet.formats.gist.words import author_words, paper_words, shown
from carnet.record import vocabulary

_OWN = frozenset({"own", "noise", "paper"})
_TYPES = "J07"


def title_of(paper: Paper, language: str) -> str:
    """What people call a document of its kind, from its type, its author and what it shows."""
    said = _shown(paper, language)
    if said:
        return said
    words = paper_words(paper.type)
    author = author_words(paper.specialty) if paper.specialty else None
    if words.by is not None and author is not None and paper.sort not in _OWN:
        form = words.by.fr if language == "fr" else words.by.en
        of = author.fr if language == "fr" else author.en
        return form.format(of=of, the=author.the)
    return words.fr if language == "fr" else words.en


def official_type(paper: Paper) -> str:
    """The label of its type in JDV_J07, in French as published; the code where there is none."""
    found = vocabulary.value_set(_TYPES).find(paper.type)
    return found.display if found is not None and found.display else paper.type


def _shown(paper: Paper, language: str) -> str:
    keys = paper.gist.shows.split()
    if not keys:
        return ""
    tables = shown()
    if paper.sort in ("laboratory", "vaccination"):
        one = tables["sample" if paper.sort == "laboratory" else "vaccine"].get(keys[0])
        return "" if one is None else one.fr if language == "fr" else one.en
    modality = tables["modality"].get(keys[0])
    if modality is None:
        return ""
    name = modality.fr if language == "fr" else modality.en
    site = tables["site"].get(keys[1]) if len(keys) > 1 else None
    if modality.whole or site is None:
        return name
    return f"{name} {site.fr if language == 'fr' else site.en}"
