"""Many presses at one instant, and one that comes late."""

import re
import secrets
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.stack.engine import Stack, log
from tests.stack.visitor import Answer, Visitor

CLIENTS = 50
# Equal answers differ in the keys that their forms were drawn with. And what a commit brought about
# is said once, to the one that was first.
_KEY = re.compile(r'name="key"\s+value="[^"]+"')
_SAID_ONCE = re.compile(
    r' data-moment="[^"]*"|<hx-partial hx-target="#toast".*?</hx-partial>', re.DOTALL
)


def test_fifty_presses_at_once_are_one_commit_one_reward_and_fifty_equal_answers(
    stack: Stack, ada: Visitor
):
    habit = ada.habits()[0]
    before = _written(stack, habit)
    together = threading.Barrier(CLIENTS)

    def press() -> Answer:
        visitor = Visitor(stack)
        visitor.cookies = dict(ada.cookies)
        visitor.get("/healthz")
        together.wait()
        return visitor.press(habit)

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = [one.result() for one in [pool.submit(press) for _ in range(CLIENTS)]]
    log.info("the last of %d answers after %.2f s", CLIENTS, max(one.seconds for one in answers))
    assert [answer.status for answer in answers] == [200] * CLIENTS
    assert before == "0|0|0"
    assert _written(stack, habit) == "1|1|10"
    texts = Counter(_KEY.sub("", answer.text) for answer in answers)
    assert sorted(texts.values()) == [1, CLIENTS - 1]
    assert len({_SAID_ONCE.sub("", text).strip() for text in texts}) == 1
    assert "agree" in stack.verify()


def test_an_old_press_that_comes_again_after_an_undo_changes_nothing_and_hears_the_truth(
    stack: Stack, ada: Visitor
):
    habit = ada.habits()[0]
    key = secrets.token_hex(12)
    assert 'data-done="true"' in ada.press(habit, "commit", key).text
    assert 'data-done="false"' in ada.press(habit, "undo").text
    before = _written(stack, habit), _version(stack, habit)

    replayed = ada.press(habit, "commit", key)
    assert replayed.status == 200
    assert re.search(rf'id="habit-{habit}"[^>]*data-done="false"', replayed.text)
    assert (_written(stack, habit), _version(stack, habit)) == before
    assert before[0] == "0|2|0"


def _written(stack: Stack, habit: int) -> str:
    """The commits of a habit, its ledger entries, and the XP they add up to."""
    return stack.sql(f"""
        SELECT (SELECT count(*) FROM commits WHERE habit_id = {habit}), count(*),
               coalesce(sum(amount), 0)
        FROM ledger_entries WHERE habit_id = {habit}
    """)


def _version(stack: Stack, habit: int) -> str:
    return stack.sql(
        f"SELECT version FROM users WHERE id = (SELECT user_id FROM habits WHERE id = {habit})"
    )
