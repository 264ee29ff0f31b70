-- The lifecycle of sending officers to tasks: assignments and offers, their steps, how far each
-- dispatch has come, and why an officer was chosen.
ALTER TABLE tareas ADD COLUMN emergencia INTEGER NOT NULL DEFAULT 0 CHECK (emergencia IN (0, 1));
-- From when a waiting emergency may be given an officer by itself; NULL for at once.
ALTER TABLE tareas ADD COLUMN despacho_desde INTEGER;

-- Emergencies of before are known by their code.
UPDATE tareas SET emergencia = 1
WHERE tipo = 'intervencion' AND codigo GLOB 'EMG-[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]-??????';

-- Calls that had lost their last officer wait for one again.
UPDATE tareas SET espera_efectivo = 1
WHERE emergencia = 1 AND espera_efectivo = 0 AND deleted_at IS NULL
    AND estado IN ('programada', 'en_curso', 'pausada')
    AND NOT EXISTS (SELECT 1 FROM tarea_efectivos te WHERE te.tarea_id = tareas.id);

CREATE INDEX ix_tareas_emergencias_abiertas ON tareas (id)
    WHERE emergencia = 1 AND deleted_at IS NULL AND estado IN ('programada', 'en_curso', 'pausada');
CREATE INDEX ix_tareas_emergencias_de_usuario ON tareas (creado_por_usuario_id, created_at) WHERE emergencia = 1;

-- An emergency that has not ended has an officer or waits for one. Whatever takes the last officer
-- off puts it into the queue, and nothing takes it out of the queue without an officer.
CREATE TRIGGER tareas_espera_sin_efectivos AFTER DELETE ON tarea_efectivos
WHEN NOT EXISTS (SELECT 1 FROM tarea_efectivos WHERE tarea_id = old.tarea_id)
BEGIN
    UPDATE tareas SET espera_efectivo = 1
    WHERE id = old.tarea_id AND emergencia = 1 AND espera_efectivo = 0 AND deleted_at IS NULL
        AND estado IN ('programada', 'en_curso', 'pausada');
END;

CREATE TRIGGER emergencia_con_efectivo_o_en_espera BEFORE UPDATE OF espera_efectivo, estado, deleted_at, emergencia ON tareas
WHEN new.emergencia = 1 AND new.espera_efectivo = 0 AND new.deleted_at IS NULL
    AND new.estado IN ('programada', 'en_curso', 'pausada')
    AND NOT EXISTS (SELECT 1 FROM tarea_efectivos WHERE tarea_id = new.id)
BEGIN
    SELECT RAISE(ABORT, 'emergencia_con_efectivo_o_en_espera');
END;

CREATE TABLE asignaciones (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tarea_id INTEGER NOT NULL CONSTRAINT asignaciones_tarea_fk REFERENCES tareas (id),
    efectivo_id INTEGER NOT NULL CONSTRAINT asignaciones_efectivo_fk REFERENCES efectivos (id),
    tipo TEXT NOT NULL CHECK (tipo IN ('asignacion', 'oferta')),
    estado TEXT NOT NULL CHECK (estado IN ('ofrecida', 'asignada', 'avisada', 'aceptada', 'en_camino', 'en_lugar',
        'liberada', 'rechazada', 'vencida', 'relevada')),
    -- From when deadlines run, and by when it must be accepted. NULL for rows of before.
    corre_desde INTEGER,
    vence_en INTEGER
) STRICT;

CREATE UNIQUE INDEX uq_asignaciones_abierta ON asignaciones (tarea_id, efectivo_id)
    WHERE estado NOT IN ('liberada', 'rechazada', 'relevada');
CREATE INDEX ix_asignaciones_tarea ON asignaciones (tarea_id, id);
CREATE INDEX ix_asignaciones_efectivo ON asignaciones (efectivo_id, id)
    WHERE estado NOT IN ('liberada', 'rechazada', 'relevada');
CREATE INDEX ix_asignaciones_sin_responder ON asignaciones (corre_desde, id)
    WHERE estado IN ('ofrecida', 'asignada', 'avisada', 'vencida') AND corre_desde IS NOT NULL;

CREATE TABLE asignacion_pasos (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    asignacion_id INTEGER NOT NULL CONSTRAINT pasos_asignacion_fk REFERENCES asignaciones (id),
    estado TEXT NOT NULL CHECK (estado IN ('ofrecida', 'asignada', 'avisada', 'aceptada', 'en_camino', 'en_lugar',
        'liberada', 'rechazada', 'vencida', 'relevada')),
    ocurrido_en INTEGER NOT NULL,
    usuario_id INTEGER CONSTRAINT pasos_usuario_fk REFERENCES usuarios (id),
    en_nombre_de INTEGER CONSTRAINT pasos_en_nombre_fk REFERENCES usuarios (id),
    canal TEXT NOT NULL CHECK (canal IN ('web', 'telegram', 'api', 'voz', 'sistema')),
    motivo TEXT
) STRICT;

CREATE INDEX ix_asignacion_pasos ON asignacion_pasos (asignacion_id, id);

