"""The behaviour of `realtime_typed.audio`: what goes in comes out, and wrong input says what to do."""

import base64
import io
import math
import struct
import wave
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime_typed.audio import (
    AudioData,
    AudioFormatName,
    Int16Array,
    alaw_decode,
    alaw_encode,
    bytes_per_ms,
    bytes_per_second,
    chunks,
    decode_audio,
    decode_base64_pcm16,
    duration_ms,
    encode_audio,
    encode_base64,
    pcm16_array,
    pcm16_bytes,
    read_wav,
    resample,
    sample_rate,
    ulaw_decode,
    ulaw_encode,
    write_wav,
)

FORMATS: tuple[AudioFormatName, ...] = ("audio/pcm", "audio/pcmu", "audio/pcma")
ALL_SAMPLES = np.arange(-32768, 32768).astype(np.int16)
ALL_CODES = bytes(range(256))

int16_lists = st.lists(st.integers(-32768, 32767), max_size=500)


def int16(values: list[int]) -> Int16Array:
    return np.array(values, dtype=np.int16)


def tone(hertz: float, rate: int, seconds: float, amplitude: float = 16_000) -> npt.NDArray[np.float64]:
    return amplitude * np.sin(2 * np.pi * hertz * np.arange(round(rate * seconds)) / rate)


def decibels(signal: npt.NDArray[np.float64]) -> float:
    return 20 * math.log10(max(float(np.sqrt(np.mean(signal**2))), 1e-9) / 32768)


# --- PCM16


@given(int16_lists)
def test_samples_survive_bytes_and_base64(values: list[int]) -> None:
    samples = int16(values)
    assert np.array_equal(pcm16_array(pcm16_bytes(samples)), samples)
    decoded = decode_base64_pcm16(encode_base64(pcm16_bytes(samples)))
    assert decoded.dtype == np.int16
    assert np.array_equal(decoded, samples)


@given(int16_lists)
def test_floats_at_full_scale_one_round_trip_exactly(values: list[int]) -> None:
    samples = int16(values)
    assert np.array_equal(pcm16_array(samples.astype(np.float32) / np.float32(32768)), samples)
    assert np.array_equal(pcm16_array(samples.astype(np.float64) / 32768), samples)


def test_bytes_on_the_wire_are_little_endian() -> None:
    assert pcm16_bytes(int16([1, -2, 0x1234])) == b"\x01\x00\xfe\xff\x34\x12"
    assert pcm16_bytes(int16([0x1234]).astype(">i2")) == b"\x34\x12"


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_every_kind_of_bytes_is_taken_as_pcm16(kind: type[bytes] | type[bytearray] | type[memoryview]) -> None:
    data = kind(b"\x01\x00\x02\x00")
    assert pcm16_array(data).tolist() == [1, 2]
    assert pcm16_bytes(data) == b"\x01\x00\x02\x00"


def test_a_memoryview_of_samples_is_read_by_its_own_type() -> None:
    assert pcm16_array(int16([5, 6]).data).tolist() == [5, 6]
    assert pcm16_array(np.array([0.5], dtype=np.float32).data).tolist() == [16384]


def test_a_bytearray_can_grow_after_it_was_read() -> None:
    data = bytearray(b"\x01\x00")
    samples = pcm16_array(data)
    data += b"\x02\x00"
    assert samples.tolist() == [1]


def test_a_single_column_is_mono_and_strides_do_not_matter() -> None:
    column = int16([1, 2, 3]).reshape(-1, 1)
    assert pcm16_array(column).tolist() == [1, 2, 3]
    assert pcm16_bytes(int16([1, 9, 2, 9])[::2]) == b"\x01\x00\x02\x00"


def test_floats_beyond_full_scale_are_clipped() -> None:
    floats = np.array([2.0, 1.0, -1.0, -2.0, np.inf, 0.0], dtype=np.float32)
    assert pcm16_array(floats).tolist() == [32767, 32767, -32768, -32768, 32767, 0]


