"""Photographs: what lies on the table follows from what is said of it."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from carnet.formats.pdf import Scene
from carnet.population.model import Photo
from carnet.population.writing.photos import photo_body, scene_of
from tests.population.writing.samples import context_of


@pytest.mark.parametrize(
    ("title", "photo", "scenes"),
    [
        ("Mes tensions", Photo(title="Semaine", lines=()), {Scene.LOG}),
        ("Photo", Photo(title="Carnet de vaccination", lines=()), {Scene.VACCINATION}),
        ("Photo : boîte de Doliprane", Photo(title="Doliprane", lines=()), {Scene.BOX}),
        ("Photo", Photo(title="Courrier", lines=()), {Scene.DESK, Scene.KITCHEN}),
        (
            "Relevé",
            Photo(title="Compte rendu", lines=(), stamp="CHU"),
            {Scene.DESK, Scene.KITCHEN},
        ),
    ],
)
def test_the_scene_is_that_of_the_thing(title: str, photo: Photo, scenes: set[Scene]) -> None:
    assert scene_of(photo, title) in scenes


def test_a_photograph_is_a_jpeg_taken_when_it_was_fed() -> None:
    photo = Photo(title="Mes tensions", lines=("lundi   14   8",))
    made = photo_body(context_of("photo"), photo)
    assert made.media_type == "image/jpeg"
    with Image.open(io.BytesIO(made.data)) as opened:
        assert opened.size == (900, 1200)
        assert opened.getexif()[0x0132] == "2026:02:02 10:00:00"
    assert made == photo_body(context_of("photo"), photo)
