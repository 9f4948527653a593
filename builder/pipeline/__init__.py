"""The build: which sites are stale, their releases, and their publishing."""