def test_nothing_is_a_valid_piece_of_audio() -> None:
    assert pcm16_bytes(b"") == b""
    assert decode_base64_pcm16("").size == 0
    assert list(chunks(b"")) == []
    assert resample(b"", 8_000, 24_000).size == 0


def test_an_odd_number_of_bytes_names_the_number() -> None:
    with pytest.raises(ValueError, match="3 bytes came"):
        pcm16_bytes(b"abc")
    with pytest.raises(ValueError, match="3 bytes came"):
        decode_base64_pcm16(base64.b64encode(b"abc").decode())


def test_nan_is_an_error_that_names_the_sample() -> None:
    with pytest.raises(ValueError, match="NaN, first at sample 1"):
        pcm16_bytes(np.array([0.0, np.nan], dtype=np.float32))


def test_channels_are_averaged_interleaved_or_as_columns() -> None:
    frames = int16([100, 300, -5, 5, 32767, 32767, -32768, -32768])
    mixed = [200, 0, 32767, -32768]
    assert pcm16_array(frames, channels=2).tolist() == mixed
    assert pcm16_array(frames.reshape(-1, 2), channels=2).tolist() == mixed
    assert pcm16_array(frames.tobytes(), channels=2).tolist() == mixed
    assert pcm16_array(bytearray(frames.tobytes()), channels=2).tolist() == mixed
    assert pcm16_array(memoryview(frames.tobytes()), channels=2).tolist() == mixed
    assert pcm16_bytes(frames.astype(np.float32) / np.float32(32768), channels=2) == int16(mixed).tobytes()
    assert resample(frames, 24_000, 24_000, channels=2).tolist() == mixed


def test_a_frame_that_is_cut_and_a_wrong_number_of_channels_are_refused() -> None:
    with pytest.raises(ValueError, match="3 samples do not divide into frames of 2 channels"):
        pcm16_array(int16([1, 2, 3]), channels=2)
    with pytest.raises(ValueError, match=r"of 2 channels .* \(n,\) or \(n, 2\), but shape \(4, 3\) came"):
        pcm16_array(np.zeros((4, 3), np.int16), channels=2)
    with pytest.raises(ValueError, match="channels must be 1 or more"):
        pcm16_array(b"", channels=0)


@pytest.mark.parametrize("shape", [(2, 3), (1, 3), (1, 1, 1), ()])
def test_a_shape_that_is_not_mono_is_named(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="must be mono") as caught:
        pcm16_array(np.zeros(shape, np.int16))
    assert str(shape) in str(caught.value)


@pytest.mark.parametrize(
    "wrong", [np.zeros(3, np.int32), np.zeros(3, np.uint8), np.zeros(3, np.float16), [1, 2], "abc"]
)
def test_another_dtype_or_object_is_a_type_error_that_says_what_to_do(wrong: object) -> None:
    with pytest.raises(TypeError, match="came; scale the samples to int16"):
        pcm16_array(cast("AudioData", wrong))


# --- base64


@pytest.mark.parametrize("text", ["a", "abc", "abc=def=", "AA AA", "AAAA\n", "-_-_", "AAé=", "AAA=AAA="])
def test_bad_base64_is_a_value_error_that_shows_its_beginning(text: str) -> None:
    with pytest.raises(ValueError, match="not standard base64") as caught:
        decode_base64_pcm16(text)
    assert repr(text) in str(caught.value)


def test_bad_base64_of_megabytes_is_cut_in_the_message() -> None:
    with pytest.raises(ValueError, match="100001 characters") as caught:
        decode_base64_pcm16("A" * 100_001)
    assert len(str(caught.value)) < 200


def test_decoded_audio_is_read_only_because_handlers_share_it() -> None:
    samples = decode_base64_pcm16(encode_base64(b"\x00\x00"))
    with pytest.raises(ValueError, match="read-only"):
        samples[0] = 1


@given(st.binary(max_size=300))
def test_base64_is_the_standard_alphabet(data: bytes) -> None:
    assert encode_base64(data) == base64.b64encode(data).decode()
    assert encode_base64(bytearray(data)) == encode_base64(memoryview(data)) == encode_base64(data)


