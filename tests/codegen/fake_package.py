"""A package of event models as a vendor's SDK has them, written into a folder and importable while a test runs."""

import importlib
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

PACKAGE = "vendorsdk"
SETTINGS: dict[str, object] = {"module": f"{PACKAGE}.talk", "client": "ClientEvent", "server": ["ServerEvent"]}

MODELS = '''
"""Sentences that are not ours."""
from typing import Annotated, Dict, Iterable, List, Literal, Optional, Union
from pydantic import BaseModel, Field
from {package}.extra.thing import Thing

__all__ = ["ClientEvent", "ServerEvent", "Part", "Say", "Said", "Text", "Noise", "Speaker"]

class PropertyInfo:
    def __init__(self, discriminator): self.discriminator = discriminator

class Text(BaseModel):
    """More sentences."""
    type: Literal["text"]
    text: str

class Noise(BaseModel):
    type: Literal["noise"]
    loudness: Optional[float] = None

Part = Annotated[Union[Text, Noise], PropertyInfo(discriminator="type")]

class Speaker(BaseModel):
    name: str

class Listener(BaseModel):
    name: str

class Say(BaseModel):
    type: Literal["greeting.say"]
    words: str
    loudness: Optional[int] = None
    parts: Optional[List[Part]] = None

class Said(BaseModel):
    type: Literal["greeting.said"]
    mood: Union[Literal["glad", "sad"], None]
    speaker: Optional[Speaker] = None
    listeners: Optional[Iterable[Listener]] = None
    labels: Optional[Dict[str, str]] = None
    anything: object = None
    thing: Optional[Thing] = None
    voice: Union[str, Literal["low", "high"], None] = None
    klass: Optional[str] = Field(default=None, alias="class")

ClientEvent = Say
ServerEvent = Annotated[Union[Said], PropertyInfo(discriminator="type")]
'''
THING = """
from pydantic import BaseModel
__all__ = ["Thing"]
class Thing(BaseModel):
    size: int
"""


@contextmanager
def installed(folder: Path, replace: Mapping[str, str] | None = None) -> Generator[None]:
    """Put the package on the path, with some of its text replaced, and take it away again."""
    text = MODELS.replace("{package}", PACKAGE)
    for old, new in (replace or {}).items():
        assert old in text
        text = text.replace(old, new)
    root = folder / "site"
    files = {"__init__.py": "", "talk.py": text, "extra/__init__.py": "", "extra/thing.py": THING}
    for name, content in files.items():
        path = root / PACKAGE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    info = root / f"{PACKAGE}-1.2.3.dist-info"
    info.mkdir(exist_ok=True)
    metadata = f"Metadata-Version: 2.1\nName: {PACKAGE}\nVersion: 1.2.3\nLicense-Expression: MIT\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    sys.path.insert(0, str(root))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(root))
        for name in [name for name in sys.modules if name == PACKAGE or name.startswith(f"{PACKAGE}.")]:
            del sys.modules[name]
        importlib.invalidate_caches()
