#!/usr/bin/env python3
"""Sigue lo que pasa en una oficina de gad, sin perder nada y sin repetir nada.

Escrito solo a partir de docs/real-time.md y con la biblioteca estándar de Python (3.9 o más nuevo).
Imprime un suceso por línea: su lugar en el registro, su tipo y sus datos. Si la conexión se corta,
vuelve y sigue donde estaba.

    python3 seguir.py http://127.0.0.1:8000 supervisor@demo.gad     (la clave va en GAD_PASSWORD)
    python3 seguir.py … --desde EPOCA:NUMERO                        (continúa donde terminó otra vez)
"""

import argparse
import base64
import hashlib
import json
import os
import random
import socket
import ssl
import struct
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
# Three beats of the server: who is silent for longer is gone.
PATIENCE = 90
HANDSHAKE = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Closed(Exception):
    """The server said goodbye, with a code and a reason; code 1006 is a cut."""

    def __init__(self, code, reason=""):
        super().__init__(f"{code} {reason}".strip())
        self.code, self.reason = code, reason


class Refused(Exception):
    """The handshake was answered with something other than 101."""

    def __init__(self, status, wait):
        super().__init__(f"HTTP {status}")
        self.status, self.wait = status, wait


class Stop(Exception):
    """There is no use in trying again."""


class Session:
    """Tokens of one user, renewed before they expire."""

    def __init__(self, base, user, password):
        self.base, self.user, self.password = base, user, password
        self.access = self.refresh = None
        self.renew_at = 0.0

    def _ask(self, path, body, content_type):
        request = urllib.request.Request(self.base + path, body, {"Content-Type": content_type})
        with urllib.request.urlopen(request, timeout=30) as answer:
            told = json.load(answer)
        self.access, self.refresh = told["access_token"], told["refresh_token"]
        self.renew_at = time.monotonic() + told["expires_in"] / 2

    def sign_in(self):
        form = urllib.parse.urlencode({"username": self.user, "password": self.password}).encode()
        try:
            self._ask("/api/v1/auth/login", form, "application/x-www-form-urlencoded")
        except urllib.error.HTTPError as error:
            if error.code in (400, 401, 403, 422):
                raise Stop(f"no se puede entrar como {self.user}: HTTP {error.code}") from error
            raise

    def renew(self):
        try:
            self._ask("/api/v1/auth/refresh", json.dumps({"refresh_token": self.refresh}).encode(), "application/json")
        except urllib.error.HTTPError:
            self.sign_in()


class WebSocket:
    """As much of RFC 6455 as a client needs that sends and reads texts."""

    def __init__(self, base, path, token):
        url = urllib.parse.urlsplit(base)
        tls = url.scheme == "https"
        host, port = url.hostname, url.port or (443 if tls else 80)
        self.wire = socket.create_connection((host, port), timeout=30)
        if tls:
            self.wire = ssl.create_default_context().wrap_socket(self.wire, server_hostname=host)
        self.read = b""
        self.sending = threading.Lock()
        try:
            self._shake_hands(f"{host}:{port}", path, token)
        except BaseException:
            self.wire.close()
            raise

    def _shake_hands(self, host, path, token):
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: {host}", "Upgrade: websocket", "Connection: Upgrade",
                 "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}", f"Authorization: Bearer {token}"]
        self.wire.sendall("\r\n".join(lines + ["", ""]).encode())
        while b"\r\n\r\n" not in self.read:
            self._more()
        head, self.read = self.read.split(b"\r\n\r\n", 1)
        status, *rest = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
        code = int(status.split()[1])
        if code != 101:
            raise Refused(code, float(headers.get("retry-after", 1)))
        expected = base64.b64encode(hashlib.sha1((key + HANDSHAKE).encode()).digest()).decode()
        if headers.get("sec-websocket-accept") != expected:
            raise Closed(1002, "the handshake was answered by something else")
        self.wire.settimeout(PATIENCE)

    def _more(self):
        part = self.wire.recv(65536)
        if not part:
            raise Closed(1006)
        self.read += part

    def _take(self, count):
        while len(self.read) < count:
            self._more()
        taken, self.read = self.read[:count], self.read[count:]
        return taken

    def _frame(self):
        first, second = self._take(2)
        length = second & 0x7F
        if length == 126:
            (length,) = struct.unpack(">H", self._take(2))
        elif length == 127:
            (length,) = struct.unpack(">Q", self._take(8))
        return bool(first & 0x80), first & 0x0F, self._take(length)

    def _send(self, kind, payload):
        mask = os.urandom(4)
        size = len(payload)
        length = bytes([0x80 | size]) if size < 126 else bytes([0x80 | 126]) + struct.pack(">H", size)
        masked = bytes(byte ^ mask[n % 4] for n, byte in enumerate(payload))
        with self.sending:
            self.wire.sendall(bytes([0x80 | kind]) + length + mask + masked)

    def say(self, event_type, **data):
        self._send(TEXT, json.dumps({"event_type": event_type, "data": data}).encode())

    def hear(self):
        """The next message; signs of life of the protocol are answered here."""
        text = b""
        while True:
            last, kind, payload = self._frame()
            if kind == PING:
                self._send(PONG, payload)
            elif kind == CLOSE:
                code = struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else 1005
                raise Closed(code, payload[2:].decode("utf-8", "replace"))
            elif kind in (0, TEXT):
                text += payload
                if last:
                    return json.loads(text)

    def close(self):
        self.wire.close()