# --- G.711


@pytest.mark.parametrize(
    ("code", "value"),
    # G.711 table 2, in units of 1/8159: decoder outputs 8031, 4191, 2079, 1023, 495, 231, 99, 33, 2 and 0; here times 4
    [
        (0x80, 8031), (0x8F, 4191), (0x9F, 2079), (0xAF, 1023), (0xBF, 495), (0xCF, 231), (0xDF, 99), (0xEF, 33),
        (0xFE, 2), (0xFF, 0), (0x00, -8031), (0x0F, -4191), (0x7E, -2), (0x7F, 0),
    ],
)  # fmt: skip
def test_ulaw_gives_the_values_of_the_itus_table(code: int, value: int) -> None:
    assert ulaw_decode(bytes([code])).tolist() == [4 * value]


@pytest.mark.parametrize(
    ("code", "value"),
    # G.711 table 1, in units of 1/4096: decoder outputs 4032, 2112, 1056, 528, 264, 132, 66 and 1; here times 8.
    # The codes as sent: the table's, with the even bits inverted.
    [
        (0xFF ^ 0x55, 4032), (0xF0 ^ 0x55, 2112), (0xE0 ^ 0x55, 1056), (0xD0 ^ 0x55, 528), (0xC0 ^ 0x55, 264),
        (0xB0 ^ 0x55, 132), (0xA0 ^ 0x55, 66), (0xD5, 1), (0x55, -1), (0x2A, -4032),
    ],
)  # fmt: skip
def test_alaw_gives_the_values_of_the_itus_table(code: int, value: int) -> None:
    assert alaw_decode(bytes([code])).tolist() == [8 * value]


def test_silence_has_the_well_known_codes() -> None:
    assert ulaw_encode(int16([0])) == b"\xff"
    assert alaw_encode(int16([0])) == b"\xd5"
    assert ulaw_encode(int16([32767, -32768])) == b"\x80\x00"
    assert alaw_encode(int16([32767, -32768])) == b"\xaa\x2a"


def test_a_decoded_code_encodes_to_the_same_value() -> None:
    for encode, decode in ((ulaw_encode, ulaw_decode), (alaw_encode, alaw_decode)):
        values = decode(ALL_CODES)
        assert np.array_equal(decode(encode(values)), values)
    assert alaw_encode(alaw_decode(ALL_CODES)) == ALL_CODES
    # µ-law has two zeros, 0xFF and 0x7F; the encoder writes the first
    assert ulaw_encode(ulaw_decode(ALL_CODES)) == ALL_CODES.replace(b"\x7f", b"\xff")


def test_companding_errs_by_at_most_half_a_step() -> None:
    # a segment begins at 16 of its steps or more, so half a step is 1/32 of a sample; the rest is for the shift
    allowed = np.abs(ALL_SAMPLES.astype(int)) / 32 + 8
    for encode, decode in ((ulaw_encode, ulaw_decode), (alaw_encode, alaw_decode)):
        assert (np.abs(decode(encode(ALL_SAMPLES)).astype(int) - ALL_SAMPLES) <= allowed).all()


def test_g711_refuses_samples_that_are_not_int16() -> None:
    with pytest.raises(TypeError):
        ulaw_encode(cast("Int16Array", np.zeros(3, np.float32)))
    assert ulaw_encode(int16([0, 100, 9, 9])[::2]) == ulaw_encode(int16([0, 9]))


# --- formats


def test_each_format_has_its_rate_and_size() -> None:
    assert [sample_rate(name) for name in FORMATS] == [24_000, 8_000, 8_000]
    assert [bytes_per_second(name) for name in FORMATS] == [48_000, 8_000, 8_000]
    assert [bytes_per_ms(name) for name in FORMATS] == [48, 8, 8]


