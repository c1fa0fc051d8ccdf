"""From a view configuration to what a viewer shows, and back: documents with the camelCase keys of the model.

A document may say as little as it likes; what it says wrongly is left out, key by key (see :mod:`.opening`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from voxshelf.errors import VoxshelfError
from voxshelf.model import (
    LayerViewConfiguration,
    ResolvedViewConfiguration,
    ViewConfiguration,
    ViewLevel,
    ViewState,
)
from voxshelf.widgets.slice_viewer.opening import lenient, opening_configuration

if TYPE_CHECKING:
    from voxshelf.widgets.slice_viewer.state import ViewerState

SETTINGS = (
    "interpolation",
    "blend_mode",
    "segmentation_pattern_opacity",
    "render_missing_data_black",
    "selective_segment_visibility",
    "color_layer_order",
)
"""Traits of a viewer that are keys of a view configuration under the same name."""


def given_configuration(dataset: Any, given: Any) -> ViewConfiguration:
    """What a viewer was given, in any of its forms, as a (partial) noun; None is the dataset's own default.

    Of a :class:`ResolvedViewConfiguration` the intensity ranges that nobody set are left out: the viewer finds
    better ones than the full range of the type.
    """
    if given is None:
        return opening_configuration(dataset)
    if isinstance(given, ViewConfiguration):
        return given
    if isinstance(given, ResolvedViewConfiguration):
        document = given.document()
        for value in given.values:
            if value.place[-1] == "intensityRange" and value.origin is ViewLevel.BUILT_IN:
                del document["layers"][value.place[1]]["intensityRange"]
        given = document
    return read_document(given)


def stored_configuration(dataset: Any) -> ResolvedViewConfiguration | None:
    """How the store that a dataset was opened from says it appears; None where there is none, or it says nothing."""
    store = getattr(dataset, "store", None)
    if store is None:
        return None
    try:
        resolved: ResolvedViewConfiguration = store.view_configuration(dataset.key)
    except (VoxshelfError, OSError):  # no reason to keep anybody from seeing the data
        return None
    return resolved


def read_document(document: Mapping[str, Any]) -> ViewConfiguration:
    """A document as a noun, without what does not fit."""
    raw = dict(document)
    listed = raw.pop("layers", None)
    entries = listed.items() if isinstance(listed, Mapping) else ()
    layers = {
        str(name): lenient(LayerViewConfiguration, entry)
        for name, entry in entries
        if isinstance(entry, Mapping)
    }
    return lenient(ViewConfiguration, raw).model_copy(update={"layers": layers})


def apply(state: ViewerState, given: ViewConfiguration) -> None:
    """Take over what a configuration says; what it does not say stays."""
    if given.position is not None:
        state.go_to(given.position)
    if given.zoom is not None:
        state.zoom = given.zoom
    if given.rotation is not None:
        state.rotation = given.rotation
    for name in SETTINGS:
        value = getattr(given, name)
        if value is not None:
            setattr(state, name, value)
    for name, entry in (given.layers or {}).items():
        if name in state.layers:
            state.layers[name].change(entry)


def begin_anew(state: ViewerState, given: ViewConfiguration) -> None:
    """Take over what a configuration says; what it does not say is as usual."""
    for name in SETTINGS:
        setattr(state, name, state.trait_defaults(name))
    for name, layer in state.layers.items():
        layer.configure((given.layers or {}).get(name) or LayerViewConfiguration())
    apply(state, given.model_copy(update={"layers": None}))
    for name, layer in state.layers.items():
        if layer.is_color and layer.window is None:
            state.auto_contrast(name)


def present(state: ViewerState) -> ViewConfiguration:
    """All that a viewer shows now, as a noun."""
    return ViewConfiguration(
        position=state.position,
        zoom=state.view.zoom,
        rotation=state.rotation,
        layers={name: layer.configuration() for name, layer in state.layers.items()},
        **{name: getattr(state, name) for name in SETTINGS},
    )


def present_view(state: ViewerState) -> ViewState:
    """Where a viewer looks and how its layers appear, as a bookmark."""
    x, y, z = state.center
    layers = {name: layer.configuration() for name, layer in state.layers.items()}
    plane: Any = state.plane.lower()
    return ViewState(position=(x, y, z), zoom=state.view.zoom, plane=plane, layers=layers)


def open_view(state: ViewerState, view: ViewState) -> None:
    """Look where a bookmark points."""
    if view.plane is not None:
        state.plane = view.plane
    apply(state, read_document(view.view_document()))
