"""A working day by the client of openapi-generator."""

import datetime
import json
import sys

import second_client
from second_client.rest import ApiException

url, user, password = sys.argv[1:]
calls = 0


def ok(answer):
    global calls
    calls += 1
    assert answer is not None
    return answer


configuration = second_client.Configuration(host=url)
with second_client.ApiClient(configuration) as client:
    token = ok(second_client.AuthApi(client).auth_login(username=user, password=password))
    configuration.access_token = token.access_token
    tasks, reports = second_client.TasksApi(client), second_client.ReportsApi(client)
    me = ok(second_client.UsersApi(client).user_me())
    assert me.email == user, me

    before = ok(tasks.task_list(limit=5))
    assert 0 < len(before) <= 5 and before[0].codigo, before
    begins = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.timezone.utc)
    task = second_client.TaskIn(
        codigo="CLIENTE-2", titulo="Recorrer el puerto", tipo="patrullaje", inicio_programado=begins,
        delegado_usuario_id=me.id,
    )
    made = ok(tasks.task_create(task, idempotency_key="cliente-2"))
    assert ok(tasks.task_create(task, idempotency_key="cliente-2")).id == made.id
    assert ok(tasks.task_read(made.id)).inicio_programado == begins

    call = second_client.EmergencyIn(telegram_id=0, lat=-34.6037, lng=-58.3816, descripcion="Choque")
    raised = ok(tasks.emergency_raise(call))
    assert raised.task_id > made.id, raised
    try:
        tasks.task_read(999999)
        raise AssertionError("a task that is not there was read")
    except ApiException as refused:
        calls += 1
        assert refused.status == 404 and json.loads(refused.body)["code"] == "not_found", refused

    picture = bytes(ok(reports.report_chart_png()))
    assert picture.startswith(b"\x89PNG\r\n\x1a\n"), picture[:20]
    workbook = bytes(ok(reports.report_export()))
    assert workbook.startswith(b"PK"), workbook[:20]
print(json.dumps({"calls": calls, "png_bytes": len(picture), "xlsx_bytes": len(workbook)}))
