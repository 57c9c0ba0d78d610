"""Labelled boxes, as forms print them: a small label above a value, several in a row."""

from __future__ import annotations

from carnet.formats.pdf.flow import Flow, block_height, set_block
from carnet.formats.pdf.kit import Kit


def label_boxes(flow: Flow, kit: Kit, fields: tuple[tuple[str, str], ...], *, columns: int) -> None:
    """The fields in rows of ``columns`` boxes; a short last row takes the whole width."""
    label = kit.type(0.7, leading=1.25)
    value = kit.type(0.95, bold=True, leading=1.25)
    for start in range(0, len(fields), columns):
        row = fields[start : start + columns]
        width = flow.width / len(row)
        inner = width - 8
        tallest = max(block_height((text,), value, inner) for _, text in row)
        height = label.leading + max(tallest, value.leading) + 5
        flow.need(height)
        x = flow.frame.left
        for name, text in row:
            flow.sheet.box(x, flow.y, width, height, kit.grid.dark, line=0.6)
            y = set_block(flow.sheet, (name,), label, x + 4, flow.y + 1.5, inner)
            set_block(flow.sheet, (text,), value, x + 4, y, inner)
            x += width
        flow.y += height
    flow.space(3 if fields else 0)
