"""Branchpress: one shared repository, every branch's website, always current."""

__version__ = "0.2.0"
