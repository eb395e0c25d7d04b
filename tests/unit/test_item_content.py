"""Changing one item: content, fields and the readable form stay together, and the source item is left alone."""

import json

import numpy as np
import pytest

from realtime_typed import _item_content as content
from realtime_typed._formatted import Formatted
from realtime_typed._generated.realtime.shared import (
    AssistantMessageItem,
    FunctionCallItem,
    FunctionCallOutputItem,
    InputAudioPart,
    OutputAudioPart,
    OutputTextPart,
    UserMessageItem,
)
from realtime_typed._generated.realtime.types import ConversationItemAdded
from realtime_typed._wire import ItemModel
from realtime_typed.audio import decode_audio, encode_audio, encode_base64, pcm16_bytes
from realtime_typed.codec import Codec


def lenient(**fields: object) -> ItemModel:
    """An item out of a frame that does not fit its schema."""
    item: dict[str, object] = {"id": "a1", "type": "message", "role": "assistant", **fields}
    frame = {"type": "conversation.item.added", "event_id": "e", "previous_item_id": None, "item": item}
    event = Codec("off").decode(json.dumps(frame))
    assert isinstance(event, ConversationItemAdded)
    return event.item


def assistant(*parts: OutputTextPart | OutputAudioPart) -> AssistantMessageItem:
    return AssistantMessageItem(id="a1", content=list(parts))


def call(arguments: str = "") -> FunctionCallItem:
    return FunctionCallItem(id="f1", name="add", call_id="c1", arguments=arguments)


# --- Copies ------------------------------------------------------------------------------------------------------


def test_an_adopted_item_shares_nothing_that_grows() -> None:
    item = assistant(OutputTextPart(text="Hi"))
    assert item.formatted.text == "Hi"
    copy = content.adopt(item)
    content.add_text(copy, 0, "text", " there")
    content.add_text(copy, 1, "transcript", "more")
    copy.formatted.append_audio(np.ones(3, dtype=np.int16))
    assert (copy.formatted.text, copy.formatted.transcript) == ("Hi there", "more")
    assert (item.formatted.text, item.formatted.transcript, item.formatted.audio_samples) == ("Hi", "", 0)
    assert item.to_wire()["content"] == [{"type": "output_text", "text": "Hi"}]


def test_content_that_stayed_a_dict_is_copied_too() -> None:
    item = lenient(content=[{"type": "text", "text": "Hi"}, 7])
    copy = content.adopt(item)  # type: ignore[arg-type]  # `lenient` gives an item of whatever class
    content.add_text(copy, 0, "text", " there")
    assert item.to_wire()["content"] == [{"type": "text", "text": "Hi"}, 7]
    assert copy.to_wire()["content"] == [{"type": "text", "text": "Hi there"}, 7]
    assert copy.formatted.text == "Hi there"


# --- Text --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [None, 5, "text", {"text": "x"}])
def test_content_that_is_no_list_gives_way_to_one(wrong: object) -> None:
    item = lenient(content=wrong)
    assert content.content_parts(item) == []
    assert content.add_text(item, 0, "text", "Hi")
    assert item.formatted.text == content.part_text(item, 0, "text") == "Hi"


def test_a_part_that_is_no_object_gives_way_to_one_when_text_comes() -> None:
    item = lenient(content=["oops"])
    content.add_text(item, 0, "transcript", "Hi")
    content.refresh(item)
    assert item.formatted.transcript == "Hi"
    assert item.to_wire()["content"] == [{"type": "output_audio", "transcript": "Hi"}]


@pytest.mark.parametrize("wrong", [None, 5, ["x"]])
def test_text_that_is_no_text_counts_as_none(wrong: object) -> None:
    item = lenient(content=[{"type": "output_text", "text": wrong}])
    assert item.formatted.text == content.part_text(item, 0, "text") == ""
    content.add_text(item, 0, "text", "Hi")
    assert item.formatted.text == content.part_text(item, 0, "text") == "Hi"


