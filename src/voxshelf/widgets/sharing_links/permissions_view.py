"""Teams, visibility and owner on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets

from voxshelf.widgets.drafts import Choice, FormRow, Panel, SaveBar, close_all

if TYPE_CHECKING:
    from voxshelf.widgets.sharing_links.permissions import PermissionsSection, TeamChoice

_PRIVATE, _PUBLIC = "Only people and teams with access", "Everybody, also without an account"

_NO_TEAMS = '<span class="vx-hint">There are no teams yet: store.people.add_team("…")</span>'


class PermissionsForm(Panel):
    """Who may see the dataset.

    Parameters
    ----------
    section : PermissionsSection
        What is shown and edited.
    """

    def __init__(self, section: PermissionsSection) -> None:
        self._section = section
        self._boxes: dict[str, widgets.Checkbox] = {}
        self._teams = widgets.VBox()
        self._teams.add_class("vx-checks")
        self._visibility = widgets.Dropdown(
            options=[(_PRIVATE, False), (_PUBLIC, True)], layout=widgets.Layout(width="300px")
        )
        self._owner = Choice(lambda login: setattr(section, "owner", login), width="300px")
        self._rows = {
            "teams": FormRow(
                "Teams with access", self._teams, meaning="Their members may look at the dataset", tall=True
            ),
            "is_public": FormRow(
                "Visibility", self._visibility, meaning="Public datasets are in the gallery"
            ),
            "owner": FormRow("Owner", self._owner, meaning="May do everything with the dataset"),
        }
        super().__init__([*self._rows.values(), SaveBar(section)])
        self.add_class("vx-stack")
        self.tie(section, "is_public", self._visibility)
        self.follow(section, ["changes", "choices", "owners", "owner_locked", "refusal"], self._paint)
        self._paint()

    def _paint(self) -> None:
        section = self._section
        refused = bool(section.refusal) or not section.loaded
        self._paint_teams(section.choices, refused=refused)
        self._visibility.disabled = refused
        self._owner.offer(section.owners, section.owner)
        self._owner.disabled = refused or bool(section.owner_locked)
        for name, row in self._rows.items():
            row.mark(edited=section.is_edited(name))
        self._rows["owner"].say(hint="" if refused else section.owner_locked)
        self._rows["is_public"].say(
            hint="It is listed in the gallery, with its display name and description."
            if section.is_public
            else ""
        )

    def _paint_teams(self, choices: tuple[TeamChoice, ...], *, refused: bool) -> None:
        if list(self._boxes) != [choice.name for choice in choices]:
            self._boxes = {choice.name: self._make_box(choice) for choice in choices}
            old = self._teams.children
            self._teams.children = tuple(self._boxes.values()) or (widgets.HTML(_NO_TEAMS),)
            close_all(old)
        for choice in choices:
            box = self._boxes[choice.name]
            box.value = choice.name in self._section.teams
            box.disabled = refused or bool(choice.locked)
            box.tooltip = choice.locked
            box.description = f"{choice.name} (allowed by its folder)" if choice.inherited else choice.name
        locked = [choice.name for choice in choices if choice.locked]
        hint = f"Not yours to change: {', '.join(locked)}." if locked and not refused else ""
        self._rows["teams"].say(hint=hint)

    def _make_box(self, choice: TeamChoice) -> widgets.Checkbox:
        box = widgets.Checkbox(indent=False, layout=widgets.Layout(width="auto"))
        box.observe(lambda change: self._section.allow(choice.name, change["new"]), "value")
        return box
