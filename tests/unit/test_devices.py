"""Microphone and speaker against a stand-in for the `sounddevice` module; see `portaudio`."""

import asyncio
import sys
from collections.abc import AsyncIterator
from types import ModuleType
from typing import cast

import numpy as np
import pytest

from realtime_typed import devices
from realtime_typed.audio import Int16Array
from realtime_typed.devices import AudioDevice, Microphone, Speaker, list_devices
from realtime_typed.playback import PlaybackTracker
from realtime_typed.utility_events import OutputAudio

from .portaudio import BLOCK, FakeSoundDevice, FakeStream, PortAudioError
from .sound import heard, tone

pytestmark = pytest.mark.anyio


@pytest.fixture
def sounddevice(monkeypatch: pytest.MonkeyPatch) -> FakeSoundDevice:
    fake = FakeSoundDevice()
    monkeypatch.setitem(sys.modules, "sounddevice", cast("ModuleType", fake))
    return fake


@pytest.fixture(autouse=True)
async def bounded() -> AsyncIterator[None]:
    async with asyncio.timeout(20):
        yield


def piece(samples: Int16Array, item_id: str = "item_1", start: int = 0, rate: int = 24_000) -> OutputAudio:
    return OutputAudio(samples, rate, item_id, "resp_1", start)


# --- the list


async def test_the_list_says_what_each_device_can_and_which_are_the_systems_choice(
    sounddevice: FakeSoundDevice,
) -> None:
    assert list_devices() == [
        AudioDevice(0, "Headset", 1, 2, 48_000, default_input=True, default_output=True),
        AudioDevice(1, "Screen", 0, 2, 44_100, default_input=False, default_output=False),
    ]


async def test_a_machine_without_a_sound_card_has_an_empty_list(sounddevice: FakeSoundDevice) -> None:
    sounddevice.devices = []
    assert list_devices() == []


async def test_without_sounddevice_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)  # what Python makes of a package that is missing
    with pytest.raises(ImportError, match=r'pip install "realtime-typed\[devices\]"'):
        list_devices()
    with pytest.raises(ImportError, match="sounddevice"):
        async with Microphone():
            pass


