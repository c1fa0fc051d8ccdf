"""``EditTabs``: everything about a dataset that people may change, in five tabs.

Each tab is a *section* (see :mod:`voxshelf.widgets.drafts`) and a form: ``data`` the data properties, as fields and
as JSON; ``details`` what people wrote; ``appearance`` the view configuration; sharing comes from
:mod:`voxshelf.widgets.sharing_links`; ``history`` what was changed. ``dataset_edits`` holds all sections of one
dataset, ``state`` says which dataset is open. The ``*_view`` modules lay them out.
"""

from voxshelf.widgets.edit_tabs.dataset_edits import DatasetEdits
from voxshelf.widgets.edit_tabs.state import EditTabsState
from voxshelf.widgets.edit_tabs.view import EditTabs

__all__ = ["DatasetEdits", "EditTabs", "EditTabsState"]
