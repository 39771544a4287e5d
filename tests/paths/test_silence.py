"""Silence climbs: officer, head, coordinator, leader; any answer stops it, a promise that passes starts it again."""

import pytest

from tests.paths.conftest import an_office


def silences(heard: list[str]) -> list[str]:
    """The digests of silence among what a leader heard; the figures of a Friday are another message."""
    return [text for text in heard if "chưa có phản hồi sau hạn" in text]


@pytest.fixture
async def staffed(database, clock):
    """Sở Tư pháp Mẫu with an officer to whom its head gives work 1."""
    async with an_office(database, clock) as opened:
        yield opened


async def test_a_unit_that_says_nothing_is_heard_of_one_level_up_every_two_working_days(office):
    # Tuesday 05/11, the first late morning: the units are told, the coordinator sees them counted.
    await office.until(5, 11)
    assert office.heard("justice")[-1].startswith("🔴 Trễ 1 ngày làm việc: 1 · Báo cáo kết quả rà soát\n")
    assert "🔴 3 quá hạn (hôm trước 0)" in office.heard("coordinator")[-1]
    assert silences(office.heard("leader")) == []

    # Wednesday 06/11: An Mẫu answers. Monday 11/11: the leader reads of the two that have not.
    await office.until(6, 11)
    assert "hẹn nộp ngày mai, 07/11" in await office.says("district", "1 đang làm 80%, mai em gửi")
    await office.until(8, 11)
    digest = (await office.heard_on("leader", 11, 11))[-1]
    assert digest == (
        "🔴 2 việc quá hạn, chưa có phản hồi sau hạn · thứ Hai 11/11/2024\n"
        "\n"
        "Trễ 5 ngày làm việc · KH 12 · trước 05/11 (hết thứ Hai 04/11)\n"
        "  Sở Tư pháp Mẫu: 1 · Báo cáo kết quả rà soát\n"
        "  Sở Y tế Mẫu: 1 · Báo cáo kết quả rà soát"
    )
    assert office.buttons("leader") == ["Quá hạn", "Tổng hợp"]
    assert "🔴 quá hạn 3" in await office.taps("leader", "Quá hạn")

    # An Mẫu promised the 7th and kept silent: from then on its silence climbs too, to the leader on the 14th.
    later = silences(await office.heard_on("leader", 14, 11))
    assert [("UBND huyện An Mẫu" in text, "Sở Y tế Mẫu" in text) for text in later] == [(True, False)]

    # Whoever answers is not spoken of any more.
    await office.says("justice", "1 xong")
    await office.says("justice", "2 xong")
    await office.says("health", "1 vướng phần mềm")
    await office.says("district", "1 đang làm")
    assert silences(await office.heard_on("leader", 29, 11)) == []


async def test_with_an_officer_silence_reaches_the_head_first(staffed):
    await staffed.until(29, 10)
    assert "Đã giao: 1" in await staffed.says("justice", "giaocho 1 Phạm Thị Ví")
    assert staffed.heard("officer")[-1].startswith("Trần Thị Thử giao Anh/Chị: 1 · Báo cáo kết quả rà soát")

    # The nudges go to the officer, and to the head nothing of that work.
    before = len(staffed.heard("justice"))
    await staffed.until(5, 11)
    assert staffed.heard("officer")[-1].startswith("🔴 Trễ 1 ngày làm việc: 1 · Báo cáo kết quả rà soát")
    assert not any("Báo cáo kết quả rà soát" in text for text in staffed.heard("justice")[before:])

    # Thursday 07/11: two more working days of silence, and the head hears; the leader a week after the date.
    assert any("1 · Báo cáo kết quả rà soát" in text for text in await staffed.heard_on("justice", 7, 11))
    (others,) = silences(await staffed.heard_on("leader", 12, 11))
    assert "Sở Tư pháp Mẫu" not in others
    (digest,) = silences(await staffed.heard_on("leader", 13, 11))
    assert "  Sở Tư pháp Mẫu: 1 · Báo cáo kết quả rà soát" in digest

    # The officer answers, the head is informed, and nobody above hears more.
    await staffed.says("officer", "1 xong")
    assert staffed.heard("justice")[-1].startswith("Phạm Thị Ví báo việc 1 · Báo cáo kết quả rà soát: đã nộp.")
    assert not any("Sở Tư pháp Mẫu: 1" in text for text in silences(await staffed.heard_on("leader", 29, 11)))


async def test_a_request_is_reminded_of_and_never_climbs(database, clock):
    plan = """
plan: KM1
kind: công văn
document_no: 34/UBND-NC
issued_on: 01/10/2024
title: Công văn mẫu
issuer: T.UBND
coordinating_unit: T.TTTT
valid_from: 01/10/2024
tasks:
  - code: KM1-1
    title: Đề nghị phối hợp cung cấp số liệu
    kind: đề nghị
    deadline: chậm nhất ngày 04/11/2024
    lead: [T.YT]
"""
    async with an_office(database, clock, plan=plan) as office:
        await office.until(5, 11)
        assert office.heard("health")[-1].startswith("🔴 Đã qua ngày đề nghị 1 ngày làm việc: 1 · Đề nghị phối hợp")
        assert silences(await office.heard_on("leader", 29, 11)) == []
