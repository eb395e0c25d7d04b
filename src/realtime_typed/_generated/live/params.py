# Generated from schema/live/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml), sha256 643d7f9f86b451f7ae54b28c5902eff2c63b5d9f51af961b60bb5c8db4eb7a7f
# by `python -m codegen generate live` with datamodel-code-generator 0.89.0. Do not edit.
# Source: the Python package openai, openai.types.live at version 3.54.0, Apache-2.0 licence; sentences removed, facts kept
"""The dict form of what a client sends: what a type checker and an IDE need to check a literal dict."""

from typing import Literal, NotRequired, TypeAlias, TypedDict


class AudioFormatPcmParam(TypedDict):
    """Raw 16-bit PCM, mono, little-endian."""

    rate: Literal[16000, 24000]
    """Samples a second."""
    type: Literal["audio/pcm"]
    """Literal tag of this class on the wire."""


class AudioFormatPcmaParam(TypedDict):
    """G.711 with A-law, as telephones use it."""

    rate: int
    """Samples a second."""
    type: Literal["audio/pcma"]
    """Literal tag of this class on the wire."""


class AudioFormatPcmuParam(TypedDict):
    """G.711 with mu-law, as telephones use it."""

    rate: int
    """Samples a second."""
    type: Literal["audio/pcmu"]
    """Literal tag of this class on the wire."""


class ClientDelegationParam(TypedDict):
    """The application does the work and reports with `session.commentary.append` or `session.thinking.append`."""

    type: Literal["client"]
    """Literal tag of this class on the wire."""
    acknowledgement_delay_ms: NotRequired[int | None]
    """Milliseconds to wait before the model is asked for a spoken sign that it is on the task."""


class CustomVoiceParam(TypedDict):
    """A voice of your own."""

    id: str
    """Id of the voice."""


class DecisionChoiceOptionParam(TypedDict):
    """A choice."""

    value: bool | str
    """The choice itself; text and a truth value that reads the same are two choices."""
    description: NotRequired[str | None]
    """What it is for, in words that the model reads."""


class DecisionCreateParam(TypedDict):
    """Has the configured questions answered over the conversation so far and the items added to it; answered by `decision.event`."""

    event_id: str
    """Id chosen by the sender, needed here and good for one use in a session."""
    type: Literal["decision.create"]
    """Literal tag of this class on the wire."""


class DecisionCustomToolCallParam(TypedDict):
    """A call of a tool that takes plain text."""

    call_id: str
    """Id that ties a tool's call to its output."""
    input: str
    """The text it was given."""
    name: str
    """The tool that was called."""
    type: Literal["custom_tool_call"]
    """Literal tag of this class on the wire."""
    id: NotRequired[str | None]
    """Id of the item; one is given to it when it is absent."""
    namespace: NotRequired[str | None]
    """The group of tools that the called one belongs to."""
    status: NotRequired[Literal["in_progress", "completed", "incomplete"] | None]
    """How far the item has come; it has no effect on what is sent."""


class DecisionFunctionCallParam(TypedDict):
    """A call of a function."""

    arguments: str
    """Its arguments, as JSON text."""
    call_id: str
    """Id that ties a tool's call to its output."""
    name: str
    """The function that was called."""
    type: Literal["function_call"]
    """Literal tag of this class on the wire."""
    id: NotRequired[str | None]
    """Id of the item; one is given to it when it is absent."""
    namespace: NotRequired[str | None]
    """The group of tools that the called one belongs to."""
    status: NotRequired[Literal["in_progress", "completed", "incomplete"] | None]
    """How far the item has come; it has no effect on what is sent."""


class DecisionInputImageParam(TypedDict):
    """An image to consider."""

    image_url: str
    """Where the image is, or the image itself as a data URL."""
    type: Literal["input_image"]
    """Literal tag of this class on the wire."""
    detail: NotRequired[Literal["low", "high", "auto", "original"] | None]
    """How closely to look at it."""


class DecisionInputJsonParam(TypedDict):
    """Data to consider."""

    data: list[dict[str, object]] | dict[str, object]
    """A JSON object, or a list of them."""
    type: Literal["input_json"]
    """Literal tag of this class on the wire."""


class DecisionInputTextParam(TypedDict):
    """Text to consider."""

    text: str
    """The text."""
    type: Literal["input_text"]
    """Literal tag of this class on the wire."""


class DecisionItemDeleteParam(TypedDict):
    """Takes an item away from what decisions consider; answered by `decision.item.deleted`."""

    item_id: str
    """Id of the item to remove."""
    type: Literal["decision.item.delete"]
    """Literal tag of this class on the wire."""
    event_id: NotRequired[str | None]
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""


