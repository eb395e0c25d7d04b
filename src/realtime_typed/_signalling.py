"""The HTTP of a WebRTC call: the offer goes out, the answer and the call's id come back, and the call is hung up.

Source: `POST /v1/realtime/calls` of the service, as a form (`sdp` and `session`) with an API key, or as bare
`application/sdp` with a short-lived key, which brings its session; `POST /v1/realtime?model=…` of the beta protocol.
Other servers answer 200 instead of 201, with another content type, without `Location`, or refuse the form with 415.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Final

from ._endpoints import Endpoint, check_headers
from .errors import AuthenticationError, ConnectError, InvalidResponseError, RateLimitError, RestError, shorten
from .rest.calls import SDP, Calls, call_id_of, sdp_of
from .rest.objects import json_bytes
from .rest.requests import Answer, Body, Requester
from .transports.webrtc_options import SdpAnswer

__all__ = ["Signalling"]

HANG_UP_TIMEOUT: Final = 3.0
"""How long a service may take to hang up, in seconds."""

MAX_SDP: Final = 256 * 1024
"""The longest offer and answer, in bytes; usual ones have 2 to 10 KB."""

_CONNECT_RETRIES: Final = 2
_logger = logging.getLogger("realtime_typed.webrtc")


class Signalling:
    """Makes one call, and ends it. Follows no redirect, and makes no call twice.

    Args:
        endpoint: The service.
        headers: The headers of each request, credentials included.
        model: The model of the session, where `session` names none.
        session: The session's configuration, in the words of the protocol; used with an API key alone.
        beta: Whether the service speaks the beta protocol: the offer goes to `/realtime?model=…`, without a session.
        timeout: How long an exchange may take in all, in seconds. Default 10.

    Raises:
        ValueError: A key would travel unencrypted, a header cannot be sent, or the session is one for transcription,
            which a call with an API key cannot start.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        headers: Mapping[str, str],
        *,
        model: str,
        session: Mapping[str, object] | None,
        beta: bool,
        timeout: float = 10.0,
    ) -> None:
        endpoint.require_safe(endpoint.http("/realtime"))
        check_headers(headers, "headers")
        named = {name.lower(): value for name, value in headers.items()}
        # The key brings its session, and the service refuses another one beside it.
        brings_session = named.get("authorization", "").startswith("Bearer ek_")
        if not brings_session and session is not None and session.get("type") == "transcription":
            raise ValueError(
                "a call with an API key cannot be a transcription session: make a key with "
                "RestClient.client_secrets.create({'type': 'transcription', …}), and pass it as ephemeral_key"
            )
        self._session = None if brings_session else {"type": "realtime", "model": model, **(session or {})}
        self._model = model
        self._beta = beta
        self._host = endpoint.host
        self._timeout = timeout
        if beta and "openai-beta" not in named:
            headers = {**headers, "OpenAI-Beta": "realtime=v1"}
        self._requester = Requester(
            endpoint,
            headers=headers,
            timeout=timeout,
            max_retries=_CONNECT_RETRIES,
            http_client=None,
            redirects=False,
            repeat_refusals=False,
            max_body=MAX_SDP,
        )
        self._calls = Calls(self._requester)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._host}>"

    async def aclose(self) -> None:
        """Close the connections. Nothing can be sent afterwards."""
        await self._requester.aclose()

    async def exchange(self, sdp: str) -> SdpAnswer:
        """Send the offer.

        Args:
            sdp: The offer, an SDP text.

        Returns:
            The answer, and the call's id where the service names one.

        Raises:
            ConnectError: The service could not be reached, refused the call, or answered something else than SDP;
                `status` and `body` say how, and the cause is the `RestError` (`AuthenticationError` for a key that has
                expired).
            ValueError: The offer is empty or too long.
        """
        offer = sdp.encode()
        if not offer.strip() or len(offer) > MAX_SDP:
            raise ValueError(f"the offer must have 1 to {MAX_SDP} bytes, got {len(offer)}")
        try:
            async with asyncio.timeout(self._timeout):
                answer = await self._offer(offer)
                return await self._read(answer)
        except RestError as error:
            refused = ConnectError(self._sentence(error), status=error.status, body=error.body)
            refused.retry_after = error.retry_after if isinstance(error, RateLimitError) else None
            raise refused from error
        except TimeoutError as error:
            text = f"{self._host} did not answer the offer of a call within {self._timeout:g} s"
            raise ConnectError(text) from error

    async def hang_up(self, call_id: str) -> None:
        """End the call.

        Args:
            call_id: The call's id.

        Raises:
            RestError: The service refused it, or gave no answer within 3 seconds.
        """
        try:
            async with asyncio.timeout(HANG_UP_TIMEOUT):
                await self._calls.hangup(call_id)
        except TimeoutError as error:
            raise RestError(f"{self._host} did not hang up within {HANG_UP_TIMEOUT:g} s") from error

    async def _offer(self, offer: bytes) -> Answer:
        bare = Body(offer, SDP)
        model = {"model": self._model} if self._model else {}
        if self._beta:
            return await self._post("/realtime", bare, model)
        if self._session is None:
            return await self._post("/realtime/calls", bare, {})
        parts = {"sdp": (offer, SDP), "session": (json_bytes(self._session), "application/json")}
        try:
            return await self._post("/realtime/calls", Body(parts=parts), {})
        except RestError as error:
            if error.status != 415:
                raise
        # A server that takes no form has seen no call yet. It learns the session over the data channel.
        return await self._post("/realtime/calls", bare, model)

    async def _post(self, path: str, body: Body, query: Mapping[str, str]) -> Answer:
        import httpx

        try:
            return await self._requester.post(path, body, accept=SDP, repeatable=False, query=query)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # What `Requester` does not make an error of ours; its text may quote a header.
            raise RestError(f"cannot reach {self._host}: {type(error).__name__}") from None

    async def _read(self, answer: Answer) -> SdpAnswer:
        call_id = call_id_of(answer.headers.get("location"))
        try:
            return SdpAnswer(sdp_of(answer), call_id)
        except InvalidResponseError:
            # The call exists, and nobody will talk in it.
            if call_id is not None:
                await self._hang_up_quietly(call_id)
            raise

    async def _hang_up_quietly(self, call_id: str) -> None:
        try:
            await self.hang_up(call_id)
        except (RestError, ValueError) as error:
            _logger.debug("call %s could not be hung up: %s", call_id, error)

    def _sentence(self, error: RestError) -> str:
        if isinstance(error, InvalidResponseError):
            return f"the service's answer to the offer of a call cannot be used: {error}"
        if error.status is None:
            return f"the call could not be made: {error}"
        named = error.code or error.type
        text = f"the service refused the call: {error.status}" + (f" {shorten(named, 80)}" if named else "")
        if error.message is not None:
            text += f": {error.message}"
        elif isinstance(error, AuthenticationError):
            text += ": the key is wrong, has expired, or may not do this"
        return text
