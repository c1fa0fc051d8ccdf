"""How the grid looks: sizes, glyphs, colours that read on light and on dark paper, and its renderers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ipydatagrid import ImageRenderer, TextRenderer, VegaExpr

if TYPE_CHECKING:
    from collections.abc import Sequence

PICTURE_COLUMN = " "
CHECK_COLUMN = "☐"
CHECKED, UNCHECKED = "☑", "☐"
CHECK_WIDTH = 46
ROW_HEIGHT = 54
HEADER_HEIGHT = 26
SCROLLBAR = 18
MOST_ROWS_AT_ONCE = 6
PICTURE_CELL = (58, ROW_HEIGHT)
# Half-transparent grey: a quiet line on any paper. What is not here follows the theme.
STYLE = {
    "horizontal_grid_line_color": "rgba(128, 128, 128, 0.28)",
    "vertical_grid_line_color": "rgba(128, 128, 128, 0)",
    "header_vertical_grid_line_color": "rgba(128, 128, 128, 0.18)",
    "header_horizontal_grid_line_color": "rgba(128, 128, 128, 0.28)",
    # It lies over the texts: more of it and coloured ones are hard to read.
    "selection_fill_color": "rgba(33, 150, 243, 0.14)",
}
_LETTER_WIDTH = 7.6
_CELL_PADDING = 16
_LINES = 2
_CHECK_FONT = "17px sans-serif"


@dataclass(frozen=True)
class GridColumn:
    """A column of texts: its name for programs, its title, its width in pixels, colours of texts by how they begin.

    A colour is three texts: the beginning, the colour on light paper, the colour on dark paper.
    """

    name: str
    title: str
    width: int
    colors: tuple[tuple[str, str, str], ...] = ()


def fitted(text: str, width: int) -> str:
    """A text cut to what a cell of that width holds: the grid would draw a third line over the row below."""
    letters = int(_LINES * (width - _CELL_PADDING) / _LETTER_WIDTH)
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"


def renderers(columns: Sequence[GridColumn]) -> dict[str, Any]:
    """What draws each column: long texts wrap, since a row has room for two lines beside its picture."""
    drawn: dict[str, Any] = {
        CHECK_COLUMN: TextRenderer(font=_CHECK_FONT, horizontal_alignment="center"),
        PICTURE_COLUMN: ImageRenderer(placeholder=""),
    }
    plain = TextRenderer(text_wrap=True)
    for column in columns:
        drawn[column.title] = (
            TextRenderer(text_wrap=True, text_color=_color_expression(column.colors))
            if column.colors
            else plain
        )
    return drawn


def _color_expression(colors: Sequence[tuple[str, str, str]]) -> Any:
    """Vega's spelling of: a text that begins so in this colour, any other in the theme's, which tells the paper."""
    expression = "default_value"
    for text, on_light, on_dark in reversed(colors):
        color = f"(luminance(default_value) > 0.4 ? '{on_dark}' : '{on_light}')"
        expression = f"indexof(cell.value, '{text}') === 0 ? {color} : {expression}"
    return VegaExpr(expression)
