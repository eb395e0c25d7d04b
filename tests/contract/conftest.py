"""The contract: what an application can rely on, whatever carries the frames. Each test runs over every transport."""

from typing import cast

import pytest

from tests.contract.support import Kind, Serve, serve_over


@pytest.fixture(params=["memory", "websocket"])
def serve(request: pytest.FixtureRequest) -> Serve:
    """Starts a `LocalServer` whose clients use one of the transports; see `Serve`."""
    return serve_over(cast("Kind", request.param))
