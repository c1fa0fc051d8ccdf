"""What is on screen as text to take along: lines of Python, JSON, a link's fragment."""

from __future__ import annotations

import json
import urllib.parse
from typing import TYPE_CHECKING, Any

from voxshelf.errors import OutOfRangeError
from voxshelf.model import ViewState
from voxshelf.model.view_keys import plain_json
from voxshelf.widgets.slice_viewer.axes import chosen_at, layer_at
from voxshelf.widgets.theme import call, literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxshelf.widgets.slice_viewer.state import ViewerState

_KEY = "view="


def expression_of(dataset: Any) -> str:
    """The Python that opens a dataset again; ``dataset`` where nobody knows."""
    path = getattr(dataset, "path", None)
    return "dataset" if path is None else call("vx.open_dataset", str(path))


def reading_code(state: ViewerState, layer: str | None = None) -> str:
    """The lines that read the visible box of a layer as numpy; default: of the first one that is shown."""
    name = state.first_visible() if layer is None else layer
    planned, handle = state.plan_for(name), state.layer(name).layer
    if planned is None or layer_at(handle, state.axes) is None:
        raise OutOfRangeError(
            f"Nothing of layer {name!r} is in view.", hint="Move to where it has data, or press Fit."
        )
    box = state.box.intersection(handle.bounding_box)
    place = f"vx.BoundingBox({tuple(box.topleft)}, {tuple(box.size)})"
    how = f"{place}, mag={literal(str(planned.mag))}{chosen_at(handle, state.axes)}"
    return f"import voxshelf as vx\n{state.expression}[{literal(name)}].read({how})"


def segment_code(state: ViewerState, layer: str, segment: int) -> str:
    """The lines that read where in the visible box a segment is, as a mask."""
    return f"{reading_code(state, layer)} == {segment}"


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
            hint="Copy it again with Copy → This view as end of a link in the viewer.",
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
