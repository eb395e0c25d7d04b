"""Changes an input into one that is much like it. It knows JSON and lines, so most of what it makes can be read."""

import json
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Final, cast

from .targets import Target

__all__ = ["mutate", "mutate_bytes"]

_NUMBERS: Final = (0, -1, 1, 0.5, 2**31, 2**53, 2**64, -(2**63) - 1, 1e308, 255, 65_536)
_TEXTS: Final = ("", " ", "a", "\x00", "\ud800", "é", "\U0001f600", "AAAA", "AA=", "true", "null", "1", "1.0", "NaN")
_NOT_JSON: Final = (b"NaN", b"Infinity", b"-Infinity", b"1e999", b"1" * 400, b'"\\ud800"', b"[" * 250, b'{"a":' * 250)
# A place of a JSON text that is put in as it is, because no JSON value gives it.
_CONTAINERS: Final = ("[]", "{}", "[[]]", "[{}]", '{"type": "a"}', "[null]", '{"": 0}')
_HOLE: Final = "\x01hole"


def mutate_bytes(data: bytes, max_len: int, random: Random, words: tuple[bytes, ...]) -> bytes:
    """Change some bytes, or put a word in."""
    made = bytearray(data)
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        at = random.randrange(len(made) + 1)
        match random.randrange(6):
            case 0:
                made[at : at + random.randint(1, 8)] = b""
            case 1:
                made[at:at] = random.randbytes(random.randint(1, 4))
            case 2 if words:
                made[at : at + random.choice((0, 0, 8))] = random.choice(words)
            case 3:
                other = random.randrange(len(made) + 1)
                made[at:at] = made[other : other + random.randint(1, 32)]
            case 4 if made:
                made[at % len(made)] ^= 1 << random.randrange(8)
            case _:
                made[at : at + 1] = bytes([random.choice(b'\x00\xff"{}[]:,0-9~ \n')])
    return bytes(made[:max_len])


def mutate(target: Target, data: bytes, max_len: int, random: Random, words: tuple[bytes, ...]) -> bytes:
    """Change an input in the form that the target has.

    Args:
        target: What the input is for.
        data: The input.
        max_len: How long the result may be.
        random: Chance.
        words: The target's words.
    """
    if target.form == "bytes" or not data:
        return mutate_bytes(data, max_len, random, words)
    head, rest = bytearray(data[: target.header]), data[target.header :]
    if head and not random.randrange(8):
        head[random.randrange(len(head))] = random.randrange(256)
    lines = rest.split(b"\n")
    at = random.randrange(len(lines))
    match random.randrange(12):
        case 0:
            lines.insert(random.randrange(len(lines) + 1), lines[at])
        case 1 if len(lines) > 1:
            del lines[at]
        case 2 if len(lines) > 1:
            other = random.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        case _:
            change = _mutate_json if target.form == "json" else _mutate_line
            lines[at] = change(lines[at], random, words)
    return (bytes(head) + b"\n".join(lines))[:max_len]


def _mutate_line(line: bytes, random: Random, words: tuple[bytes, ...]) -> bytes:
    pieces = line.split(b" ")
    at = random.randrange(len(pieces))
    match random.randrange(6):
        case 0:
            del pieces[at]
        case 1:
            pieces.insert(at, pieces[random.randrange(len(pieces))])
        case 2 if words:
            pieces[at] = random.choice(words)
        case 3:
            pieces[at] = str(random.choice(_NUMBERS)).encode()
        case _:
            pieces[at] = mutate_bytes(pieces[at], 1 << 16, random, words)
    return b" ".join(pieces)


def _mutate_json(text: bytes, random: Random, words: tuple[bytes, ...]) -> bytes:
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return mutate_bytes(text, 1 << 16, random, words)
    try:
        for _ in range(random.choice((1, 1, 2, 3))):
            value = _changed(value, random, words)
        made = json.dumps(value, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")
    except (RecursionError, ValueError):
        return mutate_bytes(text, 1 << 16, random, words)
    hole = json.dumps(_HOLE).encode()
    while hole in made:
        made = made.replace(hole, random.choice(_NOT_JSON), 1)
    if not random.randrange(16):
        made = _doubled_key(made, random)
    return made


def _doubled_key(text: bytes, random: Random) -> bytes:
    """Say a key twice, which no dict can."""
    start = text.find(b"{")
    end = text.find(b",", start)
    if start < 0 or end < 0:
        return text
    first = text[start + 1 : end]
    if random.random() < 0.5 and text.endswith(b"}"):
        return text[:-1] + b"," + first + b"}"
    return text[: start + 1] + first + b"," + text[start + 1 :]


def _value(random: Random, words: tuple[bytes, ...]) -> object:
    match random.randrange(9):
        case 0:
            return random.choice(_NUMBERS)
        case 1:
            return random.choice(_TEXTS)
        case 2 if words:
            return random.choice(words).decode("utf-8", "replace")
        case 3:
            return random.choice((None, True, False))
        case 4:
            return json.loads(random.choice(_CONTAINERS))  # a new one, which may be changed
        case 5:
            return _HOLE
        case 6:
            return random.randint(-300, 70_000)
        case 7:
            return random.choice(_TEXTS) * random.choice((2, 40, 300))
        case _:
            return "abc"[: random.randrange(4)]


def _changed(value: object, random: Random, words: tuple[bytes, ...]) -> object:
    """Change one place of a JSON value, deep places as likely as others."""
    places: list[tuple[Callable[[object], None], object]] = []
    whole = [value]

    def visit(node: object, put: Callable[[object], None]) -> None:
        places.append((put, node))
        if isinstance(node, dict):
            fields = cast("dict[str, object]", node)
            for key in fields:
                visit(fields[key], partial(fields.__setitem__, key))
        elif isinstance(node, list):
            items = cast("list[object]", node)
            for index in range(len(items)):
                visit(items[index], partial(items.__setitem__, index))

    visit(value, partial(whole.__setitem__, 0))
    put, node = places[random.randrange(len(places))]
    if isinstance(node, dict) and random.random() < 0.7:
        _change_object(cast("dict[str, object]", node), places, random, words)
    elif isinstance(node, list) and random.random() < 0.7:
        items = cast("list[object]", node)
        at = random.randrange(len(items) + 1)
        if items and random.random() < 0.4:
            del items[at % len(items)]
        else:
            items.insert(at, random.choice(places)[1] if random.random() < 0.4 else _value(random, words))
            # What was put in may be what it was put into.
            items[:] = json.loads(json.dumps(items))
    elif isinstance(node, str) and random.random() < 0.4:
        changed = mutate_bytes(node.encode("utf-8", "surrogatepass"), 1 << 16, random, words)
        put(changed.decode("utf-8", "replace"))
    else:
        put(_value(random, words))
    return whole[0]


def _change_object(
    fields: dict[str, object],
    places: list[tuple[Callable[[object], None], object]],
    random: Random,
    words: tuple[bytes, ...],
) -> None:
    keys = list(fields)
    match random.randrange(4):
        case 0 if keys:
            del fields[random.choice(keys)]
        case 1 if keys:
            key = random.choice(keys)
            fields[random.choice(words).decode("utf-8", "replace") if words else "a"] = fields.pop(key)
        case 2:
            new = json.loads(json.dumps(random.choice(places)[1]))
            fields[random.choice(keys) if keys and random.random() < 0.6 else "a"] = new
        case _:
            name = random.choice(words).decode("utf-8", "replace") if words and random.random() < 0.7 else "type"
            fields[name] = _value(random, words)
