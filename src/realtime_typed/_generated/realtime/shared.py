# Generated from schema/realtime/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml), sha256 16e19e69a3ceba441be3420f0ba290594ba65fa13f046ae2d400dfbe3a5d6a56
# by `python -m codegen generate realtime` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""Objects that events hold."""

from typing import Annotated, Literal

from pydantic import Field
from realtime_typed._wire import ItemModel, WireModel
from typing_extensions import TypeAliasType

AllowedCaller = TypeAliasType(
    "AllowedCaller",
    Literal["direct", "programmatic"] | str,
)
"""From where a tool may be called: `direct`, by the model itself, or `programmatic`, by a program."""


class AudioFormatPcm(WireModel):
    """Uncompressed audio: 16-bit signed little-endian samples, one channel."""

    type: Literal["audio/pcm"] = "audio/pcm"
    """Literal tag of this class on the wire; always this one value."""
    rate: Literal[24000] | int | None = None
    """Samples in a second; 24000 is the only rate the service takes."""


class AudioFormatPcma(WireModel):
    """G.711 A-law audio: one byte a sample, 8000 samples a second, one channel."""

    type: Literal["audio/pcma"] = "audio/pcma"
    """Literal tag of this class on the wire; always this one value."""


class AudioFormatPcmu(WireModel):
    """G.711 mu-law audio: one byte a sample, 8000 samples a second, one channel."""

    type: Literal["audio/pcmu"] = "audio/pcmu"
    """Literal tag of this class on the wire; always this one value."""


class AudioPart(WireModel):
    """A speech part as it begins or ends in a response; `output_audio` in the finished message."""

    type: Literal["audio"] = "audio"
    """Literal tag of this class on the wire; always this one value."""
    audio: str | None = None
    """Base64 of raw audio in the output format, normally left out because the deltas carry it."""
    transcript: str | None = None
    """What the model said; empty when the part begins."""


class AudioTranscription(WireModel):
    """How to transcribe the user's audio, which another model does for you to read; it does not change what the answering model hears."""

    model: Literal["whisper-1", "gpt-transcribe", "gpt-live-transcribe", "gpt-4o-mini-transcribe", "gpt-4o-mini-transcribe-2025-12-15", "gpt-4o-transcribe", "gpt-4o-transcribe-diarize", "gpt-realtime-whisper"] | str | None = (
        None
    )
    """The model that transcribes, such as `gpt-4o-transcribe` or `whisper-1`."""
    language: str | None = None
    """ISO 639-1 code of the spoken language, such as `en`; setting it makes the transcript better and faster."""
    languages: Annotated[list[str] | None, Field(min_length=1)] = None
    """ISO 639-1 codes of the languages that may be spoken, at least one; only `gpt-transcribe` and `gpt-live-transcribe` take it."""
    keywords: list[str] | None = None
    """Words and phrases to listen for, such as names; only `gpt-transcribe` and `gpt-live-transcribe` take it."""
    prompt: str | None = None
    """Text that guides the transcription: a list of keywords for `whisper-1`, free text for others, and not taken by every model."""
    delay: Literal["minimal", "low", "medium", "high", "xhigh"] | None = None
    """How long the model waits before it emits text, from `minimal` to `xhigh`; longer is more accurate, and only `gpt-realtime-whisper` takes it."""


class CachedTokensDetails(WireModel):
    """Input tokens of a response that came from the prompt cache, by kind."""

    text_tokens: int | None = None
    """Cached tokens that were text."""
    image_tokens: int | None = None
    """Cached tokens that were images."""
    audio_tokens: int | None = None
    """Cached tokens that were audio."""


class ConversationResource(WireModel):
    """The conversation of a session, to which items are added."""

    id: str | None = None
    """Id of the conversation, which responses carry as `conversation_id`."""
    object: str | None = None
    """Kind of object, such as `realtime.conversation`."""


class CustomVoice(WireModel):
    """A voice of your own, made beforehand and named by its id."""

    id: str
    """Id of the custom voice."""


class ErrorDetails(WireModel):
    """What went wrong, with the client event that caused it where the server knows it."""

    type: str
    """Broad kind of error, such as `invalid_request_error` or `server_error`."""
    code: str | None = None
    """Stable code to branch on, such as `conversation_already_has_active_response`; `null` if there is none."""
    message: str
    """What went wrong, for people to read; do not parse it."""
    param: str | None = None
    """Path of the offending field in your event, such as `session.type`; `null` if no field is to blame."""
    event_id: str | None = None
    """The `event_id` of your event that caused this; `null` if unknown or if you sent none."""


FileInputDetail = TypeAliasType(
    "FileInputDetail",
    Literal["auto", "low", "high"] | str,
)
"""How closely the model looks at a file: `low` is cheap, `high` is precise, `auto` leaves it to the service."""


class FunctionCallItem(ItemModel):
    """A call by the model to one of your functions; run it and answer with a `function_call_output` of the same `call_id`."""

    id: str | None = None
    """Id of the item, unique in the conversation; an item created without one is given one by the server."""
    object: Literal["realtime.item"] | str | None = None
    """Kind of object, always `realtime.item`; may be left out of items you create."""
    type: Literal["function_call"] = "function_call"
    """Literal tag of this class on the wire; always this one value."""
    status: Literal["completed", "incomplete", "in_progress"] | str | None = None
    """Progress of the item, `in_progress`, `completed` or `incomplete`; in items you create it has no effect."""
    call_id: str | None = None
    """Id of the call, to be repeated in the `function_call_output` that answers it."""
    name: str
    """Name of the function, as given in `tools`."""
    arguments: str
    """Arguments as JSON text, written by the model, so check them before use; complete once the item is done."""


class FunctionCallOutputItem(ItemModel):
    """The result of a function call, added by you; send `response.create` afterwards to have the model use it."""

    id: str | None = None
    """Id of the item, unique in the conversation; an item created without one is given one by the server."""
    object: Literal["realtime.item"] | str | None = None
    """Kind of object, always `realtime.item`; may be left out of items you create."""
    type: Literal["function_call_output"] = "function_call_output"
    """Literal tag of this class on the wire; always this one value."""
    status: Literal["completed", "incomplete", "in_progress"] | str | None = None
    """Progress of the item, `in_progress`, `completed` or `incomplete`; in items you create it has no effect."""
    call_id: str
    """The `call_id` of the function call that this answers."""
    output: str
    """The result as text that the model reads, commonly JSON; state failures here too, so that the model can react."""


