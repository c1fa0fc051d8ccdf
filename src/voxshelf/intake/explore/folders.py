"""What lies in a dataset folder: layers with their mag folders, and all else that may explain why there are none.

A *layer folder* is a subfolder that holds at least one *mag folder*, named ``1``, ``4`` or ``2-2-1``. Symbolic
links are followed. Only names are looked at here, no file is opened. What cannot be listed becomes a problem.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from voxshelf.intake.folder_problems import name_problem, read_problem
from voxshelf.intake.scan import is_staging_name, is_text
from voxshelf.model import Mag, Problem

__all__ = ["Contents", "LayerFolder", "LinkRule", "MagFolder", "as_mag", "holds_file", "look_into"]

LinkRule: TypeAlias = Callable[[Path], Problem | None]
"""Says why a symbolic link may not be followed; None if it may."""


@dataclass(frozen=True, slots=True)
class MagFolder:
    """A folder that holds one mag."""

    mag: Mag
    path: Path


@dataclass(frozen=True, slots=True)
class LayerFolder:
    """A folder that holds a layer.

    Attributes
    ----------
    mags : tuple of MagFolder
        From fine to coarse; a mag that has two folders (``1`` and ``1-1-1``) is there twice.
    mappings : tuple of str
        Names of the JSON files in its ``mappings`` folder.
    """

    name: str
    path: Path
    mags: tuple[MagFolder, ...]
    mappings: tuple[str, ...] = ()


@dataclass
class Contents:
    """What a dataset folder holds.

    Attributes
    ----------
    layers : list of LayerFolder
        Sorted by name.
    loose_mags : list of str
        Mag folders that lie directly in the dataset folder.
    other_folders : list of str
        Subfolders without mag folders.
    files : list of str
        Names of the files that lie directly in it.
    suffixes : Counter
        How many files of which ending lie in it and in its other folders.
    problems : list of Problem
        What could not be listed.
    """

    layers: list[LayerFolder] = field(default_factory=list)
    loose_mags: list[str] = field(default_factory=list)
    other_folders: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    suffixes: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)


def as_mag(name: str) -> Mag | None:
    """The mag that a folder of that name holds, or None."""
    try:
        return Mag(name) if name[:1].isdigit() else None
    except ValueError:
        return None


def holds_file(folder: Path, name: str) -> bool:
    """Whether a file of that name lies in ``folder``, as far as one can see."""
    try:
        return (folder / name).is_file()
    except OSError:
        return False


def look_into(folder: Path, link_rule: LinkRule | None = None) -> Contents:
    """List a dataset folder; never raises. Links that the rule refuses are left out, with its problem."""
    contents = Contents()
    folders, contents.files = _list(folder, contents.problems, link_rule)
    contents.suffixes.update(_suffix(name) for name in contents.files)
    for name in folders:
        if is_staging_name(name):
            continue
        if as_mag(name) is not None:
            contents.loose_mags.append(name)
            continue
        layer, files = _look_into_layer(name, folder / name, contents.problems, link_rule)
        if layer is not None:
            contents.layers.append(layer)
        else:
            contents.other_folders.append(name)
            contents.suffixes.update(_suffix(file) for file in files)
    return contents


def _look_into_layer(
    name: str, path: Path, problems: list[Problem], link_rule: LinkRule | None
) -> tuple[LayerFolder | None, list[str]]:
    """The layer that the folder is, if it is one, and the names of its files."""
    folders, files = _list(path, problems, link_rule)
    mags = [MagFolder(mag, path / entry) for entry in folders if (mag := as_mag(entry)) is not None]
    if not mags:
        return None, files
    mappings: tuple[str, ...] = ()
    if "mappings" in folders:
        _, entries = _list(path / "mappings", problems, link_rule)
        mappings = tuple(entry.removesuffix(".json") for entry in entries if entry.endswith(".json"))
    return LayerFolder(name, path, tuple(sorted(mags, key=lambda entry: entry.mag)), mappings), files


def _list(folder: Path, problems: list[Problem], link_rule: LinkRule | None) -> tuple[list[str], list[str]]:
    """Names of the folders and of the files in ``folder``, each sorted."""
    folders: list[str] = []
    files: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if not is_text(entry.name):
                    problems.append(name_problem(entry.path))
                elif problem := _link_problem(entry, link_rule):
                    problems.append(problem)
                elif entry.is_dir():
                    folders.append(entry.name)
                elif entry.is_file():
                    files.append(entry.name)
    except OSError as error:
        problems.append(read_problem(str(folder), error))
    return sorted(folders), sorted(files)


def _link_problem(entry: os.DirEntry[str], link_rule: LinkRule | None) -> Problem | None:
    """Why an entry that is a link is left out; None where it is none, or leads to a file or folder."""
    if not entry.is_symlink():
        return None
    try:
        entry.stat()
    except OSError as error:
        return read_problem(entry.path, error)
    if link_rule is not None and (problem := link_rule(Path(entry.path))) is not None:
        return problem
    if entry.is_dir() or entry.is_file():
        return None
    return Problem(message=f"{entry.path} leads to something that is neither a file nor a folder.")


def _suffix(name: str) -> str:
    return Path(name).suffix.lower() or "no ending"
