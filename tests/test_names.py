"""Names as people and systems write them: what is found all the same, and what is told with the cure."""

from __future__ import annotations

import unicodedata

import pytest
from conftest import SmallSite, codes
from picture_files import photograph, put

from builder.messages.formats import describe
from builder.messages.translation import translator
from builder.model.sources import comparable, document_key

NEWS = "content/alpha/news"


def decomposed(text: str) -> str:
    """A name as macOS writes it."""
    return unicodedata.normalize("NFD", text)


class TestFound:
    @pytest.mark.parametrize("disk", ["NFC", "NFD"])
    @pytest.mark.parametrize("typed", ["NFC", "NFD"])
    def test_names_are_compared_composed(self, site: SmallSite, disk: str, typed: str) -> None:
        here = lambda name: unicodedata.normalize(disk, name)  # type: ignore[arg-type]  # noqa: E731
        text = unicodedata.normalize(
            typed,
            "image: café-한글.jpg\nattachments: [café-한글.pdf]\n---\n![图](café-한글.jpg) [页](../../café-한글.md)\n",
        )  # type: ignore[arg-type]
        put(site.root, f"{NEWS}/2026-11-22-x/{here('café-한글.jpg')}", photograph(64, 48))
        put(site.root, f"{NEWS}/2026-11-22-x/{here('café-한글.pdf')}", b"%PDF-1.7")
        put(site.root, f"content/alpha/{here('café-한글.md')}", b"# \xe9\xa1\xb5\n\nx\n")
        site.write(f"--- {NEWS}/2026-11-22-x/index.md\n---\ntitle: 文\n{text}")  # type: ignore[arg-type]
        assert codes(site.build()) == []
        base = "alpha/news/2026-11-22-x/"
        assert site.exists(f"{base}café-한글.jpg")
        assert site.exists(f"{base}café-한글.pdf")
        page = site.page(f"{base}index.html")
        assert all(f"caf%C3%A9-%ED%95%9C%EA%B8%80{end}" in page for end in (".jpg", ".pdf", "/"))

    def test_an_entry_in_a_decomposed_folder_has_its_pictures_beside_it(self, site: SmallSite) -> None:
        put(site.root, f"{NEWS}/{decomposed('2026-11-22-café')}/p.jpg", photograph(64, 48))
        site.write(f"--- {NEWS}/{decomposed('2026-11-22-café')}/index.md\n---\ntitle: 文\n---\n![图](p.jpg)\n").build()
        assert site.exists("alpha/news/2026-11-22-café/p.jpg")

    @pytest.mark.parametrize(
        ("disk", "typed"),
        [
            ("活动 照片.jpg", "活动 照片.jpg"),
            ("活动 照片.jpg", "活动%20照片.jpg"),
            ("活动 照片.jpg", "<活动 照片.jpg>"),
            ("活动%20照片.jpg", "活动%20照片.jpg"),
            ("活动%20照片.jpg", "活动 照片.jpg"),
            ("活动 (1).JPG", "活动 (1).JPG"),
            ("a+b & c.jpg", "a+b & c.jpg"),
            ("50%.jpg", "50%25.jpg"),
            ("照片.JPG", "照片.JPG"),
            ("照片.jpg", "./照片.jpg"),
            ("照片.jpg", ".\\照片.jpg"),
        ],
    )
    def test_pictures_with_blanks_and_signs(self, site: SmallSite, disk: str, typed: str) -> None:
        put(site.root, f"{NEWS}/2026-11-22-x/{disk}", photograph(64, 48))
        site.write(f"--- {NEWS}/2026-11-22-x/index.md\n---\ntitle: 文\n---\n![图]({typed})\n")
        assert codes(site.build()) == []
        assert "data:," not in site.page("alpha/news/2026-11-22-x/index.html")
        assert 'width="64"' in site.page("alpha/news/2026-11-22-x/index.html")

    @pytest.mark.parametrize("typed", ["报名表 (1).docx", "报名表%20(1).docx", "./报名表 (1).docx"])
    def test_attachments_too(self, site: SmallSite, typed: str) -> None:
        put(site.root, f"{NEWS}/2026-11-22-x/报名表 (1).docx", b"PK")
        site.write(f"--- {NEWS}/2026-11-22-x/index.md\n---\ntitle: 文\nattachments: ['{typed}']\n---\n字\n")
        assert codes(site.build()) == []
        assert site.exists("alpha/news/2026-11-22-x/报名表 (1).docx")

    FORMS = ("y.md", "y.MD", "y.markdown", "y/index.md", "y/Index.md", "y/index.MD", "y/index.markdown")

    @pytest.mark.parametrize("disk", FORMS)
    @pytest.mark.parametrize("typed", [*FORMS, "y", "y/", "y.yml"])
    def test_a_file_that_becomes_a_folder_keeps_its_links(self, site: SmallSite, disk: str, typed: str) -> None:
        site.write(
            f"--- {NEWS}/2026-11-22-{disk}\n---\ntitle: 新\n---\n字\n"
            f"--- content/beta/news/2026-11-22-z.md\n---\ntitle: 旧\n---\n[看](../../alpha/news/2026-11-22-{typed})\n"
        )
        assert [each.code for each in site.check()] == []

    @pytest.mark.parametrize("ending", ["yml", "yaml", "YML", "Yaml"])
    def test_yaml_under_any_ending(self, site: SmallSite, ending: str) -> None:
        site.write(f"--- {NEWS}/2026-11-22-y.{ending}\ntitle: 新\nbody: 字\n").build()
        assert site.exists("alpha/news/2026-11-22-y/index.html")

    def test_data_beside_an_entry_stays_a_file(self, site: SmallSite) -> None:
        site.write(
            f"--- {NEWS}/2026-11-22-y/index.md\n---\ntitle: 新\n---\n[表](data.yml)\n--- {NEWS}/2026-11-22-y/data.yml\na: 1\n"
        )
        assert codes(site.build()) == []
        assert site.exists("alpha/news/2026-11-22-y/data.yml")

    def test_keys(self) -> None:
        assert {
            document_key(f"content/a/{each}") for each in ("é.md", decomposed("é.yaml"), "é/index.md", "é/", "é")
        } == {"content/a/é"}
        assert comparable("a%20b") == "a b"