class DecisionRefusalPartParam(TypedDict):
    """A model's refusal."""

    refusal: str
    """What it said instead."""
    type: Literal["refusal"]
    """Literal tag of this class on the wire."""


class DecisionScoreLevelParam(TypedDict):
    """What a score means."""

    label: str
    """Name of the level."""
    description: NotRequired[str | None]
    """What it is for, in words that the model reads."""


class DecisionSystemMessageParam(TypedDict):
    """A message of the system."""

    content: list[DecisionInputTextParam] | str
    """The message, as text or as parts."""
    role: Literal["system"]
    """Who wrote the message; tells the messages of a conversation apart."""
    id: NotRequired[str | None]
    """Id of the item; one is given to it when it is absent."""
    type: NotRequired[Literal["message"] | None]
    """Literal tag of this class on the wire."""


DecisionToolOutputContentParam: TypeAlias = DecisionInputTextParam | DecisionInputImageParam
"""A part of a tool's output, told by its `type`."""


class FunctionToolParam(TypedDict):
    """A function of the application."""

    name: str
    """Its name."""
    type: Literal["function"]
    """Literal tag of this class on the wire."""
    description: NotRequired[str | None]
    """What it is for, in words that the model reads."""
    parameters: NotRequired[dict[str, object] | None]
    """JSON Schema of its arguments."""
    strict: NotRequired[bool | None]
    """Whether the arguments must fit that schema exactly."""


class InitialInputTextParam(TypedDict):
    """Text of a developer or user."""

    text: str
    """The text."""
    type: NotRequired[Literal["input_text"] | None]
    """Literal tag of this class on the wire."""


class InitialTextPartParam(TypedDict):
    """Text of the model, in the shorter form."""

    text: str
    """The text."""
    type: NotRequired[Literal["text"] | None]
    """Literal tag of this class on the wire."""


class InitialUserMessageParam(TypedDict):
    """A message of the user from before the session."""

    content: list[InitialInputTextParam]
    """The message, as one part."""
    role: Literal["user"]
    """Who wrote the message; tells the messages of a conversation apart."""
    id: NotRequired[str | None]
    """Id of the item; one is given to it when it is absent."""
    status: NotRequired[Literal["incomplete", "completed"] | None]
    """How far the item has come; it has no effect on what is sent."""
    type: NotRequired[Literal["message"] | None]
    """Literal tag of this class on the wire."""


class OutputTextPartParam(TypedDict):
    """Text that a model wrote."""

    text: str
    """The text."""
    type: Literal["output_text"]
    """Literal tag of this class on the wire."""


class ResponseCreateParam(TypedDict):
    """Asks the Responses model for a response, or lets one go on that waits for a tool's output; needs work to be delegated to Responses."""

    type: Literal["response.create"]
    """Literal tag of this class on the wire."""
    event_id: NotRequired[str | None]
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""


class ResponsesApplyPatchToolParam(TypedDict):
    """The tool that changes files by patches."""

    type: Literal["apply_patch"]
    """Literal tag of this class on the wire."""


class ResponsesCodeInterpreterToolParam(TypedDict):
    """The tool that runs Python."""

    type: Literal["code_interpreter"]
    """Literal tag of this class on the wire."""


class ResponsesComputerToolParam(TypedDict):
    """The tool that uses a computer's screen and keyboard."""

    type: Literal["computer"]
    """Literal tag of this class on the wire."""


class ResponsesCustomChoiceParam(TypedDict):
    """Makes the model call a tool that takes plain text."""

    name: str
    """Its name."""
    type: Literal["custom"]
    """Literal tag of this class on the wire."""


class ResponsesCustomToolParam(TypedDict):
    """A tool of the application that takes plain text."""

    type: Literal["custom"]
    """Literal tag of this class on the wire."""


class ResponsesFileSearchToolParam(TypedDict):
    """The tool that searches files."""

    type: Literal["file_search"]
    """Literal tag of this class on the wire."""


class ResponsesFunctionChoiceParam(TypedDict):
    """Makes the model call a function."""

    name: str
    """Its name."""
    type: Literal["function"]
    """Literal tag of this class on the wire."""


class ResponsesImageGenerationToolParam(TypedDict):
    """The tool that makes images."""

    type: Literal["image_generation"]
    """Literal tag of this class on the wire."""


class ResponsesInputItemParam(TypedDict):
    """An item of the Responses API; its other fields are kept as they are."""

    type: NotRequired[str]
    """The kind of item."""


