"""How tests are shared out among workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]  # it ships no types

if TYPE_CHECKING:
    from xdist.remote import Producer  # type: ignore[import-untyped]


class BrowserTogether(LoadGroupScheduling):  # type: ignore[misc]  # see above
    """All browser tests go to one worker: one JupyterLab and one browser are enough for two cores.

    The mark ``xdist_group`` would say the same, but pytest-xdist writes groups into an attribute that pytest 9 has
    not got any more, and so ignores them.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith("tests/browser/") else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> BrowserTogether | None:
    """With ``--dist loadgroup``, share out tests as :class:`BrowserTogether` does."""
    return BrowserTogether(config, log) if config.getvalue("dist") == "loadgroup" else None