class FunctionTool(WireModel):
    """A function that the model may ask you to run."""

    type: Literal["function"] = "function"
    """Literal tag of this class on the wire; always this one value."""
    name: str
    """Name the model calls the function by."""
    description: str | None = None
    """What the function does and when to use it; the model decides by this text."""
    parameters: dict[str, object] | None = None
    """JSON Schema of the arguments, an object at its root."""


ImageDetail = TypeAliasType(
    "ImageDetail",
    Literal["low", "high", "auto", "original"] | str,
)
"""How closely the model looks at an image: `low` is cheap, `high` is precise, `original` keeps its size, `auto` leaves it to the service."""


class InputAudioPart(WireModel):
    """Audio in a user message, either committed from the input buffer or given whole in an item."""

    type: Literal["input_audio"] = "input_audio"
    """Literal tag of this class on the wire; always this one value."""
    audio: str | None = None
    """Base64 of raw audio in the session's input format; the server leaves it out except in `conversation.item.retrieved`."""
    transcript: str | None = None
    """What was said, for your reference and not shown to the model; `null` until a transcription is ready."""


class InputImagePart(WireModel):
    """An image in a user message."""

    type: Literal["input_image"] = "input_image"
    """Literal tag of this class on the wire; always this one value."""
    image_url: str | None = None
    """The image itself as a data URI, such as `data:image/png;base64,...`; PNG or JPEG."""
    detail: Literal["auto", "low", "high"] | str | None = None
    """How closely the model looks: `low`, `high` or `auto`, the default, which means `high`."""


class InputTextPart(WireModel):
    """Text in a user or system message."""

    type: Literal["input_text"] = "input_text"
    """Literal tag of this class on the wire; always this one value."""
    text: str
    """The text the model reads."""


class InputTokenDetails(WireModel):
    """Input tokens of a response by kind."""

    cached_tokens: int | None = None
    """Input tokens that were served from the prompt cache; part of the input tokens, not on top of them."""
    text_tokens: int | None = None
    """Input tokens that were text."""
    image_tokens: int | None = None
    """Input tokens that were images."""
    audio_tokens: int | None = None
    """Input tokens that were audio."""
    cached_tokens_details: CachedTokensDetails | None = None
    """The cached tokens by kind."""


class LogProb(WireModel):
    """One token of a transcript with the model's confidence in it."""

    token: str
    """Text of the token."""
    logprob: float
    """Natural logarithm of the token's probability: 0 is certain, lower is less so."""
    bytes: list[int]
    """The UTF-8 bytes of the token, as integers from 0 to 255."""


class McpApprovalRequestItem(ItemModel):
    """The model wants to call an MCP tool that needs your consent; answer with an `mcp_approval_response` item."""

    type: Literal["mcp_approval_request"] = "mcp_approval_request"
    """Literal tag of this class on the wire; always this one value."""
    id: str
    """Id of the request, to be repeated as `approval_request_id` in the answer."""
    server_label: str
    """Label of the MCP server, as given in its tool entry."""
    name: str
    """Name of the tool the model wants to call."""
    arguments: str
    """Arguments of the intended call, as JSON text."""


class McpApprovalResponseItem(ItemModel):
    """Your answer to an `mcp_approval_request`, added with `conversation.item.create`."""

    type: Literal["mcp_approval_response"] = "mcp_approval_response"
    """Literal tag of this class on the wire; always this one value."""
    id: str
    """Id you give this item, unique in the conversation."""
    approval_request_id: str
    """The `id` of the `mcp_approval_request` that this answers."""
    approve: bool
    """Whether the call may run; false refuses it."""
    reason: str | None = None
    """Why you decided so; optional, and `null` is the same as none."""


class McpHttpError(WireModel):
    """The MCP server answered a tool call with an HTTP error."""

    type: Literal["http_error"] = "http_error"
    """Literal tag of this class on the wire; always this one value."""
    code: int
    """HTTP status code of the answer."""
    message: str
    """What went wrong, for people to read."""


class McpListToolsTool(WireModel):
    """One tool of an MCP server, as that server describes it."""

    name: str
    """Name of the tool on its server."""
    description: str | None = None
    """What the tool does, as the server says; `null` if it says nothing."""
    input_schema: dict[str, object]
    """JSON Schema of the tool's arguments."""
    annotations: dict[str, object] | None = None
    """Hints of the server about the tool, such as `readOnlyHint`; `null` if it gives none."""


class McpProtocolError(WireModel):
    """The MCP exchange itself failed, for instance because the server refused the request."""

    type: Literal["protocol_error"] = "protocol_error"
    """Literal tag of this class on the wire; always this one value."""
    code: int
    """Numeric code of the protocol error."""
    message: str
    """What went wrong, for people to read."""


class McpToolExecutionError(WireModel):
    """The MCP tool ran and reported a failure."""

    type: Literal["tool_execution_error"] = "tool_execution_error"
    """Literal tag of this class on the wire; always this one value."""
    message: str
    """What went wrong, for people to read."""


class McpToolFilter(WireModel):
    """Selects tools of an MCP server by name, by whether they only read, or by both."""

    tool_names: list[str] | None = None
    """Names of the tools selected."""
    read_only: bool | None = None
    """True selects the tools whose server marks them with `readOnlyHint`."""


Metadata = TypeAliasType(
    "Metadata",
    dict[str, str],
)
"""Up to 16 pairs of strings of your own, with keys of at most 64 and values of at most 512 characters."""


NoiseReductionType = TypeAliasType(
    "NoiseReductionType",
    Literal["near_field", "far_field"] | str,
)
"""Where the microphone is: `near_field` close to the mouth, as in a headset, or `far_field`, as in a laptop or a room."""


class OutputAudioPart(WireModel):
    """Speech in an assistant message."""

    type: Literal["output_audio"] = "output_audio"
    """Literal tag of this class on the wire; always this one value."""
    audio: str | None = None
    """Base64 of raw audio in the session's output format; the server leaves it out except in `conversation.item.retrieved`."""
    transcript: str | None = None
    """What the model said; `null` or absent while it is not known."""