class ResponsesMcpChoiceParam(TypedDict):
    """Makes the model call a tool of an MCP server."""

    name: str
    """Its name."""
    server_label: str
    """The server, by the label it was given."""
    type: Literal["mcp"]
    """Literal tag of this class on the wire."""


class ResponsesMcpToolParam(TypedDict):
    """The tools of an MCP server."""

    type: Literal["mcp"]
    """Literal tag of this class on the wire."""


class ResponsesNamespaceToolParam(TypedDict):
    """A group of tools."""

    type: Literal["namespace"]
    """Literal tag of this class on the wire."""


class ResponsesProgrammaticToolCallingToolParam(TypedDict):
    """The tool by which a program calls other tools."""

    type: Literal["programmatic_tool_calling"]
    """Literal tag of this class on the wire."""


class ResponsesReasoningParam(TypedDict):
    """How much the model thinks."""

    effort: NotRequired[Literal["none", "minimal", "low", "medium", "high", "xhigh"] | None]
    """How much effort it spends."""
    summary: NotRequired[Literal["concise", "detailed", "auto"] | None]
    """Whether, and at what length, it sums up its thoughts."""


class ResponsesSearchToolParam(TypedDict):
    """The tool that finds other tools."""

    type: Literal["tool_search"]
    """Literal tag of this class on the wire."""


class ResponsesShellChoiceParam(TypedDict):
    """Makes the model run a command."""

    type: Literal["shell"]
    """Literal tag of this class on the wire."""


class ResponsesTextParam(TypedDict):
    """How the model writes."""

    verbosity: NotRequired[Literal["low", "medium", "high"] | None]
    """At what length; what is spoken has a style of its own."""


class ResponsesWebSearchPreviewChoiceParam(TypedDict):
    """Makes the model use the older search of the web."""

    type: Literal["web_search_preview"]
    """Literal tag of this class on the wire."""


class ResponsesWebSearchToolParam(TypedDict):
    """The tool that searches the web."""

    type: Literal["web_search"]
    """Literal tag of this class on the wire."""


class ServerEventSelectorParam(TypedDict):
    """Chooses an event of the service, or one event of the Responses API inside of it."""

    type: str
    """Wire name of the event."""
    response_event: NotRequired[str | None]
    """Wire name of the inner event, for `response.event` and for nothing else."""


class SessionCloseParam(TypedDict):
    """Ends the session; `session.closed` follows once everything is settled."""

    type: Literal["session.close"]
    """Literal tag of this class on the wire."""
    event_id: NotRequired[str | None]
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""


class SessionCommentaryAppendParam(TypedDict):
    """Hands the model something to tell the user, such as the result of a delegated task."""

    content: str
    """What the model shall tell, at most 500 tokens; it need not use these words."""
    delegation_id: str | None
    """The client delegation that this belongs to, by the id of `session.delegation.created`; `null` for the session as a whole."""
    type: Literal["session.commentary.append"]
    """Literal tag of this class on the wire."""
    event_id: NotRequired[str | None]
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""


class SessionConfigAudioOutputParam(TypedDict):
    """How the model sounds."""

    voice: NotRequired[Literal["alloy", "ash", "ballad", "beacon", "bossa", "cedar", "cinder", "coral", "delta", "echo", "gleam", "marin", "meridian", "quartz", "ripple", "sage", "shida", "shimmer", "stone", "tempo", "verse", "vesper", "willow"] | CustomVoiceParam | str | None]
    """The voice, by name or as a voice of your own; fixed at the start."""


class SessionInputAudioAppendParam(TypedDict):
    """Sends a piece of the user's audio over the primary WebSocket; nothing answers it, and over WebRTC and SIP the media carries the audio instead."""

    audio: str
    """Base64 of raw audio in the format chosen at the start, without a container's header."""
    type: Literal["session.input_audio.append"]
    """Literal tag of this class on the wire."""
    event_id: NotRequired[str | None]
    """Id chosen by the sender, which an error caused by it repeats as `client_event_id`."""


class SessionInputAudioMuteParam(TypedDict):
    """Keeps the user's audio from the model until it is unmuted; answered by `session.input_audio.muted`."""

    type: Literal["session.input_audio.mute"]
    """Literal tag of this class on the wire."""
    event_id: NotRequired[str | None]
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""


class SessionInputAudioUnmuteParam(TypedDict):
    """Lets the model hear the user again; answered by `session.input_audio.unmuted`."""

    type: Literal["session.input_audio.unmute"]
    """Literal tag of this class on the wire."""
    event_id: NotRequired[str | None]
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""


