"""What people write about a dataset, being edited: the logic of the General tab. No browser."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

import traitlets

from voxshelf.errors import VoxshelfError
from voxshelf.model import tidy_folder_path
from voxshelf.widgets.drafts import Section
from voxshelf.widgets.edit_tabs.metadata_rows import MetadataRow, doubles
from voxshelf.widgets.edit_tabs.place_labels import DETAILS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voxshelf.model import DatasetRecord, Place

LARGEST_DESCRIPTION = 64 * 1024
_FIELDS = ["display_name", "description", "tags", "folder", "publication_date", "rows"]


class DetailsSection(Section):
    """Display name, description, tags, folder, metadata and publication date of a dataset."""

    title = "General"
    labels: ClassVar[dict[str, str]] = DETAILS

    display_name = traitlets.Unicode("")
    description = traitlets.Unicode("")
    tags = traitlets.List(traitlets.Unicode())
    folder = traitlets.Unicode("")
    publication_date = traitlets.Instance(date, allow_none=True)
    rows = traitlets.Tuple(help="The metadata, as MetadataRow; replaced as a whole when rows come or go.")
    folders = traitlets.Tuple(help="The folders that there are, to choose from.")

    _filling = False

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.observe(lambda _: self._take_fields(), _FIELDS)

    def add_row(self) -> MetadataRow:
        """A new, empty row of metadata."""
        row = self._watched(MetadataRow())
        self.rows = (*self.rows, row)
        return row

    def remove_row(self, row: MetadataRow) -> None:
        """Take a row of metadata away."""
        self.rows = tuple(other for other in self.rows if other is not row)

    def _read(self, record: DatasetRecord) -> dict[str, Any]:
        try:
            known = self.store.people.folders(record.organization)
        except VoxshelfError:  # a visitor is told none
            known = ()
        self.folders = tuple(folder.path for folder in known)
        published = record.publication_date
        return {
            "display_name": record.display_name,
            "description": record.description,
            "tags": sorted(record.tags),
            "folder": record.folder,
            "metadata": [entry.model_dump(mode="json") for entry in record.metadata],
            "publication_date": None if published is None else published.isoformat(),
        }

    def _write(self, mine: dict[str, Any]) -> None:
        values = {name: mine[name] for name in self._changed_names(mine)}
        self.store.update_details(self.key, version=self.draft.version, merge=True, **values)

    def _fill(self, *, afresh: bool = False) -> None:
        self._filling = True
        try:
            mine = self.draft.mine
            self.display_name, self.description = mine["display_name"], mine["description"]
            self.tags, self.folder = list(mine["tags"]), mine["folder"]
            published = mine["publication_date"]
            self.publication_date = None if published is None else date.fromisoformat(published)
            if afresh or mine["metadata"] != self._entries():
                self.rows = tuple(self._watched(MetadataRow(entry)) for entry in mine["metadata"])
        finally:
            self._filling = False

    def _take_fields(self) -> None:
        with self.lock:
            if self._filling or not self.loaded:
                return
            published = self.publication_date
            self.draft.mine = {
                "display_name": self.display_name,
                "description": self.description,
                "tags": sorted({tag.strip() for tag in self.tags} - {""}),
                "folder": self.folder.strip().strip("/"),
                "metadata": self._entries(),
                "publication_date": None if published is None else published.isoformat(),
            }
            self._tell()

    def _entries(self) -> list[dict[str, Any]]:
        return [entry for row in self.rows if (entry := row.entry) is not None]

    def _watched(self, row: MetadataRow) -> MetadataRow:
        row.observe(lambda _: self._take_fields(), ["key", "type", "text"])
        return row

    def _find_hindrances(self) -> Iterator[tuple[Place, str]]:
        size = len(self.description.encode("utf-8", "replace"))
        if size > LARGEST_DESCRIPTION:
            yield ("description",), f"It has {size:,} bytes, but {LARGEST_DESCRIPTION:,} is the limit."
        if self.folder.strip().strip("/"):
            try:
                tidy_folder_path(self.folder.strip())
            except ValueError as error:
                yield ("folder",), str(error)
        for row in self.rows:
            if row.error:
                yield ("metadata",), row.error
        for name in doubles(self.rows):
            yield ("metadata",), f"The name {name!r} occurs twice."
