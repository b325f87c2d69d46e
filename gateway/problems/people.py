"""What members refuses about people: entries, roles, identities, merges and phones."""

from collections.abc import Mapping

from gateway.problems.problem import ASK_OFFICE, CHECK_ID, Problem, row

PEOPLE: Mapping[str, Problem] = {
    "under_age": row(
        422,
        ("未满 14 周岁，不能登记", "Under 14 years old"),
        ("请由监护人与社区联系，系统不登记未满 14 周岁的人员。", "Nobody under 14 is entered; let a guardian ask."),
    ),
    "born_in_future": row(422, ("出生日期晚于今天", "Born in the future"), ("请核对出生日期。", "Check the day.")),
    "phone_taken": row(
        409,
        ("该手机号已被其他账号使用", "Another account has this phone"),
        (
            "如号码已换人使用，请由办公室先从原账号解除该号码；如是同一人，请合并两份登记。",
            "If the number has changed hands, let an office release it first; if it is the same person, merge the two.",
        ),
    ),
    "consent_missing": row(
        422,
        ("代办登记须征得本人同意", "The person's consent is missing"),
        ("请在 consent 中填写同意方式和文本版本。", "Say in consent how they agreed, and to which text."),
    ),
    "unit_missing": row(
        422,
        ("单位联系人须有所属单位", "Who speaks for a unit is of it"),
        ("请在 unit_id 填写其所属单位。", "Say in unit_id of which unit they are."),
    ),
    "speaks_for_another_unit": row(
        409,
        ("此人已是另一单位的联系人", "The person speaks for another unit"),
        (
            "请先收回其全部 unit_contact 角色，再就该单位授予。",
            "Take every role unit_contact from them first, then give it for this unit.",
        ),
    ),
    "district_missing": row(
        422,
        ("未指明所属区", "No district is named"),
        ("请在 tenant 填写 6 位区代码。", "Name the district of 6 digits in tenant."),
    ),
    "role_above_own": row(403, ("不能授予或撤销该角色", "Not a role that you give or take"), ASK_OFFICE),
    "role_held": row(
        409, ("该角色已授予", "The role is held in that time"), ("无需重复授予。", "Nothing is to be done.")
    ),
    "role_not_held": row(
        409, ("没有该角色可撤销", "There is no such role to take"), ("请核对角色和范围。", "Check role and scope.")
    ),
    "role_ends_too_early": row(
        422,
        ("结束时间早于开始时间", "It ends before it begins"),
        ("请核对 since 和 until。", "Check since and until."),
    ),
    "identity_shown": row(
        409, ("该身份已同意公开", "You show it already"), ("无需重复操作。", "Nothing is to be done.")
    ),
    "identity_not_shown": row(
        409, ("该身份未公开", "You do not show it"), ("无需撤回。", "There is nothing to withdraw.")
    ),
    "identity_of_another_role": row(
        409,
        ("该身份只属于担任相应角色的人", "The identity is of a role that you do not hold"),
        ("请核对 kind；所需角色为 {role}。", "Check kind; it is of {role}."),
    ),
    "merged_with_itself": row(
        422, ("不能与自身合并", "It is the same entry"), ("请核对两份登记的编号。", "Check the ids of the two entries.")
    ),
    "own_entry": row(
        403,
        ("不能对本人的登记这样办理", "Nobody does this to an entry of their own"),
        (
            "请由其他管理人员办理；删除本人的数据请用 POST /v1/me/deletion。",
            "Ask a colleague; to have your own data deleted, use POST /v1/me/deletion.",
        ),
    ),
    "person_merged": row(409, ("该登记已并入他人", "The entry was merged before"), ("请使用 {into}。", "Use {into}.")),
    "merged_across_districts": row(409, ("不同区的登记不能合并", "The entries are of different districts"), ASK_OFFICE),
    "contact_of_another_unit": row(
        409,
        ("两份登记分属不同单位，其中一方是单位联系人", "An entry speaks for a unit, and not all is of that one"),
        (
            "请先收回该登记的 unit_contact 角色，合并后如仍需要再授予。",
            "Take the role unit_contact from it first, and give it anew afterwards if it is still right.",
        ),
    ),
    "sign_in_not_found": row(
        404, ("没有这个登录，或它已经结束", "You have no such session, or it has ended"), CHECK_ID
    ),
    "account_not_found": row(404, ("没有找到该账号", "No such account"), CHECK_ID),
    "person_left": row(409, ("此人已离开", "The person has left"), CHECK_ID),
}
