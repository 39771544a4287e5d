"""`dondoc run` itself, on a clock that begins at eight on the province's morning."""

from bot.telegram.deferred import import_aiogram

if __name__ == "__main__":
    import_aiogram()
    from benchmarks.clocks import running_from
    from benchmarks.province import MORNING
    from bot.command_line.workplace import finish
    from bot.running import run
    from bot.settings import load_settings

    finish(run(load_settings(), clock=running_from(MORNING)))
