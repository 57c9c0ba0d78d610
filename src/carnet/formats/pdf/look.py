"""What the paper of an invented house looks like, from a name of the house alone."""

from __future__ import annotations

import colorsys

from carnet.formats.pdf.chance import Chance
from carnet.formats.pdf.model import Look
from carnet.formats.pdf.ornaments import LOGOS

_HUES = (0.55, 0.57, 0.6, 0.62, 0.5, 0.47, 0.42, 0.36, 0.98, 0.93, 0.03, 0.08, 0.75, 0.8)


def look_of(key: str) -> Look:
    """The look of a house, such as its FINESS: thousands of keys give thousands of looks.

    Blues and greens are as frequent as on French medical paper; one house in four has no logo.
    """
    chance = Chance(f"look {key}")
    hue = (chance.pick(_HUES) + chance.between(-0.02, 0.02)) % 1
    lightness = chance.between(0.2, 0.38)
    channels = colorsys.hls_to_rgb(hue, lightness, chance.between(0.35, 0.9))
    return Look(
        accent="#" + "".join(f"{round(255 * channel):02x}" for channel in channels),
        logo=chance.pick(sorted(LOGOS)) if chance.below(4) else "",
        font=chance.below(60),
        variant=chance.below(60),
        justified=chance.below(4) == 0,
        density=chance.pick((0.94, 0.97, 1.0, 1.0, 1.03, 1.07)),
    )
