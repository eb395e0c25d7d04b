# Generated from schema/realtime_beta/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml, ../realtime/overlay.yaml, ../realtime/docs.yaml), sha256 1f9c8d840fac17c6f18474b4809270af7549c1e9456ef98eff724815115b793c
# by `python -m codegen generate realtime_beta` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""Objects that events hold."""

from typing import Annotated, Literal

from pydantic import Field
from realtime_typed._wire import ItemModel, WireModel
from typing_extensions import TypeAliasType


class AudioPart(WireModel):
    """Speech in a message of the assistant."""

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


class ClientSecretKey(WireModel):
    """A short-lived key."""

    value: str
    """The key itself, which begins with `ek_`; use it where an API key would go."""
    expires_at: int
    """When the key expires, in seconds since the Unix epoch."""


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


Metadata = TypeAliasType(
    "Metadata",
    dict[str, str],
)
"""Up to 16 pairs of strings of your own, with keys of at most 64 and values of at most 512 characters."""


class NamedVoice(WireModel):
    """A voice of a server that has more than one kind of them."""

    name: str
    """Name of the voice."""
    type: str | None = None
    """Kind of voice, such as `openai` or `azure-standard`."""


NoiseReductionType = TypeAliasType(
    "NoiseReductionType",
    Literal["near_field", "far_field"] | str,
)
"""Where the microphone is: `near_field` close to the mouth, as in a headset, or `far_field`, as in a laptop or a room."""


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
    """Text in a message of the assistant."""

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
    Voice | CustomVoice | NamedVoice,
)
"""The voice the model speaks with: the name of a built-in one, or an object with the id or the name of another."""


