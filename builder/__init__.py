"""Branchpress: one shared repository, every branch's website, always current."""

__version__ = "0.1.0"
