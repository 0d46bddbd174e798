#!/usr/bin/python3
"""A WebKit window without a toolbar, as narrow as a phone, for WebKit's driver to start.

The system's Python runs it: PyGObject comes from Debian. What the environment says: WINDOW_SIZE
(390x844), WINDOW_DARK (the system is dark), WINDOW_PLAIN (pages run no scripts).
"""

import os

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gdk, GLib, Gtk, WebKit2  # noqa: E402


def main() -> None:
    """Wait for the driver, and open a window when it asks for one."""
    if "WINDOW_DARK" in os.environ:
        Gtk.Settings.get_default().set_property("gtk-application-prefer-dark-theme", True)
    context = WebKit2.WebContext.new_ephemeral()
    context.set_automation_allowed(True)
    # Else no page is held for Back, as people's browsers do.
    context.set_cache_model(WebKit2.CacheModel.WEB_BROWSER)
    context.connect("automation-started", lambda _context, session: _welcome(context, session))
    Gtk.main()


def _welcome(context: WebKit2.WebContext, session: WebKit2.AutomationSession) -> None:
    about = WebKit2.ApplicationInfo()
    about.set_name("window")
    session.set_application_info(about)
    session.connect("create-web-view", lambda _session: _open(context))


def _open(context: WebKit2.WebContext) -> WebKit2.WebView:
    # Without the markup of scripts a page has none, and the driver can still look at it.
    settings = WebKit2.Settings(
        enable_page_cache=True, enable_javascript_markup="WINDOW_PLAIN" not in os.environ
    )
    view = WebKit2.WebView(web_context=context, is_controlled_by_automation=True, settings=settings)
    window = Gtk.Window(decorated=False)
    window.add(view)
    window.resize(*map(int, os.environ["WINDOW_SIZE"].split("x")))
    window.show_all()
    view.grab_focus()
    # There is no window manager to give it the focus, and without it nothing matches :focus.
    GLib.timeout_add(200, lambda: window.get_window().focus(Gdk.CURRENT_TIME))
    return view


main()
