"""What was used: tokens by kind, transcriptions, seconds of audio, and what that costs by a table of prices."""

import json
from decimal import Decimal
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime_typed import Codec
from realtime_typed.types import RealtimeResponse, ResponseUsage
from realtime_typed.usage import Prices, ResponseUse, TokenCounts, Usage

Wire = dict[str, object]

USAGE: Wire = {
    "total_tokens": 253,
    "input_tokens": 132,
    "output_tokens": 121,
    "input_token_details": {
        "text_tokens": 119,
        "audio_tokens": 13,
        "image_tokens": 0,
        "cached_tokens": 64,
        "cached_tokens_details": {"text_tokens": 60, "audio_tokens": 4, "image_tokens": 0},
    },
    "output_token_details": {"text_tokens": 30, "audio_tokens": 91},
}
PRICES: Prices = {
    "input_text": 4,
    "input_audio": 32.0,
    "input_image": "5",
    "cached_text": 0.4,
    "cached_audio": 0.4,
    "cached_image": 0.5,
    "output_text": Decimal(16),
    "output_audio": 64,
    "transcription_input_text": 2.5,
    "transcription_input_audio": 6,
    "transcription_output": 10,
    "transcription_minute": 0.006,
}


def done(usage: object, response_id: object = "resp_1") -> Wire:
    return {"id": response_id, "status": "completed", "usage": usage}


def transcribed(usage: object, item_id: object = "item_1") -> Wire:
    return {"item_id": item_id, "content_index": 0, "usage": usage}


def test_a_response_counts_by_kind_for_itself_and_in_total() -> None:
    usage = Usage()
    usage.response_done(RealtimeResponse(id="resp_1", status="completed", usage=ResponseUsage.model_validate(USAGE)))
    usage.response_done(done(USAGE, "resp_2"))
    one = usage.responses["resp_1"]
    assert (one.status, one.input, one.cached) == ("completed", TokenCounts(119, 13), TokenCounts(60, 4))
    assert one.output == TokenCounts(30, 91)
    assert (one.total_tokens, usage.total_tokens) == (253, 506)
    assert (usage.input, usage.cached, usage.output) == (
        TokenCounts(238, 26),
        TokenCounts(120, 8),
        TokenCounts(60, 182),
    )
    assert list(usage.responses) == ["resp_1", "resp_2"]


def test_a_response_that_is_told_of_twice_counts_once() -> None:
    usage = Usage()
    usage.response_done(done(USAGE))
    usage.response_done(done(USAGE))
    usage.response_created({"id": "resp_1"})
    assert usage.total_tokens == 253


def test_a_response_without_an_id_counts_in_total() -> None:
    usage = Usage()
    usage.response_done(done(USAGE, None))
    usage.response_done(done(USAGE, None))
    assert usage.total_tokens == 506
    assert not usage.responses


@pytest.mark.parametrize("usage", [None, {}, "much", {"input_tokens": None, "input_token_details": 5}])
def test_a_response_without_usage_counts_nothing(usage: object) -> None:
    found = Usage()
    found.response_done(done(usage))
    assert found.total_tokens == 0
    assert found.responses["resp_1"].status == "completed"


def test_numbers_may_be_texts_and_have_points() -> None:
    usage = Usage()
    usage.response_done(
        done({"input_tokens": "12", "input_token_details": {"text_tokens": 5.0, "audio_tokens": "7.0"}})
    )
    assert usage.input == TokenCounts(5, 7)


def test_tokens_of_an_untold_kind_are_not_lost() -> None:
    usage = Usage()
    usage.response_done(done({"input_tokens": 10, "output_tokens": 4, "input_token_details": {"text_tokens": 3}}))
    assert (usage.input, usage.output) == (TokenCounts(text=3, other=7), TokenCounts(other=4))
    assert usage.cost({"input_text": 1_000_000, "output_text": 2_000_000}) == 18