class SessionInstructionsAppendParam(TypedDict):
    """Adds instructions to a running conversation, where they stay; refused while a recording is played."""

    content: str
    """The instructions, at most 500 tokens."""
    delegation_id: str | None
    """The client delegation that this belongs to, by the id of `session.delegation.created`; `null` for the session as a whole."""
    type: Literal["session.instructions.append"]
    """Literal tag of this class on the wire."""
    event_id: NotRequired[str | None]
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""


class SessionOutputAudioFixturePlayParam(TypedDict):
    """Plays a recording of at most 30 seconds in place of the model, whose speech stops and whose input is muted meanwhile; what the user says then is lost."""

    audio: str
    """Base64 of raw mono PCM16 at 24 kHz, little-endian, whatever the session's own format is."""
    type: Literal["session.output_audio.fixture.play"]
    """Literal tag of this class on the wire."""
    event_id: NotRequired[str | None]
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""


class SessionThinkingAppendParam(TypedDict):
    """Lets the model know something that it need not say, such as progress; it may still shape what it says, so nothing secret belongs here."""

    content: str
    """What the model shall know, at most 500 tokens."""
    delegation_id: str | None
    """The client delegation that this belongs to, by the id of `session.delegation.created`; `null` for the session as a whole."""
    type: Literal["session.thinking.append"]
    """Literal tag of this class on the wire."""
    event_id: NotRequired[str | None]
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""


class ShellContainerReferenceParam(TypedDict):
    """A container that is there already."""

    container_id: str
    """Id of the container."""
    type: Literal["container_reference"]
    """Literal tag of this class on the wire."""


class ShellInlineSkillSourceParam(TypedDict):
    """The files of a skill, packed."""

    data: str
    """Base64 of the archive."""
    media_type: Literal["application/zip"]
    """The kind of archive."""
    type: Literal["base64"]
    """Literal tag of this class on the wire."""


class ShellLocalSkillParam(TypedDict):
    """A skill on that machine."""

    description: str
    """What it is for, in words that the model reads."""
    name: str
    """Its name."""
    path: str
    """The folder it is in."""


class ShellNetworkPolicyAllowlistParam(TypedDict):
    """Some domains may be reached."""

    allowed_domains: list[str]
    """The domains."""
    type: Literal["allowlist"]
    """Literal tag of this class on the wire."""


class ShellNetworkPolicyDisabledParam(TypedDict):
    """Nothing may be reached."""

    type: Literal["disabled"]
    """Literal tag of this class on the wire."""


ShellNetworkPolicyParam: TypeAlias = ShellNetworkPolicyDisabledParam | ShellNetworkPolicyAllowlistParam
"""What a container may reach, told by its `type`."""


class ShellSkillReferenceParam(TypedDict):
    """A skill that was uploaded."""

    skill_id: str
    """Id of the skill."""
    type: Literal["skill_reference"]
    """Literal tag of this class on the wire."""
    version: NotRequired[str | None]
    """Its version; the default one when absent."""


class TransportDtmfSendParam(TypedDict):
    """Presses a key on the telephone line, over a sideband connection to a SIP call; answered by `transport.dtmf.sent`."""

    event: str
    """The key: a digit, a letter from A to D, `*` or `#`."""
    type: Literal["transport.dtmf.send"]
    """Literal tag of this class on the wire."""
    event_id: NotRequired[str | None]
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""


AudioFormatParam: TypeAlias = AudioFormatPcmParam | AudioFormatPcmuParam | AudioFormatPcmaParam
"""How audio is encoded, told by its `type`."""


class DataChannelConfigParam(TypedDict):
    """Which events may pass a browser's data channel."""

    allowed_client_events: NotRequired[Literal["all"] | list[str] | None]
    """The events that it may send, or `all`; an empty list allows none."""
    allowed_server_events: NotRequired[Literal["all"] | list[ServerEventSelectorParam] | None]
    """The events that it is sent, or `all`; an empty list allows none."""


DecisionAssistantContentParam: TypeAlias = OutputTextPartParam | DecisionRefusalPartParam
"""A part of a model's message, told by its `type`."""


class DecisionAssistantMessageParam(TypedDict):
    """A message of a model."""

    content: list[DecisionAssistantContentParam] | str
    """The message, as text or as parts."""
    role: Literal["assistant"]
    """Who wrote the message; tells the messages of a conversation apart."""
    id: NotRequired[str | None]
    """Id of the item; one is given to it when it is absent."""
    phase: NotRequired[Literal["commentary", "final_answer"] | None]
    """Whether the text was said on the way or is the final answer."""
    type: NotRequired[Literal["message"] | None]
    """Literal tag of this class on the wire."""


