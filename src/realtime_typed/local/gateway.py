"""Every endpoint by what it does: who may use it, what it takes and what it answers. Knows no HTTP library.

A WebSocket endpoint answers a handshake with the function that serves the accepted connection; an HTTP endpoint answers
a request. Both say no by raising `HttpError`.
"""

import contextlib
import email.parser
import email.policy
import logging
from collections.abc import Awaitable, Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias, TypeVar

from pydantic_core import to_json

from realtime_typed._generated.realtime.rest import CallReferRequest, CallRejectRequest, ClientSecretRequest
from realtime_typed._generated.realtime.shared import RealtimeSessionConfig, TranscriptionSessionConfig
from realtime_typed._generated.translation import rest as translation
from realtime_typed._wire import WireModel
from realtime_typed.dialect import beta_client_to_ga
from realtime_typed.errors import ConnectionClosed

from .access import ClientSecret, HttpError, Keys, SecretKind
from .beta import DEFAULT_TEMPERATURE, beta_session
from .config import section
from .hub import Hub, TooManyCallsError
from .lines import Line
from .media import OfferError, OpenMedia
from .requests import RequestError, Wire, json_object, read_body

__all__ = ["DEFAULT_MODEL", "Gateway", "Handshake", "HttpAnswer", "HttpRequest", "Serve"]

DEFAULT_MODEL: Final = "gpt-realtime"
_SECRET_SECONDS: Final = 600
_BETA_SECRET_SECONDS: Final = 60
_DECLINE: Final = 603
_M = TypeVar("_M", bound=WireModel)

_logger = logging.getLogger("realtime_typed.local")

Serve: TypeAlias = Callable[[Line], Awaitable[None]]
"""Serves one accepted connection, until it ends."""