def test_audio_counts_in_seconds_at_its_own_rate() -> None:
    usage = Usage()
    usage.audio_sent(12_000, 24_000)
    usage.response_created({"id": "resp_1"})
    usage.audio_received("resp_1", 4_000, 8_000)
    usage.audio_sent(8_000, 8_000)
    usage.response_created({"id": "resp_2"})
    usage.audio_received("resp_2", 24_000, 24_000)
    usage.audio_received(None, 24_000, 24_000)
    assert (usage.input_audio_seconds, usage.output_audio_seconds) == (1.5, 2.5)
    one, two = usage.responses.values()
    assert (one.input_audio_seconds, one.output_audio_seconds) == (0.5, 0.5)
    assert (two.input_audio_seconds, two.output_audio_seconds) == (1.0, 1.0)


def test_audio_of_a_response_counts_after_its_end_too() -> None:
    usage = Usage()
    usage.response_done(done(USAGE))
    usage.audio_received("resp_1", 24_000, 24_000)
    one = usage.responses["resp_1"]
    assert (one.output_audio_seconds, one.total_tokens) == (1.0, 253)


def test_transcriptions_count_by_tokens_and_by_seconds_once_for_each_item() -> None:
    usage = Usage()
    tokens: Wire = {
        "type": "tokens",
        "input_tokens": 20,
        "input_token_details": {"text_tokens": 4, "audio_tokens": 16},
        "output_tokens": 9,
        "total_tokens": 29,
    }
    usage.transcribed(transcribed(tokens))
    usage.transcribed(transcribed(tokens))
    usage.transcribed(transcribed({"type": "duration", "seconds": 2.5}, "item_2"))
    found = usage.transcription
    assert (found.count, found.input, found.output.total, found.seconds) == (2, TokenCounts(4, 16), 9, 2.5)
    assert (
        found.cost(PRICES)
        == (4 * Decimal("2.5") + 16 * 6 + 9 * 10) / 1_000_000 + Decimal("0.006") * Decimal("2.5") / 60
    )


def test_the_cost_is_that_of_the_table_to_the_last_digit() -> None:
    usage = Usage()
    usage.response_done(done(USAGE))
    wanted = (59 * 4 + 9 * 32 + 64 * Decimal("0.4") + 30 * 16 + 91 * 64) / Decimal(1_000_000)
    assert usage.responses["resp_1"].cost(PRICES) == usage.cost(PRICES) == wanted


def test_what_is_cached_costs_as_what_is_not_unless_it_has_a_price() -> None:
    usage = Usage()
    usage.response_done(done(USAGE))
    prices: Prices = {"input_text": 4, "input_audio": 32, "output_text": 16, "output_audio": 64}
    assert usage.cost(prices) == (119 * 4 + 13 * 32 + 30 * 16 + 91 * 64) / Decimal(1_000_000)


def test_cached_tokens_of_an_untold_kind_are_text_first_then_audio() -> None:
    usage = Usage()
    details: Wire = {"text_tokens": 10, "audio_tokens": 10, "cached_tokens": 15}
    usage.response_done(done({"input_tokens": 20, "input_token_details": details}))
    prices: Prices = {"input_text": 100, "input_audio": 1000, "cached_text": 1, "cached_audio": 10}
    assert usage.cost(prices) == (10 * 1 + 5 * 10 + 5 * 1000) / Decimal(1_000_000)


@pytest.mark.parametrize("missing", ["input_text", "input_audio", "output_text", "output_audio"])
def test_what_was_used_needs_a_price(missing: str) -> None:
    usage = Usage()
    usage.response_done(done(USAGE))
    table = cast("Prices", {name: price for name, price in PRICES.items() if name != missing})
    with pytest.raises(ValueError, match=f"prices has no '{missing}', for which .* tokens were used"):
        usage.cost(table)