def test_a_new_part_is_of_the_kind_that_the_role_and_the_field_ask_for() -> None:
    model = assistant()
    content.set_text(model, 0, "text", "a")
    content.set_text(model, 1, "transcript", "b")
    user = UserMessageItem(id="u1", content=[])
    content.set_text(user, 0, "transcript", "c")
    assert isinstance(model.content[0], OutputTextPart)
    assert isinstance(model.content[1], OutputAudioPart)
    assert isinstance(user.content[0], InputAudioPart)
    assert (model.formatted.text, model.formatted.transcript, user.formatted.transcript) == ("a", "b", "c")


def test_setting_text_says_whether_it_changed_anything() -> None:
    item = assistant(OutputTextPart(text="Hi"))
    assert not content.set_text(item, 0, "text", "Hi")
    assert content.set_text(item, 0, "text", "Ho")
    assert item.formatted.text == "Ho"


@pytest.mark.parametrize("index", [-1, 1024, 2**40])
def test_a_hostile_index_makes_no_parts(index: int) -> None:
    item = assistant()
    assert not content.add_text(item, index, "text", "Hi")
    assert not content.set_text(item, index, "text", "Hi")
    assert content.part_text(item, index, "text") == ""
    assert item.content == []


def test_an_item_that_is_no_message_takes_no_text() -> None:
    item = call()
    assert not content.add_text(item, 0, "text", "Hi")
    assert not content.set_text(item, 0, "transcript", "Hi")
    assert item.to_wire() == call().to_wire()


# --- Function calls ----------------------------------------------------------------------------------------------


def test_arguments_reach_the_field_and_the_tool() -> None:
    item = call()
    assert content.set_arguments(item, "{}")
    assert not content.set_arguments(item, "{}")
    assert item.arguments == "{}"
    assert item.formatted.tool is not None
    assert item.formatted.tool.arguments == "{}"


def test_a_name_and_a_call_id_are_taken_only_where_none_is_known() -> None:
    item = content.new_item("f1", "function_call", "")
    assert content.set_arguments(item, "", "add", "c1")
    assert not content.set_arguments(item, "", "other", "c2")
    assert not content.set_arguments(item, "", 5, None)
    tool = item.formatted.tool
    assert tool is not None
    assert (tool.name, tool.call_id) == ("add", "c1")


def test_a_message_takes_no_arguments() -> None:
    assert not content.set_arguments(assistant(), "{}")


def test_an_item_made_for_a_delta_is_in_progress_and_has_its_id() -> None:
    made = content.new_item("a1", "message", "")
    assert isinstance(made, AssistantMessageItem)
    assert (made.id, made.status, made.content) == ("a1", "in_progress", [])
    function = content.new_item("f1", "function_call", "c1")
    assert isinstance(function, FunctionCallItem)
    assert (function.id, function.call_id, function.arguments) == ("f1", "c1", "")


# --- Whole items -------------------------------------------------------------------------------------------------


def test_the_finished_form_overwrites_every_field_it_states() -> None:
    known = assistant(OutputTextPart(text="Helo"))
    known.formatted.append_audio(np.ones(3, dtype=np.int16))
    final = AssistantMessageItem(id="a1", status="completed", content=[OutputTextPart(text="Hello")])
    assert content.overwrite(known, final)
    assert known.to_wire() == final.to_wire()
    assert (known.formatted.text, known.formatted.audio_samples) == ("Hello", 3)
    assert not content.overwrite(known, final)
    known.content.clear()
    assert len(final.content) == 1


def test_a_finished_message_whose_content_is_no_list_has_none() -> None:
    known = assistant(OutputTextPart(text="Hi"))
    final = lenient(content="Hi")
    assert isinstance(final, AssistantMessageItem)
    content.overwrite(known, final)
    assert known.to_wire()["content"] == []
    assert known.formatted.text == ""


def test_base64_audio_is_taken_out_of_parts_of_any_kind() -> None:
    strange = {"type": "hum", "audio": "AAAA", "pitch": 3}
    item = lenient(content=[{"type": "output_audio", "audio": "AAAA", "transcript": "Hi"}, strange])
    content.drop_encoded_audio(item)
    assert item.to_wire()["content"] == [{"type": "output_audio", "transcript": "Hi"}, {"type": "hum", "pitch": 3}]


