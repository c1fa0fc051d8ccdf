"""The look that all widgets share: style sheet, message line, progress line, Python line, safe markup.

Colours are JupyterLab's CSS variables with plain fallbacks, so that light and dark themes work everywhere. Text
that people wrote (names, descriptions, error messages with file names) goes through :func:`escape` before it
becomes HTML. A ``PythonLine`` shows, and copies, the line of Python that does the same as the widget above it.
"""

from voxshelf.widgets.theme.in_view import InView
from voxshelf.widgets.theme.json_editor import JsonEditor, json_problem_list
from voxshelf.widgets.theme.json_lines import line_of, lines_of
from voxshelf.widgets.theme.markup import chip, escape, fact_list, problem_list
from voxshelf.widgets.theme.message_line import Message, MessageLine
from voxshelf.widgets.theme.progress_line import ProgressLine
from voxshelf.widgets.theme.python_line import PythonLine, call, literal, runnable, store_opening
from voxshelf.widgets.theme.slot import Slot
from voxshelf.widgets.theme.stylesheet import stylesheet

__all__ = [
    "InView",
    "JsonEditor",
    "Message",
    "MessageLine",
    "ProgressLine",
    "PythonLine",
    "Slot",
    "call",
    "chip",
    "escape",
    "fact_list",
    "json_problem_list",
    "line_of",
    "lines_of",
    "literal",
    "problem_list",
    "runnable",
    "store_opening",
    "stylesheet",
]
