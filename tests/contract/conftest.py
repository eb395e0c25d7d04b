"""The contract: what an application can rely on, whatever carries the frames. Each test runs over every transport."""

from typing import cast

import pytest

from tests.contract.support import Kind, Serve, pin_to_loopback, serve_over


@pytest.fixture(params=["memory", "websocket", "webrtc"])
def serve(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Starts a `LocalServer` whose clients use one of the transports; see `Serve`."""
    kind = cast("Kind", request.param)
    if kind == "webrtc":
        pin_to_loopback(monkeypatch)
    return serve_over(kind)
