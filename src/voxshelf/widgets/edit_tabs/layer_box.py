"""One layer of the Data tab on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets

from voxshelf.widgets.data_fields import LayerControls, text_control
from voxshelf.widgets.drafts import FormRow, Panel
from voxshelf.widgets.edit_tabs.layer_edit import KEYS
from voxshelf.widgets.theme import escape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voxshelf.model import LayerProperties, Place
    from voxshelf.widgets.data_fields import Field
    from voxshelf.widgets.edit_tabs.data import DataSection
    from voxshelf.widgets.edit_tabs.layer_edit import LayerEdit


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
        self._name = text_control(layer.fields["name"], width="220px")
        self.controls = LayerControls(layer, layer.fields, section)
        controls = {"name": self._name, **self.controls.by_noun}
        self._rows = {
            noun: FormRow(section.label_of(("dataLayers", "", KEYS[noun])).removeprefix(" › "), control)
            for noun, control in controls.items()
        }
        super().__init__([head, *self._rows.values()])
        self.add_class("vx-panel")
        self.add_class("vx-stack")

    def close(self) -> None:
        """Cancel what is being searched, and leave the screen."""
        self.controls.stop()
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
            wrong = hindrances.get(place, "") or (hindrances.get(place[:2], "") if noun == "name" else "")
            row.say(wrong=wrong, hint=_hint(layer.fields[noun]) if noun in layer.asked else "")
        self._name.disabled = self.controls.category.disabled = refused
        # Voxels are read under the name that is stored; what is new or renamed has to be saved before.
        why = "Save first: then the layer can be read" if layer.is_new else ""
        for control in (self.controls.bounding_box, self.controls.largest_segment_id):
            control.lock(text=refused, search=layer.is_new or refused, why=why)


def _facts(layer: LayerProperties, *, is_new: bool) -> str:
    channels = f", {layer.num_channels} channels" if layer.num_channels > 1 else ""
    mags = ", ".join(str(entry.mag) for entry in layer.mags) or "none"
    new = ' <span class="vx-edited">new</span>' if is_new else ""
    return (
        f"<b>{escape(layer.name)}</b>{new} "
        f'<span class="vx-hint">{escape(layer.element_class)}{channels} · mags {escape(mags)} · '
        f"{escape(layer.data_format)}</span>"
    )


def _hint(field: Field) -> str:
    return field.kind.without if field.value is None and not field.error else field.kind.meaning
