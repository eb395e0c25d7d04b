"""An event's `type` tells its class, and an item's, a part's and a session's too; `UnknownEvent` is not in the way."""

from typing import Literal, assert_never, assert_type

from realtime_typed import Codec, RealtimeClient, UnknownEvent
from realtime_typed.audio import Int16Array
from realtime_typed.types import (
    AssistantMessageItem,
    AudioPart,
    ClientEvent,
    ConversationItem,
    ConversationItemAdded,
    CustomVoice,
    ErrorEvent,
    FunctionCallItem,
    FunctionCallOutputItem,
    InputAudioPart,
    InputImagePart,
    InputTextPart,
    McpApprovalRequestItem,
    McpApprovalResponseItem,
    McpCallItem,
    McpListToolsItem,
    OutputAudioPart,
    OutputTextPart,
    RealtimeSession,
    ResponseContentPartDone,
    ResponseDone,
    ResponseFunctionCallArgumentsDone,
    ResponseOutputAudioTranscriptDelta,
    ResponseOutputTextDelta,
    SemanticVad,
    ServerEvent,
    ServerVad,
    SessionCreated,
    SessionUpdate,
    SystemMessageItem,
    TextPart,
    TranscriptionSession,
    UserMessageItem,
)


async def by_equality(client: RealtimeClient) -> None:
    async for event in client:
        assert_type(event, ServerEvent | UnknownEvent)
        if event.type == "response.output_text.delta":
            assert_type(event, ResponseOutputTextDelta)
            assert_type(event.delta, str)
        elif event.type == "response.done":
            assert_type(event, ResponseDone)
            if event.response.usage is not None:
                assert_type(event.response.usage.total_tokens, int | None)
            details = event.response.status_details
            if details is not None and details.error is not None:
                assert_type(details.error.code, str | None)
        elif event.type == "error":
            assert_type(event, ErrorEvent)
        elif isinstance(event, UnknownEvent):
            assert_type(event, UnknownEvent)
            assert_type(event.wire_type, str)
            assert_type(event.raw, dict[str, object])
            if event.wire_type == "response.cancelled":
                print(event.raw.get("response_id"))
        else:
            # What all events have is there without narrowing.
            assert_type(event.to_wire(), dict[str, object])


def by_two_names(event: ServerEvent | UnknownEvent) -> str | None:
    if event.type == "response.output_text.delta" or event.type == "response.output_audio_transcript.delta":
        assert_type(event, ResponseOutputTextDelta | ResponseOutputAudioTranscriptDelta)
        return event.delta
    return None


def by_match(event: ServerEvent | UnknownEvent) -> str:
    match event:
        case SessionCreated(session=session):
            return session.id
        case ResponseFunctionCallArgumentsDone(name=name, arguments=arguments):
            return f"{name}({arguments})"
        case UnknownEvent(raw=raw):
            assert_type(raw, dict[str, object])
            return "unknown"
        case _:
            return event.type


def by_match_on_type(event: ServerEvent | UnknownEvent) -> str:
    match event.type:
        case "response.output_text.delta":
            assert_type(event, ResponseOutputTextDelta)
            return event.delta
        case "error":
            assert_type(event, ErrorEvent)
            return event.error.message
        case _:
            return ""


def by_class(event: ServerEvent | UnknownEvent) -> None:
    if isinstance(event, UnknownEvent):
        return
    assert_type(event, ServerEvent)
    if isinstance(event, (ResponseDone, ErrorEvent)):
        assert_type(event.type, Literal["response.done", "error"])


def what_is_sent(event: ClientEvent) -> None:
    if event.type == "session.update":
        assert_type(event, SessionUpdate)
        if event.session.type == "realtime":
            assert_type(event.session.instructions, str | None)


def items(item: ConversationItem) -> None:
    assert_type(item.formatted.text, str)
    assert_type(item.formatted.transcript, str)
    assert_type(item.formatted.audio, Int16Array)
    assert_type(item.formatted.output, str | None)
    if item.formatted.tool is not None:
        assert_type(item.formatted.tool.arguments, str)

    if item.type == "message":
        assert_type(item, SystemMessageItem | UserMessageItem | AssistantMessageItem)
        if item.role == "assistant":
            assert_type(item, AssistantMessageItem)
            for part in item.content:
                if part.type == "output_text":
                    assert_type(part, OutputTextPart)
                    assert_type(part.text, str | None)
                else:
                    assert_type(part, OutputAudioPart)
                    assert_type(part.transcript, str | None)
        elif item.role == "user":
            assert_type(item, UserMessageItem)
            for content in item.content:
                if content.type == "input_text":
                    assert_type(content, InputTextPart)
                elif content.type == "input_audio":
                    assert_type(content, InputAudioPart)
                else:
                    assert_type(content, InputImagePart)
        else:
            assert_type(item, SystemMessageItem)
            assert_type(item.content, list[InputTextPart])
    elif item.type == "function_call":
        assert_type(item, FunctionCallItem)
        assert_type(item.arguments, str)
    elif item.type == "function_call_output":
        assert_type(item, FunctionCallOutputItem)
        assert_type(item.output, str)


def every_item(item: ConversationItem) -> str:
    match item:
        case SystemMessageItem() | UserMessageItem() | AssistantMessageItem():
            return item.role
        case FunctionCallItem(name=name):
            return name
        case FunctionCallOutputItem(output=output):
            return output
        case McpCallItem() | McpListToolsItem() | McpApprovalRequestItem() | McpApprovalResponseItem():
            return item.type
        case _:
            assert_never(item)


def items_of_events(added: ConversationItemAdded, done: ResponseContentPartDone, response: ResponseDone) -> None:
    assert_type(added.item, ConversationItem)
    assert_type(added.previous_item_id, str | None)
    if done.part.type == "text":
        assert_type(done.part, TextPart)
    else:
        assert_type(done.part, AudioPart)
    for item in response.response.output or []:
        if item.type == "function_call":
            assert_type(item.call_id, str | None)


def sessions(event: SessionCreated) -> None:
    assert_type(event.session.id, str)
    if event.session.type == "realtime":
        session = event.session
        assert_type(session, RealtimeSession)
        assert_type(session.instructions, str | None)
        assert_type(session.expires_at, int | None)
        if session.audio and session.audio.output and session.audio.output.voice:
            voice = session.audio.output.voice
            if isinstance(voice, CustomVoice):
                assert_type(voice.id, str)
            else:
                print(voice.upper())
        if session.audio and session.audio.input and session.audio.input.turn_detection:
            detection = session.audio.input.turn_detection
            if detection.type == "server_vad":
                assert_type(detection, ServerVad)
                assert_type(detection.silence_duration_ms, int | None)
            else:
                assert_type(detection, SemanticVad)
        for tool in session.tools or []:
            if tool.type == "function":
                assert_type(tool.name, str)
    else:
        assert_type(event.session, TranscriptionSession)


def what_was_absent(event: SessionCreated) -> None:
    assert_type("instructions" in event.session.model_fields_set, bool)


def decoded() -> None:
    event = Codec().decode('{"type": "response.done"}')
    assert_type(event, ServerEvent | UnknownEvent)
    if event.type == "response.done":
        assert_type(event, ResponseDone)
