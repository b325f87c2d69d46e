"""What members refuses about passwords: those that people replace themselves."""

from collections.abc import Mapping

from gateway.problems.problem import ASK_OFFICE, Problem, row

SIGN_IN: Mapping[str, Problem] = {
    "no_password": row(409, ("您的账号没有密码", "You sign in without a password"), ASK_OFFICE),
    "password_wrong": row(
        403,
        ("当前密码不正确", "The password of now is wrong"),
        (
            "请核对后重新输入；忘记密码请联系办公室重置。",
            "Check it and try again; if it is forgotten, an office resets it.",
        ),
    ),
    "password_unfit": row(
        422,
        ("新密码不符合要求", "The new password is unfit"),
        (
            "密码须为 12 至 200 个字符，不能与账号或当前密码相同。",
            "Take 12 to 200 characters, and neither the login nor the password of now.",
        ),
    ),
}
