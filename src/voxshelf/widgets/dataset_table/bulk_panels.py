"""The small forms of the actions on checked datasets: what to add, where to, who, and are you sure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import traitlets

from voxshelf.errors import VoxshelfError
from voxshelf.widgets.theme import escape

if TYPE_CHECKING:
    from voxshelf.widgets.dataset_table.state import DatasetTableState

_LEAVE = "–"
_NAMED = 5


class _Panel(widgets.HBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Controls and a button that applies them to what is checked at that moment."""

    def __init__(
        self, state: DatasetTableState, controls: list[widgets.Widget], apply: widgets.Button
    ) -> None:
        self._state = state
        super().__init__([*controls, apply])
        self.add_class("vx-bar")
        self.add_class("vx-panel")
        apply.on_click(lambda _: self._apply(state.checked.keys))

    def _apply(self, keys: tuple[str, ...]) -> None:
        raise NotImplementedError


class TagPanel(_Panel):
    """Tags to add and to take off, each list separated by commas."""

    def __init__(self, state: DatasetTableState) -> None:
        self._add = widgets.Text(placeholder="Tags to add: em, cortex", layout=_wide(230))
        self._remove = widgets.Text(placeholder="Tags to remove", layout=_wide(170))
        super().__init__(state, [self._add, self._remove], _primary("Apply"))

    def _apply(self, keys: tuple[str, ...]) -> None:
        self._state.bulk.tag(keys, add=_words(self._add.value), remove=_words(self._remove.value))


class MovePanel(_Panel):
    """A folder that is there, or the path of a new one."""

    def __init__(self, state: DatasetTableState) -> None:
        self._folder = widgets.Combobox(
            placeholder="Folder, such as Cortex/2026; empty: none", layout=_wide(300), continuous_update=True
        )
        traitlets.dlink((state.facets, "folders"), (self._folder, "options"))
        super().__init__(state, [self._folder], _primary("Move"))

    def _apply(self, keys: tuple[str, ...]) -> None:
        self._state.bulk.move(keys, self._folder.value)


class SharePanel(_Panel):
    """A team to allow, a team no longer to allow, and whether everybody may look."""

    def __init__(self, state: DatasetTableState) -> None:
        leave = [("Teams: add none", "")]
        self._give = widgets.Dropdown(options=leave, layout=_wide(170))
        self._take = widgets.Dropdown(options=[("Teams: remove none", "")], layout=_wide(180))
        visibility = [
            ("Visibility: as it is", _LEAVE),
            ("Public: everybody", "public"),
            ("Private", "private"),
        ]
        self._visibility = widgets.Dropdown(options=visibility, layout=_wide(170))
        self._note = widgets.HTML()
        super().__init__(state, [self._give, self._take, self._visibility, self._note], _primary("Apply"))
        self.layout.observe(lambda change: self._look(change["new"]), "display")

    def _look(self, display: Any) -> None:
        """Ask for the teams when the panel opens: by then they may be others."""
        if display == "none":
            return
        names = self._teams()
        for control, verb, what in ((self._give, "add", "Allow"), (self._take, "remove", "No longer allow")):
            options = [(f"{what} {name}", name) for name in names]
            control.options = [(f"Teams: {verb} none", ""), *options]
            control.disabled = not names
        self._note.value = "" if names else '<span class="vx-hint">There are no teams yet.</span>'

    def _teams(self) -> list[str]:
        organizations = {key.partition("/")[0] for key in self._state.checked.keys}
        names: set[str] = set()
        for organization in organizations:
            try:
                names |= {team.name for team in self._state.store.people.teams(organization)}
            except VoxshelfError:  # somebody from elsewhere is not told of its teams
                continue
        return sorted(names, key=str.casefold)

    def _apply(self, keys: tuple[str, ...]) -> None:
        public = {"public": True, "private": False}.get(self._visibility.value)
        self._state.bulk.share(keys, give=self._give.value, take=self._take.value, is_public=public)


class DeletePanel(_Panel):
    """Says what would be deleted, and asks."""

    def __init__(self, state: DatasetTableState) -> None:
        self._question = widgets.HTML()
        self._question.add_class("vx-grow")
        button = widgets.Button(description="Move to the trash", button_style="danger", layout=_wide(150))
        super().__init__(state, [self._question], button)
        state.checked.observe(lambda _: self._ask(), "keys")
        self._ask()

    def _ask(self) -> None:
        keys: tuple[str, ...] = self._state.checked.keys
        names = ", ".join(escape(key) for key in keys[:_NAMED])
        more = f" and {len(keys) - _NAMED:,} more" if len(keys) > _NAMED else ""
        self._question.value = (
            f"Move {names}{more} to the trash? They can be restored for 30 days; the folders move with them."
        )

    def _apply(self, keys: tuple[str, ...]) -> None:
        self._state.bulk.delete(keys)


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def _primary(description: str) -> widgets.Button:
    return widgets.Button(description=description, button_style="primary", layout=_wide(80))


def _wide(pixels: int) -> widgets.Layout:
    return widgets.Layout(width=f"{pixels}px", max_width="100%")
