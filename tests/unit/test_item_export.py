"""What a conversation gives to another session."""

import json

import pytest

from realtime_typed.codec import Codec
from realtime_typed.conversation import Conversation

Frame = dict[str, object]
CODEC = Codec("off")


def message(item_id: str, role: str, *content: Frame) -> Frame:
    return {"id": item_id, "type": "message", "status": "completed", "role": role, "content": list(content)}


def call(item_id: str, call_id: str, status: str = "completed") -> Frame:
    fields: Frame = {"id": item_id, "type": "function_call", "status": status, "name": "add", "call_id": call_id}
    return fields | {"arguments": '{"a": 1}'}


def holding(*items: Frame) -> Conversation:
    conversation = Conversation()
    for item in items:
        conversation.apply(CODEC.decode(json.dumps({"type": "conversation.item.done", "item": item})))
    return conversation


def exported(*items: Frame) -> list[Frame]:
    wires = [item.to_wire() for item in holding(*items).export()]
    assert json.loads(json.dumps(wires)) == wires
    return wires


def test_audio_becomes_text_and_text_stays() -> None:
    user = message("u1", "user", {"type": "input_audio", "transcript": "Hi"}, {"type": "input_text", "text": "there"})
    spoken = message("a1", "assistant", {"type": "output_audio", "transcript": "Hello"})
    system = message("s1", "system", {"type": "input_text", "text": "Be kind."})
    contents = [wire["content"] for wire in exported(user, spoken, system)]
    assert contents == [
        [{"type": "input_text", "text": "Hi"}, {"type": "input_text", "text": "there"}],
        [{"type": "output_text", "text": "Hello"}],
        [{"type": "input_text", "text": "Be kind."}],
    ]


def test_images_go_along() -> None:
    image: Frame = {"type": "input_image", "image_url": "data:image/png;base64,AA==", "detail": "low"}
    (wire,) = exported(message("u1", "user", image))
    assert wire["content"] == [image]


def test_a_message_of_which_nothing_is_left_is_left_out() -> None:
    silent = message("u1", "user", {"type": "input_audio", "transcript": None})
    assert exported(silent, message("a1", "assistant"), message("a2", "nobody", {"type": "x", "text": "Hi"})) == []


def test_calls_go_with_their_outputs_when_they_are_complete() -> None:
    def output(item_id: str, call_id: str) -> Frame:
        return {"id": item_id, "type": "function_call_output", "call_id": call_id, "output": "2"}

    wires = exported(call("f1", "c1"), output("o1", "c1"), call("f2", "c2", "incomplete"), output("o2", "c2"))
    assert [wire["id"] for wire in wires] == ["f1", "o1"]
    assert wires[0] == {
        "id": "f1",
        "type": "function_call",
        "call_id": "c1",
        "name": "add",
        "arguments": '{"a": 1}',
    }


@pytest.mark.parametrize("wrong", [[], {}, [None], 5, None])
def test_a_call_whose_id_is_no_text_is_left_out_with_its_output(wrong: object) -> None:
    output: Frame = {"id": "o1", "type": "function_call_output", "call_id": wrong, "output": "2"}
    said = message("a1", "assistant", {"type": "output_text", "text": "Hi"})
    assert [wire["id"] for wire in exported(call("f1", "c1") | {"call_id": wrong}, output, said)] == ["a1"]


def test_what_only_the_service_makes_is_left_out() -> None:
    assert exported({"id": "m1", "type": "mcp_list_tools", "server_label": "docs", "tools": []}) == []


def test_what_is_exported_does_not_change_with_the_conversation() -> None:
    conversation = holding(message("a1", "assistant", {"type": "output_text", "text": "Hi"}))
    (before,) = conversation.export()
    changed = message("a1", "assistant", {"type": "output_text", "text": "Changed"})
    conversation.apply(CODEC.decode(json.dumps({"type": "conversation.item.done", "item": changed})))
    assert before.formatted.text == "Hi"
