"""``rembug bench``: how long everything takes, each figure beside that of a peer.

What is timed is solving: reading and compiling are the same for all and are left out, except
where a row says otherwise. Peers get the same compiled problem, and HiGHS gets it as a raw
matrix that was built beforehand. Their answers are compared with ours in exact integers.
"""
