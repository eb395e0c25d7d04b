"""Every exception this package raises on purpose.

::

    RealtimeError
    ├── TransportError
    │   ├── ConnectError          the handshake failed: .status, .body
    │   │   └── EphemeralKeyError a short-lived key could not be fetched: .reason, .status, .body
    │   ├── ConnectionClosed      .code, .reason, .clean
    │   ├── MessageTooLargeError  an event over what the connection carries, not sent: .size, .limit
    │   └── SendQueueFullError    an event that finds no room among those that wait, not sent: .size, .queued, .limit
    ├── ProtocolError             a frame that is no JSON object or has no type: .raw (cut short)
    │   └── EventValidationError  a known event with the wrong shape: .event_type, .errors
    ├── ServerError               the `error` event: .type, .code, .param, .event_id of the cause
    ├── RestError                 a request over HTTP failed: .status, .code, .message, .param, .request_id, .body
    │   ├── AuthenticationError   401 or 403: the key is wrong, has expired, or may not do this
    │   ├── RateLimitError        429, and waiting did not help: .retry_after
    │   └── InvalidResponseError  the answer cannot be read: HTML instead of JSON, too long, …
    ├── WebhookVerificationError  a webhook that is not genuine, or not new: .reason
    ├── ResponseFailed            a response did not complete: .status, .code, .reason, .status_details, .response_id
    ├── ResponseActiveError       a response was not asked for, because one is active: .response_id
    ├── ToolError                 a tool's arguments or its function failed
    └── ConversationError         unknown item, truncation past the end: .item_id

Waiting too long raises the built-in `TimeoutError`; a wrong argument raises `ValueError` or `TypeError`.
No message, body or beginning of a frame that an exception shows holds what has the form of a key. This module imports
nothing of the package but what knows that form, so that every other module may import it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ._redact import beginning, hide_keys, shorten

__all__ = [
    "AuthenticationError",
    "ConnectError",
    "ConnectionClosed",
    "ConversationError",
    "EphemeralKeyError",
    "EphemeralKeyFailure",
    "EventValidationError",
    "FieldError",
    "InvalidResponseError",
    "MessageTooLargeError",
    "ProtocolError",
    "RateLimitError",
    "RealtimeError",
    "ResponseActiveError",
    "ResponseFailed",
    "RestError",
    "SendQueueFullError",
    "ServerError",
    "ToolError",
    "TransportError",
    "WebhookVerificationError",
    "shorten",
]


class RealtimeError(Exception):
    """The base of every exception in this package."""

    def __init__(self, *args: object) -> None:
        # What the service says is part of many messages, and services repeat the key that they refuse.
        super().__init__(*(hide_keys(arg) if isinstance(arg, str) else arg for arg in args))


class TransportError(RealtimeError):
    """The connection could not be made, or was lost."""


class ConnectError(TransportError):
    """The connection could not be established.

    Attributes:
        status: The HTTP status of the refused handshake, `None` when no HTTP answer came.
        body: The beginning of the answer's body, `None` when there was none.
        retry_after: For how many seconds the service wants to be left alone, `None` when it did not say.
    """

    retry_after: float | None = None

    def __init__(self, message: str, *, status: int | None = None, body: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body: str | None = None if body is None else beginning(body)


EphemeralKeyFailure: TypeAlias = Literal[
    "unreachable", "timeout", "redirect", "status", "too_long", "not_json", "missing", "empty", "malformed"
]
"""Why there is no short-lived key; see `EphemeralKeyError.reason`."""


class EphemeralKeyError(ConnectError):
    """A short-lived key could not be fetched from `fetch_ephemeral_key_url`. Nothing of a key is in the error.

    Attributes:
        reason: `"unreachable"` (no answer came), `"timeout"` (none came in time), `"redirect"` (to another place, where
            the request's headers are not sent, or too often), `"status"` (it refused), `"too_long"` (the answer is no
            key but something long), `"not_json"` (it is no JSON object), `"missing"` (it has no `ephemeral_key`),
            `"empty"` (that is empty) or `"malformed"` (that is no text, or text that no key is).
        status: The HTTP status, `None` when no answer came.
        body: The beginning of a refusal's body without keys; always `None` for an answer of status 200 to 299, because
            that may hold the key under another name.
    """

    def __init__(
        self, message: str, *, reason: EphemeralKeyFailure, status: int | None = None, body: str | None = None
    ) -> None:
        super().__init__(message, status=status, body=body)
        self.reason: EphemeralKeyFailure = reason


class ConnectionClosed(TransportError):  # noqa: N818  # the name that DESIGN and the field (websockets) use
    """The connection is closed; nothing more can be sent or received.

    Attributes:
        code: The close code of RFC 6455; 1006 when the line was lost without a close frame.
        reason: The reason that the side which closed gave, possibly empty.
        clean: Whether both sides closed by agreement. 1001 is not a clean end: the service sends it
            when it ends a session at its time limit.
    """

    def __init__(self, code: int, reason: str = "", *, clean: bool = False) -> None:
        super().__init__(f"connection closed: code {code}" + (f", reason {shorten(reason)!r}" if reason else ""))
        self.code = code
        self.reason: str = hide_keys(reason)
        self.clean = clean


class MessageTooLargeError(TransportError):
    """An event is longer than what the two sides agreed that the connection carries. None of it was sent.

    Attributes:
        size: The event's length in bytes.
        limit: The longest that may be sent, in bytes.
    """

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"the event has {size} bytes, and this connection carries at most {limit} bytes a message")
        self.size = size
        self.limit = limit


class SendQueueFullError(TransportError):
    """So much waits to be sent that there is no room for another event. None of it was sent; see `SendQueue`.

    Attributes:
        size: The event's length in bytes.
        queued: How many bytes wait.
        limit: How many may wait.
    """

    def __init__(self, size: int, queued: int, limit: int) -> None:
        super().__init__(f"the event has {size} bytes, and {queued} of at most {limit} bytes wait to be sent already")
        self.size = size
        self.queued = queued
        self.limit = limit


class ProtocolError(RealtimeError):
    """A frame is not a JSON object with a string `type`.

    Attributes:
        raw: The beginning of the frame.
    """

    def __init__(self, message: str, *, raw: str | bytes) -> None:
        self.raw: str = beginning(raw)
        super().__init__(f"{message}: {self.raw!r}")


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field of an event that does not have the shape the schema states.

    Attributes:
        path: Where the field is, for instance `("response", "output", 0, "status")`.
        value: The value that came, written as JSON-like text and cut short.
        expected: What the schema asks for, in a sentence.
    """

    path: tuple[str | int, ...]
    value: str
    expected: str

    def __str__(self) -> str:
        return f"{shorten('.'.join(map(str, self.path))) or '(event)'}: {self.expected}, got {self.value}"


