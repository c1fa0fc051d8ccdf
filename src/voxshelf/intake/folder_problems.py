"""What can be wrong with a folder as a folder: unreadable, a link that leads nowhere or in a circle, badly named.

Each function words one such :class:`~voxshelf.model.Problem` for people, with the path in it.
"""

from __future__ import annotations

import errno
from pathlib import Path

from voxshelf.model import Problem


def readable(name: str) -> str:
    """``name`` with the bytes that are no UTF-8 shown as �."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def read_problem(path: str, error: OSError) -> Problem:
    """What the operating system's refusal to look at ``path`` means."""
    if isinstance(error, PermissionError):
        return denied_problem(path)
    if error.errno == errno.ELOOP:
        return Problem(
            message=f"{path} is a symbolic link that leads in a circle.",
            hint="Let it point to the folder with the data.",
        )
    if isinstance(error, FileNotFoundError) and Path(path).is_symlink():
        return Problem(
            message=f"{path} is a symbolic link to {Path(path).readlink()}, which is not there.",
            hint="Mount the target (in a container: add it as a volume), or remove the link.",
        )
    return Problem(
        message=f"{path} cannot be read: {error.strerror}.", hint="Check the disk or the network mount."
    )


def denied_problem(path: str) -> Problem:
    """The folder or file may not be read."""
    return Problem(
        message=f"{path} may not be read by this user.",
        hint="Ask its owner for the right to list and read it (chmod -R a+rX).",
    )


def loop_problem(path: str) -> Problem:
    """A link that leads back up."""
    return Problem(
        message=f"{path} is a symbolic link to a folder that it lies in itself.",
        hint="Let it point to one dataset's folder.",
    )


def name_problem(path: str) -> Problem:
    """A name that cannot stand in a catalog or a URL."""
    return Problem(
        message=f"The name of {readable(path)} is not valid UTF-8 text.",
        hint="Rename the folder, plain letters and digits are best.",
    )


def misplaced_problem(path: str) -> Problem:
    """A dataset one level too high."""
    return Problem(
        message=f"{path} is a dataset, but it lies where an organization's folder belongs.",
        hint="Move it one level down, into <root>/<organization>/<dataset>.",
    )
