# Generated from schema/live/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml), sha256 643d7f9f86b451f7ae54b28c5902eff2c63b5d9f51af961b60bb5c8db4eb7a7f
# by `python -m codegen generate live` with datamodel-code-generator 0.89.0. Do not edit.
# Source: the Python package openai, openai.types.live at version 3.54.0, Apache-2.0 licence; sentences removed, facts kept
"""Objects that events hold."""

from typing import Annotated, Literal

from pydantic import Field
from realtime_typed._wire import WireModel
from typing_extensions import TypeAliasType


class AudioFormatPcm(WireModel):
    """Raw 16-bit PCM, mono, little-endian."""

    rate: Literal[16000, 24000]
    """Samples a second."""
    type: Literal["audio/pcm"] = "audio/pcm"
    """Literal tag of this class on the wire."""


class AudioFormatPcma(WireModel):
    """G.711 with A-law, as telephones use it."""

    rate: int
    """Samples a second."""
    type: Literal["audio/pcma"] = "audio/pcma"
    """Literal tag of this class on the wire."""


class AudioFormatPcmu(WireModel):
    """G.711 with mu-law, as telephones use it."""

    rate: int
    """Samples a second."""
    type: Literal["audio/pcmu"] = "audio/pcmu"
    """Literal tag of this class on the wire."""


class ClientDelegation(WireModel):
    """The application does the work and reports with `session.commentary.append` or `session.thinking.append`."""

    type: Literal["client"] = "client"
    """Literal tag of this class on the wire."""
    acknowledgement_delay_ms: int | None = None
    """Milliseconds to wait before the model is asked for a spoken sign that it is on the task."""


class ContextWindow(WireModel):
    """How full the model's context is."""

    usage_ratio: float
    """The part of it that is used, from 0 to 1; falls when the conversation is compacted."""


class CustomVoice(WireModel):
    """A voice of your own."""

    id: str
    """Id of the voice."""


class DecisionAnswerPredicate(WireModel):
    """How likely it is that something holds."""

    name: str | None = None
    """The name of the question, if it has one."""
    probability: float
    """How likely it is, from 0 to 1."""
    type: Literal["predicate"] = "predicate"
    """Literal tag of this class on the wire."""


class DecisionAnswerRefusal(WireModel):
    """The model would not answer this question; the others may still have answers."""

    name: str | None = None
    """The name of the question, if it has one."""
    type: Literal["refusal"] = "refusal"
    """Literal tag of this class on the wire."""


class DecisionChoiceOption(WireModel):
    """A choice."""

    value: bool | str
    """The choice itself; text and a truth value that reads the same are two choices."""
    description: str | None = None
    """What it is for, in words that the model reads."""


class DecisionChoiceProbability(WireModel):
    """How likely a choice is."""

    probability: float
    """How likely it is, from 0 to 1."""
    value: bool | str
    """The choice."""


class DecisionCustomToolCall(WireModel):
    """A call of a tool that takes plain text."""

    call_id: str
    """Id that ties a tool's call to its output."""
    input: str
    """The text it was given."""
    name: str
    """The tool that was called."""
    type: Literal["custom_tool_call"] = "custom_tool_call"
    """Literal tag of this class on the wire."""
    id: str | None = None
    """Id of the item; one is given to it when it is absent."""
    namespace: str | None = None
    """The group of tools that the called one belongs to."""
    status: Literal["in_progress", "completed", "incomplete"] | None = None
    """How far the item has come; it has no effect on what is sent."""


class DecisionFunctionCall(WireModel):
    """A call of a function."""

    arguments: str
    """Its arguments, as JSON text."""
    call_id: str
    """Id that ties a tool's call to its output."""
    name: str
    """The function that was called."""
    type: Literal["function_call"] = "function_call"
    """Literal tag of this class on the wire."""
    id: str | None = None
    """Id of the item; one is given to it when it is absent."""
    namespace: str | None = None
    """The group of tools that the called one belongs to."""
    status: Literal["in_progress", "completed", "incomplete"] | None = None
    """How far the item has come; it has no effect on what is sent."""


class DecisionInputImage(WireModel):
    """An image to consider."""

    image_url: str
    """Where the image is, or the image itself as a data URL."""
    type: Literal["input_image"] = "input_image"
    """Literal tag of this class on the wire."""
    detail: Literal["low", "high", "auto", "original"] | None = None
    """How closely to look at it."""


class DecisionInputJson(WireModel):
    """Data to consider."""

    data: list[dict[str, object]] | dict[str, object]
    """A JSON object, or a list of them."""
    type: Literal["input_json"] = "input_json"
    """Literal tag of this class on the wire."""


class DecisionInputText(WireModel):
    """Text to consider."""

    text: str
    """The text."""
    type: Literal["input_text"] = "input_text"
    """Literal tag of this class on the wire."""


class DecisionRefusalPart(WireModel):
    """A model's refusal."""

    refusal: str
    """What it said instead."""
    type: Literal["refusal"] = "refusal"
    """Literal tag of this class on the wire."""


