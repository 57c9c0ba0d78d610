"""Narrative blocks (HL7 CDA R2 §4.3.5) as HTML: one method an element, text escaped, bounded.

Nothing of the document but its words and numbers goes into the HTML; elements, classes and ids are
written here. What is refused is left out and counted: words marked as deleted, markup that is no
narrative (``script``, ``iframe`` …). Markup of unknown names gives its words.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from carnet.formats.cda.html import styles
from carnet.formats.cda.html.model import NarrativeLimits
from carnet.formats.cda.html.naming import footnote_id, section_id, web_address
from carnet.formats.cda.html.output import Frame, Output
from carnet.formats.cda.html.references import References
from carnet.formats.cda.html.tabling import TableWriter

_REFUSED = frozenset(
    {
        "applet", "area", "audio", "base", "button", "canvas", "dialog", "embed", "fieldset",
        "form", "frame", "frameset", "head", "iframe", "img", "input", "link", "map", "math",
        "meta", "noembed", "noframes", "noscript", "object", "optgroup", "option", "param",
        "portal", "script", "select", "slot", "source", "style", "svg", "template", "textarea",
        "track", "video", "xmp",
    }
)  # fmt: skip
_UNSEEN = frozenset({"col", "colgroup"})
_LAST_LEVEL = 6


class NarrativeWriter:
    """Takes the events of sections' titles and texts; ``html`` is the whole at the end."""

    def __init__(self, limits: NarrativeLimits, references: References, heading: int) -> None:
        self.output = output = Output(limits, references)
        self._references = references
        self._prefix = references.prefix
        self._heading = heading
        self._tables = tables = TableWriter(output)
        self._footnotes: list[str] = []
        self._dropped = 0
        self._links = 0
        self.deleted = 0
        self.refused = 0
        self._starts: dict[str, Callable[[dict[str, str]], Frame | None]] = {
            "br": self._break,
            "caption": self._caption,
            "content": self._content,
            "footnote": self._footnote,
            "footnoteRef": self._footnote_ref,
            "item": self._item,
            "linkHtml": self._link,
            "list": self._list,
            "paragraph": self._paragraph,
            "renderMultiMedia": self._media,
            "sub": lambda given: self._inline("sub", given),
            "sup": lambda given: self._inline("sup", given),
            "table": tables.table,
            "tbody": lambda given: tables.part("tbody", given),
            "td": lambda given: tables.cell(given, head=False),
            "tfoot": lambda given: tables.part("tfoot", given),
            "th": lambda given: tables.cell(given, head=True),
            "thead": lambda given: tables.part("thead", given),
            "tr": tables.row,
        }

    @property
    def cut(self) -> bool:
        """Whether there was more than the limits allow."""
        return self.output.cut

    @property
    def rows(self) -> int:
        """Rows of tables that were written."""
        return self._tables.rows

    # Sections.

    def begin_section(self) -> None:
        """A section opens; its title, text and inner sections follow."""
        self.output.write('<section class="cda-section">')

    def end_section(self) -> None:
        """A section closes."""
        self.output.write("</section>")

    def title(self, number: int, level: int, text: str) -> None:
        """The heading of a section; ``level`` counts from 1."""
        tag = f"h{min(self._heading + level - 1, _LAST_LEVEL)}"
        words = escape(self.output.straight(text))
        self.output.write(
            f'<{tag} class="cda-title" id="{section_id(number, self._prefix)}">{words}</{tag}>'
        )

    def begin_text(self, attributes: dict[str, str]) -> None:
        """A section's text opens."""
        self.output.write(f'<div class="cda-text"{self.output.id(attributes)}>')

    def end_text(self) -> None:
        """A section's text closes: the footnotes called in it stand below."""
        if self._footnotes:
            self.output.write(f'<div class="cda-footnotes">{"".join(self._footnotes)}</div>')
            self._footnotes.clear()
        self.output.write("</div>")

    def html(self) -> str:
        """All of it, with what was referred to."""
        return self.output.html()

    # Events inside a text.

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens; ``name`` is local, or ``namespace local`` outside HL7 v3."""
        if self._dropped or self.output.cut:
            self._dropped += 1
            return
        if attributes.get("revised") == "delete":
            self.deleted += 1
            self._dropped = 1
        elif name in self._starts:
            frame = self._starts[name](attributes)
            self.output.frames.append(frame or self._other(attributes))
        elif name in _UNSEEN:
            self._dropped = 1
        elif " " in name or name.lower() in _REFUSED:
            self.refused += 1
            self._dropped = 1
        else:
            self.output.frames.append(self._other(attributes))

    def end(self) -> None:
        """The element opened last closes."""
        if self._dropped:
            self._dropped -= 1
            return
        frame = self.output.frames.pop()
        if isinstance(frame.end, str):
            self.output.write(frame.end)
        else:
            frame.end()

    def data(self, text: str) -> None:
        """Character data."""
        if not self._dropped and not self.output.cut:
            self.output.words(text)

    # What each element becomes.

    def _paragraph(self, given: dict[str, str]) -> Frame:
        self.output.write(f"<p{styles.class_of(given)}{self.output.id(given)}>")
        return Frame("p", "</p>")

    def _content(self, given: dict[str, str]) -> Frame:
        names = styles.elements_of(given) or ("span",)
        first, *others = names
        opening = f"<{first}{self.output.id(given)}>" + "".join(f"<{name}>" for name in others)
        self.output.write(opening)
        return Frame("content", "".join(f"</{name}>" for name in reversed(names)))

    def _inline(self, tag: str, given: dict[str, str]) -> Frame:
        self.output.write(f"<{tag}{self.output.id(given)}>")
        return Frame("content", f"</{tag}>")

    def _break(self, _given: dict[str, str]) -> Frame:
        self.output.write("<br>")
        if self.output.cells:
            self.output.cells[-1].words.append(" ")
        return Frame("content", "")

    def _other(self, given: dict[str, str]) -> Frame:
        """An element that the narrative does not know: its words, apart from their neighbours."""
        self.output.write(f' <span class="cda-other"{self.output.id(given)}>')
        return Frame("content", "</span> ")

    def _caption(self, given: dict[str, str]) -> Frame:
        kind = self.output.kind()
        if kind == "table":
            self.output.write(f"<caption{styles.class_of(given)}{self.output.id(given)}>")
            return Frame("caption", "</caption>")
        if kind == "list":
            self.output.write(f"<p{styles.class_of(given, 'caption')}{self.output.id(given)}>")
            return Frame("p", "</p>")
        if kind == "media":
            self._references.mark_captioned()
        self.output.write(f"<span{styles.class_of(given, 'caption')}{self.output.id(given)}>")
        return Frame("content", "</span>")

    def _list(self, given: dict[str, str]) -> Frame:
        opening, closing = styles.list_tags(given)
        frame = Frame("list", "", f"{opening}{self.output.id(given)}>")
        frame.end = lambda: self.output.write(closing if frame.begun else "")
        return frame

    def _item(self, given: dict[str, str]) -> Frame:
        parent = self.output.frames[-1] if self.output.frames else None
        if parent is None or parent.kind != "list":
            return self._other(given)
        self.output.begin_list(parent)
        self.output.write(f"<li{styles.class_of(given)}{self.output.id(given)}>")
        return Frame("item", "</li>")

    def _link(self, given: dict[str, str]) -> Frame:
        """A link, its address in words behind it: the text alone may lie about where it leads."""
        address = " ".join(self.output.straight(given.get("href", "")).split())
        nested, self._links = self._links, self._links + 1
        followed = web_address(address)
        if nested or not address:
            opening, closing = f"<span{self.output.id(given)}>", "</span>"
        elif address.startswith("#"):
            opening = self._references.link(address[1:], self.output.id(given))
            closing = "</a>"
        elif followed is not None:
            where = f'href="{escape(followed)}" target="_blank"'
            opening = f'<a class="cda-link"{self.output.id(given)} {where}>'
            closing = f"</a>{_told(address)}"
        else:
            opening, closing = f"<span{self.output.id(given)}>", f"</span>{_told(address)}"
        self.output.write(opening)

        def end() -> None:
            self._links = nested
            self.output.write(closing)

        return Frame("content", end)

    def _media(self, given: dict[str, str]) -> Frame:
        names = given.get("referencedObject", "").split()
        mark = self._references.media(names)
        self.output.write(f'<span class="cda-media"{self.output.id(given)}>{mark}')
        return Frame("media", "</span>")

    def _footnote(self, given: dict[str, str]) -> Frame:
        number = self._references.footnote(given.get("ID"))
        call = footnote_id(number, self._prefix, call=True)
        note = footnote_id(number, self._prefix)
        if self._links:
            self.output.write(f'<sup id="{call}">[{number}]</sup>')
        else:
            self.output.write(f'<sup><a id="{call}" href="#{note}">[{number}]</a></sup>')
        opening = f'<div class="cda-footnote" id="{note}"><a href="#{call}">[{number}]</a> '
        self.output.open_part([f"{opening}<span{self.output.id(given)}>"])
        links, self._links = self._links, 0

        def end() -> None:
            self._links = links
            self._footnotes.append(f"{self.output.close_part()}</span></div>")

        return Frame("content", end)

    def _footnote_ref(self, given: dict[str, str]) -> Frame:
        target = given.get("IDREF", "")
        self.output.write(self._references.footnote_ref(target, linked=not self._links))
        return Frame("content", "")


def _told(address: str) -> str:
    return f' <span class="cda-address">({escape(address, quote=False)})</span>'
