"""The end of the demo: what was said, and what it took."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from realtime_typed.types import (
    AssistantMessageItem,
    ConversationItem,
    FunctionCallItem,
    FunctionCallOutputItem,
    UserMessageItem,
)

from .console import Console, one_line
from .turns import SpokenTurn

__all__ = ["Report", "write_table", "write_transcript"]


@dataclass(frozen=True)
class Report:
    """What the table shows.

    Attributes:
        counts: How many events there were, by source and type.
        issues: How often which field did not fit its schema, by event type and path.
        first_text_s: Seconds to the first text of the text turn, `None` when there was none.
        spoken: The spoken turn.
        speech_s: Seconds of recorded speech, without the silence that was streamed after it.
    """

    counts: Mapping[tuple[Literal["client", "server"], str], int]
    issues: Counter[tuple[str, str]]
    first_text_s: float | None
    spoken: SpokenTurn
    speech_s: float


def write_transcript(console: Console, items: Sequence[ConversationItem], rate: int) -> None:
    """Write the conversation: a line an item, with who says it and how many seconds of audio it has.

    Args:
        console: Where to write.
        items: The conversation.
        rate: Samples a second of its audio.
    """
    console.line()
    console.line(console.paint("Conversation", "bold"))
    for item in items:
        speaker, words = _words(item)
        samples = item.formatted.audio_samples
        heard = f"  [{samples / rate:.1f} s of audio]" if samples else ""
        console.line(f"  {console.paint(f'{speaker:<10}', 'cyan')} {one_line(words, 300)}{console.paint(heard, 'dim')}")


def _words(item: ConversationItem) -> tuple[str, str]:
    match item:
        case FunctionCallItem(name=name, arguments=arguments):
            return "tool call", f"{name}({arguments})"
        case FunctionCallOutputItem(output=output):
            return "tool", output
        case UserMessageItem() | AssistantMessageItem():
            return item.role, item.formatted.text or item.formatted.transcript or "(no words)"
        case _:
            return str(getattr(item, "type", "item")), item.formatted.text


def write_table(console: Console, report: Report) -> None:
    """Write the events by type, the times to the first output, the audio and the validation issues."""
    names = sorted({name for _, name in report.counts})
    width = min(80, max(map(len, [*names, "event"])))
    console.line()
    console.line(console.paint(f"{'event':<{width}}    sent  received", "bold"))
    for name in names:
        sent, received = report.counts.get(("client", name), 0), report.counts.get(("server", name), 0)
        console.line(f"{one_line(name, width):<{width}}  {sent or '':>6}  {received or '':>8}".rstrip())
    totals = {source: sum(n for (side, _), n in report.counts.items() if side == source) for source in _SOURCES}
    console.line(f"{'total':<{width}}  {totals['client']:>6}  {totals['server']:>8}")
    console.line()
    for label, value in _figures(report):
        console.line(f"{label:<22} {value}")


_SOURCES: tuple[Literal["client", "server"], ...] = ("client", "server")


def _seconds(value: float | None) -> str:
    return "none" if value is None else f"{value:.3f} s"


def _figures(report: Report) -> Iterator[tuple[str, str]]:
    spoken = report.spoken
    yield "time to first text", f"{_seconds(report.first_text_s)} from response.create"
    yield "time to first audio", f"{_seconds(spoken.first_audio_s)} from the end of speech"
    yield "", f"{_seconds(spoken.first_audio_after_start_s)} from response.created"
    yield "audio in", f"{spoken.streamed_s:.2f} s ({report.speech_s:.2f} s of speech, then silence)"
    yield "audio out", f"{spoken.reply.size / 24_000:.2f} s"
    yield "validation issues", str(report.issues.total() or "none")
    for (name, path), count in report.issues.most_common(20):
        yield "", f"{one_line(f'{name} {path}')} x{count}"
