"""`python -m realtime_typed.local`: an embedded Realtime server until Ctrl-C."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence

from .server import LocalServer

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the server until it is interrupted.

    Args:
        argv: The arguments; default those of the process.

    Returns:
        The exit status: 0 after Ctrl-C or SIGTERM, 1 when the server cannot start.
    """
    parser = argparse.ArgumentParser(prog="python -m realtime_typed.local", description="A local Realtime API server.")
    parser.add_argument("--port", type=int, default=0, help="the port to listen on; 0, the default, takes a free one")
    parser.add_argument("--host", default="127.0.0.1", help="the address to bind; default 127.0.0.1")
    parser.add_argument(
        "--dangerously-expose-to-network", action="store_true", help="bind an address that other machines can reach"
    )
    parser.add_argument("--api-key", help="the key that clients must show; default a random one, which is printed")
    parser.add_argument(
        "--audio-speed", type=float, help="pace of audio, 1 being real time; default as fast as it goes"
    )
    parser.add_argument("--beta", action="store_true", help="speak the beta dialect to clients that ask for it")
    options = parser.parse_args(argv)
    try:
        server = LocalServer(
            host=options.host,
            dangerously_expose_to_network=options.dangerously_expose_to_network,
            port=options.port,
            api_key=options.api_key,
            audio_speed=options.audio_speed,
            beta=options.beta,
        )
        asyncio.run(_serve(server))
    except KeyboardInterrupt:
        return 0
    except (ImportError, OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201  # a command's output
        return 1
    return 0


async def _serve(server: LocalServer) -> None:
    stop = asyncio.Event()
    async with server:
        try:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        except NotImplementedError:
            pass  # Windows knows Ctrl-C only
        print(f"base_url  {server.base_url}", f"api_key   {server.api_key}", sep="\n", flush=True)  # noqa: T201  # same
        await stop.wait()


if __name__ == "__main__":
    sys.exit(main())
