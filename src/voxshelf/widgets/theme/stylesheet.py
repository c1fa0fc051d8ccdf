"""The shared style sheet, as a widget: a component puts it first among its children.

A ``<style>`` element works in JupyterLab, Notebook 7 and Voilà alike; that several components bring the same
sheet does no harm.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import ipywidgets as widgets


@cache
def _sheet() -> str:
    return files(__package__).joinpath("style.css").read_text(encoding="utf-8")


def stylesheet() -> widgets.HTML:
    """A new, invisible widget that brings the style sheet with it."""
    sheet = widgets.HTML(f"<style>{_sheet()}</style>", layout=widgets.Layout(display="none"))
    sheet.add_class("vx-sheet")
    return sheet
