"""What every test shares."""

import signal

import pytest

# Shells start what runs in the background with interrupts ignored, and programs inherit that; some tests interrupt one.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def anyio_backend() -> str:
    """Run the async tests on asyncio, the loop this package is written for."""
    return "asyncio"
