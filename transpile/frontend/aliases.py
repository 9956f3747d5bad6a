"""Which arrays the names that a loop carries hold, and which of them others can see or write."""

from __future__ import annotations

from collections.abc import Iterator

from transpile.frontend import forms, join, spots, views
from transpile.frontend.carried import NOWHERE, Grown, Looping
from transpile.frontend.forms import leaves
from transpile.frontend.values import Array, Base
from transpile.sym.ir import Atom, constant
from transpile.sym.types import INT


def track(loop: Looping) -> None:
    """Follow the arrays that others can see and that a carried name is bound to on entry."""
    loop.wheres = {}
    place = 0
    for name in loop.plan.names:
        before = loop.before.names.get(name)
        for k, leaf in enumerate(leaves(forms.plain(before)) if before is not None else ()):
            if not isinstance(leaf, Array):
                continue
            place += 1
            base = leaf.base
            roomy = (name, k) in loop.plan.rooms or forms.owns(before)
            known = roomy or leaf.path or base in loop.wheres or base in loop.before.moved
            if not known and forms.references(loop.ctx, base, ""):
                loop.wheres[base] = loop.carry("", INT, constant(place)).param
                loop.plan.places.setdefault(base, frozenset((place,)))
        if before is None:
            form = loop.plan.names[name].form
            place += sum(isinstance(leaf, Array) for leaf in leaves(form))


def places(loop: Looping) -> tuple[dict[Base, Atom], bool]:
    """Where the arrays that are followed are after a round; True if the plan grew."""
    ctx, finals, ends = loop.ctx, {}, {}
    arrays = [
        (leaf, (name, k) in loop.plan.rooms)
        for name in loop.plan.names
        for k, leaf in enumerate(leaves(forms.plain(ctx.frame.names[name])))
        if isinstance(leaf, Array)
    ]
    bases = [leaf.base for leaf, roomy in arrays if roomy or not leaf.path]
    for k, (leaf, roomy) in enumerate(arrays, 1):
        followed = loop.wheres and leaf.base in {*loop.before.bases, *loop.slots}
        if bases.count(leaf.base) > 1 and (followed or loop.plan.rooms):
            ctx.fail(
                f"{leaf.base.name} has two names after a round of this loop",
                "bind one of them to a copy, x.copy()",
                loop.node,
            )
        if not (leaf.path or roomy):
            finals[leaf.base] = k
    grown = False
    for base in loop.wheres:
        kept = all(
            views.located(ctx, slot, finals)[1] for slot in loop.slots if slot is not NOWHERE
        )
        ends[base] = views.located(ctx, base, finals)[0]
        known = loop.plan.places[base]
        loop.plan.places[base] = known | views.possible(ctx, base, finals)
        grown |= loop.plan.places[base] != known
        dirty = views.content(ctx, base) is not ctx.bases[base]
        if dirty and kept and not loop.plan.pure:
            loop.plan.pure = grown = True
        if dirty and not kept and base not in loop.plan.bases:
            loop.plan.bases[base], loop.plan.pure, grown = None, False, True
    return ends, grown


def watch(loop: Looping) -> None:
    """A carried name that is a view of another array is kept as its content: neither is written."""
    ctx = loop.ctx
    loop.watched = {}
    twice, ending = aliased(loop), shared_at_end(loop)
    for name, head in loop.heads.items():
        if forms.owns(head):  # whose array nothing else sees
            continue
        before = loop.before.names.get(name)
        entry = list(leaves(forms.plain(before))) if before is not None else []
        ends = list(leaves(forms.plain(ctx.frame.names[name])))
        for k, now in enumerate(leaves(forms.plain(head))):
            if not isinstance(now, Array) or loop.plan.spots.get((name, k)) is not None:
                continue
            for other in (*entry[k : k + 1], ends[k], *strays(loop, ends[k])):
                if not isinstance(other, Array):
                    continue
                if leaves_with(loop, name, other.base):
                    if other.base in ctx.frozen:
                        loop.watched[other.base] = None
                    continue
                mixed, part = is_mixed(loop, now, other), is_part(loop, other)
                unsure = other.base in ctx.frozen or other.base in twice or other.base in ending
                if mixed or part or unsure or shared(loop, name, other):
                    loop.watched[other.base] = None
                    if mixed:
                        sources = [base for base in loop.before.bases if base in ctx.frozen]
                    else:
                        sources = [other.base]
                    written = is_written if part and not mixed else changed
                    if is_written(loop, now.base) or any(written(loop, one) for one in sources):
                        if sighted(loop):
                            raise Grown
                        ctx.fail(
                            f"{join.label(name)} is a view or another name of an array that is "
                            "written in the same loop",
                            f"bind {join.label(name)} to a copy, x.copy()",
                            loop.node,
                        )


