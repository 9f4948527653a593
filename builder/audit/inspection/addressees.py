"""The distinction between e-mail addresses of persons and of offices.

No list can decide this for sure. An address at a public provider is a person's, unless its name says otherwise; elsewhere a
name counts as a person's if it is written as names are: ``first.last``, or a common Chinese family name followed by
one or two syllables, or such a name with a number behind it.
"""

from __future__ import annotations

import re
from functools import cache

_EVERYBODY = re.compile(
    r"(?:(?:vip\.)?(?:qq|163|126|sina|sohu|tom|21cn)\.(?:com|net|cn)|(?:\w+\.)?yeah\.net|foxmail\.com|aliyun\.com|139\.com|189\.cn|"
    r"wo\.cn|gmail\.com|googlemail\.com|outlook\.(?:com|cn)|hotmail\.(?:com|cn)|live\.(?:com|cn)|msn\.com|icloud\.com|me\.com|"
    r"yahoo\.(?:com|cn|com\.cn|co\.jp)|proton(?:mail)?\.(?:com|me)|gmx\.(?:com|de|net)|web\.de|mail\.ru|yandex\.(?:com|ru))",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"info|admin|office|contact|service|support|help|editor|news|press|media|web|site|mail|post|hr|job|recruit|library|lib|"
    r"dean|union|league|student|school|college|institute|center|centre|committee|branch|party|club|team|group|lab|"
    r"no-?reply|root|security|privacy|abuse|feedback|letters?|team|secretary|registrar|"
    r"dang|zhibu|tuan|xue(?:sheng|gong|yuan|xiao|bu)|jiao(?:wu|yu|shi)|ren(?:shi|cai)|zhao(?:sheng|pin|biao)|cai(?:wu|gou)|"
    r"bangong|gonghui|jiwei|jijian|xuan(?:chuan|jiao)|zuzhi|tong(?:zhan|xun)|baowei|houqin|tushu|wangluo|wangxin|jiuye|keyan|"
    r"she(?:bei|tuan)|xinxi|yuan(?:ban|zhang)|xiao(?:ban|zhang|you)|fuwu|zixun|jianyi|yijian|shuji|xinxiang|jubao|xinfang|zhongxin|"
    r"bianji|tougao|weiyuan|zhiyuan|gongzuo",
    re.IGNORECASE,
)
_FAMILY = (
    "li wang zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo liang song zheng xie han tang feng yu "
    "cheng cao yuan deng shen zeng peng lv su lu jiang cai jia ding wei xue ye yan pan du dai xia zhong tian ren fan fang shi "
    "yao tan sheng zou xiong jin hao kong bai cui kang mao qiu qin gu hou shao meng long wan duan qian yin chang qiao lai gong "
    "wen ouyang"
)
_FINALS = (
    "a ai an ang ao e ei en eng er i ia ian iang iao ie in ing iong iu o ong ou u ua uai uan uang ue ui un uo v ve"
)
_SYLLABLE = rf"(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?(?:{_FINALS.replace(' ', '|')})"


def personal(name: str, host: str) -> bool:
    """Tells whether the address ``name@host`` looks like a person's."""
    if _OFFICE.match(name) and not re.search(r"\d{4}", name):
        return False
    if _EVERYBODY.fullmatch(host):
        return True
    word = name.lower()
    if re.fullmatch(r"[a-z]{1,12}[._-][a-z]{2,12}\d{0,4}", word):
        return not any(_OFFICE.match(part) for part in re.split(r"[._-]", word))
    return _chinese_name().fullmatch(word) is not None


@cache
def _chinese_name() -> re.Pattern[str]:
    family = "|".join(sorted(_FAMILY.split(), key=len, reverse=True))
    return re.compile(rf"(?:{family}){_SYLLABLE}{{1,2}}\d{{0,8}}")
