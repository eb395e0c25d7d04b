"""Calls: WebRTC calls are made here, SIP calls answered, both ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from realtime_typed._generated.realtime.params import RealtimeSessionConfigParam
from realtime_typed._generated.realtime.rest import CallCreateRequest, CallReferRequest, CallRejectRequest
from realtime_typed._generated.realtime.shared import RealtimeSessionConfig
from realtime_typed._wire import UNSET, WireModel

from .objects import json_body, json_bytes
from .requests import Answer, Body, Requester

__all__ = ["CallAnswer", "Calls"]

SDP: Final = "application/sdp"


@dataclass(frozen=True, slots=True)
class CallAnswer:
    """The service's answer to an offer.

    Attributes:
        sdp: The SDP answer.
        call_id: The call's id (`rtc_…`), from the header `Location`; `None` when the server gave none, and then the
            call can be neither attached to nor hung up over HTTP.
    """

    sdp: str
    call_id: str | None


class Calls:
    """`/realtime/calls`.

    None of these is sent again after it may have reached the service without an answer: a call that is made, accepted
    or handed over twice is not the same as once.
    """

    def __init__(self, requester: Requester) -> None:
        self._requester = requester

    async def create(
        self, sdp: str, session: RealtimeSessionConfig | RealtimeSessionConfigParam | None = None
    ) -> CallAnswer:
        """Start a WebRTC call.

        With an API key the offer and the session go as a multipart form. With a short-lived key (`ek_…`) the offer goes
        alone, as `application/sdp`, because the session comes with the key.

        Args:
            sdp: The offer of your side.
            session: The session's configuration.

        Returns:
            The answer and the call's id.

        Raises:
            ValueError: `session` does not have the shape of a session or is given beside a short-lived key, the offer
                is empty, or there is no key.
            RestError: The service refused it or gave no answer; see `realtime_typed.errors`.
            TimeoutError: It took too long.
        """
        if not sdp.strip():
            raise ValueError("sdp is empty")
        fields = {"sdp": sdp, "session": UNSET if session is None else session}
        json_body(CallCreateRequest, fields)

        def body(headers: Mapping[str, str]) -> Body:
            if headers.get("Authorization", "").startswith("Bearer ek_"):
                if session is not None:
                    raise ValueError("a short-lived key brings its session: leave session out, or use an API key")
                return Body(sdp.encode(), SDP)
            parts = {"sdp": (sdp.encode(), SDP)}
            if session is not None:
                parts["session"] = (json_bytes(session), "application/json")
            return Body(parts=parts)

        answer = await self._requester.post("/realtime/calls", body, accept=SDP, repeatable=False)
        return CallAnswer(sdp_of(answer), call_id_of(answer.headers.get("location")))

    async def accept(self, call_id: str, session: RealtimeSessionConfig | RealtimeSessionConfigParam) -> None:
        """Accept an incoming SIP call; then attach to it with `RealtimeClient(call_id=…)`.

        Args:
            call_id: The call, from `realtime.call.incoming`.
            session: Its configuration.

        Raises:
            ValueError: An argument does not have the shape of the request, or there is no API key.
            RestError: The service refused it or gave no answer, for instance because the caller has hung up.
            TimeoutError: It took too long.
        """
        model = RealtimeSessionConfig
        fields: Mapping[str, object] = (
            session.to_wire() if isinstance(session, model) else {"type": "realtime", **session}
        )
        await self._act(call_id, "accept", json_body(model, fields))

    async def reject(self, call_id: str, *, status_code: int | None = None) -> None:
        """Decline an incoming SIP call.

        Args:
            call_id: The call.
            status_code: The SIP status that the caller is given, such as 486 (busy). Default: the service's, 603.

        Raises:
            ValueError: As in `accept`.
            RestError: As in `accept`.
            TimeoutError: It took too long.
        """
        await self._act_with(call_id, "reject", CallRejectRequest, status_code=status_code)

    async def refer(self, call_id: str, target_uri: str) -> None:
        """Hand a SIP call over to somebody else.

        Args:
            call_id: The call.
            target_uri: Whom to, such as `tel:+14155550123` or `sip:agent@example.com`.

        Raises:
            ValueError: As in `accept`.
            RestError: As in `accept`.
            TimeoutError: It took too long.
        """
        if not target_uri.strip():
            raise ValueError("target_uri is empty")
        await self._act_with(call_id, "refer", CallReferRequest, target_uri=target_uri)

    async def hangup(self, call_id: str) -> None:
        """End a call, WebRTC or SIP.

        Args:
            call_id: The call.

        Raises:
            ValueError: `call_id` is none, or there is no API key.
            RestError: As in `accept`.
            TimeoutError: It took too long.
        """
        await self._act(call_id, "hangup", Body())

    async def _act_with(self, call_id: str, verb: str, model: type[WireModel], **fields: object) -> None:
        given = {name: value for name, value in fields.items() if value is not None}
        await self._act(call_id, verb, json_body(model, given))

    async def _act(self, call_id: str, verb: str, body: Body) -> None:
        # What is answered, if anything, has no meaning.
        await self._requester.post(f"/realtime/calls/{_quoted(call_id)}/{verb}", body, repeatable=False)


def _quoted(call_id: str) -> str:
    """A call's id as a part of a path, which it must not leave."""
    if not call_id or call_id in (".", ".."):
        raise ValueError(f"call_id is no id of a call: {call_id!r}")
    return quote(call_id, safe="")


def call_id_of(location: str | None) -> str | None:
    """The id in `Location: /v1/realtime/calls/rtc_…`, which may be a whole URL."""
    if not location:
        return None
    try:
        parts = [part for part in urlsplit(location.strip()).path.split("/") if part]
    except ValueError:
        return None
    if "calls" in parts:
        parts = parts[parts.index("calls") + 1 :]
    return unquote(parts[0]) if len(parts) == 1 else None


def sdp_of(answer: Answer) -> str:
    """The SDP of an answer, whatever its content type claims; clones also send `{"sdp": …}`."""
    text = answer.text
    if text.lstrip().startswith("{"):
        inside = answer.json().get("sdp")
        text = inside if isinstance(inside, str) else ""
    if not text.lstrip().startswith("v="):
        kind = answer.headers.get("content-type") or "nothing that is named"
        raise answer.error(f"the body is no SDP ({kind[:60]})")
    return text
