"""Writes the report of the network on screen: what the review remarks, figure and tables."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from viewer.session.review.observed import observed_now, subject_of
from viewer.session.review.view import ReviewView
from viewer.shell.commands.export_target import ask_for_target, with_ending
from viewer.text.blueprint_names import network_title
from viewer.text.file_faults import not_written
from viewer.text.translation import tr
from viewer.workspaces.services import Services

ENDING = ".html"


class ReportExport:
    """Asks for a place and writes the page off the GUI thread."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def ask(self) -> None:
        """Ask for a place and write the report there."""
        ask_for_target(self._services, tr("Write a report"), tr("HTML page"), ENDING, self.write)

    def write(self, path: str) -> None:
        """Write the report, with what the picture showed if it was looked at.

        What is ignored in the document stays out of it; the page says how many these are.
        """
        target = with_ending(path, ENDING)
        session = self._services.session
        document, facts, post = session.document, session.facts, session.notifications.post
        title, seen = network_title(document), observed_now(session)
        object_size = session.view.part(ReviewView).object_size

        def work(cancelled: Event) -> None:
            from analysis.review import review
            from viewer.drawing.report.page import write_report

            found = review(subject_of(facts, seen, object_size), cancelled.is_set)
            kept = tuple(each for each in found.findings if each.key not in document.ignored)
            ignored, found = len(found.findings) - len(kept), replace(found, findings=kept)
            if cancelled.is_set():  # the rest of the rules was not tried
                return
            write_report(target, title, document, facts, found, ignored)

        def failed(error: Exception) -> None:
            if not isinstance(error, OSError):
                raise error
            post(not_written(target, error))

        def written(_: object) -> None:
            said = tr("The report is in {name}.", name=target.name)
            post(said, "ok", ((tr("Open the report"), partial(_open, target)),))

        self._services.background.start(work, written, failed)


def _open(page: Path) -> None:
    """Show the page in the program that the system has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(page.absolute())))
