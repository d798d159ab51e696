#!/usr/bin/python3
"""A small web panel that signs in the accounts of this host: a form with user, password and an optional code.

Python's standard library alone, to read and to take apart. Two processes: one, root's, knows nothing of HTTP and
asks PAM (service "panel", conf/pam/panel); the other serves the pages as an account without rights and knows nothing
of accounts. It listens on 127.0.0.1, for a proxy that speaks TLS in front of it.

Password and code go to PAM in one answer, the code right behind the password, a recovery code behind a blank:
pam_warifu.so forward_pass takes it off again. Who has no second factor leaves the code empty.

    panel.py [--port 8080] [--user nobody]
"""
import argparse
import ctypes
import html
import http.server
import json
import os
import pwd
import secrets
import socket
import sys
import threading
import time
import urllib.parse

SERVICE = b"panel"
MOST_FORM_BYTES = 4096
SESSION_SECONDS = 3600
MOST_SESSIONS = 1000
REFUSED = "User, password or code is wrong."  # one answer, whichever it was

# ---- The process that is root's: one question {"user", "password", "code", "rhost"} in, true or false out.

PAM_SUCCESS, PAM_BUF_ERR, PAM_CONV_ERR = 0, 5, 19
PAM_RHOST, PAM_PROMPT_ECHO_OFF, PAM_PROMPT_ECHO_ON = 4, 1, 2
PAM_SILENT = 0x8000
PR_SET_PDEATHSIG, SIGTERM = 1, 15

libpam = ctypes.CDLL("libpam.so.0")
libc = ctypes.CDLL("libc.so.6")
libc.calloc.restype = libc.strdup.restype = ctypes.c_void_p
libc.calloc.argtypes = [ctypes.c_size_t, ctypes.c_size_t]
libc.strdup.argtypes = [ctypes.c_char_p]


class Message(ctypes.Structure):
    _fields_ = [("style", ctypes.c_int), ("text", ctypes.c_char_p)]


class Response(ctypes.Structure):
    _fields_ = [("text", ctypes.c_void_p), ("code", ctypes.c_int)]


CONVERSE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.POINTER(ctypes.POINTER(Message)),
                            ctypes.POINTER(ctypes.c_void_p), ctypes.c_void_p)


class Conversation(ctypes.Structure):
    _fields_ = [("converse", CONVERSE), ("data", ctypes.c_void_p)]


libpam.pam_start.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.POINTER(Conversation),
                             ctypes.POINTER(ctypes.c_void_p)]
libpam.pam_set_item.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p]
libpam.pam_authenticate.argtypes = libpam.pam_acct_mgmt.argtypes = libpam.pam_end.argtypes = [
    ctypes.c_void_p, ctypes.c_int]


def authenticate(user, answer, rhost):
    """Whether PAM lets this person in. Every hidden prompt gets the one answer; a visible one cannot be answered."""

    @CONVERSE
    def converse(count, messages, responses, _data):
        list_address = libc.calloc(count, ctypes.sizeof(Response))
        if not list_address:
            return PAM_BUF_ERR
        answers = ctypes.cast(list_address, ctypes.POINTER(Response))
        responses[0] = list_address
        for i in range(count):
            style = messages[i].contents.style
            if style == PAM_PROMPT_ECHO_ON:
                return PAM_CONV_ERR
            if style == PAM_PROMPT_ECHO_OFF:
                answers[i].text = libc.strdup(answer)
        return PAM_SUCCESS

    conversation, handle = Conversation(converse, None), ctypes.c_void_p()
    if libpam.pam_start(SERVICE, user, ctypes.byref(conversation), ctypes.byref(handle)) != PAM_SUCCESS:
        return False
    result = libpam.pam_set_item(handle, PAM_RHOST, rhost)
    if result == PAM_SUCCESS:
        result = libpam.pam_authenticate(handle, PAM_SILENT)
    if result == PAM_SUCCESS:
        result = libpam.pam_acct_mgmt(handle, PAM_SILENT)
    libpam.pam_end(handle, result)
    return result == PAM_SUCCESS


def one_answer(password, code):
    """What a single field would hold."""
    bare = code.strip()
    if not bare:
        return password
    digits = bare.replace(" ", "").replace("-", "")
    return password + digits if digits.isdigit() else password + " " + bare.replace(" ", "")


def serve_questions(channel):
    while question := channel.recv(MOST_FORM_BYTES * 8):
        asked = json.loads(question)
        answer = one_answer(asked["password"], asked["code"]).encode()
        texts = [asked["user"].encode(), answer, asked["rhost"].encode()]
        fits = all(b"\0" not in text for text in texts) and texts[0] != b""
        channel.send(b"1" if fits and authenticate(*texts) else b"0")


