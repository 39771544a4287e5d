"""What a column of an annex holds, told by the words over it."""

from enum import StrEnum

from planner.reading.flat import Flat, Sight, Words, flat


class Role(StrEnum):
    """Vai của một cột."""

    NUMBER = "number"
    TASK = "task"
    INDICATOR = "indicator"
    LEAD = "lead"
    SUPPORTING = "supporting"
    DEADLINE = "deadline"
    DELIVERABLE = "deliverable"
    MEASURE = "measure"
    TARGET = "target"
    POINTS = "points"
    BASIS = "basis"


_ROLES: tuple[tuple[Role, Words], ...] = tuple(
    (role, Words(pattern))
    for role, pattern in (
        (Role.NUMBER, r"(?:số )?(?:stt|tt|thứ tự|s ?tt)\b|^số$|^mục$"),
        (Role.MEASURE, r"đơn vị tính|\bđvt\b"),
        (Role.SUPPORTING, r"phối hợp|tham gia"),
        (
            Role.DEADLINE,
            (
                r"thời gian|thời hạn|tiến độ|thời điểm|(?:hạn|ngày|thời) (?:hoàn thành|báo cáo|nộp|trình)"
                r"|\bhoàn thành\b(?! nhiệm vụ)|thực hiện trong (?:năm|quý|tháng)|lộ trình|\bhạn\b"
            ),
        ),
        (Role.POINTS, r"\bđiểm\b|trọng số"),
        (
            Role.LEAD,
            (
                r"chủ trì|(?:đơn vị|cơ quan|phòng|bộ phận|người|cá nhân|cán bộ)[^;]{0,30}(?:thực hiện|đầu mối"
                r"|chịu trách nhiệm|phụ trách|được giao|tham mưu|báo cáo)|phân công|trách nhiệm|đầu mối|(?:đơn vị"
                r"|cơ quan)(?:, (?:đơn vị|địa phương))*$"
            ),
        ),
        (
            Role.DELIVERABLE,
            (
                r"sản phẩm|kết quả(?: (?:đầu ra|dự kiến|hoàn thành|cần đạt|đạt được|thực hiện"
                r"|đầu ra dự kiến))?(?! đánh giá)|đầu ra"
            ),
        ),
        (Role.BASIS, r"căn cứ|ghi chú|cơ sở|văn bản giao|nguồn"),
        (
            Role.TARGET,
            (
                r"giao chỉ tiêu|chỉ tiêu (?:giao|được giao|năm|phấn đấu)|mục tiêu|kế hoạch (?:năm|giao)"
                r"|mức (?:phấn đấu|độ)"
            ),
        ),
        (
            Role.TASK,
            (
                r"nội dung|nhiệm vụ|công việc|giải pháp|hoạt động|đầu việc|(?:tên|danh mục) (?:nhiệm vụ|việc|báo cáo"
                r"|đề án)|tên báo cáo|việc\b"
            ),
        ),
        (Role.INDICATOR, r"chỉ số|chỉ tiêu|tiêu chí|tên chỉ tiêu"),
    )
)


def role_of(text: Flat) -> Role | None:
    """The role a heading gives its column; None when its words give none."""
    return next((role for role, words in _ROLES if words.search(text)), None)


def roles_of(headings: list[str], sight: Sight) -> list[Role | None]:
    """Roles of all columns, each main role once: of two columns that could be the task the first is."""
    roles: list[Role | None] = [role_of(flat(heading, sight)) if heading.strip() else None for heading in headings]
    taken: set[Role] = set()
    for place, role in enumerate(roles):
        if role is not None and role in taken and role not in {Role.BASIS, Role.POINTS, Role.TARGET}:
            roles[place] = Role.TARGET if role is Role.INDICATOR else None
        if role is not None:
            taken.add(role)
    return roles


def is_duty_table(roles: list[Role | None]) -> bool:
    """A table that gives work: something to do or to reach, and who, by when, or how much."""
    has_what = Role.TASK in roles or Role.INDICATOR in roles
    return has_what and (
        Role.LEAD in roles or Role.DEADLINE in roles or (Role.TARGET in roles and Role.INDICATOR in roles)
    )
