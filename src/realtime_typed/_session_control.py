"""`client.session`: sends `session.update`, and shows the configuration that is in force."""

from typing import Self, cast

from ._generated.realtime.sends import SessionSends
from ._generated.realtime.shared import RealtimeSession, TranscriptionSession
from ._wire import to_plain
from .dispatch import SendNamespace

__all__ = ["SessionControl", "SessionReport", "SessionView"]


class SessionReport:
    """What the service has reported of the session. No I/O.

    Attributes:
        reported: The `session` of the last `session.created` or `session.updated`, `None` before the first.
    """

    def __init__(self) -> None:
        self.reported: object = None
        self._wire: dict[str, object] | None = None

    def take(self, session: object) -> None:
        """Take in the `session` of an event; `None` while a connection is being made, when nothing is known."""
        self.reported = session
        self._wire = None

    @property
    def wire(self) -> dict[str, object] | None:
        """The configuration as it is on the wire, `None` if nothing was reported, or no object."""
        if self._wire is None and self.reported is not None:
            plain = to_plain(self.reported)
            self._wire = cast("dict[str, object]", plain) if isinstance(plain, dict) else None
        return self._wire


class SessionView(SendNamespace):
    """What `client.session` is besides its send methods, also in a client that is generated for another schema."""

    __slots__ = ("_report",)

    _report: SessionReport

    def showing(self, report: SessionReport) -> Self:
        """Show this report from now on."""
        self._report = report
        return self


class SessionControl(SessionView, SessionSends):
    """Sends `session.update`, and shows the configuration that is in force.

    It is what the service reported last, in `session.created` or `session.updated`: after a change of which it has not
    told yet, the configuration before that change. It stays readable after the connection has ended, until the next.
    """

    __slots__ = ()

    @property
    def config(self) -> RealtimeSession | None:
        """The configuration of a conversation with a model; `None` before `session.created`.

        A session that only transcribes has `transcription_config` instead.
        """
        reported = self._report.reported
        return reported if isinstance(reported, RealtimeSession) else None

    @property
    def transcription_config(self) -> TranscriptionSession | None:
        """The configuration of a session that only transcribes; `None` before `session.created`, and in others."""
        reported = self._report.reported
        return reported if isinstance(reported, TranscriptionSession) else None
