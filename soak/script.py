"""What the load server says: a conversation without end, as events of the protocol. Pure.

A turn: the user's speech is committed, and a response of 100 deltas answers it.
"""

import time
from collections.abc import Iterator, Mapping
from typing import Final, cast

import pybase64
from pydantic_core import to_json

__all__ = ["CHUNK", "CHUNK_MS", "DELTAS_A_TURN", "Script", "sent_at", "stamp"]

CHUNK_MS: Final = 50
CHUNK: Final = bytes(range(256)) * 9 + bytes(96)
"""What a microphone brings in 50 ms: 2,400 bytes of 16 bits at 24 kHz."""
DELTAS_A_TURN: Final = 100
_SAMPLES: Final = 24 * CHUNK_MS
_EVENT: Final = "event_"
_WORDS: Final = ("So", " it", " is", " nine", " o'clock", " and", " all", " is", " well", ",", " as", " ever", ".")
_TRANSCRIPT: Final = "".join(_WORDS)
# A voice is no silence: bytes that do not compress, and that differ from sample to sample.
_AUDIO: Final = tuple(
    pybase64.b64encode_as_string(bytes((7 * index * index + 13 * piece) & 0xFF for index in range(2 * _SAMPLES)))
    for piece in range(4)
)
_FORMAT: Final = {"type": "audio/pcm", "rate": 24000}


def stamp() -> str:
    """An event's id that tells when the event was sent: one clock serves all processes of a machine."""
    return f"{_EVENT}{time.monotonic_ns()}"


def sent_at(event_id: str) -> int:
    """When an event was sent, of its id, in nanoseconds of `time.monotonic_ns`."""
    return int(event_id[len(_EVENT) :])


