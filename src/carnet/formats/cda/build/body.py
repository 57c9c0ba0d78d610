"""The table of the kinds of body: by the class of its body a document finds how it is written.

A new kind is a module with a model (a subclass of ``StructuredBody``), a ``write_…`` function and a
``BodyKind`` constant, and one line in the table here. ``document.py`` and ``header.py`` know of
kinds only what ``BodyKind`` says.
"""

from __future__ import annotations

from carnet.formats.cda.build.discharge import DISCHARGE
from carnet.formats.cda.build.dispensation import DISPENSATION
from carnet.formats.cda.build.encoded import ENCODED
from carnet.formats.cda.build.imaging import IMAGING
from carnet.formats.cda.build.kind import BodyKind
from carnet.formats.cda.build.laboratory import LABORATORY
from carnet.formats.cda.build.model import Body
from carnet.formats.cda.build.prescription import PRESCRIPTION
from carnet.formats.cda.build.reimbursement import REIMBURSEMENT
from carnet.formats.cda.build.synthesis import SYNTHESIS
from carnet.formats.cda.build.vaccination import VACCINATION_HISTORY, VACCINATION_NOTE

KINDS: tuple[BodyKind, ...] = (
    ENCODED,
    LABORATORY,
    IMAGING,
    PRESCRIPTION,
    DISPENSATION,
    VACCINATION_NOTE,
    VACCINATION_HISTORY,
    SYNTHESIS,
    DISCHARGE,
    REIMBURSEMENT,
)

_BY_CLASS: dict[type, BodyKind] = {kind.body: kind for kind in KINDS}


def kind_of(body: Body) -> BodyKind:
    """The kind of a body; KeyError for a class that stands in no line of the table."""
    return _BY_CLASS[type(body)]
