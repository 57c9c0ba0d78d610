"""Sections of every kind of body, and the section with the document's copy as PDF.

Order within a section follows CDA R2: templateId, id, code, title, text, entry, component.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable

from lxml.etree import _Element

from carnet.formats.cda.build.kind import Ids, Template
from carnet.formats.cda.build.narrative import Words, paragraphs, table, text
from carnet.formats.cda.build.oids import ENTRY, SECTION
from carnet.formats.cda.build.statements import (
    component,
    organizer,
    simple_observation,
    value_of,
)
from carnet.formats.cda.build.values import Coded
from carnet.formats.cda.build.xml import LOINC, append, coded, element, identified, template
from carnet.record.document import Code
from carnet.record.identity import Identifier

COPY = Code(LOINC, "55108-5", "Copie du document")
COPY_TITLE = "Copie du document"


def section(
    code: Code,
    title: str,
    templates: Iterable[Template],
    *,
    narrative: _Element | None = None,
    identifier: str | None = None,
    entries: Iterable[_Element] = (),
    subsections: Iterable[_Element] = (),
) -> _Element:
    """A ``component`` with a section: title and either text (with entries) or sub-sections.

    ``identifier`` is a UUID from ``Ids``; ``narrative`` the ``text`` element; ``entries`` are
    ``entry`` elements; ``subsections`` are components that this function made.
    """
    made = element("section", *(template(root, extension) for root, extension in templates))
    if identifier is not None:
        made.append(identified(Identifier(identifier)))
    append(made, coded("code", code), element("title", title), narrative)
    append(made, *entries)
    append(made, *subsections)
    return element("component", made)


def structured(*sections: _Element | None) -> _Element:
    """The ``component`` with the structured body; absent sections are left out."""
    return element("component", append(element("structuredBody"), *sections))


def comment(texts: tuple[str, ...], ids: Ids) -> _Element | None:
    """The section of comments in words (F.2.73); nothing where there are none."""
    if not texts:
        return None
    return section(
        Code(LOINC, "55112-7", "Commentaire"),
        "Commentaire",
        (
            ("2.16.840.1.113883.10.12.201", None),
            ("1.3.6.1.4.1.19376.1.4.1.2.16", None),
            (f"{SECTION}.73", None),
        ),
        identifier=ids("comment"),
        narrative=paragraphs(texts),
    )


def _copy_entry(pdf: bytes, ids: Ids) -> _Element:
    value = element(
        "value",
        base64.b64encode(pdf).decode("ascii"),
        attrs={"mediaType": "application/pdf", "representation": "B64"},
    )
    media = element(
        "observationMedia", value, attrs={"classCode": "OBS", "moodCode": "EVN", "ID": "pdf"}
    )
    kind = simple_observation(
        (f"{ENTRY}.48.18",),
        ids("copy-kind"),
        Coded(Code(LOINC, "69764-9", "Type de document")),
        "copie",
        value=value_of(Coded(COPY)),
    )
    return element(
        "entry",
        organizer(
            "CLUSTER",
            (f"{ENTRY}.18",),
            ids("copy"),
            Code(LOINC, "55107-7", "Document attaché"),
            component(kind),
            component(media),
        ),
    )


def pdf_copy(pdf: bytes, ids: Ids) -> _Element:
    """The section with the copy as PDF (F.2.243); its title is fixed by the specification."""
    shown = element("renderMultiMedia", attrs={"referencedObject": "pdf"})
    words = table((), ((Words("Document complet au format PDF", "copie"), ""),))
    words[0][0][1].append(shown)
    return section(
        COPY,
        COPY_TITLE,
        ((f"{SECTION}.243", None),),
        identifier=ids("copy-section"),
        narrative=text(words),
        entries=(_copy_entry(pdf, ids),),
    )
