"""The style sheet of editing and sharing, as a widget: it comes behind the shared one."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import ipywidgets as widgets


@cache
def _sheet() -> str:
    return files(__package__).joinpath("style.css").read_text(encoding="utf-8")


def editing_stylesheet() -> widgets.HTML:
    """A new, invisible widget that brings the style sheet with it."""
    sheet = widgets.HTML(f"<style>{_sheet()}</style>", layout=widgets.Layout(display="none"))
    sheet.add_class("vx-sheet")
    return sheet
