"""The names of keys: their normal form, the Chinese names that are read as ours, and what other systems call them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import lru_cache

# Cyrillic and Greek letters that look like Latin ones.
_LOOK_ALIKES = str.maketrans("аеорсхуіѕԁɑαο", "aeopcxyisdaao")


@lru_cache(maxsize=4096)
def normal_name(name: str) -> str:
    """Returns what spellings of one key share: letters and digits, whatever their case, width and accents, without signs
    between, and without letters that nobody sees.
    """
    if "<" in name:
        name = re.sub(r"</?[A-Za-z][^<>]*>", "", name)
    if not name.isascii():
        apart = unicodedata.normalize("NFKD", name)
        name = unicodedata.normalize("NFKC", "".join(sign for sign in apart if unicodedata.category(sign) != "Mn"))
    return re.sub(r"[\W_\u115f\u1160]+", "", name.casefold()).translate(_LOOK_ALIKES)


def _table(*rows: tuple[str, str]) -> Mapping[str, tuple[str, ...]]:
    return {normal_name(name): tuple(keys.split()) for keys, names in rows for name in names.split()}


# Of several keys that a name may stand for, the first is meant that the file can have.
CHINESE_NAMES: Mapping[str, tuple[str, ...]] = _table(
    ("title", "标题 題目 题目 標題 题名"),
    ("date", "日期 发布日期 发布时间 发表日期 发表时间 發佈日期"),
    ("starts opens from date", "时间 時間 开始 开始时间 开始日期 活动时间"),
    ("ends closes to", "结束 结束时间 结束日期"),
    ("author", "作者 撰稿 撰稿人 供稿 authors"),
    ("source", "来源 出处 來源 稿源"),
    ("tags", "标签 關鍵詞 标记 標籤 关键词 关键字"),
    ("summary description", "摘要 简介 概要 导语"),
    ("image", "图片 封面 封面图 封面图片 圖片"),
    ("image_alt", "替代文字 图片说明"),
    ("attachments", "附件"),
    ("draft", "草稿 是否草稿"),
    ("pinned", "置顶 置頂"),
    ("expires", "过期 過期 过期时间 过期日期 失效 失效时间 失效日期 到期 到期时间 到期日期 有效期至"),
    ("updated", "更新 更新日期 更新时间 修改日期 修改时间"),
    ("topics topic", "专题 專題"),
    ("share_with", "共享 共享给 分享给"),
    ("hub", "进入总站"),
    ("announce", "告知订阅者 补推"),
    ("moved_from", "搬自"),
    ("aliases", "旧网址 旧地址"),
    ("lang language", "语言"),
    ("slug", "网址名"),
    ("interprets", "解读"),
    ("period", "公示期"),
    ("number", "文号"),
    ("issuer", "发文机关 发布机构"),
    ("issued", "发文日期 成文日期"),
    ("effective", "生效 生效日期 施行日期"),
    ("replaces", "替代 代替"),
    ("status", "状态"),
    ("all_day", "全天"),
    ("location", "地点 地點 活动地点"),
    ("online", "线上"),
    ("organizer", "主办 主办单位"),
    ("question letter", "问题 来信"),
    ("received", "收到 收到日期"),
    ("replied", "答复 回复 答复日期 回复日期 答复时间 回复时间"),
    ("from", "来信人 起始 从 自 起"),
    ("to", "截至 到 至 止 截止"),
    ("text body", "感言 内容"),
    ("body", "正文"),
    ("person", "姓名 联系人 人物"),
    ("portrait", "头像"),
    ("order", "顺序"),
    ("for_editors", "编辑用 给编辑看 仅供编辑"),
    ("closed", "关闭"),
    ("formerly", "曾用名 原名"),
    ("discussion", "讨论"),
    ("name", "名称"),
    ("short_name", "简称"),
    ("name_en", "英文名 英文名称"),
    ("titles", "其他语言的名称"),
    ("parent", "上级"),
    ("translations", "其他语言 外文版"),
    ("contact", "联系 联系方式"),
    ("phone", "电话"),
    ("email", "邮箱"),
    ("address", "地址"),
    ("url", "网址 独立网址"),
    ("accent", "颜色"),
    ("committee", "支部委员会 委员会"),
    ("members", "成员 人数 成员数"),
    ("role", "职务"),
    ("sections", "栏目"),
    ("defaults", "默认值"),
    ("owners", "负责人"),
    ("accept", "接收"),
    ("refuse", "谢绝"),
    ("terms", "称呼 叫法"),
    ("ways", "参与方式 联系渠道 渠道"),
    ("correction", "纠错 勘误"),
    ("mail", "邮件"),
    ("form", "表单 问卷"),
    ("note", "说明 备注"),
    ("reply_within", "答复期限 回复期限"),
)

# What other systems call a key: only a hint, since their values often mean something else.
FOREIGN_NAMES: Mapping[str, tuple[str, ...]] = _table(
    ("tags", "keywords keyword categories category tag"),
    ("summary", "description excerpt abstract subtitle intro"),
    ("image", "cover thumbnail featured_image banner header_img img photo"),
    ("updated", "lastmod modified last_modified last_modified_at last_update"),
    ("lang", "language locale"),
    ("aliases", "redirect_from permalink url alias"),
    ("pinned", "sticky top weight featured"),
    ("date", "created created_at pubdate"),
    ("attachments", "files"),
    ("body", "reply answer 答复内容 回复内容"),
)


def own_key(name: str, keys: Collection[str]) -> str:
    """Returns the one of ``keys`` that a name is read as, whatever its case and width or by its Chinese name; else ""."""
    if name in keys:
        return name
    normal = normal_name(name)
    if not normal:
        return ""
    for key in keys:
        if normal_name(key) == normal:
            return key
    return next((key for key in CHINESE_NAMES.get(normal, ()) if key in keys), "")


def foreign_key(name: str, keys: Collection[str]) -> str:
    """Returns the one of ``keys`` that another system's name comes close to in meaning, else ""."""
    return next((key for key in FOREIGN_NAMES.get(normal_name(name), ()) if key in keys), "")
