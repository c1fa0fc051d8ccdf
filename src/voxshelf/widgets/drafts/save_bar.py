"""What stands below every form over a draft: Save, what is unsaved, conflicts, and the line of Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets

from voxshelf.widgets.drafts.conflict_panel import ConflictPanel
from voxshelf.widgets.drafts.panel import Panel
from voxshelf.widgets.theme import MessageLine, PythonLine, escape

if TYPE_CHECKING:
    from voxshelf.widgets.drafts.section import Section

_NAMED = 6


class SaveBar(Panel):
    """Save or discard a section's edits.

    Parameters
    ----------
    section : Section
        What is saved.
    """

    def __init__(self, section: Section) -> None:
        self._section = section
        self._save = widgets.Button(
            description="Save", button_style="primary", icon="check", layout=widgets.Layout(width="90px")
        )
        self._discard = widgets.Button(
            description="Discard",
            tooltip="Forget what was edited here and show what is stored",
            layout=widgets.Layout(width="84px"),
        )
        self._save.on_click(lambda _: section.save())
        self._discard.on_click(lambda _: section.discard())
        self._unsaved = widgets.HTML()
        self._unsaved.add_class("vx-grow")
        self._unsaved.add_class("vx-unsaved")
        self._message = MessageLine()
        self._python = PythonLine(store=section.store)
        line = widgets.HBox([self._save, self._discard, self._unsaved])
        line.add_class("vx-bar")
        super().__init__([line, self._message, ConflictPanel(section), self._python])
        self.add_class("vx-stack")
        self.add_class("vx-save-bar")
        self.follow(section, ["changes", "saving", "refusal", "loaded"], self._paint)
        self.follow(section, "message", lambda: self._message.show(section.message))
        self.follow(section, "python", lambda: setattr(self._python, "code", section.python))
        self._message.show(section.message)
        self._python.code = section.python
        self._paint()

    def _paint(self) -> None:
        section = self._section
        self._save.disabled = not section.can_save
        self._discard.disabled = not section.unsaved or section.saving
        self._unsaved.value = self._what_is_unsaved()
        self._python.layout.display = None if section.python else "none"

    def _what_is_unsaved(self) -> str:
        section = self._section
        if section.refusal:
            return f'<span class="vx-hint">{escape(section.refusal)}</span>'
        if not section.unsaved:
            return ""
        names = ", ".join(section.unsaved[:_NAMED])
        more = f" and {len(section.unsaved) - _NAMED} more" if len(section.unsaved) > _NAMED else ""
        text = f'<span class="vx-edited">Unsaved:</span> {escape(names)}{more}.'
        if section.hindrances:
            place, sentence = section.hindrances[0]
            # The field itself says it too; below a long form only this is in view.
            where = f"{section.label_of(place)}: " if place else ""
            text += f' <span class="vx-wrong-text">{escape(f"{where}{sentence}")}</span>'
        return text