class DecisionScoreLevel(WireModel):
    """What a score means."""

    label: str
    """Name of the level."""
    description: str | None = None
    """What it is for, in words that the model reads."""


class DecisionScoreProbability(WireModel):
    """How likely a level is."""

    label: str
    """Name of the level."""
    probability: float
    """How likely it is, from 0 to 1."""
    value: int
    """The level as a number."""


class DecisionStoredCustomToolCall(WireModel):
    """A call of a tool that takes plain text, as it was added."""

    id: str
    """Id of the item; one is given to it when it is absent."""
    call_id: str
    """Id that ties a tool's call to its output."""
    input: str
    """The text it was given."""
    name: str
    """The tool that was called."""
    type: Literal["custom_tool_call"] = "custom_tool_call"
    """Literal tag of this class on the wire."""
    namespace: str | None = None
    """The group of tools that the called one belongs to."""
    status: Literal["in_progress", "completed", "incomplete"] | None = None
    """How far the item has come; it has no effect on what is sent."""


class DecisionStoredDeveloperMessage(WireModel):
    """A message of the developer, as it was added."""

    id: str
    """Id of the item; one is given to it when it is absent."""
    content: list[DecisionInputText] | str
    """The message, as text or as parts."""
    role: Literal["developer"] = "developer"
    """Who wrote the message; tells the messages of a conversation apart."""
    type: Literal["message"] | None = None
    """Literal tag of this class on the wire."""


class DecisionStoredFunctionCall(WireModel):
    """A call of a function, as it was added."""

    id: str
    """Id of the item; one is given to it when it is absent."""
    arguments: str
    """Its arguments, as JSON text."""
    call_id: str
    """Id that ties a tool's call to its output."""
    name: str
    """The function that was called."""
    type: Literal["function_call"] = "function_call"
    """Literal tag of this class on the wire."""
    namespace: str | None = None
    """The group of tools that the called one belongs to."""
    status: Literal["in_progress", "completed", "incomplete"] | None = None
    """How far the item has come; it has no effect on what is sent."""


class DecisionStoredSystemMessage(WireModel):
    """A message of the system, as it was added."""

    id: str
    """Id of the item; one is given to it when it is absent."""
    content: list[DecisionInputText] | str
    """The message, as text or as parts."""
    role: Literal["system"] = "system"
    """Who wrote the message; tells the messages of a conversation apart."""
    type: Literal["message"] | None = None
    """Literal tag of this class on the wire."""


class DecisionSystemMessage(WireModel):
    """A message of the system."""

    content: list[DecisionInputText] | str
    """The message, as text or as parts."""
    role: Literal["system"] = "system"
    """Who wrote the message; tells the messages of a conversation apart."""
    id: str | None = None
    """Id of the item; one is given to it when it is absent."""
    type: Literal["message"] | None = None
    """Literal tag of this class on the wire."""


DecisionToolOutputContent = TypeAliasType(
    "DecisionToolOutputContent",
    Annotated[DecisionInputText | DecisionInputImage, Field(discriminator="type")],
)
"""A part of a tool's output, told by its `type`."""


class DecisionUsageInputTokensDetails(WireModel):
    """The tokens that were read, by kind."""

    cache_write_tokens: int
    """Tokens that were put into the cache."""
    cached_tokens: int
    """Tokens that came out of the cache."""


class DecisionUsageOutputTokensDetails(WireModel):
    """The tokens that were written, by kind."""

    reasoning_tokens: int
    """Tokens of thoughts."""


class DelegationTask(WireModel):
    """A task that the model gave away; its text is not here."""

    id: str
    """Id of the task, which what belongs to it names as `delegation_id`."""
    target: Literal["client", "responses", "decisions"]
    """Who shall do it."""
    type: Literal["delegation"] = "delegation"
    """Literal tag of this class on the wire."""
    response_id: str | None = None
    """Id of the response that does it, when Responses does."""


class ErrorDetails(WireModel):
    """What went wrong."""

    code: str
    """The kind of error, for programs."""
    message: str
    """What went wrong, for people."""
    type: str
    """The category of the error, such as `invalid_request_error`."""
    client_event_id: str | None = None
    """The client event that caused the error, if it carried an id."""
    param: str | None = None
    """The field that is wrong, if one is."""


class FunctionTool(WireModel):
    """A function of the application."""

    name: str
    """Its name."""
    type: Literal["function"] = "function"
    """Literal tag of this class on the wire."""
    description: str | None = None
    """What it is for, in words that the model reads."""
    parameters: dict[str, object] | None = None
    """JSON Schema of its arguments."""
    strict: bool | None = None
    """Whether the arguments must fit that schema exactly."""


class InitialInputText(WireModel):
    """Text of a developer or user."""

    text: str
    """The text."""
    type: Literal["input_text"] | None = None
    """Literal tag of this class on the wire."""


class InitialTextPart(WireModel):
    """Text of the model, in the shorter form."""

    text: str
    """The text."""
    type: Literal["text"] | None = None
    """Literal tag of this class on the wire."""


