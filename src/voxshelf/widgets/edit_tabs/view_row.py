"""One value of the view configuration on screen: its control, its origin, and Reset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets
import traitlets

from voxshelf.model import ValueForm, ViewLevel
from voxshelf.widgets.drafts import Choice, FormRow
from voxshelf.widgets.theme import chip, escape

if TYPE_CHECKING:
    from voxshelf.widgets.edit_tabs.appearance import AppearanceSection
    from voxshelf.widgets.edit_tabs.view_fields import ViewField

_ORIGINS = {
    ViewLevel.BUILT_IN: ("built-in", ""),
    ViewLevel.FILE: ("JSON file", ""),
    ViewLevel.DATASET: ("Edit View", "brand"),
    None: ("not set", ""),
}


class ViewRow(FormRow):
    """A row.

    Parameters
    ----------
    field : ViewField
        The value.
    section : AppearanceSection
        What it belongs to.
    """

    def __init__(self, field: ViewField, section: AppearanceSection) -> None:
        self._field = field
        self._section = section
        self._reset = widgets.Button(
            description="Reset",
            tooltip="Let the JSON file, or the built-in default, decide",
            layout=widgets.Layout(width="60px"),
        )
        self._reset.add_class("vx-reset")
        self._reset.on_click(lambda _: section.reset(field.place))
        key = field.key
        super().__init__(key.title, _control(field, section), meaning=f"{key.meaning} Takes {key.range}.")
        self.line.children = (*self.line.children, self._reset)
        field.observe(lambda _: self.paint(), ["error", "origin", "note", "inherited", "is_set"])
        self.paint()

    def paint(self) -> None:
        """Bring everything up to date."""
        field, section = self._field, self._section
        refused = bool(section.refusal) or not section.loaded
        word, tone = _ORIGINS[field.origin]
        origin = f'<span title="{escape(field.note)}">{chip(word, tone)}</span>'
        self.say(wrong=field.error, hint=field.note if field.is_set else "", beside=origin)
        self.mark(edited=section.is_edited(*map(str, field.place)))
        self.control.disabled = refused
        self._reset.disabled = refused or not (field.is_set or field.error)


def _control(field: ViewField, section: AppearanceSection) -> widgets.Widget:
    key = field.key
    if key.form is ValueForm.SWITCH:
        return _choice(field, [("yes", "true"), ("no", "false")], width="86px")
    if key.form is ValueForm.CHOICE:
        return _choice(field, [(choice, choice) for choice in key.choices], width="220px")
    if key.form is ValueForm.NAME:
        return _choice(field, [(name, name) for name in section.layer_names], width="220px")
    width = "86px" if key.form is ValueForm.NUMBER else "220px"
    text = widgets.Text(continuous_update=True, layout=widgets.Layout(width=width))
    traitlets.link((field, "text"), (text, "value"))

    def hint() -> None:
        names = ["x", "y", "z"] if key.length == 3 else ["from", "to"]
        example = ", ".join(names) if key.form is ValueForm.NUMBERS else ""
        text.placeholder = field.inherited or example or ("{…}" if key.form is ValueForm.MAPPING else "")

    field.observe(lambda _: hint(), "inherited")
    hint()
    return text


def _choice(field: ViewField, options: list[tuple[str, str]], *, width: str) -> widgets.Dropdown:
    choice = Choice(lambda value: setattr(field, "text", value), width=width)
    choice.offer(options, field.text)
    field.observe(lambda change: choice.offer(options, change["new"]), "text")
    return choice
