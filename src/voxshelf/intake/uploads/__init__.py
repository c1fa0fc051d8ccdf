"""Uploads of ZIP files: taken in pieces, resumable, checked, unpacked aside and published with one rename."""

from voxshelf.intake.uploads.manifest import SOFT_LIMIT, UploadInfo
from voxshelf.intake.uploads.staging import KEPT_FOR, STAGING_NAME, UploadStaging

__all__ = ["KEPT_FOR", "SOFT_LIMIT", "STAGING_NAME", "UploadInfo", "UploadStaging"]
