"""What cases refuses."""

from collections.abc import Mapping

from gateway.problems.assets import ASSETS
from gateway.problems.indicators import INDICATORS
from gateway.problems.intake_sessions import INTAKE_SESSIONS
from gateway.problems.joint import JOINT
from gateway.problems.match_lists import MATCH_LISTS
from gateway.problems.problem import ASK_OFFICE, CHECK_ID, LATER, RELOAD, Problem, row
from gateway.problems.surveys import SURVEYS

OTHER_ASSIGNEE = ("请另选承办人员或单位。", "Choose another person or unit.")
UPLOAD_AGAIN = ("请重新上传照片。", "Upload the photo again.")
HANDLE_APART = (
    "请在 target_case_id 另选案件，或先更正本案件，或分别办理。",
    "Name another case in target_case_id, correct this one first, or handle them one by one.",
)
NEW_CASE = ("如问题仍在，请重新上报。", "If the problem is still there, report it anew.")

PERMISSION: Mapping[str, Problem] = {
    "outside_your_district": row(403, ("不在本区范围内", "Outside your district"), ASK_OFFICE),
    "not_the_reporter": row(403, ("只有反映人可以这样做", "Only who reported it may do this"), ASK_OFFICE),
    "not_assigned": row(
        403,
        ("该案件不由您办理", "The case is not yours to work on"),
        (
            "您办理的是派给您本人的案件，或派给您所代表的单位、且在您负责区域内的案件；如有需要，请联系综合治理办。",
            "Yours is what you were given, or what the unit was given that you speak for and lies in your own area. "
            "If it is needed, ask the governance office.",
        ),
    ),
    "not_eligible": row(403, ("您不符合接单条件", "You may not take this case"), ASK_OFFICE),
    "reporter_confidential": row(
        403, ("反映人信息对被反映单位保密", "The reporter is confidential to the unit that it is about"), ASK_OFFICE
    ),
    "source_not_permitted": row(
        403,
        ("您的身份不能使用这种来源", "This source is not open to you"),
        ("个人上报请用 APP，或不填来源。", "Report with the source APP, or name none."),
    ),
    "external_number_not_expected": row(
        422,
        ("只有 12345 转来的件有外部编号", "Only the hotline's transfers have a number of their own"),
        ("请去掉 external_number，或将 source 填为 12345。", "Leave external_number out, or send the source 12345."),
    ),
    "patrol_not_expected": row(
        422,
        ("只有巡查发现的问题可以注明巡查", "Only what is found on patrol names a patrol"),
        ("请去掉 patrol_id，或将 source 填为 PATROL。", "Leave patrol_id out, or send the source PATROL."),
    ),
    "not_on_behalf": row(
        403,
        ("不能代他人上报", "You may not report for somebody else"),
        ("请由本人或网格员上报。", "Let them report themselves, or ask a grid worker."),
    ),
    "handler_inspects": row(
        403,
        ("承办人不能核查自己办理的案件", "Who handled a case does not inspect it"),
        ("请由其他人员核查。", "Let somebody else inspect it."),
    ),
    "handler_rates": row(
        403,
        ("承办人不能代为评价", "Who handled a case does not write down its rating"),
        ("请由其他人员回访。", "Let somebody else call back."),
    ),
    "own_exclusion": row(
        403,
        ("提出剔除或承办案件的人不能审批剔除", "Who proposed an exclusion or handled the case does not decide on it"),
        ("请由综合治理办其他人员审批。", "Let somebody else of the office decide."),
    ),
    "own_request": row(
        403,
        ("不能审批自己的申请", "Nobody approves their own request"),
        ("请由其他人员审批。", "Let somebody else decide."),
    ),
}

