"""``voxshelf upload``: bring a ZIP file into the store; what was interrupted goes on where it stopped."""

from __future__ import annotations

import re
import sys
from pathlib import Path  # noqa: TC003 - typer reads annotations when it runs
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voxshelf.cli.printing import JsonOption, RootOption, moment_text, print_json, print_table, progress_bar
from voxshelf.errors import DatasetNotFoundError, UploadOffsetError, VoxshelfError
from voxshelf.model import DatasetStatus
from voxshelf.wiring import open_store

if TYPE_CHECKING:
    from voxshelf.intake.uploads import UploadInfo
    from voxshelf.model import DatasetRecord
    from voxshelf.store import DatasetStore

__all__ = ["upload"]

_PIECE = 8 << 20


def upload(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE.zip", help="A ZIP file with the dataset's folder or layers."),
    ] = None,
    dataset: Annotated[
        str | None,
        typer.Argument(metavar="DATASET", help="organization/name, or name; default the file's name."),
    ] = None,
    *,
    root: RootOption = None,
    unfinished: Annotated[
        bool, typer.Option("--unfinished", help="List the uploads that can go on, and do nothing else.")
    ] = False,
    cancel: Annotated[
        str | None, typer.Option(metavar="ID", help="Forget an unfinished upload, and do nothing else.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Bring a ZIP file into the store. With a datasource-properties.json in it, it is imported at once.

    Interrupted uploads survive: the same command with the same file goes on where it stopped.
    """
    if (file is not None) + unfinished + (cancel is not None) != 1:
        raise typer.BadParameter("Name one ZIP file, or --unfinished, or --cancel ID.")
    with open_store(root) as store:
        if file is not None:
            _tell(_upload(store, _existing(file), dataset, quiet=as_json), as_json=as_json)
        elif cancel is not None:
            store.uploads.cancel(cancel)
            if as_json:
                print_json({"cancelled": cancel})
            else:
                typer.echo(f"The upload {cancel} is forgotten.")
        else:
            _tell_unfinished(store.uploads.list(), as_json=as_json)


def _existing(file: Path) -> Path:
    path = file.expanduser()
    if path.is_dir():
        raise DatasetNotFoundError(
            f"{file} is a folder.",
            hint="Copy or link folders to <root>/<organization>/<dataset>; upload takes ZIP files.",
        )
    if not path.is_file():
        raise DatasetNotFoundError(f"There is no file {file}.", hint="Correct the path.")
    return path


def _upload(store: DatasetStore, file: Path, dataset: str | None, *, quiet: bool) -> DatasetRecord:
    organization, _, name = (dataset or "").rpartition("/")
    if not organization:
        store.refresh()  # the only one there is may have come just now
    facts = file.stat()
    info = store.uploads.begin(
        name or _name_of(file),
        facts.st_size,
        organization=organization or None,
        file_key=f"{file.name} {facts.st_size} {facts.st_mtime_ns}",
    )
    if not quiet:
        for line in filter(None, (info.warning, _resumed(info))):
            typer.echo(line, err=True)
    try:
        _send(store, info, file)
        with progress_bar("Unpacking") as report:
            return store.uploads.finish(info.id, progress=report)
    except KeyboardInterrupt:
        typer.echo("Interrupted; the same command goes on where this one stopped.", err=True)
        raise


def _name_of(file: Path) -> str:
    """The file's name as that of a dataset: ``my data (1).zip`` becomes ``my_data_1``."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", file.stem).strip("._-") or "upload"


def _resumed(info: UploadInfo) -> str:
    share = f"{info.offset / info.size:.0%} had arrived before" if info.offset else ""
    return f"Going on: {share}." if share else ""


def _send(store: DatasetStore, info: UploadInfo, file: Path) -> None:
    """Send what is missing; where another process sends the same file, go on where that one is."""
    from tqdm import tqdm  # noqa: PLC0415 - drawn on terminals only

    bar: Any = tqdm(
        total=info.size,
        initial=info.offset,
        desc="Sending",
        unit="B",
        unit_scale=True,
        disable=not sys.stderr.isatty(),
        leave=False,
    )
    with file.open("rb") as stream, bar:
        while info.offset < info.size:
            stream.seek(info.offset)
            piece = stream.read(min(_PIECE, info.size - info.offset))
            if not piece:
                raise VoxshelfError(f"{file} became shorter while it was read.", hint="Upload it again.")
            try:
                info = store.uploads.append(info.id, info.offset, piece)
            except UploadOffsetError as error:
                if error.offset == info.offset:
                    raise
                info = store.uploads.get(info.id)
            bar.update(info.offset - bar.n)


def _tell(record: DatasetRecord, *, as_json: bool) -> None:
    if as_json:
        print_json(record)
    elif record.status is DatasetStatus.READY:
        typer.echo(f"{record.key} is uploaded and imported.")
    else:
        typer.echo(f"{record.key} is uploaded: {record.status}. Next: voxshelf import {record.key}")


def _tell_unfinished(uploads: tuple[UploadInfo, ...], *, as_json: bool) -> None:
    if as_json:
        print_json(uploads)
        return
    if not uploads:
        typer.echo("No upload is unfinished.")
        return
    rows = [
        (
            info.id,
            info.key,
            f"{info.offset / info.size:.0%} of {info.size / 1e6:,.1f} MB",
            moment_text(info.created),
        )
        for info in uploads
    ]
    print_table(("ID", "DATASET", "ARRIVED", "BEGUN"), rows)
