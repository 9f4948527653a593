"""Problems of pictures."""

from __future__ import annotations

from builder.messages.codes.code import Code
from builder.messages.translation import N_

PICTURES = (
    Code(
        "picture-too-large",
        "warning",
        N_("The picture “{target}” is too large ({detail}) and is not published."),
        N_(
            "The limit is set in organization.yml (limits: image_bytes); photographs are made smaller, drawings cannot be."
        ),
        N_("Make it smaller: 2,000 pixels in width are plenty."),
    ),
    Code(
        "picture-too-many-pixels",
        "warning",
        N_("The picture “{target}” has more pixels than can be worked on ({detail} million)."),
        N_("A small file can claim to be a picture so huge that opening it would stop the whole computer."),
        N_("Open it in a picture program, make it at most 8,000 pixels wide and high, and save it again."),
    ),
    Code(
        "picture-unreadable",
        "warning",
        N_("The picture “{target}” is damaged, or no picture at all, and is not published."),
        N_(
            "It breaks off, or nothing in it can be made out; often a file was copied before it had arrived as a whole."
        ),
        N_("Open it on your computer. If it cannot be opened there either, fetch the original once more."),
    ),
    Code(
        "picture-format",
        "warning",
        N_("The file “{target}” is not what its name says: inside it is {detail}. It is not published."),
        N_("That is nothing that a page can show; renaming a file does not convert it."),
        N_("Open it in the program that made it and export it as JPEG or PNG, or give the file its right ending."),
    ),
    Code(
        "picture-misnamed",
        "note",
        N_("The picture “{target}” is not what its name says: inside it is {detail}."),
        N_("It is published all the same, as {detail}."),
        N_("Give the file its right ending, here and where it is named; other programs go by that."),
    ),
    Code(
        "picture-unshown",
        "warning",
        N_("The picture “{target}” is in a format that no browser shows ({detail}), and is not published."),
        N_("Files as cameras and picture programs keep them may also hold the place and the person, unseen."),
        N_("Open it in a picture program, export it as JPEG or PNG, and put that file in its place."),
    ),
    Code(
        "picture-pages",
        "warning",
        N_("Of the {detail} pages of “{target}” only the first is shown."),
        N_("Browsers show no document in TIFF; it becomes a picture of its first page."),
        N_("Save the document as PDF and offer that, or save each page as a picture."),
    ),
    Code(
        "picture-still",
        "note",
        N_("The animation “{target}” is shown without motion, as its first picture ({detail})."),
        N_("Animations in AVIF, and those of more than 2 MB, would keep readers waiting."),
        N_("Make it shorter or smaller, as GIF or WebP; or offer it as a video."),
    ),
    Code(
        "svg-active",
        "warning",
        N_(
            "The drawing “{target}” holds something that runs or loads things from elsewhere: {detail}. It is not published."
        ),
        N_("Scripts, embedded web pages and outside addresses in a drawing could harm readers, or follow them about."),
        N_("Export it from the drawing program as plain SVG, or as PNG."),
    ),
)
