-- Which messages are about an assignment: its delivery is looked up by the assignment.
CREATE INDEX ix_telegram_mensajes_asignacion ON telegram_mensajes (asignacion_id) WHERE asignacion_id IS NOT NULL;
