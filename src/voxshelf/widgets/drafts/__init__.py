"""Editing what a store keeps, without losing anybody's work: ``Draft``, ``Section`` and the widgets around them.

A *draft* is a person's copy of one document of a dataset. It follows what is stored: what others change in the
meantime appears where the person has not edited, and is a *conflict* where she has. A *section* is the logic of a
form over a draft: what is unsaved, what hinders saving, saving and its line of Python. A *save bar* shows all
that below the form; a *conflict panel* lets the person choose field by field. A *follower* tells all of them what is
stored now.
"""

from voxshelf.widgets.drafts.choice import Choice
from voxshelf.widgets.drafts.conflict_panel import ConflictPanel
from voxshelf.widgets.drafts.draft import Draft
from voxshelf.widgets.drafts.following import Follower
from voxshelf.widgets.drafts.form_row import FormRow
from voxshelf.widgets.drafts.lost_bar import LostBar
from voxshelf.widgets.drafts.panel import Panel, close_all
from voxshelf.widgets.drafts.save_bar import SaveBar
from voxshelf.widgets.drafts.section import Section
from voxshelf.widgets.drafts.stylesheet import editing_stylesheet
from voxshelf.widgets.drafts.value_markup import value_markup

__all__ = [
    "Choice",
    "ConflictPanel",
    "Draft",
    "Follower",
    "FormRow",
    "LostBar",
    "Panel",
    "SaveBar",
    "Section",
    "close_all",
    "editing_stylesheet",
    "value_markup",
]
