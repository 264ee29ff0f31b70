#!/usr/bin/env python3
"""Makes a small demo office with a binary of gad and writes it as SQL, beside what it answers.

    make.py GAD OUT               an embedded office: OUT/sqlite.sql and OUT/sqlite.json
    make.py GAD OUT --url URL     an office in the empty PostgreSQL database at URL:
                                  OUT/postgres.sql and OUT/postgres.json

All changes go through the command line, REST and the Bot API; nothing is written past the program.
Needs Python's standard library alone, and `pg_dump` in the path for PostgreSQL.
"""

import argparse
import datetime
import http.server
import json
import os
import queue
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

# Secrets of this office, of no use elsewhere; the tests give the same.
SECRET = "a secret of the tests that is long enough"
AUDIT_KEY = "4b" * 32
PASSWORD = "una clave larga"
BOT_TOKEN = "7340112865:AAHk-of-the-tests-0123456789"
PATIENCE = 30
CENTRE = (-34.6037, -58.3816)


def wait_until(what, holds):
    """Waits until `holds()` gives something true, and gives it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = holds()
        if found:
            return found
        time.sleep(0.05)
    sys.exit(f"timed out: {what}")


class BotApi:
    """As much of Telegram's Bot API as an office with two phones needs."""

    def __init__(self):
        self.updates, self.number, self.sent = queue.Queue(), 0, []
        api = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                fields = json.loads(body or b"{}")
                answer = json.dumps({"ok": True, "result": api.call(self.path.rsplit("/", 1)[1], fields)}).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                try:
                    self.wfile.write(answer)
                except BrokenPipeError:
                    pass  # The office ended while it waited for updates.

            do_GET = do_POST

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def call(self, method, fields):
        if method == "getMe":
            return {"id": 7340112865, "is_bot": True, "first_name": "GAD", "username": "gad_demo_bot"}
        if method == "getUpdates":
            try:
                return [self.updates.get(timeout=min(int(fields.get("timeout") or 0), 2))]
            except queue.Empty:
                return []
        if method.startswith(("send", "edit")):
            self.number += 1
            number = int(fields.get("message_id") or self.number)
            self.sent.append((int(fields["chat_id"]), json.dumps(fields, ensure_ascii=False)))
            return {"message_id": number, "date": int(time.time()), "text": fields.get("text", ""),
                    "chat": {"id": int(fields["chat_id"]), "type": "private", "first_name": "Demo"}}
        return True

    def post(self, kind, chat, fields):
        """Gives the bot an update of a phone."""
        self.number += 1
        person = {"id": chat, "is_bot": False, "first_name": "Demo", "language_code": "es"}
        message = {"message_id": self.number, "date": int(time.time()),
                   "chat": {"id": chat, "type": "private", "first_name": "Demo"}}
        if kind == "callback_query":
            message = {**message, "message_id": self.number - 1, "text": "…"}
            fields = {"id": str(self.number), "from": person, "chat_instance": "1", "message": message, **fields}
        else:
            fields = {**message, "from": person, **fields}
        seen = len(self.sent)
        self.updates.put({"update_id": 1000 + self.number, kind: fields})
        return seen

    def expect(self, chat, seen, part):
        """Waits until something sent to a chat after `seen` holds `part`."""
        wait_until(f"chat {chat}: {part}",
                   lambda: any(to == chat and part in text for to, text in list(self.sent[seen:])))

    def say(self, chat, text, part):
        self.expect(chat, self.post("message", chat, {"text": text}), part)

    def tap(self, chat, data, part):
        self.expect(chat, self.post("callback_query", chat, {"data": data}), part)


class Office:
    """The office by its binary."""

    def __init__(self, gad, where, bot):
        self.gad, self.where, self.bot, self.repeatable = gad, where, bot, []
        self.environment = {
            "PATH": os.environ["PATH"], "SECRET_KEY": SECRET, "GAD_AUDIT_KEY": AUDIT_KEY,
            "RATE_LIMITING_ENABLED": "false", "GAD_TELEGRAM_TOKEN": BOT_TOKEN, "GAD_TELEGRAM_API_URL": bot.url,
            "TZ": "America/Argentina/Buenos_Aires",
            "GAD_AUDIT_CHECKPOINT_LINES": "20", "PROJECT_NAME": "GAD Demo",
        }

    def run(self, *arguments):
        done = subprocess.run([self.gad, *arguments, *self.where], env=self.environment, text=True,
                              capture_output=True, stdin=subprocess.DEVNULL)
        if done.returncode:
            sys.exit(f"{arguments}: {done.stdout}{done.stderr}")
        return done.stdout

    def serve(self):
        self.server = subprocess.Popen([self.gad, "serve", "--listen", "127.0.0.1:0", *self.where],
                                       env=self.environment, text=True, stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL)
        self.url = re.search(r"http://[^\s/]+", self.server.stdout.readline()).group()

    def end(self):
        self.server.terminate()
        if self.server.wait(60):
            sys.exit("the server did not end well")


