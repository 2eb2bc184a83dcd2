"""What holds for all tests: absent judges are told, what shares runs together, property tests have no stopwatch."""

from __future__ import annotations

import gc

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.judges.plugin", "tests.sharing"]

gc.disable()  # until all is loaded: what loading leaves behind is little, and looking for it took a fifth of loading


def pytest_collection_finish() -> None:
    """Let the collector of garbage leave alone what is loaded by now: it stays until the end.

    Going through a million objects again and again took a fifth of the tests' time.
    """
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(5_000, 20, 20)


# A busy machine is no counter-example: how long one example takes says nothing about what is true.
settings.register_profile("itti", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("itti")
