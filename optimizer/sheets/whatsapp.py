"""One short text per RT to paste into WhatsApp: under 700 characters, made to be read aloud."""

from __future__ import annotations

from optimizer.advice import own_decision
from optimizer.rules import Check, RuleStatus, Side
from optimizer.sheets.context import Context

__all__ = ["LIMIT", "whatsapp_text"]

LIMIT = 700
_TITLE = 60


def whatsapp_text(context: Context, unit: str) -> str:
    """The text of one RT; as many points as fit, and how many more there are."""
    problems = list(context.report.told(unit))
    for shown in range(len(problems), -1, -1):
        text = _text(context, unit, problems, shown)
        if len(text) < LIMIT:
            return text
    return text[: LIMIT - 1]


def _text(context: Context, unit: str, problems: list[Check], shown: int) -> str:
    words, ledger = context.words, context.opened.ledger
    kelurahan, rw, rt = (*unit.split("/"), "", "")[:3]
    items = context.own(unit)
    plan = context.opened.plan
    if plan is not None:
        items = tuple(p for p in items if plan.volumes.get(p.id))
    head = "plan" if plan is not None else ("final" if context.final else "draft")
    idle = ledger.idle(unit)
    lines = [
        context.say(
            f"sheet.wa.head.{head}",
            rt=rt or "-",
            rw=rw or "-",
            kelurahan=kelurahan,
            year=context.year,
        ),
        context.say("sheet.wa.own", amount=words.spoken(own_decision(ledger, unit))),
        context.say(
            f"sheet.wa.items.{'plan' if plan is not None else 'recorded'}",
            count=len(items),
            amount=words.spoken(sum(ledger.cost(p) for p in items)),
        ),
    ]
    if context.opened.dataset.meta.made_up_notice:
        lines.insert(0, context.say("sheet.wa.example"))
    if problems and shown:
        lines.append(context.say("sheet.wa.problems"))
    lines += [
        f"{number}. {_problem(context, check)}"
        for number, check in enumerate(problems[:shown], start=1)
    ]
    left = len(problems) - shown
    if left:
        key = "sheet.wa.more" if shown else "sheet.wa.several"
        lines.append(context.say(key, count=left))
    if not problems:
        lines.append(context.say("sheet.wa.fine"))
    if idle:
        lines.append(context.say("sheet.wa.idle", amount=words.spoken(idle)))
    lines.append(context.say("sheet.wa.decides"))
    return "\n".join(lines) + "\n"


def _problem(context: Context, check: Check) -> str:
    """One point in a sentence without brackets, arrows or abbreviations."""
    words = context.words
    title = check.title if len(check.title) <= _TITLE else check.title[: _TITLE - 1] + "…"
    label = words.pick(check.label)
    amount = words.spoken(check.amount)
    remedy = check.remedy_text(words)
    if check.bounds:
        kind = "over" if check.status is RuleStatus.BREACH else "short"
        said = context.say(f"sheet.wa.{kind}", label=label, amount=amount)
    elif check.side is Side.PAGU:
        said = context.say("sheet.wa.pagu", amount=amount)
    elif check.kind in {"mandatory", "field", "menu", "duplicate", "near_duplicate", "price"}:
        said = context.say(f"sheet.wa.{check.kind}", label=_plain(label), title=title)
    else:
        said = check.message(words)
    advice = context.say("sheet.wa.remedy", remedy=remedy) if remedy and len(remedy) < 90 else ""
    return f"{said} {advice}".strip()


def _plain(text: str) -> str:
    """The rule's first sentence without its closing dot."""
    return text.split(",", maxsplit=1)[0].rstrip(". ")
