"""What becomes of each kind of request when the connection is lost under it; the table is in docs/reconnect.md."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Final, cast

import pytest

from realtime_typed import RealtimeClient, ReconnectPolicy, ServerError
from realtime_typed._generated.realtime.params import ConversationItemParam
from realtime_typed._wire import wire_fields
from realtime_typed.local import AfterReceived, BeforeReceived, DropConnection, Reply, ResponderRequest, TextReply
from tests.contract.support import BOUND, Serve, Service, settle, speech

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]

SOON: Final = ReconnectPolicy(initial_delay=0.001, connect_timeout=5)
Call = Callable[[RealtimeClient], Coroutine[object, object, object]]


def message(item_id: str) -> ConversationItemParam:
    content = [{"type": "input_text", "text": "Hi"}]
    return cast("ConversationItemParam", {"id": item_id, "type": "message", "role": "user", "content": content})


async def update(client: RealtimeClient) -> None:
    await client.update_session(instructions="Be brief.")


async def respond(client: RealtimeClient) -> None:
    response = await client.create_response()
    assert (await response.done(BOUND)).status == "completed"


async def truncate(client: RealtimeClient) -> object:
    item = client.conversation.items[-1]
    return await client.conversation.item.truncate(item_id=str(item.id), content_index=0, audio_end_ms=10)


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of request.

    Attributes:
        call: Sends it.
        sent: How often the next session gets it.
        speech: Whether the user has spoken before, into the buffer.
    """

    call: Call
    sent: int
    speech: bool = False


CASES: Final[dict[str, Case]] = {
    "session.update": Case(update, 1),  # it is the one that restores the configuration
    "conversation.item.create": Case(lambda client: client.conversation.item.create(item=message("new")), 1),
    "conversation.item.delete": Case(lambda client: client.conversation.item.delete(item_id="old"), 0),
    "conversation.item.truncate": Case(truncate, 0),
    "conversation.item.retrieve": Case(lambda client: client.conversation.item.retrieve(item_id="old"), 1),
    "input_audio_buffer.commit": Case(lambda client: client.input_audio_buffer.commit(), 1, speech=True),
    "input_audio_buffer.clear": Case(lambda client: client.input_audio_buffer.clear(), 1, speech=True),
    "response.create": Case(respond, 1),
}


async def prepare(client: RealtimeClient, name: str) -> None:
    await client.update_session(turn_detection=None)
    await client.conversation.item.create(item=message("old"))
    if name == "conversation.item.truncate":
        await respond(client)
    else:
        await client.update_session(output_modalities=["text"])


def only_events(service: Service) -> None:
    if service.by_track:
        pytest.skip("a track's audio is not sent again, and a line is lost there by its silence")


@pytest.mark.parametrize("moment", [BeforeReceived, AfterReceived])
@pytest.mark.parametrize("name", CASES)
async def test_a_request_under_which_the_line_is_lost_is_answered_once(
    serve: Serve, name: str, moment: type[BeforeReceived] | type[AfterReceived]
) -> None:
    case = CASES[name]
    async with serve() as service, service.client(reconnect=SOON) as client:
        only_events(service)
        await prepare(client, name)
        if case.speech:
            await client.append_input_audio(speech()[:4_800])
            await settle_without_clear(client)
        service.server.inject(DropConnection(moment(name)))
        async with asyncio.timeout(BOUND), client.events["connection.restored"].expect() as restored:
            await case.call(client)
        assert len(service.server.faults_fired) == 1
        # What the client itself sends again is the history.
        sent = [event for event in service.received(name) if wire_fields(event.get("item")).get("id") != "old"]
        assert len(sent) == case.sent
        assert [piece for piece in restored.event.lost if piece.kind == "request"] == []
        await settle(client)
        # Of speech that was cut nobody knows the transcript.
        unknown = [piece.id for piece in restored.event.lost if piece.kind == "item"]
        assert bool(unknown) is (name == "conversation.item.truncate")
        check(name, service, client, unknown)


async def settle_without_clear(client: RealtimeClient) -> None:
    """Return once the server has handled everything sent so far, with the buffer as it is."""
    await client.conversation.item.retrieve(item_id="old")


def check(name: str, service: Service, client: RealtimeClient, unknown: list[str]) -> None:
    """What the request was for has come about in the next session, and here."""
    held = [item.id for item in service.session.history.items()]
    ids = [item.id for item in client.conversation.items]
    assert held == [item_id for item_id in ids if item_id not in unknown]
    match name:
        case "session.update":
            (told,) = service.received(name)
            assert wire_fields(told["session"])["instructions"] == "Be brief."
        case "conversation.item.create":
            assert ids == ["old", "new"]
        case "conversation.item.delete":
            assert ids == []
        case "input_audio_buffer.commit":
            (spoken,) = client.conversation.items[1:]
            assert spoken.formatted.audio.tobytes() == speech()[:4_800].tobytes()
            order = [str(event["type"]) for event in service.session.received]
            assert order.index("input_audio_buffer.append") < order.index("input_audio_buffer.commit")
        case "input_audio_buffer.clear":
            assert service.received("input_audio_buffer.append") == []
        case "response.create":
            assert len(ids) == 2
        case _:
            pass


class Slow:
    """Answers when it is told to; its first answer is never finished."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.asked = 0

    async def respond(self, request: ResponderRequest) -> Reply:
        self.asked += 1
        self.begun.set()
        if self.asked == 1:
            await asyncio.Event().wait()
        return TextReply("done")


@pytest.mark.parametrize("moment", [BeforeReceived, AfterReceived])
async def test_a_cancel_under_which_the_line_is_lost_has_nothing_to_cancel_and_nothing_is_asked_again(
    serve: Serve, moment: type[BeforeReceived] | type[AfterReceived]
) -> None:
    responder = Slow()
    async with serve(responder=responder) as service, service.client(reconnect=SOON) as client:
        only_events(service)
        await client.update_session(output_modalities=["text"])
        response = await client.create_response()
        await responder.begun.wait()
        service.server.inject(DropConnection(moment("response.cancel")))
        async with asyncio.timeout(BOUND):
            restored = asyncio.create_task(client.wait_for("connection.restored"))
            await asyncio.sleep(0)
            with pytest.raises(ServerError) as caught:
                await client.response.cancel(response_id=response.id)
            assert caught.value.code == "response_cancel_not_active"
            assert (await restored).asked_again == ()
        await settle(client)
        assert service.received("response.cancel") == service.received("response.create") == []
        assert responder.asked == 1
