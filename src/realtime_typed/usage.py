"""What a client has used: tokens by kind, transcriptions, and seconds of audio. Pure: no asyncio, no transport.

The numbers are those that the service reports in `response.done` and
`conversation.item.input_audio_transcription.completed`; the seconds of audio are counted here. No price is known
here: `cost` takes the table of whoever pays.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from math import isfinite
from types import MappingProxyType
from typing import Final, TypeAlias, TypedDict, TypeVar, cast

from ._wire import wire_fields

__all__ = ["Price", "Prices", "ResponseUse", "TokenCounts", "TranscriptionUse", "Usage"]

_KEPT: Final = 32
# Both rates of the protocol, 8,000 and 24,000 samples a second, are whole numbers of these.
_TICKS_A_SECOND: Final = 24_000
_MILLION: Final = Decimal(1_000_000)
K = TypeVar("K")

Price: TypeAlias = Decimal | float | str
"""An amount of money in whatever currency; a `float` counts as the number that it is written as."""


class Prices(TypedDict, total=False):
    """A table of prices: for 1,000,000 tokens each, and for a minute of transcribed audio. In any one currency."""

    input_text: Price
    """Text that the model read."""
    input_audio: Price
    """Audio that the model heard."""
    input_image: Price
    """Images that the model saw."""
    cached_text: Price
    """Text that came from the prompt cache; without it, `input_text`."""
    cached_audio: Price
    """Audio that came from the prompt cache; without it, `input_audio`."""
    cached_image: Price
    """Images that came from the prompt cache; without it, `input_image`."""
    output_text: Price
    """Text that the model wrote, transcripts and arguments included."""
    output_audio: Price
    """Audio that the model spoke."""
    transcription_input_text: Price
    """Text that a transcription model read, such as its prompt."""
    transcription_input_audio: Price
    """Audio that a transcription model heard, if it is billed by tokens."""
    transcription_output: Price
    """Text that a transcription model wrote."""
    transcription_minute: Price
    """A minute of transcribed audio, if the model is billed by the length of the audio."""


@dataclass(slots=True)
class TokenCounts:
    """Tokens by kind.

    Attributes:
        text: Text.
        audio: Audio.
        image: Images.
        other: Tokens of which the service did not say what they were; they are billed as text.
    """

    text: int = 0
    audio: int = 0
    image: int = 0
    other: int = 0

    @property
    def total(self) -> int:
        """All of them together."""
        return self.text + self.audio + self.image + self.other

    def add(self, more: "TokenCounts") -> None:
        """Add `more` to these."""
        self.text += more.text
        self.audio += more.audio
        self.image += more.image
        self.other += more.other


@dataclass(slots=True)
class _Tally:
    """Tokens of responses, and audio in both directions.

    Attributes:
        input: Tokens that the model read, those from the cache included.
        cached: Those of `input` that came from the prompt cache.
        output: Tokens that the model produced.
    """

    input: TokenCounts = field(default_factory=TokenCounts)
    cached: TokenCounts = field(default_factory=TokenCounts)
    output: TokenCounts = field(default_factory=TokenCounts)
    _input_ticks: int = field(default=0, repr=False)
    _output_ticks: int = field(default=0, repr=False)

    @property
    def total_tokens(self) -> int:
        """Input and output tokens together."""
        return self.input.total + self.output.total

    @property
    def input_audio_seconds(self) -> float:
        """Seconds of the user's audio that the application has sent, silence in it included."""
        return self._input_ticks / _TICKS_A_SECOND

    @property
    def output_audio_seconds(self) -> float:
        """Seconds of the model's audio that came, heard or not."""
        return self._output_ticks / _TICKS_A_SECOND

    def _clear(self) -> None:
        self.input, self.cached, self.output = TokenCounts(), TokenCounts(), TokenCounts()
        self._input_ticks = self._output_ticks = 0

    def cost(self, prices: Prices) -> Decimal:
        """What the tokens cost by a table of prices.

        Args:
            prices: See `Prices`. Only what was used needs a price.

        Returns:
            The amount, in the table's currency, not rounded.

        Raises:
            ValueError: Something was used that has no price, or whose price is no amount.
        """
        bill = _Bill(prices)
        cached = self.cached
        # What came from the cache without its kind being told is that of the kinds in this order.
        untold = cached.other
        for kind, read, from_cache in (
            ("text", self.input.text + self.input.other, cached.text),
            ("audio", self.input.audio, cached.audio),
            ("image", self.input.image, cached.image),
        ):
            known = min(from_cache, read)
            more = min(untold, read - known)
            untold -= more
            bill.tokens(read - known - more, f"input_{kind}")
            bill.tokens(known + more, f"cached_{kind}", f"input_{kind}")
        bill.tokens(self.output.text + self.output.image + self.output.other, "output_text")
        bill.tokens(self.output.audio, "output_audio")
        return bill.amount


