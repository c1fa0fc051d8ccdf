"""The levels of the view configuration hierarchy, and what can be wrong at one: ``ViewLevel``, ``ViewProblem``."""

from __future__ import annotations

from enum import StrEnum

from voxshelf.model.problems import Problem


class ViewLevel(StrEnum):
    """Who says how a dataset appears, from the weakest to the strongest."""

    BUILT_IN = "built-in"
    """voxshelf's own defaults."""
    FILE = "file"
    """``datasource-properties.json``."""
    DATASET = "dataset"
    """Edit View: for everybody who opens the dataset."""
    USER = "user"
    """One user's own settings."""

    @property
    def label(self) -> str:
        """How people call it: "from …"."""
        return _LABELS[self]

    @property
    def possessive(self) -> str:
        """How people call its value: "overrides … 35"."""
        return _POSSESSIVES[self]

    @property
    def levels_above(self) -> tuple[ViewLevel, ...]:
        """The levels that overrule it."""
        order = tuple(ViewLevel)
        return order[order.index(self) + 1 :]


_LABELS = {
    ViewLevel.BUILT_IN: "the built-in defaults",
    ViewLevel.FILE: "the JSON file",
    ViewLevel.DATASET: "Edit View",
    ViewLevel.USER: "your settings",
}
_POSSESSIVES = {
    ViewLevel.BUILT_IN: "the built-in",
    ViewLevel.FILE: "the file's",
    ViewLevel.DATASET: "Edit View's",
    ViewLevel.USER: "your",
}


class ViewProblem(Problem):
    """A problem of one level's view configuration.

    Parameters
    ----------
    level : ViewLevel
        Whose document it is in; ``place`` is a place in that document.
    """

    level: ViewLevel

    def __str__(self) -> str:
        return f"{self.level.label}, {super().__str__()}"
