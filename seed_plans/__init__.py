"""Plan files, the unit directory and the working calendar, as data; `FOLDER` is where they lie."""

from pathlib import Path

FOLDER = Path(__file__).parent