@dataclass(slots=True)
class ResponseUse(_Tally):
    """What one response has used. It grows until the response is done, and over WebRTC until its audio has come.

    `input_audio_seconds` is the audio that was sent between the creation of the response before it and its own.

    Attributes:
        response_id: The response.
        status: How it ended; `None` while it runs.
    """

    response_id: str = ""
    status: str | None = None


@dataclass(slots=True)
class TranscriptionUse:
    """What the transcription of the user's audio has used; it is billed apart from the responses.

    Attributes:
        count: How many transcriptions there were.
        input: Tokens of the audio and of the prompts, of models that are billed by tokens.
        output: Tokens of the transcripts, of the same models.
        seconds: Seconds of audio, of models that are billed by its length.
    """

    count: int = 0
    input: TokenCounts = field(default_factory=TokenCounts)
    output: TokenCounts = field(default_factory=TokenCounts)
    seconds: float = 0.0

    def cost(self, prices: Prices) -> Decimal:
        """What the transcriptions cost by a table of prices; see `Usage.cost`."""
        bill = _Bill(prices)
        bill.tokens(self.input.text + self.input.image + self.input.other, "transcription_input_text")
        bill.tokens(self.input.audio, "transcription_input_audio")
        bill.tokens(self.output.total, "transcription_output")
        bill.minutes(Decimal(str(self.seconds)) / 60, "transcription_minute")
        return bill.amount


class Usage(_Tally):
    """What a client has used, over all its connections.

    An event that comes twice counts once. What is no number counts as nothing; nothing here raises on an event.

    Attributes:
        input: Tokens that the model read, those from the cache included. The whole conversation counts again with
            every response.
        cached: Those of `input` that came from the prompt cache.
        output: Tokens that the model produced.
        transcription: The transcription of the user's audio.
    """

    def __init__(self) -> None:
        super().__init__()
        self.transcription: TranscriptionUse = TranscriptionUse()
        self._responses: OrderedDict[str, ResponseUse] = OrderedDict()
        self._done: OrderedDict[str, None] = OrderedDict()
        self._transcribed: OrderedDict[tuple[str, int], None] = OrderedDict()
        self._unanswered_ticks = 0

    def __repr__(self) -> str:
        return (
            f"<Usage {self.total_tokens} tokens, {self.input_audio_seconds:.1f} s of audio in, "
            f"{self.output_audio_seconds:.1f} s out>"
        )

    @property
    def responses(self) -> Mapping[str, ResponseUse]:
        """The last 32 responses by id, in the order in which they were first heard of; a view that is kept up."""
        return MappingProxyType(self._responses)

    def cost(self, prices: Prices) -> Decimal:
        """What responses and transcriptions cost by a table of prices.

        Args:
            prices: See `Prices`. Only what was used needs a price.

        Returns:
            The amount, in the table's currency, not rounded.

        Raises:
            ValueError: Something was used that has no price, or whose price is no amount.
        """
        return super().cost(prices) + self.transcription.cost(prices)

    def reset(self) -> None:
        """Begin again with nothing."""
        self._clear()
        self.transcription = TranscriptionUse()
        self._unanswered_ticks = 0
        for known in (self._responses, self._done, self._transcribed):
            known.clear()

    # What a client tells of.

    def audio_sent(self, samples: int, rate: int) -> None:
        """Count audio of the user that is sent.

        Args:
            samples: How many samples, one channel.
            rate: Samples a second.
        """
        ticks = samples * _TICKS_A_SECOND // rate
        self._input_ticks += ticks
        self._unanswered_ticks += ticks

    def audio_not_sent(self, samples: int, rate: int) -> None:
        """Take back what was counted: audio of the user that was not sent after all. Arguments are as above."""
        ticks = samples * _TICKS_A_SECOND // rate
        self._input_ticks = max(0, self._input_ticks - ticks)
        self._unanswered_ticks = max(0, self._unanswered_ticks - ticks)

    def audio_received(self, response_id: str | None, samples: int, rate: int) -> None:
        """Count audio of the model that came.

        Args:
            response_id: The response that it is of, `None` if the service did not say.
            samples: How many samples, one channel.
            rate: Samples a second.
        """
        ticks = samples * _TICKS_A_SECOND // rate
        self._output_ticks += ticks
        if response_id is not None:
            one = self._responses.get(response_id) or self._response(response_id)
            one._output_ticks += ticks  # noqa: SLF001  # its own part

    def response_created(self, response: object) -> None:
        """Take note of the response of a `response.created`."""
        response_id = wire_fields(response).get("id")
        if isinstance(response_id, str) and response_id not in self._done:
            self._response(response_id)._input_ticks += self._unanswered_ticks  # noqa: SLF001  # its own part
            self._unanswered_ticks = 0

    def response_done(self, response: object) -> None:
        """Count the response of a `response.done`."""
        fields = wire_fields(response)
        response_id = fields.get("id")
        if isinstance(response_id, str):
            if not _is_new(self._done, response_id):
                return
            one = self._response(response_id)
            status = fields.get("status")
            one.status = status if isinstance(status, str) else None
        else:
            one = ResponseUse()
        usage = wire_fields(fields.get("usage"))
        read = wire_fields(usage.get("input_token_details"))
        one.input = _by_kind(read, _count(usage.get("input_tokens")))
        cached = _by_kind(wire_fields(read.get("cached_tokens_details")), _count(read.get("cached_tokens")))
        one.cached = cached
        one.output = _by_kind(wire_fields(usage.get("output_token_details")), _count(usage.get("output_tokens")))
        self.input.add(one.input)
        self.cached.add(one.cached)
        self.output.add(one.output)

    def transcribed(self, event: object) -> None:
        """Count a `conversation.item.input_audio_transcription.completed`."""
        fields = wire_fields(event)
        item_id = fields.get("item_id")
        if isinstance(item_id, str) and not _is_new(self._transcribed, (item_id, _count(fields.get("content_index")))):
            return
        usage = wire_fields(fields.get("usage"))
        total = self.transcription
        total.count += 1
        total.input.add(_by_kind(wire_fields(usage.get("input_token_details")), _count(usage.get("input_tokens"))))
        total.output.text += _count(usage.get("output_tokens"))
        total.seconds += _number(usage.get("seconds"))

    def _response(self, response_id: str) -> ResponseUse:
        found = self._responses.get(response_id)
        if found is None:
            found = self._responses[response_id] = ResponseUse(response_id=response_id)
            if len(self._responses) > _KEPT:
                self._responses.popitem(last=False)
        return found


