"""What a CDA says about a person's health, as facts with their source: entries of level 3.

A document of level 1 has no entries and gives nothing; nothing is guessed from prose.
"""

from __future__ import annotations

from carnet.formats.cda.facts.context import Collector, Context
from carnet.formats.cda.facts.elements import ACTS, Element
from carnet.formats.cda.facts.reader import read
from carnet.formats.cda.facts.scan import Scan
from carnet.formats.cda.facts.sections import Entry
from carnet.formats.cda.facts.values import Values
from carnet.record.facts import Facts

__all__ = ["FACTS_READER", "read_facts"]

FACTS_READER = 2
"""The version of the reader: facts read by another one are to be read again."""


def read_facts(data: bytes) -> Facts:
    """The facts of one document held in memory; the same bytes always give the same facts.

    Raises ``CarnetError``: those of ``SafeXmlReader`` and ``cda-not-a-document``. Bounded: 20,000
    facts, 60,000 statements, 2,000,000 characters of narrative; ``cut`` says that there was more.
    """
    out = Collector(read)

    def take(entry: Entry) -> None:
        for child in entry.element.children:
            if child.name in ACTS:
                _take(child, _context(entry, child, scan), out)

    scan = Scan(data, take)
    scan.run()
    return Facts(tuple(out.facts), tuple(out.unread), out.cut or scan.cut)


def _take(node: Element, context: Context, out: Collector) -> None:
    """One entry; where it gave nothing at all, that is said."""
    before = len(out.facts) + len(out.unread)
    out.read(node, context, out)
    if len(out.facts) + len(out.unread) == before and not out.cut:
        out.leave(node, context, "nothing-said")


def _context(entry: Entry, node: Element, scan: Scan) -> Context:
    section = entry.section
    return Context(
        values=Values(scan.narrative, section.serial, alone=section.entries == 1),
        section=section.code,
        title=section.title,
        chain=section.chain,
        path=f"{entry.path}/{node.name}[{node.number}]",
    )