class OutputTextPart(WireModel):
    """Text in an assistant message."""

    type: Literal["output_text"] = "output_text"
    """Literal tag of this class on the wire; always this one value."""
    text: str | None = None
    """The text the model wrote."""


class OutputTokenDetails(WireModel):
    """Output tokens of a response by kind."""

    text_tokens: int | None = None
    """Output tokens that were text, transcripts and function arguments included."""
    audio_tokens: int | None = None
    """Output tokens that were audio."""


class PromptCacheBreakpointConfig(WireModel):
    """Marks the exact end of a part of the prompt that later requests share and that should be cached."""

    mode: Literal["explicit"] = "explicit"
    """Kind of mark; `explicit` is the only one."""


class RateLimit(WireModel):
    """One rate limit and what remains of it."""

    name: Literal["requests", "tokens"] | str | None = None
    """What is limited: `requests` or `tokens`."""
    limit: int | None = None
    """Most that is allowed in the period."""
    remaining: int | None = None
    """What is left before the limit is reached."""
    reset_seconds: float | None = None
    """Seconds until the limit is back to its full value."""


ReasoningEffort = TypeAliasType(
    "ReasoningEffort",
    Literal["minimal", "low", "medium", "high", "xhigh"] | str,
)
"""Amount of thinking, from `minimal` to `xhigh`; more gives better answers, later and for more tokens."""


class ResponseStatusError(WireModel):
    """The error that made a response fail."""

    type: str | None = None
    """Broad kind of error."""
    code: str | None = None
    """Code to branch on, such as `insufficient_quota`, if there is one."""


class ResponseUsage(WireModel):
    """Tokens that one response consumed, as they are billed; the whole conversation counts as input again on every response."""

    total_tokens: int | None = None
    """Input and output tokens together."""
    input_tokens: int | None = None
    """Tokens the model read: instructions, tools and conversation, cached ones included."""
    output_tokens: int | None = None
    """Tokens the model produced, as text and audio."""
    input_token_details: InputTokenDetails | None = None
    """The input tokens by kind."""
    output_token_details: OutputTokenDetails | None = None
    """The output tokens by kind."""


class SemanticVad(WireModel):
    """Finds turns by meaning: a model judges whether the user has finished, and waits longer after an unfinished sentence."""

    type: Literal["semantic_vad"] = "semantic_vad"
    """Literal tag of this class on the wire; always this one value."""
    eagerness: Literal["low", "medium", "high", "auto"] | str | None = None
    """How soon to answer: `low` waits up to 8 seconds, `medium` 4, `high` 2; `auto`, the default, is the same as `medium`."""
    create_response: bool | None = None
    """Whether a response starts by itself when the user stops speaking; true by default."""
    interrupt_response: bool | None = None
    """Whether a running response is cancelled when the user starts to speak; true by default."""


class ServerVad(WireModel):
    """Finds turns by sound: speech begins when the audio is loud enough and ends after a stretch of silence."""

    type: Literal["server_vad"] = "server_vad"
    """Literal tag of this class on the wire; always this one value."""
    threshold: float | None = None
    """How loud speech must be to count, from 0 to 1; 0.5 by default, and higher suits noisy places."""
    prefix_padding_ms: int | None = None
    """Milliseconds of audio kept from before the speech was noticed; 300 by default."""
    silence_duration_ms: int | None = None
    """Milliseconds of silence that end a turn; shorter answers sooner but may cut into pauses."""
    create_response: bool | None = None
    """Whether a response starts by itself when the user stops speaking; true by default."""
    interrupt_response: bool | None = None
    """Whether a running response is cancelled when the user starts to speak; true by default."""
    idle_timeout_ms: Annotated[int | None, Field(ge=5000, le=30000)] = None
    """Milliseconds of silence after a response was played until the model speaks up by itself, 5000 to 30000; `null` for never."""


class SessionAudioTranscription(WireModel):
    """How a session transcribes the user's audio, as the server reports it."""

    model: Literal["whisper-1", "gpt-transcribe", "gpt-live-transcribe", "gpt-4o-mini-transcribe", "gpt-4o-mini-transcribe-2025-12-15", "gpt-4o-transcribe", "gpt-4o-transcribe-diarize", "gpt-realtime-whisper"] | str | None = (
        None
    )
    """The model that transcribes, which is not the one that answers."""
    language: str | None = None
    """ISO 639-1 code of the language that was set; `null` if none was."""
    languages: Annotated[list[str] | None, Field(min_length=1)] = None
    """ISO 639-1 codes of the languages that were set as possible."""
    prompt: str | None = None
    """The text that guides the transcription; `null` if none was set."""


class SystemMessageItem(ItemModel):
    """A message from the application that guides the model from this point of the conversation on, beside the session's instructions."""

    id: str | None = None
    """Id of the item, unique in the conversation; an item created without one is given one by the server."""
    object: Literal["realtime.item"] | str | None = None
    """Kind of object, always `realtime.item`; may be left out of items you create."""
    type: Literal["message"] = "message"
    """Kind of item, always `message`; `role` tells the messages apart."""
    status: Literal["completed", "incomplete", "in_progress"] | str | None = None
    """Progress of the item, `in_progress`, `completed` or `incomplete`; in items you create it has no effect."""
    role: Literal["system"] = "system"
    """Author of the message, always `system`."""
    content: list[InputTextPart]
    """The text parts of the message, in order."""


class TextPart(WireModel):
    """A text part as it begins or ends in a response; `output_text` in the finished message."""

    type: Literal["text"] = "text"
    """Literal tag of this class on the wire; always this one value."""
    text: str | None = None
    """The text the model wrote; empty when the part begins."""


class ToolChoiceFunction(WireModel):
    """Makes the model call one particular function."""

    type: Literal["function"] = "function"
    """Literal tag of this class on the wire; always this one value."""
    name: str
    """Name of the function to call."""


class ToolChoiceMcp(WireModel):
    """Makes the model call a tool of one particular MCP server."""

    type: Literal["mcp"] = "mcp"
    """Literal tag of this class on the wire; always this one value."""
    server_label: str
    """Label of the server, as given in its tool entry."""
    name: str | None = None
    """Name of the tool to call; `null` or absent leaves the choice among the server's tools to the model."""


