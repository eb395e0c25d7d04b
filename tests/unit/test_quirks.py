"""Each quirk of `LocalServer`: what it sends, and that a client ends up with the items of the finished response."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Final, Literal, cast, get_args

import numpy as np
import pytest

from realtime_typed import Dialect, RealtimeClient
from realtime_typed._generated.realtime.params import FunctionToolParam
from realtime_typed._generated.realtime.shared import ConversationItem
from realtime_typed.local import (
    AudioReply,
    LocalServer,
    LocalSession,
    Quirk,
    Reply,
    ScriptedResponder,
    TextReply,
    ToolCall,
)
from realtime_typed.local.quirks import event_rewriter, wire_rewriter
from realtime_typed.transports._fragments import Fragments
from tests.contract.support import pin_to_loopback, raw, speech

pytestmark = pytest.mark.anyio

Wire = Mapping[str, object]
BOUND: Final = 10.0
QUIRKS: Final[tuple[Quirk, ...]] = get_args(Quirk)
# Fragments are of data channels, and only there does the client look for them.
OVER_MEMORY: Final = [quirk for quirk in QUIRKS if quirk != "fragment_envelopes"]
# One leaves out what others rewrite, one the event that all others are held against.
TOGETHER: Final = [quirk for quirk in OVER_MEMORY if quirk not in ("unannounced_items", "no_response_done")]
REPLIES: Final[dict[str, Reply]] = {
    "text": TextReply("The answer is a Text, in several Deltas."),
    "audio": AudioReply(np.arange(12_000, dtype=np.int16), "And this one is spoken."),
    "call": ToolCall("lookup", {"city": "Oslo", "days": 3}),
}


def named(quirks: Sequence[Quirk]) -> str:
    return "none" if not quirks else quirks[0] if len(quirks) == 1 else "together"


def dialect_of(*quirks: Quirk) -> Dialect:
    return "auto" if "voice_live" in quirks else "ga"


def final_items(session: LocalSession) -> dict[str, Wire]:
    """The items as `response.done` and `conversation.item.done` show them without a quirk, by id."""
    return {item.id: item.wire for item in session.history.items()}


def plain(value: object) -> object:
    """Numbers as numbers, however a quirk wrote them; nulls as absent."""
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        return {name: plain(inner) for name, inner in fields.items() if inner is not None}
    return [plain(inner) for inner in cast("list[object]", value)] if isinstance(value, list) else value


@pytest.mark.parametrize("kind", REPLIES)
@pytest.mark.parametrize("quirks", [[], *([quirk] for quirk in OVER_MEMORY), TOGETHER], ids=named)
async def test_the_items_are_those_of_the_finished_response_whatever_the_quirks(
    quirks: Sequence[Quirk], kind: str
) -> None:
    replies: list[Reply] = [REPLIES[kind], TextReply("Second.")]
    done: list[ConversationItem] = []
    async with asyncio.timeout(BOUND), LocalServer(responder=ScriptedResponder(replies), quirks=quirks) as server:
        client = RealtimeClient(transport=server.memory_transport, api_key="sk-x", dialect=dialect_of(*quirks))
        client.on("response.done", lambda event: done.extend(event.response.output or []))
        async with client:
            session = server.sessions[-1]
            modality: Literal["audio", "text"] = "audio" if kind == "audio" else "text"
            # A tool of the application's own: the client does not answer its calls.
            tool: FunctionToolParam = {"type": "function", "name": "lookup", "parameters": {"type": "object"}}
            await client.update_session(output_modalities=[modality], turn_detection=None, tools=[tool])
            await client.send(raw({"type": "conversation.item.create", "item": user("Hello.")}))
            async with client.events["conversation.item.completed"].expect(
                BOUND, predicate=lambda event: getattr(event.item, "role", None) != "user"
            ):
                await client.send({"type": "response.create"})
            await client.input_audio_buffer.clear()  # its answer comes after all that the response sent
        wanted = final_items(session)
        assert len(wanted) == 2
        items = {str(item.id): item for item in client.conversation.items}
        twins = {item_id for item_id in items if item_id.endswith("_twin")}
        assert [item_id for item_id in items if item_id not in twins] == list(wanted)
        assert bool(twins) == ("interleaved_responses" in quirks and kind != "call")
        assert {str(item.id) for item in done} | {"user_1"} == (
            {"user_1"} if "no_response_done" in quirks else {*items}
        )
        for item in done:
            assert plain(items[str(item.id)].to_wire()) == plain(item.to_wire())
        for item_id, wire in wanted.items():
            assert plain(items[item_id].to_wire()) == plain(wire)
        for item_id in twins:
            original = items[item_id.removesuffix("_twin")].formatted
            assert items[item_id].formatted.text == original.text.swapcase()
            assert items[item_id].formatted.transcript == original.transcript.swapcase()
            assert items[item_id].formatted.audio_samples == original.audio_samples
        if kind == "audio":
            spoken = next(item for item in items.values() if item.formatted.transcript)
            np.testing.assert_array_equal(spoken.formatted.audio, np.arange(12_000))
        assert client.conversation.issues.total() == 0


def user(text: str) -> dict[str, object]:
    return {"id": "user_1", "type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}


@pytest.mark.parametrize("quirk", OVER_MEMORY)
async def test_a_spoken_turn_has_its_audio_and_its_transcript_whatever_the_quirk(quirk: Quirk) -> None:
    async with asyncio.timeout(BOUND), LocalServer(quirks=[quirk], transcribe=lambda audio: "Good morning.") as server:
        client = RealtimeClient(transport=server.memory_transport, api_key="sk-x", dialect=dialect_of(quirk))
        async with client:
            await client.update_session(
                output_modalities=["text"],
                turn_detection={"type": "server_vad", "create_response": False},
                input_audio_transcription={"model": "whisper-1"},
            )
            transcribed: Final = "conversation.item.input_audio_transcription.completed"
            async with client.events[transcribed].expect(BOUND) as expected:
                await client.append_input_audio(
                    np.concatenate([np.zeros(12_000, np.int16), speech(), np.zeros(24_000, np.int16)])
                )
            item = client.conversation.require_item(expected.event.item_id)
            await client.input_audio_buffer.clear()
        assert item.formatted.transcript == "Good morning."
        stored = server.sessions[-1].history.get(str(item.id))
        assert stored is not None
        np.testing.assert_array_equal(item.formatted.audio, stored.audio[0].samples)


def rewritten(quirk: Quirk, *events: Wire) -> list[dict[str, object]]:
    rewrite = event_rewriter([quirk]) or wire_rewriter([quirk])
    assert rewrite is not None
    return [made for event in events for made in rewrite(dict(event))]


def item(text: str = "", status: str = "in_progress") -> dict[str, object]:
    content = [{"type": "output_text", "text": text}] if text else []
    return {"id": "a1", "type": "message", "status": status, "role": "assistant", "content": content}


ADDED: Final[dict[str, object]] = {"type": "response.output_item.added", "event_id": "e1", "response_id": "r1"}
DELTA: Final[dict[str, object]] = {"type": "response.output_text.delta", "event_id": "e2", "response_id": "r1"}
DONE: Final[dict[str, object]] = {"type": "response.output_item.done", "event_id": "e3", "response_id": "r1"}
WHOLE: Final = item("Hi", "completed")
RESPONSE: Final[dict[str, object]] = {"object": "realtime.response", "id": "r1", "status": "cancelled", "output": []}
ENDED: Final[dict[str, object]] = {"type": "response.done", "event_id": "e4", "response": {**RESPONSE, "usage": {}}}
ERROR: Final[dict[str, object]] = {"type": "error", "event_id": "e5", "error": {"code": "c", "event_id": "mine"}}
SPEECH: Final[dict[str, object]] = {"type": "input_audio_buffer.speech_started", "event_id": "e6", "item_id": "u1"}
CREATED: Final[dict[str, object]] = {"type": "session.created", "event_id": "e7", "session": {"voice": "alloy"}}


def test_items_may_go_unannounced() -> None:
    announced = {"type": "conversation.item.added", "item": item()}
    delta = DELTA | {"item_id": "a1", "delta": "Hi"}
    others = {"type": "conversation.item.added", "item": {"id": "u1", "type": "message", "role": "user"}}
    assert rewritten("unannounced_items", others, ADDED | {"item": item()}, announced, delta) == [others, delta]


def test_an_item_may_be_announced_with_what_it_will_hold() -> None:
    delta = DELTA | {"item_id": "a1", "delta": "Hi"}
    made = rewritten("announced_with_content", ADDED | {"item": item()}, delta, DONE | {"item": WHOLE})
    assert made == [ADDED | {"item": item("Hi")}, delta, DONE | {"item": WHOLE}]


def test_an_item_may_be_created_as_in_beta() -> None:
    added, done = {"type": "conversation.item.added", "item": WHOLE}, {"type": "conversation.item.done", "item": WHOLE}
    assert rewritten("beta_item_created", added, done) == [{"type": "conversation.item.created", "item": WHOLE}]


def test_a_response_may_have_a_twin_beside_it() -> None:
    delta = DELTA | {"item_id": "a1", "delta": "Hi"}
    made = rewritten("interleaved_responses", ADDED | {"item": item()}, delta)
    assert [event.get("response_id") for event in made] == ["r1", "r1_twin", "r1", "r1_twin"]
    assert made[3] == DELTA | {"event_id": "e2_twin", "response_id": "r1_twin", "item_id": "a1_twin", "delta": "hI"}


def test_a_response_may_have_no_end() -> None:
    assert rewritten("no_response_done", ENDED, ERROR) == [ERROR]


def test_events_may_be_invented() -> None:
    cancelled = {"type": "response.cancelled", "event_id": "e4_cancelled", "response_id": "r1"}
    assert rewritten("invented_events", ENDED, ERROR) == [cancelled, ENDED, ERROR]


def test_speech_may_start_and_stop_under_ids_of_its_own() -> None:
    stopped = SPEECH | {"type": "input_audio_buffer.speech_stopped"}
    made = rewritten("different_speech_ids", SPEECH, stopped)
    assert [event["item_id"] for event in made] == ["u1_started", "u1_stopped"]


def test_xai_pings_and_repeats_the_transcript_so_far() -> None:
    prefix = "conversation.item.input_audio_transcription"
    place: dict[str, object] = {"event_id": "e", "item_id": "u1", "content_index": 0}
    deltas = [{"type": f"{prefix}.delta", **place, "delta": text} for text in ("Good ", "morning.")]
    whole = {"type": f"{prefix}.completed", **place, "transcript": "Good morning."}
    made = rewritten("xai_events", {"type": "response.created", "event_id": "e"}, *deltas, whole)
    assert made[0]["type"] == "ping"
    updates = [event["transcript"] for event in made if event["type"] == f"{prefix}.updated"]
    assert updates == ["Good ", "Good morning.", "Good morning."]
    assert [event for event in made if event in (*deltas, whole)] == [*deltas, whole]


def test_xai_leaves_fields_out() -> None:
    part: Wire = {"type": "response.content_part.done", "output_index": 0, "part": {}, "item_id": "a1"}
    bare = {"type": "response.content_part.done", "item_id": "a1"}
    assert rewritten("xai_missing_fields", part, ENDED) == [bare, ENDED | {"response": RESPONSE}]


def test_fields_may_be_null_where_the_schema_forbids_it() -> None:
    session: dict[str, object] = {"audio": {"input": {"transcription": {"model": "whisper-1"}}}}
    content = [{"type": "output_audio", "transcript": ""}]
    made = rewritten(
        "null_fields", CREATED | {"session": session}, ENDED, ERROR, DONE | {"item": {"id": "a1", "content": content}}
    )
    transcription = {"model": "whisper-1", "language": None, "prompt": None}
    source = {"transcription": transcription, "noise_reduction": None}
    assert made[0]["session"] == {"audio": {"input": source}, "include": None}
    assert made[1]["response"] == RESPONSE | {"usage": {}, "status_details": None}
    assert made[2]["error"] == {"code": "c", "event_id": "mine", "param": None}
    assert made[3]["item"] == {"id": "a1", "content": [{"type": "output_audio", "transcript": None}]}
    assert session == {"audio": {"input": {"transcription": {"model": "whisper-1"}}}}


def test_errors_may_name_no_event() -> None:
    assert rewritten("errors_without_event_id", ERROR, ENDED) == [{"type": "error", "error": {"code": "c"}}, ENDED]


@pytest.mark.parametrize(("quirk", "wanted"), [("float_integers", 3.0), ("string_integers", "3")])
def test_integers_may_be_floats_or_text(quirk: Quirk, wanted: object) -> None:
    (made,) = rewritten(quirk, {"type": "x", "index": 3, "items": [{"n": 3, "flag": True, "rate": 0.5}]})
    assert made == {"type": "x", "index": wanted, "items": [{"n": wanted, "flag": True, "rate": 0.5}]}
    assert type(made["index"]) is type(wanted)


def test_event_ids_may_be_missing() -> None:
    assert rewritten("missing_event_ids", ERROR) == [{"type": "error", "error": ERROR["error"]}]


def test_the_session_may_begin_after_its_first_answer() -> None:
    assert rewritten("late_session_created", CREATED, SPEECH, ENDED) == [SPEECH, CREATED, ENDED]


def test_voice_live_has_a_session_without_type_and_a_voice_with_one() -> None:
    (made,) = rewritten("voice_live", CREATED | {"session": {"type": "realtime", "voice": "alloy"}})
    assert made["session"] == {"voice": {"name": "alloy", "type": "azure-standard"}}


@pytest.mark.parametrize("quirk", ["null_fields", "voice_live"])
@pytest.mark.parametrize("session", [{"type": "realtime"}, {"type": "realtime", "audio": {"output": {"speed": 1}}}])
def test_a_session_that_lacks_what_a_quirk_changes_is_sent_without_it(quirk: Quirk, session: dict[str, object]) -> None:
    (made,) = rewritten(quirk, CREATED | {"session": session})
    added = {"include": None} if quirk == "null_fields" else {}
    kept = {name: value for name, value in session.items() if quirk == "null_fields" or name != "type"}
    assert made["session"] == kept | added


@pytest.mark.parametrize("size", [10, 5000])
def test_events_may_come_in_envelopes_of_base64(size: int) -> None:
    event = DELTA | {"delta": "x" * size}
    made = rewritten("fragment_envelopes", event)
    assert (len(made) > 1) == (size > 1000)
    fragments = Fragments(None)
    *before, last = [fragments.unwrap(json.dumps(frame)) for frame in made]
    assert before == [None] * (len(made) - 1)
    assert last is not None
    assert json.loads(last) == event


def test_quirks_are_applied_one_after_the_other() -> None:
    rewrite = event_rewriter(["missing_event_ids", "invented_events"])
    assert rewrite is not None
    cancelled = {"type": "response.cancelled", "response_id": "r1"}
    assert rewrite(ENDED) == [cancelled, {"type": "response.done", "response": ENDED["response"]}]


def test_without_quirks_nothing_is_rewritten() -> None:
    assert event_rewriter([]) is None
    assert wire_rewriter([]) is None


def test_an_unknown_quirk_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no quirk 'polite'; there are unannounced_items, "):
        LocalServer(quirks=cast("list[Quirk]", ["polite"]))


async def test_a_data_channel_of_envelopes_carries_the_same_items(monkeypatch: pytest.MonkeyPatch) -> None:
    pin_to_loopback(monkeypatch)
    responder = ScriptedResponder([TextReply("Words enough for several fragments. " * 20)])
    async with asyncio.timeout(20), LocalServer(responder=responder, quirks=["fragment_envelopes"]) as server:
        client = RealtimeClient(base_url=server.base_url, api_key=server.api_key, transport="webrtc")
        async with client:
            await client.update_session(output_modalities=["text"])
            async with client.events["response.done"].expect(BOUND):
                await client.send_user_message_content([{"type": "input_text", "text": "Hello."}])
        wanted = final_items(server.sessions[-1])
        assert {item.id: plain(item.to_wire()) for item in client.conversation.items} == {
            item_id: plain(wire) for item_id, wire in wanted.items()
        }
