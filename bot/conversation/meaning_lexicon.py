"""The words answers are made of, as tables: each row has a pattern on plain words, an example and the reason for it.

Plain words are those of `meaning_words`: no accents but the telling ones, "@me" for whoever speaks, "@you" for whoever
is spoken to, "wait" for chờ and đợi, "vuong" for kẹt.
"""
# ruff: noqa: SIM905 - a list of words reads as words

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """Một dòng của từ điển: pattern, example, why it stands here."""

    pattern: re.Pattern[str]
    example: str
    why: str


def words(pattern: str) -> re.Pattern[str]:
    """A pattern that begins and ends between plain words."""
    return re.compile(rf"(?<!\S)(?:{pattern})(?!\S)")


def _row(pattern: str, example: str, why: str) -> Row:
    return Row(words(pattern), example, why)


def first(rows: tuple[Row, ...], said: str) -> tuple[Row, re.Match[str]] | None:
    """The first row that is found in these words."""
    for row in rows:
        match = row.pattern.search(said)
        if match:
            return row, match
    return None


# --- pieces -------------------------------------------------------------------------------------------------------

PAPER = (
    r"(?:bao cao|van ban|cong van|to trinh|quyet dinh|ke hoach|ket qua|ho so|bieu mau|bieu|mau bieu|danh sach|de an"
    r"|tham luan|bien ban|phu luc|file|thong bao|cv|so lieu|ban (?:giay|mem|cung|scan|chinh thuc)|gop y|y kien gop y"
    r"|chuong trinh|nghi quyet|chi thi|bang tong hop|tai lieu|minh chung|thuyet minh)"
)
ORGAN = (
    r"(?:@org|tram(?: |$)|truong (?!@me)|benh vien|phuong (?!@me|an|phap)|thon (?!@me)|ap (?!@me)|so (?!lieu)"
    r"|ben (?!@me)|phong (?!@me)|huyen(?: |$)|xa (?!@me)|ubnd(?: |$)|bo(?: |$)|cuc(?: "
    r"|$)|chi cuc(?: |$)|ban (?!giay|mem|cung|hanh)"
    r"|cong an|van phong|thanh tra|kho bac|tinh(?: |$)|hdnd|don vi khac|co quan khac|nganh(?: |$)"
    r"|trung tam|cong ty|to(?: |$)|thi xa"
    r"|thanh pho|toa an|vien(?: |$)|thue|bao hiem|quan su|doan(?: |$)|hoi(?: |$))"
)
DEPENDENCY = (
    r"(?:nghi quyet|hdnd|hoi dong|ket luan|giay phep|so$|so lieu|van ban|huong dan|kinh phi|von"
    r"|tien(?! do(?!\S))|y kien|so |bo |ubnd|tinh|trung uong|cap"
    r" tren|huyen|xa|cac |ket qua"
    r"|phan hoi|tra loi|thong tu|nghi dinh|quyet dinh|chu truong|phe duyet|tham dinh|cong van|phan bo|thong bao|thue"
    r"|kho bac|nguon|mat bang|nha thau|don vi|phong|cuc|vat tu|thiet bi|bao cao|thong tin|du lieu|chi dao|mau|cap|ben)"
)
RESOURCE = (
    r"(?:kinh phi|von|tien(?! do(?!\S))|ho so|so lieu|huong dan|van ban|nhan su|nhan luc|can bo|nguoi|phan"
    r" mem|mat bang|chu truong"
    r"|tai khoan|mat khau|dinh muc|don gia|thiet bi|may|vat tu|nguon|du toan|danh sach|mau bieu|bieu mau|mau|ngan sach"
    r"|tai lieu|thong tu|quy dinh|nghi dinh|dat|nha thau|phuong tien|chi tieu phan bo|du lieu|thong tin|y kien)"
)
VERB = (
    r"(?:lam|trien khai|thuc hien|bat dau|khoi dong|khoi cong|tien hanh|xu ly|ra soat|viet|soan(?:"
    r" thao)?|dung|dong(?! (?:y|dau)(?!\S))"
    r"|cham|tham muu|bat tay|xay dung|to chuc|khao sat|tong hop|lap|giai quyet|nghien cuu|chuan bi|lap ke hoach)"
)
HAND_IN = (
    r"(?:gui|nop|(?<!giai )(?<!quy )(?<!chuong )(?<!cong )(?<!tien )trinh|ban giao|giao nop|dua(?= (?:tan|cho"
    r"|len|qua|@you))|bao cao|ban hanh|phat hanh|cong khai|cong bo|đăng tai|dang tai|đăng(?! ky(?!\S))|up"
    r"|tra loi|phan hoi|phuc dap"
    r"|chuyen|nhap|cap nhat|ky ban hanh|mang|dem)"
)
DO = r"(?:lam|giai trinh|thuc hien|xu ly|giai quyet|khac phuc|chan chinh|hoan thien|tham muu|xu li)"
ENDED = (
    r"(?:tra|cap|cap phat|phat|lap|lap dat|nghiem thu|tich|thanh toan|chi|thu|bo tri|kien toan|thanh lap|thao do"
    r"|di doi|tiem|phun"
    r"|trong|niem yet|kiem ke|ke khai|cai dat|kich hoat|phan bo|giai ngan|dau gia|khoa so|chot|chot so|@thing"
    r"|van hanh|go bo|cap doi)"
)
"""Deeds that leave nothing behind once they are done."""
THIRD = (
    r"(?:cac (?:xa|phuong|huyen|so|phong|don vi|truong|ap|thon|nganh|dia phuong)|may (?:xa|truong|ap|don vi|phong)"
    r"|bo(?: [a-z]+){0,2}|so(?! (?:lieu|hoa|sach)(?!\S))(?: [a-z]+){0,3}|cong an(?: [a-z]+){0,2}"
    r"|(?:don vi )?tu van|dia chinh|thue|ubnd(?: [a-z]+){0,3}|tinh|huyen|(?:nha )?thau|kho bac"
    r"|cap tren|trung uong|doi tac"
    r"|xa|thon|ap|khu pho|to dan pho|truong|phong (?!@me)\S+|ben (?!@me)\S+(?: (?!chua|khong)\S+){0,2}"
    r"|chi cuc(?: [a-z]+){0,3}"
    r"|tram(?: [a-z]+){0,2}|benh vien"
    r"|cong ty|vien|ngan hang|chu dau tu|vnpt|viettel|buu dien|nha mang|thanh vien|dia phuong"
    r"|cuc(?: [a-z]+){1,3}|don vi khac|hdnd(?: tinh)?|nguoi dan|dan|ho dan)"
)
WHEN = r"(?:bao gio|(?:khi|luc|ngay|hom|thang|gio|chung|thu|tuan) nao)"
OPENS_A_TIME = words(
    rf"{WHEN} (?:(?!(?:thi|la|moi|@me|@you|phai|can|duoc) )\S+ ){{1,6}}?(?:(?:thi|la|roi) (?:@me |se |moi "
    rf"|lai )*|@me (?:se |moi |lai )*|moi )"
    r"(?:gui|nop|bao|trinh|lam|tra loi|chuyen|cap nhat|xong|hoan|ky|ban hanh|lien|len|tong hop|thong bao)(?: .*)?"
    rf"|{WHEN} (?:\S+ ){{0,4}}(?:xong|du|duyet|ky) (?:la |thi |@me )*(?:bao(?! cao(?!\S))|gui|nop|trinh)(?: .*)?"
)
"""Khi nào ký xong em gửi: the hour of something to come, not a question about it."""
NOT = r"(?:chua|khong|chang|cha)"

# --- when it is not now, not sure, or not so ----------------------------------------------------------------------

FUTURE = (
    _row(r"se", "em sẽ nộp sớm", "a promise is not the thing"),
    _row(
        r"(?:ngay|sang|trua|chieu|tối|toi|hom|den|qua)? ?(?:mai|mốt)|(?:ngay|sang|chieu|bua) kia",
        "mai em gửi",
        "tomorrow",
    ),
    _row(r"(?:tuan|thang|quy|nam|ky) (?:sau|toi|tiep|nữa)", "tuần sau xong", "a week from now"),
    _row(
        r"(?:cuoi|dau|giua|trong|het|noi trong) (?:tuan|thang|ngay|hom|buoi|quy|nam|gio)(?: nay)?(?! (?:qua"
        r"|truoc|kia)(?!\S))",
        "cuối tuần xong",
        "a day ahead",
    ),
    _row(
        r"(?:lat|ti|chut|xiu|lac|mot lat|it phut|may phut|1 lat)(?: (?:nữa|nua))?(?= (?:@me|gui|nop|xong|bao|se|la))",
        "lát em gửi",
        "soon is not yet",
    ),
    _row(r"(?:chut|ti|xiu|lat|ty|it) (?:nữa|nua)", "tí nữa em gửi", "soon is not yet"),
    _row(r"\d+ (?:ngay|tuan|hom|gio|phut|tieng|thang) (?:nữa|nua)", "2 ngày nữa xong", "counted from now"),
    _row(
        r"(?:vai|may|it) (?:ngay|hom|tuan|gio|phut|bua)(?: (?:nữa|nua|toi))?(?! (?:nay|qua|roi|truoc|lien)(?!\S))",
        "vài hôm nữa xong",
        "counted from now",
    ),
    _row(r"(?:de|cho|nho|xin|hen|hua) @me(?! (?:da|moi|vua|lam xong)(?!\S))", "để em gửi", "asks leave to do it"),
    _row(
        r"(?:gui|nop|bao cao|bao|trinh|lam|bo sung|tra loi) (?:lai |bo sung )?sau(?! khi(?!\S))|^(?:@me )?sang"
        r" (?:tuan|thang|nam)",
        "em gửi sau",
        "later",
    ),
    _row(r"sap toi|toi day|som thoi|thoi gian toi|nay mai|tu tu", "sắp tới em nộp", "ahead"),
    _row(r"dip nay xong|ngay kia", "ngày kia xong", "ahead"),
)
"""A future time anywhere in the clause wins over "rồi": nothing is finished tomorrow."""

TODAY = words(
    r"(?:sang|trua|chieu|tối|toi|hom|bua|tuan|thang|ngay|dem) nay|hom nay|trong ngay|ngay hom nay"
    r"|(?:sang|trua|chieu|tối|toi)(?= (?:@me|gui|nop|xong|se|bao|trinh)(?!\S))"
)
"""Hôm nay, chiều nay: done when "đã" or "rồi" says so, a promise when not."""

