"""Makes the request for a run of what a window's session holds now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from analysis.inference.colors.maps import color_map, map_ramp
from analysis.inference.protocol.images import ImageSource
from analysis.inference.protocol.input_change import InputChange
from analysis.inference.protocol.runs import RunRequest
from analysis.storage.blobs import BlobRef
from viewer.look.theme import theme
from viewer.session import Session
from viewer.session.feature_map_view import FeatureMapView
from viewer.session.input_image.decoded_images import DecodedImages
from viewer.session.input_image.film_frame import FilmFrame
from viewer.session.trained_weights import TrainedWeights

INSPECTED = 88
"""Side of the map of the layer that is inspected, in logical pixels."""
MOSAIC_TILE = 54
"""Side of a channel's map in the mosaic, in logical pixels."""
MOST_ZOOM = 4.0
ROW_THUMBNAIL = 32
"""Side of the maps in lists of operators, in logical pixels."""


class CurrentRun:
    """Reads a session for the network, the image, and how large its maps are drawn."""

    def __init__(
        self,
        session: Session,
        blob_path: Callable[[BlobRef], Path | None],
        decoded: DecodedImages,
        slot: str,
    ) -> None:
        self._session = session
        self._blob_path = blob_path
        self._decoded = decoded
        self._slot = slot
        self._zoom = 1.0

    def set_zoom(self, zoom: float) -> None:
        """Maps that are drawn larger are asked for larger, not stretched."""
        self._zoom = min(max(1.0, zoom), MOST_ZOOM)

    def request(self) -> RunRequest | None:
        """A request of revision 0; None where there is no image, or the input has a fault.

        Of a network with a fault elsewhere it runs what lies beside and before that.
        """
        session = self._session
        document = session.document
        image = self.image()
        if image is None or not session.facts.can_begin:
            return None
        colors = session.view.part(FeatureMapView).colors
        return RunRequest(
            revision=0,
            slot=self._slot,
            structure=document.graph.structure_hash,
            graph=document.graph,
            image=image,
            target=self._target(),
            weights=self._weights(),
            noise=session.live.noise,
            change=session.live.part(InputChange),
            gates=dict(document.gates),
            off=document.off,
            taps=self._taps(),
            channels=dict(session.view.channels),
            selected=session.layer_shown(),
            tile=round(MOSAIC_TILE * _pixel_ratio()),
            range_mode=session.view.range_mode,
            ramp=map_ramp(colors, theme.mode),
            color_map=f"{colors} {theme.mode}" if color_map(colors).symmetric else colors,
            symmetric=color_map(colors).symmetric,
            raw=self._raw(),
            in_part=True,
        )

    def _weights(self) -> str | None:
        """The file of the weights: those of a training under way, else the document's."""
        document = self._session.document
        trained = self._session.live.part(TrainedWeights)
        if trained.path and trained.structure == document.graph.structure_hash:
            return trained.path
        path = self._blob_path(document.weights) if document.weights else None
        return str(path) if path else None

    def image(self) -> ImageSource | None:
        """The picture that runs: a film's frame, else the document's image."""
        film = self._session.live.part(FilmFrame)
        if film.pixels is not None:
            return ImageSource(film.hash, None, film.pixels, stream=film.name)
        image = self._session.document.image
        path = self._blob_path(image) if image else None
        if image is None or path is None:
            return None
        reading = self._session.document.image_reading
        decoded = self._decoded.get(image.hash, reading)
        return ImageSource(image.hash, str(path), reading=reading, decoded=decoded)

    def _target(self) -> ImageSource | None:
        target = self._session.document.target
        path = self._blob_path(target) if target else None
        if target is None or path is None:
            return None
        document = self._session.document
        reading, taken_as = document.image_reading, document.target_as
        return ImageSource(target.hash, str(path), reading=reading, taken_as=taken_as)

    def _raw(self) -> tuple[tuple[str, int], ...]:
        """The channel that is shown large, and that of the layer beside it."""
        session = self._session
        view, layer = session.view.part(FeatureMapView), session.layer_shown()
        if not view.large or layer is None or not session.workspace.canvas.draws_measure:
            return ()
        layers = [layer]
        if view.beside == "layer" and view.other_layer in session.shapes:
            layers.append(view.other_layer)
        return tuple((each, session.view.channels.get(each, -1)) for each in dict.fromkeys(layers))

    def _taps(self) -> dict[str, int]:
        """Thumbnails in device pixels: every map, the operators of open blocks, what is selected.

        Blocks that are drawn as pills and circles show none, and each costs time of every frame.
        """
        session, ratio = self._session, _pixel_ratio()
        taps: dict[str, int] = {}
        open_scopes = {*session.view.expanded, session.view.selection}
        for block in session.blocks:
            if block.scope in open_scopes or block.id in open_scopes:
                taps.update(dict.fromkeys(block.nodes, round(ROW_THUMBNAIL * ratio)))
            placed = session.placement.boxes.get(block.id)
            if placed is not None and placed.form == "card":
                taps[block.output] = round(max(placed.side * self._zoom, ROW_THUMBNAIL) * ratio)
        if (selected := session.view.selection) is not None:
            node = session.output_of.get(selected, selected)
            taps[node] = max(taps.get(node, 0), round(INSPECTED * ratio))
        return {node: side for node, side in taps.items() if node in session.shapes}


def _pixel_ratio() -> float:
    screen = QGuiApplication.primaryScreen()
    return screen.devicePixelRatio() if screen else 1.0
