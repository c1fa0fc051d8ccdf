"""Reading ``datasource-properties.json``, in every form it ever had, and saying all that is wrong with it.

Words used here: a *document* is the parsed JSON (dicts, lists, numbers); a *place* is the path to a value in
it. Forms read: ``scale`` as array of nanometres or as ``{factor, unit}``; ``wkwResolutions`` with
``resolution`` or ``mags`` with ``mag``, each a number or a triple, in any order; ``cubeLength`` present or not.
A document with mistakes still gives its good half: see :class:`Reading`. Writing is in
:mod:`voxshelf.model.document_writer`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from voxshelf.errors import InvalidDataSourceError
from voxshelf.model.data_source import DataSource, LayerProperties, MagProperties
from voxshelf.model.document_values import VALUE_READERS, MisreadPartsError
from voxshelf.model.elements import ElementClass
from voxshelf.model.problems import Place, Problem, errors_among
from voxshelf.model.rules import check_data_source, check_layers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Values: TypeAlias = dict[Place, Any]

TOP_KEYS = {
    "id": "id",
    "scale": "voxel_size",
    "dataLayers": "layers",
    "defaultViewConfiguration": "default_view_configuration",
}
LAYER_KEYS = {
    "name": "name",
    "category": "category",
    "elementClass": "element_class",
    "boundingBox": "bounding_box",
    "dataFormat": "data_format",
    "mags": "mags",
    "wkwResolutions": "mags",
    "numChannels": "num_channels",
    "largestSegmentId": "largest_segment_id",
    "defaultViewConfiguration": "default_view_configuration",
    "additionalAxes": "additional_axes",
}
MAG_KEYS = {
    "mag": "mag",
    "resolution": "mag",
    "path": "path",
    "cubeLength": "cube_length",
    "axisOrder": "axis_order",
    "channelIndex": "channel_index",
}


@dataclass(frozen=True)
class Reading:
    """What a document gave.

    Parameters
    ----------
    data_source : DataSource or None
        The whole, if every required value is there and nothing is an error.
    values : dict
        Every value that could be read, by its place among the nouns: ``("voxel_size",)``,
        ``("layers", "color", "bounding_box")``: the good half of a half-broken document.
    problems : tuple of Problem
        Everything found, with places in the document.
    draft : DataSource or None
        The whole even where it breaks a rule, if every single value could be read: a dataset that is being
        built has no layer, or a layer without voxels, for a while.
    """

    data_source: DataSource | None
    values: Values
    problems: tuple[Problem, ...]
    draft: DataSource | None = None

    def require(self, *, source: str) -> DataSource:
        """The data source, or an error that lists every problem; ``source`` names the file in it.

        Raises
        ------
        InvalidDataSourceError
            If the document cannot be used as it is.
        """
        if self.data_source is None:
            raise InvalidDataSourceError(
                f"{source} does not describe a usable dataset.",
                hint="Correct the places below, or import the dataset again.",
                problems=self.problems,
            )
        return self.data_source


@dataclass
class _Collector:
    """Reads values one by one; what cannot be read becomes a problem instead of an exception."""

    problems: list[Problem] = field(default_factory=list)

    def fail(self, place: Place, message: str, hint: str = "") -> None:
        self.problems.append(Problem(place=place, message=message, hint=hint))

    def read(self, value: Any, reader: Callable[[Any], Any], place: Place) -> Any:
        """``reader(value)``, or None with the reasons noted."""
        try:
            return reader(value)
        except MisreadPartsError as error:
            for below, message in error.parts:
                self.fail((*place, *below), message)
        except ValueError as error:
            self.fail(place, str(error))
        return None

    def members(
        self, node: Mapping[str, Any], keys: Mapping[str, str], place: Place
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Read the known members of a JSON object; returns (values by noun name, the other keys as they are)."""
        values: dict[str, Any] = {}
        for key, noun in keys.items():
            if node.get(key) is None:
                continue
            value = self.read(node[key], VALUE_READERS[noun], (*place, key))
            if value is not None:
                values[noun] = value
        return values, {key: value for key, value in node.items() if key not in keys}


