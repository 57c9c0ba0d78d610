"""What a kind of document asks of the header beyond the CI-SIS's rules for every document."""

from __future__ import annotations

from carnet.formats.cda.build.kind import BodyKind
from carnet.formats.cda.build.model import DocumentSpec
from carnet.formats.cda.build.people_model import Actor
from carnet.record.errors import CarnetError


def _at_work(who: object) -> bool:
    """Whether somebody is a professional with a profession and a structure."""
    return isinstance(who, Actor) and who.profession is not None and who.structure is not None


def check_header(spec: DocumentSpec, kind: BodyKind) -> None:
    """Raises ``CarnetError('cda-element-missing')`` where the kind asks for more than is given."""
    rules = kind.header
    responsible = spec.encounter.responsible
    uncoded = responsible is not None and responsible.profession is None
    for missing, element in (
        (rules.ended and spec.event.end is None, "serviceEvent/effectiveTime/high"),
        (rules.author_at_work and not _at_work(spec.author), "assignedAuthor"),
        (rules.performer_at_work and not _at_work(spec.event.performer), "performer"),
        (rules.responsible_coded and uncoded, "responsibleParty/assignedEntity/code"),
    ):
        if missing:
            raise CarnetError("cda-element-missing", element)
