"""The look that all widgets share: one style sheet, the message line, the progress line, safe markup.

Colours are JupyterLab's CSS variables with plain fallbacks, so that light and dark themes work everywhere. Text
that people wrote (names, descriptions, error messages with file names) goes through :func:`escape` before it
becomes HTML.
"""

from voxshelf.widgets.theme.markup import chip, escape, fact_list, problem_list
from voxshelf.widgets.theme.message_line import Message, MessageLine
from voxshelf.widgets.theme.progress_line import ProgressLine
from voxshelf.widgets.theme.stylesheet import stylesheet

__all__ = [
    "Message",
    "MessageLine",
    "ProgressLine",
    "chip",
    "escape",
    "fact_list",
    "problem_list",
    "stylesheet",
]
