"""Findings and problems of one layer: what its JSON says, what its data says, and where the two differ.

A valid value of the JSON always stands. Where the data says something else, a warning names both; the person
decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voxshelf.intake.explore.category import propose_category
from voxshelf.model import (
    BoundingBox,
    Category,
    Confidence,
    DataFormat,
    ElementClass,
    Finding,
    Mag,
    MagProperties,
    Origin,
    Place,
    Problem,
    Severity,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voxshelf.intake.explore.layer_data import LayerData

__all__ = ["LayerFindings"]

_NOUNS = (
    "category",
    "element_class",
    "num_channels",
    "data_format",
    "bounding_box",
    "mags",
    "largest_segment_id",
    "default_view_configuration",
    "additional_axes",
    "other",
)
_FROM_JSON = "Stands in datasource-properties.json."


class LayerFindings:
    """Collects the findings of one layer.

    Parameters
    ----------
    name : str
        The layer.
    known : mapping
        What the JSON says of it, by noun.
    data : LayerData or None
        What lies on disk; None where nothing of it could be read.
    """

    def __init__(self, name: str, known: Mapping[str, Any], data: LayerData | None) -> None:
        self._name = name
        self._known = known
        self._data = data if data is not None and data.mags else None
        self._found: dict[str, Finding] = {}
        self.problems: list[Problem] = list(data.problems) if data is not None else []
        for noun in _NOUNS:
            if noun in known:
                self._add(noun, known[noun], Origin.FILE, note=_FROM_JSON)
        if self._data is not None:
            self._add_header_values(self._data)
            self._add_mags(self._data)
            self._add_box(self._data)
            self._add_category(self._data)
            self._add_mappings(self._data)
        self._add_largest_segment_id()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """One per value, in the order in which a form shows them."""
        return tuple(self._found[noun] for noun in _NOUNS if noun in self._found)

    def _place(self, noun: str) -> Place:
        return ("layers", self._name, noun)

    def _add(
        self,
        noun: str,
        value: Any,
        origin: Origin,
        *,
        confidence: Confidence = Confidence.CERTAIN,
        note: str = "",
    ) -> None:
        self._found[noun] = Finding(
            place=self._place(noun), value=value, origin=origin, confidence=confidence, note=note
        )

    def _warn(self, noun: str, message: str, hint: str) -> None:
        self.problems.append(
            Problem(place=self._place(noun), message=message, hint=hint, severity=Severity.WARNING)
        )

    def _detected(self, noun: str, label: str, value: Any, origin: Origin, note: str) -> None:
        """Take a detected value, or say how it differs from the JSON's."""
        if noun not in self._known:
            self._add(noun, value, origin, note=note)
        elif self._known[noun] != value:
            self._warn(
                noun,
                f"Layer {self._name!r}: the JSON says {label} {self._known[noun]}, the data says {value}.",
                "The JSON's value is kept; correct it if the data is right.",
            )

    def _add_header_values(self, data: LayerData) -> None:
        header, source = data.header, f"{data.name}/{data.mags[0].path.name}/header.wkw"
        element_class = ElementClass.from_dtype(header.dtype, header.num_channels)
        self._detected("data_format", "format", DataFormat.WKW, Origin.HEADER, f"Read from {source}.")
        note = f"{header.dtype.name} with {header.num_channels} channel(s), read from {source}."
        self._detected("element_class", "element class", element_class, Origin.HEADER, note)
        self._detected("num_channels", "channels", header.num_channels, Origin.HEADER, note)

    def _add_mags(self, data: LayerData) -> None:
        on_disk = {entry.mag: entry for entry in data.mags}
        if "mags" not in self._known:
            mags = tuple(MagProperties(mag=m, cube_length=e.header.cube_len) for m, e in on_disk.items())
            self._add("mags", mags, Origin.HEADER, note="Mag folders with a readable header.")
            return
        completed = []
        for entry in self._known["mags"]:
            found = on_disk.pop(entry.mag, None)
            if entry.path is None and found is None:
                self._warn(
                    "mags",
                    f"Layer {self._name!r}: the JSON names mag {entry.mag}, but it cannot be read from disk.",
                    "Bring the folder back, or remove the mag from the list.",
                )
            if entry.path is None and found is not None:
                length = found.header.cube_len
                if entry.cube_length not in (None, length):
                    self._warn(
                        "mags",
                        f"Layer {self._name!r}, mag {entry.mag}: the JSON says cube length {entry.cube_length}, "
                        f"the header says {length}.",
                        "voxshelf reads by the header.",
                    )
                completed.append(
                    entry if entry.cube_length else entry.model_copy(update={"cube_length": length})
                )
            else:
                completed.append(entry)
        for mag in on_disk:
            self._warn(
                "mags",
                f"Layer {self._name!r}: mag {mag} lies on disk, but the JSON does not name it.",
                "Add it to the list, if it should be used.",
            )
        note = _FROM_JSON
        if tuple(completed) != self._known["mags"]:
            note += " Missing cube lengths were taken from the headers."
        self._add("mags", tuple(completed), Origin.FILE, note=note)

    def _add_box(self, data: LayerData) -> None:
        found = data.bounding_box()
        if found is None:
            if "bounding_box" not in self._known:
                note = "There is no cube file to tell the extent. Give x,y,z,x_size,y_size,z_size."
                self._add("bounding_box", None, Origin.NEEDS_YOU, confidence=Confidence.UNKNOWN, note=note)
            return
        box, widened = found
        if "bounding_box" in self._known:
            self._compare_boxes(self._known["bounding_box"], box, data)
            return
        side = data.header.cube_len
        note = f"The box around all cube files, in steps of {side} voxels: the data may end before."
        if widened:
            note += " Coarser mags reach further than the finest."
        self._add("bounding_box", box, Origin.DATA, confidence=Confidence.LIKELY, note=note)

    def _compare_boxes(self, known: BoundingBox, detected: BoundingBox, data: LayerData) -> None:
        side = data.header.cube_len
        grid = Mag(tuple(side * factor for factor in data.mags[0].mag))
        both = f"Layer {self._name!r}: the JSON's bounding box is {known}, the cube files span {detected}."
        if not known.aligned_to(grid).contains(detected):
            self._warn(
                "bounding_box", both, "Voxels outside of the box will not be shown; widen it to see them."
            )
        elif not detected.contains(known):
            self._warn("bounding_box", both, "Where there is no cube file, voxels read as 0.")

    def _add_category(self, data: LayerData) -> None:
        element_class = ElementClass.from_dtype(data.header.dtype, data.header.num_channels)
        if "category" in self._known:
            return
        finding = propose_category(data, element_class)
        self._found["category"] = finding
        if finding.confidence is Confidence.GUESS:
            self._warn(
                "category",
                f"Layer {self._name!r}: it is only guessed from the type that this is a {finding.value} layer.",
                "Choose color for images, segmentation for ids.",
            )

    def _add_mappings(self, data: LayerData) -> None:
        other = dict(self._known.get("other", {}))
        if data.mappings and "mappings" not in other:
            other["mappings"] = list(data.mappings)
            self._add("other", other, Origin.DATA, note="JSON files in the layer's mappings folder.")

    def _add_largest_segment_id(self) -> None:
        category = self._found.get("category")
        if (
            "largest_segment_id" in self._known
            or category is None
            or category.value is not Category.SEGMENTATION
        ):
            return
        self._add(
            "largest_segment_id",
            None,
            Origin.NEEDS_YOU,
            confidence=Confidence.UNKNOWN,
            note="The highest id in use. Whoever made the segmentation knows it; it can be computed by reading "
            "all voxels of the finest mag, or left empty while nobody adds segments.",
        )
