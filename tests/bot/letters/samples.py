"""Letters of the invented tỉnh Mẫu that fit its directory (`tests.builders.UNITS`), small enough to be read at once."""

from dataclasses import replace

from tests.samples.as_docx import as_docx
from tests.samples.as_pdf import as_pdf
from tests.samples.as_scan import as_scan
from tests.samples.as_text import as_text
from tests.samples.content import Letter, Words

BODY = """
Kính gửi:
- Giám đốc Sở Tư pháp Mẫu;
- Giám đốc Sở Y tế Mẫu.
Qua theo dõi số liệu quý III năm 2024, Chủ tịch Ủy ban nhân dân tỉnh có ý kiến như sau:
1. Giao Sở Tư pháp Mẫu:
- Kiểm tra hồ sơ hộ tịch trả chậm và báo cáo kết quả về Sở Thông tin Mẫu trước ngày 15/11/2024.
- Tổ chức tập huấn nghiệp vụ cho công chức tiếp nhận, hoàn thành chậm nhất ngày 30/11/2024.
2. Giao Sở Y tế Mẫu:
- Công khai kết quả giải quyết hồ sơ khám chữa bệnh trước ngày 20/11/2024.
3. Giao Sở Nông nghiệp Mẫu:
- Rà soát danh mục thủ tục chăn nuôi trước ngày 25/11/2024.
"""

TASKS = Letter(
    name="cong-van-mau",
    issuer=("ỦY BAN NHÂN DÂN", "TỈNH MẪU"),
    number=("Số: 218/UBND-NC", "V/v khắc phục hồ sơ trả chậm"),
    place_and_day="Mẫu, ngày 22 tháng 10 năm 2024",
    body=tuple(Words(line) for line in BODY.strip().splitlines()),
    recipients=("- Như kính gửi;", "- Lưu: VT, NC."),
    signature=("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Đỗ Thị Mẫu"),
)
"""Two duties of Sở Tư pháp Mẫu, one of Sở Y tế Mẫu, and one of an office that no directory knows."""

UNNUMBERED = replace(
    TASKS,
    number=("Số:        /UBND-NC", "V/v khắc phục hồ sơ trả chậm"),
    place_and_day="Mẫu, ngày    tháng 10 năm 2024",
)
"""As it was drafted: nobody has given it a number and a day."""

PLAIN = replace(TASKS, body=TASKS.body[:-2])
"""Without the office that nobody knows: nothing to ask."""

SECRET = replace(TASKS, stamp="TỐI MẬT")

DOCX = as_docx(TASKS)
DOCX_UNNUMBERED = as_docx(UNNUMBERED)
DOCX_PLAIN = as_docx(PLAIN)
DOCX_SECRET = as_docx(SECRET)
TEXT = as_text(TASKS)


def changed(letter: Letter, old: str, new: str) -> Letter:
    """The same letter with these words in place of those."""
    body = tuple(replace(each, text=each.text.replace(old, new)) for each in letter.body)
    return replace(letter, body=body)


__all__ = ["as_docx", "as_pdf", "as_scan", "as_text"]
