"""The shapes of what the web application asks, a module for each of its pages."""
