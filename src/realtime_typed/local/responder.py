"""What the embedded server says: the `Responder` protocol, its replies, and two responders.

A responder takes the place of the model. It sees the conversation and says what to answer; how the answer travels,
in which events, deltas and pieces of audio, is the server's matter.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, cast

from realtime_typed._generated.realtime.shared import ConversationItem, FunctionTool, RealtimeSession, Tool, ToolChoice
from realtime_typed.audio import AudioData, Int16Array, duration_ms, resample

__all__ = [
    "AudioReply",
    "EchoResponder",
    "Failure",
    "Incomplete",
    "Reply",
    "Responder",
    "ResponderRequest",
    "ScriptedResponder",
    "TextReply",
    "ToolCall",
    "UserAudio",
]


@dataclass(frozen=True, slots=True)
class TextReply:
    """A message. It is written, or spoken by a deterministic babble when the response's modality is audio.

    Attributes:
        text: The text, or the transcript of the babble.
    """

    text: str


@dataclass(frozen=True, slots=True)
class AudioReply:
    """A spoken message; where the response's modality is text, its transcript is written instead.

    Attributes:
        samples: Mono audio at 24 kHz: int16 of shape (n,), or what `audio.pcm16_array` takes.
        transcript: What is said.
    """

    samples: AudioData
    transcript: str = ""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A function call.

    Attributes:
        name: The function's name.
        arguments: The arguments, as an object or as JSON text, which is sent as it is.
        call_id: The call's id; `None` (default) lets the server make one.
    """

    name: str
    arguments: Mapping[str, object] | str
    call_id: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Ends the response with status `failed`.

    Attributes:
        code: The error's code, for instance `rate_limit_exceeded`.
        message: The error in words.
        type: The kind of error. Default `server_error`.
    """

    code: str
    message: str = ""
    type: str = "server_error"


@dataclass(frozen=True, slots=True)
class Incomplete:
    """Ends the response with status `incomplete`.

    Attributes:
        reason: Why. Default `max_output_tokens`.
    """

    reason: Literal["max_output_tokens", "content_filter"] = "max_output_tokens"


Reply: TypeAlias = TextReply | AudioReply | ToolCall | Failure | Incomplete | str
"""One part of an answer; a plain string is a `TextReply`. Each message and each call becomes an item of its own."""


@dataclass(frozen=True, slots=True)
class UserAudio:
    """What the user said.

    Attributes:
        samples: int16, shape (n,), read-only.
        rate: Samples a second: 24000, or 8000 where the session's input is G.711.
    """

    samples: Int16Array
    rate: int


@dataclass(frozen=True, slots=True)
class ResponderRequest:
    """What a responder is asked.

    Attributes:
        items: The conversation up to now (or the response's own `input`), in order, without audio.
        text: The text of the last user message, `""` when it has none or there is no such message.
        audio: The audio of the last user message, `None` when it has none.
        tool_output: The output of the function call that is to be answered: the last item's, when it is one.
        session: The session's configuration.
        instructions: The instructions in force for this response.
        response_instructions: The instructions that the `response.create` itself carried, `None` without.
        tools: The tools in force for this response.
        tool_choice: The choice of tools in force for this response.
        modality: What the response is to be, text or audio.
    """

    items: Sequence[ConversationItem]
    text: str
    audio: UserAudio | None
    tool_output: str | None
    session: RealtimeSession
    instructions: str
    response_instructions: str | None
    tools: Sequence[Tool]
    tool_choice: ToolChoice
    modality: Literal["text", "audio"]


class Responder(Protocol):
    """Says what to answer."""

    async def respond(self, request: ResponderRequest) -> Reply | Sequence[Reply]:
        """Answer one response.

        It may take its time: the client can cancel the response meanwhile, which cancels this call. What it raises is
        logged and ends the response with status `failed`.

        Args:
            request: The conversation and the settings.

        Returns:
            The parts of the answer, in order. An empty sequence is a response without output.
        """
        ...


class ScriptedResponder:
    """Gives prepared answers in order, one a response.

    Args:
        replies: The answers; each a reply or a sequence of them.

    Attributes:
        requests: What it was asked so far.
    """

    def __init__(self, replies: Iterable[Reply | Sequence[Reply]]) -> None:
        self._replies = list(replies)
        self.requests: list[ResponderRequest] = []

    async def respond(self, request: ResponderRequest) -> Reply | Sequence[Reply]:
        """Give the next answer; after the last one, a `Failure` with code `script_exhausted`."""
        self.requests.append(request)
        if len(self.requests) > len(self._replies):
            return Failure("script_exhausted", f"the script holds {len(self._replies)} answers and all were given")
        return self._replies[len(self.requests) - 1]


class EchoResponder:
    """The default: gives the user back what came.

    - After the output of a function call: that output.
    - When a tool must be called, or the user's text holds a word of a function's name (`get_weather`: "weather"): a
      call of it, with arguments made from its JSON schema. Strings are the text's last capitalised word, numbers its
      first number.
    - After speech: the user's own audio, with the transcript `(your own words, 1.9 s)`.
    - After text: that text.
    """

    async def respond(self, request: ResponderRequest) -> Reply | Sequence[Reply]:
        """Echo the last turn."""
        if request.tool_output is not None:
            return TextReply(request.tool_output)
        tool = _wanted_tool(request)
        if tool is not None:
            return ToolCall(tool.name, _arguments(tool.parameters or {}, request.text))
        if request.audio is not None:
            seconds = duration_ms(request.audio.samples, request.audio.rate) / 1000
            own = resample(request.audio.samples, request.audio.rate, 24_000)
            return AudioReply(own, f"(your own words, {seconds:.1f} s)")
        return TextReply(request.text or request.response_instructions or "Hello from the local server.")


def _wanted_tool(request: ResponderRequest) -> FunctionTool | None:
    functions = [tool for tool in request.tools if isinstance(tool, FunctionTool)]
    choice = request.tool_choice
    if choice == "none" or not functions:
        return None
    if choice == "required":
        return functions[0]
    if not isinstance(choice, str):
        return next((tool for tool in functions if tool.name == getattr(choice, "name", None)), None)
    words = set(re.findall(r"[a-z0-9]+", request.text.lower()))
    for tool in functions:
        # Words of three letters or less ("get", "set") say too little about what is meant.
        named = {word for word in re.findall(r"[a-z0-9]+", tool.name.lower()) if len(word) > 3}
        if words & named:
            return tool
    return None


def _arguments(schema: Mapping[str, object], text: str) -> dict[str, object]:
    properties = _mapping(schema.get("properties"))
    required = schema.get("required")
    required = cast("list[object]", required) if isinstance(required, list) else list(properties)
    return {name: _value(properties[name], text) for name in properties if name in required}


def _mapping(value: object) -> Mapping[str, object]:
    """What a schema should hold; schemas are the user's, and a wrong one only makes a poor argument."""
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def _value(given: object, text: str) -> object:
    schema = _mapping(given)
    if "default" in schema:
        return schema["default"]
    options = schema.get("enum")
    if isinstance(options, list) and options:
        values = cast("list[object]", options)
        return next((value for value in values if str(value).lower() in text.lower()), values[0])
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next(iter(cast("list[object]", kind)), None)
    if kind in ("number", "integer"):
        found = re.search(r"-?\d+(?:\.\d+)?", text)
        least = schema.get("minimum")
        number = float(found[0]) if found else float(least) if isinstance(least, (int, float)) else 0.0
        return int(number) if kind == "integer" else number
    if kind == "boolean":
        return True
    if kind == "array":
        return [_value(schema.get("items"), text)]
    if kind == "object":
        return _arguments(schema, text)
    return None if kind == "null" else _word(text)


def _word(text: str) -> str:
    words = re.findall(r"[^\W\d_]+", text)
    capitalised = [word for word in words[1:] if word[0].isupper()]  # the first word is capitalised for grammar alone
    chosen: str = (capitalised or words or [""])[-1]
    return chosen


def arguments_text(arguments: Mapping[str, object] | str) -> str:
    """The arguments of a call as JSON text."""
    return arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