SOFT = (
    _row(
        r"(?:de nghi|yeu cau|nhac|don doc)(?: (?!(?:da|xac|kiem)(?!\S))\S+){0,5} (?:hoan thanh|xong|nop|gui)(?: .*)?"
        r"|(?:muc tieu|chi tieu|thoi han|han|moc)(?: la)? (?:hoan thanh|xong)(?! roi)(?: .*)?|(?:la )?(?:rat|hoi"
        r"|qua) kho$"
        r"|phan dau|du kien|co gang|cố gang|no luc|cam ket|cam doan|hua|(?:dam bao|bao dam)(?: se)?|quyet tam"
        r"|(?:@me|^|dang|con|du) dinh(?= \S)|muon|mong|uoc|uoc tinh|tranh thu|hy vong"
        r"|hi vong|ke hoach la|yen tam|can(?! (?:cu|bo|cuoc|ho|thiep|tho|doi)(?!\S))|phai|kip(?! thoi(?!\S))"
        r"|tinh toi|tien toi|huong toi",
        "phấn đấu hoàn thành đúng hạn",
        "an aim, not a fact",
    ),
)
AIMS = words(
    r"cam doan|dam bao|bao dam|phan dau|du kien|co gang|cố gang|no luc|cam ket|quyet tam|tranh thu|yen tam"
    r"|dung han|chac (?:duoc|kip)|kip"
    r"|hen|hua"
)
"""Alone, an aim tells that the work goes on."""
HEARSAY = (
    _row(
        r"nghe (?:noi|dau|đâu|bao|@you|may|anh|don|ben|phong)|nghe .{1,24}(?:bao|noi)|hinh nhu|co le"
        r"|chac(?! chan(?!\S))(?: la)?|chac chan la|dau nhu"
        r"|nghi la|doan la|co khi(?= (?:da|xong|nop|gui|roi))|khong chung|chung nhu|khong biet|chua biet"
        r"|khong ro|hoi lai|thi phai|theo @me biet|co ve|tuong"
        r"|@you .{1,16}bao(?! cao)|@you (?:\S+ ){0,3}(?:bao(?! cao)|noi)(?: \S+){0,3} (?:xong|roi|da)"
        r"|(?:phong|xa|don vi|so|ben|truong|huyen) (?:khac|kia|ban|canh|ben canh|do|đó)(?: \S+){0,4} (?:xong|roi"
        r"|da)|nguoi ta"
        r"|(?:bao|noi)(?: la| rang)|duoc bao",
        "nghe nói xong rồi",
        "what others say, or what one supposes",
    ),
)
CONDITION = (
    _row(
        r"neu(?! (?:tren|ro|tai|trong)(?!\S))|gia su|gia nhu|mien la|(?<!sat )lo|truong hop|tru phi|gia ma",
        "nếu có số liệu thì xong",
        "depends on something",
    ),
    _row(rf"{WHEN}(?! cung(?!\S))", "khi nào xong em báo", "depends on something"),
    _row(
        r"khi(?! (?:nao|dau)(?!\S))|sau khi|den khi|toi khi|cho den khi|ngay khi|doi khi",
        "sau khi ký thì xong",
        "depends on something",
    ),
    _row(r"co .{1,40} (?:la|thi|moi) .{0,20}", "có số liệu là xong", "depends on something"),
    _row(r"(?:wait|doi(?! nao(?!\S))) .{1,40} (?:roi|thi|moi|xong)", "chờ ký rồi gửi", "depends on something"),
    _row(
        r".{1,40}(?<!@me)(?<!vua)(?<!da)(?<!chi) moi (?:xong|gui|nop|hoan|co the|bao cao|lam|duoc)(?: .*)?",
        "tuần sau mới xong",
        "“mới” after a time or a cause: not before it",
    ),
)
ALMOST = words(
    r"gan|sap|co ban|hau nhu|hau het|coi nhu|xem nhu|(?<!trung )tam|suyt|chuan bi|so bo|phan lon|ve"
    r" co ban|da so(?! (?:hoa|\d|luong|lieu)(?!\S))|tuong doi|khoang|da phan"
    r"|tam tam|nua chung|dai khai|(?<!ho )so so|qua loa|(?:ban|lam) tho|cung gan|mot phan|nửa chung"
)
"""Gần xong, cơ bản xong, tạm xong: not xong."""

PART = words(
    r"(?:thu tuc|phan (?!mem|hoi|cong|bo)\S+|phan$|buoc|khau|giai doan|mot phan|1 phan|mot so|1 so|vai|may|nhieu"
    r"|it|mot it"
    r"|1 it|mot vai|du thao|ban thao|de cuong|khung|ban nhap|nhap"
    r"|so bo|noi dung (?:\d|mot|hai|ba|dau|thu|chinh)|noi dung$|muc(?! (?:tieu|luc|dich)(?!\S))|dot (?:\d|mot"
    r"|hai|ba|dau|i)|chuong(?! trinh(?!\S))|\d+(?: (?!roi|xong|thi)\S+)?|(?:hai|ba|bon|nam|mot) (?:muc|phan"
    r"|noi dung|viec|xa|bao cao|buoc)|gan het|dau tien|truoc mat|ve co ban|co ban"
    r"|tru(?! so(?!\S))|ngoai tru|chi(?! (?:dao|tiet|cuc|tieu|thi|phi|dan|ban|bo|doan)(?!\S))|chi con|con thieu"
    r"|thoi|tam(?! hoanh(?!\S))|tho(?= |$)|@range)"
)
"""Xong phần 1, xong dự thảo, xong hết trừ phụ lục: a part of it."""

A_PAST_DAY = (
    r"(?<!\S)(?:hom (?:thu \S+|qua|truoc|kia|no|roi|bua)|hoi (?:sang|chieu|trua|tối|toi|qua|nay|dau|thang|tuan|hom)"
    r"|(?:tuan|thang|ngay) (?:truoc|qua|roi)|tu (?:hom|tuan|thang|thu|lau|sang|chieu|hoi|dau|nam)(?: \S+)?"
    r"|tu (?:doi|đời|kiep|thuo) nao|tu tam hoanh|luc nay|khi nay)(?!\S)"
)
PAST = words(
    r"da|roi|vua|hom qua|hom truoc|hom no|hom kia|tuan truoc|thang truoc|truoc do|hoi (?:sang|chieu"
    r"|trua|tối|toi|qua|nay|dau|thang|tuan|hom)|luc (?:sang|chieu|nay)|nay gio|tu (?:lau|hom|tuan|thang"
    r"|sang|chieu|ngay|dau)|lau roi|xong|hom thu \S+|thu \S+ (?:tuan truoc|vua roi)|moi(?= (?:gui|nop|lam"
    r"|bao|trinh|chuyen|up|ky))"
)

# --- what is said -------------------------------------------------------------------------------------------------

FINISH = words(
    r"xong|hoan (?:thanh|tat|thien xong)|ket thuc(?! (?:hop|hoi nghi|ky|nam|dot|tap huan)(?!\S))|het viec"
    r"|lam het roi|chot xong"
)
OTHER_THINGS_END = words(
    r"(?:hop|(?<!de )an|di|nghi|tap huan|dai hoi|hoi nghi|giao ban|tiep khach|tiep dan|di cong tac|hoc|le|tet"
    r"|bau cu|phep|nhau|cuoi"
    r"|dam|(?<!ky )thi(?! dua(?!\S))|du(?! (?:toan|an|thao)(?!\S))|bay|ve|ngu|doc|xem)(?: \S+){0,3}"
)
"""Họp xong, đi công tác xong: another thing ended."""

PREPARING = words(
    r"(?:thu thap|khao sat|soan(?: thao)?|viet|du thao|in|scan|lay y kien|hop|(?<!giai )trinh|phan cong"
    r"|lap ke hoach|len ke hoach"
    r"|nghien cuu|gui cac|(?<!xac )nhan|tiep nhan|doi chieu|chuan bi|gom|lay so lieu|nhap lieu|photo"
    r"|tinh toan)(?: \S+){0,3}"
)
"""Thu thập xong, soạn xong: a step on the way."""

AFTER_IT = words(
    r"(?:thi |la |roi |moi )?(?:se )?(?:@me|se)(?: (?:se|moi|lai|cung))? (?:gui|bao|nop|trinh|lam|tra"
    r" loi|chuyen|noi|ban|lien he|goi|gọi|nhan|thong bao|cap nhat|bao cao)\b.*"
    r"|(?:thi |la |roi )?(?:gui|nop|bao|trinh|ban hanh|phat hanh|ky)(?: (?:lien|luon|ngay|@you|cho|len|so|di))*$"
    r"|(?!.*(?<!\S)roi(?!\S))(?:viec|cai|ky|dot|vu|phan|@thing)(?: \S+){0,3} (?:thi |la |moi )?@me (?:se |moi "
    r"|lai )?(?:lam|gui|nop|bao|trinh|tiep|trien khai)(?: .*)?"
    r"|(?:thi|la)(?: .*)?|(?:roi |la )?(?:bao|gui|nop|trinh) .*(?:sau|lien|ngay|lai)"
)
"""Xong em báo cáo, xong thì gửi: "xong" opens a time, it states nothing."""

