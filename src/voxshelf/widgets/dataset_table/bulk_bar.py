"""Below the table: where one is in the list, how many are checked, and what can be done with these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from voxshelf.widgets.dataset_table.bulk_panels import DeletePanel, MovePanel, SharePanel, TagPanel
from voxshelf.widgets.dataset_table.state import MOST_CHECKED
from voxshelf.widgets.theme import MessageLine, ProgressLine, PythonLine

if TYPE_CHECKING:
    from voxshelf.widgets.dataset_table.state import DatasetTableState

_PANELS: dict[str, Any] = {"Tag": TagPanel, "Move": MovePanel, "Share": SharePanel, "Delete": DeletePanel}
_HINT = "Check rows to tag, move, share or delete several at once."


class BulkBar(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Acts on the checked datasets.

    Parameters
    ----------
    state : DatasetTableState
        Whose.
    pager : Widget
        Stands at the left of the bar.
    """

    children: tuple[Any, ...]

    def __init__(self, state: DatasetTableState, pager: widgets.Widget) -> None:
        self._state = state
        self._count = widgets.HTML()
        self._panels: dict[str, Any] = {}
        self._actions = widgets.ToggleButtons(
            options=list(_PANELS),
            value=None,
            tooltips=["Add and remove tags", "Into a folder", "Teams and visibility", "Into the trash"],
            style=widgets.ToggleButtonsStyle(button_width="78px"),
        )
        self._actions.add_class("vx-tight")
        self._none = _button("Uncheck all", "No dataset is checked afterwards", 106)
        self._all = widgets.Button(layout=widgets.Layout(width="auto"))
        self._all.on_click(lambda _: state.check_all())
        self._close = _button("Close", "Do nothing", 62)
        self._none.on_click(lambda _: state.checked.clear())
        self._close.on_click(lambda _: self._actions.set_trait("value", None))
        self._undo = _button("Undo", "Bring back what was deleted last", 62)
        self._undo.on_click(lambda _: state.bulk.bring_back())
        bar = widgets.HBox([pager, self._count, self._actions, self._close, self._all, self._none])
        bar.add_class("vx-bar")
        self._progress = ProgressLine(state.bulk.cancel)
        self._message = MessageLine()
        self._message.add_class("vx-grow")
        self._said = widgets.HBox([self._message, self._undo])
        self._said.add_class("vx-bar")
        self._code = PythonLine(store=state.store)
        super().__init__([bar, self._progress, self._said, self._code])
        self.add_class("vx-stack")
        self._follow()

    def _follow(self) -> None:
        bulk = self._state.bulk
        self._state.checked.observe(lambda _: self._show_count(), "keys")
        self._state.observe(lambda _: self._show_count(), "answers")
        self._actions.observe(lambda _: self._open(), "value")
        bulk.observe(lambda _: self._show_running(), "running")
        bulk.observe(lambda _: self._progress.step(bulk.progress, bulk.progress_text), "progress")
        bulk.observe(lambda _: self._show_outcome(), ["message", "undeletable"])
        self._show_count()
        self._show_outcome()
        self._open()

    def _show_count(self) -> None:
        count = len(self._state.checked.keys)
        hint = f'<span class="vx-hint">{_HINT}</span>' if self._state.total else ""
        self._count.value = f"<b>{count:,} checked</b>" if count else hint
        self._show(self._actions, bool(count))
        self._show(self._none, bool(count))
        total = self._state.total
        self._all.description = f"Check all {total:,}"
        self._all.tooltip = "Everything that the list holds, on all pages"
        has_more = len(self._state.rows) < total <= MOST_CHECKED and count < total
        self._show(self._all, bool(count) and has_more)
        if not count:
            self._actions.value = None

    def _open(self) -> None:
        chosen = self._actions.value
        if chosen is not None and chosen not in self._panels:
            # Made when it is first wanted: most who look at the table do not come for it.
            self._panels[chosen] = _PANELS[chosen](self._state)
            self._panels[chosen].layout.display = "none"
            bar, *rest = self.children
            self.children = (bar, self._panels[chosen], *rest)
        for name, panel in self._panels.items():
            self._show(panel, name == chosen)
        self._show(self._close, chosen is not None)

    def _show_running(self) -> None:
        if self._state.bulk.running:
            self._actions.value = None
            self._progress.start(self._state.bulk.progress_text)
        else:
            self._progress.stop()

    def _show_outcome(self) -> None:
        bulk = self._state.bulk
        self._message.show(bulk.message)
        self._code.code = bulk.code
        self._show(self._undo, bool(bulk.undeletable))
        has_outcome = bool(bulk.message.text)
        self._show(self._said, has_outcome)
        self._show(self._code, has_outcome and bool(bulk.code))

    @staticmethod
    def _show(widget: Any, shown: bool) -> None:  # noqa: FBT001 - said by name in what calls it
        widget.layout.display = None if shown else "none"


def _button(description: str, tooltip: str, width: int) -> widgets.Button:
    return widgets.Button(description=description, tooltip=tooltip, layout=widgets.Layout(width=f"{width}px"))
