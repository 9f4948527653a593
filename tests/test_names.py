"""Names as people and systems write them: what is found all the same, and what is told with the cure."""

from __future__ import annotations

import unicodedata

import pytest
from conftest import SmallSite, codes
from picture_files import photograph, put

from builder.content.workspace import UnusableError
from builder.messages.formats import describe
from builder.messages.translation import translator
from builder.model.sources import comparable, document_key

pytestmark = pytest.mark.slow

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


ENTRY = "---\ntitle: 文\n---\n字\n"


def told(site: SmallSite) -> list[str]:
    """The problems, each as ``path code``."""
    return [f"{each.path.removeprefix('content/')} {each.code}" for each in site.check()]


def hint(site: SmallSite) -> str:
    """What the only problem advises, in Chinese."""
    (problem,) = site.check()
    return describe(problem, translator("zh")).how


class TestUnread:
    @pytest.mark.parametrize(
        ("name", "cure"),
        [
            ("2026-11-22-a.md.txt", "“2026-11-22-a.md”"),
            ("2026-11-22-a.markdown.txt", "“2026-11-22-a.markdown”"),
            ("2026-11-22-a.yml.txt", "“2026-11-22-a.yml”"),
            ("2026-11-22-a.md.docx", "“2026-11-22-a.md”"),
            ("2026-11-22-a.mdx", "“2026-11-22-a.md”"),
            ("2026-11-22-a.rst", "“2026-11-22-a.md”"),
            ("2026-11-22-a.txt", "“2026-11-22-a.md”"),
            ("2026-11-22-a", "“2026-11-22-a.md”"),
            ("2026.11.22 党课", "“2026.11.22 党课.md”"),
            ("2026-11-22-a.docx", "attachments: [2026-11-22-a.docx]"),
            ("2026-11-22-a.wps", "attachments"),
            ("2026-11-22-a.xlsx", "attachments"),
            ("2026-11-22-a.html", ".md"),
            ("2026-11-22-a.mht", ".md"),
            ("2026-11-22-a.zip", "先解压"),
            ("2026-11-22-a.md.bak", "“2026-11-22-a.md”"),
            ("2026-11-22-a.md.orig", "“2026-11-22-a.md”"),
            ("合影.jpg", "![图片说明](合影.jpg)"),
            ("合影.HEIC", "![图片说明](合影.HEIC)"),
            ("录像.mp4", "![内容说明](录像.mp4)"),
            ("方案.pdf", "attachments: [方案.pdf]"),
            ("~$报名表.docx", "关闭文档"),
        ],
    )
    @pytest.mark.parametrize("folder", ["news", "news/2026-11-20-b", "."])
    def test_is_told_by_name_with_the_cure_for_its_kind(
        self, site: SmallSite, folder: str, name: str, cure: str
    ) -> None:
        site.write("--- content/alpha/news/2026-11-20-b/index.md\n" + ENTRY)
        put(site.root, f"content/alpha/{folder}/{name}", b"x")
        assert told(site) == [f"{'alpha/' + folder if folder != '.' else 'alpha'}/{name} file-unread"]
        assert cure in hint(site)

    @pytest.mark.parametrize("use", ["![图](p.jpg)", "[图](p.jpg)", "<img src='p.jpg' alt='图'>"])
    def test_what_a_text_uses_is_not(self, site: SmallSite, use: str) -> None:
        put(site.root, f"{NEWS}/p.jpg", photograph(64, 48))
        site.write(f"--- {NEWS}/2026-11-22-x.md\n---\ntitle: 文\n---\n{use}\n")
        assert told(site) == []

    @pytest.mark.parametrize(
        "head", ["draft: true", "date: 2026-12-24", "expires: 2026-11-21", "colour: x", "image: [", "date: 2026-02-30"]
    )
    def test_nor_what_a_text_uses_that_is_not_published(self, site: SmallSite, head: str) -> None:
        put(site.root, f"{NEWS}/2026-11-22-x/p.jpg", photograph(64, 48))
        site.write(f"--- {NEWS}/2026-11-22-x/index.md\n---\ntitle: 文\n{head}\n---\n![图](p.jpg)\n")
        assert not [each for each in told(site) if "file-unread" in each]

    @pytest.mark.parametrize("head", ["image: [", "date: 2026-02-30", "attachments: [方%20案.pdf]\ndate: x"])
    def test_a_single_file_that_is_broken_needs_what_it_names_and_nothing_else(
        self, site: SmallSite, head: str
    ) -> None:
        for name in ("p.jpg", "方 案.pdf", "q.jpg", "2026-11-20-b/r.jpg"):
            put(site.root, f"{NEWS}/{name}", photograph(64, 48))
        site.write(f"--- {NEWS}/2026-11-20-b/index.md\n{ENTRY}")
        site.write(f"--- {NEWS}/2026-11-22-x.md\n---\ntitle: 文\n{head}\n---\n![图](p.jpg) [案](方%20案.pdf)\n")
        unread = [each for each in told(site) if "file-unread" in each]
        assert unread == ["alpha/news/2026-11-20-b/r.jpg file-unread", "alpha/news/q.jpg file-unread"]

    def test_nor_what_lies_ready_for_anybody(self, site: SmallSite) -> None:
        for path in (
            "alpha/media/p.jpg",
            "alpha/media/a.docx",
            "hub/media/p.jpg",
            "alpha/news/_draft.docx",
            "alpha/news/.x.swp",
        ):
            put(site.root, f"content/{path}", photograph(64, 48))
        assert told(site) == []

    def test_what_lies_beside_the_branches(self, site: SmallSite) -> None:
        for path in (
            "a.docx",
            "notes.md",
            "README.md",
            "organization.yaml",
            "organization (1).yml",
            "pictures/p.jpg",
            "alpha - 副本/branch.yml",
        ):
            put(site.root, f"content/{path}", b"name: x\n")
        assert told(site) == [
            "README.md readme-ignored",
            "a.docx file-unread",
            "alpha - 副本 file-copy",
            "notes.md file-misplaced",
            "organization (1).yml file-copy",
            "organization.yaml file-unread",
            "pictures file-unread",
        ]

    READMES = ("README.md", "readme.MD", "README", "ReadMe.zh-CN.md", "read me.md", "README.txt")

    @pytest.mark.parametrize("name", READMES)
    @pytest.mark.parametrize("folder", ["alpha", "alpha/news", "hub"])
    def test_a_readme_is_told(self, site: SmallSite, folder: str, name: str) -> None:
        put(site.root, f"content/{folder}/{name}", "# 内部说明\n\n账号在群里\n".encode())
        assert told(site) == [f"{folder}/{name} readme-ignored"]

    def test_a_readme_is_for_those_who_work_there(self, site: SmallSite) -> None:
        for folder in ("alpha", "alpha/news", "hub"):
            for name in self.READMES:
                put(site.root, f"content/{folder}/{name}", "# 内部说明\n\n账号在群里\n".encode())
        site.build()
        assert site.mentions("账号在群里") == []

    def test_a_page_with_the_name_of_a_section_takes_nothing_from_its_entries(self, site: SmallSite) -> None:
        put(site.root, f"{NEWS}/p.jpg", photograph(64, 48))
        site.write(f"--- {NEWS}/2026-11-22-a.md\n# 图\n\n![合影](p.jpg)\n--- content/alpha/news.md\n# 动态\n")
        assert told(site) == ["alpha/news.md url-collision"]
        site.build()
        assert "p.jpg" in site.page("alpha/news/2026-11-22-a/index.html")

    @pytest.mark.parametrize("name", ["通知", "动态"])
    def test_part_of_a_title_is_told_its_section(self, site: SmallSite, name: str) -> None:
        site.write(f"--- content/alpha/{name}/2026-11-22-a.md\n# 文\n\n文\n")
        (problem,) = site.check()
        assert problem.code == "section-undeclared"
        assert problem.arguments["near"] == {"通知": "notices", "动态": "news"}[name]

    @pytest.mark.parametrize("path", ["alpha/index.md", "alpha/Index.markdown", "alpha/news/index.md", "hub/index.md"])
    def test_an_index_is_told(self, site: SmallSite, path: str) -> None:
        site.write(f"--- content/{path}\n{ENTRY}")
        assert told(site) == [f"{path} index-misplaced"]

    @pytest.mark.parametrize("name", ["branch.yaml", "Branch.yml", "BRANCH.YAML"])
    def test_settings_under_another_name_are_read(self, site: SmallSite, name: str) -> None:
        site.delete("content/alpha/branch.yml").write(f"--- content/alpha/{name}\nname: 别名支部\nparent: nobody\n")
        assert told(site) == [f"alpha/{name} parent-unknown"]
        site.build()
        assert "别名支部" in site.page("alpha/index.html")

    def test_settings_twice_are_told(self, site: SmallSite) -> None:
        site.write("--- content/alpha/Branch.yaml\nname: 甲\n")
        assert told(site) == ["alpha/Branch.yaml file-unread"]
        assert "“branch.yml”" in hint(site)

    @pytest.mark.parametrize("name", ["organization.yaml", "Organization.yml", "ORGANIZATION.YAML"])
    def test_an_organization_under_another_name_is_read(self, site: SmallSite, name: str) -> None:
        file = (site.root / "content/organization.yml").rename(site.root / "content" / name)
        assert told(site) == []
        site.build()
        assert site.exists("alpha/index.html")
        file.write_text(file.read_text("utf-8") + "redirects: {/old/: nobody/news/x}\nlogo: hub/media/l.svg\n", "utf-8")
        assert told(site) == [f"{name} redirect-unknown", f"{name} logo-missing"]
        file.write_text("name: [示范\n", "utf-8")
        with pytest.raises(UnusableError) as told_of:
            site.check()
        assert told_of.value.problems[0].path == f"content/{name}"

    @pytest.mark.parametrize("name", ["正文.md", "2026-11-22-x.md", "README2.markdown"])
    def test_the_text_of_a_folder_that_is_called_otherwise(self, site: SmallSite, name: str) -> None:
        site.write(f"--- {NEWS}/2026-11-22-x/{name}\n{ENTRY}")
        assert told(site) == [f"alpha/news/2026-11-22-x/{name} file-unread"]
        assert f"“index{name[name.rindex('.') :]}”" in hint(site)


