"""What the gateway itself refuses: how a request is written, who sends it, and whether anybody can answer."""

from collections.abc import Mapping

from gateway.problems.problem import LATER, SIGN_IN_AGAIN, WAIT, Problem, row
from gateway.problems.sheets import SHEETS

PROTOCOL: Mapping[str, Problem] = {
    **SHEETS,
    "malformed_request": row(
        400,
        ("请求无法解析", "The request cannot be read"),
        (
            "请检查请求行、请求头、长度与编码是否符合 HTTP/1.1 和 UTF-8。",
            "Check its first line, headers, length and encoding: HTTP/1.1, and UTF-8 in the body.",
        ),
    ),
    "body_not_json": row(
        400,
        ("请求内容不是 JSON", "The body is not JSON"),
        ("请更正 details 所指的行和列。", "Correct it at the line and column that details names."),
    ),
    "duplicate_key": row(
        400,
        ("请求内容中有重复的字段", "A key occurs twice in an object of the body"),
        ("{key} 只能出现一次。", "Give {key} once."),
    ),
    "bad_if_match": row(
        400,
        ("If-Match 格式有误", "If-Match is not a list of entity tags"),
        ("请原样填写 ETag，包括双引号，或用 *。", "Send the ETag as it came, with its quotes, or *."),
    ),
    "bad_idempotency_key": row(
        400,
        ("幂等键无效", "The idempotency key is not valid"),
        ("请使用 1 至 200 个可见 ASCII 字符。", "Use 1 to 200 visible ASCII characters."),
    ),
    "invalid_cursor": row(
        400,
        ("翻页游标无效", "The cursor is not valid"),
        ("请不带游标，从头开始。", "Begin anew, without a cursor."),
    ),
    "jurisdiction_missing": row(
        400,
        ("没有指明区", "The jurisdiction is missing"),
        ("请在 jurisdiction_id 中填写六位区划代码。", "Name the district by its six digits in jurisdiction_id."),
    ),
    "token_missing": row(401, ("尚未登录", "Not signed in"), ("请先登录。", "Sign in first.")),
    "token_invalid": row(401, ("登录凭证无效", "The access token is not valid"), SIGN_IN_AGAIN),
    "token_algorithm": row(
        401, ("登录凭证的算法不被接受", "The algorithm of the token is not accepted"), SIGN_IN_AGAIN
    ),
    "token_expired": row(
        401,
        ("登录凭证已过期", "The access token has expired"),
        ("请用刷新令牌换取新的凭证。", "Get a new one with the refresh token."),
        to_program=(
            ("访问凭证已过期", "The access token has expired"),
            ("请用密钥在 POST /v1/tokens 换取新的凭证。", "Ask for a new one at POST /v1/tokens with the key."),
        ),
    ),
    "token_request_unfit": row(
        400,
        ("换取凭证的请求有误", "The request for a token is not right"),
        ("请按 errors 逐项更正后重新提交。", "Correct what errors points at and send the request again."),
    ),
    "sign_in_not_recent": row(
        403,
        ("登录已有一段时间", "You have signed in too long ago for this"),
        (
            "为保护您的账号，请重新登录，并在 {minutes} 分钟内办理。",
            "To guard your account, sign in anew and do this within {minutes} minutes.",
        ),
        to_program=(
            ("密钥不能办理", "A key does not do this"),
            (
                "这属于个人账号，须由本人登录办理。",
                "It is about a person's own account: they sign in and do it themselves.",
            ),
        ),
    ),
    "token_revoked": row(
        401,
        ("这次登录已被结束", "The session of this access token was ended"),
        SIGN_IN_AGAIN,
        to_program=(
            ("该凭证所用的密钥已停用", "The key of this access token was ended"),
            (
                "请向区管理员申请新的密钥，再用它在 POST /v1/tokens 换取凭证。",
                "Ask an administrator of the district for another key, and at POST /v1/tokens for a token with it.",
            ),
        ),
    ),
    "token_outdated": row(
        401,
        ("您的角色已有变动", "Your roles have changed since this access token was given out"),
        ("请用刷新令牌换取新的凭证。", "Get a new one with the refresh token."),
    ),
    "photo_link_not_found": row(
        404,
        ("链接无效", "No such link"),
        ("请重新获取照片链接。", "Ask for a link to the photo once more."),
    ),
    "photo_link_expired": row(
        410,
        ("链接已过期", "The link is over"),
        ("请重新获取照片链接，有效期最长 15 分钟。", "Ask for another one: it works for 15 minutes at most."),
    ),
    "route_not_found": row(
        404,
        ("没有这个地址", "There is no such address"),
        ("接口目录见 /docs。", "All addresses are listed at /docs."),
    ),
    "method_not_allowed": row(
        405,
        ("不支持这种请求方法", "The method is not allowed here"),
        ("可用的方法见 Allow 响应头。", "The header Allow lists the methods."),
    ),
    "request_timeout": row(408, ("请求接收超时", "The request took too long to arrive"), LATER),
    "length_required": row(
        411,
        ("缺少 Content-Length", "The length of the body is missing"),
        ("请在请求头中写明长度。", "Send Content-Length."),
    ),
    "body_too_large": row(
        413,
        ("请求内容过大", "The body is too large"),
        (
            "文本请求最大 1 MiB，表格最大 4 MiB，照片最大 10 MiB。",
            "JSON may have up to 1 MiB, a spreadsheet up to 4 MiB, a photo up to 10 MiB.",
        ),
    ),
    "uri_too_long": row(
        414, ("地址过长", "The address is too long"), ("地址最长 8,000 个字符。", "It may have up to 8,000 characters.")
    ),
    "export_too_large": row(
        422,
        ("导出内容过多", "Too much for one file"),
        (
            "一份清单最多 {most} 行，请缩小区域、区间或筛选条件，或分页读取。",
            "A list may have {most} lines: narrow the area, the period or the filters, or read it page by page.",
        ),
    ),
    "photo_empty": row(
        422,
        ("请求内容为空", "The body is empty"),
        (
            "请以文件本身作为请求内容，并核对文件路径。",
            "Send the file itself as the body, and check the path of the file.",
        ),
    ),
    "unsupported_media_type": row(
        415,
        ("不支持这种内容类型", "The content type is not supported"),
        (
            "请按以下类型之一发送请求体：{accepted}，并写在 Content-Type 中。",
            "Send the body as one of {accepted}, and say which in Content-Type.",
        ),
    ),
    "header_too_large": row(
        431,
        ("请求头过大", "The header is too large"),
        ("每个请求头最大 8 KiB，合计最大 64 KiB。", "A header line may have up to 8 KiB, all together up to 64 KiB."),
    ),
    "too_many_streams": row(
        429,
        ("同时打开的实时连接过多", "Too many streams are open"),
        (
            "每人最多同时打开 {most} 个；请先关闭不用的页面。",
            "One person may have {most} at once: close those that are not looked at.",
        ),
    ),
    "too_many_requests": row(429, ("请求过于频繁", "Too many requests"), WAIT),
    "internal_error": row(
        500,
        ("系统内部错误", "An internal error"),
        ("请稍后重试；如仍失败，请提供 request_id。", "Try again later; if it goes on, report the request_id."),
    ),
    "unavailable": row(503, ("服务暂时不可用", "The service is away for a moment"), LATER),
    "not_ready": row(503, ("系统尚未就绪", "Not every service is ready"), ("请稍后再试。", "Try again shortly.")),
    "deadline_exceeded": row(504, ("处理超时", "No answer came in time"), LATER),
}

BY_STATUS: Mapping[int, str] = {
    400: "malformed_request",
    404: "route_not_found",
    405: "method_not_allowed",
    408: "request_timeout",
    411: "length_required",
    413: "body_too_large",
    414: "uri_too_long",
    429: "too_many_requests",
    431: "header_too_large",
    500: "internal_error",
    503: "unavailable",
}
"""The code of an error that Flask or Werkzeug raised, by its status."""
