"""The readable form of a conversation item: its text, transcript, audio, tool call and tool output in one place.

Audio is kept as the chunks that arrived and joined when it is asked for: appending to one growing array would cost
more with every chunk.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["Formatted", "FormattedTool"]


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


class Formatted:
    """The readable form of one item, kept up to date by the conversation.

    Attributes:
        text: All text parts, joined; empty when there are none.
        transcript: The transcripts of all audio parts, joined; empty when there are none or none came yet.
        tool: The function call of a `function_call` item, otherwise `None`.
        output: The output of a `function_call_output` item, otherwise `None`.
    """

    __slots__ = ("_chunks", "_samples", "output", "text", "tool", "transcript")

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
        self._chunks: list[npt.NDArray[np.int16]] = []
        self._samples = 0

    @property
    def audio(self) -> "npt.NDArray[np.int16]":
        """The item's audio, shape `(samples,)`, dtype int16, mono, at `Conversation`'s rate for it (24,000 Hz PCM).

        The first reading after new audio joins the chunks, which costs time in proportion to the audio; a handler
        that only needs what is new takes the `delta` of `conversation.updated`. An item without audio gives an
        array of length 0. The array is the conversation's own: copy it before changing it.
        """
        import numpy as np

        if not self._chunks:
            return np.zeros(0, dtype=np.int16)
        if len(self._chunks) > 1:
            self._chunks = [np.concatenate(self._chunks)]
        return self._chunks[0]

    @property
    def audio_samples(self) -> int:
        """How many samples `audio` holds, known without joining it."""
        return self._samples

    def append_audio(self, samples: "npt.NDArray[np.int16]") -> None:
        """Add audio at the end.

        Args:
            samples: Shape `(n,)`, dtype int16. It is kept, not copied.
        """
        if len(samples):
            self._chunks.append(samples)
            self._samples += len(samples)

    def set_audio(self, samples: "npt.NDArray[np.int16]") -> None:
        """Replace all audio by `samples`, shape `(n,)`, dtype int16. It is kept, not copied."""
        self._chunks = [samples] if len(samples) else []
        self._samples = len(samples)

    def __repr__(self) -> str:
        return (
            f"Formatted(text={self.text!r}, transcript={self.transcript!r}, audio=<{self._samples} samples>, "
            f"tool={self.tool!r}, output={self.output!r})"
        )