class TestCopies:
    NAMES = (
        "2026-11-20-visit (zhang's conflicted copy 2026-11-21)",
        "2026-11-20-visit (conflicted copy 2026-11-21 101010)",
        "2026-11-20-visit (SFConflict zhang@example.org 2026-11-21-10-10-10)",
        "2026-11-20-visit(张三的冲突版本 2026-11-21)",
        "2026-11-20-visit（冲突副本）",
        "2026-11-20-visit - 副本",
        "2026-11-20-visit - 副本 (2)",
        "2026-11-20-visit-副本",
        "2026-11-20-visit的副本",
        "2026-11-20-visit 副本",
        "副本 2026-11-20-visit",
        "复件 2026-11-20-visit",
        "Copy of 2026-11-20-visit",
        "2026-11-20-visit - Copy",
        "2026-11-20-visit - Copy (3)",
        "2026-11-20-visit copy",
        "2026-11-20-visit.sync-conflict-20261121-101010-ABCDEFG",
        "2026-11-20-visit.bak",
        "2026-11-20-visit_bak",
        "2026-11-20-visit.orig",
        "2026-11-20-visit-DESKTOP-1A2B3C4",
        "2026-11-20-visit_REMOTE_1234",
        "2026-11-20-visit(1)",
        "2026-11-20-visit (2)",
        "~$2026-11-20-visit",
    )
    ENDS = (".md", ".yml", "/index.md")

    @staticmethod
    def write(site: SmallSite, name: str, end: str) -> None:
        text = "title: 文\nbody: 副本的文字\n" if end == ".yml" else "---\ntitle: 文\n---\n副本的文字\n"
        site.write(f"--- {NEWS}/{name}{end}\n{text}")

    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("end", ENDS)
    def test_are_told(self, site: SmallSite, name: str, end: str) -> None:
        self.write(site, name, end)
        assert told(site) == [f"alpha/news/{name}{end.removesuffix('/index.md')} file-copy"]

    @pytest.mark.parametrize("end", ENDS)
    def test_are_withheld_until_they_are_renamed(self, site: SmallSite, end: str) -> None:
        for name in self.NAMES:
            self.write(site, name, end)
        site.build()
        assert site.mentions("副本的文字") == []
        site.delete(f"{NEWS}/{self.NAMES[0]}{end}")
        self.write(site, "2026-11-20-renamed", end)
        site.build()
        assert site.mentions("副本的文字")

    @pytest.mark.parametrize(
        "name",
        [
            "第(1)期",
            "主题党日(1)",
            "党课（2）",
            "2026-11-20-visit-2",
            "2026-11-20-visit 2",
            "合同副本",
            "how-to-copy",
            "国际形势（俄乌冲突）",
            "冲突调解办法",
            "备份工作通知",
            "mysql-backup",
            "old-town",
            "本地(重庆)",
        ],
    )
    def test_titles_that_look_a_little_like_one_are_published(self, site: SmallSite, name: str) -> None:
        name = name if name.startswith("2026") else f"2026-11-22-{name}"
        site.write(f"--- {NEWS}/{name}.md\n{ENTRY}")
        assert told(site) == []

    def test_an_attachment_may_be_called_as_it_likes(self, site: SmallSite) -> None:
        put(site.root, f"{NEWS}/2026-11-22-x/报名表 - 副本 (1).docx", b"PK")
        site.write(
            f"--- {NEWS}/2026-11-22-x/index.md\n---\ntitle: 文\nattachments: [报名表 - 副本 (1).docx]\n---\n字\n"
        )
        assert told(site) == []


