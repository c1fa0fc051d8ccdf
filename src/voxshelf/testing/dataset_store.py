"""The behaviour of a :class:`~voxshelf.store.DatasetStore`, as tests that every implementation inherits."""

from __future__ import annotations

from voxshelf.testing.store_changes import ChangesTests
from voxshelf.testing.store_data_editing import DataEditingTests
from voxshelf.testing.store_editing import EditingTests
from voxshelf.testing.store_finding import FindingTests
from voxshelf.testing.store_history import PastTests
from voxshelf.testing.store_importing import ImportingTests
from voxshelf.testing.store_links import LinksTests
from voxshelf.testing.store_listing import ListingTests
from voxshelf.testing.store_people import PeopleTests
from voxshelf.testing.store_trash import TrashTests
from voxshelf.testing.store_uploading import ArrivingTests
from voxshelf.testing.store_viewing import ViewingTests


class DatasetStoreTests(
    FindingTests,
    ListingTests,
    ImportingTests,
    ChangesTests,
    ArrivingTests,
    EditingTests,
    DataEditingTests,
    PastTests,
    ViewingTests,
    LinksTests,
    TrashTests,
    PeopleTests,
):
    """Inherit this in a test module and override :meth:`open_store`.

    Examples
    --------
    >>> class TestMyStore(DatasetStoreTests):
    ...     def open_store(self, root, request):
    ...         return MyStore(root)
    """