class EventValidationError(ProtocolError):
    """A known event has the wrong shape.

    Attributes:
        event_type: The event's type on the wire.
        errors: One entry a wrong field.
        raw: The beginning of the frame.
    """

    def __init__(self, event_type: str, errors: Sequence[FieldError], *, raw: str | bytes) -> None:
        self.event_type = event_type
        self.errors: tuple[FieldError, ...] = tuple(errors)
        detail = "; ".join(map(str, self.errors[:5]))
        if len(self.errors) > 5:
            detail += f"; and {len(self.errors) - 5} more"
        super().__init__(f"{event_type} does not fit its schema ({detail})", raw=raw)


class ServerError(RealtimeError):
    """The service answered with an `error` event. The session stays open.

    Attributes:
        type: The kind of error, for instance `invalid_request_error`.
        code: The error's code, `None` when the service gave none.
        message: The service's own words, without keys.
        param: The parameter that caused it, `None` when the service named none.
        event_id: The `event_id` of the client event that caused it, `None` when the service named none.
    """

    def __init__(
        self,
        message: str,
        *,
        type: str = "",  # noqa: A002  # the protocol's own name
        code: str | None = None,
        param: str | None = None,
        event_id: str | None = None,
    ) -> None:
        label = code or type or "error"
        super().__init__(f"{label}: {message}" + (f" (param {param})" if param else ""))
        self.type = type
        self.code = code
        self.message: str = hide_keys(message)
        self.param = param
        self.event_id = event_id


