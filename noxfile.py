"""Every task a person runs. `nox -l` lists them; `nox -s NAME -- ARGUMENTS` passes arguments on."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
# `codegen` writes and `demo` and `bench` only show, so they run when asked for by name.
nox.options.sessions = ["lint", "types", "tests"]

ROOT = Path(__file__).parent
PYPROJECT = nox.project.load_toml(ROOT / "pyproject.toml")
OTHER_PYTHONS = ("3.11", "3.12", "3.13")
TYPED = ("src", "codegen", "tests", "mutation", "bench", "fuzz", "soak", "examples", "noxfile.py")


def _install(session: nox.Session, *groups: str, extras: str = "", editable: bool = True) -> None:
    """Install the project with some extras, and groups of pyproject.toml (which pip before 25.1 cannot read)."""
    project = f".[{extras}]" if extras else "."
    requirements = nox.project.dependency_groups(PYPROJECT, *groups) if groups else ()
    session.install(*(["-e"] if editable else []), project, *requirements)


def _interpreter(version: str) -> str | None:
    """Find a Python: among pyenv's, which puts only the chosen versions on the path, or on the path."""
    root = os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv"
    found = sorted(Path(root, "versions").glob(f"{version}.*/bin/python"))
    if found:
        return str(found[-1])
    path = shutil.which(f"python{version}")
    # A pyenv shim is there for every version, and fails for those that are not chosen.
    if path and subprocess.run([path, "-c", ""], capture_output=True, check=False).returncode == 0:
        return path
    return None


@nox.session(reuse_venv=True)
def demo(session: nox.Session) -> None:
    """Text, speech and a tool on the embedded server: -- [--transport webrtc] [--base-url U] [--api-key K]"""
    # aiortc and what it needs are large, so only the turn that uses them waits for them.
    webrtc = any("webrtc" in argument for argument in session.posargs)
    _install(session, extras="server,webrtc" if webrtc else "server")
    session.run("python", "-m", "realtime_typed", "demo", *session.posargs)


def _run_tests(session: nox.Session) -> None:
    _install(session, "test", extras="server,webrtc")
    # The first call fetches pyright itself, which must not count against the time limit of a test.
    session.run("pyright", "--version", silent=True)
    session.run("pytest", *session.posargs)


@nox.session(reuse_venv=True)
def tests(session: nox.Session) -> None:
    """The whole test suite on the Python that runs nox: -- [pytest's arguments]"""
    _run_tests(session)


for _version in OTHER_PYTHONS:
    _path = None if f"{sys.version_info[0]}.{sys.version_info[1]}" == _version else _interpreter(_version)
    if _path is not None:
        nox.session(python=_path, name=f"tests-{_version}", reuse_venv=True)(_run_tests)


@nox.session(reuse_venv=True)
def lowest(session: nox.Session) -> None:
    """The WebSocket transport with the oldest `websockets` allowed, of which it uses more than the documented API."""
    _install(session, "test")
    dependencies: list[str] = PYPROJECT["project"]["dependencies"]
    session.install(*(found.replace(">=", "==") for found in dependencies if found.startswith("websockets")))
    tests_of_it = (f"tests/unit/transports/test_{name}.py" for name in ("websocket", "frame_connection"))
    session.run("pytest", *tests_of_it)


@nox.session(reuse_venv=True)
def coverage(session: nox.Session) -> None:
    """The test suite with branch coverage: -- [pytest's arguments]"""
    _install(session, "test", extras="server,webrtc")
    session.run("pyright", "--version", silent=True)
    report = Path(session.create_tmp()) / "coverage.json"
    reports = ("--cov-report=term-missing:skip-covered", f"--cov-report=json:{report}")
    # Traced code is several times slower: too slow for the time limits, and for tests that listen in real time.
    slower = ("--timeout=300", "--ignore=tests/audio")
    session.run("pytest", "--cov", *reports, *slower, *session.posargs)
    # The figure that coverage prints, and holds to `fail_under`, takes lines and branches together.
    totals = json.loads(report.read_text("utf-8"))["totals"]
    covered, branches = totals["covered_branches"], totals["num_branches"]
    told = f"branches alone: {covered} of {branches}, {covered / branches:.1%}"
    if covered / branches < PYPROJECT["tool"]["coverage"]["report"]["fail_under"] / 100:
        session.error(told)
    session.log(told)