class TestDates:
    @pytest.mark.parametrize(
        ("name", "right"),
        [
            ("20261122-党课", "2026-11-22-党课"),
            ("2026-1-5-党课", "2026-01-05-党课"),
            ("2026年11月22日", "2026-11-22"),
            ("2026年11月22日党课", "2026-11-22-党课"),
            ("2026年1月5号 党课", "2026-01-05-党课"),
            ("2026-11-22 周日", "2026-11-22"),
            ("2026-11-22（星期日）党课", "2026-11-22-党课"),
            ("2026-11-22 党课", "2026-11-22-党课"),
            ("2026-11-22_党课", "2026-11-22-党课"),
            ("2026-11-22党课", "2026-11-22-党课"),
            ("2026.11.22 党课", "2026-11-22-党课"),
            ("2026_11_22_党课", "2026-11-22-党课"),
            ("2026 11 22 党课", "2026-11-22-党课"),
            ("２０２６－１１－２２ 党课", "2026-11-22-党课"),
            ("26-11-22-党课", "2026-11-22-党课"),
            ("261122党课", "2026-11-22-党课"),
            ("11月22日 党课", "YYYY-11-22-党课"),
            ("党课2026-11-22", "2026-11-22-党课"),
            ("党课-20261122", "2026-11-22-党课"),
        ],
    )
    @pytest.mark.parametrize("end", [".md", "/index.md"])
    def test_in_other_forms_are_told_the_exact_name(self, site: SmallSite, name: str, right: str, end: str) -> None:
        site.write(f"--- {NEWS}/{name}{end}\n{ENTRY}")
        assert told(site) == [f"alpha/news/{name}{end} date-in-name"]
        wanted = right + (".md" if end == ".md" else "")
        assert f"“{wanted}”" in hint(site)
        if "YYYY" not in right:
            site.delete(f"{NEWS}/{name}{end}").write(f"--- {NEWS}/{right}{end}\n{ENTRY}")
            assert told(site) == []

    @pytest.mark.parametrize("name", ["党课", "第3期", "123456-x", "12-5-tips", "2026年11月总结", "5-3-1 计划"])
    def test_where_there_is_none_none_is_made_up(self, site: SmallSite, name: str) -> None:
        site.write(f"--- {NEWS}/{name}.md\n{ENTRY}")
        assert told(site) == [f"alpha/news/{name}.md date-missing"]

    @pytest.mark.parametrize("name", ["20261122-党课", "2026年11月22日", "2026-02-30-x"])
    def test_a_date_in_the_head_is_enough(self, site: SmallSite, name: str) -> None:
        site.write(f"--- {NEWS}/{name}.md\n---\ntitle: 文\ndate: 2026-11-22\n---\n字\n")
        assert told(site) == []

    @pytest.mark.parametrize(
        "name", ["2026-02-30-x", "2026-13-01-x", "20260230-x", "2026年2月30日", "11月31日", "2026-00-10-x"]
    )
    def test_that_do_not_exist_are_told_as_being_in_the_name(self, site: SmallSite, name: str) -> None:
        site.write(f"--- {NEWS}/{name}.md\n{ENTRY}")
        (problem,) = site.check()
        assert (problem.code, problem.line) == ("name-date-invalid", None)
        assert str(problem.arguments["value"]) in name

    def test_far_ahead_are_told_as_being_in_the_name(self, site: SmallSite) -> None:
        site.write(f"--- {NEWS}/2036-11-20-x.md\n{ENTRY}")
        assert told(site) == ["alpha/news/2036-11-20-x.md name-date-far-ahead"]

    @pytest.mark.parametrize("name", ["2026-11-22-x.md", "20261122 x.md", "2026年11月22日.md", "2026-11-22-x.yml"])
    def test_an_entry_beside_the_sections_is_told_where_it_belongs(self, site: SmallSite, name: str) -> None:
        site.write(f"--- content/alpha/{name}\n{ENTRY}")
        assert told(site) == [f"alpha/{name} entry-misplaced"]
        assert "content/alpha/news/" in hint(site)

    @pytest.mark.parametrize(
        ("name", "section"),
        [
            ("停水通知", "notices"),
            ("拟录取名单公示", "notices"),
            ("差旅费管理办法", "policies"),
            ("支部动态一则", "news"),
            ("春游", "news"),
        ],
    )
    def test_by_its_words(self, site: SmallSite, name: str, section: str) -> None:
        site.write(f"--- content/alpha/2026-11-22-{name}.md\n{ENTRY}")
        assert f"content/alpha/{section}/" in hint(site)


class TestSections:
    @pytest.mark.parametrize(
        ("folder", "slug"),
        [("支部动态", "news"), ("new", "news"), ("notice", "notices"), ("通知公告", "notices"), ("evnets", "events")],
    )
    def test_nearly_named_are_told_their_slug(self, site: SmallSite, folder: str, slug: str) -> None:
        site.write(f"--- content/alpha/{folder}/2026-11-22-x.md\n{ENTRY}")
        assert told(site) == [f"alpha/{folder} section-undeclared"]
        assert f"“{slug}”" in hint(site)

    @pytest.mark.parametrize(("folder", "slug"), [("News", "news"), ("支部 动态", "news"), ("《通知公告》", "notices")])
    def test_those_that_cannot_be_part_of_an_address_too(self, site: SmallSite, folder: str, slug: str) -> None:
        site.write(f"--- content/alpha/{folder}/2026-11-22-x.md\n{ENTRY}")
        assert told(site) == [f"alpha/{folder} folder-name"]
        assert f"“{slug}”" in hint(site)

    def test_others_are_not(self, site: SmallSite) -> None:
        site.write(f"--- content/alpha/labs/2026-11-22-x.md\n{ENTRY}")
        (problem,) = site.check()
        assert not problem.arguments.get("near")