REPORT: Mapping[str, Problem] = {
    "reason_missing": row(
        422, ("缺少理由", "The reason is missing"), ("请在 reason 写明理由。", "Say in reason why it is needed.")
    ),
    "unknown_compound": row(
        422,
        ("没有这个小区", "There is no such compound"),
        ("请在 compound_id 填写已有的小区，或改填位置。", "Name a compound that there is in compound_id, or a point."),
    ),
    "grid_mismatch": row(
        422,
        ("位置与网格不符", "The place lies in another grid"),
        ("grid_code 应为 {grid_code}，或不填。", "Send {grid_code} as grid_code, or leave it out."),
    ),
    "illegal_move": row(409, ("当前状态不能这样操作", "Not possible in the present state"), RELOAD),
    "case_not_found": row(404, ("没有找到该案件", "No such case"), CHECK_ID),
    "tracked_report_not_found": row(
        404,
        ("这个链接查不到反映", "This link leads to no report"),
        (
            "请核对链接；个人信息保存期满后，链接即失效。",
            "Check it; once personal data are let go of, it leads nowhere.",
        ),
    ),
    "service_request_not_found": row(404, ("没有找到该请求", "No such request"), CHECK_ID),
    "service_not_found": row(
        404,
        ("没有这项服务", "There is no such service"),
        ("服务列表见 services。", "The services are listed at services."),
    ),
    "jurisdiction_not_found": row(
        404,
        ("没有这个区", "There is no such jurisdiction"),
        ("请填写六位区划代码。", "Name a district by its six digits."),
    ),
    "address_unclear": row(
        422,
        ("地址不是唯一的小区名称", "The address is not the name of exactly one compound"),
        ("请改填 lat 和 long，或 address_id。", "Send lat and long, or an address_id."),
    ),
    "text_or_photo_missing": row(
        422, ("缺少文字或照片", "A text or a photo is missing"), ("请填写说明或上传照片。", "Add one of them.")
    ),
    "text_missing": row(422, ("缺少文字说明", "The text is missing"), ("请填写说明。", "Add a text.")),
    "unknown_category": row(
        422, ("没有这个类别", "There is no such category"), ("类别见 /v1/categories。", "See /v1/categories.")
    ),
    "unknown_version": row(
        422,
        ("没有这个类别版本", "There is no such version"),
        ("不填 version 即为现行版本。", "Leave version out to see the one in force."),
    ),
    "category_missing": row(422, ("缺少类别", "The category is missing"), ("请先选定类别。", "Name a category first.")),
    "urgency_undecided": row(
        409,
        ("标为“急”，但类别不属紧急", "Called urgent, and its category is not"),
        (
            "请在 urgency 填 confirmed（确认紧急）或 lowered（取消“急”标签），或另选类别。",
            "Say confirmed or lowered in urgency, or name another category.",
        ),
    ),
    "urgency_without_tag": row(
        422,
        ("案件没有“急”标签", "The case does not carry the tag urgent"),
        ("请不填 urgency。", "Leave urgency out."),
    ),
    "emergency_is_not_verified": row(
        409, ("紧急案件无需核实", "An emergency is not verified first"), ("请直接立案派遣。", "Register it at once.")
    ),
    "nothing_corrected": row(
        422,
        ("没有任何更正", "Nothing was corrected"),
        (
            "请填写与现有内容不同的 category、municipal、complained_unit_id、location、grid_code 或 compound_id。",
            "Give a category, municipal, complained_unit_id, location, grid_code or compound_id that differs from what "
            "the case has.",
        ),
    ),
    "merge_into_itself": row(
        422,
        ("不能与自身合并", "A case cannot be merged into itself"),
        ("请在 target_case_id 填写另一个案件。", "Name another case in target_case_id."),
    ),
    "unknown_target": row(422, ("没有找到合并目标", "The case to merge into was not found"), CHECK_ID),
    "target_not_open": row(409, ("合并目标已办结", "The case to merge into has ended"), RELOAD),
    "target_elsewhere": row(409, ("两个案件不在同一地点", "The cases are at different places"), HANDLE_APART),
    "target_of_other_category": row(409, ("两个案件类别不同", "The cases are of different categories"), HANDLE_APART),
    "target_complains_of_another": row(
        409,
        ("两个案件投诉的单位不同", "The cases complain about different units"),
        ("请先更正被投诉单位，或分别办理。", "Correct the unit complained about, or handle them one by one."),
    ),
    "has_followers": row(
        409,
        ("已有其他反映并入该案件，不能撤回", "Other reports were merged into the case"),
        ("如问题已解决，请告知综合治理办。", "If it is solved, tell the office."),
    ),
    "not_a_consultation": row(
        409,
        ("只有咨询类案件可以直接答复", "Only an enquiry can be answered at once"),
        ("请派遣办理。", "Dispatch it."),
    ),
}

