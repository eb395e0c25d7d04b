"""Web pages of another origin may begin a call at the embedded server, and reach nothing else."""

import asyncio
from collections.abc import AsyncGenerator

import httpx
import pytest

from realtime_typed.local import LocalServer

pytestmark = pytest.mark.anyio

PAGE = {"Origin": "https://page.example"}
PREFLIGHT = {
    **PAGE,
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type",
}


@pytest.fixture
async def browser() -> AsyncGenerator[httpx.AsyncClient]:
    async with asyncio.timeout(20), LocalServer() as server, httpx.AsyncClient(base_url=server.base_url) as client:
        yield client


@pytest.mark.parametrize("path", ["/realtime/calls", "/realtime?model=gpt-realtime"])
async def test_a_browser_that_asks_first_may_post_an_offer_with_a_key(browser: httpx.AsyncClient, path: str) -> None:
    allowed = await browser.options(path, headers=PREFLIGHT)
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == "*"
    assert allowed.headers["access-control-allow-methods"] == "POST"
    assert allowed.headers["access-control-allow-headers"] == "authorization,content-type"
    assert "access-control-allow-credentials" not in allowed.headers


async def test_a_page_can_read_a_refusal_and_the_calls_address(browser: httpx.AsyncClient) -> None:
    refused = await browser.post("/realtime/calls", headers=PAGE)
    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == "*"
    assert refused.headers["access-control-expose-headers"] == "Location, x-request-id"


@pytest.mark.parametrize("path", ["/realtime/client_secrets", "/realtime/calls/rtc_1/hangup"])
async def test_what_needs_the_api_key_is_not_for_pages(browser: httpx.AsyncClient, path: str) -> None:
    assert (await browser.options(path, headers=PREFLIGHT)).status_code == 405
    assert "access-control-allow-origin" not in (await browser.post(path, headers=PAGE)).headers
