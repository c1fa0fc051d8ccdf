"""Does a folder lie on a network file system? SQLite must know.

SQLite's write-ahead log needs memory that all its users share; over NFS, SMB, Lustre and their like it damages
the database. There the rollback journal is used instead, see :mod:`voxshelf.catalog.engine`.
"""

from __future__ import annotations

import ctypes
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# f_type of statfs(2); linux/magic.h and the file systems' own sources. FUSE may be anything (sshfs, GlusterFS,
# rclone, virtiofs): it is taken for a network, which is slower but never wrong.
_NETWORKS = {
    0x6969: "NFS",
    0x517B: "SMB",
    0xFE534D42: "SMB",
    0xFF534D42: "CIFS",
    0x0BD00BD0: "Lustre",
    0x47504653: "GPFS",
    0x00C36400: "Ceph",
    0x19830326: "BeeGFS",
    0x5346414F: "AFS",
    0x6B414653: "AFS",
    0x01021997: "9p",
    0x73757245: "Coda",
    0x20030528: "OrangeFS",
    0xAAD7AAEA: "PanFS",
    0x7461636F: "OCFS2",
    0x01161970: "GFS2",
    0x786F4256: "VirtualBox share",
    0x65735546: "FUSE",
}
_STATFS_SIZE = 512
"""More than the struct needs on any Linux; its first member, of type long, is ``f_type``."""


def network_file_system(folder: Path) -> str | None:
    """The kind of network file system that ``folder`` lies on; None if it is local (or cannot be told).

    Parameters
    ----------
    folder : Path
        An existing folder.
    """
    if sys.platform == "win32":
        return "SMB" if str(folder.resolve()).startswith("\\\\") else None
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(_STATFS_SIZE)
    if libc.statfs(os.fsencode(folder), buffer) != 0:
        return None
    return _NETWORKS.get(ctypes.c_long.from_buffer(buffer).value & 0xFFFFFFFF)
