"""Keys by which other systems hide, delay or end a text, and values that do so. What was meant to be hidden stays hidden."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from builder.content.schema.names import CHINESE_NAMES, normal_name
from builder.content.yaml.nodes import Node
from builder.model.dates import parse_moment
from builder.model.patterns import pattern_of

Effect = Literal["hides", "shows", "state", "secret", "starts", "ends", "parts"]
OURS: Mapping[Effect, str] = {"starts": "date", "ends": "expires"}
"""The keys to write instead; for all others it is ``draft``."""


class Concealment(NamedTuple):
    """A key that conceals a text: the key that is ours, the value to write behind it, and whether the text is hidden now."""

    near: str
    value: str
    hidden: bool


def _normal(names: str) -> frozenset[str]:
    return frozenset(normal_name(name) for name in names.split())


TRUE = _normal(
    "true yes on y t 1 是 对 真 是的 对的 开 启用 ok 真的 wahr ja vrai oui verdadero sí si vero sim да истина はい 예 نعم"
)
FALSE = _normal(
    "false no off n f 0 否 不 假 不是 关 禁用 非 没有 falsch nein faux non falso não нет ложь いいえ "
    "아니요 لا none null never nil"
)
_EMPTY = frozenset(("", "~", "null", "[]", "{}", '""', "''"))

DRAFT_NAMES = _normal(
    "draft drafts draught is_draft draft_mode drafted 草稿 是否草稿 草稿箱 未定稿 初稿 未发布 未公开 "
    "草搞 草槁 草稾 草高 草告 艸稿 caogao shifoucaogao entwurf brouillon borrador "
    "rascunho bozza koncept utkast kladde luonnos taslak szkic vázlat návrh черновик чернетка "
    "ドラフト 下書き 초안 임시저장 مسودة "
    "قارالما nháp draf ร่าง טיוטה πρόχειρο"
)
_HIDES = DRAFT_NAMES | _normal(
    "hidden hide is_hidden _hidden hide_page hide_post hidden_post private is_private private_post unlisted is_unlisted unlist "
    "unpublished secret confidential internal internal_only intranet members_only member_only "
    "restricted protected is_protected protect "
    "login_required require_login requires_login requires_auth need_login auth_required encrypt encrypted is_encrypted headless "
    "wip work_in_progress unfinished incomplete pending embargoed scheduled disabled disable deleted is_deleted trash trashed "
    "removed exclude excluded is_excluded ignore ignored skip exclude_from_collections eleventy_exclude_from_collections "
    "exclude_from_list exclude_from_home hide_from_home hidden_in_home_list hidden_from_home_page "
    "hidden_from_search hide_from_search "
    "hidden_in_list noindex no_index robots_noindex sitemap_exclude exclude_from_sitemap sitemap_ignore search_exclude expired "
    "unsearchable archived_private nopublish no_publish not_published do_not_publish dont_publish "
    "隐藏 是否隐藏 隱藏 私密 私有 保密 机密 内部 内部资料 不公开 不发布 暂不发布 暂不公开 待发布 "
    "待审 待审核 待审稿 未审 未审核 审核中 未完成 待完善 加密 已删除 已过期 仅自己可见 仅内部 停用 "
    "先不发布 先不发 不要发布 请勿发布 勿发布 勿发 别发布 别发 不发 缓发 暂缓发布 "
    "内部文件 内部材料 仅供内部 作废 已作废 撤回 已撤回 删除 下架 已下架 "
    "withdraw withdrawn retract retracted revoke revoked recalled delete "
    "撤下 已撤下 取消发布 撤销发布 不上网 暂不上网 不上线 不对外 不对外公开 不予公开 先别发 禁止发布 请勿外传 不得外传 "
    "待审批 未审批 待批准 未批准 待定稿 退稿 已退稿"
)
_WITHDRAWN = _normal(
    "withdraw withdrawn retract retracted revoke revoked recalled delete deleted removed expired "
    "撤下 已撤下 撤回 已撤回 下架 已下架 删除 已删除 作废 已作废 已过期 停用"
)
"""Those of them that say from which day on, where a day is their value."""
_SHOWS = _normal(
    "published publish is_published publishable public is_public visible is_visible listed list show is_shown "
    "showing shown render "
    "publishing enabled enable active is_active live is_live searchable indexable indexed index_page release released in_list "
    "available ready approved is_approved dg_publish 发布 是否发布 已发布 公开 是否公开 可见 是否可见 显示 是否显示 启用 上线 "
    "审核 是否审核 审核通过 已审核 终审 复审 初审 审批 是否审批 审批通过 是否通过 展示 是否展示 "
    "上网 是否上网 可否上网 是否上线 可否公开 能否公开 可公开 可以公开 是否对外 对外公开 是否对外公开 是否公布 可否发布"
)
_PUBLIC = _normal(
    "published publish publishing is_published public is_public visible listed 发布 是否发布 公开 是否公开 可见 是否可见 "
    "上网 是否上网 可否上网 是否上线 可否公开 能否公开 可公开 可以公开 是否对外 对外公开 是否对外公开 是否公布 可否发布"
)
_NOT = pattern_of(r"(?:不|未|否|暂|先不|仅|勿|别|not|never|later|nope)")
_STATE = _normal(
    "status state visibility visible_to access access_level permission permissions privacy post_status poststatus publish_status "
    "publication_status publishing_status workflow workflow_state review_status stage phase audience classification sensitivity "
    "security confidentiality scope robots meta_robots layout type post_type 状态 可见性 权限 "
    "可见范围 密级 阶段 公开范围 发布状态 审核状态 文章状态 稿件状态 "
    "flag flags label labels category categories kind mode version template 稿件 类型 分类 标记 性质 "
    "公开属性 公开方式 公开类别 公开程度 保密级别 保密等级 审批状态 流程状态"
)
_SCOPES = _normal(
    "发布范围 公开范围 可见范围 阅读范围 查看范围 浏览范围 知悉范围 传阅范围 阅读权限 查看权限 浏览权限 访问权限"
)
"""Keys that say who may read a text: whatever is not everybody hides it."""
_EVERYBODY = pattern_of(
    r"公开|全部|所有|全体|社会|公众|大家|不限|无限制|互联网|外网|全网|网站|public|everyone|everybody|\ball\b",
    re.IGNORECASE,
)
_KINDS = _normal(
    "layout type flag flags label labels category categories kind mode version template 稿件 类型 分类 标记 性质"
)
_HIDDEN_STATES = _normal(
    "draft drafts drafting private hidden unlisted unpublished internal restricted protected password secret "
    "confidential classified "
    "top_secret pending pending_review in_review review under_review needs_review wip work_in_progress todo "
    "unfinished incomplete "
    "scheduled future embargo embargoed trash trashed deleted removed disabled off auto_draft not_published nopublish never none "
    "noindex members members_only member staff staff_only team admin admins owner only_me self me login registered closed_access "
    "inactive offline withdrawn expired no false "
    "hold on_hold not_ready editing writing submitted unapproved rejected withheld "
    "待发 未定 修改中 编辑中 起草中 撰写中 撤稿 已撤稿 撤回 已撤回 作废 已作废 下架 已下架 未通过 "
    "草稿 隐藏 私密 私有 保密 秘密 机密 绝密 内部 未发布 未公开 不公开 待发布 待审 待审核 审核中 "
    "撤下 已撤下 取消发布 不予公开 依申请公开 非公开 不对外 不对外公开 待审批 未审批 退稿 已退稿 退回 已退回 不通过 "
    "未完成 定时 回收站 已删除 仅自己 仅自己可见 停用 下线 已下线 已过期 未审核 不发布 暂不发布 初稿"
)
_SECRET = _normal(
    "password passwd pwd passphrase passcode pass_phrase password_hash access_code access_key "
    "pin_code 密码 查看密码 打开密码 访问密码 口令 阅读密码"
)
_STARTS = _normal(
    "publish_date published_date publication_date publishing_date publish_on publish_at publish_time published_at published_on "
    "publishdatetime publish_from publish_after go_live go_live_at golive_date live_from live_at release_date release_at "
    "release_on releases_on embargo embargo_until embargo_date embargo_end available_from available_at available_on visible_from "
    "visible_after show_from show_after scheduled_at scheduled_for schedule schedule_date scheduled_date "
    "scheduled_time start_publishing "
    "publish_up post_date date_published datepublished publishing_time not_before 定时发布 定时 "
    "预约发布 计划发布 预定发布 预定发布时间 预计发布 预计发布时间 定时发布时间 定时发布日期 发布于 "
    "上架 上架时间 上架日期 何时发布 几时发布 什么时候发布 发布计划 拟发布时间 拟发布日期 拟发布 "
    "上线时间 上线日期 解禁 解禁日期 公开时间 公开日期 "
    "datum fecha fecha_de_publicación data_de_publicação date_de_publication дата 公開日 日付 날짜 게시일 تاريخ"
)
_ENDS = _normal(
    "expiry expiry_date expire expire_at expire_on expire_date expires_at expires_on expired_at expiration expiration_date "
    "expiration_time expirydatetime valid_until valid_till valid_to valid_through unpublish unpublish_on "
    "unpublish_at unpublish_date "
    "unpublishdate publish_down publish_until remove_after remove_on delete_after delete_on hide_after "
    "hide_from_date visible_until show_until "
    "show_till available_until offline_at offline_from take_down takedown take_down_at sunset sunset_date kill_date end_of_life "
    "下线 下线时间 下线日期 下架时间 下架日期 到期日 撤下时间 撤稿 撤稿时间 有效期 有效期限 过期于 失效于 删除时间 "
    "ablauf ablaufdatum caduca expira scadenza verfällt истекает 有効期限 掲載終了 만료 만료일"
)
_REMARKS = _normal(
    "备注 说明 注 注意 备忘 提示 提醒 批注 意见 审核意见 审批意见 领导意见 note notes remark remarks comment memo todo"
)
_SAYS = pattern_of(
    r"(?:请勿|暂不|暂缓|先不要?|不要|不得|禁止|先别|别|勿)(?:对外)?(?:发布|公开|外传|上网|上线|发(?![一-鿿]))|"
    r"(?:未|待|未经)(?:审核|审批|审定)|不公开|草稿|do not publish|don't publish|not for publication|not reviewed",
    re.IGNORECASE,
)
"""The words with which a remark says that a text is not to be published."""
_FOLDERS = _normal(
    "drafts draft unpublished wip private trash recycle recycled backup backups bak todo "
    "草稿夹 待审 待审核 待审批 待发 待发布 未发 未发布 不发 不发布 暂不发布 勿发 请勿发布 暂存 "
    "回收站 垃圾箱 废纸篓 废弃 废稿 作废 退稿 撤稿 已撤稿 撤回 已撤回 已删除 备份 "
    "私密 保密 不公开 未公开 内部 内部资料 内部文件 仅内部"
)
"""Folders in which people and programs put what is not for readers."""
_PARTS = _normal("build sitemap search cascade")
_EFFECTS: tuple[tuple[frozenset[str], Effect], ...] = (
    (_HIDES, "hides"),
    (_SHOWS, "shows"),
    (_SECRET, "secret"),
    (_STARTS, "starts"),
    (_ENDS, "ends"),
    (_STATE | _SCOPES, "state"),
    (_PARTS, "parts"),
)
EFFECTS: Mapping[str, Effect] = {name: effect for names, effect in reversed(_EFFECTS) for name in names}
_DOUBTFUL = _normal(
    "归档 已归档 存档 archived 截止 截止日期 截止时间 生效 生效日期 effective_date effective_from 请勿发布 保密期限"
)
_DOUBTFUL_TICKS = _normal("cg archive locked lock test testing todo 测试 待办 锁定")
_DOUBTFUL_STATES = _normal(
    "waiting wait new idea ideas outline planned planning queued backlog preview candidate later blocked proposal proposed "
    "archived test testing sample 待定 待办 构思 想法 提纲 新建 排队 暂存 等待 归档 已归档 测试"
)
_DATED = pattern_of(r"(?:19|20|21)\d\d|\d{1,2}\s*[-/.月]\s*\d{1,2}")
MARKS = frozenset("✓✔√☑xX")
"""Ticks, as people set them behind a word."""
_UNSEEN = _normal("private hidden unpublished 未发布 不公开 隐藏")
_NESTED = DRAFT_NAMES | _normal("expires expiry expiry_date published publish unlisted private publish_date")
# Words of other kinds of file that differ from a key of ours by one letter, and are none of its misspellings.
_OTHER_WORDS = _normal("craft graft rate data gate late mate fate dates raft update expired expertise")


def concealment(
    name: str, node: Node, zone: tzinfo, published: datetime | None, nearest: str = ""
) -> Concealment | None:
    """Returns how another system's key, or a misspelled one of ours, conceals the text; None for a value that hides nothing.

    ``published`` is the text's own date: a date of publication that is not later delays nothing.
    ``nearest`` is the key of ours that is most like the name.
    """
    normal = normal_name(name)
    effect = EFFECTS.get(normal)
    if effect is None:
        return _find_misspelled(normal, node, zone, published, nearest)
    if effect == "parts" or (effect in ("hides", "shows") and node.kind == "map"):
        hidden = _hiding_parts(normal, node)
        return Concealment("draft", "true", hidden) if hidden else None
    if not _conceals(effect, normal, node, zone, published):
        return None
    near = "date" if effect == "shows" and _starts_later(node, zone, published) else OURS.get(effect, "draft")
    dated = node.kind == "text" and parse_moment(node.text.strip(), zone) is not None
    if effect == "hides" and dated and normal in _WITHDRAWN:
        near = "expires"
    elif effect == "ends" and not dated and normal_name(node.text) in TRUE:
        near = "draft"
    return Concealment(near, "true" if near == "draft" else node.text.strip() or "…", near == "draft")


def _conceals(effect: Effect, normal: str, node: Node, zone: tzinfo, published: datetime | None) -> bool:
    words = [normal_name(each) for each in _texts(node)]
    if not any(each.strip() not in _EMPTY for each in _texts(node)):
        return False
    if effect == "hides":
        if normal == "hide" and node.kind == "list":
            return bool(_HIDDEN_STATES.union(_normal("page post all list")) & set(words))
        return not all(word in FALSE for word in words)
    if effect == "shows":
        if any(word in FALSE or word in _HIDDEN_STATES for word in words):
            return True
        if normal in _PUBLIC and any(_like(word, "false") or _NOT.match(word) for word in words):
            return True
        return _starts_later(node, zone, published)
    if effect == "state":
        if normal in _SCOPES:
            return not any(_EVERYBODY.search(each) and not _NOT.match(each.strip()) for each in _texts(node))
        if normal in _KINDS:
            return any(word in DRAFT_NAMES for word in words)
        if any(part in DRAFT_NAMES for each in _texts(node) for part in re.split(r"[\W_]+", each.casefold())):
            return True
        parts = [normal_name(part) for each in _texts(node) for part in re.split(r"[,，、;；/|]", each)]
        return any(part in _HIDDEN_STATES or _like(part, "draft") for part in (*words, *parts))
    if effect in ("secret", "ends"):
        return not all(word in FALSE for word in words)
    return _starts_later(node, zone, published, unclear=not all(word in FALSE | TRUE for word in words))


def _starts_later(node: Node, zone: tzinfo, published: datetime | None, *, unclear: bool = False) -> bool:
    """Tells whether a date of publication lies after the text's own date, or cannot be compared with it."""
    if node.kind != "text":
        return unclear
    moment = parse_moment(node.text.strip(), zone)
    if moment is None:
        return unclear
    return published is None or moment.at > published


