"""YAML as a tree of texts with their places."""
