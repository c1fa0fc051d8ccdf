"""What is on screen as text to take along: lines of Python, JSON, a link's fragment."""

from __future__ import annotations

import json
import math
import urllib.parse
from typing import TYPE_CHECKING, Any

from voxshelf.errors import OutOfRangeError
from voxshelf.model import BoundingBox, ViewState
from voxshelf.model.view_keys import plain_json
from voxshelf.slicing import Plane
from voxshelf.widgets.slice_viewer.axes import chosen_at, layer_at
from voxshelf.widgets.theme import call, literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxshelf.model import Mag
    from voxshelf.widgets.slice_viewer.state import ViewerState

MOST_VOXELS = 1 << 26
"""So many voxels at most does a line read that looks for a whole segment: half a gigabyte of 64-bit ids."""
_KEY = "view="


def expression_of(dataset: Any) -> str:
    """The Python that opens a dataset again; ``dataset`` where nobody knows."""
    path = getattr(dataset, "path", None)
    return "dataset" if path is None else call("vx.open_dataset", str(path))


def reading_code(state: ViewerState, layer: str | None = None) -> str:
    """The lines that read the visible box of a layer as numpy; default: of the first one that is shown."""
    name = state.first_visible() if layer is None else layer
    box, mag = _box_in_view(state, name)
    return f"import voxshelf as vx\n{_read(state, name, box, mag)}"


def segment_code(state: ViewerState, layer: str, segment: int, *, is_whole: bool = False) -> str:
    """The lines that make a mask of a segment: in the visible box or, as a whole, in the box of its layer.

    A layer of many voxels is read in a coarser mag; where even the coarsest has too many, only what is in view is
    read, through all slices. A comment in the lines says which.

    Raises
    ------
    OutOfRangeError
        If nothing of the layer is in view, or all slices of what is in view are too many voxels.
    """
    if is_whole:
        box, mag, where = _box_of_all(state, layer)
    else:
        (box, mag), where = _box_in_view(state, layer), "what is in view of this slice"
    size = " × ".join(f"{edge:,}" for edge in box.in_mag(mag).size)
    return "\n".join(
        [
            "import voxshelf as vx",
            f"# Segment {segment} of {literal(layer)} in {where}: {size} voxels (x, y, z) of mag {mag}",
            f"mask = {_read(state, layer, box, mag)} == {segment}",
            "mask.sum()",
        ]
    )


def _read(state: ViewerState, name: str, box: BoundingBox, mag: Mag) -> str:
    """The Python that reads a box of a layer where a viewer is on further axes."""
    place = f"vx.BoundingBox({tuple(box.topleft)}, {tuple(box.size)})"
    how = f"{place}, mag={literal(str(mag))}{chosen_at(state.layer(name).layer, state.axes)}"
    return f"{state.expression}[{literal(name)}].read({how})"


def _box_in_view(state: ViewerState, name: str) -> tuple[BoundingBox, Mag]:
    """What is visible of a layer, and the mag in which it is on screen."""
    planned, handle = state.plan_for(name), state.layer(name).layer
    if planned is None or layer_at(handle, state.axes) is None:
        raise OutOfRangeError(
            f"Nothing of layer {name!r} is in view.", hint="Move to where it has data, or press Fit."
        )
    return state.box.intersection(handle.bounding_box), planned.mag


def _box_of_all(state: ViewerState, name: str) -> tuple[BoundingBox, Mag, str]:
    """A box of a layer to find all of a segment in, the finest mag that is not too large for it, and its name."""
    in_view, _ = _box_in_view(state, name)
    handle = state.layer(name).layer
    whole, normal = handle.bounding_box, Plane(state.plane).axes[2]
    topleft, size = list(in_view.topleft), list(in_view.size)
    topleft[normal], size[normal] = whole.topleft[normal], whole.size[normal]
    through = BoundingBox((topleft[0], topleft[1], topleft[2]), (size[0], size[1], size[2]))
    for box, where in ((whole, "the whole layer"), (through, "all slices of what is in view")):
        volumes = {mag: math.prod(box.in_mag(mag).size) for mag in handle.mags}
        fitting = [mag for mag, volume in volumes.items() if volume <= MOST_VOXELS]
        if fitting:
            return box, max(fitting, key=volumes.__getitem__), where
    raise OutOfRangeError(
        f"Layer {name!r} has more than {MOST_VOXELS:,} voxels in view, through all slices.",
        hint="Zoom in, or downsample the layer.",
    )


def opening_code(state: ViewerState) -> str:
    """The lines that open this view."""
    document = plain_json(state.view_state.document())
    return f"import voxshelf as vx\nvx.SliceViewer({state.expression}, view={literal(document)})"


def view_json(state: ViewerState) -> str:
    """The bookmark as JSON."""
    return json.dumps(plain_json(state.view_state.document()), ensure_ascii=False)


def view_fragment(state: ViewerState) -> str:
    """The bookmark as the end of a link, beginning with ``#``."""
    text = json.dumps(plain_json(state.view_state.document()), ensure_ascii=False, separators=(",", ":"))
    return f"#{_KEY}{urllib.parse.quote(text, safe=',:')}"


def view_of_fragment(fragment: str) -> ViewState:
    """The bookmark in a fragment or in a whole link.

    Raises
    ------
    OutOfRangeError
        If there is none in it.
    """
    _, found, text = fragment.partition(_KEY)
    try:
        if not found:
            raise ValueError  # noqa: TRY301 - said below, in the same words as for broken JSON
        return ViewState.model_validate_json(urllib.parse.unquote(text))
    except ValueError as error:
        raise OutOfRangeError(
            "This link holds no view.",
            hint="Copy it again with Copy → This view as text for viewer.open_link(…) in the viewer.",
        ) from error


def text_of(state: ViewerState, what: str) -> str:
    """One of these texts: ``read``, ``open``, ``json``, ``link`` or ``position``.

    Raises
    ------
    OutOfRangeError, LayerNotFoundError
        If there is no such text, or nothing is in view to speak of.
    """
    makers: dict[str, Callable[[ViewerState], str]] = {
        "read": reading_code,
        "open": opening_code,
        "json": view_json,
        "link": view_fragment,
        "position": lambda state: ", ".join(map(str, state.position)),
    }
    if what not in makers:
        raise OutOfRangeError(f"There is no text {what!r}.", hint=f"Ask for one of: {', '.join(makers)}.")
    return makers[what](state)