# ---- The process that speaks HTTP.

FORM = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Panel</title>
<h1>Sign in</h1><p>{told}</p>
<form method="post" action="/sign-in">
<p><label>User <input name="user" autocomplete="username" required></label></p>
<p><label>Password <input name="password" type="password" autocomplete="current-password" required></label></p>
<p><label>Code <input name="code" autocomplete="one-time-code"></label>
 from your app, or a recovery code; empty if you have none</p>
<p><button>Sign in</button></p></form></html>"""
PAGE = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Panel</title>
<h1>Panel</h1><p>Signed in as {user}.</p><form method="post" action="/sign-out"><button>Sign out</button></form></html>"""


class Panel(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address, channel):
        super().__init__(address, Handler)
        self.channel, self.lock, self.sessions = channel, threading.Lock(), {}

    def ask(self, question):
        with self.lock:
            self.channel.send(json.dumps(question).encode())
            return self.channel.recv(1) == b"1"

    def begin(self, user):
        now = time.monotonic()
        with self.lock:
            self.sessions = {k: v for k, v in self.sessions.items() if v[1] > now}
            if len(self.sessions) >= MOST_SESSIONS:
                self.sessions.pop(min(self.sessions, key=lambda token: self.sessions[token][1]))
            token = secrets.token_urlsafe(32)
            self.sessions[token] = (user, now + SESSION_SECONDS)
        return token

    def user_of(self, token):
        with self.lock:
            user, until = self.sessions.get(token, (None, 0))
        return user if until > time.monotonic() else None


class Handler(http.server.BaseHTTPRequestHandler):
    timeout = 30

    def log_message(self, form, *values):
        pass  # Warifu logs sign-ins; the proxy logs requests

    def token(self):
        for part in self.headers.get("Cookie", "").split(";"):
            name, _, value = part.strip().partition("=")
            if name == "panel":
                return value
        return ""

    def answer(self, status, page="", headers=()):
        body = page.encode()
        self.send_response(status)
        for name, value in (*headers, ("Content-Type", "text/html; charset=utf-8"), ("Content-Length", len(body)),
                            ("Cache-Control", "no-store"), ("Content-Security-Policy", "default-src 'none'"),
                            ("X-Frame-Options", "DENY")):
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        user = self.server.user_of(self.token())
        if self.path != "/":
            self.answer(404)
        elif user is None:
            self.answer(200, FORM.format(told=""))
        else:
            self.answer(200, PAGE.format(user=html.escape(user)))

    def do_POST(self):
        size = self.headers.get("Content-Length", "")
        if not size.isdigit() or int(size) > MOST_FORM_BYTES:
            self.answer(413)
            return
        body = self.rfile.read(int(size)).decode("utf-8", "replace")
        if self.path == "/sign-in":
            self.sign_in({name: values[0] for name, values in urllib.parse.parse_qs(body).items()})
        elif self.path == "/sign-out":
            self.server.sessions.pop(self.token(), None)
            self.answer(303, headers=[("Location", "/")])
        else:
            self.answer(404)

    def sign_in(self, form):
        # The proxy says who is there; without one, the connection does.
        rhost = self.headers.get("X-Real-IP", self.client_address[0])
        question = {name: form.get(name, "") for name in ("user", "password", "code")}
        if not self.server.ask({**question, "rhost": rhost}):
            self.answer(403, FORM.format(told=REFUSED))
            return
        cookie = f"panel={self.server.begin(question['user'])}; Path=/; HttpOnly; SameSite=Strict; Secure"
        self.answer(303, headers=[("Location", "/"), ("Set-Cookie", cookie)])


def become(name):
    account = pwd.getpwnam(name)
    os.setgroups([])
    os.setresgid(account.pw_gid, account.pw_gid, account.pw_gid)
    os.setresuid(account.pw_uid, account.pw_uid, account.pw_uid)


def main():
    arguments = argparse.ArgumentParser(description="a small panel in front of PAM")
    arguments.add_argument("--port", type=int, default=8080)
    arguments.add_argument("--user", default="nobody", help="who serves the pages")
    given = arguments.parse_args()
    # Message by message: a question is whole, or it is none.
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork() == 0:
        ours.close()
        panel = Panel(("127.0.0.1", given.port), theirs)
        become(given.user)
        libc.prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0)  # the two end together
        print(f"http://127.0.0.1:{given.port}/", flush=True)
        panel.serve_forever()
    theirs.close()
    serve_questions(ours)
    sys.exit("the process that serves the pages has ended")


if __name__ == "__main__":
    main()
