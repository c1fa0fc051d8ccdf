"""One link in the list on screen: what it is, what can be done with it, and its editor while it is edited."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from voxshelf.widgets.drafts import FormRow, Panel, close_all
from voxshelf.widgets.sharing_links.link_edit import moment_text
from voxshelf.widgets.sharing_links.links import state_of
from voxshelf.widgets.theme import chip, escape

if TYPE_CHECKING:
    from voxshelf.model import Link
    from voxshelf.widgets.sharing_links.link_edit import LinkEdit
    from voxshelf.widgets.sharing_links.links import LinksState

SPANS = ("1 day", "7 days", "1 month", "Friday", "never")
_QUESTIONS = {
    "revoke": ("Revoke it? It stops to work at once, for everybody who has it.", "Revoke"),
    "renew": ("Renew it? A new link is made; the old one stops to work at once.", "Renew"),
}


class LinkRow(Panel):
    """A row; it stays the same widget while its link is used or changed, so that nobody is interrupted.

    Parameters
    ----------
    link : Link
        Which.
    state : LinksState
        Where it is changed.
    """

    def __init__(self, link: Link, state: LinksState) -> None:
        self._link = link
        self._state = state
        self._painting = threading.RLock()
        self._editor: LinkEditor | None = None
        self._text = widgets.HTML()
        self._text.add_class("vx-grow")
        self._question = widgets.HTML()
        self._yes = button("", state.confirm, style="danger")
        self._keep = button("Keep it", lambda: setattr(state, "asking", ()))
        self._edit = button("Edit", lambda: state.begin_edit(link.id), tooltip="Change label and end")
        self._renew = button("Renew", lambda: state.ask("renew", link.id), tooltip="A new link in its place")
        self._revoke = button("Revoke", lambda: state.ask("revoke", link.id), tooltip="Take it back")
        self._buttons = (self._yes, self._keep, self._edit, self._renew, self._revoke)
        self._line = widgets.HBox([self._text, self._question, *self._buttons])
        self._line.add_class("vx-bar")
        super().__init__([self._line])
        self.add_class("vx-share-link")
        self.follow(state, ["asking", "busy", "edit"], self.paint)
        self.paint()

    def show(self, link: Link) -> None:
        """Show the link as it is now."""
        if link != self._link:
            self._link = link
        self.paint()

    def close(self) -> None:
        """Leave the screen."""
        if self._editor is not None:
            self._editor.close()
        super().close()

    def paint(self) -> None:
        """Bring everything up to date."""
        with self._painting:  # several threads may bring news at once
            self._paint(self._link, self._state.edit, self._state.asking)

    def _paint(self, link: Link, edit: LinkEdit | None, asking: tuple[str, ...]) -> None:
        markup = link_markup(link)
        if self._text.value != markup:
            self._text.value = markup
        works, is_revoked = state_of(link)[1] == "good", link.revoked is not None
        is_edited = edit is not None and edit.link == link.id
        question = asking[0] if asking and asking[1] == link.id else ""
        words, verb = _QUESTIONS.get(question, ("", ""))
        self._question.value = f'<span class="vx-wrong-text">{words}</span>'
        self._yes.description = verb
        for part in (self._question, self._yes, self._keep):
            _show(part, is_shown=bool(question))
        _show(self._edit, is_shown=not (question or is_revoked or is_edited))
        _show(self._renew, is_shown=not (question or is_edited))
        _show(self._revoke, is_shown=works and not (question or is_edited))
        for each in self._buttons:
            each.disabled = self._state.busy
        self._paint_editor(edit if is_edited else None)

    def _paint_editor(self, edit: LinkEdit | None) -> None:
        old = self._editor
        if edit is (None if old is None else old.edit):
            return
        self._editor = None if edit is None else LinkEditor(edit, self._state)
        self.children = [self._line] if self._editor is None else [self._line, self._editor]
        if old is not None:
            close_all([old])


class LinkEditor(Panel):
    """The fields of a link that is being edited.

    Parameters
    ----------
    edit : LinkEdit
        The draft.
    state : LinksState
        Where it is saved.
    """

    def __init__(self, edit: LinkEdit, state: LinksState) -> None:
        self.edit = edit
        self._state = state
        label = widgets.Text(
            placeholder="whom or what it is for",
            continuous_update=True,
            layout=widgets.Layout(width="260px"),
        )
        expires = expiry_box()
        self.tie(edit, "label", label)
        self.tie(edit, "expires", expires)
        self._row = FormRow("Works until", expires)
        self._save = button("Save", state.save_edit, style="primary")
        self._cancel = button("Cancel", state.cancel_edit)
        bar = widgets.HBox([self._save, self._cancel])
        bar.add_class("vx-bar")
        super().__init__([FormRow("Label", label), self._row, bar])
        self.add_class("vx-panel")
        self.add_class("vx-stack")
        self.add_class("vx-link-editor")
        self.follow(edit, ["label", "expires", "refusal"], self._paint)
        self.follow(state, "busy", self._paint)
        self._paint()

    def _paint(self) -> None:
        edit, busy = self.edit, self._state.busy
        problem = edit.problem
        self._row.say(wrong=problem, hint="" if problem else f"{edit.sentence} {other_ways()}")
        self._save.disabled = busy or bool(problem) or not edit.is_edited
        self._cancel.disabled = busy


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


def other_ways() -> str:
    """How else an end may be written."""
    return f"Other ways to say it: 1 day, Friday, {_some_day()}, never."


def _some_day() -> str:
    """A date to show how dates are written, always one that is still to come."""
    return (datetime.now(UTC).date() + timedelta(days=14)).isoformat()


def expiry_box() -> widgets.Combobox:
    """A field for an end, with the usual ones to choose from."""
    box = widgets.Combobox(
        placeholder=f"never, or 7 days, Friday, {_some_day()} …",
        options=SPANS,
        ensure_option=False,
        continuous_update=True,
        layout=widgets.Layout(width="260px"),
    )
    box.add_class("vx-expires")
    return box


def button(description: str, act: Any, *, style: str = "", tooltip: str | None = None) -> widgets.Button:
    """A button as wide as its words."""
    made = widgets.Button(
        description=description, button_style=style, tooltip=tooltip, layout=widgets.Layout(width="auto")
    )
    made.on_click(lambda _: act())
    return made


def _show(part: widgets.Widget, *, is_shown: bool) -> None:
    part.layout.display = None if is_shown else "none"
