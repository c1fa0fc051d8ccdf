"""One layer of the Data tab on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from voxshelf.widgets.drafts import FormRow, Panel
from voxshelf.widgets.edit_tabs.layer_edit import KEYS
from voxshelf.widgets.import_form.rows import category_control, text_control
from voxshelf.widgets.import_form.searches import Search, find_data_bounds, find_largest_segment_id
from voxshelf.widgets.theme import ProgressLine, escape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voxshelf.model import LayerProperties, Place
    from voxshelf.widgets.edit_tabs.data import DataSection
    from voxshelf.widgets.edit_tabs.layer_edit import LayerEdit
    from voxshelf.widgets.import_form.searches import Find


class LayerBox(Panel):
    """A layer's box.

    Parameters
    ----------
    layer : LayerEdit
        What is shown.
    section : DataSection
        What it belongs to.
    """

    def __init__(self, layer: LayerEdit, section: DataSection) -> None:
        self._layer = layer
        self._section = section
        self._searches: list[Search] = []
        self._facts = widgets.HTML()
        self._facts.add_class("vx-grow")
        self._remove = widgets.Button(
            description="Remove",
            tooltip="Take it out of the JSON; its voxels stay on the disk",
            layout=widgets.Layout(width="84px"),
        )
        self._remove.on_click(lambda _: section.remove_layer(layer))
        head = widgets.HBox([self._facts, self._remove])
        head.add_class("vx-bar")
        box = text_control(layer.bounding_box, placeholder="x, y, z, x_size, y_size, z_size")
        largest = text_control(layer.fields["largest_segment_id"], placeholder="unknown", width="150px")
        self._controls: dict[str, widgets.Widget] = {
            "name": text_control(layer.fields["name"], width="220px"),
            "category": category_control(layer.category),
            "bounding_box": self._searchable("bounding_box", box, find_data_bounds, "Tighten"),
            "largest_segment_id": self._searchable(
                "largest_segment_id", largest, find_largest_segment_id, "Compute"
            ),
        }
        self._rows = {
            noun: FormRow(section.label_of(("dataLayers", "", KEYS[noun])).removeprefix(" › "), control)
            for noun, control in self._controls.items()
        }
        super().__init__([head, *self._rows.values()])
        self.add_class("vx-panel")
        self.add_class("vx-stack")

    def close(self) -> None:
        """Cancel what is being searched, and leave the screen."""
        for search in self._searches:
            search.cancel()
        super().close()

    def paint(self, hindrances: Mapping[Place, str], *, refused: bool) -> None:
        """Bring everything up to date."""
        layer = self._layer
        name = layer.present_name
        self._facts.value = _facts(layer.layer, is_new=layer.is_new)
        self._remove.disabled = refused
        for noun, row in self._rows.items():
            place: tuple[str, ...] = ("dataLayers", name, KEYS[noun])
            row.layout.display = None if noun in layer.asked else "none"
            row.mark(edited=self._section.is_edited(*place))
            row.say(
                wrong=hindrances.get(place, "") or (hindrances.get(place[:2], "") if noun == "name" else "")
            )
            for control in _flat(self._controls[noun]):
                control.disabled = refused
        # Voxels are read under the name that is stored; what is new or renamed has to be saved before.
        unread = layer.is_new or refused
        for button in self._buttons:
            button.disabled = unread
            button.tooltip = "Save first: then the layer can be read" if layer.is_new else button.description

    def _searchable(self, noun: str, text: widgets.Widget, find: Find, verb: str) -> widgets.HBox:
        """A control whose value can be found by reading voxels: a button, and in its place progress and Cancel."""
        section: Any = (
            self._section
        )  # a search needs what both forms have: aside, store, key, message, current
        layer: Any = self._layer
        search = Search(section, layer, self._layer.fields[noun], find)
        self._searches.append(search)
        button = widgets.Button(description=verb, layout=widgets.Layout(width="84px"))
        button.on_click(lambda _: search.start())
        progress = ProgressLine(search.cancel)
        control = widgets.HBox([text, button, progress])
        control.add_class("vx-bar")

        def follow(change: Any) -> None:
            running = search.progress is not None
            button.layout.display = "none" if running else None
            if not running:
                progress.stop()
            elif change["old"] is None:
                progress.start(search.progress_text)
            else:
                progress.step(change["new"], search.progress_text)

        search.observe(follow, "progress")
        return control

    @property
    def _buttons(self) -> list[widgets.Button]:
        controls = (self._controls["bounding_box"], self._controls["largest_segment_id"])
        return [control.children[1] for control in controls]


def _flat(control: widgets.Widget) -> list[widgets.Widget]:
    return [control.children[0]] if isinstance(control, widgets.HBox) else [control]


def _facts(layer: LayerProperties, *, is_new: bool) -> str:
    channels = f", {layer.num_channels} channels" if layer.num_channels > 1 else ""
    mags = ", ".join(str(entry.mag) for entry in layer.mags) or "none"
    new = ' <span class="vx-edited">new</span>' if is_new else ""
    return (
        f"<b>{escape(layer.name)}</b>{new} "
        f'<span class="vx-hint">{escape(layer.element_class)}{channels} · mags {escape(mags)} · '
        f"{escape(layer.data_format)}</span>"
    )