class ResponseFailed(RealtimeError):  # noqa: N818  # what the service calls it: a failed response is no error event
    """A response ended without having completed. The session stays open.

    Attributes:
        response_id: The response.
        status: `"failed"`, `"incomplete"` or `"cancelled"`.
        code: The error's code where it failed, for instance `rate_limit_exceeded`; `"timeout"` where the service did
            not go on with it for as long as the client's `response_timeout`; else `None`.
        reason: Why it is incomplete or cancelled: `max_output_tokens`, `content_filter`, `turn_detected` or
            `client_cancelled`; else `None`.
        message: The service's own words, possibly empty.
        status_details: All that the service said of it, as JSON; `None` when that is nothing.
    """

    def __init__(
        self,
        response_id: str,
        status: str,
        *,
        code: str | None = None,
        reason: str | None = None,
        message: str = "",
        status_details: Mapping[str, object] | None = None,
    ) -> None:
        why = code or reason
        text = f"response {response_id!r}: {status}" + (f" ({why})" if why else "")
        super().__init__(text + (f": {message}" if message else ""))
        self.response_id = response_id
        self.status = status
        self.code = code
        self.reason = reason
        self.message: str = hide_keys(message)
        self.status_details: Mapping[str, object] | None = status_details


class ResponseActiveError(RealtimeError):
    """A response was not asked for, because another one is active in the conversation; see `create_response`.

    Attributes:
        response_id: The one that is active; `None` when it is still being asked for.
    """

    def __init__(self, response_id: str | None) -> None:
        what = "a response is being asked for" if response_id is None else f"response {response_id!r} is active"
        super().__init__(f"{what}; wait for its end, or cancel it")
        self.response_id = response_id


class RestError(RealtimeError):
    """A request over HTTP failed.

    Attributes:
        status: The HTTP status, `None` when no answer came.
        code: The error's code, for instance `invalid_value`, `None` when the service gave none.
        type: The kind of error, for instance `invalid_request_error`, empty when the service gave none.
        message: The service's own words without keys, `None` when it gave none.
        param: The parameter that caused it, `None` when the service named none.
        request_id: The service's id of the request, for its support; `None` when it gave none.
        body: The beginning of the answer's body without keys, `None` when no answer came.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        type: str = "",  # noqa: A002  # the protocol's own name
        told: str | None = None,
        param: str | None = None,
        request_id: str | None = None,
        body: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message: str | None = None if told is None else hide_keys(told)
        self.status = status
        self.code = code
        self.type = type
        self.param = param
        self.request_id = request_id
        self.body: str | None = None if body is None else beginning(body)


class AuthenticationError(RestError):
    """The service answered 401 or 403: the key is wrong, has expired, or may not do what was asked."""


class RateLimitError(RestError):
    """The service answered 429, and the attempts are used up or it asks for a longer wait than is allowed.

    Attributes:
        retry_after: For how many seconds the service wants to be left alone, `None` when it did not say.
    """

    retry_after: float | None = None


class InvalidResponseError(RestError):
    """An answer came, but it is not what the endpoint answers: HTML, no JSON, another shape, or too long."""


class WebhookVerificationError(RealtimeError):
    """A webhook is not genuine, not new, or cannot be read; do not act on it.

    Attributes:
        reason: `"signature"` (wrong secret, or changed on the way), `"timestamp"` (too old, or from the future),
            `"replayed"` (it came before), `"headers"` (they are missing or malformed) or `"body"` (signed, but not the
            event that was expected).
    """

    def __init__(
        self, message: str, *, reason: Literal["signature", "timestamp", "replayed", "headers", "body"]
    ) -> None:
        super().__init__(message)
        self.reason: Literal["signature", "timestamp", "replayed", "headers", "body"] = reason


class ToolError(RealtimeError):
    """A tool could not be run: unknown name, arguments that are no JSON object, or a function that failed.

    Attributes:
        tool_name: The tool's name.
    """

    def __init__(self, tool_name: str, message: str) -> None:
        super().__init__(f"tool {tool_name!r}: {message}")
        self.tool_name = tool_name


class ConversationError(RealtimeError):
    """An item is unknown, or does not allow what was asked of it.

    Attributes:
        item_id: The item's id.
    """

    def __init__(self, item_id: str, message: str) -> None:
        super().__init__(f"item {item_id!r}: {message}")
        self.item_id = item_id
