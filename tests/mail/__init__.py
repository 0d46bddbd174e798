"""Mail on its way, to real servers on this machine."""
