"""Tags in one line of text, separated by commas: the tags widget of ipywidgets hides its input once there is a tag."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets

from voxshelf.widgets.drafts import Panel

if TYPE_CHECKING:
    from voxshelf.widgets.edit_tabs.details import DetailsSection


class TagsText(Panel):
    """The tags of a dataset.

    Parameters
    ----------
    section : DetailsSection
        Whose tags are shown and edited.
    """

    def __init__(self, section: DetailsSection) -> None:
        self._section = section
        self._text = widgets.Text(
            placeholder="separated by commas, such as em, mouse",
            continuous_update=True,
            layout=widgets.Layout(width="auto"),
        )
        super().__init__([self._text])
        self.add_class("vx-tags-text")
        self.follow(section, "tags", self._show)
        self._text.observe(lambda change: setattr(section, "tags", read_tags(change["new"])), "value")
        self._show()

    def refuse(self, *, refused: bool) -> None:
        """Make it read-only, or not."""
        self._text.disabled = refused

    def _show(self) -> None:
        # What is being typed stays as it is while it means the same.
        if sorted(read_tags(self._text.value)) != sorted(self._section.tags):
            self._text.value = ", ".join(self._section.tags)


def read_tags(text: str) -> list[str]:
    """``em, mouse,`` → ``["em", "mouse"]``; a tag that comes twice counts once."""
    return list(dict.fromkeys(tag.strip() for tag in text.split(",") if tag.strip()))