class Person:
    """A signed-in user over REST."""

    def __init__(self, office, email):
        self.office, self.token = office, None
        form = urllib.parse.urlencode({"username": email, "password": PASSWORD}).encode()
        kind = {"content-type": "application/x-www-form-urlencoded"}
        self.tokens = self.ask("POST", "/api/v1/auth/login", form, kind)
        self.token = self.tokens["access_token"]

    def ask(self, method, path, body=None, headers=None):
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        request = urllib.request.Request(self.office.url + path, data, method=method,
                                         headers={"content-type": "application/json", "user-agent": "demo", **(headers or {})})
        if self.token:
            request.add_header("authorization", "Bearer " + self.token)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            sys.exit(f"{method} {path}: {error.code} {error.read().decode()}")
        return json.loads(text) if text else None

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, body):
        return self.ask("POST", path, body)

    def post_once(self, path, body, key):
        """Posts with a key that makes a repetition harmless, and records the request to the byte."""
        text = json.dumps(body)
        answer = self.ask("POST", path, text.encode(), {"Idempotency-Key": key})
        self.office.repeatable.append({"path": path, "key": key, "body": text, "answer": answer})
        return answer

    def put(self, path, body):
        return self.ask("PUT", path, body)


def guess(office, email, times):
    """Fails to sign in, which closes the account to this place."""
    for _ in range(times):
        form = urllib.parse.urlencode({"username": email, "password": "otra clave larga"}).encode()
        request = urllib.request.Request(office.url + "/api/v1/auth/login", form, headers={"user-agent": "demo"})
        try:
            urllib.request.urlopen(request, timeout=PATIENCE)
            sys.exit("a wrong password was taken")
        except urllib.error.HTTPError as error:
            if error.code != 401:
                sys.exit(f"sign-in: {error.code}")


