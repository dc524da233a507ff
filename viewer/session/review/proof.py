"""The proof of a finding that the canvas draws while its layer is selected; never saved."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.graph import Graph
from analysis.review.proof import Proof
from viewer.session.session import Session


@dataclass(frozen=True)
class ShownProof:
    """A live part: what is drawn, and the network that it is true of; None where nothing is.

    `finding` is the key of the finding that it proves, which the review has open; of that also
    where nothing is drawn.
    """

    proof: Proof | None = None
    of: Graph | None = None
    finding: str = ""


def show_proof(session: Session, proof: Proof | None, finding: str = "") -> None:
    """Open this finding, and have the canvas draw its proof beside its layer, and no other."""
    of = session.document.graph if proof is not None else None
    session.set_live(parts=session.live.parts.having(ShownProof(proof, of, finding)))


def proof_now(session: Session) -> Proof | None:
    """What is to be drawn: while its layer is selected, and the network is still that one."""
    shown = session.live.part(ShownProof)
    if shown.proof is None or shown.of is not session.document.graph:
        return None
    return shown.proof if session.view.selection == shown.proof.layer else None
