"""The delays and the end of reconnecting, by tenacity. Imported when a connection is lost, and not before."""

import asyncio
import random
from collections.abc import Callable
from typing import Final

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_exponential
from tenacity.stop import stop_base
from tenacity.wait import wait_base

from ._reconnect_budget import Budget
from .reconnect import ReconnectPolicy

__all__ = ["retrying"]

_random: Final = random.SystemRandom()


class _Spent(stop_base):
    """Stops when the budget is spent, be it by losses before this one."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget

    def __call__(self, retry_state: RetryCallState) -> bool:
        return self._budget.exhausted


class _Delay(wait_base):
    """Exponential, a share of it by chance, and not shorter than the service asks for."""

    def __init__(self, policy: ReconnectPolicy, budget: Budget) -> None:
        self._policy = policy
        self._budget = budget
        self._exponential = wait_exponential(multiplier=policy.initial_delay, max=policy.max_delay)

    def __call__(self, retry_state: RetryCallState) -> float:
        # The state counts the tries of this loss; the delay grows with those of the losses before it, too.
        retry_state.attempt_number = self._budget.spent + 1
        longest = float(self._exponential(retry_state))
        delay = longest * (1 - self._policy.jitter * _random.random())
        error = None if retry_state.outcome is None else retry_state.outcome.exception()
        asked = getattr(error, "retry_after", None)
        return max(delay, min(asked, self._policy.max_delay)) if isinstance(asked, (int, float)) else delay


def retrying(policy: ReconnectPolicy, budget: Budget, again: Callable[[BaseException], bool]) -> AsyncRetrying:
    """The tries of one loss, of which the first stands for the connection that was lost.

    Args:
        policy: How long to wait.
        budget: What is left.
        again: Says of an error whether to try again after it.
    """
    return AsyncRetrying(
        sleep=asyncio.sleep,
        stop=_Spent(budget),
        wait=_Delay(policy, budget),
        retry=retry_if_exception(again),
        reraise=True,
    )