@nox.session(reuse_venv=True)
def mutation(session: nox.Session) -> None:
    """Mutation scores of codec, conversation, dispatch: -- [module …] [--sample N | --again] [--children N]"""
    _install(session, "mutation", extras="server,webrtc")
    session.run("python", "-m", "mutation", *session.posargs)


@nox.session(reuse_venv=True)
def lint(session: nox.Session) -> None:
    """Ruff, rules and format: -- [--fix] puts right what it can."""
    session.install(*nox.project.dependency_groups(PYPROJECT, "lint"))
    fix = "--fix" in session.posargs
    session.run("ruff", "check", *(["--fix"] if fix else []), ".")
    session.run("ruff", "format", *([] if fix else ["--check"]), ".")


@nox.session(reuse_venv=True)
def types(session: nox.Session) -> None:
    """Mypy and pyright, both strict, over everything; and every public symbol of the package has a known type."""
    _install(session, "test", "bench", "browser", "interop", "mutation", "nox", extras="server,webrtc")
    session.run("mypy", *TYPED)
    session.run("pyright")
    session.run("pyright", "--verifytypes", "realtime_typed", "--ignoreexternal")


@nox.session(reuse_venv=True)
def codegen(session: nox.Session) -> None:
    """Write the generated packages from schema/: -- --check compares only."""
    session.install(*nox.project.dependency_groups(PYPROJECT, "codegen"))
    arguments = list(session.posargs)
    command = "check" if "--check" in arguments else "generate"
    session.run("python", "-m", "codegen", command, *(argument for argument in arguments if argument != "--check"))


@nox.session(venv_backend="none")
def asyncapi(session: nox.Session) -> None:
    """Validate schema/*.asyncapi.yaml with the official parser, which npm fetches."""
    if shutil.which("npm") is None:
        session.error("npm is missing: install Node.js 20 or later (https://nodejs.org), which brings it")
    folder = Path(session.create_tmp())
    for name in ("package.json", "validate.js"):
        shutil.copy(ROOT / "tests" / "asyncapi" / name, folder)
    npm = ("npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock", "--prefix", str(folder))
    session.run(*npm, external=True)
    documents = sorted(str(path) for path in (ROOT / "schema").glob("*.asyncapi.yaml"))
    session.run("node", str(folder / "validate.js"), *documents, external=True)


@nox.session(reuse_venv=True)
def bench(session: nox.Session) -> None:
    """The benchmarks, as ratios to other packages measured in the same run: -- [--json]"""
    _install(session, "bench", extras="server,webrtc", editable=False)
    session.run("python", "-m", "bench", *session.posargs)


@nox.session(reuse_venv=True)
def soak(session: nox.Session) -> None:
    """Many sessions at real-time pace, with faults: -- [--transport webrtc|both] [--seconds S] [--json]"""
    _install(session, extras="server,webrtc", editable=False)
    session.run("python", "-m", "soak", *session.posargs)


@nox.session(reuse_venv=True)
def interop(session: nox.Session) -> None:
    """The `openai` and `openai-agents` packages against the embedded server, in an environment of their own."""
    _install(session, "interop", extras="server")
    session.run("pytest", "tests/interop", *session.posargs)


@nox.session(reuse_venv=True)
def reliability(session: nox.Session) -> None:
    """Try every fault over every transport, and write docs/reliability.md: -- [--only TEXT] [--kind KIND]"""
    _install(session, "test", extras="server,webrtc")
    session.run("python", "-m", "tests.reliability", *session.posargs)


@nox.session(reuse_venv=True)
def browser(session: nox.Session) -> None:
    """The embedded server and the example page in Debian's Chromium, installed if it is missing and root runs this."""
    names = ("chromium", "chromium-browser", "google-chrome")
    if not any(map(shutil.which, names)):
        if shutil.which("apt-get") is None or os.geteuid() != 0:
            session.error("Chromium is missing: install it, on Debian with `apt-get install chromium`")
        quietly = {"DEBIAN_FRONTEND": "noninteractive"}
        session.run("apt-get", "update", "-qq", external=True)
        session.run("apt-get", "install", "-y", "-qq", "chromium", external=True, env=quietly, silent=True)
    _install(session, "browser", extras="server,webrtc")
    session.run("pytest", "tests/browser", *session.posargs, env={"REALTIME_TYPED_REQUIRE_BROWSER": "1"})


