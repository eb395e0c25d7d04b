"""A contract is read from the models of an installed package, and brings ours up to it without losing what is ours."""

import copy
import dataclasses
import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from codegen.__main__ import main
from codegen.align import align
from codegen.merge import merge_package
from codegen.package import extract_package, package_pin, package_settings
from codegen.source import CodegenError, Facts, JsonObject, Protocol, load_facts, load_protocol
from tests.codegen.fake_package import SETTINGS, installed
from tests.codegen.test_second_protocol import write

SCHEMA = Path(__file__).parents[2] / "schema"
needs_openai = pytest.mark.skipif(
    importlib.util.find_spec("openai") is None, reason="needs the openai package, as `nox -s drift` installs it"
)
NULL = {"type": "null"}


@pytest.fixture
def package(tmp_path: Path) -> Iterator[Facts]:
    with installed(tmp_path):
        yield extract_package(SETTINGS)


def properties(facts: Facts, schema: str) -> dict[str, JsonObject]:
    return cast("dict[str, JsonObject]", facts.schemas[schema]["properties"])


def changed(package: Facts, schema: str, **fields: object) -> Facts:
    """A copy whose schema has some fields replaced; `None` takes one away."""
    schemas = copy.deepcopy(dict(package.schemas))
    content = cast("JsonObject", schemas[schema]["properties"])
    for name, value in fields.items():
        if value is None:
            del content[name]
        else:
            content[name] = value
    return dataclasses.replace(package, schemas=schemas)


class TestExtracting:
    def test_events_are_found_by_their_type_in_the_unions(self, package: Facts) -> None:
        assert package.client_events == {"greeting.say": "TalkSay"}
        assert package.server_events == {"greeting.said": "TalkSaid"}

    def test_the_source_names_the_version_and_the_licence(self, package: Facts, tmp_path: Path) -> None:
        assert package.source.startswith("the Python package vendorsdk, vendorsdk.talk at version 1.2.3, MIT licence")
        with installed(tmp_path):
            pin = package_pin(SETTINGS)
        assert pin == {
            "source": "the Python package vendorsdk, vendorsdk.talk",
            "version": "1.2.3",
            "licence": "MIT",
        }

    def test_sentences_stay_where_they_are(self, package: Facts) -> None:
        assert "entences" not in json.dumps(package.schemas)

    def test_fields_carry_their_types_values_and_requiredness(self, package: Facts) -> None:
        said = properties(package, "TalkSaid")
        assert said["type"] == {"type": "string", "enum": ["greeting.said"]}
        assert said["mood"] == {"anyOf": [{"type": "string", "enum": ["glad", "sad"]}, NULL]}
        assert said["labels"] == {"anyOf": [{"type": "object", "additionalProperties": {"type": "string"}}, NULL]}
        assert said["voice"] == {"anyOf": [{"type": "string"}, {"type": "string", "enum": ["low", "high"]}, NULL]}
        assert said["anything"] == {}
        assert package.schemas["TalkSaid"]["required"] == ["type", "mood"]

    def test_a_field_goes_by_its_wire_name(self, package: Facts) -> None:
        assert "class" in properties(package, "TalkSaid")
        assert "klass" not in properties(package, "TalkSaid")

    def test_a_union_that_its_module_names_becomes_a_tagged_schema(self, package: Facts) -> None:
        assert properties(package, "TalkSay")["parts"] == {
            "anyOf": [{"type": "array", "items": {"$ref": "#/schemas/TalkPart"}}, NULL]
        }
        assert package.schemas["TalkPart"] == {
            "oneOf": [{"$ref": "#/schemas/TalkText"}, {"$ref": "#/schemas/TalkNoise"}],
            "discriminator": {"propertyName": "type"},
        }

    def test_objects_that_say_the_same_are_one_schema(self, package: Facts) -> None:
        said = properties(package, "TalkSaid")
        one = {"$ref": "#/schemas/TalkSpeaker"}
        assert said["speaker"] == {"anyOf": [one, NULL]}
        assert said["listeners"] == {"anyOf": [{"type": "array", "items": one}, NULL]}
        assert "TalkListener" not in package.schemas

    def test_models_of_another_api_are_plain_objects(self, tmp_path: Path) -> None:
        with installed(tmp_path):
            facts = extract_package({**SETTINGS, "opaque": ["vendorsdk.extra"]})
        assert properties(facts, "TalkSaid")["thing"] == {"anyOf": [{"type": "object"}, NULL]}
        assert "Thing" not in facts.schemas

    @pytest.mark.parametrize(
        ("settings", "message"),
        [
            ({"module": "nosuchsdk.talk"}, "'nosuchsdk' is not installed"),
            ({"client": "NoSuchUnion"}, "has no NoSuchUnion"),
            ({"server": "Speaker"}, "which is no event model"),
            ({"server": []}, "expected the name of a union"),
        ],
    )
    def test_what_cannot_be_read_is_an_error_that_says_so(
        self, tmp_path: Path, settings: JsonObject, message: str
    ) -> None:
        with installed(tmp_path), pytest.raises(CodegenError, match=message):
            extract_package({**SETTINGS, **settings})

    def test_a_type_of_an_unknown_kind_is_an_error_that_names_the_field(self, tmp_path: Path) -> None:
        with (
            installed(tmp_path, {"words: str": "words: complex", "import BaseModel, Field": "import BaseModel, Field"}),
            pytest.raises(CodegenError, match=r"Say\.words: the type .*complex.* cannot be read"),
        ):
            extract_package(SETTINGS)

    @pytest.mark.parametrize(
        ("settings", "message"),
        [({}, "states no `package`"), ({"package": {"module": "m", "clients": "c"}}, "package has `module`")],
    )
    def test_settings_that_do_not_say_where_are_an_error(self, settings: JsonObject, message: str) -> None:
        with pytest.raises(CodegenError, match=message):
            package_settings(settings, "talk")


