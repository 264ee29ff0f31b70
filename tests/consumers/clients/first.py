"""A working day by the client of openapi-python-client."""

import datetime
import json
import sys

from first_client import AuthenticatedClient, Client
from first_client.api.auth import auth_login
from first_client.api.reports import report_chart_png, report_export
from first_client.api.tasks import emergency_raise, task_create, task_list, task_read
from first_client.api.users import user_me
from first_client.models import EmergencyIn, LoginForm, TaskIn, TipoTarea

url, user, password = sys.argv[1:]
calls = 0


def ok(response, status=200):
    global calls
    calls += 1
    assert response.status_code == status, (response.status_code, response.content)
    return response.parsed


token = ok(auth_login.sync_detailed(client=Client(base_url=url), body=LoginForm(username=user, password=password)))
client = AuthenticatedClient(base_url=url, token=token.access_token)
me = ok(user_me.sync_detailed(client=client))
assert me.email == user, me

before = ok(task_list.sync_detailed(client=client, limit=5))
assert 0 < len(before) <= 5 and before[0].codigo, before
begins = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.timezone.utc)
task = TaskIn(
    codigo="CLIENTE-1", titulo="Recorrer la plaza", tipo=TipoTarea.PATRULLAJE, inicio_programado=begins,
    delegado_usuario_id=me.id,
)
made = ok(task_create.sync_detailed(client=client, body=task, idempotency_key="cliente-1"))
again = ok(task_create.sync_detailed(client=client, body=task, idempotency_key="cliente-1"))
assert made.id == again.id and made.inicio_programado == begins, (made, again)
read = ok(task_read.sync_detailed(made.id, client=client))
assert read.codigo == "CLIENTE-1", read
day = datetime.date(2026, 11, 24)
assert any(one.id == made.id for one in ok(task_list.sync_detailed(client=client, desde=day, hasta=day)))

call = EmergencyIn(telegram_id=0, lat=-34.6037, lng=-58.3816, descripcion="Choque")
raised = ok(emergency_raise.sync_detailed(client=client, body=call))
assert raised.task_id > made.id, raised

picture = ok(report_chart_png.sync_detailed(client=client)).payload.read()
assert picture.startswith(b"\x89PNG\r\n\x1a\n"), picture[:20]
workbook = ok(report_export.sync_detailed(client=client))
workbook = workbook.payload.read()
assert workbook.startswith(b"PK"), workbook[:20]
print(json.dumps({"calls": calls, "png_bytes": len(picture), "xlsx_bytes": len(workbook)}))
