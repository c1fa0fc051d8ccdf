"""What one dataset folder is worth: ready, not imported yet, or broken, and why.

Only the JSON is read, and the folders of layers and mags are looked at, never into. Words used here: a *link* is
a symbolic link; the *watched* paths are links below the dataset folder, whose targets may vanish or change
without any trace in the folder itself.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from voxshelf.dataset import find_mag_folder, is_url, read_properties
from voxshelf.errors import DatasetNotFoundError, UnsupportedFormatError, VoxshelfError
from voxshelf.intake.folder_problems import read_problem
from voxshelf.model import (
    DatasetStatus,
    LayerSummary,
    Problem,
    Severity,
    VoxelSize,
    errors_among,
)
from voxshelf.store.keys import name_problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voxshelf.intake import FoundFolder
    from voxshelf.model import DataSource, LayerProperties, MagProperties, Place


@dataclass(frozen=True)
class Examined:
    """What is recorded of a folder.

    Parameters
    ----------
    status, status_message, problems
        As in :class:`~voxshelf.model.DatasetRecord`.
    voxel_size, layers
        From the JSON; None and empty where it is not valid.
    real_path : str
        Where a link leads; empty for a folder that lies in the store itself.
    watched : tuple of str
        Links of layers and mags, relative to the folder.
    """

    status: DatasetStatus
    status_message: str = ""
    problems: tuple[Problem, ...] = ()
    voxel_size: VoxelSize | None = None
    layers: tuple[LayerSummary, ...] = ()
    real_path: str = ""
    watched: tuple[str, ...] = ()


@dataclass(frozen=True)
class Places:
    """Where data may lie.

    Parameters
    ----------
    root : Path
        The store's root.
    allowed_roots : sequence of Path, optional
        Where links may lead besides the root itself; None: anywhere, the user's own choice.
    """

    root: Path
    allowed_roots: Sequence[Path] | None = None

    def problem(self, path: Path) -> Problem | None:
        """Why the data at ``path`` may not be used; None if it may."""
        if self.allowed_roots is None:
            return None
        real = _real(path)
        if real is None:
            return _nowhere(path)
        if any(real.is_relative_to(allowed.resolve()) for allowed in (self.root, *self.allowed_roots)):
            return None
        return Problem(
            message=f"{path} leads to {real}, which is outside of what this store may read.",
            hint="Ask whoever runs the store to add that folder to its allowed roots.",
        )

    def path_problem(self, folder: Path, path: Path) -> Problem | None:
        """Why a mag that the JSON in ``folder`` sends to ``path`` may not be used; None if it may.

        Whoever may edit a dataset writes its JSON: that must not open what belongs to another organization.
        """
        if self.allowed_roots is None:
            return None
        real = _real(path)
        if real is None:
            return _nowhere(path)
        homes = (folder, folder.parent, *self.allowed_roots)
        if any(real.is_relative_to(home.resolve()) for home in homes):
            return None
        return Problem(
            message=f"The path leads to {real}, which is outside of the organization's folder.",
            hint="Put the data into the organization's folder, or ask whoever runs the store to add that folder "
            "to its allowed roots.",
        )


def data_problems(folder: Path, layers: Sequence[LayerProperties], places: Places) -> list[Problem]:
    """Why voxels of these layers may not be read, by the places of their mags in the JSON."""
    if places.allowed_roots is None:
        return []
    found = []
    for place, entry, path in _mag_folders(folder, layers):
        given = entry.path is not None
        wrong = places.path_problem(folder, path) if given else places.problem(path)
        if wrong is not None:
            found.append(wrong.model_copy(update={"place": (*place, *(("path",) if given else ()))}))
    return found


def path_edit_problems(
    folder: Path, layers: Sequence[LayerProperties], before: Sequence[LayerProperties], places: Places
) -> list[Problem]:
    """Why somebody who may only edit this dataset may not send its mags where these layers send them.

    Voxels are read with the rights of whoever runs the store, so an editor could show themselves anything. What the
    JSON says already (``before``) may stay.
    """
    known = {_real(path) or path for _, _, path in _mag_folders(folder, before)}
    roots = [root.resolve() for root in places.allowed_roots or ()]
    found = []
    for place, entry, path in _mag_folders(folder, layers):
        if entry.path is None or _stays_below(folder, entry.path, path):
            continue
        real = _real(path)
        if (real or path) in known:
            continue
        if real is None:
            found.append(_nowhere(path).model_copy(update={"place": (*place, "path")}))
        elif not any(real.is_relative_to(root) for root in roots):
            problem = Problem(
                message=f"The path {entry.path} leads out of the dataset's folder.",
                hint="Put the data into the dataset's folder, or ask an admin of the organization to set this path.",
                place=(*place, "path"),
            )
            found.append(problem)
    return found


def _stays_below(folder: Path, given: str, path: Path) -> bool:
    """Whether a path leads below a folder, perhaps through a link that somebody put there on the disk."""
    is_plain = not is_url(given) and not Path(given).is_absolute() and ".." not in Path(given).parts
    real = _real(path)
    return real is not None and (is_plain or real.is_relative_to(folder.resolve()))


def _real(path: Path) -> Path | None:
    """Where a path leads, links followed; None where it can lead nowhere: in a circle, or with a zero byte in it."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return None


