"""What tests share beside fixtures: events, proxies, comparisons; no tests."""