WRONG_UNIT = (
    _row(
        r"(?:khong|chang|dau|đâu|chua)(?: co)?(?: phai)?(?: la)?(?: (?:viec|nhiem vu|cong viec|cai|trach nhiem"
        r"|phan|linh vuc|mang|chuc nang|tham quyen))+"
        r"(?: (?:nay|do|đó|la))?(?: cua| ben| thuoc| phong)? (?:@org|@me|cap|ben|don vi|phong|so|xa|huyen|nganh|co"
        r" quan|trung tam|truong|chi cuc|cuc|ban|van phong|phuong|ubnd|vien)(?: .*)?",
        "không phải việc của bên em",
        "not ours",
    ),
    _row(
        r"(?:chuyen|giao)(?: (?:cho|sang|qua|ve))? (?:phong|don vi|xa|so|ben|nguoi|co quan) khac(?: .*)?"
        r"|(?:cai|viec|nhiem vu)(?: \S+)? khong phai (?:la )?(?:do )?@me (?:lam|phu trach|chu tri)$"
        r"|khong phai (?:la )?(?:cua )?(?:@me|ben nay|don vi)(?! (?:chua|khong|lam|da|gui|nop|quen|cham"
        r"|de))(?: .*)?",
        "không phải của bên em",
        "not ours",
    ),
    _row(
        r"khong (?:\S+ )?(?:thuoc|dung|nam trong)(?: \S+)? (?:tham quyen|chuc nang|nhiem vu|linh vuc"
        r"|trach nhiem|pham vi|don vi|mang|quan ly|dia ban|@me|ben|quyen)(?: .*)?",
        "không thuộc thẩm quyền",
        "not ours",
    ),
    _row(
        r"khong(?: co)? (?:phu trach|chu tri|quan ly|lien quan|duoc giao viec|duoc giao nhiem vu|duoc"
        r" phan cong|chuc nang|tham quyen|co chuc nang|co tham quyen|dam nhiem|dam nhan)(?! .*(?:khong|lien"
        r" quan den von))(?: .*)?",
        "bên em không phụ trách",
        "not ours",
    ),
    _row(
        r"(?:@me|don vi|phong|ubnd|xa) (?:khong|dau co|đâu co|dau|đâu|dau phai)(?: co)? (?:lam|phu trach)"
        r" (?:mang|linh vuc|viec|cai|phan|may)(?: nay| do| đó)?(?: .*)?",
        "bên em không làm mảng này",
        "not ours",
    ),
    _row(
        r"(?:giao|gui|nham|phan cong|nhan|chuyen|goi|gọi)(?: \S+)? ?(?:nham|sai|lon)(?: (?:roi|xa|phuong|huyen"
        r"|truong|sang|qua|don vi|nguoi"
        r"|cho|ben|so|phong|co quan|dia chi|viec|@me|@you|ma|cho).*)?$|nham (?:sang|qua|cho|dia chi|don vi"
        r"|co quan|nguoi|phong|so"
        r"|ben|roi|viec)(?: .*)?|sai don vi|khong dung don vi(?: .*)?",
        "giao nhầm đơn vị",
        "not ours",
    ),
    _row(
        r"(?:viec|cai|nhiem vu|noi dung|phan|muc|linh vuc|van de|mang|chuc nang|tham quyen)(?: viec| do|"
        r" nay| đó)* (?:nay |do |đó |la |thi |ni |hinh nhu |chac |phai )*(?:cua|thuoc|do|la cua|la viec cua|la"
        r" trach nhiem|thuoc ve)(?: (?:ve|tham quyen|trach nhiem|nhiem vu|chuc nang|linh vuc|quan ly|viec"
        rf"|cua))* {ORGAN}(?:.*)?",
        "cái này của Sở Tài chính",
        "names whose it is",
    ),
    _row(
        rf"(?:viec|cai|nhiem vu|noi dung|phan|muc|mang) (?:nay|do|đó) (?:(?:la|ben"
        rf"|thi) )?{ORGAN} ?(?:\S+ ){{0,4}}(?:lam|chu tri|thuc hien|phu trach|tham muu|dam nhan|quan ly"
        rf"|lo)(?! (?:xong|da|het"
        rf"|day du)(?!\S))(?: .*)?",
        "việc này Sở Nội vụ làm",
        "names whose it is",
    ),
    _row(
        rf"^(?:cai nay |viec nay |.{{1,40}} (?=la ))?(?:la )?(?:viec |nhiem vu )?(?:cua|thuoc) {ORGAN}(?:.*)?",
        "của sở tài chính",
        "names whose it is",
    ),
    _row(
        rf"^(?:do )?{ORGAN}(?:\S+ ){{0,4}}(?:chu tri|phu trach|lam dau moi)(?: .*)?",
        "Sở Nội vụ chủ trì",
        "names whose it is",
    ),
    _row(
        r"(?:de nghi|xin|nho|mong|@you|kinh de nghi|kien nghi|de xuat|vui long)(?: @you| so| ubnd| tinh|"
        rf" van phong)?(?: duoc)? ?(?:chuyen|giao|dieu chuyen|phan cong|giao lai|chuyen lai)(?: \S+){{0,4}}?"
        rf" (?:cho|sang|ve|qua|den) {ORGAN}(?:.*)?",
        "đề nghị chuyển cho Sở Y tế",
        "asks for it to go elsewhere",
    ),
    _row(
        r"^(?:@you )?(?:chuyen|giao)(?: (?:viec|nhiem vu|cai|lai|nay|giup|@me|cho))* ?(?:cho|sang|ve|qua)"
        rf" {ORGAN}(?:\S+ ?){{0,4}}(?:giup|di|nhe|@me|voi|moi dung|thuc hien|xu ly)(?: .*)?",
        "chuyển cho Sở Y tế giúp em",
        "asks for it to go elsewhere",
    ),
    _row(
        r"(?:chu tri|dau moi|phu trach|chiu trach nhiem)(?: chinh)? (?:la|thuoc|thuoc ve|do|phai la)"
        rf" {ORGAN}(?:.*)?|^(?:chuyen|giao) (?:cho |sang |qua )?{ORGAN}(?!.*(?:roi|xong)(?!\S))(?:.*)?|^(?:@me "
        rf"|don vi )?chi phoi hop(?: .*)?|(?:@me|don vi) khong duoc (?:giao|phan"
        r" cong)(?: (?:viec|nhiem vu|nay|cai|phan|lam|chu tri|noi dung).*)?$|(?:chua|khong) duoc giao nhiem"
        r" vu.*",
        "chủ trì là Sở Y tế",
        "names whose it is",
    ),
    _row(
        rf"(?:viec|cai|nhiem vu|noi dung|phan)(?: \S+)? khong (?:phai )?(?:la )?(?:cua|thuoc)(?: .*)?"
        r"|(?:de nghi|xin|nho|kien nghi|de xuat|^)(?: @you)? ?(?:chuyen|giao|phan cong) (?:so (?!lieu)"
        r"|ubnd |cong an|cuc |chi cuc )(?:.*)?"
        rf"|(?:@me|don vi|phong|xa) (?:het|khong con) (?:nhiem vu|chuc nang|viec)(?: .*)?"
        rf"|thuoc (?:tham quyen|trach nhiem|chuc nang|linh vuc|nhiem vu)(?: cua)? {ORGAN}(?:.*)?",
        "nhiệm vụ này không phải của xã",
        "not ours",
    ),
    _row(
        r"(?:@me|don vi|phong|xa) (?:co |dau |đâu )*(?:duoc )?(?:giao|phan cong|phu trach|quan ly"
        r"|chu tri)(?: \S+){0,3} (?:đâu|dau)$"
        r"|(?:@me|don vi) khong co (?:nhiem vu|viec|chuc nang|tham quyen|trach nhiem)(?: .*)?|nen (?:giao"
        rf"|chuyen|de) (?:\S+ )?{ORGAN}(?:.*)?|(?:de nghi|xin|nho)(?: \S+){{0,2}} (?:giao|phan cong|chuyen)(?:"
        rf" \S+){{0,2}} (?:don vi|co quan|ben|phong|so) khac(?: .*)?|(?:viec|nhiem vu)(?: \S+)? (?:da"
        rf" )?(?:chuyen|giao) (?:ve|sang|cho|qua) {ORGAN}(?:.*)?|(?:xin |de nghi )tra lai (?:nhiem vu|viec)(?:"
        r" .*)?",
        "phòng em không có nhiệm vụ này",
        "not ours",
    ),
    _row(
        r"thuoc trach nhiem (?:cua )?(?!@me)(?:\S+)(?: .*)?|trach nhiem cua (?:so|ben(?! @me(?!\S))|ubnd|bo"
        r"|phong|huyen)(?: .*)?",
        "thuộc trách nhiệm Văn phòng",
        "names whose it is",
    ),
)