def _hiding_parts(normal: str, node: Node) -> bool:
    """Tells whether keys within a mapping like Hugo's ``build`` take the text out of lists, or search engines, or all."""
    if node.kind == "text":
        return normal in _normal("sitemap search build") and normal_name(node.text) in FALSE | _normal("never noindex")
    for key, value in _all_pairs(node):
        inner = normal_name(key.text)
        word = normal_name(value.text) if value.kind == "text" else ""
        if inner in ("render", "list") and normal in ("build", "cascade") and word in FALSE:
            return True
        if (
            inner in _normal("exclude disable disabled ignore noindex hidden")
            and normal in _normal("sitemap search")
            and word in TRUE
        ):
            return True
    return False


def _find_misspelled(
    normal: str, node: Node, zone: tzinfo, published: datetime | None, nearest: str
) -> Concealment | None:
    """Returns what a key hides that is nearest to ``draft``, ``date`` or ``expires``."""
    text = node.text.strip() if node.kind == "text" else ""
    if surely_conceals(normal, text) or (normal in _REMARKS and _SAYS.search(text)):
        return Concealment("draft", "true", hidden=True)
    if normal in _OTHER_WORDS and (normal_name(text) not in TRUE or not _like(normal, "draft")):
        return None
    # A name that is only somewhat like ours hides nothing with a value that says neither yes nor no: duration: 2 months.
    alike = _like(normal, "draft") or _like(normal, "草稿")
    if alike or (nearest == "draft" and not re.search(r"\d\s*\w{3}", text)):
        return None if normal_name(text) in FALSE or text in _EMPTY else Concealment("draft", "true", hidden=True)
    dated = _DATED.search(unicodedata.normalize("NFKC", text)) is not None
    if _like(normal, "expires") or (nearest == "expires" and dated):
        known = text in _EMPTY or normal_name(text) in FALSE
        return None if known else Concealment("expires", text, hidden=False)
    if nearest == "date" and dated and _starts_later(node, zone, published):
        return Concealment("date", text, hidden=False)
    if (_like(normal, "date") or _like(normal, "日期")) and dated:
        return Concealment("date", text, hidden=False)
    return None