class TestMerging:
    """Ours is the package's contract as a document would have it: other names, bounds, inline objects, nulls."""

    @pytest.fixture
    def ours(self) -> Facts:
        speaker: JsonObject = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
        part: JsonObject = {
            "anyOf": [
                {
                    "type": "object",
                    "properties": {"type": {"const": "noise"}, "loudness": {"type": "number", "minimum": 0}},
                    "required": ["type"],
                },
                {
                    "type": "object",
                    "properties": {"text": {"type": "string"}, "type": {"type": "string", "enum": ["text"]}},
                    "required": ["text", "type"],
                },
            ]
        }
        said: JsonObject = {
            "voice": {"anyOf": [{"type": "string"}, {"type": "string", "enum": ["high", "low"]}]},
            "type": {"type": "string", "const": "greeting.said"},
            "mood": {"type": "string", "enum": ["sad", "glad"]},
            "speaker": {"$ref": "#/schemas/Person"},
            "listeners": {"type": "array", "items": speaker, "maxItems": 9},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            "anything": {"type": "string"},
            "thing": {"type": "object", "properties": {"size": {"type": "integer"}}, "required": ["size"]},
            "class": {"type": ["string", "null"]},
        }
        return Facts(
            source="a document",
            client_events={"greeting.say": "ClientEventSay"},
            server_events={"greeting.said": "ServerEventSaid"},
            schemas={
                "ClientEventSay": {
                    "type": "object",
                    "properties": {
                        "type": {"type": "string", "enum": ["greeting.say"]},
                        "words": {"type": "string", "maxLength": 80},
                        "loudness": {"type": "integer", "minimum": 1, "default": 3},
                        "parts": {"type": "array", "items": part},
                    },
                    "required": ["type", "words"],
                },
                "ServerEventSaid": {"type": "object", "properties": said, "required": ["type", "mood"]},
                "Person": speaker,
            },
        )

    def test_the_packages_way_of_typing_is_no_difference(self, ours: Facts, package: Facts) -> None:
        assert align(ours, package)[0] == []
        assert merge_package(ours, package) is ours

    def test_a_new_field_is_added_with_what_it_refers_to(self, ours: Facts, package: Facts) -> None:
        newer = changed(package, "TalkSay", mood={"$ref": "#/schemas/Mood"}, to={"$ref": "#/schemas/TalkSpeaker"})
        newer.schemas["Mood"] = {"type": "object", "properties": {"level": {"type": "integer"}}}  # type: ignore[index]  # a dict, by `changed`
        merged = merge_package(ours, newer)
        say = properties(merged, "ClientEventSay")
        assert say["mood"] == {"$ref": "#/schemas/Mood"}
        assert say["to"] == {"$ref": "#/schemas/Person"}, "a schema that we have keeps our name"
        assert merged.schemas["Mood"] == {"type": "object", "properties": {"level": {"type": "integer"}}}
        assert say["words"] == {"type": "string", "maxLength": 80}, "what the package cannot state is kept"
        assert say["loudness"] == {"type": "integer", "minimum": 1, "default": 3}
        assert align(merged, newer)[0] == []

    def test_a_field_that_is_gone_is_removed(self, ours: Facts, package: Facts) -> None:
        newer = changed(package, "TalkSaid", mood=None)
        newer.schemas["TalkSaid"]["required"] = ["type"]
        merged = merge_package(ours, newer)
        assert "mood" not in properties(merged, "ServerEventSaid")
        assert merged.schemas["ServerEventSaid"]["required"] == ["type"]

    def test_values_requiredness_and_types_are_patched_in_their_place(self, ours: Facts, package: Facts) -> None:
        newer = changed(
            package,
            "TalkSaid",
            mood={"type": "string", "enum": ["glad", "calm"]},
            thing={"type": "object", "properties": {"size": {"type": "string"}}},
        )
        newer.schemas["TalkSaid"]["required"] = ["type", "mood", "speaker"]
        texts = [str(difference) for difference in align(ours, newer)[0]]
        assert texts == [
            "/schemas/ServerEventSaid/properties/mood: value added: 'calm'",
            "/schemas/ServerEventSaid/properties/mood: value removed: 'sad'",
            "/schemas/ServerEventSaid/properties/speaker: became required",
            "/schemas/ServerEventSaid/properties/thing/properties/size: became optional",
            "/schemas/ServerEventSaid/properties/thing/properties/size: type changed: integer -> string",
        ]
        merged = merge_package(ours, newer)
        said = properties(merged, "ServerEventSaid")
        assert said["mood"] == {"type": "string", "enum": ["glad", "calm"]}
        assert said["thing"] == {"type": "object", "properties": {"size": {"type": "string"}}}
        assert merged.schemas["ServerEventSaid"]["required"] == ["type", "mood", "speaker"]
        assert align(merged, newer)[0] == []

    def test_a_new_member_of_a_union_is_taken_in(self, tmp_path: Path, ours: Facts) -> None:
        image = "class Image(BaseModel):\n    type: Literal['image']\n    url: str\n\n"
        union = "Part = Annotated[Union[Text, Noise]"
        with installed(tmp_path, {union: image + union.replace("Text", "Image, Text")}):
            newer = extract_package(SETTINGS)
        (difference,) = align(ours, newer)[0]
        assert str(difference).endswith("/parts/items: type changed: a union with type=image")
        assert align(merge_package(ours, newer), newer)[0] == []

    def test_events_come_and_go(self, tmp_path: Path, ours: Facts) -> None:
        sung = "class Sung(BaseModel):\n    type: Literal['greeting.sung']\n    by: Speaker\n\n"
        with installed(tmp_path, {"ClientEvent = Say\n": f"{sung}ClientEvent = Sung\n"}):
            newer = extract_package(SETTINGS)
        merged = merge_package(ours, newer)
        assert merged.client_events == {"greeting.sung": "TalkSung"}
        assert properties(merged, "TalkSung")["by"] == {"$ref": "#/schemas/Person"}
        assert "ClientEventSay" not in merged.schemas, "nothing reaches it any more"

    def test_a_difference_that_is_accepted_is_left_alone(self, ours: Facts, package: Facts) -> None:
        newer = changed(package, "TalkSay", loudness=None, words=None)
        skip = {("/schemas/ClientEventSay/properties/words", "field removed")}
        assert set(properties(merge_package(ours, newer, skip), "ClientEventSay")) == {"type", "words", "parts"}


