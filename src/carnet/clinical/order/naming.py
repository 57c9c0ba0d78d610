"""Episodes named in words: "Opération du genou", "Grossesse", "Suivi du diabète"."""

from __future__ import annotations

from carnet.clinical.order.model import Episode
from carnet.formats.gist.words import Saying, topics

_STAY = Saying("Séjour à l'hôpital", "Hospital stay")
_OWN = {
    "stay": _STAY,
    "emergency": Saying("Passage aux urgences", "Emergency visit"),
    "treatment": Saying("Ordonnance et médicaments remis", "Prescription and medicines"),
    "hand": Saying("Groupe", "Group"),
}
OUTSIDE = Saying("Hors épisode", "Outside episodes")
"""The name of what belongs to no episode."""


def name_of(episode: Episode, language: str) -> str:
    """The name that a person gave, else one from what it is about."""
    if episode.name is not None:
        return episode.name
    topic = topics().get(episode.topic)
    words = _OWN.get(episode.topic, _STAY) if topic is None else Saying(topic.fr, topic.en)
    told = words.fr if language == "fr" else words.en
    if episode.kind == "stay" and topic is not None:
        stay = _STAY.fr if language == "fr" else _STAY.en
        between = " : " if language == "fr" else ": "
        return f"{stay}{between}{told}"
    return told