@dataclass(frozen=True, slots=True)
class Handshake:
    """What a WebSocket client asks for.

    Attributes:
        query: The query parameters.
        key: The key that it shows.
        beta: Whether it asks for the beta dialect, by header or by subprotocol.
    """

    query: Mapping[str, str]
    key: str | None
    beta: bool


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """An HTTP request.

    Attributes:
        key: The key that it shows.
        query: The query parameters.
        content_type: The body's type, with its parameters.
        body: The body.
        call_id: The `{call_id}` of the path, `""` where it has none.
    """

    key: str | None
    content_type: str
    body: bytes
    call_id: str = ""
    query: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An HTTP response: JSON, or the text of an SDP answer.

    Attributes:
        body: The body; `None` for an empty one.
        status: The status. Default 200.
        headers: Headers beside those of the body.
    """

    body: Wire | str | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


class Gateway:
    """The endpoints of one server.

    Args:
        hub: The server's sessions and calls.
        keys: Who is let in.
        open_media: Answers the SDP offer of a WebRTC call.
        answer_sdp: Does so without media, in its place; `None` for media.
        max_sessions: How many WebSocket connections there may be at once.
    """

    def __init__(
        self,
        hub: Hub,
        keys: Keys,
        open_media: OpenMedia,
        answer_sdp: Callable[[str], str] | None,
        max_sessions: int,
    ) -> None:
        self._max_sessions = max_sessions
        self._connected = 0
        self._open_media = open_media
        self._hub = hub
        self._keys = keys
        self._answer_sdp = answer_sdp

    # --- WebSocket -------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def seat(self) -> Generator[None]:
        """Hold one of the places for WebSocket connections, from before a handshake is accepted until the end.

        Raises:
            HttpError: 429; all are taken.
        """
        if self._connected >= self._max_sessions:
            raise HttpError(429, "Too many sessions are open; close one.", "rate_limit_exceeded")
        self._connected += 1
        try:
            yield
        finally:
            self._connected -= 1

    def realtime(self, handshake: Handshake) -> Serve:
        """`/v1/realtime`: a new session by `model`, `intent=transcription` or client secret, or a call's by `call_id`.

        Raises:
            HttpError: 400, 401, 403 or 404, or what a fault says.
        """
        self._hub.faults.admit()
        secret = self._secret(handshake.key, "realtime")
        query, hub = handshake.query, self._hub
        model, call_id, intent = query.get("model"), query.get("call_id"), query.get("intent")
        if call_id:
            return self._sideband(call_id, model, secret, handshake.beta)
        initial = secret.session if secret is not None else None
        if intent == "transcription":
            initial = initial or {"type": "transcription"}
        elif intent and intent not in ("realtime", "conversation"):
            message = f"Invalid value: '{intent[:80]}'. Supported values are: 'transcription'."
            raise HttpError(400, message, "invalid_value", "intent")
        transcribes = initial is not None and initial["type"] == "transcription"
        if transcribes and model and secret is None:
            return hub.refuse(
                RequestError("invalid_model", "You must not provide a model parameter for transcription sessions.")
            )
        found = "" if transcribes else model or (str(initial["model"]) if initial is not None else "")
        if not found and not transcribes:
            raise HttpError(400, "You must provide a model parameter.", "missing_model", "model")
        return lambda peer: hub.serve_realtime(peer, found, initial, beta=handshake.beta)

    def translations(self, handshake: Handshake) -> Serve:
        """`/v1/realtime/translations`: a new translation session by `model` or client secret.

        Raises:
            HttpError: 400, 401 or 403, or what a fault says.
        """
        self._hub.faults.admit()
        secret = self._secret(handshake.key, "translation")
        initial = secret.session if secret is not None else None
        model = handshake.query.get("model") or (str(initial["model"]) if initial is not None else "")
        if not model:
            raise HttpError(400, "You must provide a model parameter.", "missing_model", "model")
        return lambda peer: self._hub.serve_translation(peer, model, initial)

    def _sideband(self, call_id: str, model: str | None, secret: ClientSecret | None, beta: bool) -> Serve:
        if secret is not None:
            raise HttpError(403, "A client secret cannot attach to a call; use an API key.", "insufficient_permissions")
        if model:
            message = "The parameters 'model' and 'call_id' exclude each other: a call has its model already."
            raise HttpError(400, message, "invalid_value", "call_id")
        call = self._hub.calls.find(call_id, "active", "incoming")
        session = call.session
        if session is None:
            raise HttpError(404, "The call was not accepted yet.", "call_id_not_found", "call_id")
        return lambda peer: self._hub.join(peer, session, beta=beta)

    def _secret(self, key: str | None, kind: SecretKind) -> ClientSecret | None:
        secret = self._keys.check(key)
        if secret is not None and secret.kind != kind:
            message = f"This client secret opens {secret.kind} sessions only."
            raise HttpError(403, message, "insufficient_permissions")
        return secret

    # --- client secrets --------------------------------------------------------------------------------------------

    def client_secret(self, request: HttpRequest) -> HttpAnswer:
        """`POST /v1/realtime/client_secrets`."""
        self._keys.require_api_key(request.key)
        asked = _body(request.body or b"{}", ClientSecretRequest)
        initial: Wire = {"type": "realtime"} if asked.session is None else asked.session.to_wire()
        seconds = asked.expires_after.seconds if asked.expires_after is not None else None
        config = self._preview(initial)
        secret = self._keys.mint("realtime", _SECRET_SECONDS if seconds is None else seconds, initial)
        return HttpAnswer({"value": secret.value, "expires_at": secret.expires_at, "session": config})

    def translation_secret(self, request: HttpRequest) -> HttpAnswer:
        """`POST /v1/realtime/translations/client_secrets`."""
        self._keys.require_api_key(request.key)
        asked = _body(request.body, translation.ClientSecretRequest)
        initial = asked.session.to_wire()
        seconds = asked.expires_after.seconds if asked.expires_after is not None else None
        secret = self._keys.mint("translation", _SECRET_SECONDS if seconds is None else seconds, initial)
        config = self._hub.preview_translation(asked.session.model, initial) | {"expires_at": secret.expires_at}
        return HttpAnswer({"value": secret.value, "expires_at": secret.expires_at, "session": config})

    def beta_session(self, request: HttpRequest) -> HttpAnswer:
        """`POST /v1/realtime/sessions`, which a server that speaks beta has."""
        return self._beta_secret(request, "sessions", "session.update")

    def beta_transcription_session(self, request: HttpRequest) -> HttpAnswer:
        """`POST /v1/realtime/transcription_sessions`, which a server that speaks beta has."""
        return self._beta_secret(request, "transcription_sessions", "transcription_session.update")

    def _beta_secret(self, request: HttpRequest, path: str, event_name: str) -> HttpAnswer:
        if not self._hub.speaks_beta:
            raise HttpError(404, f"Invalid URL (POST /v1/realtime/{path})", "unknown_url")
        self._keys.require_api_key(request.key)
        try:
            flat = json_object(request.body or b"{}")
            event = beta_client_to_ga({"type": event_name, "session": flat})
            wanted = dict(section(event, "session"))
            temperature = wanted.pop("temperature", DEFAULT_TEMPERATURE)
            model = RealtimeSessionConfig if wanted["type"] == "realtime" else TranscriptionSessionConfig
            initial = read_body(to_json(wanted), model).to_wire()
        except RequestError as error:
            raise HttpError.of(error) from None
        config = self._preview(initial)
        secret = self._keys.mint("realtime", _BETA_SECRET_SECONDS, initial)
        key: Wire = {"value": secret.value, "expires_at": secret.expires_at}
        return HttpAnswer(beta_session(config, temperature) | {"client_secret": key})

    def _preview(self, initial: Wire) -> Wire:
        if initial["type"] == "realtime" and initial.get("model") is None:
            initial["model"] = DEFAULT_MODEL
        try:
            # No session runs yet, so none will end: recordings show 0.
            return self._hub.preview(str(initial.get("model", "")), initial) | {"expires_at": 0}
        except RequestError as error:
            raise HttpError.of(error) from None

    # --- calls -----------------------------------------------------------------------------------------------------

    async def create_call(self, request: HttpRequest) -> HttpAnswer:
        """`POST /v1/realtime/calls`: an SDP offer, raw or in a form with the session."""
        self._hub.faults.admit()
        secret = self._secret(request.key, "realtime")
        if request.content_type.lower().startswith("multipart/form-data"):
            sdp, session = _form(request)
        else:
            sdp, session = _raw_sdp(request, "'multipart/form-data' or 'application/sdp'"), None
        initial: Wire = {"type": "realtime"}
        if secret is not None:
            initial = secret.session
        elif session is not None:
            initial = _body(session, RealtimeSessionConfig).to_wire()
        model = request.query.get("model")
        if model and initial["type"] == "realtime" and initial.get("model") is None:
            initial = initial | {"model": model}
        return await self._call(sdp, initial, beta=False)

    async def create_beta_call(self, request: HttpRequest) -> HttpAnswer:
        """`POST /v1/realtime?model=`, which a server that speaks beta has: an SDP offer, raw."""
        if not self._hub.speaks_beta:
            raise HttpError(404, "Invalid URL (POST /v1/realtime)", "unknown_url")
        self._hub.faults.admit()
        secret = self._secret(request.key, "realtime")
        sdp = _raw_sdp(request, "'application/sdp'")
        initial: Wire = {"type": "realtime"} if secret is None else dict(secret.session)
        model = request.query.get("model") or initial.get("model")
        if not model and initial["type"] == "realtime":
            raise HttpError(400, "You must provide a model parameter.", "missing_model", "model")
        if initial["type"] == "realtime":
            initial["model"] = model
        return await self._call(sdp, initial, beta=True)

    async def _call(self, sdp: str, initial: Wire, *, beta: bool) -> HttpAnswer:
        if not sdp.strip():
            raise HttpError(400, "Missing required parameter: 'sdp'.", "missing_required_parameter", "sdp")
        self._preview(initial)
        model = str(initial.get("model", ""))
        if self._answer_sdp is not None:
            try:
                answer = self._answer_sdp(sdp)
            except Exception as error:  # user code
                _logger.exception("answer_sdp failed")
                raise HttpError(500, "The server had an error while processing your request.", None) from error
            call = self._hub.calls.add()
            self._hub.begin_call(call, model, initial)
        else:
            try:
                call, answer = await self._hub.answer_call(self._open_media, sdp, model, initial, beta=beta)
            except OfferError as error:
                raise HttpError(400, str(error), "invalid_offer", "sdp") from error
            except TooManyCallsError:
                raise HttpError(429, "Too many calls are running; hang one up.", "rate_limit_exceeded") from None
            except ConnectionClosed:
                raise HttpError(503, "The server is shutting down.", None) from None
        return HttpAnswer(answer, 201, {"Location": f"/v1/realtime/calls/{call.id}"})

    def accept(self, request: HttpRequest) -> HttpAnswer:
        """`POST /v1/realtime/calls/{call_id}/accept`."""
        self._keys.require_api_key(request.key)
        call = self._hub.calls.find(request.call_id, "incoming")
        initial = _body(request.body, RealtimeSessionConfig).to_wire()
        try:
            self._preview(initial)
        except HttpError as error:
            # The body is the session: its fields have no prefix.
            param = None if error.param is None else error.param.removeprefix("session.")
            message = error.message.replace("'session.", "'")
            raise HttpError(error.status, message, error.code, param) from None
        self._hub.begin_call(call, str(initial["model"]), initial)
        return HttpAnswer()

    def reject(self, request: HttpRequest) -> HttpAnswer:
        """`POST /v1/realtime/calls/{call_id}/reject`."""
        self._keys.require_api_key(request.key)
        call = self._hub.calls.find(request.call_id, "incoming")
        status = _body(request.body or b"{}", CallRejectRequest).status_code
        call.reject(_DECLINE if status is None else status)
        return HttpAnswer()

    def refer(self, request: HttpRequest) -> HttpAnswer:
        """`POST /v1/realtime/calls/{call_id}/refer`."""
        self._keys.require_api_key(request.key)
        call = self._hub.calls.find(request.call_id, "active")
        call.refer(_body(request.body, CallReferRequest).target_uri)
        return HttpAnswer()

    def hang_up(self, request: HttpRequest) -> HttpAnswer:
        """`POST /v1/realtime/calls/{call_id}/hangup`."""
        self._keys.require_api_key(request.key)
        self._hub.calls.find(request.call_id, "active", "incoming").hang_up()
        return HttpAnswer()


def _body(body: str | bytes, model: type[_M]) -> _M:
    try:
        return read_body(body, model)
    except RequestError as error:
        raise HttpError.of(error) from None


def _raw_sdp(request: HttpRequest, accepted: str) -> str:
    if request.content_type.partition(";")[0].strip().lower() != "application/sdp":
        raise HttpError(400, f"Unsupported content type. Use {accepted}.", "unsupported_content_type")
    return request.body.decode("utf-8", "replace")


def _form(request: HttpRequest) -> tuple[str, bytes | None]:
    head = f"Content-Type: {request.content_type}\r\nMIME-Version: 1.0\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + request.body)
    parts: dict[str, bytes] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            parts[name] = content
    return parts.get("sdp", b"").decode("utf-8", "replace"), parts.get("session")