ASSIGNMENT: Mapping[str, Problem] = {
    "assignee_missing": row(
        422,
        ("没有指定承办人员", "Nobody is named"),
        (
            "请在 assignees 列出人员或单位，派遣时也可改填公开认领的名额 places。",
            "Name persons or units in assignees or, to dispatch, a number of open places in places.",
        ),
    ),
    "team_or_offer": row(
        422,
        ("指派与公开认领只能选一", "Name a team or places, not both"),
        ("assignees 与 places 只填一项。", "Send either assignees or places."),
    ),
    "lead_missing": row(
        422,
        ("没有指定牵头人", "The lead is missing"),
        ("请在 lead 填写 assignees 中的牵头人。", "Name one of the assignees in lead."),
    ),
    "lead_not_in_team": row(
        422,
        ("牵头人不在承办人员中", "The lead is not in the team"),
        ("lead 须是 assignees 之一，请更换或补入。", "Lead has to be one of assignees: name another, or add them."),
    ),
    "assignee_inactive": row(422, ("承办人员或单位已停用", "The person or unit is no longer active"), OTHER_ASSIGNEE),
    "assignee_out_of_district": row(422, ("承办人员不在本区", "Not of this district"), OTHER_ASSIGNEE),
    "assignee_not_eligible": row(422, ("该人员不能承办案件", "This person takes no cases"), OTHER_ASSIGNEE),
    "category_not_for_members": row(
        422, ("该类别不能派给党员或志愿者", "Members and volunteers do not take this category"), OTHER_ASSIGNEE
    ),
    "category_not_for_union": row(422, ("该类别不能派给工会", "The union does not take this category"), OTHER_ASSIGNEE),
    "complained_unit": row(422, ("不能派给被反映的单位", "A case about a unit is never given to it"), OTHER_ASSIGNEE),
    "certificate_missing": row(
        422, ("承办人员缺少所需证书", "Nobody in the team holds the licence that is needed"), OTHER_ASSIGNEE
    ),
    "same_assignee": row(
        422,
        ("重新派给原承办人员须说明理由", "Giving it to the same assignee again needs a reason"),
        ("请填写理由，或另选承办人员。", "Give a reason, or choose somebody else."),
    ),
    "same_team": row(409, ("承办人员没有变化", "These have it already"), OTHER_ASSIGNEE),
    "office_decides": row(409, ("已两次退单，须由综合治理办决定", "After two returns the office decides"), ASK_OFFICE),
    "returns_used_up": row(409, ("已两次退单，不能再退", "It cannot be returned a third time"), ASK_OFFICE),
    "already_accepted": row(409, ("您已接单", "You have accepted already"), RELOAD),
    "places_taken": row(
        409, ("名额已满", "All places are taken"), ("可以认领其他案件。", "Look for another open offer.")
    ),
    "not_due": row(409, ("接单时限未到", "There is still time to accept"), RELOAD),
    "not_ringing": row(409, ("提醒已发出或尚未到时", "The reminder has been given, or is not due"), RELOAD),
    "not_theirs": row(409, ("案件不由此人承办", "The case is not given to that person"), RELOAD),
    "others_remain": row(409, ("仍有其他承办人", "Others have the case still"), RELOAD),
    "nobody_remains": row(409, ("已无其他承办人", "Nobody else has the case"), RELOAD),
}

HANDLING: Mapping[str, Problem] = {
    "not_accepted": row(409, ("请先接单", "Accept the case first"), RELOAD),
    "already_there": row(409, ("您已签到", "You are there already"), RELOAD),
    "not_there": row(409, ("您尚未签到", "You are not there"), RELOAD),
    "after_photo_missing": row(
        422, ("缺少处置后照片", "The photo afterwards is missing"), ("请上传处置后的照片。", "Add one.")
    ),
    "before_photo_missing": row(
        422,
        ("缺少处置前照片", "The photo before is missing"),
        ("请在 before_photos 中上传处置前的照片。", "Add one to before_photos."),
    ),
    "service_day_not_begun": row(
        409,
        ("服务日尚未开始", "The service day has not begun"),
        ("请在服务日开始后反馈。", "Report once it has begun."),
    ),
    "category_not_of_service_day": row(
        422,
        ("该类案件不属于服务日处置范围", "Service days do not deal with this category"),
        ("请不填 service_day_id 直接反馈。", "Report without service_day_id."),
    ),
    "case_not_of_service_day": row(
        422,
        ("案件所在小区不在该服务日的安排中", "The service day does not serve the compound of the case"),
        ("请核对服务日，或不填 service_day_id 直接反馈。", "Check the service day, or report without service_day_id."),
    ),
    "no_question_waiting": row(409, ("没有待回答的问题", "No question is waiting"), RELOAD),
    "already_asked": row(409, ("申请已提交，等待审批", "It was asked for already"), RELOAD),
    "no_due_time": row(409, ("该案件没有办理时限", "The case has no due time"), RELOAD),
    "already_extended": row(409, ("只能延期一次", "It can be extended only once"), RELOAD),
    "past_due": row(409, ("已超过时限，不能延期", "It is past due"), RELOAD),
    "extension_too_short": row(
        422,
        ("延期后的时限不晚于原时限", "The new time is not later"),
        ("until 须晚于案件现有的时限。", "Name a time in until that is later than the due time of the case."),
    ),
    "extension_too_long": row(
        422,
        ("延期不能超过原时限长度", "Longer than the original time"),
        ("until 最晚为 {latest}。", "The time in until may be {latest} at the latest."),
    ),
    "review_in_the_past": row(
        422,
        ("复核日期不在今天之后", "The review date is not in the future"),
        ("review_on 须为明天或以后。", "Name tomorrow or a later day in review_on."),
    ),
    "review_too_far": row(
        422,
        ("复核日期过远", "The review date is too far ahead"),
        ("最晚为 {latest}。", "Name a day up to {latest}."),
    ),
}