ToolChoiceOptions = TypeAliasType(
    "ToolChoiceOptions",
    Literal["none", "auto", "required"] | str,
)
"""`none` forbids tools, `auto` leaves it to the model, `required` makes it call at least one."""


class TracingConfiguration(WireModel):
    """Names under which a session is traced in the platform's dashboard."""

    workflow_name: str | None = None
    """Name of the trace."""
    group_id: str | None = None
    """Id that traces which belong together share, to filter by."""
    metadata: dict[str, object] | None = None
    """Values of your own to filter traces by."""


class TranscriptionError(WireModel):
    """Why a piece of user audio could not be transcribed."""

    type: str | None = None
    """Broad kind of error."""
    code: str | None = None
    """Code to branch on, if there is one."""
    message: str | None = None
    """What went wrong, for people to read."""
    param: str | None = None
    """Name of the setting that is to blame, if one is."""


class TranscriptionInputTokenDetails(WireModel):
    """Input tokens of a transcription by kind."""

    text_tokens: int | None = None
    """Input tokens that were text, such as the prompt."""
    audio_tokens: int | None = None
    """Input tokens that were audio."""


class TranscriptionLanguage(WireModel):
    """A language that was found in transcribed audio."""

    code: str
    """Code of the language."""


class TranscriptionTurnDetection(WireModel):
    """How a transcription session cuts the audio into pieces, as the server reports it."""

    type: str | None = None
    """Kind of turn detection, such as `server_vad`."""
    threshold: float | None = None
    """How loud speech must be to count, from 0 to 1."""
    prefix_padding_ms: int | None = None
    """Milliseconds of audio kept from before the speech was noticed."""
    silence_duration_ms: int | None = None
    """Milliseconds of silence that end a piece of speech."""


class TranscriptionUsageDuration(WireModel):
    """Cost of a transcription by a model that is billed by the length of the audio."""

    type: Literal["duration"] = "duration"
    """Literal tag of this class on the wire; always this one value."""
    seconds: float
    """Length of the transcribed audio in seconds."""


class TranscriptionUsageTokens(WireModel):
    """Cost of a transcription by a model that is billed by tokens."""

    type: Literal["tokens"] = "tokens"
    """Literal tag of this class on the wire; always this one value."""
    input_tokens: int
    """Tokens of the audio and of the prompt that went with it."""
    input_token_details: TranscriptionInputTokenDetails | None = None
    """The input tokens by kind."""
    output_tokens: int
    """Tokens of the transcript."""
    total_tokens: int
    """Input and output tokens together."""


class TruncationTokenLimits(WireModel):
    """Limits on the size of the conversation, which keep the cost of long sessions down."""

    post_instructions: Annotated[int | None, Field(ge=0)] = None
    """Most tokens the conversation may hold beside instructions and tools before it is truncated."""


TurnDetection = TypeAliasType(
    "TurnDetection",
    Annotated[ServerVad | SemanticVad, Field(discriminator="type")],
)
"""How the server finds where the user's turn begins and ends, told by `type`: by loudness and silence, or by meaning."""


UserContentPart = TypeAliasType(
    "UserContentPart",
    Annotated[InputTextPart | InputAudioPart | InputImagePart, Field(discriminator="type")],
)
"""A part of a user message, told by `type`: text, audio or an image."""


class UserMessageItem(ItemModel):
    """A message from the user: text, audio, images or a mixture; committed audio becomes one by itself."""

    id: str | None = None
    """Id of the item, unique in the conversation; an item created without one is given one by the server."""
    object: Literal["realtime.item"] | str | None = None
    """Kind of object, always `realtime.item`; may be left out of items you create."""
    type: Literal["message"] = "message"
    """Kind of item, always `message`; `role` tells the messages apart."""
    status: Literal["completed", "incomplete", "in_progress"] | str | None = None
    """Progress of the item, `in_progress`, `completed` or `incomplete`; in items you create it has no effect."""
    role: Literal["user"] = "user"
    """Author of the message, always `user`."""
    content: list[UserContentPart]
    """The text, audio and image parts of the message, in order."""


Voice = TypeAliasType(
    "Voice",
    Literal["alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar"] | str,
)
"""Name of a built-in voice, such as `marin` or `cedar`; any other name is passed on as it is."""


VoiceOrCustomVoice = TypeAliasType(
    "VoiceOrCustomVoice",
    Voice | CustomVoice,
)
"""The voice the model speaks with: the name of a built-in one, or an object with the id of a custom one."""


AssistantContentPart = TypeAliasType(
    "AssistantContentPart",
    Annotated[OutputTextPart | OutputAudioPart, Field(discriminator="type")],
)
"""A part of an assistant message, told by `type`: text or audio."""


class AssistantMessageItem(ItemModel):
    """A message from the model, as text or as speech with its transcript; one that you add as history may hold text only."""

    id: str | None = None
    """Id of the item, unique in the conversation; an item created without one is given one by the server."""
    object: Literal["realtime.item"] | str | None = None
    """Kind of object, always `realtime.item`; may be left out of items you create."""
    type: Literal["message"] = "message"
    """Kind of item, always `message`; `role` tells the messages apart."""
    status: Literal["completed", "incomplete", "in_progress"] | str | None = None
    """Progress of the item, `in_progress`, `completed` or `incomplete`; in items you create it has no effect."""
    role: Literal["assistant"] = "assistant"
    """Author of the message, always `assistant`."""
    content: list[AssistantContentPart]
    """The text and audio parts of the message, in order; empty while the model has not begun."""


AudioFormat = TypeAliasType(
    "AudioFormat",
    Annotated[AudioFormatPcm | AudioFormatPcmu | AudioFormatPcma, Field(discriminator="type")],
)
"""Encoding of raw audio in either direction, told by `type`: 24 kHz PCM, or G.711 as telephones use it."""


ContentPart = TypeAliasType(
    "ContentPart",
    Annotated[TextPart | AudioPart, Field(discriminator="type")],
)
"""A part of an assistant message as `response.content_part.*` events carry it, told by `type`: text or audio."""


