"""One line that says how things stand: ``Message`` is the content, ``MessageLine`` shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import ipywidgets as widgets

from voxshelf.errors import VoxshelfError
from voxshelf.widgets.theme.markup import escape

Tone = Literal["info", "success", "warning", "error"]


@dataclass(frozen=True)
class Message:
    """Something to say to the person.

    Parameters
    ----------
    text : str
        A sentence; plain text.
    tone : str
        ``info``, ``success``, ``warning`` or ``error``.
    hint : str
        What to do about it; plain text.
    """

    text: str = ""
    tone: Tone = "info"
    hint: str = ""

    @classmethod
    def of_error(cls, error: BaseException, *, doing: str = "") -> Message:
        """What an error means to a person; ``doing`` says what was attempted, such as ``Importing``."""
        if isinstance(error, VoxshelfError):
            return cls(error.what, "error", error.hint)
        reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        what = f"{doing} failed: {reason}" if doing else reason
        return cls(what if what.endswith(".") else f"{what}.", "error")

    @property
    def html(self) -> str:
        """The message as HTML, escaped."""
        hint = f' <span class="vx-hint">{escape(self.hint)}</span>' if self.hint else ""
        return f"{escape(self.text)}{hint}"


class MessageLine(widgets.HTML):  # type: ignore[misc]  # ipywidgets ships no types
    """Shows a :class:`Message`; empty, it keeps its height."""

    def __init__(self) -> None:
        super().__init__()
        self._tone = ""
        self.add_class("vx-message")
        self.show(Message())

    def show(self, message: Message) -> None:
        """Show ``message`` in place of the one before."""
        if self._tone:
            self.remove_class(f"vx-{self._tone}")
        self._tone = message.tone
        self.add_class(f"vx-{message.tone}")
        self.value = f'<span role="status">{message.html}</span>' if message.text else ""
