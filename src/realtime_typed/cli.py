"""The `realtime-typed` command, which is also `python -m realtime_typed`."""

import argparse
import asyncio
import importlib.util
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

from ._version import __version__

__all__ = ["main"]

_CODEGEN_NEEDS = ("datamodel_code_generator", "jinja2", "yaml")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        argv: The arguments; default those of the process.

    Returns:
        The exit status: 0 for success, 1 for a failure (the reason is one line on standard error), 130 for Ctrl-C.
        Wrong arguments exit with 2.
    """
    parser = _parser()
    options, rest = parser.parse_known_args(argv)
    if options.command == "serve":
        # The server's own parser says what it takes, in one place.
        from .local.__main__ import main as serve

        return serve(rest)
    if options.command == "codegen":
        return _run_codegen(rest)
    if rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if options.command is None:
        parser.print_help()
        return 0
    if options.api_key and not options.base_url:
        parser.error("--api-key needs --base-url, for instance https://api.openai.com/v1")
    return _run_demo(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="realtime-typed", description="A typed SDK for the Realtime API.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    demo = commands.add_parser(
        "demo",
        help="a text turn, a spoken turn and a tool turn, told as they happen",
        description="Runs a text turn, a spoken turn and a tool turn, against a server that it starts itself, or "
        "against the service at --base-url.",
    )
    demo.add_argument("--base-url", metavar="URL", help="the service, for instance https://api.openai.com/v1")
    demo.add_argument("--api-key", metavar="KEY", help="its key; default the environment variable OPENAI_API_KEY")
    demo.add_argument("--model", metavar="M", help="the model to talk to")
    demo.add_argument(
        "--transport",
        choices=("websocket", "webrtc"),
        default="websocket",
        help="how to reach it; default %(default)s. webrtc needs the extra of that name",
    )
    demo.add_argument(
        "--output",
        metavar="DIR",
        type=Path,
        default=Path("demo-output"),
        help="where reply.wav goes; default %(default)s",
    )
    demo.add_argument("--wav", metavar="FILE", type=Path, help="what the user says: a WAV file of PCM, at any rate")
    demo.add_argument(
        "--timeout", metavar="S", type=_positive, default=30.0, help="seconds a turn may take; default 30"
    )
    detail = demo.add_mutually_exclusive_group()
    detail.add_argument("--quiet", action="store_true", help="no events, only the conversation and the table")
    detail.add_argument("--verbose", action="store_true", help="every event in full, each piece of audio included")
    # `--help` is the generator's and the server's own, too.
    commands.add_parser(
        "codegen", help="models and a typed client for an application's own schema (codegen --help)", add_help=False
    )
    commands.add_parser("serve", help="a local Realtime API server, until Ctrl-C (serve --help)", add_help=False)
    return parser


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"must be a positive number of seconds, got {text}")
    return value


def _run_codegen(arguments: Sequence[str]) -> int:
    try:
        generator = _codegen()
    except ModuleNotFoundError as error:
        if error.name not in _CODEGEN_NEEDS:
            raise
        hint = "pip install 'realtime-typed[codegen]'"
        print(f"error: codegen needs {error.name}, which is not installed: {hint}", file=sys.stderr)
        return 1
    status: int = generator.main(arguments)
    return status


def _codegen() -> ModuleType:
    """Load the generator: it is shipped inside this package, and stands beside `src` in the source tree."""
    here = Path(__file__).parent
    name = f"{__package__}._codegen"
    if not (here / "_codegen").is_dir():
        source = here.parent.parent / "codegen"
        places = [str(source)]
        spec = importlib.util.spec_from_file_location(name, source / "__init__.py", submodule_search_locations=places)
        if spec is None or spec.loader is None or not (source / "__init__.py").is_file():
            raise RuntimeError("this installation of realtime-typed lacks its generator; install it again")
        sys.modules[name] = package = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(package)
    return import_module(f"{name}.application")


def _run_demo(options: argparse.Namespace) -> int:
    # Imported here: `--version` and `--help` need neither sockets nor numpy.
    from .demo import DemoError, DemoOptions, run
    from .demo.console import Console, one_line

    wanted = DemoOptions(
        base_url=options.base_url,
        api_key=options.api_key,
        model=options.model,
        transport=options.transport,
        output=options.output,
        wav=options.wav,
        detail="none" if options.quiet else "all" if options.verbose else "compact",
        timeout=options.timeout,
    )
    try:
        asyncio.run(run(wanted, Console.for_stdout()))
    except DemoError as error:
        print(f"error: {one_line(str(error), 1000)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0
