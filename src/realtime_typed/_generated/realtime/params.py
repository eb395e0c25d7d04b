# Generated from schema/realtime/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml), sha256 16e19e69a3ceba441be3420f0ba290594ba65fa13f046ae2d400dfbe3a5d6a56
# by `python -m codegen generate realtime` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""The dict form of what a client sends: what a type checker and an IDE need to check a literal dict."""

from typing import Literal, NotRequired, TypeAlias, TypedDict

AllowedCallerParam: TypeAlias = Literal["direct", "programmatic"]
"""From where a tool may be called: `direct`, by the model itself, or `programmatic`, by a program."""


class AudioFormatPcmParam(TypedDict):
    """Uncompressed audio: 16-bit signed little-endian samples, one channel."""

    type: Literal["audio/pcm"]
    """Literal tag of this class on the wire; always this one value."""
    rate: NotRequired[Literal[24000]]
    """Samples in a second; 24000 is the only rate the service takes."""


class AudioFormatPcmaParam(TypedDict):
    """G.711 A-law audio: one byte a sample, 8000 samples a second, one channel."""

    type: Literal["audio/pcma"]
    """Literal tag of this class on the wire; always this one value."""


class AudioFormatPcmuParam(TypedDict):
    """G.711 mu-law audio: one byte a sample, 8000 samples a second, one channel."""

    type: Literal["audio/pcmu"]
    """Literal tag of this class on the wire; always this one value."""


class AudioTranscriptionParam(TypedDict):
    """How to transcribe the user's audio, which another model does for you to read; it does not change what the answering model hears."""

    model: NotRequired[Literal["whisper-1", "gpt-transcribe", "gpt-live-transcribe", "gpt-4o-mini-transcribe", "gpt-4o-mini-transcribe-2025-12-15", "gpt-4o-transcribe", "gpt-4o-transcribe-diarize", "gpt-realtime-whisper"] | str]
    """The model that transcribes, such as `gpt-4o-transcribe` or `whisper-1`."""
    language: NotRequired[str]
    """ISO 639-1 code of the spoken language, such as `en`; setting it makes the transcript better and faster."""
    languages: NotRequired[list[str]]
    """ISO 639-1 codes of the languages that may be spoken, at least one; only `gpt-transcribe` and `gpt-live-transcribe` take it."""
    keywords: NotRequired[list[str]]
    """Words and phrases to listen for, such as names; only `gpt-transcribe` and `gpt-live-transcribe` take it."""
    prompt: NotRequired[str]
    """Text that guides the transcription: a list of keywords for `whisper-1`, free text for others, and not taken by every model."""
    delay: NotRequired[Literal["minimal", "low", "medium", "high", "xhigh"]]
    """How long the model waits before it emits text, from `minimal` to `xhigh`; longer is more accurate, and only `gpt-realtime-whisper` takes it."""


class ConversationItemDeleteParam(TypedDict):
    """Removes an item from the conversation, so that later responses no longer see it; answered by `conversation.item.deleted`, or by an `error` if there is no such item."""

    event_id: NotRequired[str]
    """Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["conversation.item.delete"]
    """Literal tag of this class on the wire; always this one value."""
    item_id: str
    """Id of the item to remove."""


class ConversationItemRetrieveParam(TypedDict):
    """Asks for an item as the server holds it, including its audio after noise reduction and turn detection; answered by `conversation.item.retrieved`."""

    event_id: NotRequired[str]
    """Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["conversation.item.retrieve"]
    """Literal tag of this class on the wire; always this one value."""
    item_id: str
    """Id of the item to fetch; an id the conversation does not hold is an `error`."""


class ConversationItemTruncateParam(TypedDict):
    """Cuts an assistant message to the audio the user really heard, for use after an interruption over WebSocket; answered by `conversation.item.truncated`."""

    event_id: NotRequired[str]
    """Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["conversation.item.truncate"]
    """Literal tag of this class on the wire; always this one value."""
    item_id: str
    """Id of the assistant message to cut; only audio that the model produced can be truncated."""
    content_index: int
    """Zero-based position of the audio part in the message's `content`; 0 in practice."""
    audio_end_ms: int
    """Milliseconds of audio to keep, counted from the start of the part; more than the server holds is an `error`."""


class CustomVoiceParam(TypedDict):
    """A voice of your own, made beforehand and named by its id."""

    id: str
    """Id of the custom voice."""


FileInputDetailParam: TypeAlias = Literal["auto", "low", "high"]
"""How closely the model looks at a file: `low` is cheap, `high` is precise, `auto` leaves it to the service."""


