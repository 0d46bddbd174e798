"""What the plans hold."""

import pytest

from app.rules import plan


@pytest.mark.parametrize(
    ("is_premium", "free_pillars", "limit"),
    [
        pytest.param(False, 3, 3, id="free"),
        pytest.param(False, 0, None, id="unlimited for all"),
        pytest.param(True, 3, None, id="premium"),
        pytest.param(True, 0, None, id="premium where all is unlimited"),
    ],
)
def test_only_a_free_account_has_a_limit(is_premium, free_pillars, limit):
    assert plan.pillar_limit(is_premium, free_pillars) == limit