DecisionContentParam: TypeAlias = DecisionInputTextParam | DecisionInputImageParam | DecisionInputJsonParam
"""A part of a question or of a user's message, told by its `type`."""


class DecisionCustomToolCallOutputParam(TypedDict):
    """What a tool that takes plain text gave back."""

    call_id: str
    """Id that ties a tool's call to its output."""
    output: list[DecisionToolOutputContentParam] | str
    """Its output, as text or as parts."""
    type: Literal["custom_tool_call_output"]
    """Literal tag of this class on the wire."""
    id: NotRequired[str | None]
    """Id of the item; one is given to it when it is absent."""
    status: NotRequired[Literal["in_progress", "completed", "incomplete"] | None]
    """How far the item has come; it has no effect on what is sent."""


class DecisionDeveloperMessageParam(TypedDict):
    """A message of the developer."""

    content: list[DecisionInputTextParam] | str
    """The message, as text or as parts."""
    role: Literal["developer"]
    """Who wrote the message; tells the messages of a conversation apart."""
    id: NotRequired[str | None]
    """Id of the item; one is given to it when it is absent."""
    type: NotRequired[Literal["message"] | None]
    """Literal tag of this class on the wire."""


class DecisionFunctionCallOutputParam(TypedDict):
    """What a function gave back."""

    call_id: str
    """Id that ties a tool's call to its output."""
    output: list[DecisionToolOutputContentParam] | str
    """Its output, as text or as parts."""
    type: Literal["function_call_output"]
    """Literal tag of this class on the wire."""
    id: NotRequired[str | None]
    """Id of the item; one is given to it when it is absent."""
    status: NotRequired[Literal["in_progress", "completed", "incomplete"] | None]
    """How far the item has come; it has no effect on what is sent."""


class DecisionQuestionChoiceParam(TypedDict):
    """Asks for one of several choices."""

    choices: list[DecisionChoiceOptionParam]
    """The choices."""
    instructions: list[DecisionContentParam] | str
    """What is asked, as text or as parts."""
    type: Literal["choice"]
    """Literal tag of this class on the wire."""
    name: NotRequired[str | None]
    """A name for the question, which its answer repeats."""


class DecisionQuestionPredicateParam(TypedDict):
    """Asks how likely it is that something holds."""

    instructions: list[DecisionContentParam] | str
    """What is asked, as text or as parts."""
    type: Literal["predicate"]
    """Literal tag of this class on the wire."""
    name: NotRequired[str | None]
    """A name for the question, which its answer repeats."""


class DecisionQuestionScoreParam(TypedDict):
    """Asks for a score."""

    instructions: list[DecisionContentParam] | str
    """What is asked, as text or as parts."""
    levels: list[DecisionScoreLevelParam]
    """What the scores mean, lowest first."""
    type: Literal["score"]
    """Literal tag of this class on the wire."""
    name: NotRequired[str | None]
    """A name for the question, which its answer repeats."""


class DecisionUserMessageParam(TypedDict):
    """A message of the user."""

    content: list[DecisionContentParam] | str
    """The message, as text or as parts."""
    role: Literal["user"]
    """Who wrote the message; tells the messages of a conversation apart."""
    id: NotRequired[str | None]
    """Id of the item; one is given to it when it is absent."""
    type: NotRequired[Literal["message"] | None]
    """Literal tag of this class on the wire."""


InitialAssistantContentParam: TypeAlias = InitialTextPartParam | OutputTextPartParam
"""A part of a message of the model."""


class InitialAssistantMessageParam(TypedDict):
    """A message of the model from before the session."""

    content: list[InitialAssistantContentParam]
    """The message, as one part."""
    role: Literal["assistant"]
    """Who wrote the message; tells the messages of a conversation apart."""
    id: NotRequired[str | None]
    """Id of the item; one is given to it when it is absent."""
    status: NotRequired[Literal["incomplete", "completed"] | None]
    """How far the item has come; it has no effect on what is sent."""
    type: NotRequired[Literal["message"] | None]
    """Literal tag of this class on the wire."""


class InitialDeveloperMessageParam(TypedDict):
    """A message of the developer from before the session."""

    content: list[InitialInputTextParam]
    """The message, as one part."""
    role: Literal["developer"]
    """Who wrote the message; tells the messages of a conversation apart."""
    id: NotRequired[str | None]
    """Id of the item; one is given to it when it is absent."""
    status: NotRequired[Literal["incomplete", "completed"] | None]
    """How far the item has come; it has no effect on what is sent."""
    type: NotRequired[Literal["message"] | None]
    """Literal tag of this class on the wire."""