class FunctionCallItemParam(TypedDict):
    """A call by the model to one of your functions; run it and answer with a `function_call_output` of the same `call_id`."""

    id: NotRequired[str]
    """Id of the item, unique in the conversation; an item created without one is given one by the server."""
    object: NotRequired[Literal["realtime.item"]]
    """Kind of object, always `realtime.item`; may be left out of items you create."""
    type: Literal["function_call"]
    """Literal tag of this class on the wire; always this one value."""
    status: NotRequired[Literal["completed", "incomplete", "in_progress"]]
    """Progress of the item, `in_progress`, `completed` or `incomplete`; in items you create it has no effect."""
    call_id: NotRequired[str]
    """Id of the call, to be repeated in the `function_call_output` that answers it."""
    name: str
    """Name of the function, as given in `tools`."""
    arguments: str
    """Arguments as JSON text, written by the model, so check them before use; complete once the item is done."""


class FunctionCallOutputItemParam(TypedDict):
    """The result of a function call, added by you; send `response.create` afterwards to have the model use it."""

    id: NotRequired[str]
    """Id of the item, unique in the conversation; an item created without one is given one by the server."""
    object: NotRequired[Literal["realtime.item"]]
    """Kind of object, always `realtime.item`; may be left out of items you create."""
    type: Literal["function_call_output"]
    """Literal tag of this class on the wire; always this one value."""
    status: NotRequired[Literal["completed", "incomplete", "in_progress"]]
    """Progress of the item, `in_progress`, `completed` or `incomplete`; in items you create it has no effect."""
    call_id: str
    """The `call_id` of the function call that this answers."""
    output: str
    """The result as text that the model reads, commonly JSON; state failures here too, so that the model can react."""


class FunctionToolParam(TypedDict):
    """A function that the model may ask you to run."""

    type: Literal["function"]
    """Literal tag of this class on the wire; always this one value."""
    name: str
    """Name the model calls the function by."""
    description: NotRequired[str]
    """What the function does and when to use it; the model decides by this text."""
    parameters: NotRequired[dict[str, object]]
    """JSON Schema of the arguments, an object at its root."""


ImageDetailParam: TypeAlias = Literal["low", "high", "auto", "original"]
"""How closely the model looks at an image: `low` is cheap, `high` is precise, `original` keeps its size, `auto` leaves it to the service."""


class InputAudioBufferAppendParam(TypedDict):
    """Adds audio to the input buffer, where turn detection listens to it; the server sends no confirmation, and over WebRTC the media track carries the audio instead."""

    event_id: NotRequired[str]
    """Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["input_audio_buffer.append"]
    """Literal tag of this class on the wire; always this one value."""
    audio: str
    """Base64 of raw audio in the session's input format, at most 15 MiB in one event; small chunks let turn detection react sooner."""


class InputAudioBufferClearParam(TypedDict):
    """Throws away the audio that was appended but not yet committed; answered by `input_audio_buffer.cleared`."""

    event_id: NotRequired[str]
    """Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["input_audio_buffer.clear"]
    """Literal tag of this class on the wire; always this one value."""


class InputAudioBufferCommitParam(TypedDict):
    """Turns the buffered audio into a user message without starting a response; needed only when turn detection is off, and an `error` when the buffer holds less than 100 ms."""

    event_id: NotRequired[str]
    """Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["input_audio_buffer.commit"]
    """Literal tag of this class on the wire; always this one value."""


class InputAudioPartParam(TypedDict):
    """Audio in a user message, either committed from the input buffer or given whole in an item."""

    type: Literal["input_audio"]
    """Literal tag of this class on the wire; always this one value."""
    audio: NotRequired[str]
    """Base64 of raw audio in the session's input format; the server leaves it out except in `conversation.item.retrieved`."""
    transcript: NotRequired[str | None]
    """What was said, for your reference and not shown to the model; `null` until a transcription is ready."""


class InputImagePartParam(TypedDict):
    """An image in a user message."""

    type: Literal["input_image"]
    """Literal tag of this class on the wire; always this one value."""
    image_url: NotRequired[str]
    """The image itself as a data URI, such as `data:image/png;base64,...`; PNG or JPEG."""
    detail: NotRequired[Literal["auto", "low", "high"]]
    """How closely the model looks: `low`, `high` or `auto`, the default, which means `high`."""


class InputTextPartParam(TypedDict):
    """Text in a user or system message."""

    type: Literal["input_text"]
    """Literal tag of this class on the wire; always this one value."""
    text: str
    """The text the model reads."""


class McpApprovalRequestItemParam(TypedDict):
    """The model wants to call an MCP tool that needs your consent; answer with an `mcp_approval_response` item."""

    type: Literal["mcp_approval_request"]
    """Literal tag of this class on the wire; always this one value."""
    id: str
    """Id of the request, to be repeated as `approval_request_id` in the answer."""
    server_label: str
    """Label of the MCP server, as given in its tool entry."""
    name: str
    """Name of the tool the model wants to call."""
    arguments: str
    """Arguments of the intended call, as JSON text."""