class InitialUserMessage(WireModel):
    """A message of the user from before the session."""

    content: list[InitialInputText]
    """The message, as one part."""
    role: Literal["user"] = "user"
    """Who wrote the message; tells the messages of a conversation apart."""
    id: str | None = None
    """Id of the item; one is given to it when it is absent."""
    status: Literal["incomplete", "completed"] | None = None
    """How far the item has come; it has no effect on what is sent."""
    type: Literal["message"] | None = None
    """Literal tag of this class on the wire."""


class OutputTextPart(WireModel):
    """Text that a model wrote."""

    text: str
    """The text."""
    type: Literal["output_text"] = "output_text"
    """Literal tag of this class on the wire."""


class ResponsesApplyPatchTool(WireModel):
    """The tool that changes files by patches."""

    type: Literal["apply_patch"] = "apply_patch"
    """Literal tag of this class on the wire."""


class ResponsesCodeInterpreterTool(WireModel):
    """The tool that runs Python."""

    type: Literal["code_interpreter"] = "code_interpreter"
    """Literal tag of this class on the wire."""


class ResponsesComputerTool(WireModel):
    """The tool that uses a computer's screen and keyboard."""

    type: Literal["computer"] = "computer"
    """Literal tag of this class on the wire."""


class ResponsesCustomChoice(WireModel):
    """Makes the model call a tool that takes plain text."""

    name: str
    """Its name."""
    type: Literal["custom"] = "custom"
    """Literal tag of this class on the wire."""


class ResponsesCustomTool(WireModel):
    """A tool of the application that takes plain text."""

    type: Literal["custom"] = "custom"
    """Literal tag of this class on the wire."""


class ResponsesFileSearchTool(WireModel):
    """The tool that searches files."""

    type: Literal["file_search"] = "file_search"
    """Literal tag of this class on the wire."""


class ResponsesFunctionChoice(WireModel):
    """Makes the model call a function."""

    name: str
    """Its name."""
    type: Literal["function"] = "function"
    """Literal tag of this class on the wire."""


class ResponsesImageGenerationTool(WireModel):
    """The tool that makes images."""

    type: Literal["image_generation"] = "image_generation"
    """Literal tag of this class on the wire."""


class ResponsesInputItem(WireModel):
    """An item of the Responses API; its other fields are kept as they are."""

    type: str | None = None
    """The kind of item."""


class ResponsesMcpChoice(WireModel):
    """Makes the model call a tool of an MCP server."""

    name: str
    """Its name."""
    server_label: str
    """The server, by the label it was given."""
    type: Literal["mcp"] = "mcp"
    """Literal tag of this class on the wire."""


class ResponsesMcpTool(WireModel):
    """The tools of an MCP server."""

    type: Literal["mcp"] = "mcp"
    """Literal tag of this class on the wire."""


class ResponsesNamespaceTool(WireModel):
    """A group of tools."""

    type: Literal["namespace"] = "namespace"
    """Literal tag of this class on the wire."""


class ResponsesProgrammaticToolCallingTool(WireModel):
    """The tool by which a program calls other tools."""

    type: Literal["programmatic_tool_calling"] = "programmatic_tool_calling"
    """Literal tag of this class on the wire."""


class ResponsesReasoning(WireModel):
    """How much the model thinks."""

    effort: Literal["none", "minimal", "low", "medium", "high", "xhigh"] | None = None
    """How much effort it spends."""
    summary: Literal["concise", "detailed", "auto"] | None = None
    """Whether, and at what length, it sums up its thoughts."""


class ResponsesSearchTool(WireModel):
    """The tool that finds other tools."""

    type: Literal["tool_search"] = "tool_search"
    """Literal tag of this class on the wire."""


class ResponsesShellChoice(WireModel):
    """Makes the model run a command."""

    type: Literal["shell"] = "shell"
    """Literal tag of this class on the wire."""


class ResponsesText(WireModel):
    """How the model writes."""

    verbosity: Literal["low", "medium", "high"] | None = None
    """At what length; what is spoken has a style of its own."""


class ResponsesWebSearchPreviewChoice(WireModel):
    """Makes the model use the older search of the web."""

    type: Literal["web_search_preview"] = "web_search_preview"
    """Literal tag of this class on the wire."""


class ResponsesWebSearchTool(WireModel):
    """The tool that searches the web."""

    type: Literal["web_search"] = "web_search"
    """Literal tag of this class on the wire."""


class ServerEventSelector(WireModel):
    """Chooses an event of the service, or one event of the Responses API inside of it."""

    type: str
    """Wire name of the event."""
    response_event: str | None = None
    """Wire name of the inner event, for `response.event` and for nothing else."""


class SessionConfigAudioOutput(WireModel):
    """How the model sounds."""

    voice: Literal["alloy", "ash", "ballad", "beacon", "bossa", "cedar", "cinder", "coral", "delta", "echo", "gleam", "marin", "meridian", "quartz", "ripple", "sage", "shida", "shimmer", "stone", "tempo", "verse", "vesper", "willow"] | CustomVoice | str | None = (
        None
    )
    """The voice, by name or as a voice of your own; fixed at the start."""