class InputFileContent(WireModel):
    """A file as the value of a prompt variable, given by `file_id`, `file_url` or `file_data`."""

    type: Literal["input_file"] = "input_file"
    """Literal tag of this class on the wire; always this one value."""
    file_id: str | None = None
    """Id of an uploaded file; `null` if it is given otherwise."""
    filename: str | None = None
    """Name of the file."""
    file_data: str | None = None
    """The content of the file itself, as base64."""
    prompt_cache_breakpoint: PromptCacheBreakpointConfig | None = None
    """Marks this content as the end of a part of the prompt that is worth caching."""
    file_url: str | None = None
    """URL from which the service fetches the file."""
    detail: FileInputDetail | None = None
    """How closely the model looks at the file; `auto` by default."""


class InputImageContent(WireModel):
    """An image as the value of a prompt variable, given by `image_url` or by `file_id`."""

    type: Literal["input_image"] = "input_image"
    """Literal tag of this class on the wire; always this one value."""
    image_url: str | None = None
    """URL of the image, or the image itself as a data URI; `null` if `file_id` is used."""
    file_id: str | None = None
    """Id of an uploaded image; `null` if `image_url` is used."""
    detail: ImageDetail
    """How closely the model looks at the image."""
    prompt_cache_breakpoint: PromptCacheBreakpointConfig | None = None
    """Marks this content as the end of a part of the prompt that is worth caching."""


class InputTextContent(WireModel):
    """Text as the value of a prompt variable."""

    type: Literal["input_text"] = "input_text"
    """Literal tag of this class on the wire; always this one value."""
    text: str
    """The text to put in."""
    prompt_cache_breakpoint: PromptCacheBreakpointConfig | None = None
    """Marks this content as the end of a part of the prompt that is worth caching."""


class McpApprovalFilter(WireModel):
    """Which tools of an MCP server need your consent before each call, and which never do."""

    always: McpToolFilter | None = None
    """Tools whose calls always wait for your consent."""
    never: McpToolFilter | None = None
    """Tools whose calls run without asking."""


McpError = TypeAliasType(
    "McpError",
    Annotated[McpProtocolError | McpToolExecutionError | McpHttpError, Field(discriminator="type")],
)
"""Why an MCP tool call failed, told by `type`: the protocol, the tool itself, or HTTP."""


class McpListToolsItem(ItemModel):
    """The tools that an MCP server offers, fetched by the service when the server is added to a session or response."""

    type: Literal["mcp_list_tools"] = "mcp_list_tools"
    """Literal tag of this class on the wire; always this one value."""
    id: str | None = None
    """Id of the item, unique in the conversation; an item created without one is given one by the server."""
    server_label: str
    """Label of the MCP server, as given in its tool entry."""
    tools: list[McpListToolsTool]
    """The tools the server offers; empty until they are fetched."""


class McpTool(WireModel):
    """An MCP server whose tools the service calls by itself; give exactly one of `server_url`, `connector_id` and `tunnel_id`."""

    type: Literal["mcp"] = "mcp"
    """Literal tag of this class on the wire; always this one value."""
    server_label: str
    """Name you give the server, by which items and `tool_choice` refer to it."""
    server_url: str | None = None
    """URL of the MCP server, reachable from the service."""
    connector_id: Literal["connector_dropbox", "connector_gmail", "connector_googlecalendar", "connector_googledrive", "connector_microsoftteams", "connector_outlookcalendar", "connector_outlookemail", "connector_sharepoint"] | str | None = (
        None
    )
    """A connector that the service brings along, such as `connector_gmail`, in place of a server of your own."""
    tunnel_id: Annotated[str | None, Field(pattern="^tunnel_[a-z0-9]{32}$")] = None
    """Id of a secure tunnel to an MCP server that has no public URL."""
    authorization: str | None = None
    """OAuth access token for the server or connector, which your application obtains and renews."""
    server_description: str | None = None
    """What the server is for, as a hint to the model."""
    headers: dict[str, object] | None = None
    """HTTP headers sent to the server with each request, for instance to authenticate; `null` for none."""
    allowed_tools: list[str] | McpToolFilter | None = None
    """Names of the tools the model may use, or a filter; `null` allows all of them."""
    allowed_callers: Annotated[list[AllowedCaller] | None, Field(min_length=1)] = None
    """From where the tools may be called: `direct`, `programmatic` or both; `null` leaves it to the service."""
    require_approval: McpApprovalFilter | Literal["always", "never"] | str | None = None
    """Which calls wait for your consent: `always` (the default), `never`, or an object that sorts the tools into the two."""
    defer_loading: bool | None = None
    """Whether the tools are left out at first and found by tool search when they are needed."""


MessageItem = TypeAliasType(
    "MessageItem",
    Annotated[SystemMessageItem | UserMessageItem | AssistantMessageItem, Field(discriminator="role")],
)
"""A message of the conversation, told by `role`: system, user or assistant."""


class NoiseReduction(WireModel):
    """Filter that removes noise from the user's audio before turn detection and the model hear it."""

    type: NoiseReductionType | None = None
    """Where the microphone is: `near_field` for headsets, `far_field` for laptops and rooms."""


PromptVariableContent = TypeAliasType(
    "PromptVariableContent",
    Annotated[InputTextContent | InputImageContent | InputFileContent, Field(discriminator="type")],
)
"""Value of a prompt variable that is more than a string, told by `type`: text, an image or a file."""


class Reasoning(WireModel):
    """How much a reasoning model thinks before it answers."""

    effort: ReasoningEffort | None = None
    """Amount of thinking, from `minimal` to `xhigh`, `low` by default; more costs time and tokens."""


class ResponseAudioOutput(WireModel):
    """The format and voice a response was spoken with."""

    format: AudioFormat | None = None
    """Encoding of the audio in `response.output_audio.delta`."""
    voice: VoiceOrCustomVoice | None = None
    """The voice that spoke."""


class ResponseConfigAudioOutput(WireModel):
    """Format and voice that one response is spoken with."""

    format: AudioFormat | None = None
    """Encoding of the audio you receive; by default the session's."""
    voice: VoiceOrCustomVoice | None = None
    """The voice to speak with; it cannot change once the session has produced audio."""


