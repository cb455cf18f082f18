"""What the web application asks, a module for each of its pages."""
