"""A pytest plugin: the same few examples in every run, so that a mutant lives or dies the same way each time."""

from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "mutation",
    derandomize=True,
    max_examples=30,
    deadline=None,
    database=None,
    # Nobody reads the example that killed a mutant, so it need not be made small.
    phases=(Phase.explicit, Phase.generate),
    # mutmut runs each test in many processes that come from one, which is what `differing_executors` is about.
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("mutation")
