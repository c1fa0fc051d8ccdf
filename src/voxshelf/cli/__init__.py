"""The command line: ``voxshelf list | scan | import | info | sample | lab | warm``.

Every command prints for people or, with ``--json``, for programs. Exit codes: 0 fine, 1 a problem, 2 wrong usage.
A problem is told on the error stream: what is wrong, and what to do about it.
"""

from voxshelf.cli.application import app, main

__all__ = ["app", "main"]
