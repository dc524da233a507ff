"""The list of the review's findings: a line each, the worst first, that opens on a click."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from analysis.inference.protocol.engine import EngineFailure
from analysis.operators import BatchNorm
from analysis.review import Finding, Mend, with_mend_of_another
from analysis.review.after_repair import Repaired
from analysis.review.proof import Counts
from viewer.controls import labelled
from viewer.controls.flow_layout import FlowLayout
from viewer.controls.leaving_button import LeavingButton
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.edits.graph_edit import edit_graph
from viewer.session.live_state import Live
from viewer.session.review.proof import ShownProof, show_proof
from viewer.session.view_state import Pin
from viewer.text import number_format
from viewer.text.block_names import full_name
from viewer.text.fault_sentences import fault_sentence
from viewer.text.review.after_repair import after_and_now, brought_words, changed_words
from viewer.text.review.by_layer import by_layer_line
from viewer.text.review.findings import finding_lines
from viewer.text.review.reasons import mend_words
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.build.review.card import Buttons, FindingCard
from viewer.workspaces.build.review.look_row import LookRow
from viewer.workspaces.build.review.object_box import ObjectBox
from viewer.workspaces.build.review.search import Reviewed, ReviewSearch

_SEEN = ("field-covers-image", "dilation-gridding", "padding-reaches-centre", "tile-below-margin",
         "field-below-object", "join-misaligned", "centre-off", "field-barely-used")  # fmt: skip
"""Findings that the receptive field of a unit in the middle of their layer shows."""
_TAKEN_APART = ("uneven-overlap", "pixels-never-read")
"""Findings that the arithmetic of their layer shows: how often each pixel is read or written."""


class FindingsList(Guarded, QScrollArea):
    """The findings that are not ignored; those that are can be brought back."""

    def __init__(
        self,
        session: Session,
        search: ReviewSearch,
        look: Callable[[bool], object] = lambda _: None,
        stop_looking: Callable[[], object] = lambda: None,
    ) -> None:
        """`look` and `stop_looking` as of `LookRow`."""
        super().__init__()
        self._session, self._search = session, search
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list = QWidget()
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(8, 6, 8, 6)
        self._column.setSpacing(2)
        self._none = labelled("muted")
        self.random = labelled("muted")
        self.random.setWordWrap(True)
        random = mark(
            "The weights are random: nothing is said of channels, skips and output on this image."
        )
        say(self, self.random.setText, random)
        self.look = LookRow(session, look, stop_looking, self._list)
        self.look.left.connect(self.setFocus)
        self.brought_back = LeavingButton()
        self.brought_back.clicked.connect(self._bring_back)
        self._column.addWidget(self._none)
        self._column.addWidget(self.random)
        self.object_size = ObjectBox(session)
        below = FlowLayout()
        below.addWidget(self.object_size)
        below.addWidget(self.look)
        below.addWidget(self.brought_back)
        self._column.addLayout(below)
        self._column.addStretch(1)
        self.cards: list[FindingCard] = []
        self._keys: list[str] = []
        self._pinned: Pin | None = None
        """The unit whose field the finding that is shown last put on the canvas."""
        self._opened = session.opened
        self.setWidget(self._list)
        search.found.connect(self.refresh)
        session.observedReady.connect(self._tell_failure)
        session.signalReady.connect(self._tell_failure)
        session.documentChanged.connect(self._document_changed)
        session.liveChanged.connect(self._live_changed)
        language.changed.connect(self.refresh)
        theme.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Make the cards anew; they are few. One that had the keyboard gives it to the next."""
        place = self._leave_focus()
        for card in self.cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        findings = self._search.shown()
        again = with_mend_of_another(findings)
        self.cards = [self._card(each, each.key in again) for each in findings]
        self._keys = [each.key for each in findings]
        self._open_shown()
        for row, card in enumerate(self.cards):
            self._column.insertWidget(row, card)
            card.show()  # at once: a list that is shorter for a moment is scrolled back
        result, ignored = self._search.result, len(self._ignored())
        self._none.setVisible(not findings)
        if result is None:
            say(self, self._none.setText, "The review is being made.")
        else:
            count, others = len(result.review.tried), len(result.review.not_tried)
            nothing = mark("Nothing to remark: {count} of {all} rules tried.")
            say(self, self._none.setText, nothing, count=count, all=count + others)
        seen = self._search.observed().on_image
        self.random.setVisible(seen is not None and seen.untrained > 0)
        self.brought_back.setVisible(ignored > 0)
        say(self, self.brought_back.setText, "Show {count} ignored", count=ignored)
        if place is not None and self.cards:
            self.cards[min(place, len(self.cards) - 1)].setFocus()

    def _leave_focus(self) -> int | None:
        """The place of what has the keyboard and is about to go, which then has it no longer.

        Qt would hand it to a box of the inspector, where the next key changes the network.
        """
        focus = QApplication.focusWidget()
        if focus is None:
            return None
        places = [n for n, card in enumerate(self.cards) if focus in (card, *card.buttons)]
        if not places and (focus in (self, self.brought_back) or self.look.focused):
            places = [0]
        if not places:
            return None
        self.setFocus()
        return places[0]

    def _live_changed(self, before: Live, after: Live) -> None:
        if before.part(ShownProof).finding != after.part(ShownProof).finding:
            for card in self._open_shown():  # its height is known once the layout has been made
                QTimer.singleShot(0, card, partial(self.ensureWidgetVisible, card, 0, 8))

    def _open_shown(self) -> list[FindingCard]:
        """Of the finding that is shown, whose card is given, all that is said; else one line."""
        shown = self._session.live.part(ShownProof).finding
        for card, key in zip(self.cards, self._keys, strict=True):
            card.set_open(key == shown)
        return [card for card in self.cards if card.is_open]

    def _tell_failure(self, observed: object) -> None:
        """The picture cannot be looked at, or no numbers run: why is said once."""
        if isinstance(observed, EngineFailure):
            self._session.notifications.post(fault_sentence(observed.fault))

    def _card(self, finding: Finding, mended_above: bool) -> FindingCard:
        lines = finding_lines(finding, full_name)
        after = self._after(finding)
        if mended_above and finding.mend is not None:
            what = mend_words(finding.mend)
            after = tr("The repair “{what}” above mends this too.", what=what)
        if finding.by_layer:
            after = " ".join(filter(None, (by_layer_line(finding, full_name), after)))
        buttons = self._buttons(finding, after, None if mended_above else finding.mend)
        card = FindingCard(finding.severity, lines.what, lines.why, after, buttons)
        card.clicked.connect(lambda: self._show(finding))
        return card

    def _buttons(self, finding: Finding, after: str, mend: Mend | None) -> Buttons:
        buttons = [(tr("Show"), "", lambda: self._show(finding))]
        if finding.code in _TAKEN_APART:
            layer = finding.layers[-1]
            asked = self._session.layerAsked
            buttons.append((tr("Take it apart"), "", lambda: asked.emit(layer)))
        if mend is not None:
            buttons.append((mend_words(mend), after, lambda: self._repair(mend)))
        ignore = tr("Kept in the document; the list below brings it back.")
        buttons.append((tr("Ignore here"), ignore, lambda: self._ignore(finding)))
        return buttons

    def _after(self, finding: Finding) -> str:
        """The numbers that the network has after the repair, and that which is remarked."""
        result, facts = self._search.result, self._session.facts
        found = result.consequences.get(finding.key) if result is not None else None
        if result is None or found is None:
            return ""
        if facts.stopped_by:
            return tr(
                "After the repair: {parameters} parameters, {macs} MACs.",
                parameters=number_format.scaled(found.parameters),
                macs=number_format.scaled(found.macs),
            )
        repaired = result.repaired.get(finding.key, Repaired())
        said = after_and_now(found.parameters, found.macs, facts.parameters, facts.macs)
        remarked, brought = changed_words(repaired.changed), repaired.brought
        weights = self._weights_after(finding, found.untrained)
        for more in filter(None, (remarked, weights, brought_words(brought, full_name))):
            said = tr("{first} {second}", first=said, second=more)
        return said

    def _weights_after(self, finding: Finding, untrained: int) -> str:
        """What becomes of trained weights, empty where all are kept as they are."""
        if self._is_told_apart(finding):
            return tr(
                "Its output differs until it is trained again: the running means of its batch "
                "norms include the bias."
            )
        if not untrained:
            return ""
        many = mark("{count} layers begin with new weights.")
        one = mark("1 layer begins with new weights.")
        return tr(one if untrained == 1 else many, count=untrained)

    def _is_told_apart(self, finding: Finding) -> bool:
        """Whether the repair takes a bias out that running means hold, of weights that came."""
        document = self._session.document
        if finding.code != "bias-before-norm" or document.weights is None:
            return False
        graph = document.graph
        readers = [graph[r] for layer in finding.layers if layer in graph
                   for r in graph.consumers[layer]]  # fmt: skip
        return any(isinstance(reader.operator, BatchNorm) for reader in readers)

    # ---------------------------------------------------------------- what is done

    def _show(self, finding: Finding) -> None:
        """Select its layers on the canvas, and the field of a unit where that is the proof."""
        session, result = self._session, self._newest()
        proof = result.proofs.get(finding.key) if result is not None else None
        layers = [each for each in finding.layers if each in session.document.graph]
        first = proof.layer if proof is not None else next(iter(layers), "")
        blocks = {node: block.id for block in session.blocks for node in block.nodes}
        also = tuple(dict.fromkeys(blocks[each] for each in layers if each in blocks))
        also = tuple(each for each in also if each != blocks.get(first))
        shape = session.shapes.get(first, ())
        pin = self._pin_without_ours()
        self._pinned = None
        if finding.code in _SEEN and len(shape) == 3:
            unit = proof.unit if isinstance(proof, Counts) else ()
            y, x = unit or (shape[1] // 2, shape[2] // 2)
            pin = self._pinned = Pin(first, y, x)
        session.set_view(selection=first or None, also_selected=also, pin=pin)
        show_proof(session, proof, finding.key)

    def _pin_without_ours(self) -> Pin | None:
        """The unit whose field is shown, unless an earlier finding put it there as its proof."""
        pin = self._session.view.pin
        return None if pin == self._pinned else pin

    def _newest(self) -> Reviewed | None:
        """What was found of the network as it is; None while it is looked for."""
        result = self._search.result
        return result if result is not None and result.facts is self._session.facts else None

    def _repair(self, mend: Mend) -> None:
        if self._newest() is None:  # it would set what has been changed since back
            self._session.notifications.refuse(tr("The review is being made."))
            return
        graph = mend.applied(self._session.document.graph)
        if graph is not None:
            edit_graph(self._session, lambda: tr("Repair: {what}", what=mend_words(mend)), graph)

    def _ignored(self) -> tuple[str, ...]:
        """Those of the document's ignored keys that this network still has."""
        result = self._search.result
        keys = {each.key for each in result.review.findings} if result is not None else set()
        return tuple(key for key in self._session.document.ignored if key in keys)

    def _ignore(self, finding: Finding) -> None:
        document = self._session.document
        after = replace(document, ignored=(*document.ignored, finding.key))
        self._session.edit(lambda: tr("Ignore a finding"), after)
        if self._session.live.part(ShownProof).finding == finding.key:
            self._session.set_view(pin=self._pin_without_ours())
            show_proof(self._session, None)

    def _bring_back(self) -> None:
        document = self._session.document
        shown = set(self._ignored())
        after = replace(document, ignored=tuple(k for k in document.ignored if k not in shown))
        self._session.edit(lambda: tr("Show ignored findings"), after)

    def _document_changed(self, before: object, after: object) -> None:
        if self._session.opened is not self._opened:
            # A finding of another network may have its key.
            self._opened = self._session.opened
            show_proof(self._session, None)
        if getattr(before, "ignored", ()) != getattr(after, "ignored", ()):
            self._search.found.emit()
