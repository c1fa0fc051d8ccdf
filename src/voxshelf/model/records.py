"""What a store tells about its datasets: ``DatasetRecord``, ``Page``, ``ScanReport``, ``ChangeEvent``.

A dataset's *key* is ``organization/name``, both folder names. Its *status* says what can be done with it now.
Times are aware UTC datetimes.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from voxshelf.model.data_source import DataFormat
from voxshelf.model.elements import Category, ElementClass
from voxshelf.model.geometry import BoundingBox, Mag
from voxshelf.model.metadata import MetadataEntry
from voxshelf.model.problems import Problem
from voxshelf.model.voxel_size import VoxelSize

Item = TypeVar("Item")


class DatasetStatus(StrEnum):
    """Where a dataset stands between found on disk and ready to use."""

    READY = "ready"
    """Imported; its voxels can be read."""
    NOT_IMPORTED = "not imported yet"
    """Found on disk without a valid ``datasource-properties.json``."""
    BROKEN = "broken"
    """Something is wrong with the folder or its JSON; ``status_message`` says what."""
    MISSING = "no longer on disk"
    """Was there once; row, permissions and links are kept for its return."""
    DELETED = "in the trash"
    """Deleted by a person; can be restored."""
    UPLOADING = "not yet fully uploaded"
    """An upload is under way."""


class LayerSummary(BaseModel):
    """The parts of a layer that a list shows."""

    model_config = ConfigDict(frozen=True)

    name: str
    category: Category
    element_class: ElementClass
    bounding_box: BoundingBox
    mags: tuple[Mag, ...] = ()
    data_format: DataFormat = DataFormat.WKW
    num_channels: int = 1
    largest_segment_id: int | None = None


class DatasetRecord(BaseModel):
    """What the store remembers of one dataset.

    Parameters
    ----------
    organization, name : str
        The folder names that make its key.
    path : str
        The folder, as seen by the store's own process.
    status : DatasetStatus
        See there.
    status_message : str
        What is wrong, in plain words; empty where nothing is.
    voxel_size, layers
        From the data source; None and empty while not imported.
    created, changed : datetime
        When the store first saw it; when anything about it last changed.
    last_used : datetime or None
        When it was last opened through this store.
    version : int
        Grows with every change; an edit names the version that it saw.
    teams, inherited_teams : tuple of str
        Teams that are allowed on the dataset itself; further ones that its folder, or one above, allows.
    owner : str
        The id of the user of its organization who put it there; empty where nobody did.
    metadata : tuple of MetadataEntry
        Keys and values that people added.
    publication_date : date, optional
        When it was published.
    rights : tuple of str
        What whoever asked may do with it: among ``see``, ``read``, ``edit``, ``share``, ``delete``, in this order.
    """

    model_config = ConfigDict(frozen=True)

    organization: str
    name: str
    path: str
    status: DatasetStatus
    status_message: str = ""
    problems: tuple[Problem, ...] = ()
    display_name: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    folder: str = ""
    teams: tuple[str, ...] = ()
    inherited_teams: tuple[str, ...] = ()
    is_public: bool = False
    owner: str = ""
    metadata: tuple[MetadataEntry, ...] = ()
    publication_date: date | None = None
    voxel_size: VoxelSize | None = None
    layers: tuple[LayerSummary, ...] = ()
    created: datetime
    changed: datetime
    last_used: datetime | None = None
    version: int = 1
    rights: tuple[str, ...] = ()

    def may(self, action: str) -> bool:
        """Whether whoever asked for this record may do ``action``, such as ``"edit"``."""
        return action in self.rights

    @property
    def key(self) -> str:
        """``organization/name``."""
        return f"{self.organization}/{self.name}"

    @property
    def title(self) -> str:
        """The display name or, where there is none, the folder name."""
        return self.display_name or self.name

    @property
    def bounding_box(self) -> BoundingBox:
        """The union of all layers' boxes, in Mag-1 voxels."""
        box = BoundingBox((0, 0, 0), (0, 0, 0))
        for layer in self.layers:
            box = box.union(layer.bounding_box)
        return box


class Page(BaseModel, Generic[Item]):
    """A part of a list.

    Parameters
    ----------
    items : tuple
        The rows asked for.
    total : int
        How many rows there are in all.
    offset : int
        The position of the first item in the whole list.
    """

    model_config = ConfigDict(frozen=True)

    items: tuple[Item, ...]
    total: int
    offset: int = 0


class ScanReport(BaseModel):
    """What a look at the disk found.

    Parameters
    ----------
    found, changed, vanished, returned, broken : tuple of str
        Keys of datasets: new; with other content than before; gone; back again; now unusable.
    unchanged : int
        How many were as before.
    seconds : float
        How long it took.
    """

    model_config = ConfigDict(frozen=True)

    found: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    unchanged: int = 0
    seconds: float = Field(default=0.0, ge=0)

    def __str__(self) -> str:
        counts = [
            f"{len(keys)} {label}"
            for keys, label in (
                (self.found, "new"),
                (self.changed, "changed"),
                (self.returned, "back"),
                (self.vanished, "gone"),
                (self.broken, "broken"),
            )
            if keys
        ]
        return f"{', '.join(counts) or 'nothing new'}, {self.unchanged} unchanged ({self.seconds:.2f} s)"


class ChangeKind(StrEnum):
    """What happened to a dataset, or to an organization."""

    FOUND = "found"
    IMPORTED = "imported"
    EDITED = "edited"
    VANISHED = "vanished"
    DELETED = "deleted"
    RESTORED = "restored"
    ACCESS = "access"
    """Who may do what in an organization: everything that was read of it may be out of date."""
    OWN_VIEW = "own view"
    """Somebody changed how the dataset appears for them alone; told by ``store.noted``."""
    TOUCHED = "touched"
    """Its folder or JSON was written from outside, without a value that a list shows; told by ``store.noted``."""
    LINK_USED = "link used"
    """Somebody opened a link to the dataset; told by ``store.noted``."""

    @property
    def is_noted(self) -> bool:
        """Whether it changes nothing that a list or a record shows."""
        return self in (ChangeKind.OWN_VIEW, ChangeKind.TOUCHED, ChangeKind.LINK_USED)


class ChangeEvent(BaseModel):
    """One change, as ``store.changed`` and ``store.noted`` tell it.

    Parameters
    ----------
    sequence : int
        Grows with every change of the store.
    kind : ChangeKind
        What happened.
    key : str
        ``organization/name`` of the dataset; where the kind is ``ACCESS``, the organization alone.
    person : str
        Whose own settings changed, ``organization/login``; empty for what concerns everybody.
    """

    model_config = ConfigDict(frozen=True)

    sequence: int
    kind: ChangeKind
    key: str
    person: str = ""
