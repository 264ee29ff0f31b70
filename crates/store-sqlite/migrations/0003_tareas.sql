CREATE TABLE tareas (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid BLOB NOT NULL CHECK (length(uuid) = 16),
    codigo TEXT NOT NULL,
    titulo TEXT NOT NULL,
    descripcion TEXT,
    tipo TEXT NOT NULL CHECK (tipo IN (
        'patrullaje', 'investigacion', 'vigilancia', 'intervencion', 'administrativa', 'entrenamiento')),
    prioridad INTEGER NOT NULL CHECK (prioridad BETWEEN 1 AND 5),
    inicio_programado INTEGER NOT NULL,
    fin_programado INTEGER,
    inicio_real INTEGER,
    fin_real INTEGER,
    tiempo_pausado_us INTEGER NOT NULL DEFAULT 0,
    pausado_en INTEGER,
    estado TEXT NOT NULL CHECK (estado IN ('programada', 'en_curso', 'finalizada', 'cancelada', 'pausada')),
    delegado_usuario_id INTEGER NOT NULL CONSTRAINT tareas_delegado_fk REFERENCES usuarios (id),
    creado_por_usuario_id INTEGER NOT NULL CONSTRAINT tareas_creador_fk REFERENCES usuarios (id),
    ubicacion_lat REAL CHECK (ubicacion_lat BETWEEN -90 AND 90),
    ubicacion_lon REAL CHECK (ubicacion_lon BETWEEN -180 AND 180),
    ubicacion_descripcion TEXT,
    duracion_real_horas REAL,
    espera_efectivo INTEGER NOT NULL DEFAULT 0 CHECK (espera_efectivo IN (0, 1)),
    notas TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(notas)),
    extra_data TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extra_data)),
    -- Code, title, description and place without accents and case, written by the program.
    busqueda TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    version INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT chk_tareas_fechas CHECK (fin_programado IS NULL OR fin_programado > inicio_programado),
    CONSTRAINT chk_tareas_fechas_reales CHECK (fin_real IS NULL OR (inicio_real IS NOT NULL AND fin_real >= inicio_real)),
    CONSTRAINT chk_tareas_ubicacion CHECK ((ubicacion_lat IS NULL) = (ubicacion_lon IS NULL))
) STRICT;

CREATE UNIQUE INDEX uq_tareas_uuid ON tareas (uuid);
-- Not partial: a code is never used again.
CREATE UNIQUE INDEX uq_tareas_codigo ON tareas (codigo);
CREATE INDEX ix_tareas_delegado ON tareas (delegado_usuario_id, estado, created_at);
CREATE INDEX ix_tareas_estado ON tareas (estado, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_tareas_activas ON tareas (id) WHERE estado IN ('programada', 'en_curso', 'pausada') AND deleted_at IS NULL;
CREATE INDEX ix_tareas_created_at ON tareas (created_at);
CREATE INDEX ix_tareas_esperan ON tareas (created_at, id) WHERE espera_efectivo = 1 AND deleted_at IS NULL;
CREATE INDEX ix_tareas_tipo ON tareas (tipo, prioridad, estado);
-- For the newest end of each kind and priority, which tells whether its metrics are outdated.
CREATE INDEX ix_tareas_terminadas ON tareas (tipo, prioridad, coalesce(fin_real, updated_at))
    WHERE estado IN ('finalizada', 'cancelada') AND deleted_at IS NULL;

CREATE TABLE tarea_efectivos (
    tarea_id INTEGER NOT NULL CONSTRAINT tarea_efectivos_tarea_fk REFERENCES tareas (id),
    efectivo_id INTEGER NOT NULL CONSTRAINT tarea_efectivos_efectivo_fk REFERENCES efectivos (id),
    asignado_en INTEGER NOT NULL,
    asignado_por INTEGER CONSTRAINT tarea_efectivos_asignado_por_fk REFERENCES usuarios (id),
    -- The task is en_curso and not deleted. Held by the triggers below.
    activa INTEGER NOT NULL DEFAULT 0 CHECK (activa IN (0, 1)),
    PRIMARY KEY (tarea_id, efectivo_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_tarea_efectivos_efectivo ON tarea_efectivos (efectivo_id);
CREATE UNIQUE INDEX uq_efectivo_una_tarea_activa ON tarea_efectivos (efectivo_id) WHERE activa = 1;

CREATE TRIGGER tarea_efectivos_activa_al_asignar AFTER INSERT ON tarea_efectivos
WHEN EXISTS (SELECT 1 FROM tareas WHERE id = new.tarea_id AND estado = 'en_curso' AND deleted_at IS NULL)
BEGIN
    UPDATE tarea_efectivos SET activa = 1 WHERE tarea_id = new.tarea_id AND efectivo_id = new.efectivo_id;
END;

CREATE TRIGGER tarea_efectivos_activa_al_cambiar AFTER UPDATE OF estado, deleted_at ON tareas
WHEN (old.estado = 'en_curso' AND old.deleted_at IS NULL) IS NOT (new.estado = 'en_curso' AND new.deleted_at IS NULL)
BEGIN
    UPDATE tarea_efectivos SET activa = (new.estado = 'en_curso' AND new.deleted_at IS NULL) WHERE tarea_id = new.id;
END;
