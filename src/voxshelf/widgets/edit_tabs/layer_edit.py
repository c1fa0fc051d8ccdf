"""One layer of a dataset while its data properties are edited. No browser."""

from __future__ import annotations

from typing import Any

import traitlets

from voxshelf.model import Category, DataSource, Finding, LayerProperties, Origin, VoxelSize
from voxshelf.widgets.data_fields import BOUNDING_BOX, CATEGORY, LARGEST_SEGMENT_ID, Field, FieldKind

NAME = FieldKind("name", "Name", str.strip, str)
KEYS = {
    "name": "name",
    "category": "category",
    "bounding_box": "boundingBox",
    "largest_segment_id": "largestSegmentId",
}
"""The nouns that can be edited in a layer's form, and their keys in the JSON."""

_KINDS = {
    "name": NAME,
    "category": CATEGORY,
    "bounding_box": BOUNDING_BOX,
    "largest_segment_id": LARGEST_SEGMENT_ID,
}


class LayerEdit(traitlets.HasTraits):
    """A layer's form.

    Parameters
    ----------
    layer : LayerProperties
        The layer as it was when the form was made; ``name`` is its name there.
    stored : LayerProperties or None
        What is stored of it; None for one that is being added.
    """

    shows_segment_id = traitlets.Bool(help="Whether it is a segmentation now.")

    def __init__(self, layer: LayerProperties, stored: LayerProperties | None) -> None:
        super().__init__()
        self.name = layer.name
        self.layer = layer
        self.is_new = stored is None
        self.fields = {noun: self._make(noun, layer, stored) for noun in _KINDS}
        self.category.observe(lambda _: self._follow_category(), "text")
        self._follow_category()

    @property
    def category(self) -> Field:
        """Colour or segmentation."""
        return self.fields["category"]

    @property
    def bounding_box(self) -> Field:
        """Where the voxels are."""
        return self.fields["bounding_box"]

    @property
    def asked(self) -> dict[str, Field]:
        """The fields that count now, by noun."""
        return {
            noun: field
            for noun, field in self.fields.items()
            if noun != "largest_segment_id" or self.shows_segment_id
        }

    @property
    def present_name(self) -> str:
        """The name as it shall be; the old one while it is empty."""
        return self.fields["name"].value or self.name

    def follow(self, layer: LayerProperties, stored: LayerProperties | None) -> None:
        """Show other values; what cannot be read stays as it was typed."""
        self.name, self.layer, self.is_new = layer.name, layer, stored is None
        for noun, field in self.fields.items():
            before, value = field.proposed.value, getattr(layer, noun)
            field.proposed = _finding(noun, layer.name, stored)
            # What stays as it was is left alone: somebody may be typing there.
            if not field.error and (value != field.value or before != field.proposed.value):
                field.set_value(value)

    def applied(self) -> LayerProperties:
        """The layer with what was typed; what cannot be read stays as it was."""
        values = {noun: field.value for noun, field in self.asked.items() if field.value is not None}
        if "largest_segment_id" not in self.asked or not self.fields["largest_segment_id"].text.strip():
            values["largest_segment_id"] = None
        name = values.pop("name", self.name)
        changed = self.layer.model_copy(update=values)
        # The voxels stay where they are, so the mags must say where that is.
        alone = DataSource(voxel_size=VoxelSize((1, 1, 1)), layers=(changed,))
        return alone.renamed_layer(self.name, name).layers[0]

    def _make(self, noun: str, layer: LayerProperties, stored: LayerProperties | None) -> Field:
        current = Finding(
            place=("layers", layer.name, noun), value=getattr(layer, noun), origin=Origin.PERSON
        )
        return Field(current.place, _KINDS[noun], _finding(noun, layer.name, stored), current)

    def _follow_category(self) -> None:
        self.shows_segment_id = self.category.value is Category.SEGMENTATION


def _finding(noun: str, name: str, stored: LayerProperties | None) -> Finding:
    value: Any = None if stored is None else getattr(stored, noun)
    return Finding(place=("layers", name, noun), value=value, origin=Origin.FILE)