async def test_without_the_portaudio_library_the_error_names_the_package_of_the_system(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class NoLibrary:
        def find_spec(self, name: str, path: object = None, target: object = None) -> None:
            if name == "sounddevice":
                raise OSError("PortAudio library not found")

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(sys, "meta_path", [NoLibrary(), *sys.meta_path])
    with pytest.raises(OSError, match="apt-get install libportaudio2"):
        list_devices()


# --- the microphone


async def test_what_the_microphone_records_comes_as_mono_samples_at_24_khz(sounddevice: FakeSoundDevice) -> None:
    spoken = tone(440, 0.02)
    async with Microphone() as microphone:
        (stream,) = sounddevice.streams
        options = {name: stream.options[name] for name in ("samplerate", "blocksize", "device", "channels", "dtype")}
        assert options == {"samplerate": 24_000, "blocksize": BLOCK, "device": None, "channels": 1, "dtype": "int16"}
        await stream.record(spoken)
        assert np.array_equal(await anext(microphone), spoken)
    assert stream.calls == ["start", "abort", "close"]


async def test_a_microphone_that_only_runs_at_its_own_rate_is_resampled(sounddevice: FakeSoundDevice) -> None:
    pytest.importorskip("av", reason="PyAV is not installed (extra `audio` or `webrtc`)")
    sounddevice.refused_rates = {24_000}
    spoken = tone(440, 1.0, 48_000)
    async with Microphone(device=0) as microphone:
        (stream,) = sounddevice.streams
        assert (stream.options["samplerate"], stream.options["blocksize"]) == (48_000, 960)
        parts: list[Int16Array] = []
        for start in range(0, spoken.size, 960):
            await stream.record(spoken[start : start + 960])
            parts.append(await anext(microphone))
    whole = np.concatenate(parts)
    assert abs(whole.size - 24_000) < 100
    assert abs(heard(whole).frequency - 440) < 1
    assert heard(whole).longest_gap == 0


async def test_a_stereo_microphone_is_averaged(sounddevice: FakeSoundDevice) -> None:
    async with Microphone(channels=2) as microphone:
        await sounddevice.streams[0].record(np.array([100, 300, -5, 5], np.int16))
        assert (await anext(microphone)).tolist() == [200, 0]


async def test_iteration_ends_when_the_block_does(sounddevice: FakeSoundDevice) -> None:
    microphone = Microphone()

    async def listen() -> int:
        return len([piece async for piece in microphone])

    async with microphone:
        listening = asyncio.create_task(listen())
        await sounddevice.streams[0].record(tone(440, 0.02))
        await asyncio.wait({listening}, timeout=0.01)
        assert not listening.done()
    assert await listening == 1


async def test_audio_that_nobody_takes_is_dropped_after_ten_seconds_and_counted(sounddevice: FakeSoundDevice) -> None:
    async with Microphone() as microphone:
        for number in range(502):
            await sounddevice.streams[0].record(np.full(BLOCK, number, np.int16))
        await sounddevice.streams[0].record(np.full(BLOCK, 9, np.int16), status="input_overflow")
        assert (await anext(microphone))[0] == 3
        assert (microphone.dropped_ms, microphone.overflows) == (60, 1)


async def test_a_microphone_that_is_pulled_out_ends_iteration_with_an_error(sounddevice: FakeSoundDevice) -> None:
    async with Microphone() as microphone:
        await asyncio.to_thread(sounddevice.streams[0].unplug)
        with pytest.raises(OSError, match="microphone was lost"):
            await anext(microphone)


async def test_a_device_that_does_not_exist_or_start_is_an_os_error(sounddevice: FakeSoundDevice) -> None:
    with pytest.raises(OSError, match="microphone cannot be opened: No input device matching 'none of it'"):
        async with Microphone(device="none of it"):
            pass
    sounddevice.start_fails = PortAudioError("Device unavailable")
    with pytest.raises(OSError, match="speaker cannot be opened: Device unavailable"):
        async with Speaker():
            pass
    assert sounddevice.streams[-1].calls == ["start", "close"]


async def test_a_device_is_opened_once(sounddevice: FakeSoundDevice) -> None:
    speaker = Speaker()
    with pytest.raises(RuntimeError, match="is not open"):
        await speaker.play(tone(440, 0.02))
    async with speaker:
        pass
    with pytest.raises(RuntimeError, match="opened once"):
        async with speaker:
            pass


async def test_a_block_that_comes_after_the_loop_has_ended_is_left_out(sounddevice: FakeSoundDevice) -> None:
    microphone = Microphone()

    async def open_and_close() -> FakeStream:
        async with microphone:
            return sounddevice.streams[0]

    stream = await asyncio.to_thread(asyncio.run, open_and_close())
    await stream.record(tone(440, 0.02))
    assert stream.calls == ["start", "abort", "close"]


# --- the speaker


async def test_the_speaker_plays_pieces_one_after_the_other_and_silence_when_there_are_none(
    sounddevice: FakeSoundDevice,
) -> None:
    spoken = tone(440, 0.05)
    async with Speaker() as speaker:
        (stream,) = sounddevice.streams
        await speaker.play(piece(spoken[:700]))
        await speaker.play(piece(spoken[700:], start=700))
        blocks = [await stream.play() for _ in range(4)]
        assert np.array_equal(np.concatenate(blocks)[: spoken.size], spoken)
        assert not np.concatenate(blocks)[spoken.size :].any()
        await stream.play(status="output_underflow")
        assert speaker.underflows == 1
    assert stream.calls == ["start", "abort", "close"]


async def test_play_waits_while_more_than_it_may_is_ahead(sounddevice: FakeSoundDevice) -> None:
    async with Speaker(ahead_ms=40) as speaker:
        await speaker.play(tone(440, 0.04))
        waiting = asyncio.create_task(speaker.play(tone(440, 0.02)))
        await asyncio.wait({waiting}, timeout=0.01)
        assert not waiting.done()
        assert speaker.waiting_ms == 60
        await sounddevice.streams[0].play()
        await waiting
        assert speaker.waiting_ms == 40


async def test_the_playback_clock_hears_what_the_device_has_played_not_what_it_was_given(
    sounddevice: FakeSoundDevice,
) -> None:
    playback = PlaybackTracker(clock=lambda: 0.0)
    spoken = tone(440, 0.1)
    async with Speaker(playback=playback) as speaker:
        (stream,) = sounddevice.streams
        stream.latency = 0.04
        for start in (0, 1_200):
            playback.receive("item_1", 1_200, 24_000)
            playback.hand_out("item_1", start + 1_200)
            await speaker.play(piece(spoken[start : start + 1_200], start=start))
        for number in range(10):
            await stream.play()
            # After so many blocks of 20 ms, less the 40 ms until one is heard; reports come a block at a time.
            played = min(max(0, 20 * number - 40), 100)
            assert played - 20 <= playback.heard_ms("item_1") <= played
        assert playback.heard_ms("item_1") == 100


async def test_drain_returns_when_all_was_heard(sounddevice: FakeSoundDevice) -> None:
    async with Speaker() as speaker:
        await speaker.play(tone(440, 0.02))
        draining = asyncio.create_task(speaker.drain())
        await sounddevice.streams[0].play()
        await asyncio.wait({draining}, timeout=0.01)
        assert not draining.done()
        await sounddevice.streams[0].play()
        await draining


async def test_drain_plays_what_the_resampler_held_back_too(sounddevice: FakeSoundDevice) -> None:
    pytest.importorskip("av", reason="PyAV is not installed (extra `audio` or `webrtc`)")
    sounddevice.refused_rates = {24_000}
    playback = PlaybackTracker(clock=lambda: 0.0)
    playback.receive("item_1", 480, 24_000)
    async with Speaker(device=0, playback=playback) as speaker:
        await speaker.play(piece(np.full(480, 8_000, np.int16)))
        draining = asyncio.create_task(speaker.drain())
        await asyncio.wait({draining}, timeout=0.01)
        blocks = [await sounddevice.streams[0].play() for _ in range(2)]
        await draining
    assert [np.count_nonzero(block) for block in blocks] == [960, 0]
    assert playback.heard_ms("item_1") == 20


async def test_a_system_without_times_counts_a_block_as_heard_when_it_asks_for_the_next(
    sounddevice: FakeSoundDevice,
) -> None:
    reports: list[tuple[str, int]] = []

    class Reports:
        def played(self, item_id: str, samples: int) -> None:
            reports.append((item_id, samples))

    async with Speaker(playback=Reports()) as speaker:
        await speaker.play(piece(tone(440, 0.02), start=240))
        for _ in range(2):
            await sounddevice.streams[0].play(knows_time=False)
    assert reports == [("item_1", 720)]


async def test_clear_forgets_what_waits_and_lets_play_return(sounddevice: FakeSoundDevice) -> None:
    async with Speaker() as speaker:
        playing = asyncio.create_task(speaker.play(tone(440, 1.0)))
        await asyncio.wait({playing}, timeout=0.01)
        assert not playing.done()
        speaker.clear()
        await playing
        assert speaker.waiting_ms == 0
        assert not (await sounddevice.streams[0].play()).any()


async def test_g711_speech_is_resampled_and_its_positions_stay_those_of_the_item(sounddevice: FakeSoundDevice) -> None:
    pytest.importorskip("av", reason="PyAV is not installed (extra `audio` or `webrtc`)")
    playback = PlaybackTracker(clock=lambda: 0.0)
    spoken = tone(440, 0.5, 8_000)
    playback.receive("item_1", spoken.size, 8_000)
    async with Speaker(playback=playback, ahead_ms=1_000) as speaker:
        for start in range(0, spoken.size, 800):
            await speaker.play(piece(spoken[start : start + 800], start=start, rate=8_000))
        await speaker.play(piece(tone(880, 0.02), "item_2"))
        blocks = [await sounddevice.streams[0].play() for _ in range(28)]
    assert abs(heard(np.concatenate(blocks[:24])).frequency - 440) < 2
    assert playback.heard_ms("item_1") == 500


async def test_a_speaker_that_is_pulled_out_ends_play_with_an_error(sounddevice: FakeSoundDevice) -> None:
    async with Speaker() as speaker:
        playing = asyncio.create_task(speaker.play(tone(440, 1.0)))
        await asyncio.wait({playing}, timeout=0.01)
        await asyncio.to_thread(sounddevice.streams[0].unplug)
        with pytest.raises(OSError, match="speaker was lost"):
            await playing


async def test_the_module_loads_no_sounddevice() -> None:
    assert "sounddevice" not in vars(devices)


async def test_a_negative_lead_is_refused() -> None:
    with pytest.raises(ValueError, match="ahead_ms"):
        Speaker(ahead_ms=-1)
