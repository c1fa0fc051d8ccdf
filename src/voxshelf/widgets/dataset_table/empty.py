"""What the table says when it has no row: why, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxshelf.widgets.theme import escape

if TYPE_CHECKING:
    from voxshelf.store import DatasetStore
    from voxshelf.widgets.dataset_table.state import DatasetTableState


def empty_text(state: DatasetTableState, store: DatasetStore) -> str:
    """The empty table's text, as HTML."""
    if not state.loaded:
        return "Loading …"
    if state.scanning:
        return "Looking at the disk …"
    if state.is_narrowed:
        searched = f" the search for “{escape(state.search)}”" if state.search else ""
        filters = f"{' and' if searched else ''} {_filters(state)}" if state.narrowings else ""
        return f"<b>Nothing found</b><br>No dataset matches{searched}{filters}."
    root = getattr(store, "root", None)
    place = f"<code>{escape(root)}/<i>organization</i>/<i>dataset</i></code>" if root else "this store"
    return (
        "<b>No datasets yet</b><br>"
        f"Put a folder of WKW data at {place} (a symbolic link will do), then press <b>Refresh</b>.<br>"
        "The folder holds one folder per layer, each with one folder per mag, such as "
        "<code>color/1/header.wkw</code>."
    )


def _filters(state: DatasetTableState) -> str:
    """What narrows the list besides the search."""
    said = []
    if state.status is not None:
        said.append(f"the status “{escape(state.status.value)}”")
    if state.folder is not None:
        said.append(f"the folder “{escape(state.folder)}”")
    if state.category is not None:
        said.append(f"a {escape(state.category.value)} layer")
    said += [f"the tag “{escape(tag)}”" for tag in state.tags]
    return " and ".join(said)
