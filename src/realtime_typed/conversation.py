"""The conversation as the service's events tell it: items in order, each with its readable form. Pure: no asyncio.

Rules:

* An item appears when it is first met, in whatever event: an announcement, a delta or a finished response.
* Deltas accumulate; `*.done` events and finished items overwrite what accumulated.
* A transcript that arrives before its item waits for it.
* Items of a response outside the conversation (`conversation: "none"`) can be found by id, but are not in `items`.
* No event of the service makes `apply` raise. What does not fit is counted, and the last such events are kept.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Final, TypeAlias, cast

from ._conversation_change import ConversationChange
from ._conversation_items import ConversationItems
from ._formatted import McpStatus
from ._generated.realtime.registry import ServerEvent
from ._generated.realtime.shared import ConversationItem
from ._item_content import (
    CALLS,
    ItemKind,
    TextField,
    as_text,
    decode_item_audio,
    format_name,
    new_item,
    part_text,
    set_text,
    takes_text,
    whole_number,
)
from ._item_retention import AudioDropped, AudioRetention, DroppedAudio
from ._item_turns import SpokenTurn
from ._wire import ItemModel, UnknownEvent, WireModel, wire_fields
from .audio import AudioFormatName, sample_rate
from .utility_events import ItemDelta

__all__ = ["AudioDropped", "AudioRetention", "Conversation", "ConversationChange", "DroppedAudio"]

_Fields: TypeAlias = dict[str, object]
_Changes: TypeAlias = Sequence[ConversationChange]


_TEXT_OF: Final[Mapping[str, TextField]] = {
    "response.output_text.delta": "text",
    "response.output_text.done": "text",
    "response.output_audio_transcript.delta": "transcript",
    "response.output_audio_transcript.done": "transcript",
}

_CALL_OF: Final[Mapping[str, ItemKind]] = {
    "response.function_call_arguments.delta": "function_call",
    "response.function_call_arguments.done": "function_call",
    "response.mcp_call_arguments.delta": "mcp_call",
    "response.mcp_call_arguments.done": "mcp_call",
}
_STATUSES: Final[tuple[McpStatus, ...]] = ("in_progress", "completed", "failed")
# The event says of which type of item it tells, and what of it.
_STATUS_OF: Final[Mapping[str, tuple[str, McpStatus]]] = {
    f"{place}.{status}": (kind, status)
    for place, kind in (("response.mcp_call", "mcp_call"), ("mcp_list_tools", "mcp_list_tools"))
    for status in _STATUSES
}


class Conversation(ConversationItems):
    """The items of a session and how they grow.

    Args:
        audio_retention: How much audio is kept: `"all"` (default), `"none"`, or a number of seconds: of the audio of
            all items together, the newest so many. Text is always kept, and handlers get all audio as it comes.
        max_items: How many items are kept. Beyond it the oldest that is complete is dropped, which is a change of its
            own; the service keeps it. Default `None`: all.

    Raises:
        ValueError: `audio_retention` is none of these, or `max_items` is not positive.

    Attributes:
        input_audio: What the user said, from which the items of spoken turns get their audio.
        issues: How often an event of a type did not fit what was known, by event type.
        unfitting: The last 64 such events.
    """

    def apply(self, event: ServerEvent | UnknownEvent) -> _Changes:
        """Take one event of the service into account.

        Args:
            event: Any server event; most change nothing here.

        Returns:
            What changed, in order; empty for most events.
        """
        reduce = self._REDUCERS.get(event.type)
        if reduce is None or not isinstance(event, WireModel):
            return ()
        fields, limit = event.__dict__, self._limit
        if limit is not None and limit.passes_over(event.type, fields):
            return ()
        changes = reduce(self, event, fields)
        if self._store.moved:
            changes = [*changes, *self._moves(changes)]
        if limit is not None and (dropped := limit.drop()):
            changes = [*changes, *(ConversationChange("dropped", item) for item in dropped)]
        return changes

    def _moves(self, changes: _Changes) -> _Changes:
        """The items that an event moved, those aside that are new by it."""
        new = {change.item.id for change in changes if change.kind == "appended"}
        moved, self._store.moved = dict.fromkeys(self._store.moved), []
        items = [self._store.by_id.get(item_id) for item_id in moved if item_id not in new]
        return [ConversationChange("moved", item) for item in items if item is not None]

    def _unfit(self, event: ServerEvent) -> _Changes:
        self.issues[event.type] += 1
        self.unfitting.append(event)
        return ()

    # Items as wholes.

    def _meet(self, event: ServerEvent, item: object, *, done: bool, listed: bool = True) -> list[ConversationChange]:
        """An event holds a whole item: add it, or bring the known one up to date."""
        if not isinstance(item, ItemModel) or not as_text(wire_fields(item).get("id")):
            self._unfit(event)
            return []
        whole = cast("ConversationItem", item)
        item_id = cast("str", whole.id)
        known = self._store.by_id.get(item_id)
        if known is None and self._limit is not None and self._limit.has_dropped(item_id):
            return []
        if known is None:
            added = self._store.add(whole, listed=listed, audio_format=self._format_of(whole), repeats=not done)
            return [ConversationChange("appended", added, completed=done and self._store.complete(added))]
        if listed:
            self._store.list_item(item_id)
        changed = self._store.merge(known, whole, done=done)
        completed = done and self._store.complete(known)
        return [ConversationChange("updated", known, completed=completed)] if changed or completed else []

    def _format_of(self, item: ItemModel) -> AudioFormatName:
        return self._input_format if wire_fields(item).get("role") == "user" else self._output_format

    def _item_announced(self, event: ServerEvent, fields: _Fields) -> _Changes:
        item = wire_fields(fields.get("item"))
        # The older `conversation.item.created` is the only announcement of an item that is complete from the start.
        done = event.type == "conversation.item.done" or (
            event.type != "conversation.item.added" and item.get("status") == "completed"
        )
        changes = self._meet(event, fields.get("item"), done=done)
        previous = as_text(fields.get("previous_item_id"))
        if previous and as_text(item.get("id")):
            self._store.place(as_text(item["id"]), previous)
        return changes

    def _item_retrieved(self, event: ServerEvent, fields: _Fields) -> _Changes:
        retrieved = fields.get("item")
        values = wire_fields(retrieved)
        changes = self._meet(event, retrieved, done=values.get("status") == "completed")
        known = self._store.by_id.get(as_text(values.get("id")))
        if known is not None and isinstance(retrieved, ItemModel) and not known.formatted.audio_received:
            audio_format = self._format_of(retrieved)
            decode_item_audio(retrieved, audio_format)
            self._store.restore_audio(known, retrieved.formatted.audio, sample_rate(audio_format))
        return changes

    def _output_item(self, event: ServerEvent, fields: _Fields) -> _Changes:
        listed = fields.get("response_id") not in self._detached
        return self._meet(event, fields.get("item"), done=event.type == "response.output_item.done", listed=listed)

    def _item_truncated(self, event: ServerEvent, fields: _Fields) -> _Changes:
        item = self._store.by_id.get(as_text(fields.get("item_id")))
        end = fields.get("audio_end_ms")
        if item is None or not isinstance(end, (int, float)) or not 0 <= end < 2**53:
            return self._unfit(event)
        keep = whole_number(end) * self.output_sample_rate // 1000
        self._store.cut_audio(item, keep)
        # The service drops the transcript of a truncated item: it cannot tell how much of it was heard.
        index = whole_number(fields.get("content_index"))
        if part_text(item, index, "transcript"):
            set_text(item, index, "transcript", "")
        return [ConversationChange("truncated", item)]

    def _item_deleted(self, event: ServerEvent, fields: _Fields) -> _Changes:
        item = self._store.remove(as_text(fields.get("item_id")))
        return self._unfit(event) if item is None else [ConversationChange("deleted", item)]

    def _response_created(self, event: ServerEvent, fields: _Fields) -> _Changes:
        response = fields.get("response")
        values = wire_fields(response)
        self._output_format = format_name(values, "output") or self._output_format
        # A response of `conversation: "none"` says so by an explicit null.
        stated = isinstance(response, WireModel) and "conversation_id" in response.model_fields_set
        if stated and values.get("conversation_id") is None and as_text(values.get("id")):
            self._detached.append(as_text(values["id"]))
        return ()

    def _response_done(self, event: ServerEvent, fields: _Fields) -> _Changes:
        response = wire_fields(fields.get("response"))
        listed = response.get("id") not in self._detached
        output = response.get("output")
        changes: list[ConversationChange] = []
        for item in cast("list[object]", output) if isinstance(output, list) else []:
            changes.extend(self._meet(event, item, done=True, listed=listed))
        return changes

    # Items as they grow.

    def _growing(
        self, event: ServerEvent, fields: _Fields, kind: ItemKind = "message"
    ) -> tuple[ConversationItem | None, list[ConversationChange]]:
        """The item that a delta speaks of. An unannounced one is made, which is a change of its own."""
        item_id = as_text(fields.get("item_id"))
        item = self._store.by_id.get(item_id)
        if item is not None:
            return item, []
        if not item_id:
            self._unfit(event)
            return None, []
        made = new_item(item_id, kind, as_text(fields.get("call_id")))
        listed = fields.get("response_id") not in self._detached
        item = self._store.add(made, listed=listed, audio_format=self._output_format)
        return item, [ConversationChange("appended", item)]

    def _text_delta(self, event: ServerEvent, fields: _Fields) -> _Changes:
        item, changes = self._growing(event, fields)
        delta = as_text(fields.get("delta"))
        if item is not None and delta:
            field = _TEXT_OF[event.type]
            if not self._store.add_text(item, whole_number(fields.get("content_index")), field, delta):
                return [*changes, *self._unfit(event)]
            grown = ItemDelta(delta) if field == "text" else ItemDelta(None, delta)
            changes.append(ConversationChange("updated", item, grown))
        return changes

    def _text_done(self, event: ServerEvent, fields: _Fields) -> _Changes:
        item, changes = self._growing(event, fields)
        field = _TEXT_OF[event.type]
        text = fields.get(field)
        index = whole_number(fields.get("content_index"))
        if item is None:
            return changes
        if not isinstance(text, str) or not takes_text(item, index):
            return [*changes, *self._unfit(event)]
        if self._store.finish_text(item, index, field, text):
            changes.append(ConversationChange("updated", item))
        return changes

    def _content_part_done(self, event: ServerEvent, fields: _Fields) -> _Changes:
        item, changes = self._growing(event, fields)
        part = wire_fields(fields.get("part"))
        index = whole_number(fields.get("content_index"))
        if item is not None and not takes_text(item, index):
            return [*changes, *self._unfit(event)]
        texts: tuple[TextField, ...] = ("text", "transcript")
        for field in texts:
            text = part.get(field)
            if item is not None and isinstance(text, str) and self._store.finish_text(item, index, field, text):
                changes.append(ConversationChange("updated", item))
        return changes

    def _audio_delta(self, event: ServerEvent, fields: _Fields) -> _Changes:
        item, changes = self._growing(event, fields)
        if item is None:
            return changes
        try:
            samples = self._store.add_audio(item, as_text(fields.get("delta")), self._output_format)
        except ValueError:
            return [*changes, *self._unfit(event)]
        if len(samples):
            changes.append(ConversationChange("updated", item, ItemDelta(None, None, samples)))
        return changes

    def _arguments_delta(self, event: ServerEvent, fields: _Fields) -> _Changes:
        item, changes = self._growing(event, fields, _CALL_OF[event.type])
        delta = as_text(fields.get("delta"))
        if item is not None and delta:
            if not self._store.add_arguments(item, delta):
                return [*changes, *self._unfit(event)]
            changes.append(ConversationChange("updated", item, ItemDelta(arguments=delta)))
        return changes

    def _arguments_done(self, event: ServerEvent, fields: _Fields) -> _Changes:
        item, changes = self._growing(event, fields, _CALL_OF[event.type])
        arguments = fields.get("arguments")
        known = fields.get("name"), fields.get("call_id")
        if item is None:
            return changes
        if not isinstance(arguments, str) or wire_fields(item).get("type") not in CALLS:
            return [*changes, *self._unfit(event)]
        if self._store.finish_arguments(item, arguments, *known):
            changes.append(ConversationChange("updated", item))
        return changes

    def _mcp_status(self, event: ServerEvent, fields: _Fields) -> _Changes:
        kind, status = _STATUS_OF[event.type]
        item_id = as_text(fields.get("item_id"))
        item = self._store.by_id.get(item_id)
        if not item_id or (item is not None and wire_fields(item).get("type") != kind):
            return self._unfit(event)
        changed = self._store.set_status(item_id, status)
        return [ConversationChange("updated", item)] if changed and item is not None else ()

    # The user's speech.

    def _speech_started(self, event: ServerEvent, fields: _Fields) -> _Changes:
        self.input_audio.speech_started(whole_number(fields.get("audio_start_ms")))
        return ()

    def _speech_stopped(self, event: ServerEvent, fields: _Fields) -> _Changes:
        turn = self._turns.speech_stopped(as_text(fields.get("item_id")), whole_number(fields.get("audio_end_ms")))
        return () if turn is None else self._give_audio(turn.item_id, turn)

    def _committed(self, event: ServerEvent, fields: _Fields) -> _Changes:
        item_id = as_text(fields.get("item_id"))
        turn = self._turns.committed(item_id)
        if item_id and turn.item_id != item_id:
            self._store.drop_audio(turn.item_id)
        return self._give_audio(item_id, turn) if item_id and turn else ()

    def _give_audio(self, item_id: str, turn: SpokenTurn) -> _Changes:
        item = self._store.keep_audio(item_id, turn.samples, self.input_audio.rate, turn.missing)
        return () if item is None else [ConversationChange("updated", item)]

    def _input_cleared(self, event: ServerEvent, fields: _Fields) -> _Changes:
        self.input_audio.cleared()
        return ()

    def _error(self, event: ServerEvent, fields: _Fields) -> _Changes:
        if wire_fields(fields.get("error")).get("code") == "input_audio_buffer_commit_empty":
            self._turns.refused()
        return ()

    def _transcription(self, event: ServerEvent, fields: _Fields) -> _Changes:
        """The transcript of user speech comes on its own way, before or after its item, whole or in parts."""
        grow = event.type == "conversation.item.input_audio_transcription.delta"
        item_id, index = as_text(fields.get("item_id")), whole_number(fields.get("content_index"))
        text = fields.get("delta") or "" if grow else fields.get("transcript")
        item = self._store.by_id.get(item_id)
        if not item_id or not isinstance(text, str) or not takes_text(item, index):
            return self._unfit(event)
        changed = self._store.transcribe(item_id, index, text, grow=grow)
        if item is None or not changed:
            return ()
        return [ConversationChange("updated", item, ItemDelta(transcript=text) if grow else None)]

    # The session.

    def _session(self, event: ServerEvent, fields: _Fields) -> _Changes:
        session = wire_fields(fields.get("session"))
        self._output_format = format_name(session, "output") or self._output_format
        self._input_format = format_name(session, "input") or self._input_format
        self.input_audio.rate = sample_rate(self._input_format)
        return ()

    _REDUCERS: ClassVar[Mapping[str, Callable[..., _Changes]]] = {
        "error": _error,
        "session.created": _session,
        "session.updated": _session,
        "conversation.item.added": _item_announced,
        "conversation.item.created": _item_announced,
        "conversation.item.done": _item_announced,
        "conversation.item.retrieved": _item_retrieved,
        "conversation.item.truncated": _item_truncated,
        "conversation.item.deleted": _item_deleted,
        "conversation.item.input_audio_transcription.delta": _transcription,
        "conversation.item.input_audio_transcription.completed": _transcription,
        "input_audio_buffer.speech_started": _speech_started,
        "input_audio_buffer.speech_stopped": _speech_stopped,
        "input_audio_buffer.committed": _committed,
        "input_audio_buffer.cleared": _input_cleared,
        "response.created": _response_created,
        "response.done": _response_done,
        "response.output_item.added": _output_item,
        "response.output_item.done": _output_item,
        "response.content_part.done": _content_part_done,
        "response.output_text.delta": _text_delta,
        "response.output_text.done": _text_done,
        "response.output_audio_transcript.delta": _text_delta,
        "response.output_audio_transcript.done": _text_done,
        "response.output_audio.delta": _audio_delta,
        "response.function_call_arguments.delta": _arguments_delta,
        "response.function_call_arguments.done": _arguments_done,
        "response.mcp_call_arguments.delta": _arguments_delta,
        "response.mcp_call_arguments.done": _arguments_done,
        **dict.fromkeys(_STATUS_OF, _mcp_status),
    }
