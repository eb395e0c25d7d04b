"""Whose tools a session has, and so whose call is whose to answer. Pure: no asyncio.

A session may be shared: a backend attaches to the call that a browser has begun, or hands out a key to a session that
has tools already. A call that two clients answer is answered twice, and the model goes on twice.

Rules, the first that fits:

* Tools of `add_tool` are this client's; so are those that were removed while the model was calling them.
* Tools that the application gave to the session or to a response itself are the application's.
* Tools that the service reports, and that nobody here has given, are somebody else's.
* A name that nobody told of was made up by the model. The client that has the session to itself answers it, with an
  error, as the reference client does.
"""

from typing import cast

from ._item_content import as_text
from ._wire import wire_fields
from .tools import ToolRegistry

__all__ = ["ToolOwners"]


class ToolOwners:
    """What is known of the tools of one session.

    Args:
        tools: Those of this client.
    """

    def __init__(self, tools: ToolRegistry) -> None:
        self._tools = tools
        self.clear(attached=False)

    def clear(self, *, attached: bool) -> None:
        """A session begins; `attached` says that somebody else began it, and this client only joins."""
        self._removed: set[str] = set()
        self._given: set[str] = set()
        self._others: set[str] = set()
        self._shared = attached

    def remove(self, name: str) -> None:
        """A tool of this client was removed; the model may be calling it just now."""
        self._removed.add(name)

    def give(self, holder: object) -> None:
        """The application has sent this session or response, whose tools it answers by itself."""
        self._given.update(_names(holder))
        self._note_prompt(holder)

    def report(self, session: object) -> None:
        """The service has told what the session is now."""
        mine = self._removed | self._given
        self._others.update(name for name in _names(session) if name not in self._tools and name not in mine)
        self._note_prompt(session)

    def _note_prompt(self, holder: object) -> None:
        # A stored prompt may bring tools that no event tells of.
        self._shared = self._shared or wire_fields(holder).get("prompt") is not None

    def answers(self, name: str) -> bool:
        """Whether a call of this name is this client's to answer, be it with an error."""
        if name in self._tools:
            return True
        if name in self._given:
            return False
        return name in self._removed or not (self._shared or self._others)


def _names(holder: object) -> set[str]:
    """The names of the functions among the tools of a session or response; the tools of MCP servers have none."""
    tools = wire_fields(holder).get("tools")
    given = cast("list[object]", tools) if isinstance(tools, list) else []
    return {name for tool in given if (name := as_text(wire_fields(tool).get("name")))}
