"""What a request that does not fit says of its fields."""

import pytest

from realtime_typed._generated.realtime.shared import RealtimeSessionConfig
from realtime_typed.rest.objects import json_body


def test_a_wrong_field_is_named_with_what_is_wanted() -> None:
    with pytest.raises(ValueError, match=r"^RealtimeSessionConfig: instructions: Input should be a valid string$"):
        json_body(RealtimeSessionConfig, {"type": "realtime", "instructions": 7})


def test_of_many_wrong_fields_the_first_are_named_and_the_others_counted() -> None:
    modalities = list(range(12))
    with pytest.raises(ValueError, match=r"output_modalities\.0: .*output_modalities\.4: .*; and 7 more$"):
        json_body(RealtimeSessionConfig, {"type": "realtime", "output_modalities": modalities})