class SessionUsage(WireModel):
    """How much audio a session used."""

    seconds: float
    """Seconds of audio."""


class ShellContainerReference(WireModel):
    """A container that is there already."""

    container_id: str
    """Id of the container."""
    type: Literal["container_reference"] = "container_reference"
    """Literal tag of this class on the wire."""


class ShellInlineSkillSource(WireModel):
    """The files of a skill, packed."""

    data: str
    """Base64 of the archive."""
    media_type: Literal["application/zip"] = "application/zip"
    """The kind of archive."""
    type: Literal["base64"] = "base64"
    """Literal tag of this class on the wire."""


class ShellLocalSkill(WireModel):
    """A skill on that machine."""

    description: str
    """What it is for, in words that the model reads."""
    name: str
    """Its name."""
    path: str
    """The folder it is in."""


class ShellNetworkPolicyAllowlist(WireModel):
    """Some domains may be reached."""

    allowed_domains: list[str]
    """The domains."""
    type: Literal["allowlist"] = "allowlist"
    """Literal tag of this class on the wire."""


class ShellNetworkPolicyDisabled(WireModel):
    """Nothing may be reached."""

    type: Literal["disabled"] = "disabled"
    """Literal tag of this class on the wire."""


class ShellSkillReference(WireModel):
    """A skill that was uploaded."""

    skill_id: str
    """Id of the skill."""
    type: Literal["skill_reference"] = "skill_reference"
    """Literal tag of this class on the wire."""
    version: str | None = None
    """Its version; the default one when absent."""


class TransportFailure(WireModel):
    """Why an outgoing call failed."""

    code: str
    """The kind of failure, for programs."""
    message: str
    """What happened, for people."""
    type: Literal["call_error"] = "call_error"
    """Literal tag of this class on the wire."""
    param: str | None = None
    """The field that is wrong, if one is."""


AudioFormat = TypeAliasType(
    "AudioFormat",
    Annotated[AudioFormatPcm | AudioFormatPcmu | AudioFormatPcma, Field(discriminator="type")],
)
"""How audio is encoded, told by its `type`."""


class DataChannelConfig(WireModel):
    """Which events may pass a browser's data channel."""

    allowed_client_events: Literal["all"] | list[str] | None = None
    """The events that it may send, or `all`; an empty list allows none."""
    allowed_server_events: Literal["all"] | list[ServerEventSelector] | None = None
    """The events that it is sent, or `all`; an empty list allows none."""


class DecisionAnswerChoice(WireModel):
    """The choice that fits best."""

    choice: bool | str
    """The choice."""
    confidence: float
    """How sure the model is of its answer, from 0 to 1."""
    name: str | None = None
    """The name of the question, if it has one."""
    probabilities: list[DecisionChoiceProbability]
    """How likely each choice is."""
    type: Literal["choice"] = "choice"
    """Literal tag of this class on the wire."""


class DecisionAnswerScore(WireModel):
    """A score."""

    confidence: float
    """How sure the model is of its answer, from 0 to 1."""
    name: str | None = None
    """The name of the question, if it has one."""
    probabilities: list[DecisionScoreProbability]
    """How likely each level is."""
    score: float
    """The score, the mean over the levels."""
    type: Literal["score"] = "score"
    """Literal tag of this class on the wire."""


DecisionAssistantContent = TypeAliasType(
    "DecisionAssistantContent",
    Annotated[OutputTextPart | DecisionRefusalPart, Field(discriminator="type")],
)
"""A part of a model's message, told by its `type`."""


class DecisionAssistantMessage(WireModel):
    """A message of a model."""

    content: list[DecisionAssistantContent] | str
    """The message, as text or as parts."""
    role: Literal["assistant"] = "assistant"
    """Who wrote the message; tells the messages of a conversation apart."""
    id: str | None = None
    """Id of the item; one is given to it when it is absent."""
    phase: Literal["commentary", "final_answer"] | None = None
    """Whether the text was said on the way or is the final answer."""
    type: Literal["message"] | None = None
    """Literal tag of this class on the wire."""


DecisionContent = TypeAliasType(
    "DecisionContent",
    Annotated[DecisionInputText | DecisionInputImage | DecisionInputJson, Field(discriminator="type")],
)
"""A part of a question or of a user's message, told by its `type`."""


class DecisionCustomToolCallOutput(WireModel):
    """What a tool that takes plain text gave back."""

    call_id: str
    """Id that ties a tool's call to its output."""
    output: list[DecisionToolOutputContent] | str
    """Its output, as text or as parts."""
    type: Literal["custom_tool_call_output"] = "custom_tool_call_output"
    """Literal tag of this class on the wire."""
    id: str | None = None
    """Id of the item; one is given to it when it is absent."""
    status: Literal["in_progress", "completed", "incomplete"] | None = None
    """How far the item has come; it has no effect on what is sent."""