class McpApprovalResponseItemParam(TypedDict):
    """Your answer to an `mcp_approval_request`, added with `conversation.item.create`."""

    type: Literal["mcp_approval_response"]
    """Literal tag of this class on the wire; always this one value."""
    id: str
    """Id you give this item, unique in the conversation."""
    approval_request_id: str
    """The `id` of the `mcp_approval_request` that this answers."""
    approve: bool
    """Whether the call may run; false refuses it."""
    reason: NotRequired[str | None]
    """Why you decided so; optional, and `null` is the same as none."""


class McpHttpErrorParam(TypedDict):
    """The MCP server answered a tool call with an HTTP error."""

    type: Literal["http_error"]
    """Literal tag of this class on the wire; always this one value."""
    code: int
    """HTTP status code of the answer."""
    message: str
    """What went wrong, for people to read."""


class McpListToolsToolParam(TypedDict):
    """One tool of an MCP server, as that server describes it."""

    name: str
    """Name of the tool on its server."""
    description: NotRequired[str | None]
    """What the tool does, as the server says; `null` if it says nothing."""
    input_schema: dict[str, object]
    """JSON Schema of the tool's arguments."""
    annotations: NotRequired[dict[str, object] | None]
    """Hints of the server about the tool, such as `readOnlyHint`; `null` if it gives none."""


class McpProtocolErrorParam(TypedDict):
    """The MCP exchange itself failed, for instance because the server refused the request."""

    type: Literal["protocol_error"]
    """Literal tag of this class on the wire; always this one value."""
    code: int
    """Numeric code of the protocol error."""
    message: str
    """What went wrong, for people to read."""


class McpToolExecutionErrorParam(TypedDict):
    """The MCP tool ran and reported a failure."""

    type: Literal["tool_execution_error"]
    """Literal tag of this class on the wire; always this one value."""
    message: str
    """What went wrong, for people to read."""


class McpToolFilterParam(TypedDict):
    """Selects tools of an MCP server by name, by whether they only read, or by both."""

    tool_names: NotRequired[list[str]]
    """Names of the tools selected."""
    read_only: NotRequired[bool]
    """True selects the tools whose server marks them with `readOnlyHint`."""


MetadataParam: TypeAlias = dict[str, str]
"""Up to 16 pairs of strings of your own, with keys of at most 64 and values of at most 512 characters."""


NoiseReductionTypeParam: TypeAlias = Literal["near_field", "far_field"]
"""Where the microphone is: `near_field` close to the mouth, as in a headset, or `far_field`, as in a laptop or a room."""


class OutputAudioBufferClearParam(TypedDict):
    """Stops the audio the server is playing out, over WebRTC and SIP only; send `response.cancel` first, so that no more of it is generated."""

    event_id: NotRequired[str]
    """Id chosen by the sender; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["output_audio_buffer.clear"]
    """Literal tag of this class on the wire; always this one value."""


class OutputAudioPartParam(TypedDict):
    """Speech in an assistant message."""

    type: Literal["output_audio"]
    """Literal tag of this class on the wire; always this one value."""
    audio: NotRequired[str]
    """Base64 of raw audio in the session's output format; the server leaves it out except in `conversation.item.retrieved`."""
    transcript: NotRequired[str | None]
    """What the model said; `null` or absent while it is not known."""


class OutputTextPartParam(TypedDict):
    """Text in an assistant message."""

    type: Literal["output_text"]
    """Literal tag of this class on the wire; always this one value."""
    text: NotRequired[str]
    """The text the model wrote."""


class PromptCacheBreakpointConfigParam(TypedDict):
    """Marks the exact end of a part of the prompt that later requests share and that should be cached."""

    mode: Literal["explicit"]
    """Kind of mark; `explicit` is the only one."""


ReasoningEffortParam: TypeAlias = Literal["minimal", "low", "medium", "high", "xhigh"]
"""Amount of thinking, from `minimal` to `xhigh`; more gives better answers, later and for more tokens."""


class ReasoningParam(TypedDict):
    """How much a reasoning model thinks before it answers."""

    effort: NotRequired[ReasoningEffortParam]
    """Amount of thinking, from `minimal` to `xhigh`, `low` by default; more costs time and tokens."""


