"""The kernel's half of the browser side: ``Driver``, which answers the browser's requests for slices.

The other half is ``js/driver.js``, whose first comment describes traits and messages. The ES modules under ``js/`` are
joined into one, in the order of :data:`_MODULES`: a widget's script is a single module, and a person reads files.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import ipywidgets as widgets
import traitlets

from voxshelf.slicing import Plane, Region, plane_box, segment_palette
from voxshelf.widgets.slice_viewer.wire import picture_message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from voxshelf.widgets.slice_viewer.layer_picture import LayerPicture

    Pictures = Callable[[Region, Iterable[str], dict[str, int]], list[LayerPicture]]

_HERE = Path(__file__).parent
_MODULES = (
    "geometry",
    "decode",
    "segments",
    "paint",
    "pump",
    "elements",
    "controls",
    "axes",
    "stage",
    "readout",
    "sketch",
    "info",
    "export",
    "menu",
    "timing",
    "gestures",
    "pane",
    "driver",
)
_LOCAL_IMPORT = re.compile(r'^import\s[^;]*?\sfrom "\./[a-z]+\.js";\n', re.MULTILINE)


def joined_script() -> str:
    """All of ``js/`` as one ES module; imports of each other fall away, names are unique among them."""
    texts = [(_HERE / "js" / f"{name}.js").read_text(encoding="utf-8") for name in _MODULES]
    return "\n".join(_LOCAL_IMPORT.sub("", text) for text in texts)


class Driver(anywidget.AnyWidget):
    """Feeds a bqplot figure with slices.

    Parameters
    ----------
    pictures : callable
        Reads layers for a part of a plane, at coordinates on further axes: ``pictures(region, names, axes)``.
    acted : callable
        Called with what else the person did in the browser: a message ``{"k": …}``, see ``js/driver.js``.
    **traits
        ``source``, ``view``, ``looks``, ``settings``, ``active``, ``axes`` (x and y of each figure), ``brush``.
    """

    _esm = joined_script()
    _css = (_HERE / "style.css").read_text(encoding="utf-8")

    source = traitlets.Dict().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)
    looks = traitlets.List(traitlets.Dict()).tag(sync=True)
    settings = traitlets.Dict().tag(sync=True)
    active = traitlets.Unicode("").tag(sync=True)
    palette = traitlets.Bytes().tag(sync=True)
    hover = traitlets.Dict().tag(sync=True)
    error = traitlets.Unicode("").tag(sync=True)
    axes = traitlets.List(traitlets.Instance(widgets.Widget)).tag(sync=True, **widgets.widget_serialization)
    brush = traitlets.Instance(widgets.Widget).tag(sync=True, **widgets.widget_serialization)

    def __init__(self, pictures: Pictures, acted: Callable[[dict[str, Any]], None], **traits: Any) -> None:
        self._pictures = pictures
        self._acted = acted
        super().__init__(palette=segment_palette().tobytes(), **traits)
        self.on_msg(self._message_came)

    def refresh(self) -> None:
        """Make the browser forget its slices and ask again, e.g. after the data changed."""
        self.send({"k": "refresh"})

    def take_text(self, text: str, *, problem: str = "") -> None:
        """Hand the browser a text for its clipboard, or say why there is none."""
        self.send({"k": "text", "text": text, "problem": problem})

    def _message_came(self, _widget: Any, message: dict[str, Any], _buffers: Sequence[Any]) -> None:
        if message.get("k") == "get":
            self._answer(message)
        else:
            self._acted(message)

    def _answer(self, message: dict[str, Any]) -> None:
        asked = message["region"]
        plane = Plane(asked["plane"])
        left, top, right, bottom = (int(edge) for edge in asked["rect"])
        box = plane_box(plane, (left, top, right, bottom), int(asked["depth"]))
        region = Region(plane, box, float(asked["zoom"]))
        axes = {str(name): int(at) for name, at in asked.get("axes", {}).items()}
        pictures = self._pictures(region, [layer["name"] for layer in message["layers"]], axes)
        reply, buffers = picture_message(pictures, region)
        self.send({"k": "picture", "from": message["from"], "seq": message["seq"], **reply}, buffers)
