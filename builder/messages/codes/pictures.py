"""Problems of pictures."""

from __future__ import annotations

from builder.messages.codes.code import Code
from builder.messages.translation import N_

PICTURES = (
    Code(
        "file-over-limit",
        "warning",
        N_("The file “{target}” is too large ({detail}) and is not published."),
        N_("The limit is set in organization.yml (limits: file_bytes); readers often pay for what they download."),
        N_("Make it smaller, split it, or put it on a service for large files and link to it."),
    ),
    Code(
        "picture-too-large",
        "warning",
        N_("The picture “{target}” is too large ({detail}) and is not published."),
        N_(
            "The limit is set in organization.yml (limits: image_bytes); photographs are reduced "
            "automatically, drawings cannot be."
        ),
        N_("Make it smaller: a width of 2,000 pixels is plenty."),
    ),
    Code(
        "picture-too-many-pixels",
        "warning",
        N_("The picture “{target}” has too many pixels to process ({detail} million)."),
        N_("A small file can unpack to a picture so large that opening it would freeze the computer."),
        N_("Open it in a picture program, make it at most 8,000 pixels wide and high, and save it again."),
    ),
    Code(
        "picture-late",
        "error",
        N_("The picture “{target}” is not published yet: the pictures of its site took too long in this build."),
        N_("All pictures of one site together have a bounded time in each build, so that no site holds up the others."),
        N_("Build again, and the next ones follow. If it goes on, make the pictures smaller."),
    ),
    Code(
        "pictures-embedded",
        "warning",
        N_("This text has {number} pictures written into it; the first {most} are shown."),
        N_("Each of them is as long as a book chapter in the text's file, and every reading of it opens all of them."),
        N_("Save the pictures as files beside the text, and show those."),
    ),
    Code(
        "picture-unreadable",
        "warning",
        N_("The picture “{target}” is damaged or is not a picture, and is not published."),
        N_("The file is incomplete or unreadable; often it was copied before it had finished downloading."),
        N_("Try to open it on your computer. If that fails too, get the original again."),
    ),
    Code(
        "picture-format",
        "warning",
        N_("The file “{target}” is not what its name says: it is actually {detail}. It is not published."),
        N_("A page cannot show that; renaming a file does not convert it."),
        N_(
            "Open it in the program that created it and export it as JPEG or PNG, or give the file the correct extension."
        ),
    ),
    Code(
        "picture-misnamed",
        "note",
        N_("The picture “{target}” is not what its name says: it is actually {detail}."),
        N_("It is published anyway, as {detail}."),
        N_("Correct the file's extension, here and wherever the file is mentioned; other programs rely on it."),
    ),
    Code(
        "picture-unshown",
        "warning",
        N_("The picture “{target}” is in a format that browsers cannot show ({detail}), and is not published."),
        N_("Original files of cameras and picture programs may also contain hidden data about places and people."),
        N_("Open it in a picture program, export it as JPEG or PNG, and use that file instead."),
    ),
    Code(
        "picture-pages",
        "warning",
        N_("Only the first of the {detail} pages of “{target}” is shown."),
        N_("Browsers cannot show TIFF documents; a picture of the first page is shown instead."),
        N_("Save the document as a PDF and link to that, or save each page as a picture."),
    ),
    Code(
        "picture-still",
        "note",
        N_("The animation “{target}” is shown as a still picture of its first frame ({detail})."),
        N_("AVIF animations, and those larger than 2 MB, would keep readers waiting."),
        N_("Make it shorter or smaller, as GIF or WebP, or publish it as a video."),
    ),
    Code(
        "svg-active",
        "warning",
        N_(
            "The drawing “{target}” contains a script or loads something from elsewhere: {detail}. It is not published."
        ),
        N_("Scripts, embedded web pages and external addresses in a drawing could harm or track readers."),
        N_("Export it from the drawing program as plain SVG, or as PNG."),
    ),
    Code(
        "svg-effects",
        "warning",
        N_("The effects of the drawing “{target}” take too much work: {detail}. It is not published."),
        N_(
            "Readers' browsers would stand still over blurs and shadows that are laid over each other so often, or so wide."
        ),
        N_("Export it from the drawing program as PNG."),
    ),
    Code(
        "svg-copies",
        "warning",
        N_(
            "The drawing “{target}” repeats its parts so often that {detail} of them would be drawn. It is not published."
        ),
        N_("Readers' browsers would stand still over it."),
        N_("Export it from the drawing program as PNG."),
    ),
)
