"""What citizens photograph: their own tables by hand, a box, a booklet, a printed sheet."""

from __future__ import annotations

import re

from carnet.formats.cda.build import EncodedBody
from carnet.formats.pdf import Photograph, Scene, render_photograph
from carnet.population import model
from carnet.population.writing.context import Context
from carnet.population.writing.digest import number_from

_COLUMNS = re.compile(r" {2,}|\t")
_BOOKLET = ("vaccin", "carnet de santé")
_BOXES = ("boîte", "boite")
_LOGS = ("tension", "glycémi", "automesure", "relevé", "poids", "douleur", "débit de pointe")
_SHEETS = (Scene.DESK, Scene.KITCHEN)


def scene_of(photo: model.Photo, title: str) -> Scene:
    """What lies on the table, by what is said of it; a stamp is that of somebody else's paper."""
    words = f"{title} {photo.title}".lower()
    if any(word in words for word in _BOOKLET):
        return Scene.VACCINATION
    if any(word in words for word in _BOXES):
        return Scene.BOX
    if photo.stamp is None and any(word in words for word in _LOGS):
        return Scene.LOG
    return _SHEETS[number_from(f"sheet/{title}") % len(_SHEETS)]


def _in_columns(line: str) -> str:
    """A line that a script aligned by spaces, with its columns named."""
    return "|".join(_COLUMNS.split(line))


def photo_body(context: Context, content: model.Photo) -> EncodedBody:
    """The photograph as JPEG, taken when the citizen fed it."""
    scene = scene_of(content, context.document.title)
    is_ruled = scene in (Scene.LOG, Scene.VACCINATION)
    lines = tuple(_in_columns(line) if is_ruled else line for line in content.lines)
    seed = context.paper
    photo = Photograph(
        content.title,
        lines,
        content.handwritten,
        content.stamp,
        tilt=number_from(f"tilt/{seed}") % 90 / 10 - 4.5,
        scene=scene,
        seed=f"{context.person.key}/{scene}",
        taken=context.document.at.replace(tzinfo=None),
    )
    return EncodedBody("image/jpeg", render_photograph(photo))