ASKS_MORE_TIME = (
    _row(
        r"(?:xin|xjn|de nghi|cho|mong|nho|@me|duoc|can|kinh|them|han|)(?: \S+){0,3} ?gia han(?: .*)?",
        "xin gia hạn",
        "asks for it by name",
    ),
    _row(
        r"lui (?:han|thoi han|thoi gian|lai|den|toi|sang|qua|them|ngay|toi da|giup|cho|vai|it|may|truoc"
        r"|cham|ve|tu|cuoi|het|thu|mung|khoang|\d|@|mot|1|hai|ba|tien do|lich|ha|tuan|thang)(?: .*)?|(?:xin"
        r"|cho|de nghi)(?: \S+){0,4} lui(?: .*)?",
        "lùi đến 15/11",
        "to put off",
    ),
    _row(
        r"(?:xin|de nghi) (?:@me )?(?:doi|hoan)(?: (?:han|ngay|lich|lai))?$|(?:xin|de nghi"
        r"|cho) (?:@me )?doi (?:ngay )?(?:@frac|@date)(?: .*)?|(?:xin|de nghi) (?:@me )?doi (?:den|toi|sang|qua) .*"
        r"|(?:doi|chuyen|dieu chinh|keo dai|thay doi) (?:han|thoi han|thoi gian|lich|ngay|tien do|den|sang"
        r"|qua|them|lai)(?: \S+)* (?:@frac|@date|ngay|tuan|thang|cuoi|mung|thu|het|mai|mốt|\d+)(?: .*)?|(?:keo"
        r" dai|dieu chinh) (?:them |thoi )?(?:thoi gian|thoi han|han|gian)(?: .*)?|(?:xin|de nghi|cho"
        r"|mong)(?: \S+){0,4} keo dai(?: .*)?",
        "đề nghị điều chỉnh thời hạn",
        "to move the day",
    ),
    _row(r"hoan (?:den|lai|sang|toi|qua|han|them|\d)(?: .*)?", "hoãn đến 20/11", "to put off"),
    _row(
        r"khat(?: \S+)*|(?:cho|xin)(?: @me)? nợ(?: .*)?|(?:cho @me|xin) no(?: .*)?", "xin khất đến 13/11", "to put off"
    ),
    _row(
        r"(?:xin|cho @me|de nghi)(?: \S+){0,3} sau (?:(?:\d{1,3}|mot|hai|ba|vai|may|it) (?:ngay|tuan|hom|thang)"
        r"|le|tet|@date|@frac|ngay)(?: .*)?",
        "cho em nộp sau 2 ngày",
        "asks for more",
    ),
    _row(
        r"(?:xin|cho @me|cho don vi)(?: xin| them)* (?:\d{1,3}|mot|hai|ba|vai|may|it) (?:ngay|tuan|hom|thang)(?: .*)?",
        "cho em 2 ngày",
        "asks for more",
    ),
    _row(
        r"^(?:@me )?(?:den |toi |sang )?thu \S+ (?:@me )?(?:nop|gui|bao cao|xong) duoc khong(?: .*)?",
        "thứ 6 em nộp được không",
        "asks for a day",
    ),
    _row(
        r"(?:xin|cho|de nghi|mong)(?: \S+){0,3} them(?: (?:thoi gian|thoi han|it|vai|may|tuan|ngay|thang"
        r"|hom|\S+ (?:ngay|tuan|thang|hom))(?: .*)?)",
        "xin thêm 3 ngày",
        "asks for more",
    ),
    _row(
        r"^(?:@me |cho )*cham (?:khoang |them )?\S+ (?:ngay|tuan|hom|thang)(?: lam viec)?(?:"
        r" \S+)? (?:duoc khong|nhe|voi)(?: .*)?|^cho (?:@me )?cham (?:.*)",
        "trễ vài ngày được không",
        "asks to be late",
    ),
    _row(
        r"^(?:@me |don vi |can |khoang |ok )*them (?:\S+ )?(?:ngay lam viec|ngay|tuan|thang|hom|thoi"
        r" gian)(?: .*)?",
        "thêm 5 ngày làm việc",
        "asks for more",
    ),
    _row(
        r"(?:xin|cho(?= (?:@me|don vi|xin|nop|gui|cham|tre|phep))|de nghi|duoc)(?: \S+){0,2}(?: (?:nop|gui"
        r"|bao cao|trinh)(?: \S+){0,7})? (?:cham|tre)(?: (?:nop|gui|bao cao"
        r"|han|lai|den|toi|sang|them|ngay|\S+ (?:ngay|tuan|thang|hom)|@frac|@date|den).*)?",
        "xin nộp chậm 2 ngày",
        "asks to be late",
    ),
    _row(
        r"(?:nop|gui|bao cao|xong) (?:bao cao )?(?:cham|tre) (?:khoang |them )?\S+ (?:ngay|tuan|thang"
        r"|hom)(?: .*)?(?:khong|@ask|nhe|voi|$)",
        "nộp trễ 2 ngày được không",
        "asks to be late",
    ),
    _row(
        r"(?:xin|cho(?: @me)?(?: xin)?|de nghi(?: \S+){0,3}|mong)(?: @me)?(?: (?:duoc|phep|cho|nop|gui"
        r"|bao cao|hoan thanh|lam|han|thoi han|thoi gian|hen|vao|nhe))* (?:den|toi|sang|qua|vao|truoc|het|cuoi"
        r"|giua|dau (?:thang|tuan)|mung|ngay|thu|@frac|@date|mai|mốt|cham nhat|chieu mai|sang mai)(?! (?:so"
        r"|ubnd|tan|nha|phong|cong|bay|nay em|vu viec|ben|van|chu nhiem))(?: .*)?",
        "cho em đến 15/11",
        "asks for a day",
    ),
    _row(
        r"(?:@me )?(?:nop|gui|bao cao|hoan thanh) (?:vao |ngay |den |truoc |sang |qua |thu )*(?:@frac"
        r"|@date|tuan sau|thu \S+ tuan \S+)(?: .*)? duoc khong(?: .*)?|(?:@frac|@date|tuan sau|thu \S+ tuan"
        r" \S+) (?:@me )?(?:nop|gui|bao cao|xong) duoc khong(?: .*)?|^(?:@me )?(?:den|sang|toi|qua) (?:@frac"
        r"|@date|thu \S+ tuan \S+|tuan sau|ngay \S+|cuoi \S+|het \S+)(?: \S+)? duoc khong(?: .*)?",
        "15/11 em nộp được không",
        "asks for a day",
    ),
)
NO_MORE_TIME = words(
    r"(?:khong|chua|khoi|dung)(?: \S+){0,2} (?:gia han|lui|xin them|xin lui|khat)|(?:da|duoc|moi|vua)"
    r" (?:duoc )?(?:gia han|lui)(?! den giup(?!\S))(?=.*roi|$)|da (?:duoc )?gia han.*|cho (?:@me )?hoi.*"
)
NOT_A_DELAY = words(
    r"xin (?:nghi|phep (?:nghi|di|ve|vang|duoc vang)|y kien|so lieu|mau|file|link|huong dan|dau(?! (?:tuan|thang"
    r"|nam|quy)(?!\S))|gap"
    r"|hen gap|ve|di|so dien thoai)(?: .*)?"
)
ASKS_WHETHER_MORE_TIME = words(
    r"(?:co )?(?:duoc )?(?:gia han|lui)(?: han| them)?(?: duoc)? khong|co duoc (?:gia han|lui)(?: .*)?"
)
BEGS = words(r"xin|cho @me|de nghi|mong|giup|nho|kinh")

FREED = (
    _row(
        r"(?:da |moi |vua )?(?:het|thao go|go|gỡ|giai quyet|xu ly|thong|khac phuc)(?: xong| duoc| het)*"
        r" (?:vuong(?: mac)?|kho khan|tro ngai|ket(?! (?:qua|thuc)(?!\S)))(?: .*)?"
        r"|(?:vuong mac|kho khan|vuong)(?: \S+){0,2} (?:da|duoc)(?: duoc)? (?:go|thao go|xu ly|giai quyet"
        r"|khac phuc)(?: .*)?",
        "đã hết vướng",
        "the way is free again",
    ),
)
NO_BLOCKER = words(
    r"(?:khong|chua|chang)(?: (?:co|con|gap|bi|he|thay|phat sinh))*(?: (?:gi|kho khan|tro ngai|cai gi"
    r"|van de))*(?: (?:vuong(?: mac)?|kho khan|tro ngai|van de))(?: (?:mac|gi|nao|ca|het|tro ngai|hay|,"
    r"|kho khan|va|lon|dang ke))*"
)
"""Không có vướng mắc gì: speaks of a difficulty to deny it."""

NOTHING_LEFT = words(r"(?:khong|chang) con (?:\S+ ){0,2}?gi(?: (?:de|phai|can|nua|nữa|lam|ton|dong|ca))*")
"""Không còn gì phải làm nữa: the same as finished, never less."""