class DecisionDeveloperMessage(WireModel):
    """A message of the developer."""

    content: list[DecisionInputText] | str
    """The message, as text or as parts."""
    role: Literal["developer"] = "developer"
    """Who wrote the message; tells the messages of a conversation apart."""
    id: str | None = None
    """Id of the item; one is given to it when it is absent."""
    type: Literal["message"] | None = None
    """Literal tag of this class on the wire."""


class DecisionFunctionCallOutput(WireModel):
    """What a function gave back."""

    call_id: str
    """Id that ties a tool's call to its output."""
    output: list[DecisionToolOutputContent] | str
    """Its output, as text or as parts."""
    type: Literal["function_call_output"] = "function_call_output"
    """Literal tag of this class on the wire."""
    id: str | None = None
    """Id of the item; one is given to it when it is absent."""
    status: Literal["in_progress", "completed", "incomplete"] | None = None
    """How far the item has come; it has no effect on what is sent."""


class DecisionQuestionChoice(WireModel):
    """Asks for one of several choices."""

    choices: list[DecisionChoiceOption]
    """The choices."""
    instructions: list[DecisionContent] | str
    """What is asked, as text or as parts."""
    type: Literal["choice"] = "choice"
    """Literal tag of this class on the wire."""
    name: str | None = None
    """A name for the question, which its answer repeats."""


class DecisionQuestionPredicate(WireModel):
    """Asks how likely it is that something holds."""

    instructions: list[DecisionContent] | str
    """What is asked, as text or as parts."""
    type: Literal["predicate"] = "predicate"
    """Literal tag of this class on the wire."""
    name: str | None = None
    """A name for the question, which its answer repeats."""


class DecisionQuestionScore(WireModel):
    """Asks for a score."""

    instructions: list[DecisionContent] | str
    """What is asked, as text or as parts."""
    levels: list[DecisionScoreLevel]
    """What the scores mean, lowest first."""
    type: Literal["score"] = "score"
    """Literal tag of this class on the wire."""
    name: str | None = None
    """A name for the question, which its answer repeats."""


class DecisionStoredAssistantMessage(WireModel):
    """A message of a model, as it was added."""

    id: str
    """Id of the item; one is given to it when it is absent."""
    content: list[DecisionAssistantContent] | str
    """The message, as text or as parts."""
    role: Literal["assistant"] = "assistant"
    """Who wrote the message; tells the messages of a conversation apart."""
    phase: Literal["commentary", "final_answer"] | None = None
    """Whether the text was said on the way or is the final answer."""
    type: Literal["message"] | None = None
    """Literal tag of this class on the wire."""


class DecisionStoredCustomToolCallOutput(WireModel):
    """What a tool that takes plain text gave back, as it was added."""

    id: str
    """Id of the item; one is given to it when it is absent."""
    call_id: str
    """Id that ties a tool's call to its output."""
    output: list[DecisionToolOutputContent] | str
    """Its output, as text or as parts."""
    type: Literal["custom_tool_call_output"] = "custom_tool_call_output"
    """Literal tag of this class on the wire."""
    status: Literal["in_progress", "completed", "incomplete"] | None = None
    """How far the item has come; it has no effect on what is sent."""


class DecisionStoredFunctionCallOutput(WireModel):
    """What a function gave back, as it was added."""

    id: str
    """Id of the item; one is given to it when it is absent."""
    call_id: str
    """Id that ties a tool's call to its output."""
    output: list[DecisionToolOutputContent] | str
    """Its output, as text or as parts."""
    type: Literal["function_call_output"] = "function_call_output"
    """Literal tag of this class on the wire."""
    status: Literal["in_progress", "completed", "incomplete"] | None = None
    """How far the item has come; it has no effect on what is sent."""


class DecisionStoredUserMessage(WireModel):
    """A message of the user, as it was added."""

    id: str
    """Id of the item; one is given to it when it is absent."""
    content: list[DecisionContent] | str
    """The message, as text or as parts."""
    role: Literal["user"] = "user"
    """Who wrote the message; tells the messages of a conversation apart."""
    type: Literal["message"] | None = None
    """Literal tag of this class on the wire."""


class DecisionUsage(WireModel):
    """What answers cost."""

    input_tokens: int
    """Tokens that were read."""
    input_tokens_details: DecisionUsageInputTokensDetails
    """Which of those were cached."""
    output_tokens: int
    """Tokens that were written."""
    output_tokens_details: DecisionUsageOutputTokensDetails
    """Which of those were thoughts."""
    total_tokens: int
    """Tokens in all."""


class DecisionUserMessage(WireModel):
    """A message of the user."""

    content: list[DecisionContent] | str
    """The message, as text or as parts."""
    role: Literal["user"] = "user"
    """Who wrote the message; tells the messages of a conversation apart."""
    id: str | None = None
    """Id of the item; one is given to it when it is absent."""
    type: Literal["message"] | None = None
    """Literal tag of this class on the wire."""


InitialAssistantContent = TypeAliasType(
    "InitialAssistantContent",
    InitialTextPart | OutputTextPart,
)
"""A part of a message of the model."""