class ResponseCancelParam(TypedDict):
    """Stops a response that is being generated; answered by `response.done` with status `cancelled`, or by a harmless `error` when nothing is running."""

    event_id: NotRequired[str]
    """Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["response.cancel"]
    """Literal tag of this class on the wire; always this one value."""
    response_id: NotRequired[str]
    """Id of the response to stop; when absent, the one in progress in the default conversation."""


class SemanticVadParam(TypedDict):
    """Finds turns by meaning: a model judges whether the user has finished, and waits longer after an unfinished sentence."""

    type: Literal["semantic_vad"]
    """Literal tag of this class on the wire; always this one value."""
    eagerness: NotRequired[Literal["low", "medium", "high", "auto"]]
    """How soon to answer: `low` waits up to 8 seconds, `medium` 4, `high` 2; `auto`, the default, is the same as `medium`."""
    create_response: NotRequired[bool]
    """Whether a response starts by itself when the user stops speaking; true by default."""
    interrupt_response: NotRequired[bool]
    """Whether a running response is cancelled when the user starts to speak; true by default."""


class ServerVadParam(TypedDict):
    """Finds turns by sound: speech begins when the audio is loud enough and ends after a stretch of silence."""

    type: Literal["server_vad"]
    """Literal tag of this class on the wire; always this one value."""
    threshold: NotRequired[float]
    """How loud speech must be to count, from 0 to 1; 0.5 by default, and higher suits noisy places."""
    prefix_padding_ms: NotRequired[int]
    """Milliseconds of audio kept from before the speech was noticed; 300 by default."""
    silence_duration_ms: NotRequired[int]
    """Milliseconds of silence that end a turn; shorter answers sooner but may cut into pauses."""
    create_response: NotRequired[bool]
    """Whether a response starts by itself when the user stops speaking; true by default."""
    interrupt_response: NotRequired[bool]
    """Whether a running response is cancelled when the user starts to speak; true by default."""
    idle_timeout_ms: NotRequired[int | None]
    """Milliseconds of silence after a response was played until the model speaks up by itself, 5000 to 30000; `null` for never."""


class SystemMessageItemParam(TypedDict):
    """A message from the application that guides the model from this point of the conversation on, beside the session's instructions."""

    id: NotRequired[str]
    """Id of the item, unique in the conversation; an item created without one is given one by the server."""
    object: NotRequired[Literal["realtime.item"]]
    """Kind of object, always `realtime.item`; may be left out of items you create."""
    type: Literal["message"]
    """Kind of item, always `message`; `role` tells the messages apart."""
    status: NotRequired[Literal["completed", "incomplete", "in_progress"]]
    """Progress of the item, `in_progress`, `completed` or `incomplete`; in items you create it has no effect."""
    role: Literal["system"]
    """Author of the message, always `system`."""
    content: list[InputTextPartParam]
    """The text parts of the message, in order."""


class ToolChoiceFunctionParam(TypedDict):
    """Makes the model call one particular function."""

    type: Literal["function"]
    """Literal tag of this class on the wire; always this one value."""
    name: str
    """Name of the function to call."""


class ToolChoiceMcpParam(TypedDict):
    """Makes the model call a tool of one particular MCP server."""

    type: Literal["mcp"]
    """Literal tag of this class on the wire; always this one value."""
    server_label: str
    """Label of the server, as given in its tool entry."""
    name: NotRequired[str | None]
    """Name of the tool to call; `null` or absent leaves the choice among the server's tools to the model."""


ToolChoiceOptionsParam: TypeAlias = Literal["none", "auto", "required"]
"""`none` forbids tools, `auto` leaves it to the model, `required` makes it call at least one."""


ToolChoiceParam: TypeAlias = ToolChoiceOptionsParam | ToolChoiceFunctionParam | ToolChoiceMcpParam
"""Whether and which tools the model uses: `none`, `auto`, `required`, or an object that forces one function or MCP server."""


class TracingConfigurationParam(TypedDict):
    """Names under which a session is traced in the platform's dashboard."""

    workflow_name: NotRequired[str]
    """Name of the trace."""
    group_id: NotRequired[str]
    """Id that traces which belong together share, to filter by."""
    metadata: NotRequired[dict[str, object]]
    """Values of your own to filter traces by."""


TracingParam: TypeAlias = Literal["auto"] | TracingConfigurationParam
"""How a session is traced in the platform's dashboard: `auto` with default names, or an object with names of your own."""


class TruncationTokenLimitsParam(TypedDict):
    """Limits on the size of the conversation, which keep the cost of long sessions down."""

    post_instructions: NotRequired[int]
    """Most tokens the conversation may hold beside instructions and tools before it is truncated."""


TurnDetectionParam: TypeAlias = ServerVadParam | SemanticVadParam
"""How the server finds where the user's turn begins and ends, told by `type`: by loudness and silence, or by meaning."""


UserContentPartParam: TypeAlias = InputTextPartParam | InputAudioPartParam | InputImagePartParam
"""A part of a user message, told by `type`: text, audio or an image."""


class UserMessageItemParam(TypedDict):
    """A message from the user: text, audio, images or a mixture; committed audio becomes one by itself."""

    id: NotRequired[str]
    """Id of the item, unique in the conversation; an item created without one is given one by the server."""
    object: NotRequired[Literal["realtime.item"]]
    """Kind of object, always `realtime.item`; may be left out of items you create."""
    type: Literal["message"]
    """Kind of item, always `message`; `role` tells the messages apart."""
    status: NotRequired[Literal["completed", "incomplete", "in_progress"]]
    """Progress of the item, `in_progress`, `completed` or `incomplete`; in items you create it has no effect."""
    role: Literal["user"]
    """Author of the message, always `user`."""
    content: list[UserContentPartParam]
    """The text, audio and image parts of the message, in order."""


