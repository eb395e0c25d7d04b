"""Other people's clients against LocalServer; run by `nox -s interop`, which installs them.

The packages are not part of the test group: they pin another version of websockets than this project is tested with.
"""

from importlib.util import find_spec
from pathlib import Path

import pytest

_NEEDED = {"test_openai.py": "openai", "test_openai_agents.py": "agents"}

collect_ignore = [name for name, package in _NEEDED.items() if find_spec(package) is None]


def pytest_report_header() -> list[str]:
    return [f"interop: {Path(name).name} is left out, package {_NEEDED[name]!r} is missing" for name in collect_ignore]


@pytest.fixture(autouse=True)
def _no_key_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