InitialItemParam: TypeAlias = InitialDeveloperMessageParam | InitialUserMessageParam | InitialAssistantMessageParam
"""A message from before the session, told by its `role`."""


class ResponseItemCreateParam(TypedDict):
    """Hands an item, such as a tool's output, to the Responses model that does the delegated work."""

    item: ResponsesInputItemParam
    """The item, as the Responses API takes it."""
    type: Literal["response.item.create"]
    """Literal tag of this class on the wire."""
    event_id: NotRequired[str | None]
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""


ResponsesAllowedToolParam: TypeAlias = ResponsesFunctionChoiceParam | ResponsesMcpChoiceParam | ResponsesFileSearchToolParam | ResponsesWebSearchToolParam | ResponsesWebSearchPreviewChoiceParam | ResponsesImageGenerationToolParam | ResponsesComputerToolParam | ResponsesCodeInterpreterToolParam | ResponsesProgrammaticToolCallingToolParam | ResponsesShellChoiceParam | ResponsesCustomChoiceParam | ResponsesApplyPatchToolParam
"""A tool that the model may use, told by its `type`."""


class ResponsesAllowedToolsChoiceParam(TypedDict):
    """Keeps the model to some of its tools."""

    tools: list[ResponsesAllowedToolParam]
    """The tools it may use."""
    type: Literal["allowed_tools"]
    """Literal tag of this class on the wire."""
    mode: NotRequired[Literal["none", "auto", "required"] | None]
    """Whether it must use one of them."""


ResponsesToolChoiceParam: TypeAlias = Literal["auto", "none", "required"] | ResponsesFunctionChoiceParam | ResponsesMcpChoiceParam | ResponsesFileSearchToolParam | ResponsesWebSearchToolParam | ResponsesWebSearchPreviewChoiceParam | ResponsesImageGenerationToolParam | ResponsesComputerToolParam | ResponsesCodeInterpreterToolParam | ResponsesProgrammaticToolCallingToolParam | ResponsesShellChoiceParam | ResponsesCustomChoiceParam | ResponsesApplyPatchToolParam | ResponsesAllowedToolsChoiceParam
"""Whether the model must use tools: a word, or a tool."""


class SessionConfigAudioParam(TypedDict):
    """The session's audio."""

    format: NotRequired[AudioFormatParam | None]
    """The format in both directions over a WebSocket; WebRTC and SIP agree on one themselves."""
    output: NotRequired[SessionConfigAudioOutputParam | None]
    """How the model sounds."""


class ShellInlineSkillParam(TypedDict):
    """A skill that is sent along."""

    description: str
    """What it is for, in words that the model reads."""
    name: str
    """Its name."""
    source: ShellInlineSkillSourceParam
    """Its files."""
    type: Literal["inline"]
    """Literal tag of this class on the wire."""


class ShellLocalParam(TypedDict):
    """The machine of whoever runs the commands."""

    type: Literal["local"]
    """Literal tag of this class on the wire."""
    skills: NotRequired[list[ShellLocalSkillParam] | None]
    """The skills that it holds."""


class ClientConfigParam(TypedDict):
    """What a browser that holds the WebRTC connection, and is not trusted, may do; sideband connections are not bound by it."""

    data_channel: DataChannelConfigParam
    """Which events may pass its data channel."""


DecisionItemParam: TypeAlias = DecisionUserMessageParam | DecisionDeveloperMessageParam | DecisionSystemMessageParam | DecisionAssistantMessageParam | DecisionFunctionCallParam | DecisionFunctionCallOutputParam | DecisionCustomToolCallParam | DecisionCustomToolCallOutputParam
"""An item for decisions to consider: a message, told by its `role`, or a tool's call or output, told by its `type`."""


DecisionQuestionParam: TypeAlias = DecisionQuestionChoiceParam | DecisionQuestionPredicateParam | DecisionQuestionScoreParam
"""A question, told by its `type`."""


class DecisionTriggerDecisionsParam(TypedDict):
    """What a trigger asks."""

    questions: list[DecisionQuestionParam]
    """The questions, answered together and in this order."""


class DecisionTriggerParam(TypedDict):
    """Asks questions whenever a piece of transcript comes."""

    decisions: DecisionTriggerDecisionsParam
    """The questions, and the model that answers them."""
    event_type: Literal["session.input_transcript.delta", "session.output_transcript.delta"]
    """Whose transcript: the user's or the model's."""
    type: Literal["decisions"]
    """Literal tag of this class on the wire."""


class DecisionsDelegationConfigParam(TypedDict):
    """A decision model and its questions."""

    model: str
    """Name of the model."""
    questions: list[DecisionQuestionParam]
    """The questions, answered together and in this order."""


