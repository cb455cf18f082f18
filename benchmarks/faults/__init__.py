"""Breaks what consumers need, and the consumers, while they store; then compares with the topic."""
