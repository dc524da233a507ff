"""Sentences about weights that several operators use."""

from __future__ import annotations

from analysis.facts import Facts
from analysis.facts.facts import LayerFacts
from viewer.text import number_format
from viewer.text.block_names import full_name, node_name
from viewer.text.translation import tr

MOST_NAMED = 3


def users_of(facts: Facts, node_id: str) -> tuple[str, ...]:
    """The owner of an operator's shared weights and all that use them; empty where none shares."""
    layer = facts.layers.get(node_id)
    owner = layer.shares if layer is not None and layer.shares is not None else node_id
    others = facts.sharers.get(owner, ())
    return (owner, *others) if others else ()


def sharing_tip(facts: Facts, node_id: str) -> str:
    """Whose weights an operator uses, and how often they are used; empty where none shares."""
    users = users_of(facts, node_id)
    if not users:
        return ""
    if users[0] == node_id:
        return tr("Its weights are used {count} times.", count=len(users))
    name = full_name(users[0])
    return tr("Uses the weights of {name} ({count} uses).", name=name, count=len(users))


def uses_text(facts: Facts, owner: str) -> str:
    """How often an owner's weights are used, where it is not said beside whose they are."""
    count = 1 + len(facts.sharers.get(owner, ()))
    return tr("The weights of {name} are used {count} times.", name=full_name(owner), count=count)


def layer_count(layer: LayerFacts) -> str:
    """An operator's parameters in the room of a table: `0, as conv 1` where they are another's."""
    if layer.shape is None:
        return "–"
    count = number_format.grouped(layer.parameters)
    if layer.shares is None:
        return count
    block, dot, _ = layer.shares.rpartition(".")
    beside = layer.id.startswith(f"{block}{dot}")
    name = node_name(layer.shares) if beside else full_name(layer.shares)
    return tr("{count}, as {name}", count=count, name=name)


def shared_with(facts: Facts, node_id: str) -> str:
    """`shared with again, again 2`; empty where none shares."""
    others = [each for each in users_of(facts, node_id) if each != node_id]
    return tr("shared with {names}", names=_listed(others)) if others else ""


def parted_from(facts: Facts, node_id: str) -> str:
    """Why an operator has weights of its own that was to share; empty where it was not to."""
    others = facts.parted.get(node_id, ())
    if not others:
        return ""
    return tr("its own: those of {names} have another shape", names=_listed(others))


def _listed(names: list[str] | tuple[str, ...]) -> str:
    said = ", ".join(full_name(each) for each in names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return tr("{names} and {count} more", names=said, count=more) if more > 0 else said