VoiceParam: TypeAlias = Literal["alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar"] | str
"""Name of a built-in voice, such as `marin` or `cedar`; any other name is passed on as it is."""


AssistantContentPartParam: TypeAlias = OutputTextPartParam | OutputAudioPartParam
"""A part of an assistant message, told by `type`: text or audio."""


class AssistantMessageItemParam(TypedDict):
    """A message from the model, as text or as speech with its transcript; one that you add as history may hold text only."""

    id: NotRequired[str]
    """Id of the item, unique in the conversation; an item created without one is given one by the server."""
    object: NotRequired[Literal["realtime.item"]]
    """Kind of object, always `realtime.item`; may be left out of items you create."""
    type: Literal["message"]
    """Kind of item, always `message`; `role` tells the messages apart."""
    status: NotRequired[Literal["completed", "incomplete", "in_progress"]]
    """Progress of the item, `in_progress`, `completed` or `incomplete`; in items you create it has no effect."""
    role: Literal["assistant"]
    """Author of the message, always `assistant`."""
    content: list[AssistantContentPartParam]
    """The text and audio parts of the message, in order; empty while the model has not begun."""


AudioFormatParam: TypeAlias = AudioFormatPcmParam | AudioFormatPcmuParam | AudioFormatPcmaParam
"""Encoding of raw audio in either direction, told by `type`: 24 kHz PCM, or G.711 as telephones use it."""


class InputFileContentParam(TypedDict):
    """A file as the value of a prompt variable, given by `file_id`, `file_url` or `file_data`."""

    type: Literal["input_file"]
    """Literal tag of this class on the wire; always this one value."""
    file_id: NotRequired[str | None]
    """Id of an uploaded file; `null` if it is given otherwise."""
    filename: NotRequired[str]
    """Name of the file."""
    file_data: NotRequired[str]
    """The content of the file itself, as base64."""
    prompt_cache_breakpoint: NotRequired[PromptCacheBreakpointConfigParam]
    """Marks this content as the end of a part of the prompt that is worth caching."""
    file_url: NotRequired[str]
    """URL from which the service fetches the file."""
    detail: NotRequired[FileInputDetailParam]
    """How closely the model looks at the file; `auto` by default."""


class InputImageContentParam(TypedDict):
    """An image as the value of a prompt variable, given by `image_url` or by `file_id`."""

    type: Literal["input_image"]
    """Literal tag of this class on the wire; always this one value."""
    image_url: NotRequired[str | None]
    """URL of the image, or the image itself as a data URI; `null` if `file_id` is used."""
    file_id: NotRequired[str | None]
    """Id of an uploaded image; `null` if `image_url` is used."""
    detail: ImageDetailParam
    """How closely the model looks at the image."""
    prompt_cache_breakpoint: NotRequired[PromptCacheBreakpointConfigParam]
    """Marks this content as the end of a part of the prompt that is worth caching."""


class InputTextContentParam(TypedDict):
    """Text as the value of a prompt variable."""

    type: Literal["input_text"]
    """Literal tag of this class on the wire; always this one value."""
    text: str
    """The text to put in."""
    prompt_cache_breakpoint: NotRequired[PromptCacheBreakpointConfigParam]
    """Marks this content as the end of a part of the prompt that is worth caching."""


class McpApprovalFilterParam(TypedDict):
    """Which tools of an MCP server need your consent before each call, and which never do."""

    always: NotRequired[McpToolFilterParam]
    """Tools whose calls always wait for your consent."""
    never: NotRequired[McpToolFilterParam]
    """Tools whose calls run without asking."""


McpErrorParam: TypeAlias = McpProtocolErrorParam | McpToolExecutionErrorParam | McpHttpErrorParam
"""Why an MCP tool call failed, told by `type`: the protocol, the tool itself, or HTTP."""


class McpListToolsItemParam(TypedDict):
    """The tools that an MCP server offers, fetched by the service when the server is added to a session or response."""

    type: Literal["mcp_list_tools"]
    """Literal tag of this class on the wire; always this one value."""
    id: NotRequired[str]
    """Id of the item, unique in the conversation; an item created without one is given one by the server."""
    server_label: str
    """Label of the MCP server, as given in its tool entry."""
    tools: list[McpListToolsToolParam]
    """The tools the server offers; empty until they are fetched."""


