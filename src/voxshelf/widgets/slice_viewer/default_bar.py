"""Going back to how a dataset first appears, and making what is on screen the default; on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from voxshelf.errors import VoxshelfError
from voxshelf.widgets.slice_viewer.controls import small_button
from voxshelf.widgets.theme import Message

if TYPE_CHECKING:
    from voxshelf.widgets.slice_viewer.view import SliceViewer

_SURE = "The default for everybody? Own settings of others stay theirs."


class DefaultBar(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """*Go to default*, and for whoever may edit the dataset *Make default*, which asks.

    Parameters
    ----------
    viewer : SliceViewer
        What is shown.
    """

    def __init__(self, viewer: SliceViewer) -> None:
        self._viewer = viewer
        go = small_button(
            "Go to default", "Show the dataset as it first appears; forgets your own settings", self._go
        )
        self._make = small_button(
            "Make default …", "Let everybody see it first as it is now", lambda: self._ask(asking=True)
        )
        record: Any = getattr(viewer.dataset, "record", None)
        self._may_make = record is not None and record.may("edit")
        text = widgets.HTML(f"<span>{_SURE}</span>")
        yes = small_button("Make default", "Store it", self._store)
        no = small_button("Keep", "Leave the default as it is", lambda: self._ask(asking=False))
        self._question = widgets.VBox([text, widgets.HBox([yes, no])])
        self._question.add_class("vxs-question")
        super().__init__([widgets.HBox([go, self._make]), self._question])
        self.add_class("vxs-defaults")
        self._ask(asking=False)

    def _ask(self, *, asking: bool) -> None:
        self._question.layout.display = None if asking else "none"
        self._make.layout.display = None if self._may_make and not asking else "none"

    def _go(self) -> None:
        self._viewer.go_to_default()

    def _store(self) -> None:
        self._ask(asking=False)
        try:
            self._viewer.make_default()
        except (VoxshelfError, OSError) as error:
            self._viewer.news = Message.of_error(error, doing="Storing the default")
        else:
            self._viewer.news = Message("This is the default now. Edit › History takes it back.", "success")
