"""Who may look at what in the preview beside the forms: drafts are on its pages, so everybody has those of their branches."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.request import Request, build_opener

import pytest
from conftest import ORGANIZATION, TWO_BRANCHES, SmallSite
from edit_session import Office, Person, committed

from builder.preview.board import Board
from builder.preview.server import Folder, PreviewServer

SECRET = "尚未公布的名单"


class Looking:
    """A preview of two branches with a draft in each, and an address for everybody."""

    def __init__(self, office: Office, server: PreviewServer) -> None:
        self.office, self.server = office, server

    def ask(self, person: Person, path: str, method: str = "GET") -> tuple[int, str]:
        """Status and text of an answer; redirects are followed."""
        request = Request(
            f"http://127.0.0.1:{self.server.port}{path}", headers={"Cookie": person.cookie}, method=method
        )
        try:
            with build_opener().open(request, timeout=20) as answer:
                if path == "/-/events":
                    return answer.status, answer.readline().decode()
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()


@pytest.fixture(scope="module")
def looking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looking]:
    """The sites are built once; nobody changes them."""
    site = SmallSite(tmp_path_factory.mktemp("previews")).write(ORGANIZATION + "admins: [web]\n" + TWO_BRANCHES)
    for branch in ("alpha", "beta"):
        site.write(f"--- content/{branch}/news/2026-11-22-list.md\n---\ntitle: {SECRET}\ndraft: true\n---\n{branch}\n")
    committed(site).build(drafts=True)
    office = Office(site)
    board = Board({})
    problems = [{"branch": each, "what": f"in {each}"} for each in ("alpha", "beta", "")]
    board.publishes(problems, {"": "学校", "alpha": "甲支部", "beta": "乙支部"})
    # As a preview has it: only addresses of their own are among them.
    folder = Folder(site.output, {"https://example.org/": "/"})
    server = PreviewServer("127.0.0.1", 0, board, folder, b"", lambda ref: f"wechat {ref}", office.server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Looking(office, server)
    board.close()
    server.shutdown()
    server.server_close()


@pytest.mark.slow
def test_one_sees_the_drafts_of_ones_branches_and_no_others(looking: Looking) -> None:
    person = looking.office.sign_in("张三", "alpha")
    status, page = looking.ask(person, "/alpha/news/2026-11-22-list/")
    assert (status, SECRET in page) == (200, True)
    for path in (
        "/beta/", "/beta/news/2026-11-22-list/", "/beta/news/2026-11-22-list", "/beta/feed.xml", "/sections/news/", "/feed.xml",
        "/search/index.json", "/build.json", "/-/wechat/beta/news/2026-11-22-list", "/alpha/../beta/", "/alpha/%2e%2e/beta/",
        "//beta/", "/beta//news/", "/./beta/",
    ):  # fmt: skip
        status, page = looking.ask(person, path)
        assert status in (403, 404), path
        assert SECRET not in page
    assert looking.ask(person, "/beta/", "HEAD")[0] == 403
    status, page = looking.ask(person, "/beta/news/")
    assert "https://example.org/beta/news/" in page, "what readers see is where readers see it"
    assert looking.ask(person, "/-/wechat/alpha/news/2026-11-22-list")[1] == "wechat alpha/news/2026-11-22-list"
    assert looking.ask(person, "/-/preview.js")[0] == 200


@pytest.mark.slow
def test_the_panel_tells_of_ones_branches(looking: Looking) -> None:
    def told(person: Person) -> list[str]:
        state = json.loads(looking.ask(person, "/-/events")[1].removeprefix("data: "))
        return [each["what"] for each in state["problems"]]

    assert told(looking.office.sign_in("张三", "alpha")) == ["in alpha"]
    assert told(looking.office.sign_in("web")) == ["in alpha", "in beta", "in "]


def test_the_root_leads_to_the_previews_of_ones_branches(looking: Looking) -> None:
    status, page = looking.ask(looking.office.sign_in("李四", "alpha", "beta"), "/")
    assert (status, "甲支部" in page, "乙支部" in page, SECRET in page) == (200, True, True, False)
    assert looking.ask(looking.office.sign_in("无名"), "/alpha/")[0] == 403


def test_administrators_see_the_whole(looking: Looking) -> None:
    admin = looking.office.sign_in("web")
    for path in ("/", "/alpha/news/2026-11-22-list/", "/beta/news/2026-11-22-list/", "/sections/news/"):
        assert looking.ask(admin, path)[0] == 200, path


def test_who_is_turned_away_sees_nothing_more(looking: Looking) -> None:
    person = looking.office.sign_in("王五", "alpha")
    assert looking.ask(person, "/alpha/")[0] == 200
    looking.office.accounts.revoke("王五")
    assert looking.ask(person, "/alpha/")[0] == 401
    assert looking.ask(Person(looking.office), "/alpha/")[0] == 401
