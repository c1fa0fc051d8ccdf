"""The links on screen: making one, the list, and the one that was just made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from voxshelf.widgets.drafts import FormRow, Panel, close_all
from voxshelf.widgets.sharing_links.links import moment_text, state_of
from voxshelf.widgets.sharing_links.new_link_view import NewLinkPanel
from voxshelf.widgets.theme import MessageLine, PythonLine, chip, escape

if TYPE_CHECKING:
    from voxshelf.model import Link
    from voxshelf.widgets.sharing_links.links import LinksState

_SPANS = ("1 day", "7 days", "1 month", "Friday", "never")
_ALSO = "Other ways to say it: 1 day, Friday, 2026-12-01, never."
_SHOWN = 25
_QUESTIONS = {
    "revoke": ("Revoke it? It stops to work at once, for everybody who has it.", "Revoke"),
    "renew": ("Renew it? A new link is made; the old one stops to work at once.", "Renew"),
}


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
        self.follow(state, ["links", "asking", "refusal", "busy"], self._paint_list)
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
        self._expires = widgets.Combobox(
            placeholder="never, or 7 days, Friday, 2026-12-01 …",
            options=_SPANS,
            ensure_option=False,
            continuous_update=True,
            layout=widgets.Layout(width="260px"),
        )
        self._expires.add_class("vx-expires")
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
        self._expiry_row.say(wrong="" if usable else sentence, hint=f"{sentence} {_ALSO}" if usable else "")
        self._view_row.layout.display = None if state.viewer is not None else "none"
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

    def _paint_list(self) -> None:
        state = self._state
        old = self._list.children
        working = [link for link in state.links if state_of(link)[1] == "good"]
        ended = [link for link in state.links if link not in working]
        shown = [*working, *(ended if self._all else [])]
        rows: list[widgets.Widget] = [self._make_row(link) for link in shown[:_SHOWN]]
        if len(shown) > _SHOWN:
            rows.append(widgets.HTML(f'<span class="vx-hint">… and {len(shown) - _SHOWN} more</span>'))
        if not working and not state.refusal:
            rows.insert(0, widgets.HTML('<span class="vx-hint">There is no link that works now.</span>'))
        foot = [self._make_toggle(len(ended))] if ended else []
        if state.links:
            foot.append(_button("Refresh", state.refresh))
            foot[-1].tooltip = "See how often the links were used by now"
        rows.append(_bar(foot))
        self._list.children = tuple(rows)
        close_all(old)

    def _make_toggle(self, count: int) -> widgets.Widget:
        what = "link that ended" if count == 1 else "links that ended"
        word = "Hide" if self._all else "Show"
        button = widgets.Button(description=f"{word} {count} {what}", layout=widgets.Layout(width="auto"))

        def turn(_: Any) -> None:
            self._all = not self._all
            self._paint_list()

        button.on_click(turn)
        return button

    def _make_row(self, link: Link) -> widgets.Widget:
        text = widgets.HTML(link_markup(link))
        text.add_class("vx-grow")
        state = self._state
        works = state_of(link)[1] == "good"
        question = state.asking[0] if state.asking and state.asking[1] == link.id else ""
        buttons: list[widgets.Widget] = []
        if question:
            words, verb = _QUESTIONS[question]
            yes = _button(verb, state.confirm, style="danger")
            no = _button("Keep it", lambda: setattr(state, "asking", ()))
            buttons = [widgets.HTML(f'<span class="vx-wrong-text">{words}</span>'), yes, no]
        else:
            buttons.append(_button("Renew", lambda: state.ask("renew", link.id)))
            if works:
                buttons.append(_button("Revoke", lambda: state.ask("revoke", link.id)))
        for button in buttons:
            button.disabled = state.busy
        row = widgets.HBox([text, *buttons])
        row.add_class("vx-bar")
        row.add_class("vx-share-link")
        return row

    def _paint_python(self) -> None:
        self._python.code = self._state.python
        self._python.layout.display = None if self._state.python else "none"


def link_markup(link: Link) -> str:
    """A link in two lines: label and state, then expiry, uses and last use."""
    word, tone = state_of(link)
    until = "works until revoked" if link.expires is None else f"until {moment_text(link.expires)}"
    if link.revoked is not None:
        until = f"revoked {moment_text(link.revoked)}"
    elif tone == "warn" and link.expires is not None:
        until = f"ended {moment_text(link.expires)}"
    used = "never used" if link.use_count == 0 else f"used {link.use_count}×"
    if link.last_used is not None:
        used += f", last {moment_text(link.last_used)}"
    by = f" by {escape(link.created_by)}" if link.created_by else ""
    made = f"made {moment_text(link.created)}{by}"
    view = " · with a view" if link.view is not None else ""
    return (
        f"<b>{escape(link.title)}</b> {chip(word, tone)}"
        f'<br><span class="vx-hint">{escape(until)} · {escape(used)} · {made}{view}</span>'
    )


def _bar(children: list[widgets.Widget]) -> widgets.HBox:
    bar = widgets.HBox(children)
    bar.add_class("vx-bar")
    return bar


def _button(description: str, act: Any, *, style: str = "") -> widgets.Button:
    button = widgets.Button(description=description, button_style=style, layout=widgets.Layout(width="auto"))
    button.on_click(lambda _: act())
    return button
