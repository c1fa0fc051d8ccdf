"""What can be wrong with a folder as a folder: unreadable, a link that leads nowhere or in a circle, badly named.

Each function words one such :class:`~voxshelf.model.Problem` for people, the reason first and then the path: a table
has room for a few words only.
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
            message=f"A symbolic link leads in a circle: {path}.",
            hint="Let it point to the folder with the data.",
        )
    if isinstance(error, FileNotFoundError) and Path(path).is_symlink():
        return Problem(
            message=f"The symbolic link leads nowhere: {path} to {Path(path).readlink()}.",
            hint="Mount the target (in a container: add it as a volume), or remove the link.",
        )
    return Problem(
        message=f"It cannot be read ({error.strerror}): {path}.", hint="Check the disk or the network mount."
    )


def denied_problem(path: str) -> Problem:
    """The folder or file may not be read."""
    return Problem(
        message=f"It may not be read by this user: {path}.",
        hint="Ask its owner for the right to list and read it (chmod -R a+rX).",
    )


def loop_problem(path: str) -> Problem:
    """A link that leads back up."""
    return Problem(
        message=f"A symbolic link leads to a folder that it lies in itself: {path}.",
        hint="Let it point to one dataset's folder.",
    )


def name_problem(path: str) -> Problem:
    """A name that cannot stand in a catalog or a URL."""
    return Problem(
        message=f"The name is not valid UTF-8 text: {readable(path)}.",
        hint="Rename the folder, plain letters and digits are best.",
    )


def misplaced_problem(path: str) -> Problem:
    """A dataset one level too high."""
    return Problem(
        message=f"A dataset lies where an organization's folder belongs: {path}.",
        hint="Move it one level down, into <root>/<organization>/<dataset>.",
    )
