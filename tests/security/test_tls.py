"""Certificates are checked unless somebody says otherwise in so many words: one test a rule of `rules.py`."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import httpx
import pytest
import trustme

from realtime_typed._endpoints import Endpoint
from realtime_typed._keys import KeySource
from realtime_typed._tls import context_of
from realtime_typed.errors import ConnectError, EphemeralKeyError, RestError
from realtime_typed.rest import RestClient
from realtime_typed.transports.websocket import WebSocketTransport
from realtime_typed.transports.websocket_options import WebSocketOptions

pytestmark = pytest.mark.anyio


def takes_any_certificate() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def takes_a_missing_certificate() -> ssl.SSLContext:
    context = takes_any_certificate()
    context.verify_mode = ssl.CERT_OPTIONAL
    return context


def takes_any_name() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    return context


WEAK = [takes_any_certificate, takes_a_missing_certificate, takes_any_name]


@pytest.mark.parametrize("weak", WEAK[:2])
def test_a_websocket_takes_no_context_that_takes_any_certificate(weak: Callable[[], ssl.SSLContext]) -> None:
    with pytest.raises(ValueError, match=r"does not check the certificate of .api\.example..*dangerously_allow"):
        WebSocketTransport("wss://api.example/", options=WebSocketOptions(ssl=weak()))


def test_a_websocket_takes_no_context_that_takes_any_name() -> None:
    with pytest.raises(ValueError, match=r"certificate is for .api\.example..*dangerously_allow"):
        WebSocketTransport("wss://api.example/", options=WebSocketOptions(ssl=takes_any_name()))


def test_a_weak_context_is_for_this_machine_or_for_who_says_so() -> None:
    WebSocketTransport("wss://127.0.0.1:1/", options=WebSocketOptions(ssl=takes_any_certificate()))
    said = WebSocketOptions(ssl=takes_any_certificate(), dangerously_allow_unverified_tls=True)
    WebSocketTransport("wss://api.example/", options=said)
    WebSocketTransport("wss://api.example/", options=WebSocketOptions(ssl=ssl.create_default_context()))


def clients(weak: ssl.SSLContext | bool) -> list[httpx.AsyncClient]:
    transport = httpx.AsyncHTTPTransport(verify=weak)
    return [
        httpx.AsyncClient(verify=weak),
        httpx.AsyncClient(transport=transport),
        httpx.AsyncClient(verify=weak, proxy="http://127.0.0.1:1"),
        httpx.AsyncClient(mounts={"https://api.example": transport}),
    ]


@pytest.mark.parametrize("number", range(4))
async def test_a_request_goes_through_no_client_that_takes_any_certificate(number: int) -> None:
    weak: dict[str, ssl.SSLContext | bool] = {
        "the certificate of": False,
        "that the certificate is for": takes_any_name(),
    }
    for what, verify in weak.items():
        async with clients(verify)[number] as http:
            rest = RestClient(base_url="https://api.example/v1", api_key="sk-1", http_client=http, max_retries=0)
            with pytest.raises(ValueError, match=f"http_client does not check {what}"):
                await rest.client_secrets.create()


async def test_what_httpx_checks_with_is_still_found() -> None:
    async with httpx.AsyncClient() as http:
        context = context_of(http, "https://api.example/")
    assert context is not None
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


async def test_a_weak_client_is_for_who_says_so() -> None:
    async with httpx.AsyncClient(verify=False, proxy="http://127.0.0.1:1") as http:
        rest = RestClient(
            base_url="https://api.example/v1",
            api_key="sk-1",
            http_client=http,
            max_retries=0,
            dangerously_allow_unverified_tls=True,
        )
        with pytest.raises(RestError, match="cannot reach"):
            await rest.client_secrets.create()


@contextlib.asynccontextmanager
async def untrusted() -> AsyncGenerator[int]:
    """A server whose certificate no authority of this machine has signed, and which writes down whether it was read."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1", "localhost").configure_cert(context)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            body = b'{"ephemeral_key": "ek_false", "value": "ek_false"}'
            await reader.readuntil(b"\r\n\r\n")
            head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@pytest.fixture(params=["plain", "tricked"])
def environment(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What the environment says is no matter to whether certificates are checked."""
    if request.param == "tricked":
        monkeypatch.setenv("PYTHONHTTPSVERIFY", "0")
        monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys.log"))
        monkeypatch.setenv("CURL_CA_BUNDLE", "")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", "")


@pytest.mark.usefixtures("environment")
async def test_a_websocket_checks_certificates_whatever_the_environment_says() -> None:
    async with untrusted() as port:
        transport = WebSocketTransport(f"wss://127.0.0.1:{port}/", headers={"Authorization": "Bearer sk-1"})
        with pytest.raises(ConnectError, match="certificate is not trusted"):
            await transport.connect()


@pytest.mark.usefixtures("environment")
async def test_a_request_checks_certificates_whatever_the_environment_says() -> None:
    async with (
        untrusted() as port,
        RestClient(base_url=f"https://127.0.0.1:{port}/v1", api_key="sk-1", max_retries=0) as rest,
    ):
        with pytest.raises(RestError, match="CERTIFICATE_VERIFY_FAILED"):
            await rest.client_secrets.create()


@pytest.mark.usefixtures("environment")
async def test_the_fetch_of_a_key_checks_certificates_whatever_the_environment_says() -> None:
    async with untrusted() as port:
        source = KeySource(Endpoint(), fetch_ephemeral_key_url=f"https://127.0.0.1:{port}/key")
        with pytest.raises(EphemeralKeyError, match="CERTIFICATE_VERIFY_FAILED"):
            await source.headers()
