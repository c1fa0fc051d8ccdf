"""View configurations as a whole: taken from a viewer, exported, imported, given to a folder; on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets

from voxshelf.widgets.drafts import Choice, Panel
from voxshelf.widgets.edit_tabs.view_file import ViewFile
from voxshelf.widgets.open_viewers import OPEN_VIEWERS
from voxshelf.widgets.theme import Message, escape

if TYPE_CHECKING:
    from voxshelf.widgets.edit_tabs.appearance import AppearanceSection


class ViewExchange(Panel):
    """Export, import, apply to a folder; ``top`` holds what stands above the form.

    Parameters
    ----------
    section : AppearanceSection
        Whose draft is exchanged.
    """

    def __init__(self, section: AppearanceSection) -> None:
        self._section = section
        self._asking = False
        self._use = widgets.Button(
            description="Use current view",
            icon="eye",
            tooltip="Take over what the viewer shows now",
            layout=widgets.Layout(width="150px"),
        )
        self._reset = widgets.Button(
            description="Reset all",
            tooltip="Let the JSON file and the built-in defaults decide everything",
            layout=widgets.Layout(width="84px"),
        )
        self._use.on_click(lambda _: section.use_view())
        self._reset.on_click(lambda _: section.reset())
        self.top = widgets.HBox([self._use, self._reset])
        self.top.add_class("vx-bar")
        self._file = ViewFile(
            section.import_text,
            lambda sentence: setattr(section, "message", Message(sentence, "error", "Choose another file.")),
        )
        self._file.name = f"{section.key.replace('/', '_')}_view.json"
        line = widgets.HBox([self._file, *self._make_applying()])
        line.add_class("vx-bar")
        super().__init__([line])
        self.follow(section, ["changes", "refusal", "folders"], self.paint)
        self.follow(OPEN_VIEWERS, "turn", self.paint)
        self.paint()

    def _make_applying(self) -> list[widgets.Widget]:
        self._folder = Choice(width="190px")
        self._apply = widgets.Button(description="Apply to folder", layout=widgets.Layout(width="118px"))
        self._sure = widgets.HTML()
        self._yes = widgets.Button(
            description="Apply", button_style="danger", layout=widgets.Layout(width="70px")
        )
        self._no = widgets.Button(description="Cancel", layout=widgets.Layout(width="70px"))
        self._apply.on_click(lambda _: self._ask(asking=True))
        self._no.on_click(lambda _: self._ask(asking=False))
        self._yes.on_click(lambda _: self._go())
        return [self._folder, self._apply, self._sure, self._yes, self._no]

    def paint(self) -> None:
        """Bring everything up to date."""
        section = self._section
        refused = bool(section.refusal) or not section.loaded
        self._use.layout.display = None if section.current_viewer is not None else "none"
        self._use.disabled = refused
        self._reset.disabled = refused or not section.draft.mine
        self._file.disabled = refused
        self._folder.offer_any([(path, path) for path in section.folders])
        for part in (self._folder, self._apply):
            part.layout.display = None if section.folders and not self._asking else "none"
        self._apply.disabled = refused
        for part in (self._sure, self._yes, self._no):
            part.layout.display = None if self._asking else "none"
        self._file.text = section.export_text()

    def _ask(self, *, asking: bool) -> None:
        self._asking = asking
        self._sure.value = (
            f"Give all datasets of <b>{escape(self._folder.value)}</b>, and below, what is stored here? "
            "Each can be undone in its own history."
        )
        self.paint()

    def _go(self) -> None:
        self._ask(asking=False)
        self._section.apply_to_folder(self._folder.value)
