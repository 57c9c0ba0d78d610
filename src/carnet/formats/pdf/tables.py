"""Sets tables: column widths from what the cells hold, rows that do not break, repeated heads."""

from __future__ import annotations

from typing import NamedTuple

from carnet.formats.pdf.flow import CENTRE, LEFT, Flow, SetLine, Type, set_line, wrap
from carnet.formats.pdf.model import Table


class Grid(NamedTuple):
    """How tables of a style look.

    ``rules`` is ``lines`` (below each row), ``grid`` (boxes), ``stripes`` or ``none``. ``centred``
    centres all columns but the first. ``shares`` are the widths of tables of that many columns, so
    that those below each other line up.
    """

    head: Type
    cell: Type
    rules: str
    dark: str
    light: str
    head_fill: str | None = None
    centred: bool = False
    padding: float = 3.0
    shares: tuple[float, ...] = ()


def column_widths(table: Table, grid: Grid, width: float) -> list[float]:
    """Natural widths where they fit, the rest shared out; else wide columns give way first."""
    if len(grid.shares) == len(table.heads):
        return [share * width / sum(grid.shares) for share in grid.shares]
    space = 2 * grid.padding
    wanted = []
    for n, head in enumerate(table.heads):
        cells = (row[n] for row in table.rows if n < len(row))
        widest = max((grid.head.bold.width(cell) for cell in cells), default=0.0)
        wanted.append(
            max(widest * grid.cell.size, grid.head.font.width(head) * grid.head.size) + space + 1
        )
    spare = width - sum(wanted)
    if spare >= 0:
        total = sum(wanted)
        return [natural + spare * natural / total for natural in wanted]
    return _squeezed(wanted, width)


def _squeezed(wanted: list[float], width: float) -> list[float]:
    """Columns narrower than a fair share keep their width; the others share what is left."""
    settled: dict[int, float] = {}
    while True:
        share = (width - sum(settled.values())) / (len(wanted) - len(settled))
        small = {n: w for n, w in enumerate(wanted) if n not in settled and w <= share}
        if not small:
            return [settled.get(n, share) for n in range(len(wanted))]
        settled.update(small)


Cells = list[list[SetLine]]


def _cells(row: tuple[str, ...], kind: Type, widths: list[float], padding: float) -> Cells:
    texts = [*row, *[""] * (len(widths) - len(row))]
    return [
        wrap(text, kind, width - 2 * padding) for text, width in zip(texts, widths, strict=False)
    ]


def set_table(flow: Flow, table: Table, grid: Grid) -> None:
    """The table at the flow's place, its heads again on each page."""
    widths = column_widths(table, grid, flow.width)
    heads = _cells(table.heads, grid.head, widths, grid.padding)
    head_height = _height(heads, grid.head, grid.padding)
    has_heads = any(table.heads)
    flow.need(head_height + grid.cell.leading * 2)
    if has_heads:
        _set_head(flow, heads, widths, grid, head_height)
    for number, row in enumerate(table.rows):
        kind = grid.cell.strong() if number in table.bold_rows else grid.cell
        cells = _cells(row, kind, widths, grid.padding)
        height = _height(cells, kind, grid.padding)
        if flow.y + height > flow.frame.bottom and flow.y > flow.frame.top:
            flow.turn_page()
            if has_heads:
                _set_head(flow, heads, widths, grid, head_height)
        if grid.rules == "stripes" and number % 2:
            flow.sheet.box(flow.frame.left, flow.y, flow.width, height, fill=grid.light)
        _set_row(flow, cells, kind, widths, grid, height)


def _height(cells: Cells, kind: Type, padding: float) -> float:
    return max(len(lines) for lines in cells) * kind.leading + padding


def _set_head(flow: Flow, cells: Cells, widths: list[float], grid: Grid, height: float) -> None:
    if grid.head_fill is not None:
        flow.sheet.box(flow.frame.left, flow.y, flow.width, height, fill=grid.head_fill)
    _set_row(flow, cells, grid.head, widths, grid, height)
    if grid.rules == "lines":
        right = flow.frame.right
        flow.sheet.line(flow.frame.left, flow.y, right, flow.y, grid.dark, 0.8)


def _set_row(
    flow: Flow, cells: Cells, kind: Type, widths: list[float], grid: Grid, height: float
) -> None:
    x, top, sheet = flow.frame.left, flow.y, flow.sheet
    for n, (lines, width) in enumerate(zip(cells, widths, strict=False)):
        align = CENTRE if grid.centred and n else LEFT
        y = top + grid.padding / 2
        for line in lines:
            inner = width - 2 * grid.padding
            set_line(sheet, line, kind, x + grid.padding, y, inner, align)
            y += kind.leading
        if grid.rules == "grid":
            sheet.box(x, top, width, height, grid.dark, line=0.5)
        x += width
    flow.y = top + height
    if grid.rules == "lines" and kind is not grid.head:
        sheet.line(flow.frame.left, flow.y, flow.frame.right, flow.y, grid.light, 0.3)
