"""The settings of the forms of one branch: one list for each section, one form for each kind of entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from builder.content.forms.context import FormContext
from builder.content.forms.widgets import form_fields, profile_fields
from builder.content.kinds import READERS
from builder.content.schema.kinds import ENTRIES, PAGE, TOPIC
from builder.messages.terms import translator_of
from builder.messages.translation import N_, Translator
from builder.model.sources import YAMLS
from builder.model.values import Section

Json = dict[str, Any]
_PAGES, _PROFILE, _TOPICS = "_pages", "_profile", "_topics"
_BUNDLE = "{{slug}}/index"


def form_config(ctx: FormContext, backend: Mapping[str, Any], *, review: bool = False) -> Json:
    """Returns the settings of a branch's forms, as Sveltia CMS and Decap CMS read them (as JSON or YAML).

    ``backend`` says where the texts are (:func:`builder.content.forms.hosts.backend_of`); ``review``: what is saved is a
    proposal.
    """
    text = translator_of(ctx.organization)
    settings: Json = {
        "backend": dict(backend),
        "publish_mode": "editorial_workflow" if review else "simple",
        "site_url": ctx.branch.url or ctx.organization.url,
        "display_url": ctx.branch.url or f"{ctx.organization.url}{ctx.branch.slug}/",
        "media_folder": f"{ctx.folder}/media",
        "public_folder": f"/{ctx.branch.slug}/media",
        "slug": _slugs(ctx),
        "collections": list(_collections(ctx, text)),
    }
    if ctx.program == "sveltia":
        title = f"{ctx.branch.title} · {ctx.organization.short_name or ctx.organization.name}"
        return settings | {"app_title": title, "output": {"omit_empty_optional_fields": True}}
    return settings | {"locale": "zh_Hans" if ctx.organization.language == "zh" else "en"}


def _slugs(ctx: FormContext) -> Json:
    if ctx.program == "sveltia":
        return {"encoding": "unicode", "lowercase": True, "maxlength": 60, "timezone": "local"}
    return {"encoding": "unicode", "clean_accents": False, "sanitize_replacement": "-"}


def _collections(ctx: FormContext, text: Translator) -> Iterator[Json]:
    if ctx.branch.slug == "hub":
        yield _topics(ctx, text)
    else:
        for section in ctx.branch.visible_sections:
            yield from _section(section, ctx, text)
    fields = form_fields(PAGE, ctx, text)
    yield {
        **_head(_PAGES, text.gettext(N_("Single pages")), ctx.folder, "title"),
        "create": True,
        "slug": "{{slug}}",
        "summary": "{{title}}",
        "media_folder": f"/{ctx.folder}/media",
        "public_folder": "media",
        "fields": fields,
    }
    if ctx.profile and ctx.hosted:
        yield _profile(ctx, text)


def _topics(ctx: FormContext, text: Translator) -> Json:
    """Returns the list of the hub's topics, as our own host shows them."""
    return {
        **_head(_TOPICS, text.gettext(N_("Topics")), f"{ctx.folder}/topics", "title"),
        "create": True,
        "slug": "{{slug}}",
        "path": _BUNDLE,
        "summary": "{{title}}",
        "media_folder": "",
        "public_folder": "",
        "fields": form_fields(TOPIC, ctx, text, dated=False),
    }


def _profile(ctx: FormContext, text: Translator) -> Json:
    """Returns the form of what branch.yml says of a branch; our own host shows that file as the head of a text."""
    label = text.gettext(N_("About the branch"))
    file: Json = {
        "name": "branch",
        "label": label,
        "file": f"{ctx.folder}/branch.yml.md",
        "format": "yaml-frontmatter",
        "media_folder": f"/{ctx.folder}/media",
        "public_folder": "media",
        "fields": profile_fields(ctx, text),
    }
    return {"name": _PROFILE, "label": label, "files": [file]}


def _section(section: Section, ctx: FormContext, text: Translator) -> Iterator[Json]:
    """Yields the lists of a section. Our own host shows all of its entries alike; elsewhere files of another shape than that of
    new entries have a list of their own, if there are any."""
    reader, shapes = READERS[section.type], _shapes(section, ctx)
    identifier = reader.title_key or "title"
    folder = f"{ctx.folder}/{section.slug}"
    slug = "{{year}}-{{month}}-{{day}}-{{slug}}" if section.dated else "{{slug}}"
    bundle: Json = {
        **_head(section.slug, section.title, folder, identifier),
        "description": section.description,
        "create": True,
        "slug": slug,
        "path": _BUNDLE,
        "summary": f"{{{{{identifier}}}}}",
        "media_folder": "",
        "public_folder": "",
        "fields": form_fields(ENTRIES[section.type], ctx, text, entry=section.kind, dated=section.dated),
    }
    as_yaml = not ctx.hosted and bool(reader.title_key)
    if not as_yaml:
        yield bundle
    if ctx.hosted:
        return
    beside = {"path": "{{slug}}", "media_folder": f"/{ctx.folder}/media", "public_folder": "../media"}
    # Decap finds single files by the path of folders, too; Sveltia does not.
    if "md" in shapes and (ctx.program == "sveltia" or as_yaml):
        label = text.gettext(N_("{title} (single files)"), title=section.title)
        yield bundle | beside | {"name": f"{section.slug}-files", "label": label, "create": False}
    if as_yaml or shapes & {"yml", "yaml"}:
        label = (
            section.title if as_yaml else text.gettext(N_("{title} (without a text of their own)"), title=section.title)
        )
        ending = "yaml" if "yaml" in shapes and "yml" not in shapes else "yml"
        fields = form_fields(ENTRIES[section.type], ctx, text, entry=section.kind, dated=section.dated, body="text")
        own = {"name": section.slug if as_yaml else f"{section.slug}-yml", "label": label, "create": as_yaml}
        yield bundle | beside | own | {"extension": ending, "format": "yml", "fields": fields}


def _head(name: str, label: str, folder: str, identifier: str) -> Json:
    return {
        "name": name,
        "label": label,
        "folder": folder,
        "extension": "md",
        "format": "yaml-frontmatter",
        "identifier_field": identifier,
    }


def _shapes(section: Section, ctx: FormContext) -> frozenset[str]:
    """Returns the endings of the section's entries that are single files."""
    home = f"{ctx.folder}/{section.slug}/"
    names = (path[len(home) :] for path in ctx.files if path.startswith(home))
    endings = (name.rpartition(".")[2].lower() for name in names if "/" not in name)
    return frozenset("yml" if f".{ending}" in YAMLS and ending != "yaml" else ending for ending in endings)