@nox.session(reuse_venv=True)
def peers(session: nox.Session) -> None:
    """Our WebRTC client against libdatachannel's, which npm fetches: -- [pytest's arguments]"""
    if shutil.which("npm") is None:
        session.error("npm is missing: install Node.js 20.11 or later (https://nodejs.org), which brings it")
    _install(session, "test", extras="server,webrtc")
    folder = Path(session.create_tmp())
    shutil.copy(ROOT / "tests" / "peers" / "package.json", folder)
    npm = ("npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock", "--prefix", str(folder))
    session.run(*npm, external=True)
    env = {"REALTIME_TYPED_PEERS": str(folder), "REALTIME_TYPED_REQUIRE_PEERS": "1"}
    session.run("pytest", "tests/peers", *session.posargs, env=env)


@nox.session(reuse_venv=True)
def fuzz(session: nox.Session) -> None:
    """Hostile input for what reads input (docs/fuzzing.md): -- [--inputs N | --seconds N] [--target NAME] [--json]"""
    _install(session, "fuzz", extras="webrtc,sip")
    session.run("python", "-m", "fuzz", *session.posargs)


@nox.session(reuse_venv=True)
def drift(session: nox.Session) -> None:
    """Schema/ against the newest `openai`: exit 1 for drift, 3 when the registry cannot be reached."""
    python = str(Path(session.bin) / "python")
    groups = [*nox.project.dependency_groups(PYPROJECT, "drift")]
    installed = subprocess.run([python, "-m", "pip", "install", *groups], capture_output=True, text=True, check=False)
    if installed.returncode:
        session.warn(installed.stderr[-2000:])
        session.warn("the tools cannot be installed, so the registry cannot be reached; this says nothing about drift")
        sys.exit(3)
    command = [python, "-m", "codegen", "drift", "--install", "openai", *session.posargs]
    status = subprocess.run(command, cwd=ROOT, check=False).returncode
    if status:
        # nox would turn every failure into 1, which means drift.
        sys.exit(status)
    session.run("pytest", "tests/codegen/test_package.py", "tests/codegen/test_drift.py", "-p", "no:cacheprovider")


@nox.session(reuse_venv=True)
def security(session: nox.Session) -> None:
    """Take each rule of security out of a copy of the sources; its tests must fail: -- [WORD of a name or file]..."""
    _install(session, "test", extras="server,webrtc")
    session.run("python", "-m", "tests.security.mutate", *session.posargs)


@nox.session(reuse_venv=True)
def audit(session: nox.Session) -> None:
    """Dependencies against the advisories that pip-audit finds: fails for a known one, says so if it reaches none."""
    _install(session, "audit", extras="all")
    session.run("python", "-m", "tests.security.audit", *session.posargs)


# What `realtime-typed codegen` needs of the wheel.
_CODEGEN = tuple(
    f"realtime_typed/_codegen/{name}"
    for name in ("application.py", "templates/package/registry.py.jinja2", "schema/realtime/overlay.yaml")
)
_WHEEL_IMPORT = """
import json, pathlib, realtime_typed, realtime_typed.types
print(json.dumps(str(pathlib.Path(realtime_typed.__file__).parent)))
"""


@nox.session
def build(session: nox.Session) -> None:
    """Build sdist and wheel into dist/, then install and import the wheel."""
    session.install("build")
    output = ROOT / "dist"
    shutil.rmtree(output, ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", str(output), str(ROOT))
    (wheel,) = output.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    needed = (
        "realtime_typed/py.typed",
        "realtime_typed/_generated/realtime/types.py",
        "realtime_typed/cli.py",
        *_CODEGEN,
    )
    missing = [name for name in needed if name not in names]
    if not any(name.startswith("realtime_typed/local/data/") and name.endswith(".wav") for name in names):
        missing.append("realtime_typed/local/data/*.wav")
    strangers = [name for name in names if not name.startswith(("realtime_typed/", "realtime_typed-"))]
    if missing or strangers:
        session.error(f"{wheel.name} lacks {missing} and should not hold {strangers}")
    session.install(str(wheel))
    session.chdir(session.create_tmp())
    printed = session.run("python", "-W", "error", "-c", _WHEEL_IMPORT, silent=True)
    package = Path(json.loads(str(printed)))
    if package.is_relative_to(ROOT / "src") or not (package / "py.typed").is_file():
        session.error(f"imported {package}, which is not the installed wheel")
    session.install(f"{wheel}[codegen]")
    session.run("realtime-typed", "codegen", "--help", silent=True)
    session.log(f"{wheel.name}: {len(names)} files, imports from {package}")