@pytest.mark.parametrize("price", [None, "4 USD", "", True, -1, "-0.5", float("nan"), "Infinity", [4]])
def test_a_price_that_is_no_amount_is_refused_by_its_name(price: object) -> None:
    usage = Usage()
    usage.response_done(done(USAGE))
    with pytest.raises(ValueError, match=r"prices\['output_text'\] must be an amount that is not negative, got "):
        usage.cost(cast("Prices", {**PRICES, "output_text": price}))


def test_what_was_not_used_needs_none() -> None:
    assert Usage().cost({}) == 0


def test_reset_begins_again() -> None:
    usage = Usage()
    usage.audio_sent(24_000, 24_000)
    usage.response_done(done(USAGE))
    usage.transcribed(transcribed({"seconds": 1}))
    usage.reset()
    assert (usage.total_tokens, usage.input_audio_seconds, usage.transcription.count) == (0, 0.0, 0)
    usage.response_done(done(USAGE))
    assert usage.responses["resp_1"].input_audio_seconds == 0.0
    assert usage.total_tokens == 253
    assert repr(usage) == "<Usage 253 tokens, 0.0 s of audio in, 0.0 s out>"


def test_the_last_responses_are_kept_and_all_count() -> None:
    usage = Usage()
    for number in range(1_500):
        usage.response_done(done({"input_tokens": 1}, f"resp_{number}"))
    assert list(usage.responses) == [f"resp_{number}" for number in range(1_468, 1_500)]
    assert usage.input.total == 1_500


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = ["total_tokens", "input_tokens", "output_tokens", "text_tokens", "audio_tokens", "image_tokens", "seconds"]
DETAILS = st.dictionaries(st.sampled_from([*NAMES, "cached_tokens"]), JSON, max_size=5)
ANY_USAGE = JSON | st.dictionaries(
    st.sampled_from([*NAMES, "input_token_details", "output_token_details"]), JSON | DETAILS, max_size=6
)


@given(st.lists(st.tuples(JSON, ANY_USAGE), max_size=5))
def test_no_event_raises_or_counts_below_nothing(events: list[tuple[object, object]]) -> None:
    usage = Usage()
    for name, found in events:
        usage.response_created(found)
        usage.response_done(done(found, name))
        usage.transcribed(transcribed(found, name))
    for counts in (usage.input, usage.cached, usage.output, usage.transcription.input):
        assert min(counts.text, counts.audio, counts.image, counts.other) >= 0
    assert usage.cost(PRICES) >= 0


COUNTS = st.integers(0, 10**6)


@given(st.lists(st.tuples(COUNTS, COUNTS, COUNTS, COUNTS, COUNTS), max_size=6))
def test_the_total_is_the_sum_of_the_responses(numbers: list[tuple[int, int, int, int, int]]) -> None:
    usage = Usage()
    for position, (text, audio, image, wrote, spoke) in enumerate(numbers):
        details: Wire = {"text_tokens": text, "audio_tokens": audio, "image_tokens": image, "cached_tokens": text // 2}
        event: Wire = {
            "input_tokens": text + audio + image,
            "output_tokens": wrote + spoke,
            "input_token_details": details,
            "output_token_details": {"text_tokens": wrote, "audio_tokens": spoke},
        }
        usage.response_done(done(event, f"resp_{position}"))
    one_by_one: list[ResponseUse] = list(usage.responses.values())
    assert usage.total_tokens == sum(map(sum, numbers)) == sum(one.total_tokens for one in one_by_one)
    assert usage.cost(PRICES) == sum(one.cost(PRICES) for one in one_by_one)


@pytest.mark.parametrize("validation", ["strict", "lenient", "off"])
def test_events_count_the_same_however_much_they_were_checked(validation: str) -> None:
    codec = Codec(validation=validation)  # type: ignore[arg-type]  # each of the three
    response: Wire = {"object": "realtime.response", "output": [], **done(USAGE)}
    frame = json.dumps({"type": "response.done", "event_id": "event_1", "response": response})
    usage = Usage()
    usage.response_done(getattr(codec.decode(frame), "response", None))
    assert (usage.total_tokens, usage.cached) == (253, TokenCounts(60, 4))
