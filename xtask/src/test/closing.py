"""Closing handshakes of the office's WebSocket, as libraries see them that others wrote.

Arguments: the URL of an office with room for few sockets, e-mail, password, process number. Ends the process.
"""

import asyncio
import json
import os
import signal
import sys
import urllib.parse
import urllib.request

import aiohttp
import websockets

URL, EMAIL, PASSWORD, PROCESS = sys.argv[1:5]
SOCKET = URL.replace("http", "ws", 1) + "/ws/connect"
ROOM = 4
PATIENCE = 15
PONG = json.dumps({"event_type": "pong", "data": {}})


def token():
    form = urllib.parse.urlencode({"username": EMAIL, "password": PASSWORD}).encode()
    with urllib.request.urlopen(URL + "/api/v1/auth/login", form, timeout=PATIENCE) as answer:
        return json.load(answer)["access_token"]


def logout(access):
    request = urllib.request.Request(URL + "/api/v1/auth/logout", method="POST")
    request.add_header("Authorization", "Bearer " + access)
    urllib.request.urlopen(request, timeout=PATIENCE).close()


class Websockets:
    """The library `websockets`."""

    async def open(self, access):
        headers = {"Authorization": "Bearer " + access}
        self.socket = await websockets.connect(SOCKET, additional_headers=headers, ping_interval=None)

    async def send(self, message):
        await self.socket.send(message)

    async def read(self):
        return await self.socket.recv()

    async def close(self, code):
        await self.socket.close(code, "listo")
        received = self.socket.protocol.close_rcvd
        return received and received.code

    async def end(self):
        try:
            while True:
                await self.socket.recv()
        except websockets.ConnectionClosed as closed:
            return closed.rcvd and closed.rcvd.code


class Aiohttp:
    """The library `aiohttp`."""

    async def open(self, access):
        self.session = aiohttp.ClientSession()
        self.socket = await self.session.ws_connect(SOCKET, headers={"Authorization": "Bearer " + access})

    async def send(self, message):
        await self.socket.send_str(message)

    async def read(self):
        return (await self.socket.receive()).data

    async def close(self, code):
        await self.socket.close(code=code, message=b"listo")
        await self.session.close()
        return self.socket.close_code

    async def end(self):
        while not self.socket.closed:
            await self.socket.receive()
        await self.session.close()
        return self.socket.close_code


async def sending(client, message, pause):
    """Sends until the connection has ended."""
    try:
        while True:
            await client.send(message)
            await asyncio.sleep(pause)
    except (websockets.ConnectionClosed, aiohttp.ClientError, ConnectionError):
        pass


async def sent_away(client, access, message=PONG, pause=0.0, then=None):
    """The code that reaches a client which sends all the while."""
    await client.open(access)
    busy = asyncio.create_task(sending(client, message, pause))
    if then is not None:
        await asyncio.to_thread(then)
    code = await client.end()
    busy.cancel()
    return code


async def check(library):
    name, failed = library.__name__, 0

    async def holds(what, expected, work):
        nonlocal failed
        code = await asyncio.wait_for(work, PATIENCE)
        if code != expected:
            failed += 1
            print(f"{name}: {what}: code {code}, not {expected}")

    async def closes(code):
        client = library()
        await client.open(access)
        await client.read()
        return await client.close(code)

    async def without_room():
        guests = [library() for _ in range(ROOM)]
        for guest in guests:
            await guest.open(access)
            await guest.read()
        code = await sent_away(library(), access)
        for guest in guests:
            await guest.close(1000)
        return code

    access = token()
    for code in (1000, 1001, 3000, 4000, 4999):
        await holds(f"closes with {code}", code, closes(code))
    await holds("is refused", 1008, sent_away(library(), "no token"))
    await holds("says too much", 1008, sent_away(library(), access))
    await holds("says it too long", 1009, sent_away(library(), access, "x" * 200_000))
    await holds("finds no room", 1013, without_room())
    other = token()
    await holds("is signed out", 4401, sent_away(library(), other, pause=0.1, then=lambda: logout(other)))
    return failed


async def main():
    failed = sum([await check(library) for library in (Websockets, Aiohttp)])
    access, clients = token(), [Websockets(), Aiohttp()]
    for client in clients:
        await client.open(access)
    busy = [asyncio.create_task(sending(client, PONG, 0.1)) for client in clients]
    os.kill(int(PROCESS), signal.SIGTERM)
    for client in clients:
        code = await asyncio.wait_for(client.end(), PATIENCE)
        if code != 1012:
            failed += 1
            print(f"{type(client).__name__}: the server restarts: code {code}, not 1012")
    for task in busy:
        task.cancel()
    print(f"{22 - failed} of 22")
    sys.exit(bool(failed))


asyncio.run(main())
