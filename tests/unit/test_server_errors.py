"""What an `error` event says as an exception."""

import json

import pytest

from realtime_typed import ServerError
from realtime_typed._generated.realtime.sends import ANSWERS
from realtime_typed._server_errors import server_error, suspects
from realtime_typed.codec import Codec


def made(error: object) -> ServerError:
    return server_error(Codec().decode(json.dumps({"type": "error", "event_id": "event_1", "error": error})))


def test_an_exception_holds_what_the_event_said() -> None:
    details = {"type": "invalid_request_error", "code": "invalid_value", "message": "No.", "param": "session.voice"}
    error = made({**details, "event_id": "event_9"})
    assert (error.type, error.code, error.message, error.param) == tuple(details.values())
    assert error.event_id == "event_9"


@pytest.mark.parametrize("details", [None, "no", 3, [], {}, {"code": 5, "message": None, "event_id": ""}])
def test_an_event_of_the_wrong_shape_is_an_exception_all_the_same(details: object) -> None:
    error = made(details)
    assert (error.code, error.param, error.event_id) == (None, None, None)
    assert error.message


def test_suspects_are_requests_that_are_answered() -> None:
    for code in ("item_create_duplicate_item_id", "response_cancel_not_active", "input_audio_buffer_commit_empty"):
        kinds = suspects(code, None)
        assert kinds
        assert set(kinds) <= ANSWERS.keys()


def test_a_code_says_more_than_a_param() -> None:
    assert suspects("item_delete_invalid_item_id", "item_id") == ("conversation.item.delete",)
    assert suspects("invalid_value", "item_id") != suspects("item_delete_invalid_item_id", "item_id")
    assert suspects("invalid_value", None) is None
    assert suspects(None, None) is None