BLOCKED = (
    _row(r"vuong(?! (?:mien|quoc|vai|van)(?!\S))(?: mac)?(?: .*)?|vuongmac", "vướng phần mềm", "stuck, by name"),
    _row(
        r"(?<!cam )(?<!lien )(?<!tong )(?<!doan )(?<!gan )(?<!ky )(?<!so )(?<!dam )ket(?! (?:qua|thuc|luan|hop"
        r"|noi|cau|toan|nap)(?!\S))(?: .*)?",
        "ket so lieu",
        "stuck",
    ),
    _row(
        r"(?:be tac|tac nghen|(?<!nguyen )(?<!quy )(?<!cong )(?<!hop )(?<!doi )tac (?:o|khau|tai|cho|vi)"
        r"|mac ket|mac (?:o|cho|khau|vu|thu tuc|ve)|dinh thu tuc|trở ngại|tro ngai)(?: .*)?",
        "tắc ở khâu thẩm định",
        "stuck",
    ),
    _row(r"(?:kho khan|gap kho|dang kho|kho o cho|kho qua)(?: .*)?", "gặp khó khăn", "a difficulty"),
    _row(
        rf"(?:{NOT}(?: (?:co|con|du|duoc|nhan|thay|bo tri|cap|cung cap|phan bo|giao|he|xin|bo"
        r" sung))+|thieu|(?<!xong )(?<!nop )(?<!gui )(?<!nhap )(?<!lam )(?<!thu )(?<!duoc )(?<!cap nhat )het"
        r"|thieu hut|mat|can them|xin cap|dang thieu|chua ro) (?:nguon |duoc |bo"
        rf" tri |cap |het |ve |phan |du |cac |lai |ma |mau )*{RESOURCE}(?: .*)?",
        "chưa có kinh phí",
        "what the work needs is missing",
    ),
    _row(
        r"^(?:@me |van |hien |do |vi )*(?:kinh phi|von|mat bang|tien|nguon|chu truong|he thong|phan mem)(?: \S+){0,3}"
        r" (?:van |con )?chua(?! (?:xong|lam|trien khai|nop|gui|hoan|dung)(?!\S))(?: .*)?",
        "mặt bằng chưa bàn giao",
        "what the work needs is missing",
    ),
    _row(
        r"(?:cac|may) (?!noi dung|muc|phan|viec|nhiem vu|bao cao|chi tieu|chi so|buoc|khau|bieu|@)(?:\S+ ){1,2}"
        r"(?:van |con |deu )?chua (?!xong|lam)\S+(?: .*)?",
        "các ấp chưa báo lên",
        "others have not done their part",
    ),
    _row(
        rf"^(?:@me |van |hien |do |vi |nhung )*(?:cac )?{RESOURCE}(?: \S+){{0,4}} (?:van |con )?(?:chua"
        r"|khong|cham) (?:co|ve|duoc|cap|du|thay|den|kip|ro|day du|phan bo|bo tri|thong nhat)(?: .*)?|chua"
        rf" thay (?:\S+ ){{0,4}}(?:gui|tra loi|phan hoi|chuyen|cung cap|cap)(?: .*)?",
        "số liệu chưa có",
        "what the work needs is missing",
    ),
    _row(
        r"can (?:them |duoc |co )?(?:huong dan|ho tro|chi dao|y kien|thao go|giup)(?: .*)?|(?:du an|cong"
        r" trinh|goi thau|thi cong) bi(?: .*)?|(?:nha )?thau (?:bo|ngung|dung|cham|tre)(?: .*)?",
        "cần hướng dẫn thêm",
        "asks for help",
    ),
    _row(
        rf"^(?:@me |dang |con |van )*doi ben (?!@me)\S+(?: .*)?|wait (?:\S+ ){{0,1}}?{DEPENDENCY}(?:.*)?",
        "chờ văn bản của bộ",
        "waits for others",
    ),
    _row(
        r"(?:^|dang |con |(?<!cong )van |phai |@me |vi |do )(?:cho|doi) (?:ben|so(?! lieu(?!\S))|cong an|tinh"
        r"|huyen|ubnd|bo|cuc|phong|cap tren|chi cuc|trung tam|xa|thue|vien)"
        r"(?: \S+){0,5} (?:tham dinh|co y kien|cho y kien|dong y|thong nhat|cung cap|giao|phe duyet|gui|tra loi"
        r"|huong dan"
        r"|chuyen|duyet|cap|phan bo|ban hanh"
        r"|phan hoi)(?: .*)?"
        r"|(?:^|dang |con |(?<!cong )van |phai |@me |vi |do )(?:cho|doi) (?:so$|so lieu|nghi quyet|bieu mau|mau"
        r"|van ban|huong dan|kinh phi|y"
        r" kien|phe duyet|tham dinh|thong tu|ket qua|chu truong|phan hoi|bo (?!tri)|so \S+ (?:chinh|ve|xay|y"
        r"|ke|noi|tu)|ubnd|tinh cho|cap tren|trung uong|cong van|cac (?:xa|so|don vi|phong|huyen)|nguon|von|mat bang|du"
        r" lieu|bao gia|chi dao|cap|quyet dinh|thong bao)(?:.*)?",
        "cho so lieu",
        "waits for others, accents left out",
    ),
    _row(
        r"(?:phan mem|he thong|may chu|server|mang|wifi|web|dich vu cong|dvc|dvcqg|trang web|token|usb|@thing"
        r"|may in|may scan|dien thoai|link|tai khoan|cong dich vu|website|may tinh|may(?! (?:hom|ngay|tuan|gio"
        r"|bua|thang|nay|xa|truong|don|phong|ap|thon)(?!\S))"
        r"|app|ung dung|truc|duong truyen)(?: \S+){0,2} (?:bao |bi |dang |hay |lai )*(?!sap (?:xong|hoan)"
        r"|dung (?:toi|den))(?:lỗi|loi|hỏng|hong|treo|dut|rot|yeu|qua tai|lag"
        r"|sap|hu|cham qua|truc trac|mat|khong (?:vao|chay|hoat dong|dung|gui|mo|dang|len|truy cap|ket noi"
        r"|dang nhap|cho)|chap chon|ngung|nghen|bao tri|khoa|het han|dung(?! duoc(?!\S))|chay khong|(?:\S+ )?khong"
        r" duoc)(?: .*)?",
        "phần mềm lỗi",
        "the tool is down",
    ),
    _row(
        r"(?:lỗi|loi|mat|hu|hỏng|cup|dut) (?:phan mem|he thong|mang|may|du lieu|dien|ket noi|internet|server|tai"
        r" khoan)(?: .*)?",
        "lỗi hệ thống",
        "the tool is down",
    ),
    _row(
        r"(?:vao|mo|chay|truy cap) (?:phan mem|he thong|trang|mang)(?: \S+)? khong duoc(?: .*)?|khong"
        r" (?:the )?(?:vao|truy cap|dang nhap|đăng nhap|ket noi|mo|tai|xuat|login|gui len|nop len|len)(?:"
        r" \S+){0,2} ?(?:duoc|dc|phan mem|he thong|mang|trang|tai khoan|file|mail)(?: .*)?",
        "không đăng nhập được",
        "the tool is down",
    ),
    _row(
        rf"{THIRD} (?:van |con |deu )?(?:chua|khong|cham|chua he) (?:chiu )?(?:gui|nop|cung cap|bao cao"
        r"|tra loi|phan hoi|co|phe duyet|duyet|ky|cho|ban hanh|huong dan|dong y|thong nhat|tham dinh|phoi hop"
        r"|giao|cap|phan bo|thanh toan|ban giao|thi cong|hop tac|gui lai|gop y|bo tri)(?: .*)?",
        "các xã chưa gửi số liệu",
        "others have not done their part",
    ),
    _row(
        r"phu thuoc(?: vao)?(?: .*)?|chua thong nhat(?: .*)?|khong thong nhat duoc(?: .*)?",
        "phụ thuộc vào sở",
        "others decide",
    ),
    _row(
        r"(?:mong |rat )?(?<!dang )(?:can|nho|mong) (?!.*(?<!\S)(?:duyet|xem|kiem tra|xac nhan|check|nhan"
        r"|coi)(?!\S))(?:so|ubnd|tinh|bo(?! (?:sung|tri|thu)(?!\S))|lanh dao|cap tren"
        r"|@you|huyen)(?: \S+){0,4} (?:ho tro|go|thao go|huong dan|giup|phoi hop|chi dao|can thiep|go"
        r" vuong)(?: .*)?",
        "cần sở tài chính hỗ trợ",
        "asks for help",
    ),
    _row(
        r"khong (?:du|co) (?:nguoi|nhan luc|nhan su|luc luong|thoi gian|can bo)(?: .*)?",
        "không đủ người",
        "what the work needs is missing",
    ),
    _row(
        r"(?:lam|thuc hien|trien khai|xu ly) (?:mai )?khong (?:duoc|noi)(?: .*)?|khong (?:the )?(?:lam"
        r"|thuc hien|trien khai|xu ly)(?: \S+)? duoc(?: (?:vi|do).*)?$",
        "không làm được",
        "cannot be done",
    ),
    _row(
        r"khong (?:the )?(?!(?:gui|nop|bao|xong|hoan|kip|trinh|duoc|phai|biet|can|co|dam|ro|gi|de)(?!\S))"
        r"(?:\S+ ){1,3}(?:duoc|noi)(?: (?!(?:khong|chua|gi|het)(?!\S)).*)?$",
        "không xuống xã được",
        "cannot be done",
    ),
    _row(
        r"(?:chua|khong) (?:the )?(?:vao|lien he|lien lac|truy cap|tiep can|ket noi|dang nhap|xuong"
        r"|di)(?: \S+){0,3} duoc(?: .*)?"
        r"|(?:chua|khong) (?:the )?(?:vao|lien he|lien lac|truy cap|tiep can|ket noi|dang nhap|xuong|di) duoc(?: .*)?",
        "chưa vào được bản",
        "no way to it",
    ),
    _row(
        r"(?:nguoi dan|dan|ho dan|cac ho|ba con|chu dat|chu dau tu)(?: \S+){0,2} (?:khieu|phan doi|khong|chua"
        r"|doi gia|doi boi|tranh chap|to cao)(?: .*)?",
        "dân khiếu kiện",
        "others have not done their part",
    ),
    _row(
        r"kho (?:thuc hien|trien khai|lam|xu ly|xac dinh|tiep can|giai quyet|thu thap|van dong|thong nhat)(?: .*)?"
        r"|chua (?:he )?nhan(?: duoc)? (?:phan hoi|tra loi|cong van|van ban|ket qua|quyet dinh|tien|ho so"
        r"|so lieu|y kien|file|mau)(?: .*)?",
        "khó thực hiện",
        "a difficulty",
    ),
    _row(
        r"(?:ky so|ky|gui|nop|vao|mo|nhap|dang nhap|tai|in|xuat|scan|ket noi|lien he) (?:mai |hoai "
        r"|van )*khong (?:duoc|noi|len)(?: .*)?"
        r"|(?:quen|sai|mat) mat (?:khau|khẩu)(?: .*)?",
        "ký số không được",
        "the tool is down",
    ),
    _row(
        r"(?:de nghi|kien nghi|de xuat|mong|xin) (?:\S+ ){0,4}"
        r"(?:huong dan|thao go|ho tro|go vuong|bo sung (?:kinh phi|von|nguoi|bien che|nguon)|(?:cap"
        r"|bo tri) (?:them )?(?:kinh phi|von|nguon))(?: .*)?",
        "đề nghị tháo gỡ",
        "asks for help",
    ),
    _row(
        r"^(?!.*(?<!\S)(?:xong|khac phuc|hoan thanh|thong ke|ra soat|da gui|da nop|da bao)(?!\S))(?:(?:@me|do|vi"
        r"|dang|bi|mua|lu|nuoc|duong) )*"
        r"(?:ngap|lut|sat lo|bao (?:so|vao|lon|ve|lut|ap)|mua (?:lu|bao|lon)|lu (?:quet|lut|lon|ve|ngap)"
        r"|dich (?:benh|ta|covid)|chay rung)(?: .*)?",
        "sạt lở đường",
        "the weather stands in the way",
    ),
    _row(
        r"(?<!cong )(?<!hop )(?<!doi )(?:(?:bi|dang) )*(?:ach )?tac(?: (?:roi|nghen|lai|qua|het))*$"
        r"|ach tac(?: .*)?|chua (?:giai phong|ban giao)(?: duoc)? mat bang(?: .*)?"
        r"|(?:tranh chap|chong lan|khong khop|sai lech|bi trung|trung lap|mau thuan|khieu kien)(?! .*(?:xong"
        r"|roi))(?: .*)?",
        "bị ách tắc",
        "stuck",
    ),
    _row(
        r"(?:can bo|nguoi|chuyen vien|ke toan|dia chinh|cong chuc)(?: \S+){0,3} (?:nghi|bi om|om|chuyen cong tac"
        r"|thai san|di hoc|nghi viec|bo viec)(?: .*)?",
        "cán bộ nghỉ thai sản",
        "what the work needs is missing",
    ),
    _row(
        r"(?:tu van|(?:nha )?thau)(?: \S+){0,2} chua(?: .*)?|(?:cac|may) \S+(?: \S+)? (?:nop|gui|bao cao"
        r"|lam) (?:qua )?cham(?: .*)?|^ben (?!@me)(?:\S+ ){1,3}chua (?!xong|hoan"
        r"|lam(?!\S))\S+(?: .*)?|chua duoc (?:cap|phan bo|bo tri|huong dan|tap huan"
        r"|trang bi|cung cap|ban giao|phan quyen|tham dinh|phe duyet)(?: .*)?"
        r"|(?:tam|phai|bi|dang|buoc) (?:tam )?(?:dung|ngung|dinh chi)(?: lai| thi cong| hoat dong| thuc hien)+(?: .*)?"
        r"|(?:bí (?:qua|lam|lắm|roi)|bo tay|chiu thua|het cach)(?: .*)?",
        "chưa được cấp tài khoản",
        "what the work needs is missing",
    ),
    _row(
        r"bi (?:lech|sai|thanh tra|kiem tra|dinh|tam|lỗi|loi|hỏng|hong|treo|khoa|hu|mat|het han|truc trac|su co|tu choi"
        r"|chan|sap|ngung|ngat|cup|dut|virus|cat|thieu"
        r"|om|benh|nghen|tac|tach)(?: .*)?",
        "token bị khóa",
        "something is broken",
    ),
    _row(
        r"^(?!.*(?<!\S)(?:xong|khac phuc|hoan thanh|thong ke|bao cao|ra soat)(?!\S)).*"
        r"(?<!\S)(?:bi|dang|lu|nuoc|duong|mua|cau|nha)(?: \S+)? (?:ngap|lut|sat lo|co lap|chia cat)(?: .*)?",
        "đường bị ngập",
        "the weather stands in the way",
    ),
)
BLOCKED_BY_ACCENTS = tuple(row for row in BLOCKED if row.example != "cho so lieu")
"""Where accents are written, "cho" is not chờ."""
OWN_SIGNATURE = words(
    r"(?:wait|cho|doi)(?: \S+){0,4} (?:noi bo|ky nhay|ky tat)(?: .*)?|"
    r"(?:wait|doi|cho)(?: (?:lanh dao|sep|@you|chu tich|giam doc|truong phong|thu truong|pho chu tich"
    r"|chanh van phong|chu|co|ong|ba|van thu))?(?: \S+)? ?(?:ky|duyet|dong dau|phat hanh|cho so|xem|phe"
    r" duyet|chu ky|ky duyet|trinh ky|cho y kien|con dau)(?! ubnd(?!\S))(?: .*)?"
    r"|(?:lanh dao|sep|chu tich|giam doc|truong phong|thu truong|pho chu tich|van thu)(?: \S+){0,2}"
    r" (?:chua|dang|xem|di) ?(?:ky|duyet|xem|phat hanh|dong dau|cong tac|vang)?(?: .*)?"
    r"|(?:dang |da |moi |vua )?trinh (?:ky|duyet|lanh dao|sep|@you|chu tich|giam doc|thuong truc|ban"
    r" giam doc|bgd|thu truong)(?: .*)?"
    r"|(?:chi |con |nua )?(?:con )?wait(?: chu)? ky(?: .*)?|wait(?: \S+)? (?:ky|duyet)(?: .*)?"
)
"""Chờ ký, trình lãnh đạo: inside the unit, so it is under way and not stuck."""

