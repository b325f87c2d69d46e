"""What members refuses."""

from collections.abc import Mapping

from gateway.problems.activities import ACTIVITIES, SIGNUPS
from gateway.problems.attendance import ATTENDANCE
from gateway.problems.bookings import BOOKINGS
from gateway.problems.calls import CALLS
from gateway.problems.hours import VOLUNTEER_HOURS
from gateway.problems.identity_providers import IDENTITY_PROVIDERS
from gateway.problems.imports import IMPORTS
from gateway.problems.needs import NEEDS
from gateway.problems.patrols import PATROLS
from gateway.problems.people import PEOPLE
from gateway.problems.problem import CHECK_ID, SIGN_IN_AGAIN, WAIT, Problem, row
from gateway.problems.rotation import ROTATION
from gateway.problems.series import SERIES
from gateway.problems.sign_in import SIGN_IN
from gateway.problems.staffing import STAFFING
from gateway.problems.territory import TERRITORY
from gateway.problems.units import UNITS

NEW_CODE = ("请重新获取验证码。", "Ask for a new code.")

MEMBERS: Mapping[str, Problem] = {
    **ACTIVITIES,
    **SIGNUPS,
    **BOOKINGS,
    **IMPORTS,
    **VOLUNTEER_HOURS,
    **PEOPLE,
    **TERRITORY,
    **UNITS,
    **STAFFING,
    "bad_code": row(
        401,
        ("验证码不正确", "The code is wrong"),
        (
            "请核对后重新输入；次数用完后请重新获取验证码。",
            "Check it and enter it again; once no tries are left, ask for a new one.",
        ),
    ),
    "code_expired": row(401, ("验证码已过期", "The code has expired"), NEW_CODE),
    "bad_credentials": row(
        401,
        ("账号或密码不正确", "The login or the password is wrong"),
        ("请核对后重新输入。", "Check them and try again."),
    ),
    **SIGN_IN,
    **IDENTITY_PROVIDERS,
    "session_ended": row(401, ("登录已结束", "The session has ended"), SIGN_IN_AGAIN),
    "token_reused": row(
        401,
        ("刷新令牌被重复使用，登录已结束", "The refresh token was used before; the session has ended"),
        SIGN_IN_AGAIN,
    ),
    "api_key_refused": row(
        403,
        ("密钥缺失、有误或已停用", "The api_key is missing, wrong or ended"),
        ("请向区管理员申请密钥。", "Ask an administrator of the district for one."),
    ),
    "client_refused": row(
        401,
        (
            "client_id 或 client_secret 有误，或该密钥已停用或不能登录",
            "client_id or client_secret is wrong, or the key has ended or is not for that",
        ),
        (
            "请核对，或请区管理员开立代表单位的密钥。",
            "Check both, or ask the district for a key that speaks for the unit.",
        ),
    ),
    "unit_needed": row(
        422,
        ("有 area 的密钥须指明单位", "A key with an area needs a unit"),
        ("请填写 unit_id，或去掉 area。", "Name unit_id, or leave area away."),
    ),
    "area_elsewhere": row(
        422,
        ("区域不在该区内", "The area lies outside the district"),
        ("{area} 不以 {district} 开头，请更正。", "{area} does not begin with {district}: correct it."),
    ),
    "api_key_not_found": row(404, ("没有找到该密钥", "No such key"), CHECK_ID),
    "api_key_ended": row(
        409, ("该密钥已停用", "The key was ended before"), ("如有需要，请另开一个。", "Open another if one is needed.")
    ),
    "person_not_found": row(404, ("没有找到此人", "No such person"), CHECK_ID),
    "unit_not_found": row(404, ("没有找到该单位", "No such unit"), CHECK_ID),
    "grid_not_found": row(404, ("没有找到该网格", "No such grid"), CHECK_ID),
    "too_many_codes": row(429, ("获取验证码过于频繁", "Too many codes were asked for"), WAIT),
    "too_many_tries": row(429, ("验证码输错次数过多", "Too many wrong codes"), NEW_CODE),
    "too_many_sign_ins": row(429, ("登录失败次数过多", "Too many failed sign-ins"), WAIT),
    **NEEDS,
    **ATTENDANCE,
    **PATROLS,
    **CALLS,
    **SERIES,
    **ROTATION,
}