class Follower:
    """Follows the log: `deal` gets each event once, in order."""

    def __init__(self, session, place, deal):
        self.session, self.place, self.deal = session, place, deal

    def connect(self):
        path = "/ws/connect"
        if self.place:
            path += "?" + urllib.parse.urlencode({"desde": self.place})
        return WebSocket(self.session.base, path, self.session.access)

    def follow(self):
        """Reads until the connection ends."""
        wire = self.connect()
        try:
            while True:
                self.take(wire, wire.hear())
                if time.monotonic() > self.session.renew_at:
                    self.session.renew()
                    wire.say("authenticate", token=self.session.access)
        finally:
            wire.close()

    def take(self, wire, message):
        if message["event_type"] == "ping":
            wire.say("pong")
        elif message["event_type"] == "error":
            print(f"el servidor dice: {message['data']['error']}", file=sys.stderr, flush=True)
        elif message["event_type"] == "system_status" and message["data"].get("type") == "resync":
            print("lo ocurrido en la ausencia ya no se conserva", file=sys.stderr, flush=True)
        elif message["event_type"] != "connection_ack":
            self.deal(message)
        if message["epoch"] is not None and message["offset"] is not None:
            # After it was dealt with: a crash before this repeats an event, and loses none.
            self.place = f"{message['epoch']}:{message['offset']}"

    def forever(self):
        """Follows, whatever happens to the connection."""
        tries = 0
        while True:
            before = self.place
            try:
                if self.session.access is None:
                    self.session.sign_in()
                self.follow()
            except Closed as end:
                wait = self.after(end)
                print(f"conexión terminada: {end}", file=sys.stderr, flush=True)
            except Refused as end:
                wait = end.wait
                print(f"conexión rechazada: {end}", file=sys.stderr, flush=True)
            except (OSError, ValueError) as error:
                wait = 0
                print(f"conexión perdida: {error}", file=sys.stderr, flush=True)
            tries = 0 if self.place != before else tries + 1
            time.sleep(wait + random.random() * min(30, 2 ** min(tries, 5)) / 2)

    def after(self, end):
        """Seconds to wait after a goodbye, by docs/real-time.md."""
        if end.code == 1008 and end.reason == "Origin not allowed":
            raise Stop(str(end))
        if end.code == 4401 or end.code == 1008 and end.reason != "Too many messages":
            self.session.access = None
        return 1 if end.code in (1008, 1009, 1011, 1013) else 0


def show(message):
    place = "-" if message["offset"] is None else message["offset"]
    print(place, message["event_type"], json.dumps(message["data"], ensure_ascii=False), sep="\t", flush=True)


def main():
    parser = argparse.ArgumentParser(description="Sigue lo que pasa en una oficina de gad.")
    parser.add_argument("base", help="como http://127.0.0.1:8000")
    parser.add_argument("usuario", help="correo con el que se entra; la clave va en GAD_PASSWORD")
    parser.add_argument("--desde", help="EPOCA:NUMERO del último suceso visto")
    asked = parser.parse_args()
    session = Session(asked.base.rstrip("/"), asked.usuario, os.environ.get("GAD_PASSWORD", ""))
    follower = Follower(session, asked.desde, show)
    try:
        follower.forever()
    except Stop as stop:
        sys.exit(str(stop))
    except KeyboardInterrupt:
        print(f"continuar con --desde {follower.place}", file=sys.stderr)


if __name__ == "__main__":
    main()
