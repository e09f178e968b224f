"""Money that units bring together: the pool of a kelurahan and shared proposals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from optimizer.money import share_ceil
from optimizer.record.dataset import Dataset
from optimizer.record.policy import Account, Policy, Source
from optimizer.record.proposals import Status
from optimizer.rules.findings import Check, Listed
from optimizer.rules.ledger import Ledger, contributions_due, kelurahan_of
from optimizer.rules.remedies import less_of
from optimizer.rules.status import RuleStatus, Side

__all__ = ["as_recorded", "contribution_checks", "pool_checks", "recorded_share", "share_due"]


def share_due(account: Account, budget: int, share: Fraction | None) -> int:
    """Rupiah that a unit gives to a pool, never above the account's own maximum.

    Without a share it is the account's own minimum.
    """
    due = account.lower(budget) if share is None else share_ceil(share, budget)
    return min(due, account.upper(budget))


def as_recorded(dataset: Dataset, policy: Policy, joint_share: Fraction | None = None) -> Listed:
    """The list that people made: every proposal that was not left out, as asked.

    Parameters
    ----------
    joint_share
        Share of the pagu that each unit gives to the pool. Without one, the policy's minimum,
        or the least share that pays for the recorded joint projects where no unit breaks a
        maximum by giving it (:func:`recorded_share`).
    """
    proposals = [p for p in dataset.proposals if p.status is not Status.EXCLUDED]
    listed = Listed(volumes={p.id: p.volume for p in proposals})
    books = Ledger(dataset, policy, listed)
    contributions = {
        (unit, p.id): amount
        for p in proposals
        if books.shared(p)
        for unit, amount in contributions_due(dataset, p, p.volume).items()
    }
    listed = Listed(volumes=listed.volumes, contributions=contributions)
    books = Ledger(dataset, policy, listed)
    pool_shares = {}
    for kelurahan in dataset.territory.kelurahan:
        for account in policy.pools:
            share = joint_share
            if share is None:
                share = _share_that_pays(books, kelurahan, account)
            for unit in dataset.territory.units_below(kelurahan):
                budget = dataset.territory.by_id[unit].budget
                pool_shares[unit, account.id] = share_due(account, budget, share)
    return Listed(volumes=listed.volumes, contributions=contributions, pool_shares=pool_shares)


def recorded_share(dataset: Dataset, policy: Policy, kelurahan: str) -> Fraction | None:
    """The joint share that :func:`as_recorded` reads from a kelurahan's list.

    ``None`` means the policy's minimum: it is enough, or more would break a maximum.
    """
    listed = as_recorded(dataset, policy, Fraction(0))
    books = Ledger(
        dataset, policy, Listed(volumes=listed.volumes, contributions=listed.contributions)
    )
    return next(
        (s for a in policy.pools if (s := _share_that_pays(books, kelurahan, a)) is not None), None
    )


def _share_that_pays(books: Ledger, kelurahan: str, account: Account) -> Fraction | None:
    territory, policy = books.dataset.territory, books.policy
    units = [territory.by_id[u] for u in territory.units_below(kelurahan)]
    wanted = sum(books.cost(p) for p in books.pooled_in(kelurahan, account))
    if wanted <= sum(account.lower(u.budget) for u in units):
        return None
    share = Fraction(wanted, sum(u.budget for u in units))
    above = policy.and_above(account)
    for unit in units:
        due = share_ceil(share, unit.budget)
        if due + books.programmed(unit.id) > unit.budget:
            return None
        if any(due + books.programmed(unit.id, a) > a.upper(unit.budget) for a in above):
            return None
    return share


def pool_checks(ledger: Ledger, joint_share: Fraction | None = None) -> Iterator[Check]:
    """Each pool is not overspent, and every unit gives the same share."""
    for kelurahan in ledger.dataset.territory.kelurahan:
        for account in ledger.policy.pools:
            if not ledger.listed.pool_known:
                yield Check(
                    Side.POOL, kelurahan, RuleStatus.UNKNOWN, account.id, label=account.name
                )
                continue
            yield _pool_check(ledger, kelurahan, account)
            yield from _share_checks(ledger, kelurahan, account, joint_share)


def _pool_check(ledger: Ledger, kelurahan: str, account: Account) -> Check:
    proposals = ledger.pooled_in(kelurahan, account)
    spent = sum(ledger.cost(p) for p in proposals)
    pool = ledger.pool(kelurahan, account)
    over = spent > pool
    return Check(
        side=Side.POOL,
        place=kelurahan,
        status=RuleStatus.BREACH if over else RuleStatus.PASS,
        account=account.id,
        amount=abs(spent - pool),
        limit=pool,
        total=spent,
        origin=account.bounds[0].origin if account.bounds else Source(),
        remedy=less_of(ledger, proposals, spent - pool) if over else None,
        label=account.name,
    )


def _share_checks(
    ledger: Ledger, kelurahan: str, account: Account, joint_share: Fraction | None
) -> Iterator[Check]:
    due = _shares_due(ledger, kelurahan, account, joint_share)
    for unit, amount in due.items():
        given = ledger.listed.pool_shares.get((unit, account.id), 0)
        if given != amount:
            yield Check(
                side=Side.POOL_SHARE,
                place=unit,
                status=RuleStatus.BREACH,
                account=account.id,
                amount=abs(given - amount),
                limit=amount,
                total=given,
                label=account.name,
            )


def _shares_due(
    ledger: Ledger, kelurahan: str, account: Account, joint_share: Fraction | None
) -> Mapping[str, int]:
    """What each unit should give: by the share asked for, else by the share most units gave."""
    territory = ledger.dataset.territory
    budgets = {u: territory.by_id[u].budget for u in territory.units_below(kelurahan)}

    def by(share: Fraction | None) -> dict[str, int]:
        return {u: share_due(account, budget, share) for u, budget in budgets.items()}

    if joint_share is not None:
        return by(joint_share)
    given = {u: ledger.listed.pool_shares.get((u, account.id), 0) for u in budgets}
    if given == by(None):
        return given
    # One share s gives x of a budget B for (x-1)/B < s <= x/B; all units need one s in common.
    candidates = [None, *sorted({Fraction(x, budgets[u]) for u, x in given.items() if budgets[u]})]
    return max(
        (by(share) for share in candidates),
        key=lambda due: sum(due[u] == given[u] for u in budgets),
    )


def contribution_checks(ledger: Ledger) -> Iterator[Check]:
    """Every payer of a shared proposal pays what the rule says, to the rupiah."""
    shared = [p for p in ledger.chosen if ledger.shared(p)]
    if not ledger.listed.participants_known:
        places: dict[str, list[str]] = {}
        for p in shared:
            places.setdefault(kelurahan_of(ledger.dataset, p.owner), []).append(p.id)
        for place, about in places.items():
            yield Check(Side.CONTRIBUTION, place, RuleStatus.UNKNOWN, about=tuple(about))
        return
    due = {
        (unit, p.id): amount
        for p in shared
        for unit, amount in contributions_due(ledger.dataset, p, ledger.volume(p)).items()
    }
    for unit, proposal in sorted({*due, *ledger.listed.contributions}):
        given = ledger.listed.contributions.get((unit, proposal), 0)
        amount = due.get((unit, proposal), 0)
        if given != amount:
            known = ledger.dataset.by_id.get(proposal)
            yield Check(
                side=Side.CONTRIBUTION,
                place=unit,
                status=RuleStatus.BREACH,
                amount=abs(given - amount),
                limit=amount,
                total=given,
                about=(proposal,),
                title=known.title if known else proposal,
            )
