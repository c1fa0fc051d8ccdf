"""View configurations as files: ``ViewFile`` saves one to the person's computer and reads one from there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

if TYPE_CHECKING:
    from collections.abc import Callable

_LARGEST = 1_000_000


class ViewFile(anywidget.AnyWidget):
    """Two buttons: Export and Import.

    Parameters
    ----------
    take : callable
        Is given the text of a file that the person chose.
    refuse : callable
        Is given a sentence where that file cannot be one.
    """

    _esm = (Path(__file__).parent / "view_file.js").read_text(encoding="utf-8")

    name = traitlets.Unicode("view.json").tag(sync=True)
    text = traitlets.Unicode("").tag(sync=True)
    largest = traitlets.Int(_LARGEST).tag(sync=True)
    disabled = traitlets.Bool(False).tag(sync=True)

    def __init__(self, take: Callable[[str], None], refuse: Callable[[str], None]) -> None:
        super().__init__()
        self._take = take
        self._refuse = refuse
        self.add_class("vx-file")
        self.on_msg(self._heard)

    def _heard(self, _widget: Any, message: dict[str, Any], _buffers: Any) -> None:
        if message["kind"] == "file":
            self._take(str(message["text"]).removeprefix("\ufeff"))
        else:
            self._refuse(f"{message['name']} has {message['size']:,} bytes: that is no view configuration.")