def test_a_finished_user_item_without_a_transcript_keeps_the_one_that_came() -> None:
    known = UserMessageItem(id="u1", content=[InputAudioPart(transcript="Hi")])
    content.overwrite(known, UserMessageItem(id="u1", content=[InputAudioPart(transcript=None)]))
    assert known.formatted.transcript == "Hi"
    content.overwrite(known, UserMessageItem(id="u1", content=[InputAudioPart(transcript="Ho")]))
    assert known.formatted.transcript == "Ho"


def test_an_announcement_fills_only_what_was_not_known() -> None:
    known = content.new_item("f1", "function_call", "")
    content.set_arguments(known, '{"a"')
    assert content.fill(known, call("{}")) == {"name", "call_id"}
    tool = known.formatted.tool
    assert tool is not None
    assert (tool.name, tool.call_id, tool.arguments) == ("add", "c1", '{"a"')
    assert not content.fill(known, call("{}"))


def test_fields_that_the_schema_does_not_know_are_taken_over() -> None:
    known = assistant()
    announced = AssistantMessageItem.model_validate({"id": "a1", "role": "assistant", "content": [], "phase": "first"})
    assert content.fill(known, announced) == {"phase"}
    assert not content.fill(known, announced)
    final = AssistantMessageItem.model_validate({"id": "a1", "role": "assistant", "content": [], "phase": "last"})
    assert content.overwrite(known, final)
    assert known.to_wire()["phase"] == "last"


def test_a_finished_output_replaces_the_readable_output() -> None:
    known = FunctionCallOutputItem(id="o1", call_id="c1", output="old")
    content.overwrite(known, FunctionCallOutputItem(id="o1", call_id="c1", output="new"))
    assert known.formatted.output == "new"


# --- Audio -------------------------------------------------------------------------------------------------------


def test_audio_in_several_parts_is_joined_and_what_cannot_be_read_is_left_out() -> None:
    sound = np.arange(5, dtype=np.int16)
    good = encode_base64(pcm16_bytes(sound))
    item = UserMessageItem(
        id="u1", content=[InputAudioPart(audio=good), InputAudioPart(audio="?"), InputAudioPart(audio=good)]
    )
    content.decode_item_audio(item, "audio/pcm")
    np.testing.assert_array_equal(item.formatted.audio, np.concatenate([sound, sound]))
    content.decode_item_audio(item, "audio/pcmu")
    data = decode_audio(pcm16_bytes(sound), "audio/pcmu")
    np.testing.assert_array_equal(item.formatted.audio, np.concatenate([data, data]))


@pytest.mark.parametrize("samples", [1, 8, 9])
def test_g711_audio_of_any_length_is_decoded(samples: int) -> None:
    wire = encode_audio(np.arange(samples, dtype=np.int16) * 1000, "audio/pcma")
    item = UserMessageItem(id="u1", content=[InputAudioPart(audio=encode_base64(wire))])
    content.decode_item_audio(item, "audio/pcma")
    np.testing.assert_array_equal(item.formatted.audio, decode_audio(wire, "audio/pcma"))


def test_what_is_no_base64_is_refused() -> None:
    for name in ("audio/pcm", "audio/pcmu"):
        with pytest.raises(ValueError):
            content.decode_base64_audio("?", name)


def test_the_readable_audio_joins_its_chunks_when_asked() -> None:
    formatted = Formatted()
    assert formatted.audio.shape == (0,)
    chunks = [np.arange(start, start + 3, dtype=np.int16) for start in (0, 3, 6)]
    for chunk in chunks:
        formatted.append_audio(chunk)
    formatted.append_audio(np.zeros(0, dtype=np.int16))
    assert formatted.audio_samples == 9
    np.testing.assert_array_equal(formatted.audio, np.arange(9))
    assert formatted.audio is formatted.audio
    formatted.set_audio(chunks[1])
    assert formatted.audio_samples == 3
    formatted.set_audio(np.zeros(0, dtype=np.int16))
    assert formatted.audio.shape == (0,)
    assert repr(Formatted("Hi")) == "Formatted(text='Hi', transcript='', audio=<0 samples>, tool=None, output=None)"
