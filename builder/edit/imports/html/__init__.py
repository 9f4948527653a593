"""Texts that were copied from WeChat, Word, WPS, DingTalk or a website: HTML made for the eye, read for its text."""
