"""Where somebody stands: the address of a request, the network around it, the browser in it."""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

# So many bits of an address are a network: those of a provider's part of a town, not of a house.
_BITS_OF_4, _BITS_OF_6 = 24, 48

# The first sign that is found is the browser: most say that they are others too.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"), ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"), ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("CrOS", "ChromeOS"),
    ("Windows", "Windows"), ("Macintosh", "macOS"), ("Linux", "Linux"),
)  # fmt: skip

_HANDHELD = {"Android", "iPhone", "iPad"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a deed comes from: the network address, and `device` as device_of() writes it.

    Both are empty for what a command or the app itself does.
    """

    address: str = ""
    device: str = ""

    @property
    def network(self) -> str:
        """The network around the address, which is all of it that is stored; empty for none."""
        return network_of(self.address)


NOWHERE = Place()


def network_of(address: str) -> str:
    """Return the network of an address, "192.0.2.0/24" or "2001:db8::/48"; empty for no address."""
    try:
        known = ip_address(address)
    except ValueError:
        return ""
    if isinstance(known, IPv6Address) and known.ipv4_mapped:
        known = known.ipv4_mapped
    bits = _BITS_OF_6 if isinstance(known, IPv6Address) else _BITS_OF_4
    rest = known.max_prefixlen - bits
    return f"{type(known)(int(known) >> rest << rest)}/{bits}"


def device_of(user_agent: str) -> str:
    """Return the browser and the system that a browser says it is: "Firefox/Android".

    Only words of ours come of it, whatever it says. What is not known is empty: "Firefox/", "/".
    """
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return f"{browser}/{system}"


def is_handheld(device: str) -> bool:
    """Tell whether a device, as device_of() writes it, is one to hold in a hand."""
    return device.partition("/")[2] in _HANDHELD
