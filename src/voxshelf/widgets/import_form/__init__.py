"""``ImportForm``: what was detected in a folder, value by value, for a person to complete and import.

``fields`` are the editable values, ``state`` is the form's logic, ``advanced`` turns it into JSON and back,
``places`` translates between nouns and JSON, ``preview`` draws what is about to be imported, ``view`` lays out.
"""

from voxshelf.widgets.import_form.state import ImportFormState, Stage
from voxshelf.widgets.import_form.view import ImportForm

__all__ = ["ImportForm", "ImportFormState", "Stage"]
