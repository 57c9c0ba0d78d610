"""What makes one kind of document: templates, type, rules of its header, writer of its body."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from lxml.etree import _Element

from carnet.record.document import Code

Ids = Callable[[str], str]
"""Gives the id (UUID, upper case) of an entry from a label that is unique in the document."""

Template = tuple[str, str | None]
"""Root and extension of a templateId."""


class HeaderRules(msgspec.Struct, frozen=True, kw_only=True):
    """Where a kind asks more of the header than the CI-SIS asks of every document.

    The first four are roots of templates for the element of that name (``prescriber`` is the
    participant REF). ``performer_time`` says that the performer of the main act states when,
    ``ended`` that the main act has a start and an end, ``author_at_work`` and ``performer_at_work``
    that author and performer state profession and structure, ``responsible_coded`` that the
    responsible party, if any, states the profession.
    """

    performer: str | None = None
    prescriber: str | None = None
    recipient: str | None = None
    authenticator: str | None = None
    performer_time: bool = False
    ended: bool = False
    author_at_work: bool = False
    performer_at_work: bool = False
    responsible_coded: bool = False


class BodyKind(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table in ``body.py``: how documents with bodies of class ``body`` are made.

    ``templates`` are the templateIds after the two of every document. ``write`` takes the body and
    ``Ids`` and gives the ``component`` with the body. ``type`` is the code of the document,
    ``title`` the only title that the specification allows (None: any), ``main_act`` the code of the
    main act where the caller gives none. ``namespaces`` are further
    prefixes that the root declares.
    """

    body: type
    templates: tuple[Template, ...]
    write: Callable[[Any, Ids], _Element]
    type: Code | None = None
    title: str | None = None
    main_act: Code | None = None
    header: HeaderRules = HeaderRules()
    namespaces: dict[str | None, str] = {}
