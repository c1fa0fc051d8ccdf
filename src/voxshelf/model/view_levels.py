"""Reading one level's view configuration: which of its values can be used, and what is wrong with the others.

Nothing is ever taken out of the document itself; unknown keys are reported and not used.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from voxshelf.model.elements import Category, ElementClass
from voxshelf.model.problems import Place, Severity
from voxshelf.model.view_keys import DATASET_KEYS, LAYER_KEYS, ViewKey
from voxshelf.model.view_problems import ViewLevel, ViewProblem

if TYPE_CHECKING:
    from collections.abc import Mapping


class ViewedLayer(Protocol):
    """What must be known of a layer; ``LayerProperties`` and ``LayerSummary`` both have it."""

    @property
    def name(self) -> str:
        """Unique in the dataset."""
        ...

    @property
    def category(self) -> Category:
        """Colour or segmentation."""
        ...

    @property
    def element_class(self) -> ElementClass:
        """The type of one voxel."""
        ...


class LevelReading(NamedTuple):
    """The values of one level.

    ``values`` can be used. ``spare`` have no meaning here and now (unknown keys, layers that are not there).
    What is in neither cannot be used; ``problems`` tells of both.
    """

    values: dict[Place, Any]
    spare: dict[Place, Any]
    problems: list[ViewProblem]


def read_level(
    document: Any, level: ViewLevel, layers: Mapping[str, ViewedLayer] | None = None
) -> LevelReading:
    """Take a partial view configuration apart, value by value.

    Parameters
    ----------
    document : Any
        JSON as it was given; nulls count as not set.
    level : ViewLevel
        Whose it is, for the problems.
    layers : mapping of str to ViewedLayer, optional
        The dataset's layers by name; None where they are not known, and names are not checked.
    """
    reader = _Reader(level, layers)
    if document is not None:
        reader.read_dataset(document)
    return LevelReading(reader.values, reader.spare, reader.problems)


class _Reader:
    def __init__(self, level: ViewLevel, layers: Mapping[str, ViewedLayer] | None) -> None:
        self._level = level
        self._layers = layers
        self.values: dict[Place, Any] = {}
        self.spare: dict[Place, Any] = {}
        self.problems: list[ViewProblem] = []

    def read_dataset(self, document: Any) -> None:
        if not isinstance(document, dict):
            self._report((), f"A view configuration is a JSON object, but this is {document!r}.")
            return
        for name, value in document.items():
            if name == "layers":
                self._read_layers(value)
            elif value is not None or name not in DATASET_KEYS:
                self._read_value((name,), value, DATASET_KEYS, None)

    def _read_layers(self, value: Any) -> None:
        if not isinstance(value, dict):
            if value is not None:
                self._report(("layers",), f"layers must be {DATASET_KEYS['layers'].range}, but is {value!r}.")
            return
        for name, document in value.items():
            place = ("layers", name)
            layer = None if self._layers is None else self._layers.get(name)
            if self._layers is not None and layer is None:
                self._set_aside(place, document, f"There is no layer {name!r}.", name, list(self._layers))
            elif isinstance(document, dict):
                for key, part in document.items():
                    if part is not None or key not in LAYER_KEYS:
                        self._read_value((*place, key), part, LAYER_KEYS, layer)
            elif document is not None:
                self._report(place, f"A layer's configuration is a JSON object, but this is {document!r}.")

    def _read_value(
        self, place: Place, value: Any, keys: Mapping[str, ViewKey], layer: ViewedLayer | None
    ) -> None:
        name = str(place[-1])
        key = keys.get(name)
        if key is None:
            self._set_aside(place, value, f"{name} is no key of a view configuration.", name, list(keys))
            return
        if layer is not None and key.category not in (None, layer.category):
            self._set_aside(place, value, f"{name} has no meaning for a {layer.category} layer.")
            return
        try:
            checked = key.check(value)
        except ValueError as error:
            self._report(place, str(error))
            return
        if complaint := self._missing(key, checked, layer):
            self._set_aside(place, value, complaint)
            return
        self.values[place] = checked

    def _missing(self, key: ViewKey, value: Any, layer: ViewedLayer | None) -> str:
        """What a value names that the dataset does not have, as a sentence."""
        if key.key == "mapping" and layer is not None:
            known = _known_mappings(layer)
            if known is not None and value["name"] not in known:
                return f"Layer {layer.name!r} has no mapping {value['name']!r}."
        if key.key == "nativelyRenderedLayerName" and self._layers is not None and value not in self._layers:
            return f"There is no layer {value!r}."
        return ""

    def _report(self, place: Place, message: str) -> None:
        hint = "It is ignored, as if it were not set at this level."
        self.problems.append(ViewProblem(level=self._level, place=place, message=message, hint=hint))

    def _set_aside(
        self, place: Place, value: Any, message: str, written: str = "", known: list[str] | None = None
    ) -> None:
        close = difflib.get_close_matches(written, known or [], n=1)
        hint = f"Do you mean {close[0]}?" if close else "It is kept, but not used."
        self.spare[place] = value
        self.problems.append(
            ViewProblem(level=self._level, place=place, message=message, hint=hint, severity=Severity.WARNING)
        )


def _known_mappings(layer: ViewedLayer) -> set[str] | None:
    """The mappings that the data source lists for a layer; None where it says nothing about mappings."""
    other = getattr(layer, "other", None)
    if not isinstance(other, dict) or not other.keys() & {"mappings", "attachments"}:
        return None
    attachments = other.get("attachments")
    agglomerates = attachments.get("agglomerates") if isinstance(attachments, dict) else None
    listed = [*_items(other.get("mappings")), *_items(agglomerates)]
    return {str(item.get("name")) if isinstance(item, dict) else str(item) for item in listed}


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