NOTHING_NEW = words(
    r"(?:chua|khong)(?: co| thay)*(?: gi)? (?:thay doi|bien dong|tien trien|phat sinh|bien chuyen)(?:"
    r" .*)?|(?:tien do|tinh hinh|@me) van$|"
    r"(?:van )?(?:khong|chua)(?: thay)? co (?:gi|phat sinh|thay doi|bien dong|tinh hinh)(?: (?:la"
    r"|them|thay doi|phat sinh))? ?(?:moi|them|khac|thay doi|phat sinh)?(?: .*)?(?<!co gi)"
    r"|khong (?:co )?(?:phat sinh|thay doi)(?: .*)?|(?:van )?nhu (?:cu|tuan truoc|thang truoc|hom"
    r" truoc|truoc|lan truoc|bao cao truoc|ky truoc|tren|hom qua|hom no|da bao cao)(?: .*)?|van (?:vay|the"
    r"|nhu vay|nhu the)|chua co gi (?:moi|them|thay doi|khac)(?: .*)?|van giu nguyen|^(?:@me )?van$"
)
NOT_STARTED = (
    _row(
        rf"{NOT}(?: (?:he|co|kip|the|duoc|ai|chiu|thay|dung|tung|ranh|co thoi gian))*(?: de)? {VERB}(?!"
        r" (?:xong|het|day du|du(?! (?:toan|an|thao|lieu)(?!\S))|duoc het|toi dau|duoc nhieu|tot|dung|lai"
        r"|ky)(?!\S))(?: .*)?|(?:chua"
        rf"|khong) (?:\S+ ){{0,2}}(?:vao dau|vao đâu)(?: .*)?|chua \S+ (?:toi|den)$|chua (?:phan cong|giao viec"
        r"|giao cho ai)(?: .*)?",
        "chưa làm",
        "nothing done yet",
    ),
    _row(
        r"chua (?:rờ|dong(?! dau)|nhuc nhich|giao (?:cho )?ai|hop|mo|doc|xem|(?:co )?ai(?: \S+){0,3}|toi luot"
        r"|den luot|cham)(?: (?:den|toi|vao|ra|xem|gi|ban|dau|nữa|nua|luon|het|@you))*$",
        "chưa họp",
        "nothing done yet",
    ),
    _row(
        r"(?:@me |don vi |de )*(?:mai|tuan sau|tuan toi|thang sau|thang toi|sang tuan|sang thang|quy sau"
        r"|dau (?:tuan|thang) sau|qua tuan) "
        r"(?:@me |don vi |se )*(?:lam|trien khai|thuc hien|bat dau|tien hanh)$"
        r"|se (?:lam|trien khai|thuc hien|tien hanh)(?: vao)? (?:mai|tuan sau|tuan toi|thang sau|thang toi)$",
        "tuần sau làm",
        "begins later",
    ),
    _row(
        r"(?:chua|khong) co (?:gi|tien do(?: gi)?|ket qua gi)(?: (?:het|ca|hết|tron|dau))?$",
        "chưa có gì",
        "nothing done yet",
    ),
    _row(r"^(?:da |ok |@me |van |thi |con )*chua(?: (?:@you|@me|roi|dau|nua|nữa|co))*$", "dạ chưa ạ", "a bare no"),
    _row(
        r"(?:sap|chuan bi|se bat dau|moi bat dau(?= tuan)) (?:lam|trien khai|thuc hien|bat dau|khoi"
        r" dong)(?: .*)?",
        "sắp triển khai",
        "not begun yet",
    ),
    _row(
        rf"(?:{WHEN}(?: \S+)?|mai|sang (?:tuan|thang)|(?:thang|quy) (?:\d+|sau|toi)|qua (?:tuan|thang|tet)"
        rf"|nam sau|tuan sau|tuan toi|thang sau|thang toi|hom sau|thu \S+"
        rf"|dau (?:tuan|thang)(?: \S+)?|@frac"
        rf"|@date) (?:@me |don vi )?(?:se |moi )*(?:moi )(?:{VERB})(?! xong(?!\S))(?: .*)?",
        "tuần sau mới làm",
        "begins later",
    ),
    _row(r"se (?:moi )?(?:bat dau|khoi dong|bat tay)(?: .*)?", "em sẽ bắt đầu làm từ tuần sau", "begins later"),
    _row(
        r"(?:moi|se) bat dau (?:lam )?(?:tu |vao )?(?:mai|tuan sau|thang sau|tuan toi)(?: .*)?|(?:mai"
        r"|tuan sau|thang sau|tuan toi)(?: \S+){0,2} bat dau(?: .*)?",
        "tuần sau bắt đầu",
        "begins later",
    ),
    _row(
        r"(?:bo quen|quen mat(?! (?:khau|khẩu)(?!\S))|quen khuay|quen beng|quen bang|chua dung (?:toi|den))(?: .*)?",
        "quên mất",
        "nothing done yet",
    ),
)
STARTED = (
    _row(
        r"(?:dang|(?<!cong )van|tiep tuc|dang tiep tuc)(?: (?:duoc|tiep tuc|cung|co gang|tich cuc|khan"
        rf" truong|con|tap trung|gap rut|phoi hop|day nhanh|hop|cho|tien hanh))* (?:{VERB}|hoan (?:thien|thanh"
        r"|tat)|gui|trinh|nop|xin y kien|lay|thu|du thao|ky|in|lien he|don doc|chinh|bo sung|dieu chinh|nhap"
        r"|kiem tra|cap nhat|giao|cho|xem|do|thi cong|phan dau|theo doi|rut|chay|wait|doi|nghi cach|phoi hop"
        r"|tap hop|doi chieu|trong qua trinh|ra|sua|khac phuc|chan chinh|hoan|xong|@pct|lam|don|tham dinh|tham"
        r" khao|de|phat|cong khai|dang|ban hanh|dung|don|duyet|dat|bao cao|thuc|chuyen|lua|mua|dau thau|giai"
        r" ngan|van dong|tuyen truyen|tap huan|thong ke|danh gia|phan loai|trao doi|trien|ky ket|dien ra)(?:"
        r" .*)?",
        "đang làm",
        "under way",
    ),
    _row(
        r"dang (?:tren duong |di |tren duong di )(?:di |mang |ra |qua |len )*(?:nop|gui|trinh|giao|dua|ky|lay)(?: .*)?",
        "đang trên đường đi nộp",
        "under way",
    ),
    _row(r"^(?:@me |ok |da |van |don vi |cung )*dang(?: (?:day|roi|do|tien hanh))?$", "13 đang", "under way"),
    _row(
        r"dang (?!(?:di|nghi|an|o|benh|om|ban|bận|trong|tren|hop|vuong|ky hop|ranh|met|tren duong|cong"
        r" tac|hoc|ngu|nham|cho|thieu|kho)(?!\S))\S+(?: .*)?",
        "đang biên tập",
        "under way",
    ),
    _row(
        r"(?:bat dau|bat tay vao|khoi dong|tien hanh) ?(?:lam|trien khai|thuc hien|viet|roi|tu|hom|ra"
        r" soat|.*roi)(?: .*)?|da (?:bat dau|khoi dong|vao cuoc|khoi cong)(?: .*)?|moi (?:lam|bat dau|trien"
        r" khai|khoi dong|viet|soan)(?: .*)?",
        "bắt đầu làm rồi",
        "begun",
    ),
    _row(
        r"(?:nửa|nua|giua) (?:chung|duong)(?: .*)?|(?:tien do|moi viec|cong viec|tinh hinh) (?:van "
        r"|deu )*(?:binh thuong|on|tot)(?: .*)?|ky (?:nhay|tat)(?: .*)?|^(?:@me |da )*ky roi$|(?:thuc hien"
        r"|lam|trien khai|duy tri|cap nhat) thuong xuyen(?: .*)?"
        r"|^(?:@me )?co (?:lam|trien khai|thuc hien)(?: (?:ma|day|roi ma))*$|(?:tam|tuong doi) (?:on|roi)$"
        r"|tiep tuc(?: .*)?|(?:van )?(?:dung|theo|dam bao|kip) (?:dung )?(?:tien do|ke hoach)(?: .*)?|van"
        r" binh thuong|(?:van |m[oọ]i (?:thu|viec) )(?:deu )?on(?: .*)?|^(?:@me |van |chac )*kip(?: .*)?|(?:da"
        r" )?co (?:tien trien|chuyen bien|tien bo)(?: .*)?",
        "tiếp tục thực hiện",
        "under way",
    ),
    _row(
        r"(?:lam|thuc hien|trien khai|xong|hoan thanh|dat|xu ly) (?:da )?duoc(?! (?:roi|khong|gi"
        r"|@ask)(?!\S))(?: .*)?|duoc (?:mot|1) (?:phan|it|so|chut)(?: .*)?|(?:moi|chi) duoc(?! (?:giao|cap|phan"
        r"|nhan|biet|thong bao)(?!\S))(?: .*)?",
        "làm được một ít",
        "a part is done",
    ),
    _row(
        r"(?:co|da co|moi co|len|xong|gui|lam) (?:xong )?(?:ban )?(?:du thao|de cuong|ban nhap|ban thao"
        r"|khung)(?: .*)?",
        "có dự thảo rồi",
        "a draft is not the paper",
    ),
    _row(
        r"(?:da |vua |moi )?(?:giao|phan cong|chi dao|chuyen|yeu cau|don doc|quan triet|to chuc hop|hop"
        r" ban|dat hang|giao cho) (?:cho |ve |xuong |den )?(?:phong|cac|chuyen vien|@you|don vi|bo phan|can bo"
        r"|xa|ban|ong|ba|dong chi|chi cuc|cong chuc|to|van phong|truong)(?: .*)?|(?:da |vua |moi )(?:giao|phan"
        r" cong|chi dao|don doc)(?: (?:roi|xong|viec|nhiem vu|het|cu the|nguoi|lai).*)?$",
        "đã giao phòng chuyên môn",
        "handed on inside the unit",
    ),
    _row(
        r"(?:da|moi|vua) (?:trien khai|quan trien|pho bien|thong bao|phat dong|len ke hoach|xay dung ke"
        r" hoach|tham muu|ra soat|tong hop|thu thap|khao sat|hop|kiem tra|xin y kien|lay y kien|lien he"
        r"|lap)(?! (?:xong|het|hoan tat)(?!\S))(?: .*)?|trien khai roi(?: .*)?",
        "đã triển khai",
        "begun; not said to be finished",
    ),
    _row(
        r"^(?:@me |gio |hien |nay |cung |chi |da |moi |thi )*con (?!gi(?!\S)|@me|nham|vuong|nua)\S+(?: .*)?",
        "chỉ còn phụ lục",
        "something is left",
    ),
    _row(
        r"con (?:phan |mot |it |chut |ti |xiu |vai |may |lai |thieu |muc |1 |chinh |sua |khau |buoc |\d+ "
        r"|doi |sot |cac )\S*(?: .*)?|con (?:it|ti|chut|xiu) (?:nua|nữa)(?: .*)?",
        "còn ít nữa",
        "something is left",
    ),
    _row(
        r"(?:bao|yeu cau|bat|keu) (?:@me |phai )*(?:sua|lam lai|bo sung|chinh)(?: .*)?",
        "sếp bảo sửa",
        "to be done again",
    ),
    _row(
        r"(?:bi |duoc |(?<!kiem ))(?:tra lai|tra ve)(?: .*)?|(?:dang )?(?:chinh sua|sua lai|bo sung|lam"
        r" lai|chinh lai|hoan thien)(?: them| lai| theo| tiep)?(?: .*)?",
        "nộp rồi nhưng bị trả lại",
        "to be done again",
    ),
    _row(
        r"thieu (?:mỗi|moi|chi|phu luc|bieu|chu ky|mot|vai|may|\d+|phan|hai|ba)(?: .*)?",
        "còn thiếu phụ lục",
        "something is left",
    ),
)

