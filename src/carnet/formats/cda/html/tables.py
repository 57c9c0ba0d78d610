"""A table of the narrative: which column a cell stands in, and what heads it.

On a small screen a row becomes a list of cells, so that every cell of the body carries the words of
its column's headings (``data-label``). Rows and columns spanned by a cell are followed as HTML
does (HTML Living Standard, 4.9.12, forming a table).
"""

from __future__ import annotations

from html import escape

_MOST_COLUMNS = 1_000
_MOST_SPANNED_ROWS = 6_000
_LONGEST_LABEL = 120
# Roles are written out: where a narrow screen shows cells as blocks, elements lose theirs.
_COLUMN = ' role="columnheader" scope="col"'
_ROW = ' role="rowheader" scope="row"'


class Cell:
    """A cell while it is written: its HTML, its words (for labels), its attributes as HTML."""

    __slots__ = ("attributes", "columns", "head", "parts", "rows", "words")

    def __init__(
        self, attributes: str, *, head: bool, columns: str | None, rows: str | None
    ) -> None:
        self.attributes = attributes
        self.head = head
        self.columns = _span(columns, _MOST_COLUMNS)
        self.rows = _span(rows, _MOST_SPANNED_ROWS)
        self.parts: list[str] = []
        self.words: list[str] = []

    def label(self) -> str:
        """The words of the cell in one line."""
        return " ".join("".join(self.words).split())


class Table:
    """The columns of one table; ask ``row`` for the HTML of each of its rows in turn."""

    def __init__(self) -> None:
        self.part = ""  # thead, tbody or tfoot; empty between them
        self.cells: list[Cell] | None = None  # of the row that is open
        self._occupied: dict[int, int] = {}  # column → rows that a cell from above still takes
        self._heads: dict[int, list[tuple[str, int]]] = {}  # column → headings, columns of each
        self._width = 0
        self._headed = False
        self._body_begun = False
        self._labels: dict[int, str] = {}  # column → what its cells are labelled with

    def begin_part(self, part: str) -> None:
        """A group of rows opens: no cell reaches from one group into another."""
        self.part = part
        self._occupied.clear()

    def row(self, attributes: str, cells: list[Cell]) -> str:
        """The HTML of a finished row."""
        heading = self.part == "thead" or (
            not self._headed and not self._body_begun and all(cell.head for cell in cells)
        )
        if heading and len(cells) == 1 and cells[0].columns > 1:
            attributes = _with_class(attributes, "cda-over")
        column = 0
        made = [f'<tr role="row"{attributes}>']
        beside: dict[int, int] = {}
        for cell in cells:
            while self._occupied.get(column, 0):
                column += 1
            if column + cell.columns > _MOST_COLUMNS:
                cell.columns = 1
            made.append(self._cell(cell, column, heading=heading))
            if cell.rows > 1:
                beside.update(dict.fromkeys(range(column, column + cell.columns), cell.rows))
            if heading:
                self._head(cell, column)
            column += cell.columns
        self._pass_row(beside)
        self._width = max(self._width, column)
        self._headed = self._headed or heading
        self._body_begun = self._body_begun or not heading
        made.append("</tr>")
        return "".join(made)

    def _cell(self, cell: Cell, column: int, *, heading: bool) -> str:
        inside = "".join(cell.parts)
        head = cell.head and bool(inside.strip())  # an empty heading names nothing
        tag = "th" if head else "td"
        spans = f' colspan="{cell.columns}"' if cell.columns > 1 else ""
        if cell.rows > 1:
            spans += f' rowspan="{cell.rows}"'
        if head:
            spans += _COLUMN if heading else _ROW
        else:
            spans += ' role="cell"'
        if not head and not heading:
            label = self._labels.get(column)
            if label is None:
                label = self._labels[column] = self._label(column)
            spans += label
        return f"<{tag}{cell.attributes}{spans}>{inside}</{tag}>"

    def _head(self, cell: Cell, column: int) -> None:
        words = cell.label()
        self._labels.clear()
        if words:
            for each in range(column, column + cell.columns):
                self._heads.setdefault(each, []).append((words, cell.columns))

    def _label(self, column: int) -> str:
        """The attribute for a column's headings, but for one that heads the whole table."""
        heads = self._heads.get(column, [])
        narrow = [words for words, columns in heads if columns < self._width or columns == 1]
        label = " \u2013 ".join(dict.fromkeys(narrow))
        if len(label) > _LONGEST_LABEL:
            label = label[: _LONGEST_LABEL - 1] + "…"
        return f' data-label="{escape(label)}"' if label else ""

    def _pass_row(self, beside: dict[int, int]) -> None:
        """Cells that span rows take one row less each, those of this row included."""
        for column, rows in beside.items():
            self._occupied[column] = max(rows, self._occupied.get(column, 0))
        self._occupied = {column: rows - 1 for column, rows in self._occupied.items() if rows > 1}


def _with_class(attributes: str, name: str) -> str:
    """A row over the whole table stays visible where the headings of columns move into cells."""
    if ' class="' in attributes:
        return attributes.replace(' class="', f' class="{name} ', 1)
    return f'{attributes} class="{name}"'


def _span(given: str | None, most: int) -> int:
    """A colspan or rowspan as a number from 1; 0 (to the end) and what is no number are 1."""
    text = (given or "").strip()
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        return 1
    return min(max(int(text), 1), most)
