"""A pytest plugin: the same few examples in every run, so that a mutant lives or dies the same way each time."""

from hypothesis import HealthCheck, settings

# mutmut runs each test in many processes that come from one, which is what `differing_executors` is about.
_NO_CHECKS = list(HealthCheck)
settings.register_profile(
    "mutation", derandomize=True, max_examples=30, deadline=None, database=None, suppress_health_check=_NO_CHECKS
)
settings.load_profile("mutation")
