"""What a round of a loop changed that the plan does not have yet: names, types, arrays."""

from __future__ import annotations

from transpile.frontend import (
    aliases,
    cells,
    forms,
    join,
    lists,
    optional,
    records,
    rooms,
    spots,
    tables,
)
from transpile.frontend.carried import Looping, Name
from transpile.frontend.forms import leaves
from transpile.frontend.join import hidden
from transpile.frontend.values import Array, Option, Structure
from transpile.sym.build import Builder


def names(loop: Looping) -> bool:
    """Add what changed to the plan, and widen the types."""
    now = loop.ctx.frame.names
    grown = lose(loop)
    kept = (*map(hidden, ("broke", "returned", "value")), *cells.cells(loop.before.names))
    for name in (*loop.assigned, *kept):
        if name not in now or not (name.startswith("(") or loop.wanted(name)):
            continue
        grown |= widen(loop, name) if name in loop.plan.names else add(loop, name)
    return grown


def lose(loop: Looping) -> bool:
    """Did a branch in the loop leave a list in two forms? It is unknown from the head on."""
    held = cells.cells(loop.before.names).keys()
    gone = held - loop.ctx.frame.names.keys() - loop.plan.lost.keys()
    for cell in sorted(gone):
        loop.plan.names.pop(cell, None)
        loop.plan.lost[cell] = None
    return bool(gone)


def early(loop: Looping, cell: str, build: Builder) -> bool:
    """Does a list without items have some after a part of a round? It is carried as what it is."""
    before, now = loop.before.names.get(cell), loop.ctx.frame.names.get(cell)
    if not isinstance(before, Structure) or before.items or now is None:
        return False
    outer, loop.ctx.build = loop.ctx.build, build
    try:
        return lists.grows(loop, cell, join.label(cell), before, now)
    finally:
        loop.ctx.build = outer


def add(loop: Looping, name: str) -> bool:
    end, before = loop.ctx.frame.names[name], loop.before.names.get(name)
    if before is not None and end == before:
        return False
    plain = forms.plain(end)
    if before is not None:
        tables.united(loop.ctx, forms.plain(before), plain)
    if records.grows(loop, name, plain) or lists.opens(loop, name, before, plain):
        return True
    if before is not None:
        loop.carry_name(name, before)
        if optional.opens(loop, name, forms.plain(before), plain):
            return True
        if not forms.same_form(forms.plain(before), plain):
            tables.starts(loop.ctx, name, before)
        if lists.grows(loop, name, join.label(name), forms.plain(before), plain):
            return True
    else:
        types = [loop.content(leaf).type for leaf in leaves(plain)]
        for k, leaf in enumerate(leaves(plain)):
            seen = isinstance(leaf, Array) and leaf.base in loop.before.bases
            if not (isinstance(leaf, Array) and seen) or forms.owns(plain):
                rooms.begin(loop, name, k, types[k])
            else:
                aliases.sight(loop, name, k, leaf)
        loop.plan.names[name] = Name(plain, types, assigned=False)
    return True


def widen(loop: Looping, name: str) -> bool:
    known, end = loop.plan.names[name], forms.plain(loop.ctx.frame.names[name])
    tables.united(loop.ctx, forms.plain(loop.heads.get(name, known.form)), end)
    if records.grows(loop, name, end) or lists.opens(loop, name, known.form, end):
        return True
    if optional.opens(loop, name, known.form, end):
        return True
    if isinstance(known.form, Option):
        end = loop.ctx.frame.names[name] = optional.option(loop.ctx, end, known.form)
    if lists.grows(loop, name, join.label(name), known.form, end):
        return True
    mine = iter([carry for carry in loop.carries if carry.leaf and carry.name == name])
    joined, grown = [], False
    for k, leaf in enumerate(leaves(end)):
        type = loop.content(leaf).type
        spot = loop.plan.spots.get((name, k))
        if spot is None:
            carry = next(mine)
            joined.append(join.common(loop.ctx, name, carry.type, type))
            grown |= joined[-1] != carry.type
            if isinstance(leaf, Array) and leaf != loop.leaf_at(name, k):
                grown |= rooms.grow(loop, name, k, carry, type)
            continue
        joined.append(type)
        if not (isinstance(leaf, Array) and spots.alike(spot, spots.written_out(loop.ctx, leaf))):
            loop.plan.spots[name, k] = None
            grown = True
    if grown:
        known.types = joined
    return grown


def bases(loop: Looping) -> bool:
    grown = False
    for base, content in loop.before.bases.items():
        if base not in loop.plan.bases and loop.ctx.bases[base] is not content:
            loop.plan.bases[base] = None
            grown = True
    return grown
