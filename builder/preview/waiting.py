"""The page that stands at every address until the first build is done; the preview's script writes into it how far that is."""

from __future__ import annotations

from html import escape

from builder.messages.translation import N_, Translator


def waiting_page(text: Translator) -> bytes:
    """Returns the page as HTML, without the preview's script and style."""
    title, told, later = (
        escape(text.gettext(each))
        for each in (
            N_("The preview is being made"),
            N_("Starting …"),
            N_("This page turns into the website by itself. The first time takes longest; later ones are quick."),
        )
    )
    return (
        f'<!DOCTYPE html><html lang="{text.language}"><head><meta charset="utf-8"><title>{title}</title>'
        """<meta http-equiv="Content-Security-Policy" content="default-src 'self'">"""
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
        f'<body class="branchpress-waiting"><main><h1>{title}</h1>'
        '<progress aria-labelledby="branchpress-waiting"></progress>'
        f'<p id="branchpress-waiting" role="status">{told}</p><p>{later}</p></main></body></html>'
    ).encode()