class McpToolParam(TypedDict):
    """An MCP server whose tools the service calls by itself; give exactly one of `server_url`, `connector_id` and `tunnel_id`."""

    type: Literal["mcp"]
    """Literal tag of this class on the wire; always this one value."""
    server_label: str
    """Name you give the server, by which items and `tool_choice` refer to it."""
    server_url: NotRequired[str]
    """URL of the MCP server, reachable from the service."""
    connector_id: NotRequired[Literal["connector_dropbox", "connector_gmail", "connector_googlecalendar", "connector_googledrive", "connector_microsoftteams", "connector_outlookcalendar", "connector_outlookemail", "connector_sharepoint"]]
    """A connector that the service brings along, such as `connector_gmail`, in place of a server of your own."""
    tunnel_id: NotRequired[str]
    """Id of a secure tunnel to an MCP server that has no public URL."""
    authorization: NotRequired[str]
    """OAuth access token for the server or connector, which your application obtains and renews."""
    server_description: NotRequired[str]
    """What the server is for, as a hint to the model."""
    headers: NotRequired[dict[str, object] | None]
    """HTTP headers sent to the server with each request, for instance to authenticate; `null` for none."""
    allowed_tools: NotRequired[list[str] | McpToolFilterParam | None]
    """Names of the tools the model may use, or a filter; `null` allows all of them."""
    allowed_callers: NotRequired[list[AllowedCallerParam] | None]
    """From where the tools may be called: `direct`, `programmatic` or both; `null` leaves it to the service."""
    require_approval: NotRequired[McpApprovalFilterParam | Literal["always", "never"] | None]
    """Which calls wait for your consent: `always` (the default), `never`, or an object that sorts the tools into the two."""
    defer_loading: NotRequired[bool]
    """Whether the tools are left out at first and found by tool search when they are needed."""


MessageItemParam: TypeAlias = SystemMessageItemParam | UserMessageItemParam | AssistantMessageItemParam
"""A message of the conversation, told by `role`: system, user or assistant."""


class NoiseReductionParam(TypedDict):
    """Filter that removes noise from the user's audio before turn detection and the model hear it."""

    type: NotRequired[NoiseReductionTypeParam]
    """Where the microphone is: `near_field` for headsets, `far_field` for laptops and rooms."""


PromptVariableContentParam: TypeAlias = InputTextContentParam | InputImageContentParam | InputFileContentParam
"""Value of a prompt variable that is more than a string, told by `type`: text, an image or a file."""


PromptVariableParam: TypeAlias = PromptVariableContentParam | str
"""Value of a variable of a stored prompt: a string, or text, an image or a file."""


PromptVariablesParam: TypeAlias = dict[str, PromptVariableParam]
"""Values for the variables of a stored prompt, by the name of the variable."""


class RetentionRatioTruncationParam(TypedDict):
    """Drops more of the oldest items than it must when the context is full, so that it happens less often and the prompt cache stays useful."""

    type: Literal["retention_ratio"]
    """Literal tag of this class on the wire; always this one value."""
    retention_ratio: float
    """Share of the allowed tokens to keep, from 0 to 1; 0.8 drops items until the conversation fills 80 % of it."""
    token_limits: NotRequired[TruncationTokenLimitsParam]
    """Limits of your own, lower than the model's; when absent the model's apply."""


class SessionAudioInputConfigParam(TypedDict):
    """How the user's audio should be decoded, cleaned, transcribed and cut into turns."""

    format: NotRequired[AudioFormatParam]
    """Encoding of the audio you append; 24 kHz PCM by default."""
    transcription: NotRequired[AudioTranscriptionParam | None]
    """How to transcribe the user's audio; off by default, and `null` switches it off again."""
    noise_reduction: NotRequired[NoiseReductionParam | None]
    """How to filter out noise before turn detection and the model hear the audio; off by default, and `null` switches it off again."""
    turn_detection: NotRequired[TurnDetectionParam | None]
    """How to find the end of the user's turn, `server_vad` by default; `null` switches it off, so that you commit and create responses yourself."""


ToolParam: TypeAlias = FunctionToolParam | McpToolParam
"""Something the model may call, told by `type`: a function that you run, or an MCP server that the service calls."""


class TranscriptionAudioInputConfigParam(TypedDict):
    """How a transcription session should decode, clean, transcribe and cut the audio."""

    format: NotRequired[AudioFormatParam]
    """Encoding of the audio you append; 24 kHz PCM by default."""
    transcription: NotRequired[AudioTranscriptionParam]
    """The model that transcribes, and what guides it."""
    noise_reduction: NotRequired[NoiseReductionParam | None]
    """How to filter out noise before the audio is transcribed; off by default, and `null` switches it off again."""
    turn_detection: NotRequired[TurnDetectionParam | None]
    """How to cut the audio into pieces; `null` switches it off, so that you commit them yourself."""


TruncationParam: TypeAlias = Literal["auto", "disabled"] | RetentionRatioTruncationParam
"""What happens when the conversation outgrows the model's context: `auto` drops the oldest items, `disabled` answers with an error, an object sets how much to keep."""


VoiceOrCustomVoiceParam: TypeAlias = VoiceParam | CustomVoiceParam
"""The voice the model speaks with: the name of a built-in one, or an object with the id of a custom one."""