AssistantContentPart = TypeAliasType(
    "AssistantContentPart",
    Annotated[TextPart | AudioPart, Field(discriminator="type")],
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


class TranscriptionSession(WireModel):
    """The configuration of a session that only transcribes, as the server reports it."""

    id: str | None = None
    """Id of the session, useful in logs and support requests."""
    object: str | None = None
    """Kind of object, such as `realtime.transcription_session`."""
    expires_at: int | None = None
    """When the server will close the session, in seconds since the Unix epoch."""
    client_secret: ClientSecretKey | None = None
    """The short-lived key that opens the session, in the HTTP endpoint's answer only; otherwise absent or `null`."""
    modalities: list[Literal["text", "audio"] | str] | None = None
    """What the session makes; a transcription is text."""
    input_audio_format: str | None = None
    """Encoding of the audio you append."""
    input_audio_transcription: SessionAudioTranscription | None = None
    """How the audio is transcribed; `null` if nothing was set."""
    input_audio_noise_reduction: NoiseReduction | None = None
    """How noise is filtered out; `null` if it is not."""
    turn_detection: TurnDetection | None = None
    """How the audio is cut into pieces; `null` if you commit them yourself."""
    include: list[Literal["item.input_audio_transcription.logprobs"] | str] | None = (
        None
    )
    """Extra data the server adds to its events; `null` if nothing was asked for."""


class TranscriptionSessionConfig(WireModel):
    """Settings of a session that only transcribes, to send in `transcription_session.update` or to the HTTP endpoint; fields that are absent stay as they are."""

    turn_detection: TurnDetection | None = None
    """How to cut the audio into pieces; `null` switches it off, so that you commit them yourself."""
    input_audio_noise_reduction: NoiseReduction | None = None
    """How to filter out noise before the audio is transcribed; `null` switches it off."""
    input_audio_format: Literal["pcm16", "g711_ulaw", "g711_alaw"] | None = None
    """Encoding of the audio you append: `pcm16` (the default), `g711_ulaw` or `g711_alaw`."""
    input_audio_transcription: AudioTranscription | None = None
    """The model that transcribes, and what guides it."""
    include: list[Literal["item.input_audio_transcription.logprobs"]] | None = None
    """Extra data wanted in server events; `item.input_audio_transcription.logprobs` adds token probabilities to transcripts."""


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
    usage: ResponseUsage | None = None
    """Tokens the response consumed; `null` until it is done."""
    conversation_id: str | None = None
    """Id of the conversation that takes up the output; absent or `null` for a response outside of it (`conversation` set to `none`)."""
    voice: VoiceOrCustomVoice | None = None
    """The voice that spoke."""
    modalities: list[Literal["text", "audio"] | str] | None = None
    """What the model answered with."""
    output_audio_format: Literal["pcm16", "g711_ulaw", "g711_alaw"] | str | None = None
    """Encoding of the audio of this response; `null` if there is none."""
    temperature: float | None = None
    """How freely the model chose its words; `null` if the server does not say."""
    max_output_tokens: int | Literal["inf"] | None = None
    """Most tokens the response was allowed to produce, or `inf`."""


class RealtimeSession(WireModel):
    """The configuration of a session, as the server reports it: flat, where GA nests."""

    id: str | None = None
    """Id of the session, useful in logs and support requests."""
    object: Literal["realtime.session"] | str | None = None
    """Kind of object, always `realtime.session`."""
    modalities: list[Literal["text", "audio"] | str] | None = None
    """What the model answers with: `text`, or `text` and `audio` for speech with its transcript."""
    model: Literal["gpt-realtime", "gpt-realtime-1.5", "gpt-realtime-2025-08-28", "gpt-4o-realtime-preview", "gpt-4o-realtime-preview-2024-10-01", "gpt-4o-realtime-preview-2024-12-17", "gpt-4o-realtime-preview-2025-06-03", "gpt-4o-mini-realtime-preview", "gpt-4o-mini-realtime-preview-2024-12-17", "gpt-realtime-mini", "gpt-realtime-mini-2025-10-06", "gpt-realtime-mini-2025-12-15", "gpt-audio-1.5", "gpt-audio-mini", "gpt-audio-mini-2025-10-06", "gpt-audio-mini-2025-12-15"] | str | None = (
        None
    )
    """The model that serves the session."""
    instructions: str | None = None
    """The system prompt in force; the service fills in its own if none was set."""
    voice: VoiceOrCustomVoice | None = None
    """The voice the model speaks with: a name, or an object on servers that have more than names."""
    input_audio_format: Literal["pcm16", "g711_ulaw", "g711_alaw"] | str | None = None
    """Encoding of the audio you append: `pcm16` (24 kHz), `g711_ulaw` or `g711_alaw`; `null` if the server does not say."""
    output_audio_format: Literal["pcm16", "g711_ulaw", "g711_alaw"] | str | None = None
    """Encoding of the audio you receive: `pcm16` (24 kHz), `g711_ulaw` or `g711_alaw`; `null` if there is none."""
    input_audio_transcription: SessionAudioTranscription | None = None
    """How the user's audio is transcribed; `null` if it is not."""
    turn_detection: TurnDetection | None = None
    """How the end of the user's turn is found; `null` if you commit and create responses yourself."""
    input_audio_noise_reduction: NoiseReduction | None = None
    """How noise is filtered out before turn detection and the model hear the audio; `null` if it is not."""
    speed: Annotated[float | None, Field(ge=0.25, le=1.5)] = None
    """Speed of the speech, from 0.25 to 1.5, where 1 is the default."""
    tracing: Tracing | None = None
    """Where the session is traced for the dashboard of the platform; `null` if tracing is off."""
    tools: list[FunctionTool] | None = None
    """Tools the model may use."""
    tool_choice: ToolChoice | None = None
    """Whether and which tools the model uses."""
    temperature: float | None = None
    """How freely the model chooses its words, from 0.6 to 1.2; `null` if the server does not say."""
    max_response_output_tokens: int | Literal["inf"] | None = None
    """Most tokens a response may produce, or `inf`."""
    expires_at: int | None = None
    """When the server will close the session, in seconds since the Unix epoch; at most 60 minutes after its start."""
    prompt: Prompt | None = None
    """The stored prompt in use; `null` for none."""
    include: list[Literal["item.input_audio_transcription.logprobs"] | str] | None = (
        None
    )
    """Extra data the server adds to its events; `null` if nothing was asked for."""


class RealtimeSessionConfig(WireModel):
    """Settings of a session, flat, to send in `session.update` or to the HTTP endpoint that opens sessions; fields that are absent stay as they are."""

    model: str | None = None
    """The model to talk to; chosen when the session is opened and not to be changed later."""
    modalities: list[Literal["text", "audio"]] | None = None
    """What the model shall answer with: `text`, or `text` and `audio` for speech with its transcript."""
    instructions: str | None = None
    """System prompt for every response; an empty string clears it, and unset the service uses a default of its own."""
    voice: VoiceOrCustomVoice | None = None
    """The voice to speak with; it cannot change once the session has produced audio."""
    input_audio_format: Literal["pcm16", "g711_ulaw", "g711_alaw"] | None = None
    """Encoding of the audio you append: `pcm16` (24 kHz, the default), `g711_ulaw` or `g711_alaw`."""
    output_audio_format: Literal["pcm16", "g711_ulaw", "g711_alaw"] | None = None
    """Encoding of the audio you receive: `pcm16` (24 kHz, the default), `g711_ulaw` or `g711_alaw`."""
    input_audio_transcription: AudioTranscription | None = None
    """How to transcribe the user's audio; off by default, and `null` switches it off again."""
    input_audio_noise_reduction: NoiseReduction | None = None
    """How to filter out noise before turn detection and the model hear the audio; `null` switches it off again."""
    turn_detection: TurnDetection | None = None
    """How to find the end of the user's turn; `null` switches it off, so that you commit and create responses yourself."""
    speed: Annotated[float | None, Field(ge=0.25, le=1.5)] = None
    """Speed of the speech, from 0.25 to 1.5, where 1 is the default."""
    tracing: Tracing | None = None
    """`auto` or a configuration traces the session in the platform's dashboard, which cannot be changed afterwards; `null`, the default, does not."""
    tools: list[FunctionTool] | None = None
    """Functions the model may use; an empty list takes all away."""
    tool_choice: ToolChoice | None = None
    """Whether and which tools the model uses; `auto` by default."""
    temperature: float | None = None
    """How freely the model chooses its words, from 0.6 to 1.2; 0.8 by default."""
    max_response_output_tokens: int | Literal["inf"] | None = None
    """Most tokens a response may produce, tool calls included: 1 to 4096, or `inf`, the default."""
    truncation: Truncation | None = None
    """What to do when the conversation outgrows the model's context; `auto` by default."""
    prompt: Prompt | None = None
    """A stored prompt to use; `null` for none."""


class ResponseConfig(WireModel):
    """Settings of one response, each of which replaces the session's for that response only."""

    modalities: list[Literal["text", "audio"]] | None = None
    """What to answer with; by default the session's."""
    instructions: str | None = None
    """System prompt of this response, in place of the session's instructions."""
    voice: VoiceOrCustomVoice | None = None
    """The voice to speak with; by default the session's."""
    output_audio_format: Literal["pcm16", "g711_ulaw", "g711_alaw"] | None = None
    """Encoding of the audio of this response; by default the session's."""
    tools: list[FunctionTool] | None = None
    """Functions the model may use in this response, in place of the session's; an empty list takes all away."""
    tool_choice: ToolChoice | None = None
    """Whether and which tools the model uses; by default the session's."""
    temperature: float | None = None
    """How freely the model chooses its words, from 0.6 to 1.2; by default the session's."""
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
