"""Small places, proposals and datasets for the tests of the checker."""

from fractions import Fraction

from optimizer.record.dataset import Dataset, Metadata
from optimizer.record.proposals import Proposal
from optimizer.territory import Territory, Unit

RT1, RT2, RT3 = "Contoh/01/01", "Contoh/01/02", "Contoh/02/01"
PAGU = 100_000_000


def territory(*budgets: int) -> Territory:
    numbers = (("01", "01"), ("01", "02"), ("02", "01"))
    budgets = budgets or (PAGU, PAGU, PAGU)
    return Territory(
        Unit("Contoh", rw, rt, budget, families=50, residents=150)
        for (rw, rt), budget in zip(numbers, budgets, strict=False)
    )


def usulan(id: str, owner: str, activity: str, price: int, volume: object = 1, **more) -> Proposal:
    asked = Fraction(volume)
    level = {0: "kelurahan", 1: "rw", 2: "rt"}[owner.count("/")]
    return Proposal(
        **{
            "id": id,
            "level": level,
            "owner": owner,
            "activity": activity,
            "unit_price": price,
            "volume": asked,
            "least": asked,
            "step": asked,
            **more,
        }
    )


def dataset(*proposals: Proposal, places: Territory | None = None, letters=()) -> Dataset:
    return Dataset.build(Metadata("contoh"), places or territory(), proposals, letters=letters)
