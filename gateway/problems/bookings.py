"""What members refuses about bookings of venues, the use of rest stations, feedback and calendars."""

from collections.abc import Mapping

from gateway.problems.problem import CHECK_ID, Problem, row

TIMES = ("请核对起止时间。", "Check when it begins and ends.")
ANOTHER = ("请另选时间，或改用其他阵地。", "Choose another time or another venue.")


def _has(zh: str, en: str) -> Problem:
    return row(409, (zh, en), ("处理后再关闭阵地。", "Close the venue when that is done."))


BOOKINGS: Mapping[str, Problem] = {
    "booking_not_found": row(404, ("没有找到该预约", "No such booking"), CHECK_ID),
    "venue_taken": row(
        409,
        ("该时段已被预约", "The venue is taken at that time"),
        ("free 列出当天可预约的时段。", "What is free on that day stands in free."),
    ),
    "outside_opening_hours": row(
        422,
        ("不在开放时间内", "The venue is not open then"),
        ("open 列出当天的开放时间。", "The hours of that day stand in open."),
    ),
    "venue_closed_then": row(422, ("该日阵地未启用或已关闭", "There is no such venue on that day"), ANOTHER),
    "venue_in_use": row(
        409,
        ("阵地在该日及以后尚有预约，未关闭", "The venue is booked on that day or later; it was not closed"),
        ("请按 errors 逐项改期、另选阵地或取消后再关闭。", "Move or call off what errors names, then close it."),
    ),
    "venue_holds_bookings": _has("尚有预约：请先取消", "It is booked: cancel the bookings"),
    "venue_holds_activities": _has(
        "尚有活动：请先另选阵地或取消", "Activities take place there: move or call them off"
    ),
    "venue_holds_series": _has(
        "尚有系列活动：请先另选阵地或终止", "Series have days there: change their venue or end them"
    ),
    "more_than_its_capacity": row(
        422, ("人数超过阵地容量", "There is no room for so many"), ("请换用更大的阵地。", "Choose a larger venue.")
    ),
    "not_on_five_minutes": row(
        422,
        ("时间不是 5 分钟的整数倍", "Not at a mark of five minutes"),
        ("请写成 09:05 这样的时间。", "Such as 09:05."),
    ),
    "ends_before_it_begins": row(422, ("结束不晚于开始", "It ends before it has begun"), TIMES),
    "longer_than_a_day": row(422, ("超过一天", "It lasts longer than a day"), ("请按天分开。", "Divide it by days.")),
    "begins_in_the_past": row(
        422, ("开始时间已过", "It begins in the past"), ("请选择将来的时间。", "Choose a time to come.")
    ),
    "too_far_ahead": row(
        422, ("时间过远", "It is too far ahead"), ("请在一年之内选择。", "Choose a time within a year.")
    ),
    "booking_cancelled": row(
        409, ("该预约已取消", "The booking is cancelled"), ("无需再次取消。", "Nothing is to be done.")
    ),
    "booking_over": row(409, ("该预约已结束", "The booking is over"), ("无需取消。", "Nothing is to be done.")),
    "booking_of_activity": row(
        409,
        ("该预约属于一项活动", "The booking belongs to an activity"),
        ("请修改或取消该活动。", "Change or cancel the activity."),
    ),
    "station_not_found": row(404, ("没有找到该驿站", "No such rest station"), CHECK_ID),
    "wrong_station_code": row(
        422,
        ("驿站码不正确", "This is not the code of the station"),
        ("请扫描驿站内张贴的二维码。", "Scan the code that is put up in the station."),
    ),
    "station_code_replaced": row(
        410,
        ("该驿站码已更换", "The code of the station was replaced"),
        ("请扫描驿站内新张贴的二维码。", "Scan the code that is put up in the station now."),
    ),
    "too_many_station_codes": row(
        409, ("该驿站码更换次数过多", "The code was replaced too often"), ("请将驿站另行登记。", "Register it anew.")
    ),
    "was_not_there": row(
        403,
        ("未报名也未参加该活动", "You neither had a place nor were there"),
        ("只有报名或参加的人可以评价。", "Only those who were to come, or came, say how it was."),
    ),
    "feedback_given": row(
        409, ("已评价过该活动", "You have said it already"), ("无需重复评价。", "Nothing is to be done.")
    ),
    "feedback_not_found": row(404, ("没有找到该评价", "No such feedback"), CHECK_ID),
    "calendar_not_found": row(
        404,
        ("没有这个日历，或链接已失效", "There is no such calendar, or its link was revoked"),
        ("请在应用内重新生成链接。", "Make a new link in the application."),
    ),
    "calendar_revoked": row(
        409, ("该链接已失效", "The link was revoked"), ("无需再次撤销。", "Nothing is to be done.")
    ),
    "too_many_calendars": row(
        409, ("日历链接过多", "There are too many links"), ("请先撤销不用的链接。", "Revoke those that are not used.")
    ),
}
