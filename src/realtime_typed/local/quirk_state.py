"""The quirks that look at more than one event. Pure; `quirks` says what they are for."""

from typing import Final, cast

from .requests import Wire

__all__ = ["AnnouncedWithContent", "InterleavedResponses", "LateSessionCreated", "TranscriptUpdates"]

_TEXT_DELTAS: Final = ("response.output_text.delta", "response.output_audio_transcript.delta")
_TRANSCRIPTION: Final = "conversation.item.input_audio_transcription"


class LateSessionCreated:
    """`session.created` comes after the first event that answers the client."""

    def __init__(self) -> None:
        self._held: list[Wire] = []

    def rewrite(self, event: Wire) -> list[Wire]:
        """What is sent in the place of the next event."""
        if event["type"] == "session.created":
            self._held.append(event)
            return []
        held, self._held = self._held, []
        return [event, *held]


class AnnouncedWithContent:
    """An item is announced with all that it will hold, and that comes again as deltas.

    What a response sends between the beginning and the end of an item waits until its content is known.
    """

    def __init__(self) -> None:
        self._held: list[Wire] = []
        self._item_id: object = None

    def rewrite(self, event: Wire) -> list[Wire]:
        """What is sent in the place of the next event."""
        if self._item_id is None:
            if event["type"] != "response.output_item.added":
                return [event]
            self._item_id = _item(event).get("id")
        self._held.append(event)
        if event["type"] != "response.output_item.done" or _item(event).get("id") != self._item_id:
            return []
        whole = _item(event) | {"status": "in_progress"}
        events = [
            one | {"item": whole}
            if one["type"] in ("response.output_item.added", "conversation.item.added")
            and _item(one).get("id") == self._item_id
            else one
            for one in self._held
        ]
        self._held, self._item_id = [], None
        return events


class InterleavedResponses:
    """Each response has a second one at the same time, event by event: the same messages in other letters.

    Its ids end in `_twin`. Function calls have no twin: nobody waits for its output.
    """

    def __init__(self) -> None:
        self._messages: set[object] = set()

    def rewrite(self, event: Wire) -> list[Wire]:
        """What is sent in the place of the next event."""
        name = cast("str", event["type"])
        if name == "response.output_item.added" and _item(event).get("type") == "message":
            self._messages.add(_item(event)["id"])
        item_id = event.get("item_id") or _item(event).get("id")
        of_response = name.startswith("response.") and (item_id is None or item_id in self._messages)
        of_message = name in ("conversation.item.added", "conversation.item.done") and item_id in self._messages
        if not of_response and not of_message:
            return [event]
        twin = cast("Wire", self._twin(event))
        if name in _TEXT_DELTAS:
            twin["delta"] = cast("str", event["delta"]).swapcase()
        if of_message:
            twin["previous_item_id"] = item_id
        return [event, twin]

    def _twin(self, value: object, name: str = "") -> object:
        if isinstance(value, dict):
            fields = cast("Wire", value)
            made = {key: self._twin(inner, key) for key, inner in fields.items()}
            # The id of a response or an item; that of a voice, for instance, is no id of theirs.
            own = fields.get("object") == "realtime.response" or fields.get("id") in self._messages
            return made | ({"id": f"{fields['id']}_twin"} if own else {})
        if isinstance(value, list):
            inner = cast("list[object]", value)
            if name == "output":
                inner = [item for item in inner if cast("Wire", item)["id"] in self._messages]
            return [self._twin(one, "") for one in inner]
        if isinstance(value, str) and name in ("response_id", "item_id", "event_id"):
            return f"{value}_twin"
        if isinstance(value, str) and name in ("text", "transcript"):
            return value.swapcase()
        return value


class TranscriptUpdates:
    """`ping`, and the transcript of the user's speech so far with each delta, as xAI sends them."""

    def __init__(self) -> None:
        self._transcripts: dict[object, str] = {}

    def rewrite(self, event: Wire) -> list[Wire]:
        """What is sent in the place of the next event."""
        if event["type"] == "response.created":
            return [{"type": "ping", "event_id": f"{event['event_id']}_ping", "timestamp": 1_700_000_000_000}, event]
        if event["type"] not in (f"{_TRANSCRIPTION}.delta", f"{_TRANSCRIPTION}.completed"):
            return [event]
        so_far = self._transcripts.pop(event["item_id"], "") + cast("str", event.get("delta") or "")
        if event["type"].endswith("delta"):
            self._transcripts[event["item_id"]] = so_far
        update = {name: event[name] for name in ("item_id", "content_index")}
        transcript = event.get("transcript") or so_far
        event_id = f"{event['event_id']}_updated"
        return [
            {"type": f"{_TRANSCRIPTION}.updated", "event_id": event_id, **update, "transcript": transcript},
            event,
        ]


def _item(event: Wire) -> Wire:
    item = event.get("item")
    return cast("Wire", item) if isinstance(item, dict) else {}