def test_pull_patches_a_protocol_that_a_document_states_and_says_what_changed(
    tmp_path: Path, tiny: Protocol, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, tiny)
    folder = tmp_path / "schema" / "tiny"
    settings = {"openapi": {"client": {"union": "C"}, "server": {"union": "S"}}, "package": SETTINGS}
    (folder / "protocol.yaml").write_text(json.dumps(settings), encoding="utf-8")
    with installed(tmp_path, {'mood: Union[Literal["glad", "sad"], None]': "mood: Literal['glad', 'sad', 'calm']"}):
        command = ["--root", str(tmp_path), "pull", "--package", "vendorsdk"]
        assert main(command) == 2
        said = capsys.readouterr().err
        assert "/schemas/ServerSaid/properties/mood: the old value no longer stands" in said
        (folder / "overlay.yaml").write_text("{}", encoding="utf-8")
        assert main(command) == 0
    assert "calm" in capsys.readouterr().out
    facts = load_facts(folder / "facts.json")
    assert properties(facts, "ServerSaid")["mood"] == {"type": "string", "enum": ["glad", "sad", "calm"]}
    assert properties(facts, "ClientSay")["loudness"] == {"type": "integer", "minimum": 1}
    assert facts.source.startswith("made for a test; brought up to the Python package vendorsdk")
    pin = json.loads((tmp_path / "schema" / "PINNED.json").read_text())["tiny"]
    assert pin["package"] == "the Python package vendorsdk, vendorsdk.talk 1.2.3"


@needs_openai
@pytest.mark.parametrize("name", ["live", "realtime", "translation"])
def test_the_events_of_the_openai_package_are_ours(name: str) -> None:
    protocol = load_protocol(SCHEMA, name)
    package = extract_package(package_settings(protocol.settings, name))
    assert package.client_events.keys() == protocol.facts.client_events.keys()
    assert package.server_events.keys() == protocol.facts.server_events.keys()


@needs_openai
@pytest.mark.parametrize("name", ["live", "realtime", "translation"])
def test_nothing_differs_once_ours_is_brought_up_to_the_openai_package(name: str) -> None:
    protocol = load_protocol(SCHEMA, name)
    package = extract_package(package_settings(protocol.settings, name))
    assert align(merge_package(protocol.facts, package), package)[0] == []