class InitialAssistantMessage(WireModel):
    """A message of the model from before the session."""

    content: list[InitialAssistantContent]
    """The message, as one part."""
    role: Literal["assistant"] = "assistant"
    """Who wrote the message; tells the messages of a conversation apart."""
    id: str | None = None
    """Id of the item; one is given to it when it is absent."""
    status: Literal["incomplete", "completed"] | None = None
    """How far the item has come; it has no effect on what is sent."""
    type: Literal["message"] | None = None
    """Literal tag of this class on the wire."""


class InitialDeveloperMessage(WireModel):
    """A message of the developer from before the session."""

    content: list[InitialInputText]
    """The message, as one part."""
    role: Literal["developer"] = "developer"
    """Who wrote the message; tells the messages of a conversation apart."""
    id: str | None = None
    """Id of the item; one is given to it when it is absent."""
    status: Literal["incomplete", "completed"] | None = None
    """How far the item has come; it has no effect on what is sent."""
    type: Literal["message"] | None = None
    """Literal tag of this class on the wire."""


InitialItem = TypeAliasType(
    "InitialItem",
    Annotated[InitialDeveloperMessage | InitialUserMessage | InitialAssistantMessage, Field(discriminator="role")],
)
"""A message from before the session, told by its `role`."""


ResponsesAllowedTool = TypeAliasType(
    "ResponsesAllowedTool",
    Annotated[ResponsesFunctionChoice | ResponsesMcpChoice | ResponsesFileSearchTool | ResponsesWebSearchTool | ResponsesWebSearchPreviewChoice | ResponsesImageGenerationTool | ResponsesComputerTool | ResponsesCodeInterpreterTool | ResponsesProgrammaticToolCallingTool | ResponsesShellChoice | ResponsesCustomChoice | ResponsesApplyPatchTool, Field(discriminator="type")],
)
"""A tool that the model may use, told by its `type`."""


class ResponsesAllowedToolsChoice(WireModel):
    """Keeps the model to some of its tools."""

    tools: list[ResponsesAllowedTool]
    """The tools it may use."""
    type: Literal["allowed_tools"] = "allowed_tools"
    """Literal tag of this class on the wire."""
    mode: Literal["none", "auto", "required"] | None = None
    """Whether it must use one of them."""


ResponsesToolChoice = TypeAliasType(
    "ResponsesToolChoice",
    Literal["auto", "none", "required"] | ResponsesFunctionChoice | ResponsesMcpChoice | ResponsesFileSearchTool | ResponsesWebSearchTool | ResponsesWebSearchPreviewChoice | ResponsesImageGenerationTool | ResponsesComputerTool | ResponsesCodeInterpreterTool | ResponsesProgrammaticToolCallingTool | ResponsesShellChoice | ResponsesCustomChoice | ResponsesApplyPatchTool | ResponsesAllowedToolsChoice,
)
"""Whether the model must use tools: a word, or a tool."""


class SessionConfigAudio(WireModel):
    """The session's audio."""

    format: AudioFormat | None = None
    """The format in both directions over a WebSocket; WebRTC and SIP agree on one themselves."""
    output: SessionConfigAudioOutput | None = None
    """How the model sounds."""


class ShellInlineSkill(WireModel):
    """A skill that is sent along."""

    description: str
    """What it is for, in words that the model reads."""
    name: str
    """Its name."""
    source: ShellInlineSkillSource
    """Its files."""
    type: Literal["inline"] = "inline"
    """Literal tag of this class on the wire."""


class ShellLocal(WireModel):
    """The machine of whoever runs the commands."""

    type: Literal["local"] = "local"
    """Literal tag of this class on the wire."""
    skills: list[ShellLocalSkill] | None = None
    """The skills that it holds."""


ShellNetworkPolicy = TypeAliasType(
    "ShellNetworkPolicy",
    Annotated[ShellNetworkPolicyDisabled | ShellNetworkPolicyAllowlist, Field(discriminator="type")],
)
"""What a container may reach, told by its `type`."""


class ClientConfig(WireModel):
    """What a browser that holds the WebRTC connection, and is not trusted, may do; sideband connections are not bound by it."""

    data_channel: DataChannelConfig
    """Which events may pass its data channel."""


DecisionAnswer = TypeAliasType(
    "DecisionAnswer",
    Annotated[DecisionAnswerPredicate | DecisionAnswerChoice | DecisionAnswerScore | DecisionAnswerRefusal, Field(discriminator="type")],
)
"""An answer, told by its `type`."""


DecisionItem = TypeAliasType(
    "DecisionItem",
    DecisionUserMessage | DecisionDeveloperMessage | DecisionSystemMessage | DecisionAssistantMessage | DecisionFunctionCall | DecisionFunctionCallOutput | DecisionCustomToolCall | DecisionCustomToolCallOutput,
)
"""An item for decisions to consider: a message, told by its `role`, or a tool's call or output, told by its `type`."""


