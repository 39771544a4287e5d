"""The menu Telegram shows beside the input line: each command a person may also type as plain words."""

from aiogram.types import BotCommand

COMMANDS = (
    BotCommand(command="viec", description="Việc của tôi hoặc của đơn vị tôi"),
    BotCommand(command="xong", description="Báo đã xong: /xong 12"),
    BotCommand(command="tiendo", description="Báo tiến độ: /tiendo 12 60%"),
    BotCommand(command="vuongmac", description="Báo vướng mắc: /vuongmac 12 lý do"),
    BotCommand(command="giahan", description="Xin gia hạn: /giahan 12 30/9 lý do"),
    BotCommand(command="overdue", description="Việc quá hạn của các đơn vị"),
    BotCommand(command="quahan", description="Việc quá hạn (như /overdue)"),
    BotCommand(command="today", description="Việc đến hạn hôm nay"),
    BotCommand(command="tuannay", description="Việc đến hạn trong tuần này"),
    BotCommand(command="lich", description="Việc đến hạn trong hai tuần tới"),
    BotCommand(command="duyet", description="Đầu mối: việc chờ quyết định"),
    BotCommand(command="vanban", description="Đầu mối: văn bản đã gửi, chờ trả lời và duyệt"),
    BotCommand(command="tonghop", description="Đầu mối, lãnh đạo: số liệu tổng hợp"),
    BotCommand(command="chuaphanhoi", description="Đầu mối, lãnh đạo: đơn vị chưa phản hồi"),
    BotCommand(command="xuat", description="Đầu mối, lãnh đạo: danh sách quá hạn ra Excel"),
    BotCommand(command="help", description="Hướng dẫn sử dụng"),
)
