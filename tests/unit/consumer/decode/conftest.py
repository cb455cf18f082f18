"""Settings of Hypothesis for the tests of decoding."""

from hypothesis import HealthCheck, settings

# no deadline: nothing in the tests depends on how fast a machine is
settings.register_profile("decode", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("decode")