class _Bill:
    """A sum of what things cost."""

    def __init__(self, prices: Prices) -> None:
        self._prices = cast("Mapping[str, Price]", prices)
        self.amount = Decimal(0)

    def tokens(self, count: int, *names: str) -> None:
        """Add tokens at the first of these prices that there is."""
        if count:
            self.amount += count * self._price(f"{count} tokens", names) / _MILLION

    def minutes(self, minutes: Decimal, name: str) -> None:
        """Add minutes."""
        if minutes:
            self.amount += minutes * self._price("audio", (name,))

    def _price(self, used: str, names: tuple[str, ...]) -> Decimal:
        for name in names:
            if name in self._prices:
                return _amount(name, self._prices[name])
        raise ValueError(f"prices has no {' or '.join(map(repr, names))}, for which {used} were used")


def _amount(name: str, price: object) -> Decimal:
    """A price as a number. Tables come out of files, so they hold anything."""
    try:
        amount = Decimal(str(price))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"prices[{name!r}] must be an amount that is not negative, got {price!r}")
    return amount


def _is_new(known: OrderedDict[K, None], key: K) -> bool:
    """Whether `key` has not been seen among the last ones; from now on it has."""
    if key in known:
        return False
    known[key] = None
    if len(known) > _KEPT:
        known.popitem(last=False)
    return True


def _number(value: object) -> float:
    """A number that is not negative; servers send them as texts, too. Anything else is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return 0.0
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return 0.0
    return number if isfinite(number) and number > 0 else 0.0


def _count(value: object) -> int:
    return int(_number(value))


def _by_kind(details: Mapping[str, object], total: int) -> TokenCounts:
    """Read the kinds; what they lack of `total` is of a kind that was not told."""
    counts = TokenCounts(
        _count(details.get("text_tokens")), _count(details.get("audio_tokens")), _count(details.get("image_tokens"))
    )
    counts.other = max(0, total - counts.total)
    return counts