def may_conceal(name: str, node: Node) -> bool:
    """Tells whether a key that hides nothing here may have been meant to hide, delay or end the text."""
    normal, text = normal_name(name), node.text.strip() if node.kind == "text" else ""
    word = normal_name(text)
    if text in _EMPTY or word in FALSE:
        return False
    if normal in _DOUBTFUL or (normal in _DOUBTFUL_TICKS | {""} and word in TRUE):
        return True
    return normal in _STATE - _KINDS and word in _DOUBTFUL_STATES


def hides_by_name(folder: str) -> bool:
    """Tells whether a folder's name says that what is in it is not for readers."""
    words = [normal_name(word) for word in re.split(r"[\W_\d]+", folder) if word]
    return "".join(words) in _FOLDERS or (bool(words) and not DRAFT_NAMES.isdisjoint((words[0], words[-1])))


def surely_conceals(normal: str, text: str) -> bool:
    """Tells whether a line hides a text by its key, the normal name of one that is ours, another system's, made of
    such a name, or misspelled, and by a value that has no other meaning.
    """
    word = normal_name(text)
    if word in TRUE or text in MARKS or _like(word, "true"):
        parts = ("draft", "草稿", "caogao")
        return normal in _HIDES or any(part in normal for part in parts) or _like(normal, "draft")
    if word in FALSE:
        return normal in _PUBLIC or _like(normal, "published") or normal.endswith("published")
    if normal in _PUBLIC and (word in _HIDDEN_STATES or (len(word) < 6 and _NOT.match(word))):
        return True
    if word in DRAFT_NAMES:
        return normal in _STATE or normal.endswith(("status", "state", "状态")) or _like(normal, "status")
    return normal in _STATE - _KINDS and word in _HIDDEN_STATES


