"""Whatever the narrative holds, what leaves is of the allow-list."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from carnet.formats.cda.html import read_html
from carnet.formats.cda.html.wall import CLASSES, TAGS, VALUES, walled
from tests.formats.cda.html.told import FILES
from tests.formats.cda.minimal import structured

_NARRATIVE = [
    "paragraph", "content", "list", "item", "table", "thead", "tbody", "tfoot", "tr", "td", "th",
    "caption", "br", "sub", "sup", "footnote", "footnoteRef", "linkHtml", "renderMultiMedia",
    "col", "colgroup",
]  # fmt: skip
_HOSTILE = [
    "script", "style", "iframe", "object", "embed", "svg", "math", "form", "input", "base", "meta",
    "img", "a", "p", "div", "b", "title", "template", "select", "plaintext", "noscript", "html",
    "body", "frameset", "mglyph", "annotation-xml", "foreignObject", "xmp", "textarea", "marquee",
]  # fmt: skip
_NAMESPACES = [
    "urn:hl7-org:v3", "http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg",
    "http://www.w3.org/1998/Math/MathML", "urn:x",
]  # fmt: skip
_ATTRIBUTES = [
    "ID", "styleCode", "href", "colspan", "rowspan", "align", "listType", "referencedObject",
    "IDREF", "revised", "style", "onclick", "onerror", "src", "class", "id", "srcdoc", "action",
    "formaction", "background", "name", "border", "width", "xlink", "data-label",
]  # fmt: skip
_VALUES = st.one_of(
    st.sampled_from(
        [
            "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "https://x.fr/",
            "//x.fr/", "#a", "a", "a b", "Bold Lrule", "ordered", "delete", "3", "-1", "99999",
            '"><img src=x onerror=alert(1)>', "'", "\u202e", "url(//x.fr)", "java\tscript:x",
            "JaVaScRiPt:x", 'https://x.fr/"onmouseover="alert(1)', "right",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
)  # fmt: skip
_TEXTS = st.one_of(
    st.sampled_from(["<script>alert(1)</script>", "]]>", "&lt;", "--><img src=x>", "\u202e5 mg"]),
    st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=20),
)
_NAMES = st.tuples(
    st.sampled_from(_NAMESPACES[:1] * 6 + _NAMESPACES),
    st.sampled_from(_NARRATIVE * 2 + _HOSTILE),
)
Tree = tuple[tuple[str, str], dict[str, str], list[object]]
_TREES = st.recursive(
    _TEXTS,
    lambda inner: st.tuples(
        _NAMES,
        st.dictionaries(st.sampled_from(_ATTRIBUTES), _VALUES, max_size=4),
        st.lists(inner, max_size=5),
    ),
    max_leaves=40,
)


def _built(parent: etree._Element, tree: object) -> None:
    if isinstance(tree, str):
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + tree
        else:
            parent.text = (parent.text or "") + tree
        return
    assert isinstance(tree, tuple)
    (namespace, name), attributes, children = tree
    made = etree.SubElement(parent, f"{{{namespace}}}{name}", attributes)
    for child in children:
        _built(made, child)


class _Judge(HTMLParser):
    """Collects what is not of the allow-list, by a parser of another make."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.faults.append(tag)
            return
        for name, value in attrs:
            self._attribute(tag, name, value or "")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name == "rel" and tag == "a":
            if value != "noopener noreferrer":
                self.faults.append(f"rel {value}")
        elif name not in TAGS[tag]:
            self.faults.append(f"{tag} {name}")
        elif name == "class":
            self.faults += [f"class {each}" for each in value.split() if each not in CLASSES]
        elif name == "id":
            self.ids.append(value)
            if not value.startswith("doc-"):
                self.faults.append(f"id {value}")
        elif name == "src" and not value.startswith(FILES):
            self.faults.append(f"src {value}")
        elif name == "href" and not value.startswith(("#doc-", FILES, "http://", "https://")):
            self.faults.append(f"href {value}")
        elif name in VALUES.get(tag, {}) and value not in VALUES[tag][name]:
            self.faults.append(f"{name} {value}")

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"declaration {decl}")

    def unknown_decl(self, data: str) -> None:
        self.faults.append(f"declaration {data}")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"instruction {data}")


@given(st.lists(_TREES, max_size=6))
def test_any_narrative_gives_only_what_is_allowed(trees: list[object]) -> None:
    text = etree.Element("{urn:hl7-org:v3}text", nsmap={None: "urn:hl7-org:v3"})
    for tree in trees:
        _built(text, tree)
    section = "<component><section><title>T</title>TEXT</section></component>"
    data = structured(section.replace("TEXT", etree.tostring(text, encoding="unicode")))
    made = read_html(data, media=FILES).narrative
    assert made is not None
    judge = _Judge()
    judge.feed(made.html)
    judge.close()
    assert not judge.faults, made.html
    assert len(judge.ids) == len(set(judge.ids))


@given(st.lists(_TREES, max_size=6))
def test_the_second_wall_finds_nothing_to_take_out(trees: list[object]) -> None:
    """It is there for the day on which the writer has a fault; until then it changes nothing."""
    text = etree.Element("{urn:hl7-org:v3}text", nsmap={None: "urn:hl7-org:v3"})
    for tree in trees:
        _built(text, tree)
    section = "<component><section><title>T</title>TEXT</section></component>"
    data = structured(section.replace("TEXT", etree.tostring(text, encoding="unicode")))
    made = read_html(data, media=FILES).narrative
    assert made is not None
    assert walled(made.html, FILES) == made.html


def test_the_wall_alone_stops_what_the_writer_never_writes() -> None:
    assert walled(
        '<p style="x" onclick="y" class="cda-bold evil" id="a">a<script>b</script></p>'
        '<img src="https://x.fr/a"><img src="//x.fr/a"><img src="/other/1"><img src="/f/1">'
        '<a href="javascript:x">c</a><a href="/other">d</a><a href="/f/2">e</a><a href="#a">f</a>'
        "<!-- g --><iframe src=/f/1></iframe>",
        "/f/",
    ) == (
        '<p class="cda-bold" id="a">a</p><img><img><img><img src="/f/1">'
        '<a rel="noopener noreferrer">c</a><a rel="noopener noreferrer">d</a>'
        '<a href="/f/2" rel="noopener noreferrer">e</a>'
        '<a href="#a" rel="noopener noreferrer">f</a>'
    )
