"""Finds the network that a recipe trains: the one on the canvas, or one of a blueprint."""

from __future__ import annotations

from dataclasses import replace

from analysis.blueprints import BLUEPRINTS, parse
from analysis.faults import Fault
from analysis.operators import Input
from analysis.storage.document import Document
from analysis.training.recipe import Recipe
from analysis.training.twins import twin_networks, with_size
from viewer.text.blueprint_names import built_title
from viewer.text.escaping import name_text
from viewer.workspaces.train.view_part import OWN


def model_of(recipe: Recipe, document: Document) -> Document | Fault:
    """A document with that network. A file that a recipe names is opened by the person first."""
    if recipe.model == OWN:
        return document
    read = parse(recipe.model)
    if isinstance(read, Fault):
        return Fault("train-model-not-here", (recipe.model,)) if _is_file(recipe.model) else read
    name, settings = read
    return Document(graph=BLUEPRINTS[name].build(settings), blueprint=(name, settings))


def first_network(recipe: Recipe, model: Document) -> Document | None:
    """A document with the network of the recipe's first twin, at the model's size; None if none."""
    first = recipe.twins[:1]
    if is_own(recipe) and not any(each.settings or each.skip for each in first):
        return model  # it stands there already: nothing is built or analysed
    twins = twin_networks(replace(recipe, twins=first), model.graph, model.blueprint)
    source = next(iter(model.graph.inputs), None)
    if isinstance(twins, Fault) or source is None or not isinstance(source.operator, Input):
        return None
    height, width = source.operator.size
    graph = with_size(twins[0].graph, (height, width))
    return Document(graph=graph, blueprint=twins[0].blueprint)


def model_title(model: str) -> str:
    """What the network that a recipe names is called on screen; a file by its own name."""
    read = parse(model)
    if isinstance(read, Fault):
        return name_text(model.replace("\\", "/").rpartition("/")[2])
    return built_title(*read)


def _is_file(model: str) -> bool:
    return "/" in model or "\\" in model or "." in model.partition(":")[0]


def is_own(recipe: Recipe) -> bool:
    """Whether it is the network on the canvas that is trained."""
    return recipe.model == OWN


def written_model(document: Document) -> str | None:
    """The canvas's network as a recipe for the command line names it; None if only a file can."""
    if document.blueprint is None:
        return None
    name, settings = document.blueprint
    default = BLUEPRINTS[name].complete({})
    told = [f"{key}={value}" for key, value in settings.items() if value != default.get(key)]
    return f"{name}:{','.join(told)}" if told else name
