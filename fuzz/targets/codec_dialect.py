"""`Codec(dialect="beta" | "auto")` on what one server sends, a frame a line; then what the application sends back.

The first byte: dialect and mode.
"""

from collections.abc import Iterable
from typing import Final, Literal

from fuzz.checks import as_object, read_json, require
from fuzz.words import HOSTILE, event_words, field_words, samples
from realtime_typed._dialect_fields import BETA_SESSION_FIELDS
from realtime_typed._generated.realtime.registry import SERVER_EVENTS
from realtime_typed._wire import UnknownEvent
from realtime_typed.codec import Codec
from realtime_typed.dialect import beta_client_to_ga, beta_to_ga, ga_server_to_beta, tell_dialect
from realtime_typed.errors import EventValidationError, ProtocolError

__all__ = ["run", "seeds", "words"]

_MODES: Final[tuple[Literal["strict", "lenient", "off"], ...]] = ("strict", "lenient", "off")
_DIALECTS: Final[tuple[Literal["beta", "auto"], ...]] = ("beta", "auto")
_CODECS: Final = [Codec(mode, dialect=dialect) for dialect in _DIALECTS for mode in _MODES]
_MAX_FRAMES: Final = 6

_ITEM: Final = '"item": {"id": "i", "type": "message", "role": "assistant", "status"'
_TURN: Final = (
    '{"type": "session.created", "session": {"modalities": ["text", "audio"], "voice": {"name": "a", "type": "x"}, '
    '"input_audio_format": "pcm16", "turn_detection": null, "max_response_output_tokens": "inf", "temperature": 0.8}}\n'
    '{"type": "conversation.item.created", "previous_item_id": null, ' + _ITEM + ': "in_progress", "content": []}}\n'
    '{"type": "response.audio_transcript.delta", "item_id": "i", "content_index": 0, "delta": "Hello"}\n'
    '{"type": "response.audio.delta", "item_id": "i", "content_index": 0, "delta": "AAAA"}\n'
    '{"type": "response.output_item.done", "event_id": "e", "response_id": "r", "output_index": 0, '
    + _ITEM
    + ': "completed", "content": [{"type": "audio", "transcript": "Hello"}]}}\n'
    '{"type": "response.done", "response": {"id": "r", "output": [{"id": "i", "type": "message", "role": "assistant", '
    '"content": [{"type": "text", "text": "a"}]}], "modalities": ["audio"], "output_audio_format": "g711_ulaw"}}'
).encode()
_OTHERS: Final = (
    b'{"type": "transcription_session.updated", "session": {"input_audio_format": "g711_alaw"}}',
    b'{"type": "conversation.item.created", "item": {"id": "u", "type": "message", "status": "completed"}}',
    (
        b'{"type": "session.update", "session": {"type": "realtime", "audio": {"output": {"voice": "a", '
        b'"format": {"type": "audio/pcmu"}}}, "output_modalities": ["audio"]}}'
    ),
    b'{"type": "session.update", "session": {"type": "transcription", "audio": {"input": {"format": {"type": "x"}}}}}',
    (
        b'{"type": "response.create", "response": {"output_modalities": ["text"], "input": [{"type": "message", '
        b'"role": "assistant", "content": [{"type": "output_text"}]}], "audio": {"output": {"format": null}}}}'
    ),
)


def run(data: bytes) -> None:
    """Decode the frames of one connection, and encode what has the form of a client's event."""
    codec = _CODECS[(data[0] if data else 0) % len(_CODECS)]
    codec.restart()
    lines = data[1:].split(b"\n", _MAX_FRAMES)[:_MAX_FRAMES]
    for line in lines:
        raw = as_object(read_json(line))
        try:
            events = codec.decode_all(line)
        except EventValidationError:
            require(codec.validation == "strict", "only strict decoding refuses a wrong event", line)
            continue
        except ProtocolError:
            require(raw is None or not isinstance(raw.get("type"), str) or _odd(line), "an event is read")
            continue
        if raw is None or len(events) not in (1, 2):
            raise AssertionError(f"one frame is an object, and one or two events: {line!r:.2000}")
        for event in events:
            fits = type(event) is SERVER_EVENTS.get(event.type, UnknownEvent)
            require(fits, "the class is that of the type", line, type(event))
        if line is lines[0]:
            _check_translation(raw)
            _send(codec, raw)


def _send(codec: Codec, raw: dict[str, object]) -> None:
    try:
        frame = codec.encode(raw)
    except ProtocolError:
        return
    codec.recall(frame)


def _odd(line: bytes) -> bool:
    """Whether the standard library reads JSON that pydantic's reader refuses: half surrogates, and very deep."""
    return b"\\ud" in line.lower() or b"\xed" in line or line.count(b"[") + line.count(b"{") > 150


def _check_translation(raw: dict[str, object]) -> None:
    made = beta_to_ga(raw)
    require(
        beta_to_ga(made[0])[0] == made[0] or not _finite(raw), "translating what is translated changes nothing", raw
    )
    for entry in made:
        ga_server_to_beta(entry)
    beta_client_to_ga(raw)
    tell_dialect(raw)


def _finite(value: object) -> bool:
    """Whether a value is equal to itself: NaN is not."""
    return value == value and "nan" not in repr(value)


def seeds() -> Iterable[bytes]:
    """A turn of a beta server, and what is hostile."""
    for number in range(len(_CODECS)):
        yield bytes([number]) + _TURN
    for number, line in enumerate([*_TURN.splitlines(), *_OTHERS, *HOSTILE, *samples("client.jsonl")]):
        yield bytes([number % len(_CODECS)]) + line


def words() -> Iterable[str]:
    """Names of events and fields."""
    yield from event_words()
    yield from field_words()
    yield from sorted(BETA_SESSION_FIELDS)
    yield from (
        "transcription",
        "pcm16",
        "g711_ulaw",
        "audio",
        "text",
        "server_vad",
        "name",
        "in_progress",
        "completed",
    )
