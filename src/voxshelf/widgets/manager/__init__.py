"""``Manager``: a whole store as one calm page, which is what ``vx.show(store)`` shows.

The table of datasets first, with folders and tags to narrow it; beside or below it what can be done with the chosen
one: look at it, import it, edit, share or delete it, or read what is wrong with it. Uploads, samples, the gallery and
the trash are sections of the same page.
"""

from voxshelf.widgets.manager.state import Details, ManagerState, Mode, Section
from voxshelf.widgets.manager.view import Manager

__all__ = ["Details", "Manager", "ManagerState", "Mode", "Section"]