class ResponseStatusDetails(WireModel):
    """Why a response ended as it did; given when it did not simply complete."""

    type: Literal["completed", "cancelled", "failed", "incomplete"] | str | None = None
    """Repeats how the response ended: `cancelled`, `failed`, `incomplete` or `completed`."""
    reason: Literal["turn_detected", "client_cancelled", "max_output_tokens", "content_filter"] | str | None = (
        None
    )
    """Cause: `turn_detected` or `client_cancelled` for a cancelled response, `max_output_tokens` or `content_filter` for an incomplete one."""
    error: ResponseStatusError | None = None
    """What failed; given when the status is `failed`."""


class RetentionRatioTruncation(WireModel):
    """Drops more of the oldest items than it must when the context is full, so that it happens less often and the prompt cache stays useful."""

    type: Literal["retention_ratio"] = "retention_ratio"
    """Literal tag of this class on the wire; always this one value."""
    retention_ratio: Annotated[float, Field(ge=0.0, le=1.0)]
    """Share of the allowed tokens to keep, from 0 to 1; 0.8 drops items until the conversation fills 80 % of it."""
    token_limits: TruncationTokenLimits | None = None
    """Limits of your own, lower than the model's; when absent the model's apply."""


class SessionAudioInput(WireModel):
    """How the user's audio is decoded, cleaned, transcribed and cut into turns, as the server reports it."""

    format: AudioFormat | None = None
    """Encoding of the audio you append."""
    transcription: SessionAudioTranscription | None = None
    """How the user's audio is transcribed; `null` if it is not."""
    noise_reduction: NoiseReduction | None = None
    """How noise is filtered out; `null` if it is not."""
    turn_detection: TurnDetection | None = None
    """How the end of the user's turn is found; `null` if you commit and create responses yourself."""


class SessionAudioInputConfig(WireModel):
    """How the user's audio should be decoded, cleaned, transcribed and cut into turns."""

    format: AudioFormat | None = None
    """Encoding of the audio you append; 24 kHz PCM by default."""
    transcription: AudioTranscription | None = None
    """How to transcribe the user's audio; off by default, and `null` switches it off again."""
    noise_reduction: NoiseReduction | None = None
    """How to filter out noise before turn detection and the model hear the audio; off by default, and `null` switches it off again."""
    turn_detection: TurnDetection | None = None
    """How to find the end of the user's turn, `server_vad` by default; `null` switches it off, so that you commit and create responses yourself."""


class SessionAudioOutput(WireModel):
    """How the model's speech is given out, as the server reports it."""

    format: AudioFormat | None = None
    """Encoding of the audio in `response.output_audio.delta`."""
    voice: VoiceOrCustomVoice | None = None
    """The voice that speaks, in the form it was set: a name or an object with an `id`."""
    speed: Annotated[float | None, Field(ge=0.25, le=1.5)] = None
    """Speed of the speech, from 0.25 to 1.5, where 1 is normal."""


class SessionAudioOutputConfig(WireModel):
    """How the model's speech should be given out."""

    format: AudioFormat | None = None
    """Encoding of the audio you receive; 24 kHz PCM by default."""
    voice: VoiceOrCustomVoice | None = None
    """The voice to speak with, a name or an object with an `id`; it cannot change once the session has produced audio."""
    speed: Annotated[float | None, Field(ge=0.25, le=1.5)] = None
    """Speed of the speech, from 0.25 to 1.5, where 1 is the default; it can be changed only between responses."""


Tool = TypeAliasType(
    "Tool",
    Annotated[FunctionTool | McpTool, Field(discriminator="type")],
)
"""Something the model may call, told by `type`: a function that you run, or an MCP server that the service calls."""


ToolChoice = TypeAliasType(
    "ToolChoice",
    ToolChoiceOptions | ToolChoiceFunction | ToolChoiceMcp,
)
"""Whether and which tools the model uses: `none`, `auto`, `required`, or an object that forces one function or MCP server."""


Tracing = TypeAliasType(
    "Tracing",
    Literal["auto"] | TracingConfiguration,
)
"""How a session is traced in the platform's dashboard: `auto` with default names, or an object with names of your own."""


class TranscriptionAudioInput(WireModel):
    """How a transcription session decodes, cleans, transcribes and cuts the audio, as the server reports it."""

    format: AudioFormat | None = None
    """Encoding of the audio you append."""
    transcription: SessionAudioTranscription | None = None
    """How the audio is transcribed; `null` if nothing was set."""
    noise_reduction: NoiseReduction | None = None
    """How noise is filtered out; `null` if it is not."""
    turn_detection: TranscriptionTurnDetection | None = None
    """How the audio is cut into pieces; `null` if you commit them yourself."""


class TranscriptionAudioInputConfig(WireModel):
    """How a transcription session should decode, clean, transcribe and cut the audio."""

    format: AudioFormat | None = None
    """Encoding of the audio you append; 24 kHz PCM by default."""
    transcription: AudioTranscription | None = None
    """The model that transcribes, and what guides it."""
    noise_reduction: NoiseReduction | None = None
    """How to filter out noise before the audio is transcribed; off by default, and `null` switches it off again."""
    turn_detection: TurnDetection | None = None
    """How to cut the audio into pieces; `null` switches it off, so that you commit them yourself."""


TranscriptionUsage = TypeAliasType(
    "TranscriptionUsage",
    Annotated[TranscriptionUsageTokens | TranscriptionUsageDuration, Field(discriminator="type")],
)
"""What a transcription cost, told by `type`: tokens or seconds of audio, as the transcription model is billed."""


Truncation = TypeAliasType(
    "Truncation",
    Literal["auto", "disabled"] | str | RetentionRatioTruncation,
)
"""What happens when the conversation outgrows the model's context: `auto` drops the oldest items, `disabled` answers with an error, an object sets how much to keep."""