def read_document(document: Any) -> Reading:
    """Read a parsed ``datasource-properties.json``.

    Parameters
    ----------
    document : Any
        What ``json.loads`` gave.

    Returns
    -------
    Reading
        The data source or, if something is wrong, the good half and every problem with its place.
    """
    if not isinstance(document, dict):
        problem = Problem(
            message="The document is not a JSON object.", hint="It must begin with { and end with }."
        )
        return Reading(None, {}, (problem,))
    collector = _Collector()
    top, other = collector.members(document, {k: v for k, v in TOP_KEYS.items() if v != "layers"}, ())
    other.pop("dataLayers", None)
    values: Values = {(noun,): value for noun, value in top.items()}
    layers = _read_layers(document.get("dataLayers"), collector, values)
    if "voxel_size" not in top and document.get("scale") is None:
        collector.fail(
            ("scale",), "The voxel size is missing.", "Give the edge lengths of one voxel, x, y, z."
        )
    if "voxel_size" not in top or errors_among(collector.problems):
        return Reading(None, values, (*collector.problems, *check_layers(layers)))
    data_source = DataSource(layers=tuple(layer for _, layer in layers), other=other, **top)
    problems = (*collector.problems, *check_data_source(data_source))
    return Reading(None if errors_among(problems) else data_source, values, problems, data_source)


def _read_layers(node: Any, collector: _Collector, values: Values) -> list[tuple[int, LayerProperties]]:
    """The layers that can be read, with their positions in the document."""
    if not isinstance(node, list):
        collector.fail(("dataLayers",), "The list of layers is missing.", "Give at least one layer.")
        return []
    layers = []
    for index, entry in enumerate(node):
        place: Place = ("dataLayers", index)
        if not isinstance(entry, dict):
            collector.fail(place, "A layer must be a JSON object.")
            continue
        layer = _read_layer(entry, place, collector, values)
        if layer is not None:
            layers.append((index, layer))
    return layers


def _read_layer(
    node: dict[str, Any], place: Place, collector: _Collector, values: Values
) -> LayerProperties | None:
    known = {key: noun for key, noun in LAYER_KEYS.items() if noun != "mags"}
    members, other = collector.members(node, known, place)
    mags = _read_mags(node, place, collector)
    other.pop("mags", None)
    other.pop("wkwResolutions", None)
    if mags:
        members["mags"] = mags
    element_class = members.get("element_class")
    if "num_channels" not in members and element_class is ElementClass.UINT24:
        members["num_channels"] = 3
    name = members.get("name")
    if name is not None:
        values.update({("layers", name, noun): value for noun, value in members.items()})
    complete = True
    for key in ("name", "category", "elementClass", "boundingBox"):
        if node.get(key) is None:
            collector.fail((*place, key), f"{key} is missing.")
        complete = complete and LAYER_KEYS[key] in members
    return LayerProperties(other=other, **members) if complete else None


def _read_mags(node: dict[str, Any], place: Place, collector: _Collector) -> tuple[MagProperties, ...]:
    key = "mags" if node.get("mags") is not None else "wkwResolutions"
    entries = node.get(key)
    if not isinstance(entries, list):
        collector.fail((*place, key), "The list of mags is missing.", "Name at least one mag, such as 1.")
        return ()
    mags = []
    for index, entry in enumerate(entries):
        where = (*place, key, index)
        node_of_mag = entry if isinstance(entry, dict) else {"mag": entry}
        members, other = collector.members(node_of_mag, MAG_KEYS, where)
        if "mag" in members:
            mags.append(MagProperties(other=other, **members))
        elif node_of_mag.get("mag") is None and node_of_mag.get("resolution") is None:
            collector.fail(where, "The mag's factors are missing.", "Write them like [2, 2, 1].")
    return tuple(sorted(mags, key=lambda entry: entry.mag))