def _nowhere(path: Path) -> Problem:
    return Problem(
        message=f"{str(path)!r} is no path that can be followed.",
        hint="Correct the path; a link must not lead in a circle.",
    )


def _mag_folders(
    folder: Path, layers: Sequence[LayerProperties]
) -> Iterator[tuple[Place, MagProperties, Path]]:
    """Where each mag lies, unless it is elsewhere on the network, with its place in the JSON."""
    for index, layer in enumerate(layers):
        for number, entry in enumerate(layer.mags):
            with suppress(UnsupportedFormatError):  # a remote address, which is not read
                path = find_mag_folder(folder, layer, entry)
                yield ("dataLayers", index, "mags", number), entry, path


def examine(found: FoundFolder, places: Places) -> Examined:
    """Look at a folder that a scan found."""
    wrong = found.problem or name_problem(found.organization, found.name)
    folder = Path(found.path)
    if wrong is None:
        wrong = places.problem(folder)
    if wrong is not None:
        return _broken([wrong])
    real_path = str(folder.resolve()) if found.is_link else ""
    if not found.has_json:
        return Examined(DatasetStatus.NOT_IMPORTED, real_path=real_path)
    try:
        reading = read_properties(folder).reading
    except DatasetNotFoundError:  # taken away since the scan looked
        return Examined(DatasetStatus.NOT_IMPORTED, real_path=real_path)
    except VoxshelfError as error:
        return _broken([Problem(message=error.what, hint=error.hint)], real_path)
    if reading.data_source is None:
        return _broken(reading.problems, real_path)
    return _examine_layers(folder, reading.data_source, reading.problems, places, real_path)


def summaries(data_source: DataSource) -> tuple[LayerSummary, ...]:
    """What a list shows of each layer."""
    return tuple(
        LayerSummary(
            name=layer.name,
            category=layer.category,
            element_class=layer.element_class,
            bounding_box=layer.bounding_box,
            mags=tuple(entry.mag for entry in layer.mags),
            data_format=layer.data_format,
            num_channels=layer.num_channels,
            largest_segment_id=layer.largest_segment_id,
        )
        for layer in data_source.layers
    )


def _broken(problems: Sequence[Problem], real_path: str = "") -> Examined:
    errors = errors_among(problems)
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return Examined(
        DatasetStatus.BROKEN,
        f"{errors[0]}{more}" if errors else "",
        tuple(problems),
        real_path=real_path,
    )


def _examine_layers(
    folder: Path, data_source: DataSource, problems: Sequence[Problem], places: Places, real_path: str
) -> Examined:
    try:
        paths = [path for layer in data_source.layers for path in _folders_of(folder, layer)]
        links = [path for path in paths if path.is_symlink()]
        found = [*problems, *data_problems(folder, data_source.layers, places)]
        found += [problem for path in paths if (problem := _folder_problem(path, places))]
    except OSError as error:  # a layer's folder that this user may not look into
        return _broken([read_problem(str(error.filename or folder), error)], real_path)
    watched = tuple(str(path.relative_to(folder)) for path in links)
    if errors_among(found):
        broken = _broken(found, real_path)
        return Examined(broken.status, broken.status_message, broken.problems, None, (), real_path, watched)
    return Examined(
        DatasetStatus.READY,
        problems=tuple(found),
        voxel_size=data_source.voxel_size,
        layers=summaries(data_source),
        real_path=real_path,
        watched=watched,
    )


def _folders_of(folder: Path, layer: LayerProperties) -> Iterator[Path]:
    """Where a layer and its mags lie, for those that lie in the usual place."""
    usual = [entry for entry in layer.mags if entry.path is None]
    if not usual:
        return
    home = folder / layer.name
    yield home
    if not home.exists():
        return
    for entry in usual:
        names = entry.mag.folder_names
        yield next((home / name for name in names if _is_there(home / name)), home / names[0])


def _is_there(path: Path) -> bool:
    """Whether something has that name, be it a link that leads nowhere."""
    return path.is_symlink() or path.exists()


def _folder_problem(path: Path, places: Places) -> Problem | None:
    if path.is_symlink():
        try:
            exists = path.exists()
        except OSError:
            exists = False
        if not exists:
            return Problem(
                message=f"{path} is a symbolic link to {path.readlink()}, which cannot be reached.",
                hint="Mount the target (in a container: add it as a volume), or remove the link.",
            )
        return places.problem(path)
    if not path.exists():
        return Problem(
            message=f"{path} is in the JSON, but not on disk.",
            hint="Put the data there, or import the dataset again.",
            severity=Severity.WARNING,
        )
    return None
