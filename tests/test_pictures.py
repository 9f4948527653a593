"""One picture: what an upload becomes."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from picture_files import (
    BLUE,
    CAMERAS,
    MARKS,
    RED,
    SECRET,
    bomb,
    bombs,
    moving,
    of,
    photograph,
    screenshot,
    secret_exif,
    two_halves,
    written,
)
from PIL import Image, ImageCms
from pillow_heif import register_heif_opener

from builder.messages.codes import CATALOGUE
from builder.model.media import Shape, offered, thumbnail, variant
from builder.pictures import MOVING, Refused, develop, look_at, variants
from builder.pictures.recipe import fitted
from builder.pictures.strip import stripped
from builder.pictures.variants import widths_of

LIMIT = 20_000_000
Put = Callable[[str, bytes], Path]
PLAIN_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="9" height="9"/></svg>'


@pytest.fixture
def put(tmp_path: Path) -> Put:
    def write(name: str, content: bytes) -> Path:
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    return write


def near(image: Image.Image, place: tuple[int, int], colour: tuple[int, int, int]) -> bool:
    """True if a pixel has about that colour."""
    found = image.convert("RGB").getpixel(place)
    assert isinstance(found, tuple)
    return all(abs(one - other) < 12 for one, other in zip(found, colour, strict=True))


class TestPhotographs:
    @pytest.mark.slow
    def test_widths_and_formats(self, put: Put) -> None:
        made = develop(put("a.jpg", photograph(4000, 3000)), LIMIT)
        sizes = {name: (of(content).format, of(content).size) for name, content in made.items()}
        assert sizes == {
            "full": ("JPEG", (2560, 1920)),
            "1600.jpg": ("JPEG", (1600, 1200)),
            "1600.webp": ("WEBP", (1600, 1200)),
            "800.jpg": ("JPEG", (800, 600)),
            "800.webp": ("WEBP", (800, 600)),
            "400.jpg": ("JPEG", (400, 300)),
            "400.webp": ("WEBP", (400, 300)),
        }

    @pytest.mark.parametrize(
        ("orientation", "size", "place", "colour"),
        [
            (1, (600, 400), (10, 200), RED),
            (2, (600, 400), (10, 200), BLUE),
            (3, (600, 400), (10, 200), BLUE),
            (4, (600, 400), (10, 200), RED),
            (5, (400, 600), (200, 10), RED),
            (6, (400, 600), (200, 10), RED),
            (7, (400, 600), (200, 10), BLUE),
            (8, (400, 600), (200, 10), BLUE),
        ],
    )
    def test_turned_as_the_camera_was(
        self, put: Put, orientation: int, size: tuple[int, int], place: tuple[int, int], colour: tuple[int, int, int]
    ) -> None:
        file = put("a.jpg", photograph(600, 400, orientation))
        assert (look_at(file, LIMIT).width, look_at(file, LIMIT).height) == size
        for content in develop(file, LIMIT).values():
            image = of(content)
            scale = image.width / size[0]
            assert image.size == tuple(round(side * scale) for side in size)
            assert near(image, (round(place[0] * scale), round(place[1] * scale)), colour)

    def test_nothing_but_the_picture_is_left(self, put: Put) -> None:
        original = photograph(700, 500, 6)
        assert any(mark in original for mark in MARKS)
        for name, content in develop(put("a.jpg", original), LIMIT).items():
            assert [mark for mark in MARKS if mark in content] == [], name
            image = of(content)
            assert not image.getexif()
            assert not {"exif", "icc_profile", "comment", "xmp"} & set(image.info)

    def test_colours_of_another_space_become_those_of_srgb(self, put: Put) -> None:
        lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        content = io.BytesIO()
        Image.new("CMYK", (300, 200), (0, 255, 255, 0)).save(content, "JPEG", icc_profile=lab)
        made = of(develop(put("a.jpg", content.getvalue()), LIMIT)["full"])
        assert made.mode == "RGB"
        assert near(made, (5, 5), (254, 0, 0))

    def test_the_same_bytes_every_time(self, put: Put) -> None:
        file = put("a.jpg", photograph(900, 700))
        assert develop(file, LIMIT) == develop(file, LIMIT)

    @pytest.mark.slow
    def test_a_limit_that_is_kept(self, put: Put) -> None:
        content = io.BytesIO()
        Image.effect_noise((1500, 1000), 80).save(content, "JPEG", quality=95)
        file = put("a.jpg", content.getvalue())
        assert len(content.getvalue()) > 1_000_000
        assert all(len(each) <= 800_000 for each in develop(file, 800_000).values())
        with pytest.raises(Refused) as refused:
            develop(file, 1000)
        assert refused.value.code == "picture-too-large"

    @pytest.mark.slow
    @pytest.mark.parametrize("mode", ["JPEG", "RGB", "RGBA"])
    def test_48_megapixels_in_little_memory(self, put: Put, mode: str) -> None:
        content = io.BytesIO()
        if mode == "JPEG":
            content.write(photograph(8000, 6000))
        else:
            Image.new(mode, (8000, 6000), (200, 30, 30, 99)[: len(mode)]).save(content, "PNG", compress_level=1)
        file = put("a.jpg" if mode == "JPEG" else "a.png", content.getvalue())
        # Not ru_maxrss, which begins at what the process that started this one has had.
        script = (
            "import re, sys; from pathlib import Path; from builder.pictures import develop, look_at;"
            "look_at(Path(sys.argv[1]), 10**8); develop(Path(sys.argv[1]), 10**8);"
            "print(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])"
        )
        run = subprocess.run([sys.executable, "-c", script, str(file)], capture_output=True, text=True, check=True)
        assert int(run.stdout) < 340_000


class TestOtherFormats:
    def test_a_large_picture_with_transparency(self, put: Put) -> None:
        image = Image.new("RGBA", (5500, 300), (*RED, 0))
        image.paste((*BLUE, 255), (2750, 0, 5500, 300))
        content = io.BytesIO()
        image.save(content, "PNG")
        made = of(develop(put("a.png", content.getvalue()), LIMIT)["full"])
        assert made.size == (2560, 140)
        assert made.convert("RGBA").getpixel((10, 70))[3] == 0
        assert made.convert("RGBA").getpixel((2550, 70)) == (*BLUE, 255)

    def test_screenshots(self, put: Put) -> None:
        made = develop(put("a.png", screenshot()), LIMIT)
        assert {name: of(content).size for name, content in made.items()} == {
            "full": (900, 600), "900.webp": (900, 600), "400.png": (400, 267), "400.webp": (400, 267),
        }  # fmt: skip
        assert not any(mark in content for mark in (*MARKS, SECRET.encode()) for content in made.values())

    def test_transparency_stays(self, put: Put) -> None:
        content = io.BytesIO()
        Image.new("RGBA", (200, 100), (255, 0, 0, 128)).save(content, "PNG")
        for each in develop(put("a.png", content.getvalue()), LIMIT).values():
            assert of(each).convert("RGBA").getpixel((5, 5))[3] in (127, 128, 129)

    def test_sixteen_bits(self, put: Put) -> None:
        content = io.BytesIO()
        Image.new("I;16", (50, 50), 32768).save(content, "PNG")
        assert of(develop(put("a.png", content.getvalue()), LIMIT)["full"]).getpixel((0, 0)) == 128

    def test_a_picture_in_webp_needs_no_other_format(self, put: Put) -> None:
        content = io.BytesIO()
        two_halves(1000, 800).save(content, "WEBP")
        made = develop(put("a.webp", content.getvalue()), LIMIT)
        assert sorted(made) == ["400.webp", "800.webp", "full"]

    @pytest.mark.parametrize("form", ["bmp", "avif", "gif", "ico"])
    def test_the_rest_keeps_its_format(self, put: Put, form: str) -> None:
        content = io.BytesIO()
        two_halves(64, 64).save(content, form)
        file = put(f"a.{form}", content.getvalue())
        made = develop(file, LIMIT)
        assert (of(made["full"]).format, of(made["full"]).size) == (form.upper(), (64, 64))
        assert sorted(made) == sorted(
            [
                "full",
                *(f"{width}.{ending}" for width, ending in variants(file.name, look_at(file, LIMIT).shape).values()),
            ]
        )

    @pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
    def test_what_moves_goes_on_moving(self, put: Put, form: str) -> None:
        file = put(f"a.{form.lower()}", moving(form))
        assert (SECRET.encode() in file.read_bytes()) is (form != "PNG")
        made = develop(file, LIMIT)
        assert list(made) == ["full"]
        before, after = Image.open(file), of(made["full"])
        assert (after.n_frames, after.size) == (before.n_frames, before.size)
        assert SECRET.encode() not in made["full"]
        for frame in range(before.n_frames):
            before.seek(frame)
            after.seek(frame)
            assert before.convert("RGB").tobytes() == after.convert("RGB").tobytes()

    def test_what_moves_and_is_large_stands_still(self, put: Put) -> None:
        content = moving("GIF", frames=4, side=900, noise=True)
        assert len(content) > MOVING
        assert getattr(of(develop(put("a.gif", content), LIMIT)["full"]), "n_frames", 1) == 1

    def test_drawings_lose_what_only_editors_read(self, put: Put) -> None:
        text = (
            '<?xml version="1.0"?><!-- 甲 --><svg xmlns="http://www.w3.org/2000/svg" xmlns:i="http://ink" '
            'xmlns:xlink="http://www.w3.org/1999/xlink" i:path="C:/乙" viewBox="0 0 40 30"><metadata>丙</metadata>'
            '<!-- 丁 --><i:view i:x="1"/><text>字<!-- 戊 -->后</text><use xlink:href="#a"/></svg>'
        )
        file = put("a.svg", text.encode())
        made = develop(file, LIMIT)["full"].decode()
        assert not any(mark in made for mark in ("甲", "乙", "丙", "丁", "戊", "http://ink"))
        assert "字后" in made
        assert 'xlink:href="#a"' in made
        assert (look_at(file, LIMIT).width, look_at(file, LIMIT).height) == (40, 30)


def _svg(inside: str, **attributes: str) -> bytes:
    told = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink"{told}>{inside}</svg>'.encode()
    )


def _repeated(use: str) -> str:
    """A drawing of nine parts, each of which has ten times the one before."""
    parts = "".join(f'<g id="p{number + 1}">{use.format(f"p{number}") * 10}</g>' for number in range(9))
    return f'<path id="p0" d="M0 0"/>{parts}'


def _chain(length: int) -> str:
    """Parts of which each uses the next one."""
    return "".join(f'<g id="d{number}"><use href="#d{number + 1}"/></g>' for number in range(length))


@pytest.mark.slow
def test_parts_may_be_used_often_and_within_themselves(put: Put) -> None:
    often = '<path id="a" d="M0 0"/>' + '<use href="#a"/>' * 5000
    loop = '<g id="b"><use href="#c"/></g><g id="c"><use href="#b"/><a href="#b"/></g>'
    for inside in (often, loop, _chain(300)):
        assert look_at(put("a.svg", _svg(inside)), LIMIT).trouble == ""
    assert look_at(put("a.svg", _svg(_chain(5000))), LIMIT).trouble == "svg-copies"


def _blank(width: int, height: int) -> bytes:
    """A white PNG of a few thousand bytes."""
    content = io.BytesIO()
    Image.new("1", (width, height), 1).save(content, "PNG")
    return content.getvalue()


def _shown(content: bytes) -> str:
    """A picture within a drawing."""
    return f'<image href="data:image/png;base64,{b64encode(content).decode()}"/>'


def _blurred(times: int, extra: str = "") -> str:
    """A drawing with a filter of so many steps."""
    steps = '<feGaussianBlur stdDeviation="5"/>' * times
    return f'<filter id="f">{steps}</filter><rect filter="url(#f)"/>{extra}'


def test_filters_may_be_there_and_be_used(put: Put) -> None:
    shadow = '<filter id="s"><feGaussianBlur/><feOffset/><feMerge><feMergeNode/><feMergeNode/></feMerge></filter>'
    for inside in (
        _blurred(100),
        shadow + '<rect filter="url(#s)"/>' * 50,
        shadow * 300,
        "<style>.s{filter:url(#s)}</style>" + shadow + '<rect class="s"/>' * 20,
        '<filter id="t"><feTurbulence numOctaves="4"/><feConvolveMatrix order="3 3"/></filter>',
    ):
        assert look_at(put("a.svg", _svg(inside)), LIMIT).trouble == ""


@pytest.mark.slow
def test_a_bomb_of_any_format_is_refused_by_its_header(put: Put) -> None:
    troubles = {name: look_at(put(name, content), LIMIT).trouble for name, content in bombs().items()}
    assert {name for name, trouble in troubles.items() if trouble == "picture-unreadable"} <= {
        "a.avif",
        "a.heic",
        "text.png",
    }
    assert set(troubles.values()) == {"picture-too-many-pixels", "picture-unreadable"}


class TestRefused:
    @pytest.mark.parametrize(
        ("name", "content", "code", "detail"),
        [
            ("a.png", bomb(), "picture-too-many-pixels", "3600"),
            ("a.png", bomb(9000, 9000), "picture-too-many-pixels", "81"),
            ("a.jpg", photograph(800, 600)[:5000], "picture-unreadable", ""),
            ("a.png", screenshot()[:-2000], "picture-unreadable", ""),
            ("a.gif", moving("GIF", noise=True)[:-4000], "picture-unreadable", ""),
            ("a.jpg", photograph(100, 80)[:60], "picture-unreadable", ""),
            ("a.jpg", b"", "picture-unreadable", ""),
            ("a.jpg", b"no picture", "picture-unreadable", ""),
            ("a.jpg", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "picture-unreadable", ""),
            ("a.heic", b"\0\0\0\x18ftypqt  \0\0\0\0", "picture-unshown", "MOV"),
            ("a.jpg", b"8BPS\0\1", "picture-unshown", "Photoshop"),
            ("a.jpg", b"\0\0\0\x0cJXL \r\n\x87\n", "picture-unshown", "JPEG XL"),
            ("a.dng", b"II*\0\x08\0\0\0", "picture-unshown", "DNG"),
            ("a.CR3", b"\0\0\0\x18ftypcrx ", "picture-unshown", "CR3"),
            ("a.psd", b"8BPS\0\1", "picture-unshown", "PSD"),
            ("a.jxl", b"\xff\x0a\0", "picture-unshown", "JXL"),
            ("a.svg", _svg('<image href="data:image/png;base64,AAAA"/>'), "picture-unreadable", ""),
            ("a.jpg", b"%PDF-1.7", "picture-format", "PDF"),
            ("a.svg", b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "picture-format", "XML"),
            ("a.svg", _svg(_repeated('<use href="#{}"/>')), "svg-copies", "2000000"),
            ("a.svg", _svg(_repeated('<rect style="fill:url(#{})"/>')), "svg-copies", "2000000"),
            ("a.svg", _svg(_shown(_blank(8000, 7900)) * 3), "picture-too-many-pixels", "190"),
            ("a.svg", _svg(_blurred(1000)), "svg-effects", "1000"),
            ("a.svg", _svg(_blurred(10, '<g filter="url(#f)"/>' * 99)), "svg-effects", "1000"),
            ("a.svg", _svg(_blurred(9, "<style>*{filter:url(#f)}</style>" + "<g/>" * 900)), "svg-effects", "4000"),
            ("a.svg", _svg("<style>*{filter:" + "blur(9px) " * 9 + "}</style>" + "<g/>" * 900), "svg-effects", "4000"),
            ("a.svg", _svg(f'<rect style="filter:{"blur(9px) " * 500}"/>'), "svg-effects", "500"),
            ("a.svg", _svg('<feMorphology radius="0 400"/>'), "svg-effects", 'radius="0 400"'),
            ("a.svg", _svg('<feTurbulence numOctaves="1e9"/>'), "svg-effects", 'numoctaves="1e9"'),
            ("a.svg", _svg('<feConvolveMatrix order="99"/>'), "svg-effects", 'order="99"'),
            ("a.svg", _svg("<script>1</script>"), "svg-active", "<script>"),
            ("a.svg", _svg("<foreignObject/>"), "svg-active", "<foreignObject>"),
            ("a.svg", _svg("<rect/>", onload="x()"), "svg-active", "onload"),
            ("a.svg", _svg('<image x:href="https://x.org/a.png"/>'), "svg-active", 'href="https://x.org/a.png"'),
            ("a.svg", _svg('<use href="b.svg#a"/>'), "svg-active", 'href="b.svg#a"'),
            ("a.svg", _svg('<a href="javascript:x"/>'), "svg-active", "href"),
            ("a.svg", _svg("<style>@import 'x'</style>"), "svg-active", "<style>"),
            ("a.svg", _svg('<rect style="fill:url(//x.org/a)"/>'), "svg-active", "style"),
            ("a.svg", _svg('<rect style="a:url(#b);fill:u\\72l(//x.org/a)"/>'), "svg-active", "style"),
            ("a.svg", _svg("<style>@\\69mport 'x'</style>"), "svg-active", "<style>"),
            ("a.svg", _svg("<rect style=\"fill:image-set('//x.org/a' 1x)\"/>"), "svg-active", "style"),
            ("a.svg", _svg("<script>1</script>").decode().encode("utf-16"), "svg-active", "<script>"),
            ("a.svg", b'<?xml-stylesheet href="x"?>' + PLAIN_SVG, "svg-active", "<?xml-stylesheet?>"),
            ("a.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]>' + PLAIN_SVG, "svg-active", "<!ENTITY>"),
        ],
    )
    def test_with_its_reason(self, put: Put, name: str, content: bytes, code: str, detail: str) -> None:
        found = look_at(put(name, content), LIMIT)
        assert (found.trouble, found.detail) == (code, detail)

    @pytest.mark.parametrize(
        "inside",
        [
            '<rect fill="url(#a)"/>',
            f'<image href="data:image/png;base64,{b64encode(screenshot(60, 60)).decode()}"/>',
            '<a href="https://example.org/"><rect/></a>',
            "<style>.a{fill:url(#b)}</style>",
        ],
    )
    def test_harmless_drawings_are_not(self, put: Put, inside: str) -> None:
        assert look_at(put("a.svg", _svg(inside)), LIMIT).trouble == ""

    def test_an_untouched_file_is_not_opened_again(self, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
        file = put("a.jpg", photograph(100, 80))
        known = look_at(file, LIMIT)
        monkeypatch.setattr(Path, "open", None)
        assert look_at(file, LIMIT, known) is known


class TestWidths:
    @given(st.integers(1, 200_000), st.integers(1, 200_000))
    def test_what_is_published_fits_every_format(self, width: int, height: int) -> None:
        across, down = fitted(width, height)
        assert 1 <= across <= min(width, 2560)
        assert 1 <= down <= min(height, 16_000)
        if max(width, height) <= 2560:
            assert (across, down) == (width, height)
        widths = widths_of(across)
        assert list(widths) == sorted(set(widths))
        assert widths[-1] == min(across, 1600)

    def test_a_long_strip_stays_readable(self) -> None:
        assert fitted(1080, 9000) == (1080, 9000)
        assert fitted(4000, 3000) == (2560, 1920)

    def test_names(self) -> None:
        shape = Shape(1000, 500, (400, 800, 1000))
        assert sorted(variants("a/b.jpg", shape)) == [
            "a/b.jpg.1000.webp", "a/b.jpg.400.jpg", "a/b.jpg.400.webp", "a/b.jpg.800.jpg", "a/b.jpg.800.webp",
        ]  # fmt: skip
        assert variant("b.jpg", shape, 1000, "jpg") == "b.jpg"
        assert thumbnail("b.jpg", shape) == "b.jpg.400.jpg"
        assert thumbnail("b.svg", Shape(10, 10)) == "b.svg"
        assert offered("b.jpg", Shape(300, 200, (300,)), str) == ("", "b.jpg.300.webp 300w")
        assert offered("b.webp", Shape(500, 200, (400, 500)), str) == ("b.webp.400.webp 400w, b.webp 500w", "")
        assert offered("b.gif", Shape(500, 200), str) == ("", "")


SAMPLES = {
    "jpg": photograph(120, 80),
    "png": screenshot(90, 60),
    "gif": moving("GIF"),
    "webp": moving("WEBP"),
    "svg": PLAIN_SVG,
}


class TestAnything:
    @given(
        st.sampled_from(sorted(SAMPLES)),
        st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=8),
        st.floats(0.3, 1),
    )
    def test_bytes_that_were_tampered_with_give_a_picture_or_a_reason(
        self, form: str, changes: list[tuple[float, int]], kept: float
    ) -> None:
        content = bytearray(SAMPLES[form])
        for place, value in changes:
            content[int(place**3 * len(content))] = value
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / f"a.{form}"
            file.write_bytes(content[: round(kept * len(content))])
            found = look_at(file, LIMIT)
            if found.trouble:
                assert found.trouble in CATALOGUE
                return
            made = develop(file, LIMIT)
        assert set(made) == {"full", *(f"{w}.{ending}" for w, ending in variants(file.name, found.shape).values())}
        assert form == "svg" or of(made["full"]).size == (found.width, found.height)


@pytest.mark.slow
class TestCameras:
    @pytest.mark.parametrize("name", CAMERAS)
    def test_nothing_that_a_camera_wrote_is_left(self, put: Put, name: str) -> None:
        content, form = CAMERAS[name]
        file = put(name, content)
        found = look_at(file, LIMIT)
        assert (found.trouble, found.form) == ("", form)
        for made in develop(file, LIMIT).values():
            pieces = [made, *(b64decode(each) for each in re.findall(rb"base64,([A-Za-z0-9+/=]+)", made))]
            assert not [mark for mark in MARKS for piece in pieces if mark in piece]
            if form != "svg":
                assert not of(made).getexif()
        if form in ("jpg", "png", "webp", "gif"):
            assert of(develop(file, LIMIT)["full"]).size == (found.width, found.height)

    @pytest.mark.parametrize("turn", [1, 3, 6, 8])
    @pytest.mark.parametrize("form", ["HEIF", "TIFF"])
    def test_is_turned_as_in_a_jpeg(self, put: Put, form: str, turn: int) -> None:
        register_heif_opener(thumbnails=False)
        given = photograph(640, 480, orientation=turn)
        exif = secret_exif(turn)
        file = put(
            f"a.{form.lower()}", written(two_halves(640, 480), form, exif=exif.tobytes() if form == "HEIF" else exif)
        )
        made, wanted = of(develop(file, LIMIT)["full"]), of(develop(put("a.jpg", given), LIMIT)["full"])
        assert made.size == wanted.size == (look_at(file, LIMIT).width, look_at(file, LIMIT).height)
        for place in ((10, 10), (made.width - 10, 10), (10, made.height - 10)):
            near = zip(made.convert("RGB").getpixel(place), wanted.convert("RGB").getpixel(place), strict=True)
            assert all(abs(one - other) < 24 for one, other in near)

    @pytest.mark.parametrize(
        ("name", "notes"),
        [
            ("a.jfif", ()),
            ("a.HEIC", ()),
            ("burst.heic", ()),
            ("a.tif", ()),
            ("a.png", (("picture-misnamed", "HEIC"),)),
            ("b.png", (("picture-misnamed", "JPEG"),)),
            ("b.heic", (("picture-misnamed", "JPEG"),)),
            ("e.png", (("picture-misnamed", "SVG"),)),
            ("b.svg", (("picture-misnamed", "JPEG"),)),
            ("b.avif", (("picture-still", "AVIF"),)),
            ("c.webp", ()),
        ],
    )
    def test_what_is_told_besides(self, put: Put, name: str, notes: object) -> None:
        assert look_at(put(name, CAMERAS[name][0]), LIMIT).notes == notes

    def test_of_a_scanned_document_the_first_page_is_shown_and_the_others_are_told(self, put: Put) -> None:
        pages = written(two_halves(64, 48), "TIFF", save_all=True, append_images=[Image.new("RGB", (64, 48))] * 2)
        assert look_at(put("a.tif", pages), LIMIT).notes == (("picture-pages", "3"),)

    def test_a_preview_is_not_taken_for_what_a_camera_saw(self, put: Put) -> None:
        raw = written(two_halves(64, 48), "TIFF", tiffinfo={50706: b"\1\4\0\0"})
        for name in ("a.dng", "a.tif", "a.jpg"):
            assert look_at(put(name, raw), LIMIT).trouble == "picture-unshown"

    def test_a_large_animation_tells_that_it_stands_still(self, put: Put) -> None:
        content = moving("GIF", frames=4, side=900, noise=True)
        assert look_at(put("a.gif", content), LIMIT).notes == (("picture-still", str(MOVING)),)


def test_what_moves_says_nothing_of_what_was_taken_out() -> None:
    """The head of an animation tells that colours, EXIF or XMP follow: no more, and frames stay as they are."""
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "green", "blue")]
    written = io.BytesIO()
    frames[0].save(
        written, "WEBP", save_all=True, append_images=frames[1:], duration=90, lossless=True,
        icc_profile=b"profile", exif=b"Exif\0\0camera", xmp=b"<x>photographer</x>",
    )  # fmt: skip
    content = written.getvalue()
    assert content[20] & 0x2C == 0x2C
    clean = stripped(content, "WEBP")
    assert clean[20] & 0x2C == 0
    assert clean[20] & 0x02, "it still moves"
    for word in (b"profile", b"camera", b"photographer"):
        assert word in content
        assert word not in clean
    with Image.open(io.BytesIO(clean)) as picture:
        assert picture.n_frames == 3  # type: ignore[attr-defined]