class McpCallItemParam(TypedDict):
    """A call to a tool of an MCP server, which the service runs itself; you have nothing to answer."""

    type: Literal["mcp_call"]
    """Literal tag of this class on the wire; always this one value."""
    id: str
    """Id of the item, unique in the conversation."""
    server_label: str
    """Label of the MCP server, as given in its tool entry."""
    name: str
    """Name of the tool that is called."""
    arguments: str
    """Arguments of the call, as JSON text written by the model."""
    approval_request_id: NotRequired[str | None]
    """Id of the approval request that preceded the call; `null` if none was needed."""
    output: NotRequired[str | None]
    """Result of the tool; `null` until the call succeeds."""
    error: NotRequired[McpErrorParam | None]
    """Why the call failed; `null` if it has not."""


class PromptParam(TypedDict):
    """A prompt stored on the platform, with values for the variables in it."""

    id: str
    """Id of the stored prompt."""
    version: NotRequired[str | None]
    """Version of the prompt; absent or `null` takes the current one."""
    variables: NotRequired[PromptVariablesParam | None]
    """Values for the variables in the prompt; `null` for none."""


class ResponseConfigAudioOutputParam(TypedDict):
    """Format and voice that one response is spoken with."""

    format: NotRequired[AudioFormatParam]
    """Encoding of the audio you receive; by default the session's."""
    voice: NotRequired[VoiceOrCustomVoiceParam]
    """The voice to speak with; it cannot change once the session has produced audio."""


class ResponseConfigAudioParam(TypedDict):
    """Audio settings of one response."""

    output: NotRequired[ResponseConfigAudioOutputParam]
    """Format and voice of the speech."""


class SessionAudioOutputConfigParam(TypedDict):
    """How the model's speech should be given out."""

    format: NotRequired[AudioFormatParam]
    """Encoding of the audio you receive; 24 kHz PCM by default."""
    voice: NotRequired[VoiceOrCustomVoiceParam]
    """The voice to speak with, a name or an object with an `id`; it cannot change once the session has produced audio."""
    speed: NotRequired[float]
    """Speed of the speech, from 0.25 to 1.5, where 1 is the default; it can be changed only between responses."""


class TranscriptionAudioConfigParam(TypedDict):
    """How a transcription session should take in audio."""

    input: NotRequired[TranscriptionAudioInputConfigParam]
    """Settings of the audio to transcribe."""


class TranscriptionSessionConfigParam(TypedDict):
    """Settings of a session that only transcribes and never answers, to send in `session.update`; fields that are absent stay as they are."""

    type: Literal["transcription"]
    """Kind of session, always `transcription`; the service refuses an update without it."""
    audio: NotRequired[TranscriptionAudioConfigParam]
    """How audio is taken in."""
    include: NotRequired[list[Literal["item.input_audio_transcription.logprobs"]]]
    """Extra data wanted in server events; `item.input_audio_transcription.logprobs` adds token probabilities to transcripts."""


ConversationItemParam: TypeAlias = MessageItemParam | FunctionCallItemParam | FunctionCallOutputItemParam | McpApprovalResponseItemParam | McpListToolsItemParam | McpCallItemParam | McpApprovalRequestItemParam
"""An entry of the conversation, told by `type`: a message, a function call or its output, or one of the MCP items."""


class ResponseConfigParam(TypedDict):
    """Settings of one response, each of which replaces the session's for that response only."""

    output_modalities: NotRequired[list[Literal["text", "audio"]]]
    """Either audio (with a transcript) or text, in a list of one; by default the session's."""
    instructions: NotRequired[str]
    """System prompt of this response, in place of the session's instructions."""
    audio: NotRequired[ResponseConfigAudioParam]
    """Format and voice of the speech of this response."""
    tools: NotRequired[list[ToolParam]]
    """Tools the model may use in this response, in place of the session's; an empty list takes all away."""
    tool_choice: NotRequired[ToolChoiceParam]
    """Whether and which tools the model uses; by default the session's."""
    parallel_tool_calls: NotRequired[bool]
    """Whether the model may call several tools at once; for reasoning models only."""
    reasoning: NotRequired[ReasoningParam]
    """How much the model thinks before it answers; for reasoning models only."""
    max_output_tokens: NotRequired[int | Literal["inf"]]
    """Most tokens to produce, tool calls included: 1 to 4096, or `inf` for as many as the model can."""
    conversation: NotRequired[Literal["auto", "none"] | str]
    """`auto`, the default, adds the output to the session's conversation; `none` answers outside of it and leaves it untouched."""
    metadata: NotRequired[MetadataParam | None]
    """Up to 16 strings of your own, returned on the response so that you can recognise it; `null` for none."""
    prompt: NotRequired[PromptParam | None]
    """A stored prompt to answer with; `null` for none."""
    input: NotRequired[list[ConversationItemParam]]
    """Items the model sees in place of the whole conversation; an empty list shows it nothing, absent shows it the conversation."""


