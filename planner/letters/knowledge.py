"""What the reader and the corrections of a letter know besides the paper, as it is loaded now."""

from sqlalchemy.ext.asyncio import AsyncSession

from models.terms import BeforeReading
from planner.reading.read import Knowledge
from planner.stored_directory import load_directory
from planner.tracked_tasks import tracked_tasks
from planner.workdays import WorkCalendar


async def load_knowledge(session: AsyncSession, *, calendar: WorkCalendar, before: BeforeReading) -> Knowledge:
    directory = await load_directory(session)
    tracked = await tracked_tasks(session)
    documents = tuple(dict.fromkeys(task.document_no for task in tracked if task.document_no))
    return Knowledge(calendar, before, directory, tracked, documents)
