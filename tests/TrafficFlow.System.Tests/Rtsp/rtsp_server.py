"""A camera for tests: serves an H.264 file as RTSP without encoding anything anew.

Prints "ready PORT" when it listens; ends when its standard input does, so it never outlives the test that started it.
"""

import argparse
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

ROLE = "viewer"


def protect(server, factory, user, password, digest):
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", ROLE)
    auth = GstRtspServer.RTSPAuth()
    if digest:
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        auth.add_digest(user, password, token)
    else:
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    server.set_auth(auth)
    rights = "{}, media.factory.access=(boolean)true, media.factory.construct=(boolean)true".format(ROLE)
    factory.add_role_from_structure(Gst.Structure.new_from_string(rights))


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--file", required=True, help="MP4 with one H.264 stream")
    options.add_argument("--port", default="0", help="0: a free one")
    options.add_argument("--path", default="/camera")
    options.add_argument("--user")
    options.add_argument("--password")
    options.add_argument("--digest", action="store_true", help="digest instead of basic authentication")
    given = options.parse_args()

    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(given.port)
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(
        '( filesrc location="{}" ! qtdemux ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=-1 )'.format(given.file)
    )
    factory.set_shared(False)
    if given.user:
        protect(server, factory, given.user, given.password, given.digest)
    server.get_mount_points().add_factory(given.path, factory)
    if server.attach(None) == 0:
        sys.exit("cannot listen on port {}".format(given.port))

    loop = GLib.MainLoop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    print("ready {}".format(server.get_bound_port()), flush=True)
    loop.run()


main()
