"""The sessions and calls of a server, and the tasks that run them. It knows neither HTTP nor sockets."""

import asyncio
import contextlib
import itertools
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Final

from realtime_typed.errors import ConnectionClosed

from .calls import Calls, LocalCall
from .connection import Peer, ServedSession, attach, refuse, serve
from .fault_peer import faulty
from .fault_state import Faults
from .faults import Fault
from .lines import Line
from .media import MediaConnection, OpenMedia, serve_call
from .quirk_peer import dressed
from .quirks import Quirk
from .requests import RequestError, Wire
from .session import LocalSession
from .settings import SessionSettings
from .translation import TranslationSession
from .translator import TranslationSettings

__all__ = ["Hub", "TooManyCallsError"]

_KEPT_SESSIONS: Final = 100

_logger = logging.getLogger("realtime_typed.local")


class TooManyCallsError(Exception):
    """The server has as many WebRTC calls as it takes."""


class Hub:
    """What runs in a server.

    Args:
        settings: For realtime and transcription sessions.
        translation: For translation sessions.
        speaks_beta: Whether a client that asks for the beta dialect gets it; else it is told that beta is off.
        max_calls: How many WebRTC calls there may be at once.
        quirks: How what realtime and transcription sessions send differs from the service. Default nothing.
        faults: What goes wrong on purpose. Default nothing.
    """

    def __init__(
        self,
        settings: SessionSettings,
        translation: TranslationSettings,
        speaks_beta: bool,
        max_calls: int,
        quirks: frozenset[Quirk] = frozenset(),
        faults: Sequence[Fault] = (),
    ) -> None:
        self.faults: Faults = Faults(faults)
        self._quirks = quirks
        self._max_calls = max_calls
        self._media_calls = 0
        self._settings = settings
        self._translation = translation
        self.speaks_beta: bool = speaks_beta
        self.calls: Calls = Calls()
        self._numbers = itertools.count(1)
        self._sessions: deque[LocalSession] = deque(maxlen=_KEPT_SESSIONS)
        self._translations: deque[TranslationSession] = deque(maxlen=_KEPT_SESSIONS)
        self._running: dict[asyncio.Task[None], ServedSession | None] = {}
        self.stopping: bool = False

    @property
    def sessions(self) -> Sequence[LocalSession]:
        """The realtime and transcription sessions so far; the last 100."""
        return list(self._sessions)

    @property
    def translations(self) -> Sequence[TranslationSession]:
        """The translation sessions so far; the last 100."""
        return list(self._translations)

    def running(self) -> Sequence[ServedSession]:
        """The sessions that are open now."""
        return list(dict.fromkeys(session for session in self._running.values() if session is not None))

    def preview(self, model: str, initial: Wire) -> Wire:
        """The configuration of a session that would begin like this; no session begins.

        Raises:
            RequestError: The service does not allow it.
        """
        return LocalSession(next(self._numbers), model, self._settings, initial).config

    def preview_translation(self, model: str, initial: Wire) -> Wire:
        """As `preview`, of a translation session."""
        return TranslationSession(next(self._numbers), model, self._translation, initial).config

    async def serve_realtime(self, peer: Line, model: str, initial: Wire | None = None, *, beta: bool = False) -> None:
        """Run a new session over a connection.

        Args:
            peer: An open connection.
            model: The session's model.
            initial: What the session begins with; as for `LocalSession`.
            beta: Whether the client asks for the beta dialect; it is told when that is off.
        """
        await self._run(*self._realtime(peer, model, initial, beta), peer)

    def start_realtime(self, peer: Line, model: str, *, beta: bool = False) -> None:
        """As `serve_realtime`, in a task of its own."""
        session, serving = self._realtime(peer, model, None, beta)
        self._track(asyncio.create_task(serving, name="realtime-typed local connection"), session)

    async def serve_translation(self, peer: Line, model: str, initial: Wire | None = None) -> None:
        """Run a new translation session over a connection; arguments as for `serve_realtime`."""
        session = TranslationSession(next(self._numbers), model, self._translation, initial)
        self._translations.append(session)
        await self._run(session, self._serve_translation(session, peer), peer)

    def refuse(self, error: RequestError) -> Callable[[Peer], Awaitable[None]]:
        """Serve a connection with an `error` instead of a session, and close code 4000."""
        return lambda peer: refuse(peer, error, 4000)

    async def join(self, peer: Line, session: LocalSession, *, beta: bool = False) -> None:
        """Attach a connection to the session of a call."""
        if beta and not self.speaks_beta:
            await refuse(peer, _beta_is_off(), 4000)
            return
        await self._run(session, self._attach(session, peer, beta), peer)

    def begin_call(self, call: LocalCall, model: str, initial: Wire | None) -> None:
        """Accept a call: its session begins, to which connections then attach.

        Raises:
            RequestError: The service does not allow this session.
        """
        session = LocalSession(next(self._numbers), model, self._settings, initial)
        self._sessions.append(session)
        session.start()
        task = asyncio.create_task(session.ended(), name=f"realtime-typed local {call.id}")
        call.accept(session, task)
        self._track(task, session)

    async def answer_call(
        self, open_media: OpenMedia, offer: str, model: str, initial: Wire, *, beta: bool = False
    ) -> tuple[LocalCall, str]:
        """Answer a WebRTC call: its session begins when its data channel opens.

        Args:
            open_media: Answers the offer.
            offer: The SDP offer.
            model: The session's model.
            initial: What the session begins with; as for `LocalSession`.
            beta: Whether the data channel speaks beta.

        Returns:
            The call and the SDP answer.

        Raises:
            OfferError: The offer cannot be answered.
            TooManyCallsError: There are `max_calls` already.
            ConnectionClosed: The server stops.
        """
        if self._media_calls >= self._max_calls:
            raise TooManyCallsError
        self._media_calls += 1
        try:
            connection = await open_media(offer)
        except BaseException:
            self._media_calls -= 1
            raise
        session = LocalSession(next(self._numbers), model, self._settings, initial, connection)
        self._sessions.append(session)
        call = self.calls.add()
        serving = self._serve_call(session, connection, beta)
        task = asyncio.create_task(serving, name=f"realtime-typed local {call.id}")
        call.accept(session, task, connection)
        self._track(task, session)
        task.add_done_callback(self._media_call_over)
        if self.stopping:
            session.close(1001, "the server is shutting down")
            await asyncio.wait({task})
            raise ConnectionClosed(1001, "the server is shutting down")
        return call, connection.answer

    def _media_call_over(self, task: asyncio.Task[None]) -> None:
        self._media_calls -= 1
        if not task.cancelled() and (error := task.exception()) is not None:
            _logger.error("a WebRTC call failed", exc_info=error)

    async def stop(self) -> None:
        """Close every session with 1001; no task of them is left."""
        self.stopping = True
        await self.faults.stop()
        running = set(self._running)
        for session in self.running():
            session.close(1001, "the server is shutting down")
        if running:
            # A client that does not read cannot be sent the close frame; after a moment it is left behind.
            _, left = await asyncio.wait(running, timeout=1)
            for task in left:
                task.cancel()
            await asyncio.wait(running, timeout=1)

    def _realtime(
        self, peer: Line, model: str, initial: Wire | None, beta: bool
    ) -> tuple[LocalSession | None, Coroutine[object, object, None]]:
        if beta and not self.speaks_beta:
            return None, refuse(peer, _beta_is_off(), 4000)
        session = LocalSession(next(self._numbers), model, self._settings, initial)
        self._sessions.append(session)
        return session, self._serve(session, peer, beta)

    async def _serve(self, session: LocalSession, peer: Line, beta: bool) -> None:
        with faulty(peer, self.faults, session) as line:
            await serve(session, dressed(line, self._quirks, beta=beta))

    async def _serve_translation(self, session: TranslationSession, peer: Line) -> None:
        with faulty(peer, self.faults, session) as line:
            await serve(session, line)

    async def _attach(self, session: LocalSession, peer: Line, beta: bool) -> None:
        with faulty(peer, self.faults, session) as line:
            await attach(session, dressed(line, self._quirks, beta=beta))

    async def _serve_call(self, session: LocalSession, connection: MediaConnection, beta: bool) -> None:
        with contextlib.ExitStack() as stack:

            def dress(peer: Line) -> Peer:
                line = stack.enter_context(faulty(peer, self.faults, session, connection.stall))
                return dressed(line, self._quirks, beta=beta)

            await serve_call(session, connection, dress)

    def _track(self, task: asyncio.Task[None], session: ServedSession | None) -> None:
        self._running[task] = session
        task.add_done_callback(lambda _: self._running.pop(task, None))

    async def _run(self, session: ServedSession | None, serving: Coroutine[object, object, None], peer: Peer) -> None:
        task = asyncio.current_task()
        if self.stopping or task is None:
            serving.close()
            await peer.close(1001, "the server is shutting down")
            return
        self._running[task] = session
        try:
            await serving
        finally:
            self._running.pop(task, None)


def _beta_is_off() -> RequestError:
    return RequestError("beta_api_shape_disabled", "The beta API shape is switched off; use GA.")
