"""The wording of field errors in both languages: marshmallow's own sentences, by pattern; others pass unchanged."""

import re

WORDINGS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), chinese)
    for pattern, chinese in (
        (r"Missing data for required field\.", "此项必填。"),
        (r"Unknown field\.", "没有这个字段。"),
        (r"Field may not be null\.", "此项不能为空。"),
        (r"Not a valid string\.", "应为文本。"),
        (r"Not a valid integer\.", "应为整数。"),
        (r"Not a valid number\.", "应为数字。"),
        (r"Special numeric values .*", "应为普通数字。"),
        (r"Number too large\.", "数字过大。"),
        (r"Not a valid boolean\.", "应为 true 或 false。"),
        (r"Not a valid list\.", "应为列表。"),
        (r"Not a valid mapping type\.", "应为对象。"),
        (r"Invalid (?:input )?type\.", "应为对象。"),
        (r"Invalid value\.", "内容无效。"),
        (r"Must be equal to (\S+)\.", r"应为 \1。"),
        (r"Not a valid tuple\.", "应为列表。"),
        (r"Not a valid utf-8 string\.", "文本编码有误。"),
        (
            r"Of control characters only line breaks and tabs are allowed\.",
            "除换行和制表符外，不能含有控制字符。",
        ),
        (r"Not a valid URL\.", "网址无效。"),
        (r"Not an RFC 3339 instant with offset\.", "时间应为带时区的 RFC 3339 格式。"),
        (r"Longer than maximum length (\d+)\.", r"最多 \1 个。"),
        (r"Shorter than minimum length (\d+)\.", r"至少 \1 个。"),
        (r"Length must be between (\d+) and (\d+)\.", r"长度应在 \1 到 \2 之间。"),
        (r"Length must be (\d+)\.", r"长度应为 \1。"),
        (r"Must be greater than or equal to (\S+) and less than or equal to (\S+)\.", r"应在 \1 到 \2 之间。"),
        (r"Must be greater than or equal to (\S+)\.", r"不能小于 \1。"),
        (r"Must be less than or equal to (\S+)\.", r"不能大于 \1。"),
        (r"Must be one of: (.+)\.", r"应为以下之一：\1。"),
        (r"Not a quarter like 2026Q1\.", "应为 2026Q1 这样的季度。"),
        (r"Not a day like 2026-04-15\.", "应为 2026-04-15 这样的日期。"),
        (r"The same value occurs twice\.", "重复列出。"),
        (r"Not a category of four digits\.", "类别应为四位数字。"),
        (
            r"Not a grid code of 15 digits, or its first 2, 4, 6, 9 or 12\.",
            "应为 15 位网格编码，或其前 2、4、6、9、12 位。",
        ),
        (r"Not a community's code of 12 digits\.", "应为 12 位社区编码。"),
        (
            r"Not a community's code of 12 digits or a grid's of 15\.",
            "应为 12 位社区编码或 15 位网格编码。",
        ),
        (r"Not a period like 2025, 2025H2 or 2026Q1\.", "应为 2025、2025H2 或 2026Q1 这样的期间。"),
        (r"Not an area's code of 6, 9 or 12 digits\.", "应为 6、9 或 12 位区域编码。"),
        (r"Not a source: letters, digits and \. _ : / - only\.", "来源只能含字母、数字和 . _ : / -。"),
        (r"Not a community's code of 12 digits\.", "应为 12 位社区编码。"),
        (r"Give a phone, or the id of a person with an account\.", "请填写电话，或有账号人员的编号。"),
        (r"Not the code of an area: 6, 9 or 12 digits\.", "区域编码应为 6、9 或 12 位数字。"),
        (r"Not the beginning of a grid code\.", "应为网格编码的前几位。"),
        (r"Not a unit of this district\.", "不是本区的单位。"),
        (r"Must lie after `from`\.", "应晚于 from。"),
        (r"Blanks around it\.", "前后不能有空格。"),
        (r"Not a grid code of 15 digits\.", "网格编码应为 15 位数字。"),
        (r"Not a grid code of 15 digits, or its first 6, 9 or 12\.", "应为 15 位网格编码，或其前 6、9、12 位。"),
        (r"Not a district's code of 6 digits\.", "应为 6 位区代码。"),
        (r"Name the district\.", "请填写所属区。"),
        (
            r"Not a unified social credit code of 18 characters \(GB 32100\)\.",
            "不是有效的 18 位统一社会信用代码（GB 32100）。",
        ),
        (r"Not a number of a case, like (\S+)\.", r"应为 \1 这样的案件编号。"),
        (r"Given more than once\.", "重复填写，只能填一次。"),
        (r"Not a number of another system\.", "应为其他系统的编号，由数字、字母和 . / _ - 组成。"),
        (r"Not a component code of 16 digits\.", "部件代码应为 16 位数字。"),
        (r"Not a kind of four digits, like 0118\.", "部件种类应为四位数字，如 0118。"),
        (r"Not a number of an asset, like L-0007\.", "不是部件编号，部件编号形如 L-0007。"),
        (r"Not a mobile phone number\.", "不是手机号码。"),
        (r"Not a mobile phone number of 11 digits\.", "应为 11 位手机号码。"),
        (r"Not without consent\.", "须征得本人同意。"),
        (r"Name a compound or a grid\.", "请填写小区或网格。"),
        (r"Down to the building only, without a flat\.", "地址只填到楼栋，不填房号。"),
        (r"Needs are stated by somebody who was met\.", "见到人才能登记需求。"),
        (r"No such compound in this district\.", "本区没有这个小区。"),
        (r"No such grid in use in this district\.", "本区没有这个在用网格。"),
        (r"Listed twice\.", "重复列出。"),
        (r"The compound lies in another grid\.", "该小区不在所填网格内。"),
        (r"No category of the catalogue\.", "分类目录中没有这个类别。"),
        (r"No category of group 09\.", "应为 09 组（新就业群体）的类别。"),
        (r"Name a point, a grid or a compound\.", "请提供位置、网格或小区。"),
        (r"Name an account or a person\.", "请填写 person_id 或姓名。"),
        (r"Nobody is named in an anonymous report\.", "匿名上报不能填写姓名。"),
        (r"Name the photo\.", "请指定照片。"),
        (r"Not a valid date\.", "日期无效。"),
        (r"Not a time of day like 08:30\.", "应为 08:30 这样的时刻。"),
        (r"Not a valid time\.", "时刻无效。"),
        (r"Not a valid (?:naive |aware )?(?:datetime|date|time)\.", "时间无效。"),
        (r"Ends before it starts\.", "结束早于开始。"),
        (r"Named twice\.", "重复列出。"),
        (r"Either sign_in_id and code, or login and password\.", "请填 sign_in_id 和验证码，或账号和密码。"),
        (r"Control characters are not allowed\.", "不能含有换行等控制字符。"),
        (r"Nothing can be read in it\.", "不能为空白。"),
        (r"A formula, which is not calculated\.", "单元格是公式，不予计算，请粘贴为数值。"),
        (r"There is no heading above it\.", "该列没有表头，内容无法识别。"),
        (
            r"Not an absolute URL of ASCII characters, of at most (\d+)\.",
            r"应为完整网址，仅含 ASCII 字符，最长 \1 个字符。",
        ),
        (r"Only https can be posted to\.", "只能向 https 网址推送。"),
        (r"A URL with a user or a password is not accepted\.", "网址不能含有用户名或密码。"),
        (r"A URL with a fragment is not accepted\.", "网址不能含有 # 片段。"),
        (r"The host has an address that is not public\.", "该主机的地址不是公网地址。"),
        (
            r"Without TLS only networks that the operator listed can be posted to\.",
            "不加密的推送只限运维人员列出的网络，请使用 https。",
        ),
        (r"The name of the host cannot be resolved\.", "该主机名无法解析。"),
        (r"Not after `since`\.", "应晚于 `since`。"),
        (r"This list has no such filter\.", "该清单不能按此项筛选。"),
        (r"This list has no such status\.", "该清单没有这个状态。"),
        (r"Only lists of an area have this order\.", "只有按区域查询的列表才能这样排序。"),
        (r"Nothing presses any more of what is done\.", "已办结的案件不再有轻重缓急。"),
        (r"Not a property company of this district\.", "不是本区的物业公司。"),
        (r"String does not match expected pattern\.", "格式不符。"),
    )
)


def worded(detail: str, language: str) -> str:
    """The sentence in the language (`zh-CN` or `en`), as it is when there is no translation."""
    if language == "en":
        return detail
    for pattern, chinese in WORDINGS:
        found = pattern.fullmatch(detail)
        if found:
            return found.expand(chinese)
    return detail
