"""A plan marked Mật: chats carry that there is work and a number to answer with, and nothing of the paper."""

import re

from tests.paths.conftest import PLAN, an_office

SECRET_PLAN = PLAN.replace("title: Kế hoạch mẫu", "title: Kế hoạch mẫu\nsecrecy: mật")
OF_THE_PAPER = ("rà soát", "tập huấn", "12/KH", "KH 12", "05/11", "04/11", "15/11", "I.1", "Kế hoạch mẫu")
WORDS_OF_THEIRS = "phần mềm xyz"


async def test_nothing_of_a_secret_paper_goes_through_any_chat(database, clock):
    async with an_office(database, clock, plan=SECRET_PLAN) as office:
        # New work, a digest, the last day, and after it: each says only that there is something to look at.
        await office.until(23, 10)
        assert office.heard("health") == [
            'Việc 1: có nhiệm vụ mới, xem trên hệ thống\n\nTrả lời ngay tại đây, ví dụ: "1 xong", "1 đang làm 60%".'
        ]
        assert office.buttons("health") == ["Đã xong", "Đang làm"]
        await office.until(5, 11)
        assert office.heard("health")[-1].startswith("Việc 1: có nhiệm vụ cần xử lý, xem trên hệ thống\n")

        await office.until(6, 11)  # the dates of the paper are the 4th, the 5th and the 15th
        # It is answered and steered by number; what a unit writes beside it is passed on to nobody.
        await office.says("justice", f"1 vướng {WORDS_OF_THEIRS}")
        await office.says("justice", "2 xin lùi đến 22/11 vì thiếu máy xyz")
        await office.says("health", "1 xong, báo cáo số 88/BC-SYT")
        for who, words in (
            ("coordinator", "duyệt"),
            ("coordinator", "xem 1 Sở Tư pháp Mẫu"),
            ("coordinator", "lich su 1 Sở Tư pháp Mẫu"),
            ("coordinator", "quahan"),
            ("coordinator", "quahan Sở Tư pháp Mẫu"),
            ("coordinator", "tonghop"),
            ("coordinator", "chuaphanhoi"),
            ("coordinator", "minh chung 1 Sở Y tế Mẫu"),
            ("coordinator", "tra lai 1 Sở Y tế Mẫu thiếu phụ lục xyz"),
            ("justice", "viec"),
            ("justice", "xem 1"),
            ("justice", "quahan"),
            ("leader", "quahan"),
        ):
            assert await office.says(who, words)
        await office.until(29, 11)

        phones = ("justice", "health", "district", "coordinator", "leader")
        everything = "\n".join(text for who in phones for text in office.heard(who))
        assert "Vướng mắc mới: 1 · Nhiệm vụ mật: đề nghị xem trên hệ thống" in everything
        # the day of a message and the day of the last reminder are no dates of the paper's
        without_todays_date = re.sub(r"\d\d/\d\d/\d{4}|gần nhất \d\d/\d\d", "", everything)
        assert [word for word in OF_THE_PAPER if word in without_todays_date] == []
        assert "xyz" not in everything
