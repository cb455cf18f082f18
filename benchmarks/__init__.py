"""Measurements, one command each; every one compares with the alternative in the same run."""
