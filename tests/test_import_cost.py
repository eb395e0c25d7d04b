"""What importing loads: light modules stay light, and a library comes with the feature that needs it."""

import json
import subprocess
import sys

import pytest

WEBRTC = ("aiortc", "aioice", "av", "pyee")
HEAVY = (*WEBRTC, "numpy", "httpx", "websockets")
SERVER = ("starlette", "uvicorn", "fastapi")
DEVELOPMENT = ("datamodel_code_generator", "jinja2", "yaml", "pytest", "mypy")


def modules_after(statement: str) -> set[str]:
    """Run `statement` in a fresh interpreter and tell which top-level modules it loaded."""
    script = f"import json, sys\n{statement}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=50, check=False)
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in json.loads(done.stdout)}


def test_importing_the_package_loads_no_library_of_a_feature() -> None:
    loaded = modules_after("import realtime_typed")
    assert loaded.isdisjoint([*HEAVY, *SERVER, *DEVELOPMENT])


@pytest.mark.parametrize("transport", ["websocket", "webrtc"])
def test_making_a_client_loads_nothing_of_webrtc_before_it_connects(transport: str) -> None:
    loaded = modules_after(
        f"import realtime_typed\nrealtime_typed.RealtimeClient(api_key='k', transport='{transport}')"
    )
    assert loaded.isdisjoint([*WEBRTC, *SERVER, *DEVELOPMENT])


@pytest.mark.parametrize(
    "module", ["errors", "transports", "transports.websocket_options", "transports.webrtc_options", "transports.memory"]
)
def test_importing_a_light_module_loads_neither_feature_libraries_nor_pydantic(module: str) -> None:
    loaded = modules_after(f"import realtime_typed.{module}")
    assert loaded.isdisjoint([*HEAVY, *SERVER, *DEVELOPMENT, "pydantic"])


@pytest.mark.parametrize(
    "module", ["codec", "dispatch", "_generated.realtime.types", "_generated.realtime.typed_events"]
)
def test_importing_models_codec_and_dispatch_loads_no_library_of_a_feature(module: str) -> None:
    loaded = modules_after(f"import realtime_typed.{module}")
    assert loaded.isdisjoint([*HEAVY, *SERVER, *DEVELOPMENT])


def test_importing_the_generated_package_alone_loads_no_model() -> None:
    assert "pydantic" not in modules_after("import realtime_typed._generated.realtime")


def test_decoding_an_event_needs_no_library_of_a_feature() -> None:
    statement = (
        "from realtime_typed.codec import Codec\n"
        """Codec().decode('{"type": "input_audio_buffer.cleared", "event_id": "event_1"}')"""
    )
    assert modules_after(statement).isdisjoint([*HEAVY, *SERVER, *DEVELOPMENT])
