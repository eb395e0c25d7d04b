"""URLs and credentials of the service and of Azure, in every form."""

import pytest

from realtime_typed import RealtimeAPI, RealtimeClient
from realtime_typed._endpoints import Endpoint, http_url, is_loopback, websocket_url

pytestmark = pytest.mark.anyio

AZURE = "https://res.openai.azure.com"
PREVIEW = "2025-04-01-preview"


@pytest.mark.parametrize(
    ("base_url", "path", "url"),
    [
        ("https://api.openai.com/v1", "/realtime/calls", "https://api.openai.com/v1/realtime/calls"),
        ("https://api.openai.com/v1/", "/realtime/calls", "https://api.openai.com/v1/realtime/calls"),
        ("wss://api.openai.com/v1/realtime", "/realtime/calls", "https://api.openai.com/v1/realtime/calls"),
        ("ws://127.0.0.1:8000/v1", "/realtime/calls", "http://127.0.0.1:8000/v1/realtime/calls"),
        ("https://example.com?a=b", "/realtime/calls", "https://example.com/realtime/calls?a=b"),
    ],
)
def test_an_address_becomes_that_of_an_endpoint(base_url: str, path: str, url: str) -> None:
    assert http_url(base_url, path) == url


def test_an_address_serves_other_websocket_paths_too() -> None:
    url = websocket_url("https://api.openai.com/v1", {"model": "m"}, "/realtime/translations")
    assert url == "wss://api.openai.com/v1/realtime/translations?model=m"


@pytest.mark.parametrize(
    "endpoint",
    [
        AZURE,
        f"{AZURE}/",
        f"{AZURE}/openai",
        f"{AZURE}/openai/v1",
        f"{AZURE}/openai/v1/",
        f" {AZURE}\n",
        f"wss{AZURE[5:]}",
    ],
)
@pytest.mark.parametrize(
    ("version", "websocket", "http"),
    [
        (
            None,
            "wss://res.openai.azure.com/openai/v1/realtime?model=dep",
            "https://res.openai.azure.com/openai/v1/realtime/client_secrets",
        ),
        (
            PREVIEW,
            f"wss://res.openai.azure.com/openai/realtime?api-version={PREVIEW}&deployment=dep",
            f"https://res.openai.azure.com/openai/realtime/client_secrets?api-version={PREVIEW}",
        ),
    ],
)
def test_azures_addresses_have_a_ga_and_a_preview_form(
    endpoint: str, version: str | None, websocket: str, http: str
) -> None:
    made = Endpoint(azure_endpoint=endpoint, azure_api_version=version)
    assert made.websocket(model="dep") == websocket
    assert made.http("/realtime/client_secrets") == http


def test_parameters_are_added_to_an_endpoints_address() -> None:
    query = {"model": "a b"}
    assert Endpoint().http("/realtime", query) == "https://api.openai.com/v1/realtime?model=a+b"
    preview = Endpoint(azure_endpoint=AZURE, azure_api_version=PREVIEW).http("/realtime", query)
    assert preview == f"{AZURE}/openai/realtime?api-version={PREVIEW}&model=a+b"


def test_azures_preview_has_its_sessions_at_a_place_of_their_own() -> None:
    made = Endpoint(azure_endpoint=AZURE, azure_api_version=PREVIEW)
    assert made.http("/realtime/sessions") == f"{AZURE}/openai/realtimeapi/sessions?api-version={PREVIEW}"


def test_a_call_is_attached_to_without_a_model() -> None:
    assert Endpoint().websocket(model="m", call_id="rtc_1") == "wss://api.openai.com/v1/realtime?call_id=rtc_1"
    ga = Endpoint(azure_endpoint=AZURE).websocket(model="m", call_id="rtc_1")
    assert ga == "wss://res.openai.azure.com/openai/v1/realtime?call_id=rtc_1"
    with pytest.raises(ValueError, match="leave azure_api_version out"):
        Endpoint(azure_endpoint=AZURE, azure_api_version=PREVIEW).websocket(model="m", call_id="rtc_1")


