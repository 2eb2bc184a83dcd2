"""What holds for all tests: the report of absent judges, and property tests without a stopwatch."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.judges.plugin"]

# A busy machine is no counter-example: how long one example takes says nothing about what is true.
settings.register_profile("itti", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("itti")
