"""Response headers for web servers: what pages say of themselves, as ready files."""

from __future__ import annotations

import re

from conftest import SmallSite

from builder.formats.content_policy import policy
from builder.formats.servers import ServerFacts, server_files
from builder.model.site_map import immutable_folders, served_types, shared_folders

FACTS = ServerFacts(policy((), ()), tuple(served_types()), immutable_folders(), shared_folders())


def test_the_files_say_what_the_pages_say(built_site: SmallSite) -> None:
    said = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', built_site.page("index.html"))
    assert said is not None
    assert "script-src 'self' 'sha256-" in said[1]
    for path in ("_headers", "hub/headers/nginx.conf", "hub/headers/apache.conf"):
        assert said[1] + "; frame-ancestors 'self'" in built_site.page(path)


def test_frames_are_those_that_the_organization_lists(site: SmallSite) -> None:
    text = (site.root / "content/organization.yml").read_text("utf-8")
    site.write(f"--- content/organization.yml\n{text}markdown: {{frames_from: [video.example.org]}}\n")
    site.build()
    assert "frame-src https://video.example.org;" in site.page("_headers")
    site.write(f"--- content/organization.yml\n{text}")
    site.build()
    assert "frame-src 'none';" in site.page("_headers")


def test_a_branch_with_its_own_address_has_its_own(site: SmallSite) -> None:
    site.write("--- content/beta/branch.yml\nname: 乙支部\nurl: https://beta.example.net/\n")
    site.build()
    assert site.page("beta/_headers") == site.page("_headers")
    assert not (site.output / "beta/hub").exists()
    assert not (site.output / "alpha/_headers").exists()


def test_nothing_is_allowed_that_no_page_needs() -> None:
    assert policy((), ()) == (
        "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; frame-src 'none'; "
        "object-src 'none'; base-uri 'self'; form-action 'self'"
    )


def test_every_location_of_nginx_has_all_headers() -> None:
    """A location that adds one loses those from outside it."""
    text = server_files(FACTS)["hub/headers/nginx.conf"].decode()
    locations = re.findall(r"^location .*?^}", text, re.DOTALL | re.MULTILINE)
    assert len(locations) >= 6
    for location in (each for each in locations if "return 404" not in each):
        assert location.count("Content-Security-Policy") == location.count("nosniff") == 1
        assert location.count("Cache-Control") == 1


def test_no_path_is_given_two_values_for_one_header() -> None:
    """In this format a value is added to those of every other pattern that fits, unless it is taken away before."""
    text = server_files(FACTS)["_headers"].decode()
    blocks = re.findall(r"^(/\S*)\n((?:  .*\n)+)", text, re.MULTILINE)
    everywhere, *others = blocks
    assert everywhere[0] == "/*"
    common = set(re.findall(r"^  ([\w-]+):", everywhere[1], re.MULTILINE))
    assert {"Cache-Control", "Content-Security-Policy"} <= common
    assert any("Cache-Control" in lines for _, lines in others)
    for place, lines in others:
        given = re.findall(r"^  ([\w-]+):", lines, re.MULTILINE)
        assert len(given) == len(set(given)), place
        for name in common & set(given):
            assert lines.index(f"! {name}") < lines.index(f"{name}:"), place


def test_programs_of_other_sites_may_read_feeds_and_data_and_nothing_else() -> None:
    files = server_files(FACTS)
    plain = files["_headers"].decode()
    opened = re.findall(r"^(/\S*)\n(?:  .*\n)*?  Access-Control-Allow-Origin: \*\n", plain, re.MULTILINE)
    assert {"/*.xml", "/*.ics", "/*.opml", "/feed.json", "/*/feed.json", "/data/*"} <= set(opened)
    assert {"/archive-:number.json", "/*/archive-:number.json"} <= set(opened)
    assert "/*" not in opened
    wanted = (
        "a/feed.xml",
        "feed.json",
        "a/archive-12.json",
        "archive-3.xml",
        "calendar.ics",
        "feeds.opml",
        "data/entries.json",
    )
    never = ("index.html", "build.json", "a/search/0.json", "assets/stylesheets/site.1.css", "a/media/x.json")
    nginx = re.findall(r"^location ~ (\S+) \{((?:.|\n)*?)^\}", files["hub/headers/nginx.conf"].decode(), re.MULTILINE)
    apache = re.findall(
        r'<LocationMatch "([^"]+)">\n    Header always set Access-Control', files["hub/headers/apache.conf"].decode()
    )
    for name in (*wanted, *never):
        first = next((inside for pattern, inside in nginx if re.search(pattern, f"/{name}")), "")
        assert ("Access-Control-Allow-Origin" in first) == (name in wanted), name
        assert any(re.search(pattern, f"/{name}") for pattern in apache) == (name in wanted), name


def test_archives_and_feeds_have_their_types_in_every_file() -> None:
    plain = server_files(FACTS)["_headers"].decode()
    for name in ("feed.json", "archive-:number.json"):
        for place in (f"/{name}", f"/*/{name}"):
            assert f"\n{place}\n  Content-Type: application/feed+json" in plain
