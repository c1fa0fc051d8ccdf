"""A public dataset as a card, and what the gallery says when there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxshelf.store import render_description
from voxshelf.widgets.cards import Card
from voxshelf.widgets.dataset_table.cells import extent_text, physical_extent_text
from voxshelf.widgets.theme import chip, escape

if TYPE_CHECKING:
    from voxshelf.model import DatasetRecord
    from voxshelf.widgets.gallery.state import GalleryState


def dataset_card(record: DatasetRecord) -> Card:
    """The card of a public dataset."""
    categories = dict.fromkeys(layer.category.value for layer in record.layers)
    size = f"{extent_text(record)} voxels" if record.layers else ""
    physical = physical_extent_text(record) if record.layers and record.voxel_size is not None else ""
    return Card(
        id=record.key,
        title=record.title,
        sub=" · ".join(part for part in (record.key, size, physical) if part),
        chips="".join([*map(chip, categories), *(chip(tag, "brand") for tag in record.tags)]),
        body=render_description(record.description),
        opens=True,
    )


def empty_text(state: GalleryState) -> str:
    """What stands in place of the cards, as HTML."""
    if not state.loaded:
        return "Loading …"
    if state.search:
        return (
            f"<b>Nothing found</b><br>No public dataset matches “{escape(state.search)}”.<br>"
            "Change or clear the search to see all."
        )
    return (
        "<b>No public datasets yet</b><br>"
        "A dataset appears here once somebody makes it public, under Sharing &amp; permissions."
    )