def leaves_with(loop: Looping, name: str, base: Base) -> bool:
    """Is this what a return in the loop gives, of an array that no caller knows? Nothing is written
    after it."""
    if name != join.hidden("value"):
        return False
    ctx, found = loop.ctx, {base}
    if base not in loop.before.bases:  # one of several, by a branch
        found |= {one for one in loop.before.bases if one in ctx.frozen}
    return not any(forms.outlives(ctx, one) for one in found)


def strays(loop: Looping, end: Atom | Array) -> Iterator[Array]:
    """The arrays that this loop does not follow, to one of which a branch of this round may have
    bound the name."""
    for base, moved in loop.ctx.moved.items():
        known = base not in loop.before.bases or base in loop.wheres
        if known or moved is loop.before.moved.get(base):
            continue
        if isinstance(end, Array) and end.base in moved.holders:
            yield Array(base, ())


def sighted(loop: Looping) -> bool:
    """Carry the names that are views on entry by their integers; False where all were tried."""
    found = False
    for name in loop.plan.names:
        before = loop.before.names.get(name)
        if forms.owns(before):
            continue
        for k, leaf in enumerate(leaves(forms.plain(before)) if before is not None else ()):
            found |= isinstance(leaf, Array) and sight(loop, name, k, leaf)
    return found


def sight(loop: Looping, name: str, k: int, leaf: Array) -> bool:
    """Carry a view by its integers, if it has no others and this was not tried before."""
    known = (name, k) in loop.plan.spots or (name, k) in loop.plan.rooms
    if known or not leaf.path or spots.form(leaf) is None:
        return False
    loop.plan.spots[name, k] = spots.written_out(loop.ctx, leaf)
    return True


def is_part(loop: Looping, end: Array) -> bool:
    """Is this a view of what a carried name holds, that others see too?"""
    values = (forms.plain(loop.ctx.frame.names[name]) for name in loop.heads)
    bases = [leaf.base for value in values for leaf in leaves(value) if isinstance(leaf, Array)]
    seen = bool(loop.wheres) or bases.count(end.base) > 1
    return bool(end.path) and end.base in loop.slots and seen


def is_mixed(loop: Looping, head: Array, end: Array) -> bool:
    """Did a branch of this round bind the name to one of several arrays?"""
    made = end.base not in loop.before.bases and end.base is not head.base
    return made and end.base in loop.ctx.frozen


def is_written(loop: Looping, base: Base) -> bool:
    """Is what a carried name holds written in this round, or under another name in a later one?"""
    heads = {name: list(leaves(forms.plain(head))) for name, head in loop.heads.items()}
    moves = [
        (end.base, head.base)
        for name, mine in heads.items()
        for head, end in zip(mine, leaves(forms.plain(loop.ctx.frame.names[name])), strict=True)
        if isinstance(head, Array) and isinstance(end, Array)
    ]
    held = {base}
    for _ in moves:
        held.update(later for now, later in moves if now in held)
    params = [carry.param for carry in loop.carries]
    return any(views.content(loop.ctx, one) not in params for one in held)


def aliased(loop: Looping) -> set[Base]:
    """The arrays that more than one carried name is bound to on entry."""
    values = [forms.plain(loop.before.names[n]) for n in loop.heads if n in loop.before.names]
    bases = [leaf.base for value in values for leaf in leaves(value) if isinstance(leaf, Array)]
    return {base for base in bases if bases.count(base) > 1}


def shared_at_end(loop: Looping) -> set[Base]:
    """The arrays that after a round more than one carried name is bound to, or has a view of."""
    ends = [forms.plain(loop.ctx.frame.names[name]) for name in loop.heads]
    bases = [leaf.base for end in ends for leaf in leaves(end) if isinstance(leaf, Array)]
    return {base for base in bases if bases.count(base) > 1}


def shared(loop: Looping, name: str, other: Array) -> bool:
    """Is this an array from before the loop, not followed, that is reached by other names too?"""
    if other.base not in loop.before.bases or (other.base in loop.wheres and not other.path):
        return False
    return forms.references(loop.ctx, other.base, name)


def changed(loop: Looping, base: Base) -> bool:
    if base not in loop.before.bases:
        return False
    now = views.content(loop.ctx, base)
    return base in loop.plan.bases or now is not loop.before.bases[base]
