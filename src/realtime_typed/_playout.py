"""The buffer between a writer of audio and a clock that takes a frame of it at every tick.

It decides when silence is sent instead. It knows nothing of clocks, tracks or waiting; `_webrtc_audio` does that.
"""

__all__ = ["PlayoutBuffer"]

_PREBUFFER_TICKS = 2  # 40 ms of 20 ms frames
_AHEAD_FRAMES = 10  # so much at once was not written in real time, so there is no jitter to wait for
_QUIET_TICKS = 10  # a writer in real time writes more often than every 200 ms


class PlayoutBuffer:
    """Audio that waits to be sent, mono, two bytes a sample.

    A burst that begins after silence is held back for two ticks, unless ten frames or more of it are there, so that
    audio that arrives in real time, but irregularly, has no gaps. When the audio runs out in the middle of a burst, one
    frame of silence is sent; after that what is left of less than a frame is sent, completed with silence.

    Args:
        frame: Samples of one frame.

    Attributes:
        written: Samples appended, ever.
        sent: Samples given out, ever; silence does not count.
    """

    def __init__(self, frame: int) -> None:
        self.written = 0
        self.sent = 0
        self._frame = frame
        self._silence = bytes(2 * frame)
        self._data = bytearray()  # deleting from its front copies nothing
        self._in_burst = False
        self._held = 0  # ticks of silence sent while audio was awaited
        self._quiet = 0  # ticks since something was appended
        self._seen = 0  # `written` at the last tick

    @property
    def queued(self) -> int:
        """Samples that wait."""
        return len(self._data) // 2

    def append(self, data: bytes) -> None:
        """Put samples behind the others.

        Args:
            data: Native int16, two bytes a sample.
        """
        self._data += data
        self.written += len(data) // 2

    def drop_oldest(self, samples: int) -> None:
        """Throw away the `samples` that would be sent next."""
        del self._data[: 2 * samples]

    def clear(self) -> int:
        """Throw away everything; what is appended next is a new burst.

        Returns:
            How many samples there were.
        """
        count = self.queued
        self._data.clear()
        self._in_burst = False
        self._held = 0
        return count

    def next_frame(self, *, late: bool = False) -> tuple[bytes, int]:
        """Take what is to be sent at this tick.

        Args:
            late: Whether ticks follow each other faster than real time, after a stall. They do not count for what is
                held back: a writer in real time would be overtaken. Default no.

        Returns:
            One frame, native int16; and how many of its samples, from the first one on, were appended. The rest is
            silence.
        """
        if not self._has_audio(late):
            return self._silence, 0
        size = len(self._silence)
        data = bytes(self._data[:size])
        del self._data[:size]
        self.sent += len(data) // 2
        return data.ljust(size, b"\0"), len(data) // 2

    def _has_audio(self, late: bool) -> bool:
        self._quiet = self._quiet + 1 if self.written == self._seen else 0
        self._seen = self.written
        queued = self.queued
        if self._in_burst and queued >= self._frame:
            self._held = 0
            return True
        if self._in_burst:
            # A writer that was quiet for long has written the end of its audio: nothing to wait for.
            ended = queued > 0 and self._quiet > _QUIET_TICKS
            if self._held == 0 and not ended:
                self._held = 1
                return False
            self._in_burst = False
            self._held = 0
            return queued > 0
        if queued and (queued >= _AHEAD_FRAMES * self._frame or self._held == _PREBUFFER_TICKS):
            self._in_burst = True
            self._held = 0
            return True
        self._held = self._held + 1 if queued and not late else 0
        return False