RHETORIC = words(
    r"(?:doi|đời|kiep) nao (?:moi )?(?:xong|kip|hoan)(?: .*)?|thoi xong$|xong (?:doi|đời)$|"
    r"(?:dung|khoan|khoi)(?: (?:hay|co|voi|voi va))* (?:ghi|bao|danh dau|tinh|coi|cho la|bam|ket luan"
    r"|noi)(?: \S+)? ?(?:la )?(?:da )?(?:xong|hoan)(?: .*)?|"
    r"^ai (?:bao|noi|dam)(?! cao) .*|"
    r"(?:den|toi) (?:dau|đâu|day) (?:thi )?hay (?:(?:den|toi) )?(?:do|đó|day)(?: .*)?|"
    r"(?:xong|hoan thanh|kip|nop|gui|lam) (?:\S+ )?(?:sao|the nao|lam sao|kieu gi|cach nao|gi) (?:noi|duoc|kip"
    r"|ma|ma xong)(?: .*)?"
    r"|(?:đâu|dau|mo) (?:ra|co)? ?ma .*|(?:^|(?<= ))(?:rat |hoi )?kho (?:(?:ma|long|de) )*(?:xong|kip|hoan)(?: .*)?"
    r"|(?:lam gi|lam sao|the nao) (?:ma |co the |co chuyen )?(?:da )?(?:(?:xong|kip|hoan)(?: (?:duoc|noi|ngay"
    r"|som))*|(?:nop|gui) (?:duoc|noi|kip))"
    r"|biet (?:den )?(?:bao gio|khi nao|chung nao) (?:cho|moi|thi)? ?(?:xong|hoan)(?: .*)?"
)
"""Xong sao nổi, biết bao giờ cho xong: a question only in form; it denies."""

UNFINISHED = (
    _row(
        rf"{NOT}(?: \S+){{0,4}}? (?:xong|hoan (?:thanh|tat|thien)|kip|gui|nop|bao cao|ket thuc|ban hanh"
        r"|trinh|ky|het|du(?! (?:toan|an|thao|lieu)(?!\S))|cong khai|đăng|dang tai|phat hanh|duyet|lam xong"
        r"|tra loi|duoc)(?: .*)?",
        "chưa xong",
        "denied",
    ),
    _row(
        r"(?:đâu|dau) (?:co|da|phai) (?:xong|nop|gui|lam|hoan thanh)(?: .*)?|(?:chua|khong) (?:đâu|dau)$"
        r"|(?:xong|hoan thanh|nop|gui|lam|co) (?:(?!o )\S+ ){0,2}(?:đâu|dau)(?! (?:tien|vao|nam|thang|tuan|quy"
        r"|moi)(?!\S))(?:"
        r" .*)?|xong sao duoc(?: .*)?|(?:sao|lam sao|the nao)(?: \S+)? (?:xong|kip)(?: .*)?",
        "xong đâu",
        "denied by the tone",
    ),
    Row(RHETORIC, "xong sao nổi", "denied by the tone"),
    _row(
        r"(?:đâu|dau|sao|mo) ma (?:\S+ ){0,2}(?:xong|kip|hoan|nop|gui|lam)(?: .*)?",
        "đâu mà xong",
        "denied by the tone",
    ),
    _row(
        r"(?P<verb>\S+)(?: xuoi| tat)? (?:gi|sao|đâu|dau|kieu gi|noi gi)(?: (?:@you|chu))? ma(?: da"
        r"| cung)? (?P=verb)(?: .*)?",
        "xong gì mà xong",
        "denied by the tone",
    ),
    _row(
        r"(?:khong|dau|đâu|cha)(?: \S+)? phai(?: la)?(?: \S+){0,2} (?:chua|khong) (?:lam|xong|nop|gui"
        r"|trien khai|thuc hien|bao cao)(?: .*)?",
        "không phải là chưa làm",
        "denied twice: under way, and no more than that",
    ),
    _row(r"^(?:@me |van |thi |bao cao |con |so voi )*(?:thi )?(?:van |thi |con )chua$", "báo cáo thì chưa", "denied"),
    _row(
        r"khong kip(?: .*)?|lo tre(?: .*)?|so (?:khong kip|tre)(?: .*)?|cham tien do(?: .*)?|(?:bi |se"
        r" )?(?<!so )(?<!viec )(?:cham|tre)(?: han| mat)?$",
        "không kịp",
        "late, and not finished",
    ),
)
DOUBLE_NOT = next(row for row in UNFINISHED if row.example == "không phải là chưa làm")

ACKNOWLEDGED = (
    _row(
        r"(?:da |@me |don vi |co |xin |ok |phong |ubnd \S+ |vua |moi )*(?:nhan(?: duoc)?|tiep nhan|nhan"
        r" roi|nghe ro|da nghe|thay|doc|xem|biet|nam|nam duoc|nam bat|tiep thu|hieu|ghi nhan|nhan viec|nhan"
        r" nhiem vu|luu y)(?: (?:duoc|roi|thong tin|tin|cong van|van ban|viec|nhiem vu|nhac|tin nhan|cv|thong"
        r" bao|noi dung|cua|@you|@me|day|du|chi dao|ke hoach|so|@doc|nay|va|ve|y kien|ngay|@date|@frac|file"
        r"|mail))*",
        "dạ em nhận được",
        "heard, nothing about the work",
    ),
    _row(
        r"(?:@me |da |ok |nghe )*(?:ro|ro roi|da ro)(?: (?:roi|@you|@me|viec|het|noi dung|nhiem vu))*", "rõ ạ", "heard"
    ),
    _row(
        r"(?:@me |ok |xin |rat |da |don vi )*cam on(?: (?:@you|@me|nhieu|da|nhac|roi|so|rat|dong|nhac nho"
        r"|thong tin|co|bot|lam|lắm|\S+))*",
        "em cảm ơn anh",
        "thanks",
    ),
    _row(
        r"(?:@me |ok |da |don vi |phong |vay )*(?:se|de @me|cho @me)(?: \S+)? (?:chi dao|giao|phan cong"
        r"|lam|thuc hien|trien khai|kiem tra|xem|ra soat|lo|xu ly|nhac|hoi|don doc|luu y|chu y|theo doi|co"
        r" gang|som|phoi hop|tham muu|bao lai|kiem|chuan bi|sap xep|tien hanh|nghien cuu)(?: (?:ngay|lai|nhe"
        r"|som|lien|theo|@you|@me|xem|ke hoach|dung|han|nghiem tuc|chi dao|nhiem vu|viec|nay|cho|thu|no|yeu"
        r" cau|sau|voi|da|day du|cac|noi dung|anh|em|di|tiep|hien|khai|phong|xuong|ben duoi))*",
        "để em kiểm tra lại",
        "takes it on, tells nothing of its state",
    ),
    _row(
        r"(?:@me |ok |da |don vi )*(?:lam|thuc hien|trien khai|xu ly|tien hanh)(?: viec)? (?:ngay|lien"
        r"|luon|day)(?: (?:@you|@me|day|bay gio|cho|va|luon))*",
        "ok em làm ngay",
        "takes it on",
    ),
    _row(
        r"(?:ok|@like|@you|@me|da|nhat tri|dong y|duoc|duoc roi|nghe|tuan lenh|chap hanh|nghiem tuc thuc"
        r" hien|quan triet|roi|sir|yes|dung roi)(?: (?:ok|@like|@you|@me|da|roi|nghe|lam|nhieu|luon|vay|the))*",
        "ok anh",
        "heard",
    ),
    _row(r"@like|@tick|(?:ok )*de @me", "👍", "a nod"),
)

