"""The access matrix: what each role's own page of every address answered."""

from collections import defaultdict

from gridparty.demo.accounts import CAST
from gridparty.prove.addresses import Address
from gridparty.prove.allowed import ALLOWED
from gridparty.prove.proof import Proof
from orgs.roles import CAPABILITIES, Noun, Role

SIGNS = {200: "●", 302: "→", 403: "–", 404: "·", 405: "+", 400: "●"}
HEAD = """# Who opens what

Written by `manage.py prove_scope --write`; do not edit. The town is the demonstration's (two
streets), the roles its accounts.

First the table the code reads (`orgs/roles.py`): V view, C create, E edit, A approve, X export,
S statistics only, M view masked. Scope (`orgs/scope.py`) says where.
"""
MIDDLE = """
Then every address, asked for as it stands or for the first row that is the reader's own:
● opens, – refused with a sentence, · no such row for this role, → leads on, + takes only what is
sent to it.
"""
END = """
What a page may show although the model's own `visible_to` does not give it, only within one's
street:

"""


def as_markdown(proof: Proof) -> str:
    """Return docs/access-matrix.md."""
    return "".join(
        (HEAD, _capabilities(), MIDDLE, *_tables(proof), END,
         *(f"- `{start}…` `{model}`: {why}\n" for (start, model), why in ALLOWED.items()))
    )  # fmt: skip


def _capabilities() -> str:
    nouns = list(Noun)
    lines = [f"\n| | {' | '.join(noun.label for noun in nouns)} |\n|---|{'---|' * len(nouns)}\n"]
    for role in Role:
        cells = [CAPABILITIES.get((role, noun), "") or " " for noun in nouns]
        lines.append(f"| {role.label} | {' | '.join(cells)} |\n")
    return "".join(lines)


def _tables(proof: Proof) -> list[str]:
    shown = [account for account in CAST if not account.elsewhere]
    by_app: dict[str, list[Address]] = defaultdict(list)
    for address in proof.pages[shown[0].username].statuses:
        by_app[address.route.split("/")[1] or "home"].append(address)
    head = (
        f"| | {' | '.join(account.role.label for account in shown)} |\n|---|{'---|' * len(shown)}\n"
    )
    return [
        f"\n## /{app}\n\n{head}" + "".join(
            f"| `{address.route.format(*['…'] * address.numbers)}` | "
            + " | ".join(_sign(proof, account.username, address) for account in shown) + " |\n"
            for address in sorted(rows, key=lambda one: one.route)
        )
        for app, rows in sorted(by_app.items())
    ]  # fmt: skip


def _sign(proof: Proof, name: str, address: Address) -> str:
    return SIGNS.get(proof.pages[name].statuses.get(address, 404), "!")
