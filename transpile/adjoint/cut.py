"""The cheapest choice, for every value that is needed, of keeping it or computing it again."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from math import inf
from typing import Generic, TypeVar

from msgspec import Struct, field

Value = TypeVar("Value", bound=Hashable)


class Choice(Struct, Generic[Value], frozen=True):
    """What keeping a value costs, what computing it again costs, and what that needs."""

    keep: float
    make: float
    needs: tuple[Value, ...] = ()


class Network(Struct):
    """Nodes are numbers, 0 the source and 1 the sink; `left` are the capacities not yet used."""

    left: list[dict[int, float]] = field(default_factory=lambda: [{}, {}])

    def node(self) -> int:
        self.left.append({})
        return len(self.left) - 1

    def edge(self, a: int, b: int, capacity: float) -> None:
        self.left[a][b] = self.left[a].get(b, 0.0) + capacity
        self.left[b].setdefault(a, 0.0)

    def reached(self) -> dict[int, int]:
        """The nodes that the source still reaches, each with the node before it."""
        before, queue = {0: 0}, [0]
        for node in queue:
            for other, capacity in self.left[node].items():
                if capacity > 0 and other not in before:
                    before[other] = node
                    queue.append(other)
        return before

    def saturate(self) -> dict[int, int]:
        """The source's side of a minimum cut (Edmonds and Karp, 1972)."""
        while 1 in (before := self.reached()):
            way, node = [], 1
            while node != 0:
                way.append((before[node], node))
                node = before[node]
            flow = min(self.left[a][b] for a, b in way)
            if flow == inf:
                raise AssertionError("a value can neither be kept nor computed again")
            for a, b in way:
                self.left[a][b] -= flow
                self.left[b][a] += flow
        return before


def cheapest(
    needed: Iterable[Value], choices: Mapping[Value, Choice[Value]]
) -> tuple[Sequence[Value], Sequence[Value]]:
    """What to keep and what to make again, so that everything needed is there at the least cost.

    A demand for a value is a flow that stops where the value is kept or where it is made; making
    it passes the demand on to what that needs. The cheapest way to stop all flow is a minimum cut.
    """
    network = Network()
    demand = {value: network.node() for value in choices}
    making = {value: network.node() for value in choices}
    for value, choice in choices.items():
        network.edge(demand[value], making[value], choice.keep)
        network.edge(making[value], 1, choice.make)
        for other in choice.needs:
            network.edge(making[value], demand[other], inf)
    for value in needed:
        network.edge(0, demand[value], inf)
    source = network.saturate()
    kept = [v for v in choices if demand[v] in source and making[v] not in source]
    made = [v for v in choices if making[v] in source]
    return kept, made
