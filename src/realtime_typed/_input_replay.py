"""The user's audio that a lost connection has taken with it, to be sent again. Pure.

What the service had in its input buffer is sent again; what still waits to be sent follows by itself. The history of
the input begins anew with the first of it, as the clock of a new session does.
"""

from dataclasses import dataclass

import numpy as np

from .audio import Int16Array
from .conversation import Conversation

__all__ = ["InputReplay", "take_replay"]


@dataclass(frozen=True, slots=True)
class InputReplay:
    """What to send again, in this order; shapes `(samples,)`, dtype int16, at the session's input rate.

    Attributes:
        ended: A turn that turn detection had ended, but not committed; `None` without one.
        turns: The turns that the application had committed, and the service not answered.
        rest: What comes after them and is not committed.
        missing: How many samples of all that are not kept, and so are lost.
    """

    ended: Int16Array | None
    turns: list[Int16Array]
    rest: Int16Array
    missing: int


def take_replay(
    conversation: Conversation,
    *,
    sent_commits: int,
    unsent_samples: int,
    idle_samples: int | None,
    max_samples: int,
    replays: bool = True,
) -> InputReplay:
    """Say what to send again, and begin the history anew with it.

    Args:
        conversation: Whose user it is.
        sent_commits: How many commits were sent and not answered.
        unsent_samples: How much audio still waits to be sent; it is the newest.
        idle_samples: How much audio before the present is of use while nobody speaks; `None` where no turn detection
            tells, so that all is.
        max_samples: How much of what was not committed is sent again at most; the oldest is lost.
        replays: Whether it can be sent again at all; if not, the history begins empty.
    """
    kept = None if idle_samples is None else idle_samples + unsent_samples
    ended, queued, pending = conversation.take_input(kept)
    history = conversation.input_audio
    turns = [*([] if ended is None else [ended]), *queued]
    missing = history.missing + sum(turn.missing for turn in turns)
    committed = [turn.samples for turn in queued[:sent_commits]]
    uncommitted = [*(turn.samples for turn in queued[sent_commits:]), pending]
    surplus = sum(map(len, uncommitted)) - unsent_samples - (max_samples if replays else 0)
    for position, samples in enumerate(uncommitted):
        cut = max(0, min(surplus, len(samples)))
        uncommitted[position] = samples[cut:]
        surplus, missing = surplus - cut, missing + cut
    first = [] if ended is None else [ended.samples]
    if not replays:
        missing += sum(map(len, (*first, *committed)))
        first, committed = [], []
    for samples in (*first, *committed, *uncommitted[:-1]):
        history.append(samples)
        conversation.queue_input_audio()
    history.append(uncommitted[-1])
    whole = np.concatenate(uncommitted)
    rest = whole[: max(0, len(whole) - unsent_samples)]
    return InputReplay(first[0] if first else None, committed, rest, missing)
