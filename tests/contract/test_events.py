"""Who hears of what, and in which order: the reference client's events and the typed ones."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from realtime_typed import ConversationItemDropped, ConversationUpdated, ItemDelta, RealtimeClient, RealtimeEvent
from realtime_typed.local import ScriptedResponder, TextReply
from realtime_typed.types import ResponseDone
from tests.contract.support import BOUND, Serve, Service, collapsed, heard, recorder, reported, say, settle, speaks

pytestmark = pytest.mark.anyio

QUESTION = "Hello there"


async def test_the_reference_events_come_in_order(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.update_session(output_modalities=["text"])
        await settle(client)
        names: list[str] = []
        client.on("conversation.item.appended", lambda event: names.append(f"appended {role_of(event.item)}"))
        client.on("conversation.updated", lambda event: names.append(f"updated {role_of(event.item)}"))
        client.on("conversation.item.completed", lambda event: names.append(f"completed {role_of(event.item)}"))
        client.on("response.done", lambda _: names.append("response.done"))
        await say(client, QUESTION)
        assert collapsed(names) == [
            "appended user",
            "updated user",
            "completed user",
            "appended assistant",
            "updated assistant",
            "completed assistant",
            "response.done",
        ]


def role_of(item: object) -> str:
    return str(getattr(item, "role", None))


async def test_updates_carry_what_grew(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        deltas: list[ItemDelta] = []

        def grew(event: ConversationUpdated) -> None:
            if event.delta is not None:
                deltas.append(event.delta)

        client.on("conversation.updated", grew)
        async with heard(client):
            await say(client, QUESTION)
        reply = client.conversation.items[1]
        assert "".join(delta.transcript or "" for delta in deltas) == reply.formatted.transcript == QUESTION
        assert sum(len(delta.audio) for delta in deltas if delta.audio is not None) == len(reply.formatted.audio)
        assert all(
            [delta.text, delta.transcript, delta.audio is None or None, delta.arguments].count(None) >= 2
            for delta in deltas
        )


async def test_a_handler_never_sees_a_conversation_older_than_its_event(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.update_session(output_modalities=["text"])
        seen: list[bool] = []

        def check(event: object) -> None:
            item_id, delta = getattr(event, "item_id", ""), getattr(event, "delta", "")
            item = client.conversation.get_item(item_id)
            seen.append(item is not None and item.formatted.text.endswith(delta))

        client.on("response.output_text.delta", check)
        await say(client, QUESTION)
        assert seen
        assert all(seen)


async def test_the_realtime_event_shows_both_directions(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.update_session(output_modalities=["text"])
        await settle(client)
        events: list[RealtimeEvent] = []
        with client.on("realtime.event", events.append):
            await say(client, QUESTION)
            await client.append_input_audio(b"\0\0" * 10)
        assert [event.event.type for event in events if event.source == "client"] == [
            "conversation.item.create",
            "response.create",
            *([] if service.by_track else ["input_audio_buffer.append"]),
        ]
        server = [event.event.type for event in events if event.source == "server"]
        assert server[0] == "conversation.item.added"
        assert server[-1] == "response.done"
        times = [datetime.fromisoformat(event.time) for event in events]
        assert times == sorted(times)
        assert timedelta() <= datetime.now(UTC) - times[0] < timedelta(minutes=1)


async def test_the_api_shows_both_directions_under_their_own_names(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await settle(client)
        sent: list[str] = []
        came: list[str] = []
        api = client.realtime
        api.on("client.response.create", recorder(sent, lambda _: "own"))
        api.on("client.*", recorder(sent, lambda event: str(getattr(event, "type", ""))))
        api.on("server.response.done", recorder(came, lambda _: "own"))
        api.on("server.*", recorder(came, lambda event: str(getattr(event, "type", ""))))
        await say(client, QUESTION)
        assert sent == ["conversation.item.create", "own", "response.create"]
        assert came[0] == "conversation.item.added"
        assert came[-2:] == ["own", "response.done"]


async def test_on_hears_every_event_and_on_next_one(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        every: list[ResponseDone] = []
        once: list[object] = []

        @client.on("response.done")
        def each(event: ResponseDone) -> None:
            every.append(event)

        client.on_next("response.done", once.append)
        for _ in range(3):
            await say(client, QUESTION)
        assert len(every) == 3
        assert once == every[:1]
        client.off("response.done", each)
        await say(client, QUESTION)
        assert len(every) == 3


async def test_off_and_off_next_remove_what_they_name(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        heard: list[str] = []
        first, second = recorder(heard, lambda _: "first"), recorder(heard, lambda _: "second")
        client.on("response.done", first)
        client.on_next("response.done", second)
        with pytest.raises(ValueError, match=r"response\.done"):
            client.off_next("response.done", first)
        client.off_next("response.done", second)
        await say(client, QUESTION)
        assert heard == ["first"]
        client.on_next("response.done", second)
        client.off_next("response.done")
        client.off("response.done")
        await say(client, QUESTION)
        assert heard == ["first"]
        with pytest.raises(ValueError, match="not registered"):
            client.off("response.done", first)


async def test_clear_event_handlers_leaves_waiters(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        heard: list[str] = []
        client.on("response.done", recorder(heard, lambda _: "heard"))
        client.on("*", recorder(heard, lambda _: "heard"))
        client.clear_event_handlers()
        await say(client, QUESTION)
        assert heard == []


@pytest.mark.parametrize("verb", ["on", "on_next", "off", "off_next", "wait_for", "wait_for_next", "events"])
async def test_a_misspelt_name_is_refused_and_the_right_one_shown(serve: Serve, verb: str) -> None:
    async with serve() as service:
        client = service.client()
        with pytest.raises(ValueError, match=r"did you mean 'response\.done'"):  # noqa: PT012  # one statement runs
            if verb == "events":
                _ = client.events["response.don"]  # type: ignore[typeddict-item]  # the typo is the point
            elif verb == "wait_for":
                await client.wait_for("response.don")  # type: ignore[call-overload]  # as above
            elif verb == "wait_for_next":
                await client.wait_for_next("response.don")  # type: ignore[arg-type]  # as above
            else:
                getattr(client, verb)("response.don", print)


async def test_waiting_gives_the_event_or_says_that_time_is_up(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        waiting = asyncio.create_task(client.wait_for("response.done", timeout=BOUND))
        other = asyncio.create_task(client.wait_for_next("response.done", BOUND))
        await settle(client)
        await say(client, QUESTION)
        assert (await waiting).response.status == "completed"
        assert await other is await waiting
        with pytest.raises(TimeoutError, match=r"response\.done"):
            await client.wait_for("response.done", timeout=0)
        assert await client.wait_for_next("response.done", 0) is None


async def test_channels_stream_and_expect(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.update_session(output_modalities=["text"])
        with client.events["response.output_text.delta"].stream() as stream:
            await say(client, QUESTION)
            pieces = [(await anext(stream)).delta, (await anext(stream)).delta]
        assert "".join(pieces) == QUESTION
        with pytest.raises(TimeoutError):
            async with client.events["response.done"].expect(0):
                pass


async def test_events_before_the_first_iteration_are_kept_for_it(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await settle(client)
        names: list[str] = []
        async for event in client:
            names.append(event.type)
            if event.type == "input_audio_buffer.cleared":
                break
        assert names == ["session.created", "session.updated", "input_audio_buffer.cleared"]
        await settle(client)
        stream = aiter(client)
        await settle(client)
        assert (await anext(stream)).type == "input_audio_buffer.cleared"
        stream.close()


async def test_items_beyond_the_bound_are_dropped_and_told(serve: Serve) -> None:
    async with serve() as service, service.client(max_items=2) as client:
        await client.update_session(output_modalities=["text"])
        dropped: list[ConversationItemDropped] = []
        client.on("conversation.item.dropped", dropped.append)
        await say(client, QUESTION)
        await say(client, "And now?")
        await settle(client)
        assert [item.formatted.text for item in client.conversation.items] == ["And now?", "And now?"]
        assert [event.item.formatted.text for event in dropped] == [QUESTION, QUESTION]


async def test_a_client_that_nobody_iterates_over_keeps_no_events(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await settle(client)
        for _ in range(64):
            service.session.emit({"type": "application.news", "event_id": "event_1"})
        await settle(client)
        stream = aiter(client)
        await settle(client)
        assert (await anext(stream)).type == "input_audio_buffer.cleared"
        stream.close()


async def test_handlers_run_in_wire_order_whether_sync_or_async(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        wire: list[str] = []
        handled: list[str] = []

        async def slow(event: object) -> None:
            await asyncio.get_running_loop().run_in_executor(None, lambda: None)
            handled.append(f"{getattr(event, 'type', '')} async")

        stream = aiter(client)
        client.on("*", slow)
        client.on("*", lambda event: handled.append(f"{event.type} sync"))
        await say(client, QUESTION)
        finished = asyncio.Event()
        client.on("input_audio_buffer.cleared", lambda _: finished.set())
        await settle(client)
        await finished.wait()
        async for event in stream:
            wire.append(event.type)
            if event.type == "response.done":
                break
        first = wire.index(handled[0].removesuffix(" async"))
        expected = [f"{name} {kind}" for name in wire[first:] for kind in ("async", "sync")]
        assert handled[: len(expected)] == expected


async def test_a_handler_that_raises_is_reported_and_stops_nothing(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await settle(client)
        heard: list[str] = []

        def fails(_: object) -> None:
            raise LookupError("sync")

        async def fails_too(_: object) -> None:
            raise LookupError("async")

        with reported() as errors:
            client.on("conversation.updated", fails)
            client.on("response.done", fails_too)
            client.realtime.on("server.response.done", fails)
            client.on("response.done", recorder(heard, lambda _: "heard"))
            await say(client, QUESTION)
            await say(client, QUESTION)
            await client.disconnect()
        assert heard == ["heard", "heard"]
        assert {str(error) for error in errors} == {"sync", "async"}
        assert [str(error) for error in errors].count("async") == 2


async def test_a_handler_may_wait_for_a_later_event(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        heard: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        async def ask_again(event: ResponseDone) -> None:
            client.off("response.done", ask_again)
            await client.create_response()
            following = await client.wait_for("response.done", BOUND)
            assert following.response.id != event.response.id
            heard.set_result(str(following.response.status))

        client.on("response.done", ask_again)
        await say(client, QUESTION)
        assert await heard == "completed"


async def test_a_slow_handler_does_not_delay_waiters_and_state(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        release = asyncio.Event()

        async def slow(_: object) -> None:
            await release.wait()

        client.on("*", slow)
        await say(client, QUESTION)
        assert len(client.conversation.items) == 2
        release.set()


async def test_concurrent_sends_go_out_in_the_order_of_the_calls(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        numbers = [str(number) for number in range(100)]
        sends = (client.send({"type": "conversation.item.delete", "item_id": number}) for number in numbers)
        await asyncio.gather(*sends)
        await settle(client)
        assert [event["item_id"] for event in service.received("conversation.item.delete")] == numbers


async def test_interruption_is_told_while_the_model_speaks(serve: Serve) -> None:
    script = ScriptedResponder([TextReply("word " * 500), TextReply("Yes?")])
    async with serve(responder=script, audio_speed=1.0) as service, service.client() as client:
        await client.update_session(turn_detection={"type": "server_vad"})
        async with client.events["conversation.updated"].expect(BOUND, predicate=speaks) as update:
            await client.create_response()
        await interrupt(service, client, str(update.event.item.id))


async def interrupt(service: Service, client: RealtimeClient, item_id: str) -> None:
    loud = (b"\x00\x40" * 24 + b"\x00\xc0" * 24) * 100
    cut: list[str] = []
    client.on("conversation.item.truncated", lambda event: cut.append(event.item_id))
    async with (
        client.events["conversation.interrupted"].expect(BOUND) as interrupted,
        client.events["response.done"].expect(BOUND) as done,
    ):
        await client.append_input_audio(loud)
    # A track has sent silence before.
    assert interrupted.event.audio_start_ms == 0 or service.by_track
    assert done.event.response.status == "cancelled"
    item = client.conversation.get_item(item_id)
    assert item is not None
    assert getattr(item, "status", None) == "incomplete"
    await settle(client)
    # Where a track plays it, the service knows what was heard; elsewhere the client says so, if anything was.
    assert cut == ([item_id] if service.by_track or interrupted.event.heard_ms else [])
