"""What those outside of an organization are told of its public datasets, and of those that a link opens.

They see what the dataset is. Where it lies on the disk, whose it is, who else may see it and what exactly is wrong with
its files is the organization's own business. ``datasource-properties.json`` itself they can read, paths of mags among it:
in a store that is a folder whoever opens the dataset needs them. A service has to leave them out.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from voxshelf.errors import DatasetNotFoundError, StoreUnavailableError, VoxshelfError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voxshelf.model import DatasetRecord

_HINT = "Ask whoever told you about it."
_MESSAGE = "Something is wrong with its files."


def for_outsiders(record: DatasetRecord) -> DatasetRecord:
    """The record without what is the organization's own business."""
    kept = {
        "path": "",
        "folder": "",
        "teams": (),
        "inherited_teams": (),
        "owner": "",
        "problems": (),
        "status_message": _MESSAGE if record.status_message else "",
    }
    return record.model_copy(update=kept)


@contextmanager
def vaguely(key: str) -> Iterator[None]:
    """Leave out of errors where the dataset lies."""
    try:
        yield
    except DatasetNotFoundError:
        raise DatasetNotFoundError(f"{key} cannot be opened now.", hint=_HINT) from None
    except StoreUnavailableError:
        raise StoreUnavailableError(f"{key} cannot be reached now.", hint=_HINT) from None
    except VoxshelfError:
        raise VoxshelfError(f"{key} cannot be read.", hint=_HINT) from None
