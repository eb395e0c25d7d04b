"""The exception tree and how its messages read."""

import pytest

from realtime_typed.errors import (
    AuthenticationError,
    ConnectError,
    ConnectionClosed,
    ConversationError,
    EphemeralKeyError,
    EventValidationError,
    FieldError,
    InvalidResponseError,
    MessageTooLargeError,
    ProtocolError,
    RateLimitError,
    RealtimeError,
    RestError,
    ServerError,
    ToolError,
    TransportError,
    WebhookVerificationError,
    shorten,
)


@pytest.mark.parametrize(
    ("child", "parent"),
    [
        (TransportError, RealtimeError),
        (ConnectError, TransportError),
        (EphemeralKeyError, ConnectError),
        (MessageTooLargeError, TransportError),
        (ConnectionClosed, TransportError),
        (ProtocolError, RealtimeError),
        (EventValidationError, ProtocolError),
        (ServerError, RealtimeError),
        (RestError, RealtimeError),
        (AuthenticationError, RestError),
        (RateLimitError, RestError),
        (InvalidResponseError, RestError),
        (WebhookVerificationError, RealtimeError),
        (ToolError, RealtimeError),
        (ConversationError, RealtimeError),
        (RealtimeError, Exception),
    ],
)
def test_the_tree_is_the_one_that_the_module_draws(child: type[Exception], parent: type[Exception]) -> None:
    assert child.__bases__ == (parent,)


def test_a_message_that_is_too_large_names_both_sizes() -> None:
    error = MessageTooLargeError(300_000, 65_536)
    assert (error.size, error.limit) == (300_000, 65_536)
    assert "300000 bytes" in str(error)
    assert "65536 bytes" in str(error)


def test_text_that_fits_is_not_cut() -> None:
    assert shorten("abc", 3) == "abc"


def test_text_that_is_cut_says_how_much_is_missing() -> None:
    assert shorten("abcdef", 2) == "ab… (4 more characters)"


def test_a_refused_handshake_keeps_status_and_the_beginning_of_the_body() -> None:
    error = ConnectError("refused", status=401, body="x" * 1000)
    assert (str(error), error.status) == ("refused", 401)
    assert error.body is not None
    assert error.body.startswith("x" * 200)
    assert len(error.body) < 250


def test_a_handshake_without_an_answer_has_neither_status_nor_body() -> None:
    error = ConnectError("no route")
    assert error.status is None
    assert error.body is None


def test_a_close_says_its_code_and_reason() -> None:
    error = ConnectionClosed(1001, "going away")
    assert str(error) == "connection closed: code 1001, reason 'going away'"
    assert (error.code, error.reason, error.clean) == (1001, "going away", False)


def test_a_close_without_reason_says_its_code_alone() -> None:
    assert str(ConnectionClosed(1000, clean=True)) == "connection closed: code 1000"


@pytest.mark.parametrize("raw", ["x" * 10_000, b"x" * 10_000])
def test_a_protocol_error_shows_the_beginning_of_the_frame_only(raw: str | bytes) -> None:
    error = ProtocolError("no JSON", raw=raw)
    assert error.raw.startswith("x" * 200 + "…")
    assert len(error.raw) < 250
    assert len(str(error)) < 300


def test_bytes_that_were_cut_say_how_long_the_frame_is() -> None:
    assert ProtocolError("no JSON", raw=b"x" * 10_000).raw.endswith("… (10000 bytes in all)")


def test_bytes_that_are_no_text_can_still_be_shown() -> None:
    assert ProtocolError("no JSON", raw=b"\xff{").raw == "\ufffd{"


def test_a_field_error_names_path_expectation_and_value() -> None:
    field = FieldError(("response", "output", 0, "status"), "7", "Input should be a valid string")
    assert str(field) == "response.output.0.status: Input should be a valid string, got 7"


def test_a_field_error_of_the_event_itself_says_so() -> None:
    assert str(FieldError((), "7", "Input should be an object")).startswith("(event): ")


def test_a_path_with_a_huge_key_is_cut_in_the_message() -> None:
    assert len(str(FieldError(("k" * 100_000,), "7", "wrong"))) < 300


def test_a_validation_error_names_the_type_and_every_field() -> None:
    fields = [FieldError(("a",), "1", "wrong"), FieldError(("b",), "2", "wrong")]
    error = EventValidationError("response.done", fields, raw="{}")
    assert error.event_type == "response.done"
    assert error.errors == tuple(fields)
    assert str(error) == "response.done does not fit its schema (a: wrong, got 1; b: wrong, got 2): '{}'"


def test_a_validation_error_with_many_fields_shows_five_and_keeps_all() -> None:
    error = EventValidationError("x", [FieldError((str(n),), "1", "wrong") for n in range(8)], raw="{}")
    assert len(error.errors) == 8
    assert "; and 3 more" in str(error)


def test_a_server_error_carries_what_the_service_said() -> None:
    error = ServerError(
        "bad value", type="invalid_request_error", code="invalid_value", param="session.x", event_id="e1"
    )
    assert str(error) == "invalid_value: bad value (param session.x)"
    assert (error.type, error.code, error.message, error.param, error.event_id) == (
        "invalid_request_error",
        "invalid_value",
        "bad value",
        "session.x",
        "e1",
    )


@pytest.mark.parametrize(("kind", "shown"), [("server_error", "server_error: m"), ("", "error: m")])
def test_a_server_error_without_code_shows_its_type(kind: str, shown: str) -> None:
    assert str(ServerError("m", type=kind)) == shown


def test_tool_and_conversation_errors_name_their_object() -> None:
    tool, item = ToolError("weather", "unknown"), ConversationError("item_1", "unknown")
    assert (tool.tool_name, str(tool)) == ("weather", "tool 'weather': unknown")
    assert (item.item_id, str(item)) == ("item_1", "item 'item_1': unknown")


def test_a_failed_request_keeps_what_the_service_said_and_the_beginning_of_the_body() -> None:
    error = RestError(
        "no", status=400, code="invalid_value", type="t", param="session", request_id="req_1", body="x" * 999
    )
    assert (str(error), error.status, error.code, error.type) == ("no", 400, "invalid_value", "t")
    assert (error.param, error.request_id) == ("session", "req_1")
    assert error.body is not None
    assert len(error.body) < 250


def test_a_request_without_an_answer_has_no_status() -> None:
    error = RestError("no route")
    assert (error.status, error.code, error.type, error.request_id, error.body) == (None, None, "", None, None)


def test_a_refused_webhook_says_why() -> None:
    error = WebhookVerificationError("it came before", reason="replayed")
    assert (str(error), error.reason) == ("it came before", "replayed")
