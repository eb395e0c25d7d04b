"""Which modules are mutated, and the tests that have to notice."""

from dataclasses import dataclass

__all__ = ["MODULES", "Module"]


@dataclass(frozen=True)
class Module:
    """One module and the parts it is made of.

    Attributes:
        sources: Files under `src/realtime_typed` that are mutated.
        tests: Test files that have to notice, under `tests/unit`.
    """

    sources: tuple[str, ...]
    tests: tuple[str, ...]


MODULES = {
    "codec": Module(
        ("codec.py", "_codec_core.py"),
        ("test_codec.py", "test_codec_core.py", "test_lenient.py", "test_protocols.py", "test_dialect.py"),
    ),
    "conversation": Module(
        ("conversation.py", "_conversation_items.py"),
        (
            "test_conversation.py",
            "test_conversation_items.py",
            "test_conversation_machine.py",
            "test_conversation_mcp.py",
            "test_conversation_quirks.py",
            "test_conversation_retention.py",
            "test_input_audio.py",
            "test_item_content.py",
            "test_item_export.py",
            "test_item_limit.py",
            "test_item_store.py",
        ),
    ),
    "dispatch": Module(
        ("dispatch.py", "channels.py"),
        (
            "test_dispatch.py",
            "test_dispatch_accounts.py",
            "test_dispatch_details.py",
            "test_channels.py",
            "test_handler_policies.py",
        ),
    ),
}
