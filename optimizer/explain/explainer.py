"""Cards for the proposals and accounts of one plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from optimizer.errors import ScenarioError
from optimizer.explain.binding import Binding, Fit, Rules, telling
from optimizer.explain.card import Card
from optimizer.explain.margins import Margins
from optimizer.explain.moves import Move, Moves, in_list_order, volume_at
from optimizer.explain.votes import Electorate
from optimizer.formulation.problem import Kind
from optimizer.nearest import nearest
from optimizer.plan import Plan
from optimizer.record.proposals import Proposal, Status
from optimizer.record.scenario import PRIORITIES, Pin
from optimizer.solving.changes import Displaced

__all__ = ["Explainer", "explain"]

SCORED = ("support", "welfare")


def explain(plan: Plan, id_: str) -> Card:
    """Why a proposal is in or out, what would make it fit, and what it would displace.

    Raises
    ------
    ScenarioError
        ``unknown_proposal`` with the nearest known id.
    """
    explainer: Explainer = plan.kept.setdefault("explainer", Explainer(plan))
    return explainer.card(id_)


@dataclass(frozen=True)
class Explainer:
    """Explains one plan; what several cards need is made once."""

    plan: Plan

    def card(self, id_: str) -> Card:
        """The card of one proposal.

        Raises
        ------
        ScenarioError
            ``unknown_proposal`` with the nearest known id.
        """
        by_id = self.plan.scenario.dataset.by_id
        if id_ not in by_id:
            raise ScenarioError("unknown_proposal", id=id_, near=nearest(id_, by_id) or "-")
        if id_ not in self._cards:
            self._cards[id_] = self._make(by_id[id_])
        return self._cards[id_]

    def cards(self, progress: Callable[[int, int], None] | None = None) -> Iterator[Card]:
        """All cards, in canonical order of the proposals."""
        proposals = self.plan.scenario.dataset.proposals
        for number, proposal in enumerate(proposals, start=1):
            yield self.card(proposal.id)
            if progress is not None:
                progress(number, len(proposals))

    # --- what is shared -------------------------------------------------------------------

    @cached_property
    def _cards(self) -> dict[str, Card]:
        return {}

    @cached_property
    def _votes(self) -> Electorate:
        return Electorate(self.plan.scenario)

    @cached_property
    def _margins(self) -> Margins:
        return Margins(self.plan, self._votes)

    @cached_property
    def _rules(self) -> Rules:
        return Rules(self.plan)

    @cached_property
    def _moves(self) -> Moves:
        return Moves(self.plan, self._margins.problem, self._supporters)

    @cached_property
    def _supporters(self) -> Mapping[str, int]:
        counted = ((p.id, self._votes.counted(p)) for p in self.plan.scenario.dataset.proposals)
        return {id_: found[0] for id_, found in counted if found is not None}

    @cached_property
    def _pins(self) -> Mapping[str, Pin]:
        return {pin.proposal: pin for pin in self.plan.scenario.pins}

    @cached_property
    def _required(self) -> frozenset[str]:
        """Proposals that are the only one to meet a mandatory activity."""
        problem = self.plan.problem
        return frozenset(
            problem.items[r.items[0]].id for r in problem.requirements if len(r.items) == 1
        )

    @cached_property
    def _by_order(self) -> bool:
        return any(stage.name == "order" for stage in self.plan.scenario.stages)

    # --- one card -------------------------------------------------------------------------

    def _make(self, proposal: Proposal) -> Card:
        pin = self._pins.get(proposal.id)
        counted = self._votes.counted(proposal)
        volume = self.plan.volumes.get(proposal.id, Fraction(0))
        account = self.plan.account(proposal)
        card = Card(
            proposal,
            self._state(proposal, pin, volume),
            account=account,
            volume=volume,
            cost=proposal.cost(volume),
            supporters=counted[0] if counted else None,
            people=counted[1] if counted else None,
            by_order=self._by_order,
            by_votes=counted is not None,
            joint=proposal.level == "kelurahan" or (account is not None and account.pooled),
            mandatory=proposal.status is Status.MANDATORY or proposal.id in self._required,
            pinned=pin is not None,
            reason=pin.reason if pin else proposal.reason,
        )
        if card.state == "out":
            return self._explain_out(card)
        return self._explain_in(card) if card.state == "in" else card

    def _state(self, proposal: Proposal, pin: Pin | None, volume: Fraction) -> str:
        if proposal.status is Status.EXCLUDED:
            return "excluded"
        if all(stage.name == PRIORITIES for stage in self.plan.scenario.stages):
            return "envelopes"
        if volume:
            return "in"
        if pin is not None:
            return "pinned_out"
        return "out" if proposal.id in self._margins.index else "no_account"

    def _explain_out(self, card: Card) -> Card:
        proposal = card.proposal
        binding, fit = self._rules.binding(proposal), self._rules.fit(proposal)
        found = self._margins.out(proposal, fits=fit.volume, own_funds=fit.own_funds)
        forced = self._moves.forced(proposal)
        lost = forced.lost if forced else ()
        never = self._rules.never(proposal)
        # What is too much even alone is not out for what others take.
        first = card.by_order and never is None
        explained = replace(
            card,
            binding=binding,
            never=never,
            fit=fit,
            largest_volume=found.volume,
            least_own_funds=found.own_funds,
            forced_volume=self._forced_volume(proposal, forced),
            displaces=self._displaced(proposal, forced.levels) if forced else (),
            welfare_lost=lost,
            lost_share=self._lost_share(lost),
            weighed=self._weighed(card, forced) if forced else None,
            taken_by=self._taken_by(proposal, binding) if first else (),
            lacks=found.lacks,
            lacks_why=found.lacks_why,
        )
        return replace(explained, behind=self._behind(explained))

    def _explain_in(self, card: Card) -> Card:
        proposal = card.proposal
        safe = self._margins.inside(proposal)
        reduced = card.reduced
        no_votes = not card.supporters and safe.safe == 0
        return replace(
            card,
            binding=self._rules.binding(proposal) if reduced else (),
            fit=self._rules.fit(proposal) if reduced else Fit(),
            safe=None if no_votes else safe.safe,
            safe_why="no_votes" if no_votes else safe.safe_why,
            enters=() if card.pinned or safe.alone else self._moves.without(proposal),
            unsupported=not (card.by_order or self._support(proposal)),
        )

    def _support(self, proposal: Proposal) -> int:
        item = self.plan.problem.items[self._margins.index[proposal.id]]
        return item.support.at(item.top)

    def _displaced(
        self, proposal: Proposal, levels: Mapping[str, tuple[int, int]]
    ) -> tuple[Move, ...]:
        gone = {
            id_: pair for id_, pair in levels.items() if pair[1] < pair[0] and id_ != proposal.id
        }
        return self._moves.moves(gone)

    def _behind(self, card: Card) -> str:
        """Why one further down is in, where one is in its place: ``order``, ``votes`` or nothing.

        By order only where it was tried: without those of its list further down there is still
        too little money. (Where a mandatory activity keeps them in, that would not be true.)
        """
        rank, owner = card.proposal.rank, card.proposal.owner
        further = [m.proposal for m in card.displaces if rank and (m.proposal.rank or 0) > rank]
        if not card.by_order:
            return "votes" if further and card.votes_decide else ""
        problem, index = self.plan.problem, self._margins.index
        out = {index[p.id] for p in further if p.owner == owner}
        must = {i for r in problem.requirements for i in r.items}
        if not out or any(self._must(i, must) for i in out):
            return ""
        part = next(p for p in problem.parts if index[card.id] in p.items)
        levels = {i: 0 if i in out else self.plan.answer.levels.get(i, 0) for i in part.items}
        broken = {rule for rule, _ in problem.broken(part, levels | {index[card.id]: 1})}
        return "order" if broken and broken <= {"accounts", "pool"} else ""

    def _forced_volume(self, proposal: Proposal, forced: Displaced | None) -> Fraction:
        return volume_at(proposal, forced.levels.get(proposal.id, (0, 0))[1] if forced else 0)

    def _lost_share(self, lost: tuple[tuple[str, int], ...]) -> Fraction:
        """Support or welfare lost, as a share of what the whole plan has."""
        for name, amount in lost:
            whole = self.plan.values.get(name, 0)
            if name in SCORED and whole > 0:
                return Fraction(amount, whole)
        return Fraction(0)

    def _weighed(self, card: Card, forced: Displaced) -> tuple[Fraction, Fraction] | None:
        """Supporters of the part that would come in, and of the parts that would give way.

        Only where that alone decides (by support, in one meeting, nothing else gains) and is
        a surprise: something with fewer supporters would give way.
        """
        if SCORED[0] not in dict(forced.lost) or not card.supporters:
            return None
        owner, by_id = card.proposal.owner, self.plan.scenario.dataset.by_id
        gained = given = Fraction(0)
        fewer = False
        for id_, (before, after) in forced.levels.items():
            proposal, count = by_id[id_], self._supporters.get(id_)
            if count is None or proposal.owner != owner or (after > before) != (id_ == card.id):
                return None
            change = abs(volume_at(proposal, after) - volume_at(proposal, before))
            weight = count * change / proposal.volume
            fewer = fewer or count < card.supporters
            gained, given = (weight, given) if after > before else (gained, given + weight)
        return (gained, given) if fewer and gained <= given else None

    def _taken_by(self, proposal: Proposal, binding: tuple[Binding, ...]) -> tuple[Move, ...]:
        """Items in the plan that come first by order, or must be in, and fill what binds."""
        problem, levels = self.plan.problem, self.plan.answer.levels
        index = self._margins.index[proposal.id]
        first = set(problem.order[: problem.order.index(index)]) if index in problem.order else ()
        must = {i for r in problem.requirements for i in r.items}
        spots = [b for b in telling(binding) if b.kind != "rule"]
        taken = {
            i: replace(move, paid=self._paid(i, spots), must=self._must(i, must))
            for i in self._margins.beside(index)
            if levels.get(i)
            and i != index
            and (i in first or self._must(i, must))
            and any(self._inside(i, spot) for spot in spots)
            for move in self._moves.moves({problem.items[i].id: (0, levels[i])})
        }
        return in_list_order(taken.values())

    def _must(self, index: int, required: set[int]) -> bool:
        return index in required or self.plan.problem.items[index].forced

    def _paid(self, index: int, spots: list[Binding]) -> int | None:
        """What the unit that lacks money pays, of something that it shares."""
        problem = self.plan.problem
        item, level = problem.items[index], self.plan.answer.levels.get(index, 0)
        paid = {problem.units[u].id: amount.at(level) for u, amount in item.payers}
        if len(paid) < 2:
            return None
        return next((paid[s.place] for s in spots if s.place in paid), None)

    def _inside(self, index: int, spot: Binding) -> bool:
        """Whether an item takes money from the account or pool that binds."""
        problem = self.plan.problem
        item = problem.items[index]
        pool = problem.pool_of(index)
        if spot.kind == "pool" or item.kind is Kind.POOLED:
            return pool is not None and spot.kind == "pool" and pool[0] == spot.place
        leaf = self.plan.scenario.policy.by_id[problem.tree.ids[problem.tree.leaves[item.leaf]]]
        within = spot.account is None or any(leaf is below for below in spot.account.walk())
        return within and any(problem.units[u].id == spot.place for u, _ in item.payers)
