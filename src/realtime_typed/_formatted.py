"""The readable form of a conversation item: its text, transcript, audio, tool call and tool output in one place.

Audio is kept as the chunks that arrived, a second of them joined at a time, and all of them when it is asked for:
appending to one growing array would cost more with every chunk.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["Formatted", "FormattedTool", "McpStatus"]

McpStatus: TypeAlias = Literal["in_progress", "completed", "failed"]
"""How far the service is with what it does at an MCP server."""

_BLOCK: Final = 24_000


@dataclass(slots=True)
class FormattedTool:
    """A function call as the reference client presents it.

    Attributes:
        name: The function's name.
        call_id: The id that the `function_call_output` item must carry.
        arguments: The arguments as JSON text; incomplete while they are still arriving.
        type: Always `"function"`.
    """

    name: str
    call_id: str
    arguments: str = ""
    type: Literal["function"] = "function"


def _owned(samples: "npt.NDArray[np.int16]") -> "npt.NDArray[np.int16]":
    """Copy a small part of an array: a view of it would keep all of the array alive."""
    owner = samples.base if samples.base is not None else samples
    return samples.copy() if 2 * len(samples) < getattr(owner, "size", 0) else samples


class Formatted:
    """The readable form of one item, kept up to date by the conversation.

    Attributes:
        text: All text parts, joined; empty when there are none.
        transcript: The transcripts of all audio parts, joined; empty when there are none or none came yet.
        tool: The function call of a `function_call` item, otherwise `None`.
        output: The output of a `function_call_output` item, otherwise `None`.
        mcp_status: How far the service is with an `mcp_call` or `mcp_list_tools` item of the conversation, as its
            events told; `None` before the first of them, and for all other items.
    """

    __slots__ = (
        "_blocks",
        "_chunks",
        "_dropped",
        "_loose",
        "_samples",
        "mcp_status",
        "output",
        "text",
        "tool",
        "transcript",
    )

    def __init__(
        self,
        text: str = "",
        transcript: str = "",
        tool: FormattedTool | None = None,
        output: str | None = None,
    ) -> None:
        self.text: str = text
        self.transcript: str = transcript
        self.tool: FormattedTool | None = tool
        self.output: str | None = output
        self.mcp_status: McpStatus | None = None
        self._chunks: list[npt.NDArray[np.int16]] = []
        self._samples = 0
        self._dropped = 0
        # The first `_blocks` chunks are joined ones; the rest hold `_loose` samples.
        self._blocks = 0
        self._loose = 0

    @property
    def audio(self) -> "npt.NDArray[np.int16]":
        """The item's audio, shape `(samples,)`, dtype int16, mono, at `Conversation`'s rate for it (24,000 Hz PCM).

        What the conversation does not retain (`audio_retention`) is missing at the beginning: `audio_dropped` samples.

        The first reading after new audio joins the chunks, which costs time in proportion to the audio; a handler
        that only needs what is new takes the `delta` of `conversation.updated`. An item without audio gives an
        array of length 0. The array is the conversation's own: copy it before changing it.
        """
        import numpy as np

        if not self._chunks:
            return np.zeros(0, dtype=np.int16)
        if len(self._chunks) > 1:
            self._chunks = [np.concatenate(self._chunks)]
        self._blocks, self._loose = 1, 0
        return self._chunks[0]

    @property
    def audio_samples(self) -> int:
        """How many samples `audio` holds, known without joining it."""
        return self._samples

    @property
    def audio_dropped(self) -> int:
        """How many samples of the item's audio came before `audio` begins and are not kept any more."""
        return self._dropped

    @property
    def audio_received(self) -> int:
        """How many samples the item's audio has in all, those included that are not kept any more."""
        return self._dropped + self._samples

    def append_audio(self, samples: "npt.NDArray[np.int16]") -> None:
        """Add audio at the end.

        Args:
            samples: Shape `(n,)`, dtype int16. It is kept, and copied only once a second of small pieces has come.
        """
        count = len(samples)
        if not count:
            return
        self._chunks.append(samples)
        self._samples += count
        self._loose += count
        if self._loose >= _BLOCK:
            self._join_loose()

    def pass_audio(self, samples: int) -> None:
        """Count so many samples that came at the end, none of which is kept; there must be none that are."""
        self._dropped += samples

    def _join_loose(self) -> None:
        """Make one array of the small ones: of pieces of 20 ms, a tenth of the memory is not samples."""
        loose = self._chunks[self._blocks :]
        if len(loose) > 1:
            import numpy as np

            self._chunks[self._blocks :] = [np.concatenate(loose)]
        self._blocks, self._loose = len(self._chunks), 0

    def set_audio(self, samples: "npt.NDArray[np.int16]", *, dropped: int = 0) -> None:
        """Replace all audio.

        Args:
            samples: Shape `(n,)`, dtype int16. It is kept, not copied.
            dropped: How many samples came before it that are not kept. Default 0.
        """
        self._chunks = [samples] if len(samples) else []
        self._samples = len(samples)
        self._dropped = dropped
        self._blocks, self._loose = len(self._chunks), 0

    def drop_audio(self, samples: int) -> None:
        """Forget so many samples at the beginning of `audio`; their number goes on to count in `audio_received`."""
        self._samples -= samples
        self._dropped += samples
        while samples:
            first = self._chunks[0]
            taken = min(samples, len(first))
            samples -= taken
            in_block = self._blocks > 0
            if not in_block:
                self._loose -= taken
            if taken == len(first):
                del self._chunks[0]
                self._blocks -= in_block
            else:
                self._chunks[0] = _owned(first[taken:])

    def cut_audio(self, end: int) -> None:
        """Forget what comes after the first `end` samples of the item's audio, those counted that were dropped."""
        kept = self.audio[: max(0, end - self._dropped)]
        self.set_audio(_owned(kept), dropped=min(end, self._dropped))

    def __repr__(self) -> str:
        return (
            f"Formatted(text={self.text!r}, transcript={self.transcript!r}, audio=<{self._samples} samples>, "
            f"tool={self.tool!r}, output={self.output!r})"
        )