def _like(word: str, key: str) -> bool:
    """Tells whether a word is a key with one letter wrong, doubled, lost or in the wrong place (two in a long one)."""
    if not word or abs(len(word) - len(key)) > 2:
        return word == key
    if len(key) == 2:
        return len(word) == 3 and (word.startswith(key) or word.endswith(key)) and not word.isascii()
    if sorted(word) == sorted(key):
        return SequenceMatcher(None, word, key).ratio() >= 0.6
    return _distance(word, key) <= (2 if len(key) > 5 else 1)


def _distance(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        last, row[0] = row[0], number
        for place, each in enumerate(other, 1):
            last, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, last + (letter != each))
    return row[-1]


def nested_concealment(node: Node) -> tuple[Node, str] | None:
    """Returns a key within a value that would hide the text if it stood at the margin, and the key that is ours."""
    for key, value in _all_pairs(node):
        normal = normal_name(key.text)
        ours = next((each for each in CHINESE_NAMES.get(normal, ()) if each in ("draft", "expires")), normal)
        word = normal_name(value.text) if value.kind == "text" else ""
        if ours == "date" and _DATED.search(value.text):
            return key, "date"
        if ours in ("status", "state", "visibility", "状态") and word in DRAFT_NAMES | _UNSEEN:
            return key, "draft"
        if ours not in _NESTED and ours not in ("draft", "expires"):
            continue
        effect = EFFECTS.get(ours, "hides" if ours == "draft" else "ends")
        if effect == "shows" and word in FALSE:
            return key, "draft"
        if effect in ("hides", "ends") and word and word not in FALSE:
            return key, OURS.get(effect, "draft")
    return None


def _all_pairs(node: Node) -> Iterator[tuple[Node, Node]]:
    for each in node.items:
        yield from _all_pairs(each)
    for key, value in node.pairs:
        yield key, value
        yield from _all_pairs(value)


def _texts(node: Node) -> list[str]:
    if node.kind == "text":
        return [node.text]
    if node.kind == "list":
        return [text for each in node.items for text in _texts(each)]
    return ["…"] if node.pairs else []


def means_draft(key: str, node: Node) -> bool:
    """Tells whether a value of ``draft`` or ``status`` that is not understood was meant to hide the text."""
    word = normal_name(node.text) if node.kind == "text" else ""
    if key == "draft":
        return node.kind != "text" or not any(_like(word, each) for each in ("false", "no", "否"))
    return key == "status" and (word in _HIDDEN_STATES or _like(word, "draft"))
