"""The rows of a tree of folders, some of them open. Pure: paths in, rows out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


@dataclass(frozen=True)
class FolderLine:
    """One row of the tree."""

    path: str
    has_children: bool
    is_open: bool

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def depth(self) -> int:
        """How far in it stands, from 0."""
        return self.path.count("/")


def folder_lines(paths: Sequence[str], is_open: Collection[str], *, most: int) -> tuple[FolderLine, ...]:
    """What is seen of a tree.

    Parameters
    ----------
    paths : sequence of str
        All folders, each after the one it lies in.
    is_open : collection of str
        Those whose subfolders are seen.
    most : int
        How many rows at most.
    """
    parents = {path.rpartition("/")[0] for path in paths}
    seen: list[FolderLine] = []
    visible = {""}
    for path in paths:
        if path.rpartition("/")[0] in visible and len(seen) < most:
            if path in is_open:
                visible.add(path)
            seen.append(FolderLine(path, path in parents, path in is_open))
    return tuple(seen)