DecisionQuestion = TypeAliasType(
    "DecisionQuestion",
    Annotated[DecisionQuestionChoice | DecisionQuestionPredicate | DecisionQuestionScore, Field(discriminator="type")],
)
"""A question, told by its `type`."""


DecisionStoredItem = TypeAliasType(
    "DecisionStoredItem",
    DecisionStoredUserMessage | DecisionStoredDeveloperMessage | DecisionStoredSystemMessage | DecisionStoredAssistantMessage | DecisionStoredFunctionCall | DecisionStoredFunctionCallOutput | DecisionStoredCustomToolCall | DecisionStoredCustomToolCallOutput,
)
"""An item that decisions consider, with its id."""


class DecisionTriggerDecisions(WireModel):
    """What a trigger asks."""

    questions: list[DecisionQuestion]
    """The questions, answered together and in this order."""


class DecisionsDelegationConfig(WireModel):
    """A decision model and its questions."""

    model: str
    """Name of the model."""
    questions: list[DecisionQuestion]
    """The questions, answered together and in this order."""


class DecisionsDelegationUpdateConfig(WireModel):
    """Changes to a decision model and its questions; absent fields stay as they are."""

    model: str | None = None
    """Name of the model."""
    questions: list[DecisionQuestion] | None = None
    """The questions, answered together and in this order."""


class SessionConfigDelegationDecisions(WireModel):
    """A decision model answers questions."""

    decisions: DecisionsDelegationConfig
    """The questions, and the model that answers them."""
    type: Literal["decisions"] = "decisions"
    """Literal tag of this class on the wire."""
    acknowledgement_delay_ms: int | None = None
    """Milliseconds to wait before the model is asked for a spoken sign that it is on the task."""


class SessionUpdateConfigDelegationDecisions(WireModel):
    """A decision model answers questions from now on."""

    type: Literal["decisions"] = "decisions"
    """Literal tag of this class on the wire."""
    acknowledgement_delay_ms: int | None = None
    """Milliseconds to wait before the model is asked for a spoken sign that it is on the task."""
    decisions: DecisionsDelegationUpdateConfig | None = None
    """The questions, and the model that answers them."""


ShellContainerAutoSkill = TypeAliasType(
    "ShellContainerAutoSkill",
    Annotated[ShellSkillReference | ShellInlineSkill, Field(discriminator="type")],
)
"""A skill in a container, told by its `type`."""


class Decision(WireModel):
    """The answers to a set of questions."""

    answers: list[DecisionAnswer]
    """One for every question, in order."""
    model: str
    """Name of the model."""
    usage: DecisionUsage
    """What they cost, in tokens."""


class DecisionCompleted(WireModel):
    """The answers have come."""

    decision: Decision
    """The answers, and what they cost."""
    type: Literal["decision.completed"] = "decision.completed"
    """Literal tag of this class on the wire."""


class DecisionTrigger(WireModel):
    """Asks questions whenever a piece of transcript comes."""

    decisions: DecisionTriggerDecisions
    """The questions, and the model that answers them."""
    event_type: Literal["session.input_transcript.delta", "session.output_transcript.delta"]
    """Whose transcript: the user's or the model's."""
    type: Literal["decisions"] = "decisions"
    """Literal tag of this class on the wire."""


class ShellContainerAuto(WireModel):
    """A container that is made when it is needed."""

    type: Literal["container_auto"] = "container_auto"
    """Literal tag of this class on the wire."""
    file_ids: list[str] | None = None
    """Files that it holds at the start."""
    memory_limit: Literal["1g", "4g", "16g", "64g"] | None = None
    """How much memory it has."""
    network_policy: ShellNetworkPolicy | None = None
    """What it may reach."""
    skills: list[ShellContainerAutoSkill] | None = None
    """The skills that it holds."""


ShellEnvironment = TypeAliasType(
    "ShellEnvironment",
    Annotated[ShellContainerAuto | ShellContainerReference | ShellLocal, Field(discriminator="type")],
)
"""Where commands run, told by its `type`."""


class ResponsesShellTool(WireModel):
    """The tool that runs commands."""

    type: Literal["shell"] = "shell"
    """Literal tag of this class on the wire."""
    environment: ShellEnvironment | None = None
    """Where the commands run."""


ResponsesTool = TypeAliasType(
    "ResponsesTool",
    Annotated[FunctionTool | ResponsesWebSearchTool | ResponsesFileSearchTool | ResponsesCodeInterpreterTool | ResponsesShellTool | ResponsesImageGenerationTool | ResponsesMcpTool | ResponsesCustomTool | ResponsesNamespaceTool | ResponsesSearchTool | ResponsesProgrammaticToolCallingTool | ResponsesComputerTool | ResponsesApplyPatchTool, Field(discriminator="type")],
)
"""A tool of the model that does delegated work, told by its `type`."""


