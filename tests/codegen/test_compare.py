"""`python -m codegen diff`: what it takes for OLD and NEW, how it writes the changes, and its exit status."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from codegen.__main__ import main
from codegen.compare import compare
from codegen.source import CodegenError

ROOT = Path(__file__).parents[2]


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True, timeout=50)


@pytest.fixture
def versions(tmp_path: Path) -> tuple[Path, Path]:
    """Two `schema/` folders: the second has one more value in a server's enum, one more field in a client's event."""
    old, new = tmp_path / "old" / "schema", tmp_path / "new" / "schema"
    for folder in (old, new):
        shutil.copytree(ROOT / "schema", folder)
    path = new / "realtime" / "facts.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    limits = facts["schemas"]["RealtimeServerEventRateLimitsUpdated"]["properties"]["rate_limits"]["items"]
    limits["properties"]["name"]["enum"].append("a|b")
    facts["schemas"]["RealtimeClientEventResponseCancel"]["properties"]["why"] = {"type": "string"}
    path.write_text(json.dumps(facts), encoding="utf-8")
    return old, new


def test_files_folders_and_projects_are_compared_alike(versions: tuple[Path, Path]) -> None:
    old, new = versions
    whole = compare(str(old), str(new), ROOT)
    assert sorted(whole) == ["live", "realtime", "realtime_beta", "translation"]
    assert [(change.kind, change.where) for change in whole["realtime"]] == [
        ("field_added", "response.cancel: why"),
        ("value_added", "rate_limits.updated: rate_limits[].name"),
    ]
    assert not whole["live"]
    assert compare(str(old.parent), str(new.parent), ROOT) == whole
    one = {"realtime": whole["realtime"]}
    assert compare(str(old / "realtime"), str(new / "realtime" / "facts.json"), ROOT) == one
    assert compare(str(old / "realtime" / "facts.json"), str(new), ROOT) == one
    assert compare(str(old), str(new), ROOT, ["realtime"]) == one


def test_git_revisions_are_compared(versions: tuple[Path, Path], tmp_path: Path) -> None:
    old, new = versions
    project = tmp_path / "project"
    shutil.copytree(old, project / "schema")
    git(tmp_path, "init", "-q", str(project))
    git(project, "add", ".")
    git(project, "commit", "-q", "-m", "old")
    shutil.copytree(new, project / "schema", dirs_exist_ok=True)
    git(project, "commit", "-q", "-a", "-m", "new")
    expected = compare(str(old), str(new), ROOT)
    assert compare("HEAD~1", "HEAD", project) == expected
    assert compare("HEAD~1", str(project / "schema"), project) == expected
    assert not any(compare("HEAD", str(project / "schema"), project).values())
    with pytest.raises(CodegenError, match="'v0' is neither a file, a folder nor a revision"):
        compare("v0", "HEAD", project)
    with pytest.raises(CodegenError, match="'--output=x' is neither a file, a folder nor a revision"):
        compare("--output=x", "HEAD", project)


def test_a_protocol_that_one_side_lacks_is_added_or_removed_as_a_whole(versions: tuple[Path, Path]) -> None:
    old, new = versions
    shutil.rmtree(new / "translation")
    changes = compare(str(old), str(new), ROOT)["translation"]
    assert {change.kind for change in changes} == {"event_removed"}
    assert "session.closed" in {change.event for change in changes}


def test_a_document_is_compared_with_what_stands_in_schema(versions: tuple[Path, Path], tmp_path: Path) -> None:
    facts = json.loads((versions[1] / "translation" / "facts.json").read_text(encoding="utf-8"))
    schemas = json.loads(json.dumps(facts["schemas"]).replace("#/schemas/", "#/components/schemas/"))
    for side in ("client", "server"):
        refs = [{"$ref": f"#/components/schemas/{name}"} for name in facts["events"][side].values()]
        schemas[f"RealtimeTranslation{side.title()}Event"] = {"anyOf": refs}
    path = tmp_path / "api.json"
    path.write_text(json.dumps({"openapi": "3.1.0", "components": {"schemas": schemas}}), encoding="utf-8")
    assert compare(str(versions[0]), str(path), ROOT, ["translation"]) == {"translation": []}


@pytest.mark.parametrize(
    ("options", "status"),
    [([], 0), (["--fail-on", "none"], 0), (["--fail-on", "any"], 1), (["--fail-on", "breaking"], 1)],
)
def test_fail_on_sets_the_exit_status(versions: tuple[Path, Path], options: list[str], status: int) -> None:
    assert main(["diff", *map(str, versions), *options]) == status


def test_a_change_that_breaks_nobody_fails_on_any_alone(versions: tuple[Path, Path], tmp_path: Path) -> None:
    old, new = versions
    facts = json.loads((new / "realtime" / "facts.json").read_text(encoding="utf-8"))
    limits = facts["schemas"]["RealtimeServerEventRateLimitsUpdated"]["properties"]["rate_limits"]["items"]
    limits["properties"]["name"]["enum"].remove("a|b")
    (tmp_path / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
    operands = [str(old / "realtime"), str(tmp_path / "facts.json")]
    assert main(["diff", *operands, "--fail-on", "breaking"]) == 0
    assert main(["diff", *operands, "--fail-on", "any"]) == 1
    assert main(["diff", operands[0], operands[0], "--fail-on", "any"]) == 0


def test_the_text_names_what_breaks_first(versions: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", *map(str, versions), "--protocol", "realtime"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "realtime: 2 changes, 1 of them breaking",
        "! server  rate_limits.updated: rate_limits[].name: value added: a|b  (breaks readers)",
        "  client  response.cancel: why: field added: optional",
    ]


def test_the_json_holds_every_part_of_a_change(versions: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", *map(str, versions), "--protocol", "realtime", "--format", "json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert (content["changes"], content["breaking"]) == (2, 1)
    assert content["protocols"]["realtime"][1] == {
        "kind": "value_added",
        "side": "server",
        "event": "rate_limits.updated",
        "path": "rate_limits[].name",
        "before": None,
        "after": "a|b",
        "breaks_readers": True,
        "breaks_writers": False,
    }


def test_the_markdown_is_a_table_that_its_content_cannot_break(
    versions: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", *map(str, versions), "--protocol", "realtime", "--format", "markdown"]) == 0
    assert capsys.readouterr().out == (
        "## `realtime`: 2 changes, 1 of them breaking\n\n"
        "### Client events\n\n| field | change | breaks | in |\n|---|---|---|---|\n"
        "| `why` | field added: optional | nobody | `response.cancel` |\n\n"
        "### Server events\n\n| field | change | breaks | in |\n|---|---|---|---|\n"
        "| `rate_limits[].name` | value added: a\\|b | readers | `rate_limits.updated` |\n"
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [("{}", "is no OpenAPI 3 document"), ("<html>", "is HTML or XML"), ("{", "is no JSON")],
)
def test_a_foreign_file_is_exit_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, message: str
) -> None:
    (tmp_path / "x.json").write_text(content, encoding="utf-8")
    assert main(["diff", str(tmp_path / "x.json"), str(ROOT / "schema")]) == 2
    assert message in capsys.readouterr().err


def test_an_empty_folder_or_an_unknown_protocol_is_exit_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", str(tmp_path), str(ROOT / "schema")]) == 2
    assert main(["diff", str(ROOT / "schema"), str(ROOT / "schema"), "--protocol", "gone"]) == 2
    told = capsys.readouterr().err
    assert "holds neither facts.json nor a folder with one" in told
    assert "has the protocol gone" in told


def test_the_documentation_has_the_table_of_judgements() -> None:
    import codegen.diff

    rows = [line for line in (codegen.diff.__doc__ or "").splitlines() if line.startswith("|")]
    page = (ROOT / "docs" / "schema-changes.md").read_text(encoding="utf-8")
    assert "\n".join(rows) in page
