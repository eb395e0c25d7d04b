"""What `nox -s mutation` says of a survivor, and that what it is told of survivors is in order."""

import tomllib
from pathlib import Path

import pytest

from mutation.modules import MODULES
from mutation.survivors import Change, changed_by, explained_in, is_only_for_checkers

ROOT = Path(__file__).parent.parent
SURVIVORS = ROOT / "mutation" / "survivors.toml"
DIFF = """\
--- src/realtime_typed/codec.py
+++ src/realtime_typed/codec.py
@@ -1,3 +1,3 @@
 def recall(self, frame):
-    return a(frame)
+    return a(None)
"""


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("realtime_typed.codec.xǁCodecǁrecall__mutmut_3", "codec.Codec.recall"),
        ("realtime_typed._codec_core.x__parse__mutmut_12", "_codec_core._parse"),
        ("realtime_typed._codec_core.x_decode_client__mutmut_1", "_codec_core.decode_client"),
        ("realtime_typed.codec.xǁCodecǁ__init____mutmut_7", "codec.Codec.__init__"),
    ],
)
def test_a_change_is_told_by_function_and_lines(name: str, place: str) -> None:
    assert changed_by(name, DIFF) == Change(place, "return a(frame)", "return a(None)")


def test_a_name_that_is_no_mutant_is_an_error() -> None:
    with pytest.raises(ValueError, match="not the name of a mutant"):
        changed_by("realtime_typed.codec.Codec", DIFF)


@pytest.mark.parametrize(
    "now", ['cast(None, wire["type"])', 'cast("XXstrXX", wire["type"])', 'cast("STR", wire["type"])']
)
def test_the_type_that_cast_is_told_is_for_checkers_only(now: str) -> None:
    assert is_only_for_checkers(Change("place", 'name = cast("str", wire["type"])', f"name = {now}"))


@pytest.mark.parametrize("now", ['cast("str", None)', 'cast("str", wire["TYPE"])', 'cast(wire["type"])', "None"])
def test_anything_else_is_for_tests(now: str) -> None:
    assert not is_only_for_checkers(Change("place", 'name = cast("str", wire["type"])', f"name = {now}"))


def test_every_explained_survivor_is_of_a_module_that_is_mutated_and_has_a_reason() -> None:
    stems = {source.removesuffix(".py") for module in MODULES.values() for source in module.sources}
    explained = explained_in(SURVIVORS)
    assert len(explained) == len(tomllib.loads(SURVIVORS.read_text("utf-8")).get("survivor", []))
    for change, why in explained.items():
        assert change.place.split(".")[0] in stems
        assert why.endswith(".")


@pytest.mark.parametrize("name", MODULES)
def test_every_file_that_is_named_is_there(name: str) -> None:
    module = MODULES[name]
    for path in (
        *(f"src/realtime_typed/{source}" for source in module.sources),
        *(f"tests/unit/{test}" for test in module.tests),
    ):
        assert (ROOT / path).is_file(), path