@pytest.mark.parametrize("name", FORMATS)
def test_audio_of_each_format_is_stable_once_encoded(name: AudioFormatName) -> None:
    data = encode_audio(tone(440, sample_rate(name), 0.1).astype(np.int16), name)
    assert len(data) == 100 * bytes_per_ms(name)
    assert encode_audio(decode_audio(data, name), name) == data


def test_formats_take_every_kind_of_audio() -> None:
    assert encode_audio(np.array([0.0], np.float32), "audio/pcmu") == b"\xff"
    assert encode_audio(b"\x00\x00", "audio/pcma") == b"\xd5"
    assert decode_audio(memoryview(b"\x01\x00"), "audio/pcm").tolist() == [1]
    assert decode_audio(bytearray(b"\xd5"), "audio/pcma").tolist() == [8]


def test_an_unknown_format_names_the_known_ones() -> None:
    unknown = cast("AudioFormatName", "pcm16")
    for call in (
        lambda: sample_rate(unknown),
        lambda: bytes_per_ms(unknown),
        lambda: decode_audio(b"", unknown),
        lambda: encode_audio(b"", unknown),
    ):
        with pytest.raises(
            ValueError, match="no such audio format: 'pcm16'; there are audio/pcm, audio/pcmu, audio/pcma"
        ):
            call()


# --- time


def test_duration_counts_samples() -> None:
    assert duration_ms(bytes(48_000)) == 1000
    assert duration_ms(np.zeros(80, np.int16), 8_000) == 10
    assert duration_ms(12, 24_000) == 0.5


@given(int16_lists, st.floats(0.2, 50), st.sampled_from([8_000, 11_025, 22_050, 24_000]))
def test_chunks_join_to_the_whole_and_never_drift(values: list[int], milliseconds: float, rate: int) -> None:
    samples = int16(values)
    pieces = list(chunks(samples, milliseconds, rate))
    assert b"".join(pieces) == samples.tobytes()
    assert all(piece and len(piece) % 2 == 0 for piece in pieces)
    sent = 0
    for number, piece in enumerate(pieces[:-1], start=1):
        sent += len(piece) // 2
        assert abs(sent - number * milliseconds * rate / 1000) <= 0.5


def test_chunks_of_20_ms_have_960_bytes() -> None:
    assert [len(piece) for piece in chunks(bytes(2_000), 20, 24_000)] == [960, 960, 80]


@pytest.mark.parametrize("milliseconds", [0, -1, 0.01, math.inf, math.nan])
def test_a_chunk_without_a_sample_is_refused_at_the_call(milliseconds: float) -> None:
    with pytest.raises(ValueError, match="at least one sample"):
        chunks(b"", milliseconds)


# --- resampling


