"""The session of a client: its configuration."""

from collections.abc import Mapping
from typing import Unpack, cast

from ._client_rotation import ClientRotation
from ._generated.realtime.params import SessionConfigParam
from ._generated.realtime.shared import SessionConfig
from ._session_rules import difference
from .dispatch import ANSWER_TIMEOUT
from .session import SessionFields

__all__ = ["ClientSession"]


class ClientSession(ClientRotation):
    """The session of a client: its configuration."""

    def get_turn_detection_type(self) -> str | None:
        """How turns end: `"server_vad"`, `"semantic_vad"`, or `None` when the application commits them itself."""
        return self._configuration.turn_detection_type

    async def update_session(
        self,
        session: SessionConfig | SessionConfigParam | None = None,
        /,
        *,
        timeout: float | None = ANSWER_TIMEOUT,
        **fields: Unpack[SessionFields],
    ) -> None:
        """Change the session's configuration, now or, when there is no connection, with the next one.

        While connected it sends what differs from the configuration in force, and waits until the service has taken it;
        if nothing differs, nothing is sent. What the service is known to refuse is refused here, with the reason.

        Args:
            session: A GA session object.
            timeout: Seconds to wait for that, 10 by default; `None` waits until the connection ends.
            **fields: GA fields or the reference client's flat names (`voice=`, `turn_detection=`,
                `input_audio_format="pcm16"`, …); see `SessionFields`. What is not given stays as it is, and `None` is
                sent as `null`.

        Raises:
            ValueError: A field does not exist in the GA protocol, or is given twice with different values; or the
                service would refuse it: both `text` and `audio` as modalities, PCM at another rate than 24,000, another
                voice once the session has spoken, another tracing than the one set. Nothing has changed then.
            EventValidationError: The change does not have the shape of a session; nothing has changed then.
            ServerError: The service refused the change; nothing has changed then.
            TimeoutError: The service did not answer in time.
            ConnectionClosed: The connection ended before the service answered; the next one has the change.
        """
        before = self._configuration.wanted
        change = self._configure(session, cast("Mapping[str, object]", fields))
        if not self.is_connected():
            return
        differs = self._differing(change, before)
        if differs.keys() - {"type"}:
            event = {"type": "session.update", "session": self._session_wire(differs, tools="tools" in differs)}
            await self._ask(event, timeout, self._configuration_log.add(before, change))

    def _differing(self, change: Mapping[str, object], before: Mapping[str, object]) -> dict[str, object]:
        """What of a change is not in force; all of it while a change is on its way that may yet be refused."""
        reported = None if self._configuration_log.pending else self._session_report.wire
        return difference(self._with_own_tools(change), self._with_own_tools(before), reported)

    def _with_own_tools(self, session: Mapping[str, object]) -> Mapping[str, object]:
        """What goes out for a configuration that says something of tools: those of `add_tool` beside its own."""
        given = session.get("tools")
        if not isinstance(given, list):
            return session
        return {**session, "tools": [*cast("list[object]", given), *self._tools.definitions]}
