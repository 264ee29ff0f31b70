CREATE TABLE historial_estados (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tarea_id INTEGER NOT NULL CONSTRAINT historial_tarea_fk REFERENCES tareas (id),
    estado_anterior TEXT CHECK (estado_anterior IN ('programada', 'en_curso', 'finalizada', 'cancelada', 'pausada')),
    estado_nuevo TEXT NOT NULL
        CHECK (estado_nuevo IN ('programada', 'en_curso', 'finalizada', 'cancelada', 'pausada')),
    usuario_id INTEGER CONSTRAINT historial_usuario_fk REFERENCES usuarios (id),
    motivo TEXT,
    extra_data TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extra_data)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
) STRICT;

CREATE INDEX ix_historial_tarea ON historial_estados (tarea_id, id);

CREATE TABLE metricas_tareas (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tipo_tarea TEXT NOT NULL CHECK (tipo_tarea IN (
        'patrullaje', 'investigacion', 'vigilancia', 'intervencion', 'administrativa', 'entrenamiento')),
    prioridad INTEGER NOT NULL CHECK (prioridad BETWEEN 1 AND 5),
    total_tareas INTEGER NOT NULL,
    total_horas REAL NOT NULL,
    tiempo_promedio_horas REAL,
    tasa_exito REAL,
    duracion_p25 REAL,
    duracion_p50 REAL,
    duracion_p75 REAL,
    duracion_min REAL,
    duracion_max REAL,
    ultima_actualizacion INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    CONSTRAINT uq_metricas_tipo_prioridad UNIQUE (tipo_tarea, prioridad)
) STRICT;
