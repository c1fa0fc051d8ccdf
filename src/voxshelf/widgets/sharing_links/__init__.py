"""``SharingLinks``: who may see a dataset – people, teams, everybody, and whoever has a link.

``permissions`` are teams, visibility and owner, being edited; ``links`` the links to it; ``access`` says who can
see it and why; ``state`` joins them. The ``*_view`` modules lay them out.
"""

from voxshelf.widgets.sharing_links.access import AccessState
from voxshelf.widgets.sharing_links.links import LinksState
from voxshelf.widgets.sharing_links.permissions import PermissionsSection
from voxshelf.widgets.sharing_links.state import SharingState
from voxshelf.widgets.sharing_links.view import SharingLinks

__all__ = ["AccessState", "LinksState", "PermissionsSection", "SharingLinks", "SharingState"]