class ResponseCreateParam(TypedDict):
    """Asks the model for a response; needed after function results and when turn detection does not do it, and refused while the default conversation already has one running."""

    event_id: NotRequired[str]
    """Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["response.create"]
    """Literal tag of this class on the wire; always this one value."""
    response: NotRequired[ResponseConfigParam]
    """Settings that replace those of the session for this response only; when absent the session's apply."""


class SessionAudioConfigParam(TypedDict):
    """How a session should take in and give out audio."""

    input: NotRequired[SessionAudioInputConfigParam]
    """Settings of the user's audio."""
    output: NotRequired[SessionAudioOutputConfigParam]
    """Settings of the model's speech."""


class ConversationItemCreateParam(TypedDict):
    """Adds an item to the conversation, such as a typed message, earlier history or the result of a function call; the model answers only once a response is created."""

    event_id: NotRequired[str]
    """Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["conversation.item.create"]
    """Literal tag of this class on the wire; always this one value."""
    previous_item_id: NotRequired[str]
    """Id of the item to insert after, or `root` to insert at the start; when absent the item is appended, and an unknown id is an error."""
    item: ConversationItemParam
    """The item to add; an assistant message can be added as text only, not as audio."""


class RealtimeSessionConfigParam(TypedDict):
    """Settings of a conversation with a model, to send in `session.update`; fields that are absent stay as they are."""

    type: Literal["realtime"]
    """Kind of session, always `realtime`; the service refuses an update without it."""
    output_modalities: NotRequired[list[Literal["text", "audio"]]]
    """Either audio (with a transcript), the default, or text, in a list of one; both at once are not possible."""
    model: NotRequired[Literal["gpt-realtime", "gpt-realtime-1.5", "gpt-realtime-2", "gpt-realtime-2.1", "gpt-realtime-2.1-mini", "gpt-realtime-2025-08-28", "gpt-4o-realtime-preview", "gpt-4o-realtime-preview-2024-10-01", "gpt-4o-realtime-preview-2024-12-17", "gpt-4o-realtime-preview-2025-06-03", "gpt-4o-mini-realtime-preview", "gpt-4o-mini-realtime-preview-2024-12-17", "gpt-realtime-mini", "gpt-realtime-mini-2025-10-06", "gpt-realtime-mini-2025-12-15", "gpt-audio-1.5", "gpt-audio-mini", "gpt-audio-mini-2025-10-06", "gpt-audio-mini-2025-12-15"] | str]
    """The model to talk to; chosen when the session is opened and not to be changed later."""
    instructions: NotRequired[str]
    """System prompt for every response; an empty string clears it, and unset the service uses a default of its own."""
    audio: NotRequired[SessionAudioConfigParam]
    """How audio is taken in and given out."""
    include: NotRequired[list[Literal["item.input_audio_transcription.logprobs"]]]
    """Extra data wanted in server events; `item.input_audio_transcription.logprobs` adds token probabilities to transcripts."""
    tracing: NotRequired[TracingParam | None]
    """`auto` or a configuration traces the session in the platform's dashboard, which cannot be changed afterwards; `null`, the default, does not."""
    tools: NotRequired[list[ToolParam]]
    """Functions and MCP servers the model may use; an empty list takes all away."""
    tool_choice: NotRequired[ToolChoiceParam]
    """Whether and which tools the model uses; `auto` by default."""
    parallel_tool_calls: NotRequired[bool]
    """Whether the model may call several tools at once; for reasoning models only."""
    reasoning: NotRequired[ReasoningParam]
    """How much the model thinks before it answers; for reasoning models only."""
    max_output_tokens: NotRequired[int | Literal["inf"]]
    """Most tokens a response may produce, tool calls included: 1 to 4096, or `inf`, the default."""
    truncation: NotRequired[TruncationParam]
    """What to do when the conversation outgrows the model's context; `auto` by default."""
    prompt: NotRequired[PromptParam | None]
    """A stored prompt to use; `null` for none."""


SessionConfigParam: TypeAlias = RealtimeSessionConfigParam | TranscriptionSessionConfigParam
"""The configuration to send in `session.update`, told by `type`: a conversation with a model, or transcription only."""


class SessionUpdateParam(TypedDict):
    """Changes the fields of the session that it carries and leaves the others alone; answered by `session.updated` with the whole configuration, or by an `error` with nothing changed."""

    event_id: NotRequired[str]
    """Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["session.update"]
    """Literal tag of this class on the wire; always this one value."""
    session: SessionConfigParam
    """The settings to change; absent fields stay as they are, while `null` or an empty value switches a feature off, and `type` must always be sent."""


ClientEventParam: TypeAlias = ConversationItemCreateParam | ConversationItemDeleteParam | ConversationItemRetrieveParam | ConversationItemTruncateParam | InputAudioBufferAppendParam | InputAudioBufferClearParam | InputAudioBufferCommitParam | OutputAudioBufferClearParam | ResponseCancelParam | ResponseCreateParam | SessionUpdateParam
"""Any event that a client sends, told by its `type`."""