-- How far the dispatch of a task has come.
CREATE TABLE despachos (
    tarea_id INTEGER PRIMARY KEY CONSTRAINT despachos_tarea_fk REFERENCES tareas (id),
    ronda INTEGER NOT NULL,
    ronda_desde INTEGER NOT NULL,
    paso INTEGER NOT NULL,
    proximo_en INTEGER,
    tomado_por INTEGER CONSTRAINT despachos_usuario_fk REFERENCES usuarios (id),
    tomado_en INTEGER,
    llamadas_unidas INTEGER NOT NULL DEFAULT 0,
    CHECK ((tomado_por IS NULL) = (tomado_en IS NULL))
) STRICT;

CREATE INDEX ix_despachos_proximo ON despachos (proximo_en) WHERE proximo_en IS NOT NULL;

-- Each escalation step of a round is taken once.
CREATE TABLE escalamientos (
    tarea_id INTEGER NOT NULL CONSTRAINT escalamientos_tarea_fk REFERENCES tareas (id),
    ronda INTEGER NOT NULL,
    paso INTEGER NOT NULL,
    ocurrido_en INTEGER NOT NULL,
    PRIMARY KEY (tarea_id, ronda, paso)
) STRICT, WITHOUT ROWID;

-- Who was chosen, among whom, and why.
CREATE TABLE decisiones_despacho (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tarea_id INTEGER NOT NULL CONSTRAINT decisiones_tarea_fk REFERENCES tareas (id),
    tomada_en INTEGER NOT NULL,
    contenido TEXT NOT NULL CHECK (json_valid(contenido))
) STRICT;

CREATE INDEX ix_decisiones_tarea ON decisiones_despacho (tarea_id, id);

-- Rows of before: assigned, without times.
INSERT INTO asignaciones (tarea_id, efectivo_id, tipo, estado)
SELECT tarea_id, efectivo_id, 'asignacion', 'asignada' FROM tarea_efectivos;

-- Whoever writes `tarea_efectivos`, a row there has an open assignment, and none is left open without it.
CREATE TRIGGER asignaciones_al_asignar AFTER INSERT ON tarea_efectivos
WHEN NOT EXISTS (SELECT 1 FROM asignaciones WHERE tarea_id = new.tarea_id AND efectivo_id = new.efectivo_id
    AND estado NOT IN ('liberada', 'rechazada', 'relevada'))
BEGIN
    INSERT INTO asignaciones (tarea_id, efectivo_id, tipo, estado)
    VALUES (new.tarea_id, new.efectivo_id, 'asignacion', 'asignada');
END;

CREATE TRIGGER asignaciones_al_retirar AFTER DELETE ON tarea_efectivos
BEGIN
    UPDATE asignaciones SET estado = 'relevada'
    WHERE tarea_id = old.tarea_id AND efectivo_id = old.efectivo_id AND tipo = 'asignacion'
        AND estado NOT IN ('liberada', 'rechazada', 'relevada');
END;

-- The message that tells an officer of an assignment; its delivery is a step of the assignment.
ALTER TABLE telegram_mensajes ADD COLUMN asignacion_id INTEGER;

-- When data of another system was imported: until an officer is linked, no acknowledgement is expected.
ALTER TABLE meta ADD COLUMN importada_en INTEGER;

-- An officer can be sent only while the user's account is active.
CREATE TRIGGER posiciones_disponible_al_cambiar_cuenta AFTER UPDATE OF verificado, deleted_at ON usuarios
WHEN (old.verificado = 1 AND old.deleted_at IS NULL) IS NOT (new.verificado = 1 AND new.deleted_at IS NULL)
BEGIN
    UPDATE posiciones_actuales
    SET disponible = (SELECT new.verificado = 1 AND new.deleted_at IS NULL
            AND e.estado_disponibilidad = 'disponible' AND e.deleted_at IS NULL
        FROM efectivos e WHERE e.id = posiciones_actuales.efectivo_id)
    WHERE efectivo_id IN (SELECT id FROM efectivos WHERE usuario_id = new.id);
END;

DROP TRIGGER posiciones_disponible_al_cambiar;
CREATE TRIGGER posiciones_disponible_al_cambiar AFTER UPDATE OF estado_disponibilidad, deleted_at, usuario_id ON efectivos
BEGIN
    UPDATE posiciones_actuales
    SET disponible = new.estado_disponibilidad = 'disponible' AND new.deleted_at IS NULL
        AND EXISTS (SELECT 1 FROM usuarios WHERE id = new.usuario_id AND verificado = 1 AND deleted_at IS NULL)
    WHERE efectivo_id = new.id
        AND disponible IS NOT (new.estado_disponibilidad = 'disponible' AND new.deleted_at IS NULL
            AND EXISTS (SELECT 1 FROM usuarios WHERE id = new.usuario_id AND verificado = 1 AND deleted_at IS NULL));
END;

UPDATE posiciones_actuales SET disponible = 0
WHERE disponible = 1 AND efectivo_id IN (
    SELECT e.id FROM efectivos e JOIN usuarios u ON u.id = e.usuario_id
    WHERE u.verificado = 0 OR u.deleted_at IS NOT NULL);
