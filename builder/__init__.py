"""Branchpress: every branch's site, and one hub over all of them, from a tree of text files."""
