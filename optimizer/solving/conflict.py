"""Why nothing fits: an irreducible conflicting set over named rules, and the least way out.

Rules are deleted one by one (HiGHS's own IIS does not see integer conflicts); what must stay for
the conflict to stay is the conflicting set. For each of its rules the least change that would
make the rest feasible is found by solving for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from optimizer.errors import Infeasible
from optimizer.formulation.model import Model
from optimizer.formulation.problem import Part, Problem
from optimizer.money import format_rupiah
from optimizer.phrases import say
from optimizer.scenario import Scenario
from optimizer.solving.outcome import Clock, Outcome, run

__all__ = ["Rule", "conflicting_rules", "explain_conflict"]

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the conflicting set: its key in the model, in words, and its way out."""

    key: Key
    name: dict[str, str]
    remedy: dict[str, str]


def explain_conflict(scenario: Scenario, problem: Problem, part: Part) -> Infeasible:
    """The error that names the conflicting rules and the least change for each."""
    rules = [_describe(scenario, problem, part, k) for k in conflicting_rules(problem, part)]
    return Infeasible(
        "infeasible",
        place=part.name,
        rules=Listing(rule.name for rule in rules),
        remedies=Listing(rule.remedy for rule in rules),
    )


class Listing:
    """Sentences that are joined in the language in which the error is read."""

    def __init__(self, sentences: Iterable[dict[str, str]]) -> None:
        self.sentences = tuple(sentences)

    def __format__(self, lang: str) -> str:
        return "; ".join(s[lang or "id"] for s in self.sentences if s)


def conflicting_rules(problem: Problem, part: Part) -> list[Key]:
    """An irreducible set of rules that cannot hold together, found by deletion."""
    suspects = _suspects(problem, part)
    dropped: set[Key] = set()
    for key in suspects:
        if not _feasible(problem, part, frozenset({*dropped, key})):
            dropped.add(key)
    return [key for key in suspects if key not in dropped]


def _suspects(problem: Problem, part: Part) -> list[Key]:
    """Rules in the order in which they are given up: bounds first, pins last."""
    keys: list[Key] = []
    for unit in part.units:
        room = problem.units[unit]
        for node in range(len(problem.tree.ids)):
            if node not in problem.tree.pooled or room.given[node] != room.upper[node]:
                keys.append(("account", unit, node))
    keys += [("limit", k) for k in part.limits]
    keys += [("pool", number) for number in range(len(part.pools))]
    keys += [("pin", i) for i in part.items if problem.items[i].forced]
    return keys


def _feasible(problem: Problem, part: Part, without: frozenset[Key]) -> bool:
    model = Model(problem, part, without)
    model.maximise(model.saving(()))
    outcome, _ = run(model.program, Clock())
    return outcome is Outcome.OPTIMAL


def _describe(scenario: Scenario, problem: Problem, part: Part, key: Key) -> Rule:
    data = {lang: _words(scenario, problem, part, key, lang) for lang in ("id", "en")}
    kind = str(key[0])
    return Rule(
        key,
        {lang: say(f"conflict.{kind}", lang, **words) for lang, words in data.items()},
        {lang: say(f"conflict.{kind}.remedy", lang, **words) for lang, words in data.items()},
    )


def _words(scenario: Scenario, problem: Problem, part: Part, key: Key, lang: str) -> dict[str, str]:
    """What fills the sentence about one rule."""
    number = key[1]
    assert isinstance(number, int)
    if key[0] == "account":
        node = key[2]
        assert isinstance(node, int)
        room = problem.units[number]
        account = scenario.policy.by_id.get(problem.tree.ids[node])
        return {
            "place": room.id,
            "account": account.name.get(lang, account.name["id"]) if account else "pagu",
            "least": format_rupiah(room.lower[node], lang),
            "most": format_rupiah(room.upper[node], lang),
            "change": format_rupiah(_least_change(problem, part, key), lang),
        }
    if key[0] == "pin":
        item = problem.items[number]
        pin = next(p for p in scenario.pins if p.proposal == item.id)
        title = scenario.dataset.by_id[item.id].title
        return {"id": item.id, "title": title, "reason": pin.reason or "-"}
    if key[0] == "pool":
        kelurahan, node = part.pools[number]
        change = format_rupiah(_least_change(problem, part, key), lang)
        most = format_rupiah(problem.pools[kelurahan, node], lang)
        return {"place": kelurahan, "most": most, "change": change}
    limit = problem.limits[number]
    rule = next((r for r in scenario.policy.rules if f"rule.{r.id}" == limit.rule), None)
    text = rule.text[lang] if rule and rule.text else limit.rule
    return {"place": limit.place, "rule": text}


def _least_change(problem: Problem, part: Part, key: Key) -> int:
    """Rupiah by which one bound must give way when all other rules stay."""
    model = Model(problem, part, frozenset({key}))
    excess = model.excess(key)
    model.maximise(-excess)
    outcome, _ = run(model.program, Clock())
    if outcome is not Outcome.OPTIMAL:
        return 0
    levels = model.levels()
    if key[0] == "pool":
        number = key[1]
        assert isinstance(number, int)
        pool = part.pools[number]
        inside = [i for i in part.items if problem.pool_of(i) == pool]
        return max(0, problem.cost(inside, levels) - problem.pools[pool])
    unit, node = key[1], key[2]
    assert isinstance(unit, int) and isinstance(node, int)
    room = problem.units[unit]
    spent = problem.spent(part, levels)[unit]
    least = (
        spent[node]
        if not problem.tree.children[node]
        else sum(max(room.lower[c], spent[c]) for c in problem.tree.children[node])
    )
    return max(0, least - room.upper[node], room.lower[node] - room.upper[node])
