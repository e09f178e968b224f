"""The question as mathematics: scenario → whole numbers → PuLP.

================================  ==============================================================
what                              where
================================  ==============================================================
sets, items, levels, limits       :mod:`~optimizer.formulation.terms`
the whole question, exact values  :mod:`~optimizer.formulation.problem` (what every solver reads)
scenario → question               :mod:`~optimizer.formulation.compile`, with item rules in
                                  :mod:`~optimizer.formulation.item_rules`, letters in
                                  :mod:`~optimizer.formulation.letters` and votes in
                                  :mod:`~optimizer.formulation.support`
decision variables                :mod:`~optimizer.formulation.choice`
rows: bounds on accounts          :func:`~optimizer.formulation.accounts.policy_rows`
rows: limits, pools               :mod:`~optimizer.formulation.program` (puts all together)
objective: one stage each         :mod:`~optimizer.formulation.objectives`; leximin in
                                  :mod:`~optimizer.formulation.equity`
money of fields, no proposals     :mod:`~optimizer.formulation.fields`
================================  ==============================================================

Programs are written nowhere else; :mod:`optimizer.solving` runs them. A new kind of account rule
is added in ``accounts``, a new kind of item rule in ``item_rules.ROWS``, a new stage in
``objectives``; each is judged anew, without any of this, by :mod:`optimizer.rules`.
"""
