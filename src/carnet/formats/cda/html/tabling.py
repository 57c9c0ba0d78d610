"""The elements of tables (HL7 CDA R2 §4.3.5.6): rows are written when they end, tables too.

A cell outside a row, a row outside a table and the like are no table: the caller is told so by
None, and gives their words as such.
"""

from __future__ import annotations

from carnet.formats.cda.html.output import Frame, Output
from carnet.formats.cda.html.styles import class_of
from carnet.formats.cda.html.tables import Cell, Table


class TableWriter:
    """Writes tables, within each other too, into an output; counts their rows."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._tables: list[Table] = []
        self.rows = 0

    def table(self, given: dict[str, str]) -> Frame:
        """A table; words that stand wrongly inside it go before it."""
        output = self._output
        self._tables.append(Table())
        opening = f'<div class="cda-table"><table role="table"{class_of(given)}{output.id(given)}>'
        output.open_part()

        def end() -> None:
            self._tables.pop()
            inside = output.close_part()
            output.take_back(f"{opening}{inside}</table></div>")

        return Frame("table", end)

    def part(self, name: str, given: dict[str, str]) -> Frame | None:
        """A group of rows: ``thead``, ``tbody``, ``tfoot``."""
        output = self._output
        if output.kind() != "table" or self._tables[-1].part:
            return None
        table = self._tables[-1]
        table.begin_part(name)
        output.write(f'<{name} role="rowgroup"{class_of(given)}{output.id(given)}>')

        def end() -> None:
            table.begin_part("")
            output.write(f"</{name}>")

        return Frame("table", end)

    def row(self, given: dict[str, str]) -> Frame | None:
        """A row. The first beyond the limit begins the cut."""
        output = self._output
        if output.kind() != "table":
            return None
        if self.rows >= output.limits.rows:
            output.begin_cut()
            return Frame("tr", "")
        self.rows += 1
        table = self._tables[-1]
        cells: list[Cell] = []
        table.cells = cells
        attributes = f"{class_of(given)}{output.id(given)}"

        def end() -> None:
            table.cells = None
            output.write(table.row(attributes, cells))

        return Frame("tr", end)

    def cell(self, given: dict[str, str], *, head: bool) -> Frame | None:
        """A cell, of data or of headings."""
        output = self._output
        cells = self._tables[-1].cells if output.kind() == "tr" else None
        if cells is None:
            return None
        cell = Cell(
            f"{class_of(given)}{output.id(given)}",
            head=head,
            columns=given.get("colspan"),
            rows=given.get("rowspan"),
        )
        cells.append(cell)
        output.cells.append(cell)
        output.open_part(cell.parts)

        def end() -> None:
            output.cells.pop()
            output.close_part()

        return Frame("cell", end)
