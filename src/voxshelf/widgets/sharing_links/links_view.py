"""The links on screen: making one, the list, and the one that was just made."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from voxshelf.widgets.drafts import FormRow, Panel, close_all
from voxshelf.widgets.open_viewers import OPEN_VIEWERS
from voxshelf.widgets.sharing_links.link_row import LinkRow, expiry_box, other_ways
from voxshelf.widgets.sharing_links.links import state_of
from voxshelf.widgets.sharing_links.new_link_view import NewLinkPanel
from voxshelf.widgets.theme import MessageLine, PythonLine, escape, literal

if TYPE_CHECKING:
    from voxshelf.widgets.sharing_links.links import LinksState

_SHOWN = 25
_NONE = "There is no link yet. Whoever gets one can look at this dataset without an account."
_NO_VIEWER = "A link can open at the view of a viewer, if one is open: press View first, or run {opening}."


class LinksPanel(Panel):
    """Make links, see them, take them back.

    Parameters
    ----------
    state : LinksState
        What is shown.
    """

    def __init__(self, state: LinksState) -> None:
        self._state = state
        self._all = False
        self._rows: dict[str, LinkRow] = {}
        self._painting = threading.RLock()
        self._refusal = widgets.HTML()
        self._form = self._make_form()
        self._list = widgets.VBox()
        self._list.add_class("vx-stack")
        self._message = MessageLine()
        self._python = PythonLine(store=state.store)
        self._unserved = widgets.HTML()
        super().__init__(
            [
                self._refusal,
                self._unserved,
                self._form,
                self._message,
                NewLinkPanel(state),
                self._list,
                self._python,
            ]
        )
        self.add_class("vx-stack")
        self.follow(state, ["links", "refusal"], self._paint_list)
        self.follow(OPEN_VIEWERS, "turn", self._paint_form)
        self.follow(state, ["expires", "refusal", "busy"], self._paint_form)
        self.follow(state, "message", lambda: self._message.show(state.message))
        self.follow(state, "python", self._paint_python)
        self._message.show(state.message)
        self._paint_form()
        self._paint_list()
        self._paint_python()

    def show_viewer(self) -> None:
        """Offer the current view if there is a viewer by now."""
        self._paint_form()

    # -- making one --------------------------------------------------------------------------

    def _make_form(self) -> widgets.Widget:
        state = self._state
        self._label = widgets.Text(placeholder="whom or what it is for", layout=widgets.Layout(width="260px"))
        self._expires = expiry_box()
        self._with_view = widgets.Checkbox(
            description="open at the current view", indent=False, layout=widgets.Layout(width="auto")
        )
        self.tie(state, "label", self._label)
        self.tie(state, "expires", self._expires)
        self.tie(state, "with_view", self._with_view)
        self._create = widgets.Button(
            description="Create link",
            button_style="primary",
            icon="link",
            layout=widgets.Layout(width="118px"),
        )
        self._create.on_click(lambda _: state.create())
        self._expiry_row = FormRow("Works until", self._expires)
        self._view_row = FormRow("View", self._with_view)
        form = widgets.VBox([FormRow("Label", self._label), self._expiry_row, self._view_row, self._create])
        form.add_class("vx-stack")
        return form

    def _paint_form(self) -> None:
        state = self._state
        sentence, usable = state.expiry
        self._expiry_row.say(
            wrong="" if usable else sentence, hint=f"{sentence} {other_ways()}" if usable else ""
        )
        has_viewer = state.current_viewer is not None
        self._with_view.layout.display = None if has_viewer else "none"
        opening = f"vx.SliceViewer(store[{literal(state.key)}])"
        hint = f'<span class="vx-hint">{escape(_NO_VIEWER.format(opening=opening))}</span>'
        self._view_row.say(beside="" if has_viewer else hint)
        self._create.disabled = bool(state.refusal) or state.busy or not usable
        self._form.layout.display = "none" if state.refusal else None
        self._refusal.value = f'<span class="vx-hint">{escape(state.refusal)}</span>' if state.refusal else ""
        self._refusal.layout.display = None if state.refusal else "none"
        unserved = "" if state.refusal else state.unserved
        self._unserved.value = (
            f'<div class="vx-note"><b>Links have no address here.</b> {escape(unserved)}</div>'
            if unserved
            else ""
        )
        self._unserved.layout.display = None if unserved else "none"

    # -- the list ----------------------------------------------------------------------------

    def close(self) -> None:
        """Stop following, and leave the screen; also rows that are not shown now."""
        rows, self._rows = self._rows, {}
        super().close()
        close_all(rows.values())

    def _paint_list(self) -> None:
        with self._painting:
            self._paint_rows()

    def _paint_rows(self) -> None:
        state = self._state
        working = [link for link in state.links if state_of(link)[1] == "good"]
        ended = [link for link in state.links if link not in working]
        shown = [*working, *(ended if self._all else [])]
        before = self._list.children
        # Rows are kept: who types in one is not interrupted because another link is used.
        old, self._rows = self._rows, {}
        for link in shown[:_SHOWN]:
            row = old.pop(link.id, None)
            self._rows[link.id] = row or LinkRow(link, state)
            if row is not None:
                row.show(link)
        head, foot = [], []
        if not working and not state.refusal:
            head.append(_hint(_NONE if not ended else "There is no link that works now."))
        if len(shown) > _SHOWN:
            foot.append(_hint(f"… and {len(shown) - _SHOWN} more"))
        if ended:
            foot.append(_bar([self._make_toggle(len(ended))]))
        self._list.children = (*head, *self._rows.values(), *foot)
        close_all([part for part in before if part not in self._rows.values()])

    def _make_toggle(self, count: int) -> widgets.Widget:
        what = "link that ended" if count == 1 else "links that ended"
        word = "Hide" if self._all else "Show"
        button = widgets.Button(description=f"{word} {count} {what}", layout=widgets.Layout(width="auto"))

        def turn(_: Any) -> None:
            self._all = not self._all
            self._paint_list()

        button.on_click(turn)
        return button

    def _paint_python(self) -> None:
        self._python.code = self._state.python
        self._python.layout.display = None if self._state.python else "none"


def _bar(children: list[widgets.Widget]) -> widgets.HBox:
    bar = widgets.HBox(children)
    bar.add_class("vx-bar")
    return bar


def _hint(text: str) -> widgets.HTML:
    return widgets.HTML(f'<span class="vx-hint">{escape(text)}</span>')
