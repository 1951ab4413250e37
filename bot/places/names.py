"""What people leave out of a place's name: 江苏(省), 凉山(彝族自治州), 扬中(市), 新坝(镇), 新坝(村委会)."""

from __future__ import annotations

import re
from functools import lru_cache

_AUTONOMOUS = re.compile(
    r"(?:壮族|回族|维吾尔|藏族|彝族|苗族|侗族|布依族|土家族|朝鲜族|哈尼族|傣族|白族|傈僳族|景颇族|羌族|蒙古族?|哈萨克|柯尔克孜|"
    r"黎族|瑶族|满族|畲族|土族|撒拉族|东乡族|保安族|裕固族|达斡尔族|鄂温克族|鄂伦春|锡伯|仡佬族|水族|拉祜族|佤族|纳西族|布朗族|独龙族|怒族|普米族|仫佬族|毛南族|各族)*"
    r"自治[区州县旗]$"
)
_SUFFIX = re.compile(
    r"(?:特别行政区|省|市|地区|盟|新区|区|县|旗|林区|特区|街道|镇|乡|苏木|(?:社区)?居委会|(?:社区)?居民委员会|"
    r"村委会|村民委员会|社区)$"
)
SHORTEST = 2


@lru_cache(maxsize=1 << 16)  # every township's, and then some
def short(name: str) -> str:
    """The name without its kind; the whole name where too little would be left."""
    for pattern in (_AUTONOMOUS, _SUFFIX):
        cut = pattern.sub("", name)
        if cut != name:
            return cut if len(cut) >= SHORTEST else name
    return name