class McpCallItem(ItemModel):
    """A call to a tool of an MCP server, which the service runs itself; you have nothing to answer."""

    type: Literal["mcp_call"] = "mcp_call"
    """Literal tag of this class on the wire; always this one value."""
    id: str
    """Id of the item, unique in the conversation."""
    server_label: str
    """Label of the MCP server, as given in its tool entry."""
    name: str
    """Name of the tool that is called."""
    arguments: str
    """Arguments of the call, as JSON text written by the model."""
    approval_request_id: str | None = None
    """Id of the approval request that preceded the call; `null` if none was needed."""
    output: str | None = None
    """Result of the tool; `null` until the call succeeds."""
    error: McpError | None = None
    """Why the call failed; `null` if it has not."""


PromptVariable = TypeAliasType(
    "PromptVariable",
    PromptVariableContent | str,
)
"""Value of a variable of a stored prompt: a string, or text, an image or a file."""


PromptVariables = TypeAliasType(
    "PromptVariables",
    dict[str, PromptVariable],
)
"""Values for the variables of a stored prompt, by the name of the variable."""


class ResponseAudio(WireModel):
    """The audio settings a response was made with."""

    output: ResponseAudioOutput | None = None
    """Format and voice of the speech."""


class ResponseConfigAudio(WireModel):
    """Audio settings of one response."""

    output: ResponseConfigAudioOutput | None = None
    """Format and voice of the speech."""


class SessionAudio(WireModel):
    """How a session takes in and gives out audio, as the server reports it."""

    input: SessionAudioInput | None = None
    """Settings of the user's audio."""
    output: SessionAudioOutput | None = None
    """Settings of the model's speech."""


class SessionAudioConfig(WireModel):
    """How a session should take in and give out audio."""

    input: SessionAudioInputConfig | None = None
    """Settings of the user's audio."""
    output: SessionAudioOutputConfig | None = None
    """Settings of the model's speech."""


class TranscriptionAudio(WireModel):
    """How a transcription session takes in audio, as the server reports it."""

    input: TranscriptionAudioInput | None = None
    """Settings of the audio to transcribe."""


class TranscriptionAudioConfig(WireModel):
    """How a transcription session should take in audio."""

    input: TranscriptionAudioInputConfig | None = None
    """Settings of the audio to transcribe."""


class TranscriptionSession(WireModel):
    """The configuration of a session that only transcribes, as the server reports it."""

    type: Literal["transcription"] = "transcription"
    """Literal tag of this class on the wire; always this one value."""
    id: str
    """Id of the session, useful in logs and support requests."""
    object: str
    """Kind of object, such as `realtime.transcription_session`."""
    expires_at: int | None = None
    """When the server will close the session, in seconds since the Unix epoch."""
    include: list[Literal["item.input_audio_transcription.logprobs"] | str] | None = (
        None
    )
    """Extra data the server adds to its events; `null` if nothing was asked for."""
    audio: TranscriptionAudio | None = None
    """How audio is taken in."""


class TranscriptionSessionConfig(WireModel):
    """Settings of a session that only transcribes and never answers, to send in `session.update`; fields that are absent stay as they are."""

    type: Literal["transcription"] = "transcription"
    """Kind of session, always `transcription`; the service refuses an update without it."""
    audio: TranscriptionAudioConfig | None = None
    """How audio is taken in."""
    include: list[Literal["item.input_audio_transcription.logprobs"]] | None = None
    """Extra data wanted in server events; `item.input_audio_transcription.logprobs` adds token probabilities to transcripts."""


ConversationItem = TypeAliasType(
    "ConversationItem",
    Annotated[MessageItem | FunctionCallItem | FunctionCallOutputItem | McpApprovalResponseItem | McpListToolsItem | McpCallItem | McpApprovalRequestItem, Field(discriminator="type")],
)
"""An entry of the conversation, told by `type`: a message, a function call or its output, or one of the MCP items."""


class Prompt(WireModel):
    """A prompt stored on the platform, with values for the variables in it."""

    id: str
    """Id of the stored prompt."""
    version: str | None = None
    """Version of the prompt; absent or `null` takes the current one."""
    variables: PromptVariables | None = None
    """Values for the variables in the prompt; `null` for none."""


class RealtimeResponse(WireModel):
    """One answer of the model, from `response.created` to `response.done`, with its outcome, its output and its cost."""

    id: str | None = None
    """Id of the response, which every event about it carries as `response_id`."""
    object: Literal["realtime.response"] | str | None = None
    """Kind of object, always `realtime.response`."""
    status: Literal["completed", "cancelled", "failed", "incomplete", "in_progress"] | str | None = (
        None
    )
    """`in_progress` while it runs; then `completed`, `cancelled`, `failed` or `incomplete`."""
    status_details: ResponseStatusDetails | None = None
    """Why it ended as it did; `null` while it runs and when it completed."""
    output: list[ConversationItem] | None = None
    """The items the model produced, without audio data; empty in `response.created`."""
    metadata: Metadata | None = None
    """The metadata given in `response.create`, by which your own responses can be told apart; `null` if none was given."""
    audio: ResponseAudio | None = None
    """The audio settings used for this response."""
    usage: ResponseUsage | None = None
    """Tokens the response consumed; `null` until it is done."""
    conversation_id: str | None = None
    """Id of the conversation that takes up the output; absent or `null` for a response outside of it (`conversation` set to `none`)."""
    output_modalities: list[Literal["text", "audio"] | str] | None = None
    """What the model answered with: audio with its transcript, or text."""
    max_output_tokens: int | Literal["inf"] | None = None
    """Most tokens the response was allowed to produce, or `inf`."""