@pytest.mark.parametrize("from_rate", [8_000, 16_000, 22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("hertz", [200.0, 1_000.0, 3_000.0])
def test_a_tone_comes_out_at_the_new_rate_in_place_and_clean(from_rate: int, hertz: float) -> None:
    result = resample(tone(hertz, from_rate, 0.5).astype(np.int16), from_rate, 24_000)
    assert result.shape == (12_000,)
    wanted = tone(hertz, 24_000, 0.5)
    middle = slice(1_200, -1_200)
    assert decibels(wanted[middle]) - decibels(result[middle] - wanted[middle]) > 80


def test_what_the_new_rate_cannot_carry_is_removed() -> None:
    result = resample(tone(13_000, 48_000, 0.5).astype(np.int16), 48_000, 24_000)
    assert decibels(result[1_200:-1_200].astype(np.float64)) < -90


def test_upsampling_adds_no_image() -> None:
    result = resample(tone(3_000, 8_000, 0.5).astype(np.int16), 8_000, 24_000)[1_200:-1_200]
    spectrum = np.abs(np.fft.rfft(result * np.hanning(result.size)))
    above = int(4_100 / 12_000 * spectrum.size)
    assert 20 * math.log10(spectrum[above:].max() / spectrum.max()) < -80


def test_full_scale_does_not_wrap_around() -> None:
    square = np.where(tone(100, 44_100, 0.1) >= 0, 32767, -32768).astype(np.int16)
    result = resample(square, 44_100, 24_000)
    inside = result[24:96]  # within the first half wave, away from its edges
    assert inside.min() > 30_000


def test_the_end_does_not_leak_into_the_beginning() -> None:
    audio = np.concatenate([np.zeros(4_410), tone(1_000, 44_100, 0.1)]).astype(np.int16)
    assert np.abs(resample(audio, 44_100, 24_000)[:2_000]).max() <= 2


@given(st.integers(1, 2_000), st.sampled_from([8_000, 11_025, 22_050, 24_000, 44_100, 48_000]))
def test_the_duration_is_kept(size: int, from_rate: int) -> None:
    result = resample(np.zeros(size, np.int16), from_rate, 24_000)
    assert abs(result.size - size * 24_000 / from_rate) <= 0.5


def test_equal_rates_change_nothing() -> None:
    assert np.array_equal(resample(ALL_SAMPLES, 24_000, 24_000), ALL_SAMPLES)


@pytest.mark.parametrize(("from_rate", "to_rate"), [(0, 24_000), (24_000, -1)])
def test_a_rate_that_is_not_positive_is_refused(from_rate: int, to_rate: int) -> None:
    with pytest.raises(ValueError, match="sample rate must be positive"):
        resample(b"", from_rate, to_rate)


# --- WAV


def wav(frames: bytes, width: int, channels: int = 1, rate: int = 24_000) -> io.BytesIO:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((channels, width, rate, 0, "NONE", "not compressed"))
        writer.writeframes(frames)
    file.seek(0)
    return file


@given(int16_lists, st.sampled_from([8_000, 22_050, 24_000]))
def test_samples_survive_a_wav_file(values: list[int], rate: int) -> None:
    file = io.BytesIO()
    write_wav(file, int16(values), rate)
    file.seek(0)
    samples, read_rate = read_wav(file)
    assert samples.tolist() == values
    assert read_rate == rate
    assert not file.closed


def test_wav_files_are_opened_by_path_and_by_string(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    write_wav(path, np.array([0.5, -0.5], np.float32))
    assert read_wav(path)[0].tolist() == read_wav(str(path))[0].tolist() == [16384, -16384]
    assert read_wav(path)[1] == 24_000


@pytest.mark.parametrize(
    ("width", "frames"),
    [
        (1, bytes([0, 128, 129, 255])),
        (2, struct.pack("<4h", -32768, 0, 256, 32512)),
        (3, b"".join((value << 8).to_bytes(3, "little", signed=True) for value in (-32768, 0, 256, 32512))),
        (4, struct.pack("<4i", -32768 << 16, 0, 256 << 16, 32512 << 16)),
    ],
)
def test_every_pcm_width_reads_at_the_same_scale(width: int, frames: bytes) -> None:
    assert read_wav(wav(frames, width))[0].tolist() == [-32768, 0, 256, 32512]


def test_wider_samples_are_rounded_and_do_not_overflow() -> None:
    frames = struct.pack("<3i", 0x7FFF_FFFF, 0x0001_8001, -0x0001_8001)
    assert read_wav(wav(frames, 4))[0].tolist() == [32767, 2, -2]


def test_channels_are_averaged() -> None:
    stereo = wav(struct.pack("<6h", 100, 300, -5, 5, 32767, 32767), 2, channels=2)
    assert read_wav(stereo)[0].tolist() == [200, 0, 32767]


def test_a_file_that_was_cut_off_gives_its_whole_frames() -> None:
    whole = wav(struct.pack("<6h", *range(6)), 2, channels=2).getvalue()
    assert read_wav(io.BytesIO(whole[:-3]))[0].size == 2


@pytest.mark.parametrize(
    "content", [b"", b"no WAV file at all", b"RIFF\x24\x00\x00\x00WAVE", b"RIFF\x24\0\0\0WAVEdata\0\0\0\0"]
)
def test_a_file_that_is_no_wav_is_a_value_error(content: bytes) -> None:
    with pytest.raises(ValueError, match="not a WAV file of uncompressed audio"):
        read_wav(io.BytesIO(content))


def wav_by_hand(code: int, bits: int, frames: bytes, *, channels: int = 1, more: bytes = b"") -> io.BytesIO:
    """A WAV file as `wave` does not write it: `more` stands behind the format, and a chunk of odd length in between."""
    align = channels * bits // 8
    form = struct.pack("<HHIIHH", code, channels, 24_000, 24_000 * align, align, bits) + more
    chunks = {b"fmt ": form, b"LIST": b"odd", b"data": frames}
    body = b"WAVE" + b"".join(
        struct.pack("<4sI", name, len(data)) + data + bytes(len(data) % 2) for name, data in chunks.items()
    )
    return io.BytesIO(b"RIFF" + struct.pack("<I", len(body)) + body)


def subformat(code: int) -> bytes:
    """What WAVE_FORMAT_EXTENSIBLE adds: valid bits, loudspeakers, and the GUID that holds the code."""
    return struct.pack("<HHIH", 22, 0, 0, code) + bytes.fromhex("000000001000800000aa00389b71")


@pytest.mark.parametrize("extensible", [False, True])
@pytest.mark.parametrize(("bits", "letter"), [(32, "f"), (64, "d")])
def test_floats_in_a_wav_file_are_full_scale_at_one(bits: int, letter: str, extensible: bool) -> None:
    frames = struct.pack(f"<6{letter}", 0.5, -0.5, 1.5, 0.5, -1.0, -1.0)
    code, more = (0xFFFE, subformat(3)) if extensible else (3, b"")
    assert read_wav(wav_by_hand(code, bits, frames, channels=2, more=more))[0].tolist() == [0, 32767, -32768]


@pytest.mark.parametrize(("bits", "frames"), [(16, struct.pack("<2h", -2, 300)), (24, b"\x00\xfe\xff\x00\x2c\x01")])
def test_pcm_in_the_extensible_form_is_pcm(bits: int, frames: bytes) -> None:
    assert read_wav(wav_by_hand(0xFFFE, bits, frames, more=subformat(1)))[0].tolist() == [-2, 300]


def test_a_wav_that_was_written_as_a_stream_ends_where_the_file_does() -> None:
    whole = bytearray(wav(struct.pack("<3h", 1, 2, 3), 2).getvalue())
    whole[4:8] = whole[40:44] = b"\xff\xff\xff\xff"  # as FFmpeg writes into a pipe
    assert read_wav(io.BytesIO(bytes(whole)))[0].tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("code", "bits", "more"), [(3, 16, b""), (7, 8, b""), (1, 64, b""), (0xFFFE, 16, b""), (0xFFFE, 8, subformat(7))]
)
def test_a_wav_in_another_encoding_says_what_to_do(code: int, bits: int, more: bytes) -> None:
    with pytest.raises(ValueError, match="convert it to 16-bit PCM first"):
        read_wav(wav_by_hand(code, bits, bytes(8), more=more))


@pytest.mark.parametrize(("channels", "rate"), [(0, 24_000), (1, 0)])
def test_a_wav_without_channels_or_a_rate_is_a_value_error(channels: int, rate: int) -> None:
    whole = bytearray(wav(bytes(8), 2).getvalue())
    whole[22:28] = struct.pack("<HI", channels, rate)
    with pytest.raises(ValueError, match="not a WAV file"):
        read_wav(io.BytesIO(bytes(whole)))


def test_wrong_audio_leaves_an_existing_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"mine")
    with pytest.raises(ValueError, match="odd"):
        write_wav(path, b"abc")
    assert path.read_bytes() == b"mine"


def test_a_wav_can_go_into_a_pipe() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, offset: int, whence: int = 0, /) -> int:
            raise io.UnsupportedOperation

        def tell(self) -> int:
            raise io.UnsupportedOperation

    pipe = Pipe()
    write_wav(pipe, int16([1, 2]))
    assert read_wav(io.BytesIO(pipe.getvalue()))[0].tolist() == [1, 2]
