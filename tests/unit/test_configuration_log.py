"""Taking back one change of the configuration and no other."""

from typing import cast

from realtime_typed._configuration_log import ConfigurationLog, LoggedChange
from realtime_typed._generated.realtime.params import SessionConfigParam
from realtime_typed.session import SessionConfiguration


class Changes:
    def __init__(self) -> None:
        self.configuration = SessionConfiguration()
        self.log = ConfigurationLog(self.configuration)
        self.before = self.configuration.wanted

    def make(self, *, settled: bool = False, **fields: object) -> LoggedChange:
        before = self.configuration.wanted
        change = self.configuration.update(cast("SessionConfigParam", {"type": "realtime"}), fields)
        return self.log.add(before, change, settled=settled)


def test_a_refused_change_leaves_what_was_there_before() -> None:
    changes = Changes()
    changes.log.take_back(changes.make(instructions="x", voice="cedar"))
    assert changes.configuration.wanted == changes.before


def test_a_refused_change_leaves_later_ones_alone() -> None:
    changes = Changes()
    first = changes.make(instructions="first", voice="cedar")
    changes.make(instructions="second", settled=True)
    changes.log.take_back(first)
    assert changes.configuration.get("instructions") == "second"
    assert changes.configuration.get("audio", "output", "voice") is None


def test_of_several_refused_changes_nothing_is_left() -> None:
    changes = Changes()
    first, second, third = changes.make(instructions="a"), changes.make(voice="b"), changes.make(instructions="c")
    changes.log.take_back(first)
    changes.log.take_back(third)
    changes.log.take_back(second)
    assert changes.configuration.wanted == changes.before


def test_a_settled_change_stays_though_an_earlier_one_is_refused_later() -> None:
    changes = Changes()
    first, second = changes.make(instructions="a"), changes.make(voice="cedar")
    changes.log.settle(second)
    changes.log.take_back(first)
    assert changes.configuration.get("instructions") is None
    assert changes.configuration.get("audio", "output", "voice") == "cedar"


def test_what_was_settled_or_forgotten_is_not_taken_back() -> None:
    changes = Changes()
    settled, forgotten = changes.make(instructions="a"), changes.make(instructions="b")
    changes.log.settle(settled)
    changes.log.take_back(settled)
    changes.log.clear()
    changes.log.take_back(forgotten)
    assert changes.configuration.get("instructions") == "b"
