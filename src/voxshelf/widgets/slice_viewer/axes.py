"""Axes besides x, y, z in a viewer: ``AxesState`` knows where one is on time and the like, ``layer_at`` reads there.

Words used here: a *coordinate* is a whole number on such an axis. A viewer has one for each axis that any of its
layers has; a layer whose own bounds do not reach there shows nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import traitlets

from voxshelf.errors import OutOfRangeError
from voxshelf.model import AdditionalCoordinate, ViewState
from voxshelf.widgets.slice_viewer.place import PlaceState
from voxshelf.widgets.theme import literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from voxshelf.widgets.slice_viewer.layer_state import LayerState


@dataclass(frozen=True)
class ViewerAxis:
    """An axis of a viewer: all coordinates that any layer has on it.

    Parameters
    ----------
    name : str
        ``t``.
    first, last : int
        The first and the last coordinate.
    """

    name: str
    first: int
    last: int

    def nearest(self, coordinate: int) -> int:
        """The coordinate within the axis that is nearest."""
        return min(max(coordinate, self.first), self.last)


def viewer_axes(handles: Iterable[Any]) -> tuple[ViewerAxis, ...]:
    """The axes of some layers together, in the order in which they come."""
    found: dict[str, ViewerAxis] = {}
    for handle in handles:
        for axis in getattr(handle, "additional_axes", ()):
            known = found.get(axis.name, ViewerAxis(axis.name, axis.first, axis.last))
            found[axis.name] = ViewerAxis(axis.name, min(known.first, axis.first), max(known.last, axis.last))
    return tuple(found.values())


def layer_at(handle: Any, coordinates: Mapping[str, int]) -> Any:
    """A layer's handle at a viewer's coordinates; None where the layer does not reach there."""
    own = getattr(handle, "additional_axes", ())
    if not own:
        return handle
    chosen = {axis.name: coordinates.get(axis.name, axis.first) for axis in own}
    return handle.at(chosen) if all(chosen[axis.name] in axis for axis in own) else None


def chosen_at(handle: Any, coordinates: Mapping[str, int]) -> str:
    """How ``read`` is told to read a layer there, as Python: ``, at={"t": 3}``; empty for a layer without such axes."""
    own = [axis.name for axis in getattr(handle, "additional_axes", ())]
    return f", at={literal({name: coordinates[name] for name in own})}" if own else ""


class AxesState(PlaceState):
    """Where one looks, also on further axes; see :class:`PlaceState`.

    Attributes
    ----------
    axes : dict
        Name → coordinate, of all axes that the layers have; setting some of them leaves the others. Kept within the
        axes.
    """

    axes: Any = traitlets.Dict(key_trait=traitlets.Unicode(), value_trait=traitlets.Int())
    layers: dict[str, LayerState]

    def __init__(self, *given: Any, **others: Any) -> None:
        super().__init__(*given, **others)
        self.axes = {}

    @property
    def further_axes(self) -> tuple[ViewerAxis, ...]:
        """The axes that there are, with their ranges."""
        return viewer_axes(layer.layer for layer in self.layers.values())

    def axes_document(self) -> list[dict[str, Any]]:
        """The axes, for the browser."""
        return [{"name": axis.name, "first": axis.first, "last": axis.last} for axis in self.further_axes]

    def look_from(self, document: dict[str, Any]) -> bool:
        """Take over a view that the browser reports; answers whether it was taken as it is."""
        with self.lock, self.hold_trait_notifications():
            as_asked = super().look_from(document)
            wanted = document.get("axes", {})
            self.axes = {**self.axes, **self.known_coordinates(wanted)}
        return as_asked and all(self.axes.get(name) == at for name, at in wanted.items())

    def view_document(self) -> dict[str, Any]:
        """The present view, for the browser."""
        return {**super().view_document(), "axes": dict(self.axes)}

    def known_coordinates(self, wanted: Mapping[str, Any]) -> dict[str, int]:
        """Of coordinates that came from elsewhere those on axes that there are."""
        names = {axis.name for axis in self.further_axes}
        return {name: int(at) for name, at in wanted.items() if name in names}

    def with_coordinates(self, view: ViewState) -> ViewState:
        """A bookmark that also says where one is on further axes."""
        if not self.axes:
            return view
        where = tuple(AdditionalCoordinate(name=name, value=at) for name, at in self.axes.items())
        return view.model_copy(update={"additional_coordinates": where})

    def take_coordinates(self, view: ViewState) -> None:
        """Go where a bookmark points on further axes; what it does not say stays."""
        self.axes = self.known_coordinates(
            {entry.name: entry.value for entry in view.additional_coordinates or ()}
        )

    @traitlets.validate("axes")
    def _valid_axes(self, proposal: Any) -> dict[str, int]:
        wanted, known = proposal["value"], self.further_axes
        now: dict[str, int] = self.axes
        unknown = sorted(wanted.keys() - {axis.name for axis in known})
        if unknown:
            names = ", ".join(axis.name for axis in known)
            raise OutOfRangeError(
                f"There is no axis {unknown[0]!r}.",
                hint=f"The layers have: {names}." if names else "The layers have no axes besides x, y, z.",
            )
        return {
            axis.name: axis.nearest(wanted.get(axis.name, now.get(axis.name, axis.first))) for axis in known
        }
