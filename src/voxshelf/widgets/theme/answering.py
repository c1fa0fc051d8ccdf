"""Widgets that are heard while a cell runs: ``Answering``.

JupyterLab 4.4 and newer lets the kernel take what widgets say on a thread beside the one that runs cells. ipykernel
sends a widget's messages to the thread from which the kernel last sent something to that widget. So whatever is sent
from elsewhere, as part of a cell or from a thread of our own, would make the person's next click wait until the
running cell has ended; unless it is sent as an answer to what the person did last. What is being answered is noted in
context variables.
"""

from __future__ import annotations

from contextvars import copy_context
from typing import Any

import anywidget


class Answering(anywidget.AnyWidget):
    """Sends everything as an answer to the browser's last message.

    Its script says ``{k: "here"}`` once it runs, and is answered ``{k: "heard"}``: from then on it is heard.

    Parameters
    ----------
    **traits
        As for any widget.

    Attributes
    ----------
    is_heard : bool
        Whether the script has said that it is there.
    """

    def __init__(self, **traits: Any) -> None:
        self._heard = copy_context()
        self.is_heard = False
        super().__init__(**traits)
        self.on_msg(self._hear)

    def send(self, content: Any, buffers: Any = None) -> None:
        """Send a message of our own."""
        self._heard.copy().run(super().send, content, buffers)

    def send_state(self, key: Any = None) -> None:
        """Send values of traits."""
        self._heard.copy().run(super().send_state, key)

    def _hear(self, _widget: Any, message: Any, _buffers: Any) -> None:
        self._heard = copy_context()
        if isinstance(message, dict) and message.get("k") == "here":
            self.send({"k": "heard"})
            self.is_heard = True
