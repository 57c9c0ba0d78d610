"""The styles of paper: each module composes a letter its own way; this table names them."""

from __future__ import annotations

from collections.abc import Callable

from carnet.formats.pdf.model import Letter, Style
from carnet.formats.pdf.sheet import Sheet
from carnet.formats.pdf.styles import (
    bizone,
    certificate,
    classic,
    clinic,
    emergency,
    hospital,
    imaging,
    laboratory,
    practice,
    prescription,
    school,
    ticket,
    typewriter,
)

COMPOSERS: dict[Style, Callable[[Letter], list[Sheet]]] = {
    Style.CLASSIC: classic.compose,
    Style.PRACTICE: practice.compose,
    Style.TYPEWRITER: typewriter.compose,
    Style.CLINIC: clinic.compose,
    Style.HOSPITAL: hospital.compose,
    Style.LABORATORY: laboratory.compose,
    Style.PRESCRIPTION: prescription.compose,
    Style.BIZONE: bizone.compose,
    Style.CERTIFICATE: certificate.compose,
    Style.IMAGING: imaging.compose,
    Style.TICKET: ticket.compose,
    Style.SCHOOL: school.compose,
    Style.EMERGENCY: emergency.compose,
}


def compose(letter: Letter) -> list[Sheet]:
    """The finished sheets of a letter in its style."""
    return COMPOSERS[letter.style](letter)