TAKES_ON = ACKNOWLEDGED[3]

QUESTION = (
    _row(
        r"(?:ok|xong|hoan thanh|nop|gui|bao cao|lam|duyet|ky|nhan|nhan duoc|thay|co|toi|den|du|on|het|duoc"
        r"|biet|qua|han|xong chua|dung|het han|roi)(?: \S+){0,5} (?:chua|hay chua|chua vay|chua nhi)(?:"
        r" (?:@you|@me|@ask|nhi|the|ha|vay|ta|biet|roi))*$",
        "xong chưa",
        "“chưa” closing a clause asks",
    ),
    _row(
        r"(?:duoc|dung|phai|co|can|con|kip|on|the|nhan|biet|vay|hay|thay)(?: \S+){0,6} khong(?: (?:@you"
        r"|@me|@ask|vay|the|nhi|ha|ta|day))*$",
        "đúng không anh",
        "“không” closing a clause asks",
    ),
    _row(
        rf"{WHEN}(?! cung(?!\S))(?: .*)?$|han (?:den |toi |nop |la |cuoi |chot )*may(?: .*)?",
        "hạn đến bao giờ",
        "asks when",
    ),
    _row(
        r"(?<!chua )(?<!khong )(?:o|gui|nop|lay|tai|xem|tim|bao cao|cho)(?: \S+){0,4} (?:(?<!dong )dau|đâu"
        r"|cho nao)(?: (?:@you"
        r"|@me|vay|the|duoc|xem|ta|ha))*$"
        r"|(?<!mo )(?<!ban )(?<!lan )(?<!dot )(?<!buoc )(?<!phan )(?<!khau )dau (?:roi|vay)|o (?:dau|đâu)(?: .*)?",
        "gửi ở đâu ạ",
        "asks where",
    ),
    _row(
        r"(?:cho|gui|nop|cua|la|voi|gap|hoi|lien he|bao) ai(?: .*)?|^ai (?!cung)(?: ?.*)?|(?:cua|cho)"
        r" (?:don vi|phong|so|ben) nao(?: .*)?",
        "nộp cho ai ạ",
        "asks who",
    ),
    _row(
        r"(?:the nao|nhu nao|lam sao|ra sao|kieu gi|cach nao|bang cach nao|sao day|tinh sao|sao gio)(?:"
        r" (?:@you|@me|day|vay|a|bay gio|duoc|gio|moi dung|cho dung|nhi))*$|^(?:(?:ua|o|the|ma|da|@you"
        r"|@me) )*(?:sao|tai sao|vi sao|the sao)(?:"
        r" .*)?|(?:tai sao|vi sao) .*|(?:phai |can |(?<!chua )(?<!khong ))lam (?:the nao|sao|gi)(?! ca| het"
        r"|.*khong)(?: .*)?",
        "làm thế nào ạ",
        "asks how or why",
    ),
    _row(
        r"(?<!khong )(?<!chua )(?<!co )(?<!lam )(?<!con )(?:viec|mau|bao cao|van ban|la|cai|nhung|noi"
        r" dung|can|gui|nop|lam|phai|loai|hinh thuc|nhiem vu|co|nghia la|bieu|so) gi(?! (?:moi|het|ca|cung"
        r"|them|nua|nữa|lon|dau|dang))(?: (?:@you|@me|vay|the|day|khong|ta|nhi|a|ha|nua|cho|la))*$|^(?:la"
        r" )?(?:cai )?gi(?: .*)?",
        "báo cáo gì ạ",
        "asks what",
    ),
    _row(
        r"(?<!bao gio )(?:mau|don vi|van ban|viec|cai|loai|so|phong|xa|tai lieu|bieu|bieu mau|muc|file"
        r"|cong van|ben|noi dung|phan|ke hoach|ngay|email|dia chi|kenh|hinh thuc) nao(?! cung(?!\S))(?: (?:@you|@me"
        r"|vay|the|day|nhi|dung|duoc|moi|la|a|phai|can|.*))?$|qua (?:\S+ )?hay (?:qua )?\S+.*",
        "mẫu nào ạ",
        "asks which",
    ),
    _row(
        r"^(?!.*(?:khong|chua) ).* (?<!khi )(?<!the )(?<!luc )nao$|^may \S+(?: \S+)? (?:phai|can)(?: .*)?"
        r"|.*(?:ngay|thang|thu|so) may$|^(?:ngay|hom|thu|thang) may(?: .*)?|^(?:nghia )?(?:la |the la |the )?sao$",
        "làm theo hướng dẫn nào",
        "asks which",
    ),
    _row(
        r".* sao (?:van|lai|khong|chua|con|no|he thong|@you|thay|bi)(?: .*)?",
        "em nộp rồi sao vẫn báo chưa nộp",
        "asks why",
    ),
    _row(
        r"(?:con )?may (?:ngay|hom|gio|tuan)(?: nữa| nua)? (?:het|den|toi|la|phai|thi)(?: .*)?|may gio(?: .*)?"
        r"|(?:han|con|duoc|nop|can|trong|mat) (?:\S+ )?(?:may|bao nhieu|bao lau)(?! (?!ngay|hom|tuan|gio|thang"
        r"|bua)\S+ (?:nua|nữa)$)(?: .*)?"
        r"|bao nhieu(?: .*)?|bao lau(?: .*)?",
        "mấy giờ nộp",
        "asks how much",
    ),
    _row(
        r"(?:cho|xin|de) (?:@me )?(?:phep )?(?:@me )?hoi(?: .*)?|^(?:@me )?(?:muon|can|xin) hoi(?: .*)?"
        r"|hoi (?:@you )?chut.*|^(?:@me |xin |cho )*hoi (?:@you )?(?:ti|xiu|cai|tham|lai)(?: .*)?",
        "cho em hỏi",
        "says that it asks",
    ),
    _row(
        r"co (?:phai|can|duoc|bat buoc|nhat thiet|the) .*(?:khong|@ask)$|co phai .*",
        "có cần báo cáo không",
        "asks whether",
    ),
    _row(
        r"(?:cho|xin|gui|nho|@you)(?: (?:cho|@me|xin|lai|giup|@you|gui|phep|cai|them|ban|cac|mot|1))* (?:mau"
        r"|file|link|ban"
        r" mau|bieu mau|de cuong mau|so dien thoai|cong van goc|mau bao cao|dia chi|email|(?<!cho )huong dan"
        r"|tai khoan|lai (?:cong van|van ban|file)|(?<=@me )(?:xin )?(?:cong van|van ban|ke hoach)"
        r"|(?<=@me xin )(?:cong van|van ban|ke hoach))(?! (?:cua bo|so)(?!\S))(?: .*)?$|^(?:xin|nho|@you|mong|de"
        r" nghi)(?: @you| @me)* huong dan(?: .*)?|huong dan (?:giup )?@me(?: .*)?",
        "cho em xin mẫu báo cáo",
        "asks for something from us",
    ),
    _row(
        r".* hay (?:la )?(?!(?:den|toi) (?:do|đó))(?:chua|khong|ban|qua|gui|nop|o|cho|phai|ben|so|den|van|se|chi"
        r"|can|tu|cong|mail"
        r"|zalo|truc)(?!\S).*",
        "bản giấy hay bản mềm",
        "asks which of two",
    ),
    _row(
        r"(?:.* )?(?P<one>bao cao|van ban|cong van|(?!(?:den|toi|da|dang) )[a-z]+)(?: .*)? hay (?:la )?(?P=one)(?: .*)?"
        r"|.* hay (?:la )?(?:quy|thang|nam|tuan|ngay|giay|mem|file|excel|word)(?: .*)?",
        "báo cáo quý hay báo cáo tháng",
        "asks which of two",
    ),
    _row(
        r"^(?!.*(?<!\S)(?:khoe|nhau|ca phe|com|bong|ngu|choi|di dau|uong)(?!\S))(?!.*(?<!\S)(?:chua|khong"
        r"|chang)(?!\S).* khong$).*\S (?<!cung )(?<!van )(?<!thi )(?<!toan )(?<!la )(?<!deu )(?<!con )khong$"
        r"|(?:thi|la) sao$",
        "tính cả thứ bảy không",
        "“không” closing a clause asks",
    ),
    _row(
        r"(?<!khong )(?<!chua )(?<!co )ai (?:chu tri|lam|phu trach|ky|nhan|duyet|la|gui|nop|chiu|dung)(?: .*)?",
        "việc này ai chủ trì",
        "asks who",
    ),
    _row(r".*(?:khong|chua|@ask)$(?<=@ask)", "xong rồi à", "a closing à, hả, nhỉ asks"),
)

PREFACE = words(r"(?:@me |don vi |xin |kinh )*bao cao(?: (?:voi|@you|so|ubnd|tinh|huyen|lanh dao|nhanh))*")
"""Em xin báo cáo: … says nothing yet."""
GREETING = words(r"(?:xin )?(?:chao|hello|hi|alo|a lo)(?: .*)?")
NEUTRAL = frozenset(
    """@me @you @thing ok da roi xong hoan thanh tat viec nay cai nhiem vu cong het ca tat deu moi vua hom qua truoc
    bao cao gui nop ket qua van ban day dung han qua mail email zalo bang cho ve len so ubnd tinh xa huyen phong ban
    don vi duoc la thi cung va kem theo @doc @date @frac @clock @pct @like @tick ngay thang sang chieu nay tu luc nay do
    lam thuc hien trien khai xu ly khac phuc tuan lau som mot cac noi dung yeu cau xem kiem tra giup voi nhe cua ma so
    tai trang thong tin dien tu cong van phong lien thong truc kinh hoi trong ngoai tren theo chi dao ke hoach cam on
    nhieu tra loi ban hanh dut diem tot xuat sac dep
    thanh giao xu bo sung quy dinh vu xuoi het ro thoi roi gio""".split()
)
"""Words beside "xong" that do not make it doubtful."""
NEUTRAL_PHRASES = words(r"toan bo|day du|an toan|toan the|du ca|du het|gui du|nop du")
"""Whose words alone would."""

ASKS_FOR_SOMETHING = next(row for row in QUESTION if row.example == "cho em xin mẫu báo cáo")
