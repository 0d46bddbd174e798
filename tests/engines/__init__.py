"""The core of the app in Firefox and WebKit, as Debian packs them: `make engines-test`."""