class DecisionsDelegationUpdateConfigParam(TypedDict):
    """Changes to a decision model and its questions; absent fields stay as they are."""

    model: NotRequired[str | None]
    """Name of the model."""
    questions: NotRequired[list[DecisionQuestionParam] | None]
    """The questions, answered together and in this order."""


class SessionConfigDelegationDecisionsParam(TypedDict):
    """A decision model answers questions."""

    decisions: DecisionsDelegationConfigParam
    """The questions, and the model that answers them."""
    type: Literal["decisions"]
    """Literal tag of this class on the wire."""
    acknowledgement_delay_ms: NotRequired[int | None]
    """Milliseconds to wait before the model is asked for a spoken sign that it is on the task."""


class SessionUpdateConfigDelegationDecisionsParam(TypedDict):
    """A decision model answers questions from now on."""

    type: Literal["decisions"]
    """Literal tag of this class on the wire."""
    acknowledgement_delay_ms: NotRequired[int | None]
    """Milliseconds to wait before the model is asked for a spoken sign that it is on the task."""
    decisions: NotRequired[DecisionsDelegationUpdateConfigParam | None]
    """The questions, and the model that answers them."""


ShellContainerAutoSkillParam: TypeAlias = ShellSkillReferenceParam | ShellInlineSkillParam
"""A skill in a container, told by its `type`."""


class DecisionItemCreateParam(TypedDict):
    """Adds an item for decisions to consider, beside the conversation; answered by `decision.item.created`."""

    item: DecisionItemParam
    """The item to add."""
    type: Literal["decision.item.create"]
    """Literal tag of this class on the wire."""
    event_id: NotRequired[str | None]
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""


class ShellContainerAutoParam(TypedDict):
    """A container that is made when it is needed."""

    type: Literal["container_auto"]
    """Literal tag of this class on the wire."""
    file_ids: NotRequired[list[str] | None]
    """Files that it holds at the start."""
    memory_limit: NotRequired[Literal["1g", "4g", "16g", "64g"] | None]
    """How much memory it has."""
    network_policy: NotRequired[ShellNetworkPolicyParam | None]
    """What it may reach."""
    skills: NotRequired[list[ShellContainerAutoSkillParam] | None]
    """The skills that it holds."""


ShellEnvironmentParam: TypeAlias = ShellContainerAutoParam | ShellContainerReferenceParam | ShellLocalParam
"""Where commands run, told by its `type`."""


class ResponsesShellToolParam(TypedDict):
    """The tool that runs commands."""

    type: Literal["shell"]
    """Literal tag of this class on the wire."""
    environment: NotRequired[ShellEnvironmentParam | None]
    """Where the commands run."""


ResponsesToolParam: TypeAlias = FunctionToolParam | ResponsesWebSearchToolParam | ResponsesFileSearchToolParam | ResponsesCodeInterpreterToolParam | ResponsesShellToolParam | ResponsesImageGenerationToolParam | ResponsesMcpToolParam | ResponsesCustomToolParam | ResponsesNamespaceToolParam | ResponsesSearchToolParam | ResponsesProgrammaticToolCallingToolParam | ResponsesComputerToolParam | ResponsesApplyPatchToolParam
"""A tool of the model that does delegated work, told by its `type`."""


class ResponsesDelegationConfigParam(TypedDict):
    """How a model of the Responses API does delegated work."""

    model: str
    """Name of the model."""
    instructions: NotRequired[str | None]
    """What that model is told."""
    max_output_tokens: NotRequired[int | None]
    """The most tokens that a response may have."""
    parallel_tool_calls: NotRequired[bool | None]
    """Whether it may call several tools at once."""
    reasoning: NotRequired[ResponsesReasoningParam | None]
    """How much it thinks."""
    service_tier: NotRequired[Literal["auto", "default", "fast_tier_temp_pilot", "flex", "priority", "ultrafast"] | None]
    """With which priority it is served."""
    text: NotRequired[ResponsesTextParam | None]
    """How it writes."""
    tool_choice: NotRequired[ResponsesToolChoiceParam | None]
    """Whether it must use tools, and which."""
    tools: NotRequired[list[ResponsesToolParam] | None]
    """The tools it has."""


