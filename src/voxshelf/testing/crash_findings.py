"""What may be wrong with a store after a crash: everything that does not agree with everything else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from voxshelf.errors import VoxshelfError
from voxshelf.model import DatasetStatus, EditedSection, undo_changes
from voxshelf.testing.folders import BLOCK, properties

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voxshelf.model import DatasetRecord
    from voxshelf.store import LocalDatasetStore

_JSON = "datasource-properties.json"
_CUBE = 16 + BLOCK**3


def findings(store: LocalDatasetStore) -> list[str]:
    """Everything that is wrong, in sentences."""
    store.refresh()
    wrong = [*_folders(store), *_trash(store), *_uploads(store)]
    for record in store.list(limit=None).items:
        wrong += _dataset(store, record)
    again = store.refresh()
    if again.found or again.changed or again.vanished or again.broken:
        wrong.append(f"a second look finds something else: {again}")
    return wrong


def _folders(store: LocalDatasetStore) -> Iterator[str]:
    """The list and the disk agree."""
    on_disk = {f"lab/{path.name}" for path in (store.root / "lab").iterdir() if path.name[0] != "."}
    listed = set(store)
    if on_disk != listed:
        yield f"on the disk, but not in the list: {on_disk - listed}; the other way round: {listed - on_disk}"


def _dataset(store: LocalDatasetStore, record: DatasetRecord) -> Iterator[str]:
    folder = Path(record.path)
    (layer,) = [path for path in folder.iterdir() if path.is_dir() and path.name[0] != "."]
    cube = layer / "1" / "z0" / "y0" / "x0.wkw"
    if not cube.exists() or cube.stat().st_size != _CUBE or not (layer / "1" / "header.wkw").exists():
        yield f"{record.key} is half a dataset: {sorted(map(str, folder.rglob('*')))}"
    if not (folder / _JSON).exists():
        if record.status is not DatasetStatus.NOT_IMPORTED:
            yield f"{record.key} is {record.status} without its JSON"
        return
    try:
        json.loads((folder / _JSON).read_text(encoding="utf-8"))
        source = store.data_source(record.key)
    except (ValueError, VoxshelfError) as error:
        yield f"the JSON of {record.key} is broken: {error}"
        return
    if record.status is not DatasetStatus.READY or record.voxel_size != source.voxel_size:
        yield f"{record.key} is {record.status}, {record.voxel_size}, but its JSON says {source.voxel_size}"
    if [layer.name for layer in record.layers] != [layer.name for layer in source.layers]:
        yield f"{record.key} has other layers in its JSON than in the list"
    if record.name.startswith("sent_") and record.owner != "worker":
        yield f"the upload {record.key} is not its uploader's, but {record.owner!r}'s"
    yield from _history(store, record)
    yield from _data_history(store, record)


def _history(store: LocalDatasetStore, record: DatasetRecord) -> Iterator[str]:
    """What the catalog keeps is what its history leads to, edit by edit."""
    entries = store.history(record.key, limit=None)
    versions = [entry.version for entry in entries]
    if versions != sorted(set(versions), reverse=True) or (versions and versions[0] > record.version):
        yield f"the versions of {record.key} are {versions}, of the record {record.version}"
    documents = {
        EditedSection.DETAILS: {
            "display_name": record.display_name,
            "description": record.description,
            "tags": list(record.tags),
        },
        EditedSection.VIEW: store.view_levels(record.key).dataset,
    }
    try:
        for entry in entries:
            if entry.section in documents:
                documents[entry.section] = undo_changes(documents[entry.section], entry.changes)
    except VoxshelfError as error:
        yield f"the history of {record.key} does not lead to what is stored: {error}"
    before = {"display_name": "", "description": "", "tags": []}
    if documents != {EditedSection.DETAILS: before, EditedSection.VIEW: {}}:
        yield f"the history of {record.key} does not begin with nothing: {documents}"


def _data_history(store: LocalDatasetStore, record: DatasetRecord) -> Iterator[str]:
    """What the JSON says is what its history leads to, from the import on, or from what was there when it was found."""
    document = json.loads((Path(record.path) / _JSON).read_text(encoding="utf-8"))
    entries = [
        entry for entry in store.history(record.key, limit=None) if entry.section is EditedSection.DATA
    ]
    try:
        for entry in entries:
            document = undo_changes(document, entry.changes)
    except VoxshelfError as error:
        yield f"the history of the JSON of {record.key} does not lead to what it says: {error}"
        return
    start = {} if record.name.startswith("copied_") else properties({"color": "uint8"})
    if document != start:
        yield f"the history of the JSON of {record.key} begins with {document}"
    wrong = {entry.by for entry in entries} - {"worker"}
    if wrong:
        yield f"the history of {record.key} names {wrong}, who edited nothing"


def _trash(store: LocalDatasetStore) -> Iterator[str]:
    """The trash and the disk agree; what is in it is whole."""
    listed = {entry.id: entry for entry in store.trash()}
    on_disk = {path.parent.name: path for path in (store.root / "lab" / ".trash").glob("[0-9a-f]*/*_*")}
    if listed.keys() != on_disk.keys():
        yield f"in the trash are {sorted(listed)}, but on the disk {sorted(on_disk)}"
    for number, path in on_disk.items():
        if not list(path.glob("*/1/z0/y0/x0.wkw")):
            yield f"half a dataset is in the trash: {path}"
        if number in listed and listed[number].name != path.name:
            yield f"{number} in the trash is {path}, and not {listed[number].key}"
    twice = {entry.key for entry in listed.values()} & set(store)
    if twice:
        yield f"both in the trash and in the list: {twice}"


def _uploads(store: LocalDatasetStore) -> Iterator[str]:
    """Nothing of an upload is to be seen before it is finished."""
    for info in store.uploads.list():
        if info.key in set(store):
            yield f"the upload of {info.key} is under way, and it is in the list"
