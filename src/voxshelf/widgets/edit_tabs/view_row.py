"""One value of the view configuration on screen: its control, its origin, and Reset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets

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


UNUSED = {
    "rotation": "it shows planes along the axes",
    "fourBit": "it always shows the exact values",
    "loadingStrategy": "it fetches the mag that fits the screen, and no coarser one before it",
    "nativelyRenderedLayerName": "it shows all layers without transformations",
    "isInEditMode": "it has no switch for that",
    "mapping": "it shows segments by the ids that are stored",
}
"""Keys that other programs use and this viewer does not, and what it does instead."""


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
        instead = UNUSED.get(key.key, "")
        self._unused = f"Kept for other programs; this viewer does not use it: {instead}." if instead else ""
        meaning = " ".join(filter(None, [key.meaning, f"Takes {key.range}.", self._unused]))
        super().__init__(key.title, self._make_control(), meaning=meaning)
        self.line.children = (*self.line.children, self._reset)
        self.follow(field, ["error", "origin", "note", "inherited", "is_set"], self.paint)
        self.paint()

    def paint(self) -> None:
        """Bring everything up to date."""
        field, section = self._field, self._section
        refused = bool(section.refusal) or not section.loaded
        word, tone = _ORIGINS[field.origin]
        origin = f'<span title="{escape(field.note)}">{chip(word, tone)}</span>'
        hint = " ".join(filter(None, [field.note if field.is_set else "", self._unused]))
        self.say(wrong=field.error, hint=hint, beside=origin)
        self.mark(edited=section.is_edited(*map(str, field.place)))
        self.control.disabled = refused
        self._reset.disabled = refused or not (field.is_set or field.error)

    def _make_control(self) -> widgets.Widget:
        key = self._field.key
        if key.form is ValueForm.SWITCH:
            return self._make_choice([("yes", "true"), ("no", "false")], width="86px")
        if key.form is ValueForm.CHOICE:
            return self._make_choice([(_in_words(choice), choice) for choice in key.choices], width="220px")
        if key.form is ValueForm.NAME:
            return self._make_choice([(name, name) for name in self._section.layer_names], width="220px")
        return self._make_text(width="86px" if key.form is ValueForm.NUMBER else "220px")

    def _make_text(self, *, width: str) -> widgets.Widget:
        field, key = self._field, self._field.key
        text = widgets.Text(continuous_update=True, layout=widgets.Layout(width=width))
        self.tie(field, "text", text)
        example = ""
        if key.form is ValueForm.NUMBERS:
            example = "x, y, z" if key.length == 3 else "from, to"
        elif key.form is ValueForm.MAPPING:
            example = '{"name": …, "type": …}'

        def hint() -> None:
            text.placeholder = field.inherited or example

        self.follow(field, "inherited", hint)
        hint()
        return text

    def _make_choice(self, options: list[tuple[str, str]], *, width: str) -> widgets.Widget:
        field = self._field
        choice = Choice(lambda value: setattr(field, "text", value), width=width)
        self.follow(field, "text", lambda: choice.offer(options, field.text))
        choice.offer(options, field.text)
        return choice


def _in_words(choice: str) -> str:
    """``BEST_QUALITY_FIRST`` → ``best quality first``; what is written as words already stays."""
    return choice.replace("_", " ").lower() if choice.isupper() else choice
