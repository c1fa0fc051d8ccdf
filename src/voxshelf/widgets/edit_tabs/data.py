"""The data properties of a dataset, being edited: the logic of the Data tab. No browser.

The draft is the JSON document. The simple side edits it through fields, the advanced side as text; each shows what
the other made of it. What a simple form does not know (unknown keys, style) stays as it stands in the file.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, ClassVar

import traitlets

from voxshelf.dataset import edit_text, new_text
from voxshelf.model import (
    DataSource,
    EditKind,
    Finding,
    LayerProperties,
    Origin,
    Proposal,
    errors_among,
    read_document,
    write_document,
)
from voxshelf.widgets.data_fields import VOXEL_SIZE, Field
from voxshelf.widgets.drafts import Section
from voxshelf.widgets.edit_tabs.json_reading import read_json
from voxshelf.widgets.edit_tabs.layer_edit import KEYS, LayerEdit
from voxshelf.widgets.edit_tabs.more_layers import MoreLayers
from voxshelf.widgets.edit_tabs.place_labels import DATA, data_label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voxshelf.model import DatasetRecord, Place

_VOXEL_SIZE: Place = ("voxel_size",)


class DataSection(Section):
    """Voxel size and layers of a dataset, as fields and as JSON."""

    title = "Data"
    labels: ClassVar[dict[str, str]] = DATA

    layers = traitlets.Tuple(
        help="One LayerEdit per layer; replaced as a whole when layers come, go or move."
    )
    advanced = traitlets.Bool(False, help="Whether the JSON is shown instead of the fields.")
    json_text = traitlets.Unicode("")
    json_problems = traitlets.Tuple(help="What is wrong with the JSON: Problems with their places in it.")
    json_blocked = traitlets.Bool(False, help="Whether the JSON cannot be read, so that one cannot leave it.")

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.stored_text = ""
        self.more = MoreLayers(self)
        self.voxel_size = Field(_VOXEL_SIZE, VOXEL_SIZE, None)
        self.voxel_size.observe(lambda _: self._take_fields(), "text")
        self._shape: dict[str, Any] = {}
        self._filling = False
        self.observe(lambda _: self._take_text(), "json_text")

    # -- what a person does ------------------------------------------------------------------

    def layer(self, name: str) -> LayerEdit:
        """The form of one layer; KeyError if there is none of that name."""
        layers: tuple[LayerEdit, ...] = self.layers
        return {layer.present_name: layer for layer in layers}[name]

    def remove_layer(self, layer: LayerEdit) -> None:
        """Take a layer out of the JSON; its voxels stay on the disk."""
        with self.lock:
            source = self._source()
            if source is not None:
                kept = tuple(known for known in source.layers if known.name != layer.present_name)
                self.edit(self._written(source.model_copy(update={"layers": kept})))

    def add_layer(self, layer: LayerProperties) -> None:
        """Add a layer at the end."""
        with self.lock:
            source = self._source()
            if source is not None:
                self.edit(self._written(source.with_layer(layer)))

    def show_advanced(self) -> None:
        """Write the draft as JSON and show that."""
        with self.lock:
            if not self.advanced:
                self._write_text()
                self.advanced = True
                self._tell()

    def show_simple(self) -> None:
        """Show the JSON's values in the fields; stays where it is while it cannot be read."""
        with self.lock:
            if self.advanced and not self.json_blocked:
                self.advanced = False
                self.json_problems = ()
                self._fill()
                self._tell()

    def current(self) -> Proposal:
        """The draft value by value, under the layers' stored names: what reading voxels needs."""
        reading = read_document(self._shape)
        values = dict(reading.values)
        for layer in self.layers:
            if layer.category.value is not None:
                values["layers", layer.name, "category"] = layer.category.value
        findings = tuple(
            Finding(place=place, value=value, origin=Origin.FILE) for place, value in values.items()
        )
        return Proposal(name=self.key, findings=findings, base=reading.draft)

    # -- from the store and back -------------------------------------------------------------

    def _read(self, record: DatasetRecord) -> dict[str, Any]:
        self.stored_text = self.store.properties_text(record.key)
        return read_json(self.stored_text).document or {}

    def _write(self, mine: dict[str, Any]) -> None:
        text = self.json_text
        as_typed = self.advanced and read_json(text).document == mine
        content = text if as_typed else mine
        self.store.update_data_source(self.key, content, base=self.draft.stored, merge=True)

    def _refusal(self, record: DatasetRecord) -> str:
        unready = "" if self.stored_text else "It has not been imported yet: import it first."
        return super()._refusal(record) or unready

    # -- the fields --------------------------------------------------------------------------

    def _source(self) -> DataSource | None:
        return read_document(self.draft.mine).draft

    def _fill(self, *, afresh: bool = False) -> None:
        self._filling = True
        try:
            self._shape = copy.deepcopy(self.draft.mine)
            source = self._source()
            if source is not None:
                self._fill_fields(source, afresh=afresh)
            elif not self.advanced:
                self.layers = ()
                self.json_text = self.stored_text
                self.advanced = True
            if self.advanced and (afresh or read_json(self.json_text).document != self.draft.mine):
                self._write_text()
            self._check_text()
        finally:
            self._filling = False

    def _fill_fields(self, source: DataSource, *, afresh: bool) -> None:
        stored = read_document(self.draft.stored).draft
        known = {} if stored is None else {layer.name: layer for layer in stored.layers}
        size = None if stored is None else stored.voxel_size
        self.voxel_size.proposed = Finding(place=_VOXEL_SIZE, value=size, origin=Origin.FILE)
        if afresh:
            self.voxel_size.text = ""
        if not self.voxel_size.error and self.voxel_size.value != source.voxel_size:
            self.voxel_size.set_value(source.voxel_size)
        names = [layer.name for layer in source.layers]
        if not afresh and names == [layer.present_name for layer in self.layers]:
            for form, layer in zip(self.layers, source.layers, strict=True):
                form.follow(layer, known.get(layer.name))
            return
        self.layers = tuple(self._watched(LayerEdit(layer, known.get(layer.name))) for layer in source.layers)

    def _watched(self, layer: LayerEdit) -> LayerEdit:
        for field in layer.fields.values():
            field.observe(lambda _: self._take_fields(), "text")
        return layer

    def _take_fields(self) -> None:
        with self.lock:
            shape = read_document(self._shape).draft
            if self._filling or not self.loaded or shape is None:
                return
            update: dict[str, Any] = {"layers": tuple(layer.applied() for layer in self.layers)}
            if self.voxel_size.value is not None:
                update["voxel_size"] = self.voxel_size.value
            self.draft.mine = self._written(shape.model_copy(update=update))
            if self.advanced:  # a search that was started before has found its value
                self._write_text()
            self._tell()

    def _written(self, source: DataSource) -> dict[str, Any]:
        """The document of a data source in the style of the draft, also where layers got other names."""
        style = copy.deepcopy(self._shape)
        names = {layer.name: layer.present_name for layer in self.layers}
        for entry in style.get("dataLayers") or []:
            entry["name"] = names.get(entry["name"], entry["name"])
        return write_document(source, style)

    # -- the text ----------------------------------------------------------------------------

    def _write_text(self) -> None:
        """Write the draft as text: the file's own with as little changed as can be."""
        stored, mine = self.draft.stored, self.draft.mine
        self.json_text = edit_text(self.stored_text, stored, mine) if stored else new_text(mine)
        if not stored and not mine:
            self.json_text = self.stored_text
        self._check_text()

    def _take_text(self) -> None:
        with self.lock:
            if self._filling or not self.loaded or not self.advanced:
                return
            document = self._check_text()
            if document is not None:
                self.draft.mine = document
                self._shape = copy.deepcopy(document)
            self._tell()

    def _check_text(self) -> dict[str, Any] | None:
        if not self.advanced:
            self.json_problems, self.json_blocked = (), False
            return None
        reading = read_json(self.json_text)
        self.json_problems = reading.problems
        document = reading.document
        self.json_blocked = document is None or read_document(document).draft is None
        return document

    # -- what is wrong -----------------------------------------------------------------------

    def label_of(self, place: Place) -> str:
        """What a place in the JSON is called on screen."""
        return data_label(place)

    def _edited(self) -> Iterator[str]:
        renamed = {
            layer.name: layer.present_name for layer in self.layers if layer.name != layer.present_name
        }
        names = {*renamed, *renamed.values()}
        for change in self.edited:
            if change.kind is EditKind.REORDERED and renamed:
                continue
            if change.place[1:2] and change.place[1] in names:
                continue
            yield self.label_of(change.place)
        for name, to in renamed.items():
            yield f"{name} › Name ({to})"

    def _find_hindrances(self) -> Iterator[tuple[Place, str]]:
        if self.advanced:
            errors = errors_among(self.json_problems)
            if errors:
                count = "1 problem" if len(errors) == 1 else f"{len(errors)} problems"
                yield ("json",), f"{count}, listed below the text."
            return
        if self.voxel_size.error:
            yield ("scale",), self.voxel_size.error
        elif self.voxel_size.value is None:
            yield ("scale",), "The voxel size is missing."
        known: set[Place] = {("scale",)}
        for layer in self.layers:
            for noun, field in layer.asked.items():
                place: Place = ("dataLayers", layer.present_name, KEYS[noun])
                if field.error or field.missing:
                    known.add(place)
                    yield place, field.error or "It is missing."
        yield from self._broken_rules(known)

    def _broken_rules(self, known: set[Place]) -> Iterator[tuple[Place, str]]:
        names = [layer.present_name for layer in self.layers]
        for problem in errors_among(read_document(self.draft.mine).problems):
            place = problem.place[:3]
            if place[:1] == ("dataLayers",) and len(place) > 1:
                place = ("dataLayers", names[int(place[1])], *place[2:])
            if place[:1] == ("scale",):
                place = ("scale",)
            if place not in known:
                yield place, f"{problem.message} {problem.hint}".strip()