CLOSING: Mapping[str, Problem] = {
    "rating_window_over": row(409, ("评价期已过", "The time for rating is over"), NEW_CASE),
    "already_rated": row(409, ("已经评价过", "It was rated already"), RELOAD),
    "mark_missing": row(
        422,
        ("评价不完整", "The mark is not complete"),
        ("请填写是否解决和满意度。", "Say whether it is solved, and how well."),
    ),
    "mark_without_contact": row(
        422,
        ("未联系到人时不能评价", "A mark without contact"),
        (
            "contacted 为 false 仅供回访人员使用，且不填 solved 和 satisfaction。",
            "Contacted false is for who called back for the reporter, without solved and satisfaction.",
        ),
    ),
    "reopen_window_over": row(409, ("重新办理的期限已过", "The time for reopening is over"), NEW_CASE),
    "exclusion_waits": row(
        409, ("已提出剔除，等待审批", "An exclusion is proposed already, and waits for a decision"), RELOAD
    ),
    "already_excluded": row(409, ("案件已剔除", "The case is excluded already"), RELOAD),
    "no_exclusion_waiting": row(409, ("没有待审批的剔除", "No exclusion waits for a decision"), RELOAD),
    "rated_solved": row(409, ("已评价为解决", "It was rated as solved"), NEW_CASE),
}

PHOTOS: Mapping[str, Problem] = {
    "photo_too_large": row(
        413,
        ("照片过大", "The photo is too large"),
        (
            "最大 10 MiB、6000 万像素（WebP 1500 万），每边最多 3 万像素；未登录时像素为其四分之一。"
            "请缩小后再上传，或改用 JPEG。",
            "At most 10 MiB and 60 megapixels (a WebP 15), without an account a quarter of these pixels, and 30,000 a "
            "side. Send it smaller, or as a JPEG.",
        ),
    ),
    "photo_not_readable": row(
        415,
        ("不是可读的照片", "This is not a photo that can be read"),
        (
            "请上传 JPEG、PNG 或 WebP；若本来就是，请用看图软件另存一次后再上传。",
            "Send JPEG, PNG or WebP; if it is one, save it anew with a program for pictures, and send that.",
        ),
    ),
    "photo_not_for_everybody": row(
        409,
        ("这张照片不能公开", "This photo is not for everybody"),
        (
            "只能公开已立案、非敏感且不反映单位的案件照片，内部备注和协议照片除外。",
            "Only photos of a registered case are released that is neither sensitive nor about a unit, and none of an "
            "internal note or an agreement.",
        ),
    ),
    "photos_unavailable": row(503, ("照片暂时无法存取", "Photos cannot be kept or shown for a moment"), LATER),
    "photo_not_found": row(404, ("没有找到照片", "No such photo"), CHECK_ID),
    "unknown_photo": row(422, ("照片不可用", "The photo cannot be used here"), UPLOAD_AGAIN),
    "ticket_invalid": row(409, ("上传凭证已失效", "The ticket is no longer valid"), UPLOAD_AGAIN),
}

CASES: Mapping[str, Problem] = {
    **PERMISSION,
    **REPORT,
    **ASSIGNMENT,
    **HANDLING,
    **CLOSING,
    **PHOTOS,
    **INDICATORS,
    **MATCH_LISTS,
    **INTAKE_SESSIONS,
    **ASSETS,
    **JOINT,
    **SURVEYS,
}
