"""``DatasetTable``: a store's datasets as a table that can be searched, sorted, filtered and paged.

``state`` holds what is shown and why, ``cells`` turns records into text, ``thumbnails`` makes the small
pictures aside, ``grid`` is the only module that knows ipydatagrid (and ``painter`` the only one that knows it in the
browser), ``view`` lays out.
"""

from voxshelf.widgets.dataset_table.state import DatasetTableState
from voxshelf.widgets.dataset_table.thumbnails import Thumbnails
from voxshelf.widgets.dataset_table.view import DatasetTable

__all__ = ["DatasetTable", "DatasetTableState", "Thumbnails"]