class ResponsesDelegationUpdateConfigParam(TypedDict):
    """Changes to how a model of the Responses API does delegated work; absent fields stay as they are."""

    instructions: NotRequired[str | None]
    """What that model is told."""
    max_output_tokens: NotRequired[int | None]
    """The most tokens that a response may have."""
    model: NotRequired[str | None]
    """Name of the model."""
    parallel_tool_calls: NotRequired[bool | None]
    """Whether it may call several tools at once."""
    reasoning: NotRequired[ResponsesReasoningParam | None]
    """How much it thinks."""
    service_tier: NotRequired[Literal["auto", "default", "fast_tier_temp_pilot", "flex", "priority", "ultrafast"] | None]
    """With which priority it is served."""
    text: NotRequired[ResponsesTextParam | None]
    """How it writes."""
    tool_choice: NotRequired[ResponsesToolChoiceParam | None]
    """Whether it must use tools, and which."""
    tools: NotRequired[list[ResponsesToolParam] | None]
    """The tools it has."""


class SessionConfigDelegationResponsesParam(TypedDict):
    """A model of the Responses API does the work."""

    responses: ResponsesDelegationConfigParam
    """The settings of the model that does the work."""
    type: Literal["responses"]
    """Literal tag of this class on the wire."""
    acknowledgement_delay_ms: NotRequired[int | None]
    """Milliseconds to wait before the model is asked for a spoken sign that it is on the task."""


class SessionUpdateConfigDelegationResponsesParam(TypedDict):
    """A model of the Responses API does the work from now on."""

    type: Literal["responses"]
    """Literal tag of this class on the wire."""
    acknowledgement_delay_ms: NotRequired[int | None]
    """Milliseconds to wait before the model is asked for a spoken sign that it is on the task."""
    responses: NotRequired[ResponsesDelegationUpdateConfigParam | None]
    """The settings of the model that does the work."""


SessionConfigDelegationParam: TypeAlias = ClientDelegationParam | SessionConfigDelegationResponsesParam | SessionConfigDelegationDecisionsParam
"""Who does the work that the model gives away, told by its `type`."""


class SessionConfigParam(TypedDict):
    """What a session starts with."""

    model: Literal["gpt-live-1"] | str
    """Name of the Live model."""
    audio: NotRequired[SessionConfigAudioParam | None]
    """Audio format and voice, which stay as they are."""
    client: NotRequired[ClientConfigParam | None]
    """What a browser that is connected directly may do."""
    delegation: NotRequired[SessionConfigDelegationParam | None]
    """Who does the work that the model gives away; the application when it is absent or `null`."""
    input: NotRequired[list[InitialItemParam] | None]
    """What was said before, as text, oldest first."""
    instructions: NotRequired[str | None]
    """How the model shall speak and behave and what it shall give away; fixed at the start."""
    safety_identifier: NotRequired[str | None]
    """A stable name for the end user, by which abuse can be told."""
    store: NotRequired[bool | None]
    """Whether the session is kept, to be forked or downloaded later."""
    triggers: NotRequired[list[DecisionTriggerParam] | None]
    """Questions to ask whenever a piece of transcript comes, at most one trigger for each side."""


class SessionStartParam(TypedDict):
    """Starts the session with its configuration; the first event on a primary WebSocket, answered by `session.started`."""

    session: SessionConfigParam
    """The configuration, most of which cannot be changed later."""
    type: Literal["session.start"]
    """Literal tag of this class on the wire."""
    event_id: NotRequired[str | None]
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""


SessionUpdateConfigDelegationParam: TypeAlias = ClientDelegationParam | SessionUpdateConfigDelegationResponsesParam | SessionUpdateConfigDelegationDecisionsParam
"""Who does the work from now on, told by its `type`."""


class SessionUpdateConfigParam(TypedDict):
    """What can be changed while a session runs."""

    delegation: NotRequired[SessionUpdateConfigDelegationParam | None]
    """Who does the work that the model gives away from now on."""
    triggers: NotRequired[list[DecisionTriggerParam] | None]
    """The triggers from now on; an empty list removes them."""


class SessionUpdateParam(TypedDict):
    """Changes who does delegated work and what triggers a decision, nothing else; answered by `session.updated`."""

    session: SessionUpdateConfigParam
    """The settings to change; absent ones stay as they are."""
    type: Literal["session.update"]
    """Literal tag of this class on the wire."""
    event_id: NotRequired[str | None]
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""


ClientEventParam: TypeAlias = DecisionCreateParam | DecisionItemCreateParam | DecisionItemDeleteParam | ResponseCreateParam | ResponseItemCreateParam | SessionCloseParam | SessionCommentaryAppendParam | SessionInputAudioAppendParam | SessionInputAudioMuteParam | SessionInputAudioUnmuteParam | SessionInstructionsAppendParam | SessionOutputAudioFixturePlayParam | SessionStartParam | SessionThinkingAppendParam | SessionUpdateParam | TransportDtmfSendParam
"""Any event that a client sends, in its dict form."""
