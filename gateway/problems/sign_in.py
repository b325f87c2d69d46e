"""What members refuses about logins: passwords that people replace and offices give, and second factors."""

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
    "phone_code_wrong": row(
        403,
        ("验证码不正确或已过期", "The code is wrong, or has expired"),
        ("请核对后重新输入，或重新获取验证码。", "Check it and enter it again, or ask for a new one."),
    ),
    "password_to_be_changed": row(
        401,
        ("首次登录须设置新密码", "A first password has to be replaced"),
        ("请在 new_password 中填写新密码后重新登录。", "Sign in again with a password of your own in new_password."),
    ),
    "no_first_password": row(
        409,
        ("当前密码不是初始密码", "It is no first password"),
        (
            "请不带 new_password 登录，再用 PUT /v1/me/password 修改。",
            "Sign in without new_password, and replace it with PUT /v1/me/password.",
        ),
    ),
    "own_login": row(
        403,
        ("不能为自己开通或重置登录", "Nobody opens or resets their own login"),
        ("请由其他管理人员办理；自己的密码可自行修改。", "Ask a colleague; you can replace your own password."),
    ),
    "login_open": row(
        409,
        ("此人已有登录账号", "The person has a login"),
        ("如忘记密码，请重置登录。", "If the password is forgotten, reset the login."),
    ),
    "no_login": row(
        409, ("此人没有登录账号", "The person has no login"), ("请先开通登录账号。", "Open a login first.")
    ),
    "login_taken": row(409, ("该登录名已被使用", "The login is taken"), ("请换一个登录名。", "Choose another login.")),
    "second_factor_needed": row(
        401,
        ("需要动态验证码", "A code of the second factor is needed"),
        (
            "请在 otp 中填写动态验证码或恢复码后重新登录。",
            "Sign in again with the code of the app, or a recovery code, in otp.",
        ),
    ),
    "bad_second_factor": row(
        401,
        ("动态验证码不正确或已使用", "The code of the second factor is wrong, or was used"),
        (
            "请等待新的动态验证码，或使用恢复码；都没有请联系办公室重置登录。",
            "Wait for the next code, or take a recovery code; without either, an office resets the login.",
        ),
    ),
    "second_factor_wrong": row(
        403,
        ("动态验证码不正确或已使用", "The code is wrong, or was used"),
        (
            "请等待新的动态验证码后重试，并核对手机时间。",
            "Try again with the next code, and check the clock of the phone.",
        ),
    ),
    "second_factor_active": row(
        409,
        ("动态验证码登录已启用", "A second factor is in force"),
        ("如需更换，请先停用。", "End it first to take another."),
    ),
    "second_factor_not_pending": row(
        409,
        ("没有待确认的动态验证码", "No second factor waits to be confirmed"),
        ("请先申请动态验证码密钥。", "Begin one first."),
    ),
    "no_second_factor": row(
        409, ("未启用动态验证码", "You have no second factor"), ("无需停用。", "There is nothing to end.")
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
