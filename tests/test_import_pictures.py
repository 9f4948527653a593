"""What pictures of imported documents are called for those who do not see them."""

from __future__ import annotations

import io

import pytest
from lxml import html
from PIL import Image

from builder.edit.imports.pictures import PictureFiles
from builder.messages.translation import translator


def picture() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(stream, "PNG")
    return stream.getvalue()


def words_of(alt: str, title: str = "") -> str:
    """The words that stand for a picture in the text, of those that the document has."""
    root = html.fromstring("<div><p>文</p><img src='a.png'></div>")
    root.find("img").set("alt", alt)
    root.find("img").set("title", title)
    PictureFiles({"a.png": picture()}.get, 1_000_000, translator("zh"), lambda *_: None).place(root)
    (image,) = root.iter("img")
    return str(image.get("alt"))


@pytest.mark.parametrize("alt", ["走访现场", "图书馆", "A picture of the hall", "Figure skating", "IMG 是什么"])
def test_words_of_a_person_stay(alt: str) -> None:
    assert words_of(f" {alt}\n ", "图 1 另一句") == alt


@pytest.mark.parametrize(
    "alt",
    [
        "", "图片", "图片 1", "图像", "图12", "照片_3", "Picture 4", "image", "image1.png", "img", "Grafik 2", "截图",
        "IMG_20261120", "DSC0001.JPG", "mmexport1700000000", "wx_camera_1", "微信图片_20261120", "微信截图", "Screenshot-1",
        "hall.jpg", "hall.jpeg", "hall.png", "hall.gif", "hall.bmp", "hall.webp", "hall.heic", "hall.tif", "hall.tiff", "12",
        "一座楼 描述已自动生成", "AI 生成的内容可能不正确。", "AI生成的内容", "A hall. Description automatically generated",
        "A hall AI-generated content may be incorrect.", "a hall, ai-generated CONTENT",
    ],
)  # fmt: skip
def test_what_a_program_wrote_is_replaced_by_the_caption(alt: str) -> None:
    assert words_of(alt) == ""
    assert words_of(alt, "走访现场") == "走访现场"


@pytest.mark.parametrize(
    "title",
    [
        "图1 现场",
        "图 1-2：现场",
        "图 三、现场",
        "Figure 2. 现场",
        "fig. 3.1: 现场",
        "图十二　现场",
        "图1－2．现场",
        "现场",
    ],
)
def test_a_caption_is_without_its_number(title: str) -> None:
    assert words_of("", title) == "现场"


@pytest.mark.parametrize(("made", "name", "told"), [(picture(), "图-1.png", 0), (None, "", 1), (b"no picture", "", 1)])
def test_a_drawing_of_windows_is_taken_as_a_program_draws_it(made: bytes | None, name: str, told: int) -> None:
    root = html.fragment_fromstring("<div><p>文</p><img src='a.emf'></div>")
    asked: list[str] = []

    def to_png(content: bytes, file: str) -> bytes | None:
        asked.append(file)
        return made

    pictures = PictureFiles({"a.emf": b"drawing"}.get, 1_000_000, translator("zh"), to_png)
    pictures.place(root)
    assert (asked, list(pictures.files), len(pictures.notes)) == (["a.emf"], [name] if name else [], told)
    assert [image.get("src") or "" for image in root.iter("img")] == ([name] if name else [])
