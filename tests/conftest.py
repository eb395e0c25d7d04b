"""What every test shares."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    """Run the async tests on asyncio, the loop this package is written for."""
    return "asyncio"
