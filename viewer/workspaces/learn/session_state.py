"""Reads of a session what lessons check, and sets the state that a step asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, is_dataclass, replace
from typing import Any

from analysis.faults import Fault
from analysis.inference.protocol.runs import Noise
from analysis.lessons.settings import changed_document, changed_view
from analysis.lessons.state import LessonState
from analysis.storage.blobs import BlobRef
from analysis.storage.document import Document
from viewer.session import Session
from viewer.session.lesson_scene import LessonScene
from viewer.session.parts import Parts
from viewer.session.undo import StepName
from viewer.session.view_state import ViewState

SEED = 1


@dataclass(frozen=True)
class Sources:
    """What a state is made of: the shipped network, and the pictures of the lesson's folder."""

    sample: Document
    pictures: Mapping[str, BlobRef] = field(default_factory=dict)

    def changed(self, settings: Mapping[str, str], document: Document) -> Document | Fault:
        """The document that the settings ask for."""
        return changed_document(settings, document, self.sample, self.pictures)


def state_of(session: Session) -> LessonState:
    """The session as a lesson reads it."""
    return LessonState(session.document, session.facts, _read_view(session), _live(session))


def _read_view(session: Session) -> dict[str, Any]:
    """The view as JSON values, with what its parts leave out where it stands at its default."""
    plain = plain_view(session)
    for kind in session.workspaces.view_parts:
        part: Any = session.view.part(kind)
        if is_dataclass(part) and not isinstance(part, type):
            plain[kind.key] = _filled(plain[kind.key], asdict(part))
    return plain


def _filled(plain: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
    found = {**whole, **plain}
    for key, value in whole.items():
        if isinstance(value, Mapping) and isinstance(found[key], Mapping):
            found[key] = _filled(found[key], value)
    return found


def plain_view(session: Session) -> dict[str, Any]:
    """The view as JSON values, with the parts that are as they were at first."""
    plain = session.view.to_plain()
    for kind in session.workspaces.view_parts:
        plain.setdefault(kind.key, kind().to_plain())
    return plain


def _live(session: Session) -> dict[str, Any]:
    live, frame = session.live, session.frame_now
    noise = live.noise
    found: dict[str, Any] = {"noise": 0.0 if noise.kind == "none" else noise.sigma}
    if frame is not None and not session.frame_is_behind:
        known = {"psnr": frame.psnr_out, "psnr-in": frame.psnr_in}
        found |= {name: value for name, value in known.items() if value is not None}
    for part in live.parts.values:
        key = getattr(part, "key", None)
        if isinstance(key, str) and is_dataclass(part) and not isinstance(part, type):
            found[key] = asdict(part)
    return found


def set_state(
    session: Session, label: StepName, settings: Mapping[str, str], sources: Sources
) -> None:
    """Set the state of a step, whatever somebody has done before it: one undoable step.

    What the settings say nothing of is as at first, but for the zoom and the image.
    """
    set_live(session, settings, afresh=True)
    # The workspace first: panels that are hidden then need not follow the network.
    session.set_view(workspace=settings.get("workspace", session.view.workspace))
    document = sources.changed(settings, session.document)
    if not isinstance(document, Fault):
        session.edit(label, document)
    session.view_from(_view(session, settings, {"zoom": session.view.zoom}))


def change_state(
    session: Session, label: StepName, settings: Mapping[str, str], sources: Sources
) -> None:
    """Change what the settings say, and nothing else."""
    set_live(session, settings, afresh=False)
    document = sources.changed(settings, session.document)
    if not isinstance(document, Fault):
        session.edit(label, document)
    session.view_from(_view(session, settings, plain_view(session)))


def first_view(session: Session, settings: Mapping[str, str]) -> ViewState:
    """The view that a lesson begins with."""
    return _view(session, settings, {})


def _view(session: Session, settings: Mapping[str, str], start: Mapping[str, Any]) -> ViewState:
    plain = changed_view(settings, start)
    plain.setdefault("workspace", session.view.workspace)
    return ViewState.from_plain(plain, session.workspaces.view_parts)


def set_live(session: Session, settings: Mapping[str, str], afresh: bool) -> None:
    """Set the noise; `afresh` also ends a noise that is not asked for, and begins what moves in
    the workspaces anew."""
    changes: dict[str, Any] = {}
    if "noise" in settings or afresh:
        sigma = float(settings.get("noise", "0"))
        noise = replace(session.live.noise, kind="gaussian", sigma=sigma, seed=SEED)
        changes["noise"] = noise if sigma else Noise()
    if afresh:
        kept = [each for each in session.live.parts.values if not hasattr(each, "key")]
        before = session.live.part(LessonScene)
        at_end = settings.get("step") == "last"
        scene = replace(before, number=before.number + 1, at_end=at_end)
        changes["parts"] = Parts(tuple(kept)).having(scene)
    session.set_live(**changes)
