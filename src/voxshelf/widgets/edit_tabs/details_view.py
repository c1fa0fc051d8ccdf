"""The General tab on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from voxshelf.store import render_description
from voxshelf.widgets.drafts import FormRow, Panel, SaveBar
from voxshelf.widgets.edit_tabs.metadata_view import MetadataTable
from voxshelf.widgets.edit_tabs.tags_text import TagsText

if TYPE_CHECKING:
    from voxshelf.widgets.aside import Aside
    from voxshelf.widgets.edit_tabs.details import DetailsSection

_PREVIEW_DELAY = 0.25


class DetailsForm(Panel):
    """Name, description and everything else that people write about a dataset.

    Parameters
    ----------
    section : DetailsSection
        What is shown and edited.
    aside : Aside
        Where descriptions are rendered.
    """

    def __init__(self, section: DetailsSection, aside: Aside) -> None:
        self._section = section
        self._aside = aside
        self._controls: dict[str, Any] = {
            "display_name": widgets.Text(layout=widgets.Layout(width="100%")),
            "description": widgets.Textarea(
                rows=9, placeholder="Markdown: **bold**, [link](https://…), lists, tables …"
            ),
            "tags": TagsText(section),
            "folder": widgets.Combobox(
                placeholder="in none, or such as Datasets/2026",
                ensure_option=False,
                continuous_update=True,
                layout=widgets.Layout(width="100%"),
            ),
            "metadata": MetadataTable(section),
            "publication_date": widgets.DatePicker(layout=widgets.Layout(width="160px")),
        }
        self._preview = widgets.HTML()
        self._preview.add_class("vx-markdown")
        self._rows = {
            name: FormRow(
                section.labels[name],
                self._shell(name),
                wide=name != "publication_date",
                tall=name in ("description", "metadata"),
            )
            for name in self._controls
        }
        super().__init__([*self._rows.values(), SaveBar(section)])
        self.add_class("vx-stack")
        for name in ("display_name", "description", "folder", "publication_date"):
            self.tie(section, name, self._controls[name])
        self.follow(section, "description", self._preview_soon)
        self.follow(section, ["changes", "refusal", "folders"], self._paint)
        self._render()
        self._paint()

    def _shell(self, name: str) -> Any:
        """The control; the description's with its preview beside it, or below where there is no room."""
        control = self._controls[name]
        if name != "description":
            return control
        control.add_class("vx-half")
        both = widgets.HBox([control, self._preview])
        both.add_class("vx-bar")
        both.add_class("vx-description")
        return both

    def _paint(self) -> None:
        section = self._section
        refused = bool(section.refusal) or not section.loaded
        wrong = dict(reversed(section.hindrances))
        if tuple(self._controls["folder"].options) != section.folders:
            self._controls["folder"].options = section.folders
        for name, row in self._rows.items():
            row.mark(edited=section.is_edited(name))
            row.say(wrong=wrong.get((name,), ""), hint=self._hint(name))
            if name in ("metadata", "tags"):
                self._controls[name].refuse(refused=refused)
            else:
                self._controls[name].disabled = refused

    def _hint(self, name: str) -> str:
        section = self._section
        path = section.folder.strip().strip("/")
        if name == "folder" and path and path not in section.folders:
            return "There is no such folder yet: it is made when you save."
        if name == "display_name" and not section.display_name.strip() and section.record is not None:
            return f"Without one, it is called {section.record.name}."
        return ""

    def _preview_soon(self) -> None:
        self._aside.run(f"preview {self._section.key}", self._render, delay=_PREVIEW_DELAY)

    def _render(self) -> None:
        html = render_description(self._section.description)
        self._preview.value = html or '<span class="vx-hint">The description is previewed here.</span>'
