"""What is said of a case in codes, in both languages: status, acts, and how it came; it decides nothing."""

from collections.abc import Mapping

from gateway.problems import Text

STATUSES: Mapping[str, Text] = {
    "REPORTED": Text("已上报，待受理", "Reported, and not judged yet"),
    "VERIFYING": Text("核实中", "Being verified"),
    "REGISTERED": Text("已立案", "Registered"),
    "DISPATCHED": Text("已派遣", "Dispatched"),
    "ACCEPTED": Text("已接单", "Accepted"),
    "IN_PROGRESS": Text("处置中", "Work is under way"),
    "SUSPENDED": Text("缓办", "Suspended"),
    "RESOLVED": Text("已处置，待核查", "Done, and to be inspected"),
    "REOPENED": Text("重新办理", "Reopened"),
    "CLOSED": Text("已结案", "Closed"),
    "REJECTED": Text("不予立案", "Not accepted as a case"),
    "MERGED": Text("已并入同一问题的案件", "Merged into another case about the same"),
    "WITHDRAWN": Text("反映人已撤回", "Withdrawn by who reported it"),
}
"""Where a case stands, to who has reported it."""

ACTS: Mapping[str, Text] = {
    "report": Text("上报", "It was reported."),
    "register": Text("立案", "It was registered as a case."),
    "reject": Text("不予立案", "It was not accepted as a case."),
    "merge": Text("并案", "It was merged into another case."),
    "answer_directly": Text("直接答复", "It was answered."),
    "dispatch": Text("派遣", "It was dispatched."),
    "accept": Text("接单", "Somebody took it on."),
    "arrive": Text("到达现场", "Somebody arrived at the spot."),
    "start": Text("开始处置", "Work began."),
    "suspend": Text("缓办", "It was suspended."),
    "resume": Text("恢复办理", "Work goes on."),
    "feedback": Text("处置完毕", "The work was said to be done."),
    "inspect_pass": Text("核查结案", "It was inspected and closed."),
    "rework": Text("退回返工", "The inspection sent it back."),
    "reopen": Text("重新办理", "It was reopened."),
    "withdraw": Text("撤回", "It was withdrawn."),
}
"""What everybody is told that was done; nothing that anybody said."""

ASKED: Mapping[str, Text] = {
    "ask": Text("询问", "Something was asked."),
    "answer": Text("答复询问", "The question was answered."),
}
"""What besides is told to who follows a report."""

AT_WORK: Mapping[str, Text] = {
    "ask_verify": Text("请求核实", "A grid worker was asked to look."),
    "verify": Text("核实", "A grid worker has looked."),
    "join": Text("并入其他反映", "Another report was merged into it."),
    "return": Text("退单", "It was returned."),
    "reassign": Text("改派", "It was given to others."),
    "time_out": Text("超时未接单", "Nobody accepted it in time."),
    "relieve": Text("承办人退出", "Somebody who had it has left."),
    "pass_on": Text("转请他人承办", "Somebody else was asked in the place of who has left."),
    "correct": Text("更正", "Its category or place was put right."),
    "note": Text("备注", "Something was noted."),
    "leave": Text("离开现场", "Somebody left the spot."),
    "extend": Text("延期", "More time was given."),
    "ask_extend": Text("申请延期", "More time was asked for."),
    "ask_suspend": Text("申请缓办", "It was asked to suspend it."),
    "mediate": Text("开始调解", "Somebody mediates it."),
    "meet": Text("调解会面", "The parties met."),
    "settle": Text("调解结束", "The mediation ended."),
    "rate": Text("评价", "It was rated."),
    "remind": Text("提醒", "Somebody was reminded."),
    "lapse": Text("逾期未评价", "Nobody rated it in time."),
    "propose_exclusion": Text("提出剔除", "It is proposed to leave it out of the rates."),
    "approve_exclusion": Text("同意剔除", "It is left out of the rates."),
    "refuse_exclusion": Text("不同意剔除", "It goes on counting."),
}
"""What the timeline tells those who work on it."""

SOURCES: Mapping[str, Text] = {
    "APP": Text("居民端上报", "residents' app"),
    "PATROL": Text("巡查发现", "found on patrol"),
    "SNAP": Text("随手拍", "snapshot"),
    "12345": Text("12345热线转办", "hotline 12345"),
    "PHONE": Text("电话反映", "by phone"),
    "SESSION": Text("接访收集", "intake session"),
    "OPEN311": Text("Open311 接口", "Open311"),
}
"""How it came."""