class ResponsesDelegationConfig(WireModel):
    """How a model of the Responses API does delegated work."""

    model: str
    """Name of the model."""
    instructions: str | None = None
    """What that model is told."""
    max_output_tokens: int | None = None
    """The most tokens that a response may have."""
    parallel_tool_calls: bool | None = None
    """Whether it may call several tools at once."""
    reasoning: ResponsesReasoning | None = None
    """How much it thinks."""
    service_tier: Literal["auto", "default", "fast_tier_temp_pilot", "flex", "priority", "ultrafast"] | None = (
        None
    )
    """With which priority it is served."""
    text: ResponsesText | None = None
    """How it writes."""
    tool_choice: ResponsesToolChoice | None = None
    """Whether it must use tools, and which."""
    tools: list[ResponsesTool] | None = None
    """The tools it has."""


class ResponsesDelegationUpdateConfig(WireModel):
    """Changes to how a model of the Responses API does delegated work; absent fields stay as they are."""

    instructions: str | None = None
    """What that model is told."""
    max_output_tokens: int | None = None
    """The most tokens that a response may have."""
    model: str | None = None
    """Name of the model."""
    parallel_tool_calls: bool | None = None
    """Whether it may call several tools at once."""
    reasoning: ResponsesReasoning | None = None
    """How much it thinks."""
    service_tier: Literal["auto", "default", "fast_tier_temp_pilot", "flex", "priority", "ultrafast"] | None = (
        None
    )
    """With which priority it is served."""
    text: ResponsesText | None = None
    """How it writes."""
    tool_choice: ResponsesToolChoice | None = None
    """Whether it must use tools, and which."""
    tools: list[ResponsesTool] | None = None
    """The tools it has."""


class SessionConfigDelegationResponses(WireModel):
    """A model of the Responses API does the work."""

    responses: ResponsesDelegationConfig
    """The settings of the model that does the work."""
    type: Literal["responses"] = "responses"
    """Literal tag of this class on the wire."""
    acknowledgement_delay_ms: int | None = None
    """Milliseconds to wait before the model is asked for a spoken sign that it is on the task."""


class SessionUpdateConfigDelegationResponses(WireModel):
    """A model of the Responses API does the work from now on."""

    type: Literal["responses"] = "responses"
    """Literal tag of this class on the wire."""
    acknowledgement_delay_ms: int | None = None
    """Milliseconds to wait before the model is asked for a spoken sign that it is on the task."""
    responses: ResponsesDelegationUpdateConfig | None = None
    """The settings of the model that does the work."""


SessionConfigDelegation = TypeAliasType(
    "SessionConfigDelegation",
    Annotated[ClientDelegation | SessionConfigDelegationResponses | SessionConfigDelegationDecisions, Field(discriminator="type")],
)
"""Who does the work that the model gives away, told by its `type`."""


class SessionResource(WireModel):
    """A session as the service holds it."""

    id: str
    """Id of the session."""
    expires_at: int
    """When the session ends by itself, in seconds since 1970."""
    model: Literal["gpt-live-1"] | str
    """Name of the model."""
    status: Literal["active"] | str
    """Whether the session runs."""
    audio: SessionConfigAudio | None = None
    """Audio format and voice."""
    client: ClientConfig | None = None
    """What a browser that is connected directly may do."""
    delegation: SessionConfigDelegation | None = None
    """Who does the work that the model gives away."""
    input: list[InitialItem] | None = None
    """What was said before the session."""
    instructions: str | None = None
    """How the model was told to behave."""
    safety_identifier: str | None = None
    """The name given for the end user."""
    store: bool | None = None
    """Whether the session is kept."""
    triggers: list[DecisionTrigger] | None = None
    """Questions to ask whenever a piece of transcript comes, at most one trigger for each side."""


SessionUpdateConfigDelegation = TypeAliasType(
    "SessionUpdateConfigDelegation",
    Annotated[ClientDelegation | SessionUpdateConfigDelegationResponses | SessionUpdateConfigDelegationDecisions, Field(discriminator="type")],
)
"""Who does the work from now on, told by its `type`."""


class SessionConfig(WireModel):
    """What a session starts with."""

    model: Literal["gpt-live-1"] | str
    """Name of the Live model."""
    audio: SessionConfigAudio | None = None
    """Audio format and voice, which stay as they are."""
    client: ClientConfig | None = None
    """What a browser that is connected directly may do."""
    delegation: SessionConfigDelegation | None = None
    """Who does the work that the model gives away; the application when it is absent or `null`."""
    input: list[InitialItem] | None = None
    """What was said before, as text, oldest first."""
    instructions: str | None = None
    """How the model shall speak and behave and what it shall give away; fixed at the start."""
    safety_identifier: str | None = None
    """A stable name for the end user, by which abuse can be told."""
    store: bool | None = None
    """Whether the session is kept, to be forked or downloaded later."""
    triggers: list[DecisionTrigger] | None = None
    """Questions to ask whenever a piece of transcript comes, at most one trigger for each side."""


class SessionUpdateConfig(WireModel):
    """What can be changed while a session runs."""

    delegation: SessionUpdateConfigDelegation | None = None
    """Who does the work that the model gives away from now on."""
    triggers: list[DecisionTrigger] | None = None
    """The triggers from now on; an empty list removes them."""
