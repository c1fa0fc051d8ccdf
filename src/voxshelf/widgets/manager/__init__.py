"""``Manager``: a whole store as one calm page, which is what ``vx.show(store)`` shows.

The table of datasets first; beside or below it what can be done with the chosen one: look at it, import it, or
read what is wrong with it.
"""

from voxshelf.widgets.manager.state import Details, ManagerState
from voxshelf.widgets.manager.view import Manager

__all__ = ["Details", "Manager", "ManagerState"]