class Script:
    """The events of one session, in order.

    Args:
        name: Is part of all ids.
        offset: With how many events less the first turn begins, so that the turns of many sessions are spread.
        audio: Whether audio comes in events; else a track carries it.
    """

    def __init__(self, name: str, offset: int = 0, *, audio: bool = True) -> None:
        self._name = name
        self._offset = offset % DELTAS_A_TURN
        self._with_audio = audio
        self._turn = 0
        self._next: Iterator[str] | None = None
        self.heard_ms: int = 0
        self._config: dict[str, object] = {
            "type": "realtime",
            "object": "realtime.session",
            "id": f"sess_{name}",
            "model": "gpt-realtime",
            "output_modalities": ["audio"],
            "instructions": "",
            "tools": [],
            "tool_choice": "auto",
            "max_output_tokens": "inf",
            "expires_at": int(time.time()) + 3600,
            "audio": {
                "input": {"format": _FORMAT, "transcription": None, "turn_detection": {"type": "server_vad"}},
                "output": {"format": _FORMAT, "voice": "alloy", "speed": 1.0},
            },
        }

    def begin(self) -> str:
        """`session.created`."""
        return _frame("session.created", session=self._config)

    def answer(self, event: Mapping[str, object]) -> list[str]:
        """What the server says to a client's event that is no audio."""
        match event.get("type"):
            case "session.update":
                given = cast("Mapping[str, object]", event["session"])
                known = {name: value for name, value in given.items() if name != "audio"}
                self._config = self._config | known
                return [_frame("session.updated", session=self._config)]
            case "conversation.item.create":
                item = {"status": "completed", **cast("dict[str, object]", event["item"])}
                item.setdefault("id", f"item_{time.monotonic_ns()}")
                names = ("conversation.item.added", "conversation.item.done")
                return [_frame(name, previous_item_id=None, item=item) for name in names]
            case "conversation.item.delete":
                return [_frame("conversation.item.deleted", item_id=event["item_id"])]
            case "conversation.item.truncate":
                fields = {name: event[name] for name in ("item_id", "content_index", "audio_end_ms")}
                return [_frame("conversation.item.truncated", **fields)]
            case _:
                return []

    def beat(self, heard_ms: int) -> str:
        """The next event.

        Args:
            heard_ms: How much of the user's audio has come.
        """
        if self._next is None:
            self._next = self._turns()
        self.heard_ms = heard_ms
        return next(self._next)

    def _turns(self) -> Iterator[str]:
        skipped = self._offset
        while True:
            for frame in self._one_turn():
                if skipped:
                    skipped -= 1
                else:
                    yield frame
            self._turn += 1

    def _one_turn(self) -> Iterator[str]:
        yield from self._open(self.heard_ms)
        place = self._place
        for number in range(DELTAS_A_TURN):
            if self._with_audio:
                yield (
                    f'{{"type":"response.output_audio.delta","event_id":"{stamp()}",{place},'
                    f'"delta":"{_AUDIO[number & 3]}"}}'
                )
            if number % 20 == 10 or not self._with_audio:
                word = _WORDS[number // 20 % len(_WORDS)]
                yield (
                    f'{{"type":"response.output_audio_transcript.delta","event_id":"{stamp()}",{place},'
                    f'"delta":"{word}","obfuscation":"xxxxxxxx"}}'
                )
        yield from self._close()

    def _open(self, heard_ms: int) -> Iterator[str]:
        turn, name = self._turn, self._name
        user, spoken, response = f"item_{name}_{turn}u", f"item_{name}_{turn}a", f"resp_{name}_{turn}"
        self._ids = user, spoken, response
        self._place = f'"response_id":"{response}","item_id":"{spoken}","output_index":0,"content_index":0'
        begin = max(0, heard_ms - 900)
        yield _frame("input_audio_buffer.speech_started", audio_start_ms=begin, item_id=user)
        yield _frame("input_audio_buffer.speech_stopped", audio_end_ms=heard_ms, item_id=user)
        yield _frame("input_audio_buffer.committed", previous_item_id=None, item_id=user)
        item: dict[str, object] = {"id": user, "type": "message", "status": "completed", "role": "user"}
        item["content"] = [{"type": "input_audio", "transcript": None}]
        for kind in ("conversation.item.added", "conversation.item.done"):
            yield _frame(kind, previous_item_id=None, item=item)
        yield _frame("response.created", response=self._response("in_progress", [], None))
        transcribed = {"item_id": user, "content_index": 0, "transcript": "What time is it?"}
        used = {"type": "duration", "seconds": 1}
        yield _frame("conversation.item.input_audio_transcription.completed", **transcribed, usage=used)
        answer = self._item("in_progress", [])
        yield _frame("response.output_item.added", response_id=response, output_index=0, item=answer)
        yield _frame("conversation.item.added", previous_item_id=user, item=answer)
        yield _frame("response.content_part.added", **self._part({"type": "audio", "transcript": ""}))
        if not self._with_audio:
            yield _frame("output_audio_buffer.started", response_id=response)

    def _close(self) -> Iterator[str]:
        user, _, response = self._ids
        place = {name: value for name, value in self._part(None).items() if name != "part"}
        if self._with_audio:
            yield _frame("response.output_audio.done", **place)
        yield _frame("response.output_audio_transcript.done", **place, transcript=_TRANSCRIPT)
        yield _frame("response.content_part.done", **self._part({"type": "audio", "transcript": _TRANSCRIPT}))
        item = self._item("completed", [{"type": "output_audio", "transcript": _TRANSCRIPT}])
        yield _frame("conversation.item.done", previous_item_id=user, item=item)
        yield _frame("response.output_item.done", response_id=response, output_index=0, item=item)
        kinds = {"text_tokens": 9, "audio_tokens": 100}
        read: dict[str, object] = {**kinds, "image_tokens": 0, "cached_tokens": 0, "cached_tokens_details": kinds}
        usage: dict[str, object] = {"total_tokens": 218, "input_tokens": 109, "output_tokens": 109}
        usage |= {"input_token_details": read, "output_token_details": kinds}
        yield _frame("response.done", response=self._response("completed", [item], usage))
        if not self._with_audio:
            yield _frame("output_audio_buffer.stopped", response_id=response)

    def _part(self, part: object) -> dict[str, object]:
        _, spoken, response = self._ids
        return {"response_id": response, "item_id": spoken, "output_index": 0, "content_index": 0, "part": part}

    def _item(self, status: str, content: list[object]) -> dict[str, object]:
        return {"id": self._ids[1], "type": "message", "status": status, "role": "assistant", "content": content}

    def _response(self, status: str, output: list[object], usage: object) -> dict[str, object]:
        return {
            "object": "realtime.response",
            "id": self._ids[2],
            "status": status,
            "status_details": None,
            "output": output,
            "conversation_id": f"conv_{self._name}",
            "output_modalities": ["audio"],
            "max_output_tokens": "inf",
            "audio": {"output": {"format": _FORMAT, "voice": "alloy"}},
            "usage": usage,
            "metadata": None,
        }


def _frame(kind: str, **fields: object) -> str:
    return to_json({"type": kind, "event_id": stamp(), **fields}).decode()