class TestHints:
    @pytest.mark.parametrize(
        ("disk", "typed", "there"),
        [
            ("p.jpg", "P.JPG", "p.jpg"),
            ("p.jpeg", "p.jpg", "p.jpeg"),
            ("活动照片.jpg", "活动 照片.jpg", "活动照片.jpg"),
            ("活动照片1.jpg", "活动照片.jpg", "活动照片1.jpg"),
            ("IMG_2041.jpg", "合影.jpg", "IMG_2041.jpg"),
            ("../../media/合影.jpg", "合影.jpg", "../../media/合影.jpg"),
        ],
    )
    def test_a_wrong_picture_gets_what_is_there(self, site: SmallSite, disk: str, typed: str, there: str) -> None:
        put(site.root, f"{NEWS}/2026-11-22-x/{disk}", photograph(64, 48))
        site.write(
            f"--- {NEWS}/2026-11-22-x/index.md\n---\ntitle: 文\nimage: {typed}\n---\n![图]({typed.replace(' ', '%20')})\n"
        )
        found = [each for each in site.check() if each.code == "image-missing"]
        assert [each.arguments["there"] for each in found] == [there, there]
        assert f"“{there}”" in describe(found[0], translator("zh")).how

    @pytest.mark.parametrize(
        ("typed", "there"),
        [
            ("2026-11-20-vist.md", "2026-11-20-visit.md"),
            ("../2026-11-20-visit.md", "2026-11-20-visit.md"),
            ("2026-11-20-Visit.md", "2026-11-20-visit.md"),
            ("../About.md", "../about.md"),
        ],
    )
    def test_so_does_a_wrong_link(self, site: SmallSite, typed: str, there: str) -> None:
        site.write(f"--- {NEWS}/2026-11-22-x.md\n---\ntitle: 文\n---\n[看]({typed})\n")
        (found,) = site.check()
        assert (found.code, found.arguments.get("there")) == ("link-broken", there)

    def test_where_nothing_is_like_it_nothing_is_suggested(self, site: SmallSite) -> None:
        site.write(f"--- {NEWS}/2026-11-22-x.md\n---\ntitle: 文\n---\n![图](zzzz.jpg)\n")
        assert "there" not in site.check()[0].arguments
