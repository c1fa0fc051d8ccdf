"""An in-memory store, a browser that is none, and work aside that happens at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from psygnal import Signal

from voxshelf.errors import DatasetNotFoundError, NotAllowedError, StoreUnavailableError
from voxshelf.model import (
    BoundingBox,
    Category,
    ChangeEvent,
    ChangeKind,
    Confidence,
    DatasetRecord,
    DatasetStatus,
    DataSource,
    ElementClass,
    Finding,
    Folder,
    LayerSummary,
    Mag,
    MagProperties,
    Origin,
    Page,
    Proposal,
    ScanReport,
    Team,
    VoxelSize,
)
from voxshelf.store import Capabilities, Capability
from voxshelf.store.trash import TrashEntry

if TYPE_CHECKING:
    from collections.abc import Callable

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
BOX = BoundingBox((0, 0, 0), (64, 48, 16))


def make_record(key: str, **changes: Any) -> DatasetRecord:
    organization, name = key.split("/")
    color = LayerSummary(
        name="color",
        category=Category.COLOR,
        element_class=ElementClass.UINT8,
        bounding_box=BOX,
        mags=(Mag(1),),
    )
    values: dict[str, Any] = {
        "organization": organization,
        "name": name,
        "path": f"/data/{key}",
        "status": DatasetStatus.READY,
        "voxel_size": VoxelSize((11.24, 11.24, 28)),
        "layers": (color,),
        "created": START,
        "changed": START,
    }
    if changes.get("status", DatasetStatus.READY) is not DatasetStatus.READY:
        values |= {"voxel_size": None, "layers": ()}
    return DatasetRecord(**values | changes)


def make_proposal(name: str = "lab/new", **values: Any) -> Proposal:
    """What explore finds in a folder with colour and segmentation but without JSON."""

    def finding(*place: str, value: Any, origin: Origin = Origin.HEADER, **more: Any) -> Finding:
        return Finding(place=place, value=value, origin=origin, **more)

    findings = [
        finding(
            "voxel_size",
            value=None,
            origin=Origin.NEEDS_YOU,
            confidence=Confidence.UNKNOWN,
            note="Ask the lab.",
        )
    ]
    for layer, element_class in (("color", ElementClass.UINT8), ("segmentation", ElementClass.UINT32)):
        here = ("layers", layer)
        findings += [
            finding(
                *here,
                "category",
                value=Category(layer),
                origin=Origin.FOLDER_NAME,
                confidence=Confidence.LIKELY,
            ),
            finding(*here, "element_class", value=element_class),
            finding(*here, "bounding_box", value=BOX, origin=Origin.DATA),
            finding(*here, "num_channels", value=1),
            finding(*here, "mags", value=(MagProperties(mag=Mag(1)), MagProperties(mag=Mag("2-2-1")))),
        ]
    findings.append(
        finding(
            *("layers", "segmentation", "largest_segment_id"),
            value=None,
            origin=Origin.NEEDS_YOU,
            confidence=Confidence.UNKNOWN,
        )
    )
    proposal = Proposal(name=name, findings=tuple(findings))
    for noun, value in values.items():
        proposal = proposal.with_value((noun,), value)
    return proposal


@dataclass
class FakeLayer:
    name: str = "color"
    category: Category = Category.COLOR
    bounding_box: BoundingBox = BOX
    num_channels: int = 1
    dtype: Any = field(default_factory=lambda: np.dtype("uint8"))
    mags: dict[Mag, Any] = field(default_factory=lambda: {Mag(1): None})
    largest: int = 77

    def read(self, box: BoundingBox, mag: Any = None) -> np.ndarray:
        x = np.arange(box.size[0], dtype=np.uint8)[:, None, None]
        return np.asfortranarray(np.broadcast_to(x, box.size))


@dataclass
class FakeDataset:
    name: str = "brain"
    voxel_size: VoxelSize = field(default_factory=lambda: VoxelSize((10, 10, 20)))
    layers: dict[str, Any] = field(default_factory=lambda: {"color": FakeLayer()})

    def __getitem__(self, name: str) -> Any:
        return self.layers[name]


NARROWED_BY_NOTHING: dict[str, Any] = {
    "search": "",
    "status": None,
    "tags": (),
    "folder": None,
    "category": None,
    "is_public": None,
    "sort": "name",
    "descending": False,
    "limit": 50,
    "offset": 0,
}


class FakePeople:
    """Teams and folders, the same in every organization."""

    def __init__(self) -> None:
        self.known_folders = ["Cortex", "Cortex/2026"]
        self.known_teams = ["imaging", "students"]

    def folders(self, organization: str | None = None) -> tuple[Folder, ...]:
        return tuple(Folder(path=path, organization=organization or "lab") for path in self.known_folders)

    def teams(self, organization: str | None = None) -> tuple[Team, ...]:
        return tuple(Team(organization=organization or "lab", name=name) for name in self.known_teams)


class FakeStore:
    """The part of a dataset store that widgets use, in memory."""

    changed = Signal(ChangeEvent)
    root = "/data"
    capabilities = Capabilities()

    def __init__(self, *records: DatasetRecord) -> None:
        self.records = {record.key: record for record in records}
        self.asked: list[dict[str, Any]] = []
        self.keepers: list[Callable[[str], None]] = []
        self.imported: dict[str, DataSource] = {}
        self.proposals: dict[str, Proposal] = {}
        self.fails: Exception | None = None
        self.opening_fails: Exception | None = None
        self.extra_layers: dict[str, Any] = {}
        self.on_disk: list[DatasetRecord] = []
        self.people = FakePeople()
        self.edits: list[tuple[str, str, dict[str, Any]]] = []
        self.refused: set[str] = set()
        self.kept_views: list[tuple[str, dict[str, Any], str]] = []
        self.in_trash: dict[str, DatasetRecord] = {}

    def put(self, record: DatasetRecord, kind: ChangeKind = ChangeKind.EDITED) -> None:
        self.records[record.key] = record
        self.changed.emit(ChangeEvent(sequence=1, kind=kind, key=record.key))

    def list(self, *, after: DatasetRecord | None = None, **asked: Any) -> Page[DatasetRecord]:
        wanted = {**NARROWED_BY_NOTHING, **asked}
        self.asked.append(wanted)
        if self.fails:
            raise self.fails
        words = wanted["search"].lower().split()
        found = [
            record
            for record in self.records.values()
            if all(word in record.key.lower() for word in words)
            and wanted["status"] in (None, record.status)
            and set(wanted["tags"]) <= set(record.tags)
            and wanted["is_public"] in (None, record.is_public)
            and (wanted["folder"] is None or f"{record.folder}/".startswith(f"{wanted['folder']}/"))
            and (
                wanted["category"] is None
                or wanted["category"] in {layer.category for layer in record.layers}
            )
        ]
        found.sort(key=lambda record: getattr(record, wanted["sort"]) or START, reverse=wanted["descending"])
        first = wanted["offset"] if after is None else found.index(after) + 1
        return Page(
            items=tuple(found[first : first + wanted["limit"]]), total=len(found), offset=wanted["offset"]
        )

    def tags(self) -> dict[str, int]:
        return dict(Counter(tag for record in self.records.values() for tag in record.tags))

    def organizations(self) -> tuple[str, ...]:
        return tuple(sorted({record.organization for record in self.records.values()}))

    # -- editing -----------------------------------------------------------------------------

    def update_details(
        self, key: str, *, version: int | None = None, merge: bool = False, **values: Any
    ) -> DatasetRecord:
        return self._edit("update_details", key, values)

    def update_permissions(
        self, key: str, *, version: int | None = None, merge: bool = False, **values: Any
    ) -> DatasetRecord:
        return self._edit("update_permissions", key, values)

    def _edit(self, how: str, key: str, values: dict[str, Any]) -> DatasetRecord:
        if key in self.refused:
            raise NotAllowedError(f"{key} may not be changed.", hint="Ask its owner.")
        self.edits.append((how, key, values))
        record = self.record(key)
        record = record.model_copy(update={**values, "version": record.version + 1})
        self.put(record)
        return record

    def delete(self, keys: Any) -> tuple[TrashEntry, ...]:
        wanted = (keys,) if isinstance(keys, str) else tuple(keys)
        if self.refused & set(wanted):
            raise NotAllowedError("These may not be deleted.", hint="Ask their owner.")
        entries = []
        for key in wanted:
            record = self.records.pop(key)
            entry = TrashEntry(
                id=f"trash-{record.name}", organization=record.organization, name=record.name, deleted=START
            )
            self.in_trash[entry.id] = record
            entries.append(entry)
            self.changed.emit(ChangeEvent(sequence=1, kind=ChangeKind.DELETED, key=key))
        return tuple(entries)

    def trash(self) -> tuple[TrashEntry, ...]:
        return tuple(
            TrashEntry(id=entry, organization=record.organization, name=record.name, deleted=START)
            for entry, record in self.in_trash.items()
        )

    def purge(self, entries: Any) -> tuple[TrashEntry, ...]:
        gone = tuple(entry for entry in self.trash() if entry.id in entries)
        for entry in gone:
            del self.in_trash[entry.id]
        return gone

    def view_configuration(self, key: str) -> None:
        return None

    def update_view_configuration(self, key: str, document: dict[str, Any], *, level: str) -> None:
        if self.fails:
            raise self.fails
        self.kept_views.append((key, document, level))

    def restore(self, entry: str) -> DatasetRecord:
        record = self.in_trash.pop(entry)
        self.put(record, ChangeKind.RESTORED)
        return record

    def record(self, key: str) -> DatasetRecord:
        if key not in self.records:
            raise DatasetNotFoundError(f"There is no dataset {key!r}.")
        return self.records[key]

    def keep_refreshed(self, *, on_problem: Callable[[str], None]) -> SimpleNamespace:
        """Nobody looks at a disk here; who wants it is remembered."""
        self.keepers.append(on_problem)
        return SimpleNamespace(stop=lambda: self.keepers.remove(on_problem))

    def refresh(self) -> ScanReport:
        if self.fails:
            raise self.fails
        for record in self.on_disk:
            self.records[record.key] = record
        found = tuple(record.key for record in self.on_disk)
        self.on_disk = []
        return ScanReport(found=found, unchanged=len(self.records) - len(found), seconds=0.1)

    def __getitem__(self, key: str) -> FakeDataset:
        record = self.record(key)
        if self.opening_fails:
            raise self.opening_fails
        return FakeDataset(name=record.name, layers={"color": FakeLayer(), **self.extra_layers})

    def propose_import(self, key: str) -> Proposal:
        if self.fails:
            raise self.fails
        return self.proposals.get(key) or make_proposal(key)

    def import_dataset(self, key: str, data_source: DataSource) -> DatasetRecord:
        if self.fails:
            raise self.fails
        self.imported[key] = data_source
        record = make_record(key, voxel_size=data_source.voxel_size)
        self.put(record, ChangeKind.IMPORTED)
        return record


class AtOnce:
    """In place of ``Aside``: runs every call before it returns."""

    def run(self, slot: str, call: Callable[[], None], *, delay: float = 0.0) -> None:
        call()

    def wait(self, timeout: float = 10.0) -> bool:
        return True

    def drop(self) -> None: ...


class FrontEnd:
    """Plays the browser for any widget."""

    def __init__(self, widget: Any) -> None:
        self.widget = widget

    def custom(self, content: dict[str, Any]) -> None:
        self.widget._handle_custom_msg(content, [])

    def state(self, **values: Any) -> None:
        data = {"method": "update", "state": values, "buffer_paths": []}
        self.widget._handle_msg({"content": {"data": data}, "buffers": []})


@pytest.fixture
def parts() -> Callable[..., list[Any]]:
    """All widgets of a kind below a widget, from top to bottom."""

    def parts_of(widget: Any, kind: type) -> list[Any]:
        found = [widget] if isinstance(widget, kind) else []
        for child in getattr(widget, "children", ()):
            found += parts_of(child, kind)
        return found

    return parts_of


@pytest.fixture
def front_end() -> type[FrontEnd]:
    return FrontEnd


@pytest.fixture
def at_once() -> AtOnce:
    return AtOnce()


@pytest.fixture
def record() -> Callable[..., DatasetRecord]:
    return make_record


@pytest.fixture
def proposal() -> Callable[..., Proposal]:
    return make_proposal


@pytest.fixture
def store() -> FakeStore:
    return _make_store()


@pytest.fixture
def make_store() -> Callable[[], FakeStore]:
    return _make_store


def _make_store() -> FakeStore:
    return FakeStore(
        make_record("lab/brain", created=START + timedelta(days=1)),
        make_record("lab/retina", created=START + timedelta(days=2), tags=("em", "mouse")),
        make_record("lab/new", status=DatasetStatus.NOT_IMPORTED),
        make_record("lab/torn", status=DatasetStatus.BROKEN, status_message="The JSON ends in the middle."),
    )


@pytest.fixture
def empty_store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def unavailable() -> StoreUnavailableError:
    return StoreUnavailableError("The folder /data cannot be reached.", hint="Connect the drive.")


@pytest.fixture
def no_scan() -> Capabilities:
    return Capabilities({Capability.SCAN: "Only the service may scan."})


@pytest.fixture
def no_import() -> Capabilities:
    return Capabilities({Capability.IMPORT: "Only the owner may import."})
