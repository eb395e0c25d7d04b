"""One-shot resampling; re-exported by `audio`."""

import math

import numpy as np
import numpy.typing as npt

__all__ = ["check_rate", "resample_pcm16"]


def resample_pcm16(audio: npt.NDArray[np.int16], from_rate: int, to_rate: int) -> npt.NDArray[np.int16]:
    """Convert a whole piece of audio to another sample rate. Not for a stream: each call stands alone.

    Band-limited interpolation in the frequency domain: the spectrum is cut off, or extended with zeros, at the lower
    of the two Nyquist frequencies; the last 5 % below it fade out by a raised cosine, so that sharp sounds do not
    ring. Aligned with the input (no delay). Silence is assumed before and after the audio.

    Args:
        audio: Shape `(n,)`, dtype int16.
        from_rate: The audio's samples a second.
        to_rate: The wanted samples a second.

    Returns:
        int16, shape (n · to_rate / from_rate, rounded). The same samples when the rates are equal.

    Raises:
        ValueError: A rate is not positive.
    """
    check_rate(from_rate)
    check_rate(to_rate)
    if from_rate == to_rate or not audio.size:
        return audio
    divisor = math.gcd(from_rate, to_rate)
    # The transform is circular: the audio's end borders on its beginning. 100 ms of silence between them are longer
    # than the filter rings. Whole blocks make both lengths integers with the exact ratio of the rates.
    needed = -(-(audio.size + from_rate // 10) // (from_rate // divisor))
    blocks = _smooth_at_least(needed)
    size_in, size_out = blocks * (from_rate // divisor), blocks * (to_rate // divisor)

    kept = min(size_in, size_out) // 2 + 1
    frequency = np.arange(kept) / (min(size_in, size_out) / 2)  # 1 is the lower Nyquist frequency
    fade = 0.5 + 0.5 * np.cos(np.pi * np.clip((frequency - 0.95) / 0.05, 0, 1))
    spectrum = np.fft.rfft(audio, size_in)[:kept] * fade * (size_out / size_in)
    result = np.fft.irfft(spectrum, size_out)
    length = (2 * audio.size * to_rate + from_rate) // (2 * from_rate)
    return np.clip(np.rint(result[:length]), -32768, 32767).astype(np.int16)


def _smooth_at_least(number: int) -> int:
    """Find the least product of a power of two and 1, 3 or 5 that is not below `number`: fast to transform."""
    return min(factor << max(0, math.ceil(number / factor) - 1).bit_length() for factor in (1, 3, 5))


def check_rate(rate: int) -> None:
    """Refuse a sample rate that is not positive.

    Raises:
        ValueError: It is not.
    """
    if rate <= 0:
        raise ValueError(f"a sample rate must be positive, but {rate} came")
