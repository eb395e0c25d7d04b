"""The files that stand beside a protocol's package: its AsyncAPI document and its reference page."""

from pathlib import Path

from .asyncapi import render_asyncapi
from .published import load_published
from .reference import render_reference
from .source import Protocol

__all__ = ["published_files"]


def published_files(root: Path, protocol: Protocol) -> dict[Path, str]:
    """Render what is published of a protocol.

    Args:
        root: The project's folder.
        protocol: The protocol, as read from `schema/`.

    Returns:
        Path to content. The same protocol gives the same bytes.

    Raises:
        CodegenError: The contract contradicts itself.
    """
    published = load_published(protocol)
    return {
        root / "schema" / f"{protocol.name}.asyncapi.yaml": render_asyncapi(published),
        root / "docs" / "events" / f"{protocol.name}.md": render_reference(published),
    }
