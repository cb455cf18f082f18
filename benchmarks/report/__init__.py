"""What benchmarks/page.py makes its page of: the machine, ratios, tables and plots."""
