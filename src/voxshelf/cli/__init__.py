"""The command line: ``voxshelf list | import | edit | check | …``; all commands stand in ``application``.

Every command prints for people or, with ``--json``, for programs. Exit codes: 0 fine, 1 a problem, 2 wrong usage.
A problem is told on the error stream: what is wrong, and what to do about it. A command's module is loaded when the
command is run, so that help costs nothing.
"""

from voxshelf.cli.application import app, main

__all__ = ["app", "main"]
