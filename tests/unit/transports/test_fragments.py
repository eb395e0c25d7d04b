"""The envelope of base64 that speaches puts around events."""

import base64
import json

import pytest

from realtime_typed.transports._fragments import FragmentError, Fragments

EVENT = {"type": "response.created", "event_id": "event_1", "text": "schön 🎈" * 40}
TEXT = json.dumps(EVENT, ensure_ascii=False).encode()


def full(data: bytes = TEXT) -> str:
    return json.dumps({"id": "m1", "type": "full_message", "data": base64.b64encode(data).decode()})


def partial(count: int, *, id_: str = "m1", data: bytes = TEXT) -> list[str]:
    """Pieces of one base64 text, cut without regard to its groups of four."""
    text = base64.b64encode(data).decode()
    cuts = [len(text) * number // count for number in range(count + 1)]
    return [
        json.dumps(
            {
                "id": id_,
                "type": "partial_message",
                "data": text[cuts[index] : cuts[index + 1]],
                "fragment_index": index,
                "total_fragments": count,
            }
        )
        for index in range(count)
    ]


def unwrap(frames: list[str], max_bytes: int | None = None) -> list[str | bytes]:
    fragments = Fragments(max_bytes)
    return [event for frame in frames if (event := fragments.unwrap(frame)) is not None]


@pytest.mark.parametrize(
    "frame",
    [
        '{"type":"response.done"}',
        b'{"type":"response.done"}',
        "",
        "no JSON at all",
        '{"type":"error","message":"what is a partial_message"}',
        '"full_message"',
        '["full_message"]',
        '{"type":"full_message"',
        '{"type":"full_message","data":' + "[" * 100_000,
        b'{"type":"full_message","data":"\xff"}',
        '{"type":"full_message"}',
        '{"type":"full_message","data":5}',
        '{"type":"full_message","data":"not base64!"}',
        '{"id":"m","type":"partial_message","data":"AAAA"}',
        '{"id":"m","type":"partial_message","data":"AAAA","fragment_index":2,"total_fragments":2}',
        '{"id":"m","type":"partial_message","data":"AAAA","fragment_index":-1,"total_fragments":2}',
        '{"id":"m","type":"partial_message","data":"AAAA","fragment_index":0,"total_fragments":0}',
        '{"id":7,"type":"partial_message","data":"AAAA","fragment_index":0,"total_fragments":1}',
    ],
)
def test_a_frame_without_a_readable_envelope_passes_untouched(frame: str | bytes) -> None:
    assert Fragments(None).unwrap(frame) is frame


def test_an_event_that_quotes_an_envelope_passes_untouched() -> None:
    frame = json.dumps({"type": "conversation.item.created", "text": full()})
    assert Fragments(None).unwrap(frame) is frame


def test_a_full_message_is_unwrapped() -> None:
    assert unwrap([full()]) == [TEXT]


def test_a_full_message_in_a_binary_frame_is_unwrapped() -> None:
    assert Fragments(None).unwrap(full().encode()) == TEXT


@pytest.mark.parametrize("count", [1, 2, 3, 7, 50])
def test_pieces_are_joined_before_they_are_decoded(count: int) -> None:
    assert unwrap(partial(count)) == [TEXT]


def test_pieces_may_come_in_any_order() -> None:
    assert unwrap(partial(5)[::-1]) == [TEXT]


def test_a_piece_that_comes_twice_counts_once() -> None:
    first, second, third = partial(3)
    assert unwrap([first, first, second, second, third]) == [TEXT]


def test_messages_may_be_interleaved_and_end_in_their_own_order() -> None:
    one, two = partial(2, id_="one", data=b'{"type":"a"}'), partial(2, id_="two", data=b'{"type":"b"}')
    assert unwrap([one[0], two[0], two[1], one[1]]) == [b'{"type":"b"}', b'{"type":"a"}']


def test_an_id_may_be_used_again() -> None:
    assert unwrap(partial(2) + partial(3)) == [TEXT, TEXT]


def test_an_id_that_comes_again_with_another_count_begins_a_new_message() -> None:
    assert unwrap(partial(4)[:2] + partial(2)) == [TEXT]


def test_pieces_whose_data_is_a_type_before_the_mark_are_found_at_the_end_of_the_frame() -> None:
    frame = json.dumps({"data": base64.b64encode(b"x" * 9000).decode(), "id": "m", "type": "full_message"})
    assert Fragments(None).unwrap(frame) == b"x" * 9000


def test_a_message_over_the_bound_is_refused_before_it_is_complete() -> None:
    pieces = partial(10, data=b"x" * 1000)
    with pytest.raises(FragmentError, match="more than 500 bytes"):
        unwrap(pieces[:7], 500)


@pytest.mark.parametrize("frame", [full(b"x" * 501), "y" * 501])
def test_a_whole_message_over_the_bound_is_refused(frame: str) -> None:
    with pytest.raises(FragmentError, match="500"):
        Fragments(500).unwrap(frame)


def test_a_message_of_just_the_bound_passes() -> None:
    assert unwrap(partial(3, data=b"x" * 500), 500) == [b"x" * 500]


def test_what_was_put_together_is_not_held_any_more() -> None:
    fragments = Fragments(500)
    for _ in range(20):
        done = [fragments.unwrap(piece) for piece in partial(3, data=b"x" * 400)]
        assert done[-1] == b"x" * 400


def test_only_so_many_messages_may_be_incomplete() -> None:
    beginnings = [partial(2, id_=f"m{number}")[0] for number in range(100)]
    with pytest.raises(FragmentError, match="incomplete"):
        unwrap(beginnings)
