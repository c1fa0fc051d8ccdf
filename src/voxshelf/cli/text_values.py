"""Text that may be long: given as it is, in a file (``@notes.md``), or on the standard input (``-``)."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

__all__ = ["read_file", "read_text"]

# More than any description or JSON; a device such as /dev/zero would never end.
_MOST_LETTERS = 64 * 1024 * 1024


def read_text(option: str, value: str) -> str:
    """The text that an option's value stands for: ``@FILE``, ``-``, or itself.

    Raises
    ------
    typer.BadParameter
        If the file cannot be read.
    """
    if value == "-" or value.startswith("@"):
        return read_file(option, value.removeprefix("@"))
    return value


def read_file(option: str, name: str) -> str:
    """What stands in a file; ``-`` is the standard input.

    Raises
    ------
    typer.BadParameter
        If it cannot be read, or is longer than anything that belongs here.
    """
    try:
        if name == "-":
            text = sys.stdin.read(_MOST_LETTERS + 1)
        else:
            with Path(name).expanduser().open(encoding="utf-8") as file:
                text = file.read(_MOST_LETTERS + 1)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise typer.BadParameter(f"{option}: {name} cannot be read: {reason}.") from error
    if len(text) > _MOST_LETTERS:
        raise typer.BadParameter(f"{option}: {name} is longer than 64 MiB.")
    return text