def work(office, bot):
    """The office's day. Gives its administrator, signed in."""
    office.run("migrate")
    office.run("user", "create", "--email", "admin@demo.gad", "--password", PASSWORD, "--nombre", "Demo",
               "--apellido", "Administradora", "--dni", "DEMO0001", "--nivel", "3", "--verificado")
    office.serve()
    admin = Person(office, "admin@demo.gad")

    def user(name, level, **more):
        number = user.number = user.number + 1
        body = {"email": f"{name}@demo.gad", "password": PASSWORD, "nombre": "Demo", "apellido": name.capitalize(),
                "dni": f"DEMO{number:04}", "nivel": level, "verificado": True, **more}
        return admin.post("/api/v1/users/", body)["id"]

    user.number = 1
    boss = user("supervisora", 2, telefono="+54 11 5550-0001")
    user("supervisor2", 2)
    user("bloqueado", 2)
    closed, gone = user("deshabilitado", 1), user("eliminado", 1)
    agents = [user(f"agente{n}", 1) for n in range(1, 9)]
    admin.post("/api/v1/usuarios", {"telegram_id": 880001, "nombre": "Demo Telegram", "nivel": "1"})
    officers = []
    for n, agent in enumerate(agents, 1):
        body = {"usuario_id": agent, "codigo_interno": f"DEMO-{n:02}", "rango": "Agente",
                "unidad": f"Demo {n % 2 + 1}", "especialidad": "Patrulla"}
        officers.append(admin.post("/api/v1/efectivos", body)["id"])
    ana = Person(office, "agente1@demo.gad")
    sofia = Person(office, "supervisora@demo.gad")

    # Telegram: a code that was used by each of two, and one that was not.
    def code(person):
        return json.loads(office.run("user", "link-code", person, "--json"))["codigo"]

    bot.say(770001, f"/vincular {code('agente1@demo.gad')}", "Demo")
    bot.say(770002, f"/vincular {code('supervisora@demo.gad')}", "Demo")
    code("agente7@demo.gad")
    bot.say(770009, "/vincular 0000000000", "vincul")
    bot.say(770001, "/idioma en", "English")

    # Where officers are; one has not said so, and the place of one is two hours old.
    now = datetime.datetime.now(datetime.timezone.utc)
    for n in range(7):
        old = datetime.timedelta(hours=2) if n in (2, 6) else datetime.timedelta(seconds=5)
        body = {"lat": CENTRE[0] + n / 1000, "lng": CENTRE[1] - n / 1000, "precision_m": 8.5,
                "medida_en": (now - old).isoformat()}
        sofia.post(f"/api/v1/efectivos/{officers[n]}/posicion", body)
    fresh = {"lat": CENTRE[0] + 0.0005, "lng": CENTRE[1], "medida_en": now.isoformat()}
    ana.post(f"/api/v1/efectivos/{officers[0]}/posicion", fresh)
    sofia.put(f"/api/v1/efectivos/{officers[4]}", {"estado_disponibilidad": "fuera_servicio"})
    sofia.put(f"/api/v1/efectivos/{officers[5]}", {"estado_disponibilidad": "no_disponible"})

    def task(code, title, kind, sent=(), **more):
        body = {"codigo": code, "titulo": title, "tipo": kind, "inicio_programado": "2026-12-01T12:00:00Z",
                "fin_programado": "2026-12-01T18:00:00Z", "delegado_usuario_id": boss,
                "efectivos_asignados": [officers[n] for n in sent], **more}
        if not sent:
            return sofia.post_once("/api/v1/tasks/", body, f"demo-{code}")["id"]
        return sofia.post("/api/v1/tasks/", body)["id"]

    def becomes(person, number, state, **more):
        person.put(f"/api/v1/tasks/{number}", {"estado": state, **more})

    place = {"ubicacion_lat": CENTRE[0], "ubicacion_lon": CENTRE[1], "ubicacion_descripcion": "Plaza demo"}
    task("DEMO-SOLA", "Inspección demo en Ñuñoa", "investigacion", prioridad=1)
    task("DEMO-PROGRAMADA", "Vigilancia demo del río", "vigilancia", (2, 6), **place)
    finished = task("DEMO-FINALIZADA", "Entrenamiento demo", "entrenamiento", (0,), prioridad=2)
    becomes(ana, finished, "en_curso")
    becomes(ana, finished, "pausada", motivo="Almuerzo demo")
    becomes(ana, finished, "en_curso")
    becomes(ana, finished, "finalizada", motivo="Sin novedad demo")
    cancelled = task("DEMO-CANCELADA", "Recorrida demo sin efecto", "patrullaje", (1,))
    becomes(sofia, cancelled, "cancelada", motivo="Lluvia demo")
    paused = task("DEMO-PAUSADA", "Expediente demo", "administrativa", (2,))
    becomes(sofia, paused, "en_curso")
    becomes(sofia, paused, "pausada", motivo="Espera demo")
    begun = task("DEMO-EN-CURSO", "Patrulla demo de la plaza", "patrullaje", (0, 1), prioridad=4, **place)
    becomes(ana, begun, "en_curso")
    deleted = task("DEMO-ELIMINADA", "Tarea demo que se borra", "intervencion", (6,), **place)
    admin.ask("DELETE", f"/api/v1/tasks/{deleted}")

    # Notes, from REST and from a phone.
    sofia.post(f"/api/v1/tasks/{begun}/notas", {"texto": "Nota demo: va otro móvil"})
    seen = bot.post("message", 770001, {"voice": {"file_id": "demo-voice-1", "file_unique_id": "demo-v-1",
                                                  "duration": 2, "mime_type": "audio/ogg", "file_size": 3}})
    bot.expect(770001, seen, "DEMO-EN-CURSO")

    # The first call finds the only one who is free and near, the second finds nobody.
    call = {"telegram_id": 0, "lat": CENTRE[0], "lng": CENTRE[1], "descripcion": "Emergencia demo"}
    first = sofia.post_once("/api/v1/tasks/emergency", call, "demo-emergencia")
    second_call = sofia.post("/api/v1/tasks/emergency", {**call, "descripcion": "Otra emergencia demo"})
    if (first["assigned_efectivo_id"], second_call["status"]) != (officers[3], "pending"):
        sys.exit(f"emergencies: {first} {second_call}")

    # A wizard that is left in the middle.
    bot.tap(770002, "menu:crear:start", "1")
    bot.tap(770002, "crear:tipo:OPERATIVO", "2")

    # People who left, and sessions that ended.
    admin.ask("DELETE", f"/api/v1/efectivos/{officers[7]}")
    admin.put(f"/api/v1/users/{closed}", {"verificado": False})
    admin.ask("DELETE", f"/api/v1/usuarios/{gone}")
    Person(office, "supervisor2@demo.gad").post("/api/v1/auth/logout", {})
    sofia.post("/api/v1/auth/refresh", {"refresh_token": sofia.tokens["refresh_token"]})
    guess(office, "bloqueado@demo.gad", 6)
    return admin