class RealtimeSession(WireModel):
    """The configuration of a conversation with a model, as the server reports it in `session.created` and `session.updated`."""

    type: Literal["realtime"] = "realtime"
    """Literal tag of this class on the wire; always this one value."""
    id: str
    """Id of the session, useful in logs and support requests."""
    object: Literal["realtime.session"] | str
    """Kind of object, always `realtime.session`."""
    expires_at: int | None = None
    """When the server will close the session, in seconds since the Unix epoch; at most 60 minutes after its start."""
    output_modalities: list[Literal["text", "audio"] | str] | None = None
    """What the model answers with: audio with its transcript, or text."""
    model: Literal["gpt-realtime", "gpt-realtime-1.5", "gpt-realtime-2", "gpt-realtime-2.1", "gpt-realtime-2.1-mini", "gpt-realtime-2025-08-28", "gpt-4o-realtime-preview", "gpt-4o-realtime-preview-2024-10-01", "gpt-4o-realtime-preview-2024-12-17", "gpt-4o-realtime-preview-2025-06-03", "gpt-4o-mini-realtime-preview", "gpt-4o-mini-realtime-preview-2024-12-17", "gpt-realtime-mini", "gpt-realtime-mini-2025-10-06", "gpt-realtime-mini-2025-12-15", "gpt-audio-1.5", "gpt-audio-mini", "gpt-audio-mini-2025-10-06", "gpt-audio-mini-2025-12-15"] | str | None = (
        None
    )
    """The model that serves the session."""
    instructions: str | None = None
    """The system prompt in force; the service fills in its own if none was set."""
    audio: SessionAudio | None = None
    """How audio is taken in and given out."""
    include: list[Literal["item.input_audio_transcription.logprobs"] | str] | None = (
        None
    )
    """Extra data the server adds to its events; `null` if nothing was asked for."""
    tracing: Tracing | None = None
    """Where the session is traced for the dashboard of the platform; `null` if tracing is off."""
    tools: list[Tool] | None = None
    """Tools the model may use."""
    tool_choice: ToolChoice | None = None
    """Whether and which tools the model uses."""
    reasoning: Reasoning | None = None
    """How much the model thinks before it answers; for reasoning models only."""
    max_output_tokens: int | Literal["inf"] | None = None
    """Most tokens a response may produce, or `inf`."""
    truncation: Truncation | None = None
    """What happens when the conversation outgrows the model's context."""
    prompt: Prompt | None = None
    """The stored prompt in use; `null` for none."""


class RealtimeSessionConfig(WireModel):
    """Settings of a conversation with a model, to send in `session.update`; fields that are absent stay as they are."""

    type: Literal["realtime"] = "realtime"
    """Kind of session, always `realtime`; the service refuses an update without it."""
    output_modalities: list[Literal["text", "audio"]] | None = None
    """Either audio (with a transcript), the default, or text, in a list of one; both at once are not possible."""
    model: Literal["gpt-realtime", "gpt-realtime-1.5", "gpt-realtime-2", "gpt-realtime-2.1", "gpt-realtime-2.1-mini", "gpt-realtime-2025-08-28", "gpt-4o-realtime-preview", "gpt-4o-realtime-preview-2024-10-01", "gpt-4o-realtime-preview-2024-12-17", "gpt-4o-realtime-preview-2025-06-03", "gpt-4o-mini-realtime-preview", "gpt-4o-mini-realtime-preview-2024-12-17", "gpt-realtime-mini", "gpt-realtime-mini-2025-10-06", "gpt-realtime-mini-2025-12-15", "gpt-audio-1.5", "gpt-audio-mini", "gpt-audio-mini-2025-10-06", "gpt-audio-mini-2025-12-15"] | str | None = (
        None
    )
    """The model to talk to; chosen when the session is opened and not to be changed later."""
    instructions: str | None = None
    """System prompt for every response; an empty string clears it, and unset the service uses a default of its own."""
    audio: SessionAudioConfig | None = None
    """How audio is taken in and given out."""
    include: list[Literal["item.input_audio_transcription.logprobs"]] | None = None
    """Extra data wanted in server events; `item.input_audio_transcription.logprobs` adds token probabilities to transcripts."""
    tracing: Tracing | None = None
    """`auto` or a configuration traces the session in the platform's dashboard, which cannot be changed afterwards; `null`, the default, does not."""
    tools: list[Tool] | None = None
    """Functions and MCP servers the model may use; an empty list takes all away."""
    tool_choice: ToolChoice | None = None
    """Whether and which tools the model uses; `auto` by default."""
    parallel_tool_calls: bool | None = None
    """Whether the model may call several tools at once; for reasoning models only."""
    reasoning: Reasoning | None = None
    """How much the model thinks before it answers; for reasoning models only."""
    max_output_tokens: int | Literal["inf"] | None = None
    """Most tokens a response may produce, tool calls included: 1 to 4096, or `inf`, the default."""
    truncation: Truncation | None = None
    """What to do when the conversation outgrows the model's context; `auto` by default."""
    prompt: Prompt | None = None
    """A stored prompt to use; `null` for none."""


class ResponseConfig(WireModel):
    """Settings of one response, each of which replaces the session's for that response only."""

    output_modalities: list[Literal["text", "audio"]] | None = None
    """Either audio (with a transcript) or text, in a list of one; by default the session's."""
    instructions: str | None = None
    """System prompt of this response, in place of the session's instructions."""
    audio: ResponseConfigAudio | None = None
    """Format and voice of the speech of this response."""
    tools: list[Tool] | None = None
    """Tools the model may use in this response, in place of the session's; an empty list takes all away."""
    tool_choice: ToolChoice | None = None
    """Whether and which tools the model uses; by default the session's."""
    parallel_tool_calls: bool | None = None
    """Whether the model may call several tools at once; for reasoning models only."""
    reasoning: Reasoning | None = None
    """How much the model thinks before it answers; for reasoning models only."""
    max_output_tokens: int | Literal["inf"] | None = None
    """Most tokens to produce, tool calls included: 1 to 4096, or `inf` for as many as the model can."""
    conversation: Literal["auto", "none"] | str | None = None
    """`auto`, the default, adds the output to the session's conversation; `none` answers outside of it and leaves it untouched."""
    metadata: Metadata | None = None
    """Up to 16 strings of your own, returned on the response so that you can recognise it; `null` for none."""
    prompt: Prompt | None = None
    """A stored prompt to answer with; `null` for none."""
    input: list[ConversationItem] | None = None
    """Items the model sees in place of the whole conversation; an empty list shows it nothing, absent shows it the conversation."""


Session = TypeAliasType(
    "Session",
    Annotated[RealtimeSession | TranscriptionSession, Field(discriminator="type")],
)
"""The configuration a session runs with, as the server reports it, told by `type`: a conversation with a model, or transcription only."""


SessionConfig = TypeAliasType(
    "SessionConfig",
    Annotated[RealtimeSessionConfig | TranscriptionSessionConfig, Field(discriminator="type")],
)
"""The configuration to send in `session.update`, told by `type`: a conversation with a model, or transcription only."""
