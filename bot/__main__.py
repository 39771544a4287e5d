"""The way in: `dondoc` and `python -m bot`. What the commands do is in `bot/command_line/`."""

from typing import Annotated

import typer

from bot.command_line import (
    audit,
    database,
    dates,
    doctor,
    importing,
    lists,
    people,
    plans,
    quota,
    service,
    understanding,
    units,
    zalo,
    zalo_oa,
)
from bot.command_line.console import prepare_streams
from bot.command_line.usage import CommandLine, make_app

app = make_app("Đôn Đốc: theo dõi nhiệm vụ, thời hạn của cơ quan trong các cuộc trò chuyện.", cls=CommandLine)


@app.callback()
def _top(
    *,
    debug: Annotated[bool, typer.Option("--debug", help="Khi có lỗi, in thêm chi tiết cho người lập trình.")] = False,
) -> None:
    """`--debug` is named here for the help; it counts wherever it stands, so it is taken out before parsing."""
    del debug


service.add_to(app)
doctor.add_to(app)
app.add_typer(database.app, name="db")
app.add_typer(plans.app, name="plan")
app.add_typer(units.app, name="units")
app.add_typer(people.app, name="people")
app.add_typer(audit.app, name="audit")
app.add_typer(zalo.app, name="zalo")
app.add_typer(zalo_oa.app, name="zalo-oa")
dates.add_to(app)
understanding.add_to(app)
lists.add_to(app)
importing.add_to(app)
quota.add_to(app)
quota.add_to(zalo.app)


def main() -> None:
    prepare_streams()
    app(prog_name="dondoc")


if __name__ == "__main__":
    main()
