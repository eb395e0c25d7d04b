"""FFmpeg's libswresample through PyAV, with filters longer than its own defaults. Needs PyAV.

Its defaults begin to fade at 80 % of the lower Nyquist frequency, and weaken what lies right above it by 8 dB alone.
Older versions of `av.AudioResampler` take no options; the filter graph here is the one that it builds, and does so with
every PyAV from 14 on. docs/audio.md compares it with `soxr`.
"""

from typing import TYPE_CHECKING, Final

import numpy as np
from av.audio.frame import AudioFrame
from av.filter import Graph

if TYPE_CHECKING:
    from .audio import Int16Array

__all__ = ["FrameConverter", "frame_of", "samples_of"]

# Filters by a Kaiser window (ffmpeg.org/ffmpeg-resampler.html). Down to a lower rate, 95 % of its Nyquist frequency
# are to stay, and what lies above it is to go: the middle between them is the cutoff. libswresample multiplies
# `filter_size` by the ratio of the rates and divides it by `cutoff`: 181 samples of the lower rate.
_TO_LOWER: Final = {"filter_size": "176", "cutoff": "0.975", "kaiser_beta": "6"}
# Up to a higher rate the cutoff is the Nyquist frequency itself, whatever `cutoff` says. The image of 95 % of it is at
# 105 %: twice the room, hence half the filter and half the delay.
_TO_HIGHER: Final = {"filter_size": "96", "kaiser_beta": "6.5"}


class FrameConverter:
    """Convert a stream of PyAV's frames to mono int16 at one rate.

    Down to a lower rate, what comes out lags behind what went in by 91 samples of the lower rate; up to a higher one by
    48. Before anything comes at all, twice that must have gone in.

    Args:
        first: The first frame, which says what all others are like. Not converted by this.
        rate: Samples a second of what comes out.
    """

    def __init__(self, first: AudioFrame, rate: int) -> None:
        self._graph = Graph()
        source = self._graph.add(
            "abuffer",
            sample_rate=str(first.sample_rate),
            sample_fmt=first.format.name,
            channel_layout=first.layout.name,
            time_base=f"1/{first.sample_rate}",
        )
        options = _TO_LOWER if rate < first.sample_rate else _TO_HIGHER
        resampler = self._graph.add("aresample", out_sample_rate=str(rate), **options)
        # By this, and not by an option of libswresample, whose names for layouts FFmpeg 7 has changed.
        target = self._graph.add("aformat", sample_fmts="s16", channel_layouts="mono")
        sink = self._graph.add("abuffersink")
        source.link_to(resampler)
        resampler.link_to(target)
        target.link_to(sink)
        self._graph.configure()

    def convert(self, frame: AudioFrame | None) -> "Int16Array":
        """Take the next frame.

        Args:
            frame: It; `None` ends the stream.

        Returns:
            Shape (n,), int16, mono: as much as is settled, and for `None` all the rest. Its own memory, writable.
        """
        self._graph.push(frame)
        result = bytearray()
        while True:
            try:
                converted = self._graph.pull()
            except (BlockingIOError, EOFError):  # it wants more, or has ended
                return np.frombuffer(result, np.int16)
            if isinstance(converted, AudioFrame):
                result += _bytes_of(converted)


def frame_of(samples: "Int16Array", rate: int) -> AudioFrame:
    """Copy samples into a frame.

    Args:
        samples: Shape (n,), int16, n > 0.
        rate: Samples a second.

    Returns:
        A frame, s16, mono, without a timestamp.
    """
    frame = AudioFrame(format="s16", layout="mono", samples=samples.size)
    frame.sample_rate = rate
    frame.planes[0].update(samples.tobytes())
    return frame


def samples_of(frame: AudioFrame) -> "Int16Array":
    """The samples of a frame that is s16 and mono.

    Returns:
        Shape (n,), int16, its own memory, writable.
    """
    return np.frombuffer(bytearray(_bytes_of(frame)), np.int16)


def _bytes_of(frame: AudioFrame) -> bytes:
    return bytes(frame.planes[0])[: 2 * frame.samples]  # a plane may be longer than its samples