async def token() -> str:
    return "entra"


@pytest.mark.parametrize(
    ("endpoint", "headers"),
    [
        (Endpoint(api_key="sk-1"), {"Authorization": "Bearer sk-1"}),
        (Endpoint(azure_endpoint=AZURE, api_key="key"), {"api-key": "key"}),
        (Endpoint(azure_endpoint=AZURE, api_key="ek_1"), {"Authorization": "Bearer ek_1"}),
        (Endpoint(azure_endpoint=AZURE, azure_ad_token_provider=token), {"Authorization": "Bearer entra"}),
        (Endpoint(azure_endpoint=AZURE, azure_ad_token_provider=lambda: "now"), {"Authorization": "Bearer now"}),
    ],
)
async def test_each_service_gets_the_credentials_that_it_takes(endpoint: Endpoint, headers: dict[str, str]) -> None:
    assert await endpoint.credentials() == headers


async def test_a_key_of_openai_in_the_environment_is_not_sent_to_azure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    monkeypatch.delenv("AZURE_OPENAI_API_KEY", raising=False)
    with pytest.raises(ValueError, match="AZURE_OPENAI_API_KEY"):
        await Endpoint(azure_endpoint=AZURE).credentials()
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "azure")
    assert await Endpoint(azure_endpoint=AZURE).credentials() == {"api-key": "azure"}


async def test_a_token_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="the Entra token is empty"):
        await Endpoint(azure_endpoint=AZURE, azure_ad_token_provider=lambda: "").credentials()


def test_arguments_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="either base_url or azure_endpoint"):
        Endpoint(base_url="https://example.com", azure_endpoint=AZURE)
    with pytest.raises(ValueError, match="either api_key or azure_ad_token_provider"):
        Endpoint(api_key="a", azure_endpoint=AZURE, azure_ad_token_provider=token)
    with pytest.raises(ValueError, match="azure_api_version needs azure_endpoint"):
        Endpoint(azure_api_version=PREVIEW)
    with pytest.raises(ValueError, match="azure_ad_token_provider needs azure_endpoint"):
        Endpoint(azure_ad_token_provider=token)
    with pytest.raises(ValueError, match="azure_deployment needs azure_endpoint"):
        RealtimeAPI(azure_deployment="dep")


@pytest.mark.parametrize("endpoint", ["", "res.openai.azure.com", "ftp://res", "https://user:hunter2@res"])
def test_what_is_no_azure_resource_is_refused(endpoint: str) -> None:
    with pytest.raises(ValueError, match="azure_endpoint must") as caught:
        Endpoint(azure_endpoint=endpoint)
    assert "hunter2" not in str(caught.value)


def test_a_client_takes_azures_deployment_for_its_model() -> None:
    client = RealtimeClient(azure_endpoint=AZURE, azure_deployment="dep", api_key="key")
    assert client.realtime.model == "dep"
    assert "key" not in repr(client).replace("KeyError", "")
    assert "res.openai.azure.com" in repr(client)


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("wss://example.com", True),
        ("https://example.com", True),
        ("ws://127.0.0.1:1", True),
        ("http://[::1]:1", True),
        ("http://localhost", True),
        ("http://app.localhost", True),
        ("http://localhost.example.com", False),
        ("ws://10.0.0.1", False),
    ],
)
def test_a_key_travels_encrypted_or_stays_on_this_machine(url: str, safe: bool) -> None:
    endpoint = Endpoint()
    if safe:
        endpoint.require_safe(url)
    else:
        with pytest.raises(ValueError, match="must not travel unencrypted"):
            endpoint.require_safe(url)


@pytest.mark.parametrize(
    ("host", "ours"), [("127.8.8.8", True), ("::1", True), ("localhost", True), ("1.1.1.1", False)]
)
def test_this_machine_is_known_by_its_addresses(host: str, ours: bool) -> None:
    assert is_loopback(host) is ours