def answers(admin, epoch):
    """What the office answers to its administrator."""
    tasks = admin.get("/api/v1/tasks/?limit=500")
    events = admin.get(f"/api/v1/eventos?limit=500&desde={epoch}:0")
    if not events["al_dia"] or events["resync"]:
        sys.exit("the events do not fit into a page")
    return {
        "epoch": epoch,
        "tasks": tasks,
        "history": {str(task["id"]): admin.get(f"/api/v1/tasks/{task['id']}/historial") for task in tasks},
        "notes": {str(task["id"]): admin.get(f"/api/v1/tasks/{task['id']}/notas") for task in tasks},
        "users": admin.get("/api/v1/users/?limit=500"),
        "officers": admin.get("/api/v1/efectivos?limit=500"),
        "events": events["eventos"],
    }


def dump_sqlite(file, out):
    """Writes the database as statements that any client can run one after another.

    Virtual tables are made and filled as such: their shadow tables are left to SQLite.
    """
    db = sqlite3.connect(file)
    shadows = {row[0] for row in db.execute("SELECT name FROM pragma_table_list WHERE type = 'shadow'")}
    virtual = {row[0] for row in db.execute("SELECT name FROM pragma_table_list WHERE type = 'virtual'")}
    schema = [row for row in db.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY rowid")
              if row[2] and row[1] not in shadows and not row[1].startswith("sqlite_")]
    lines = ["PRAGMA foreign_keys = OFF;", "BEGIN;"]
    lines += [f"{sql};" for kind, _, sql in schema if kind == "table"]
    tables = [name for kind, name, _ in schema if kind == "table"] + ["sqlite_sequence"]
    lines.append("DELETE FROM sqlite_sequence;")
    for table in tables:
        columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
        if table in virtual and "busqueda" in columns:
            lines.append(f"INSERT INTO {table} ({table}) VALUES ('rebuild');")
            continue
        quoted = " || ', ' || ".join(f'quote("{column}")' for column in columns)
        rows = [f"({values})" for (values,) in db.execute(f"SELECT {quoted} FROM {table}")]
        if rows:
            lines.append(f"INSERT INTO {table} VALUES\n" + ",\n".join(rows) + ";")
    lines += [f"{sql};" for kind, _, sql in schema if kind != "table"]
    for name in ("user_version", "application_id"):
        lines.append(f"PRAGMA {name} = {db.execute(f'PRAGMA {name}').fetchone()[0]};")
    lines += ["COMMIT;", ""]
    out.write("\n".join(lines))


def dump_postgres(url, out):
    """Writes the schema `public` as statements, without what PostGIS made there."""
    done = subprocess.run(["pg_dump", "--no-owner", "--no-privileges", "--rows-per-insert=100", "--schema=public", url],
                          text=True, capture_output=True)
    if done.returncode:
        sys.exit(done.stderr)
    # Lines for psql alone, and the schema that every database has.
    left_out = ("\\", "CREATE SCHEMA public", "SET transaction_timeout", "COMMENT ON SCHEMA public")
    lines = [line for line in done.stdout.splitlines() if line and not line.startswith(left_out)]
    out.write("\n".join(line for line in lines if not line.startswith("--")) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gad", metavar="GAD")
    parser.add_argument("out", metavar="OUT")
    parser.add_argument("--url", help="an empty PostgreSQL database with PostGIS")
    options = parser.parse_args()
    store = "postgres" if options.url else "sqlite"
    with tempfile.TemporaryDirectory() as directory:
        where = ["--database-url", options.url] if options.url else ["--data-dir", directory]
        bot = BotApi()
        office = Office(options.gad, where, bot)
        admin = work(office, bot)
        doctor = [json.loads(line) for line in office.run("doctor", "--json").splitlines()]
        epoch = next(line["seen"] for line in doctor if line["what"] == "epoch")
        # A log that has come to rest: two readings alike.
        before = None

        def settled():
            nonlocal before
            last, before = before, answers(admin, epoch)
            return before["events"] and last and last["events"] == before["events"] and before

        found = wait_until("events", settled)
        found["made_at"] = datetime.datetime.now(datetime.timezone.utc).isoformat()
        found["repeatable"] = office.repeatable
        found["version"] = office.run("--version").split()[1]
        office.end()
        office.run("audit", "checkpoint")
        # Lines after the last checkpoint.
        office.run("user", "password", "supervisor2@demo.gad", "--password", PASSWORD)
        office.run("audit", "verify")
        with open(os.path.join(options.out, f"{store}.json"), "w", encoding="utf-8") as out:
            json.dump(found, out, ensure_ascii=False, separators=(",", ":"))
            out.write("\n")
        with open(os.path.join(options.out, f"{store}.sql"), "w", encoding="utf-8") as out:
            if options.url:
                dump_postgres(options.url, out)
            else:
                dump_sqlite(os.path.join(directory, "gad.db"), out)


if __name__ == "__main__":
    main()
