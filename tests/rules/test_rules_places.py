"""Networks and devices, as they are written down."""

import pytest

from app.rules.places import Place, device_of, network_of

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        *((text, "") for text in ("", "unix:", "192.0.2", "192.0.2.0/24", "1\n2")),
    ],
)
def test_of_an_address_its_network_is_written_down(address: str, network: str):
    assert network_of(address) == Place(address).network == network


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        ("Mozilla/5.0 (Android 16; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0", "Firefox/Android"),
        (f"Mozilla/5.0 (Linux; Android 10; K) {CHROME} Mobile Safari/537.36", "Chrome/Android"),
        (
            f"Mozilla/5.0 (Linux; Android 10; K) {CHROME} SamsungBrowser/29.0 Safari/537.36",
            "Samsung Internet/Android",
        ),
        (f"Mozilla/5.0 (X11; Linux x86_64) {CHROME} Safari/537.36", "Chrome/Linux"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {CHROME} Safari/537.36", "Chrome/ChromeOS"),
        (f"Mozilla/5.0 (Windows NT 10.0) {CHROME} Safari/537.36 Edg/142.0.0.0", "Edge/Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0) {CHROME} Safari/537.36 OPR/124.0", "Opera/Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15"
            " Version/26.0 Mobile/15E148 Safari/604.1",
            "Safari/iPhone",
        ),
        ("Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) CriOS/142.0 Safari/604.1", "Chrome/iPad"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15) FxiOS/145 Safari/605", "Firefox/macOS"),
        ("curl/8.14 (Linux)", "/Linux"),
        ("<script>\n", "/"),
        ("", "/"),
    ],
)
def test_of_what_a_browser_says_of_itself_two_words_are_written_down(user_agent: str, device: str):
    assert device_of(user_agent) == device
