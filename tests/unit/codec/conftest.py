"""Settings of Hypothesis for the codec's tests."""

from hypothesis import HealthCheck, settings

# no deadline: nothing in the tests depends on how fast a machine is
settings.register_profile("codec", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("codec")
