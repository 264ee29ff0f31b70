-- Tasks, who is sent to them, what became of them.
CREATE TABLE tareas (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid BLOB NOT NULL CHECK (length(uuid) = 16),
    codigo TEXT NOT NULL CHECK (length(codigo) <= 50),
    titulo TEXT NOT NULL CHECK (length(titulo) <= 200),
    descripcion TEXT,
    tipo TEXT NOT NULL CHECK (tipo IN
        ('patrullaje', 'investigacion', 'vigilancia', 'intervencion', 'administrativa', 'entrenamiento')),
    prioridad INTEGER NOT NULL CHECK (prioridad BETWEEN 1 AND 5),
    inicio_programado INTEGER NOT NULL,
    fin_programado INTEGER,
    inicio_real INTEGER,
    fin_real INTEGER,
    tiempo_pausado_us INTEGER NOT NULL DEFAULT 0 CHECK (tiempo_pausado_us >= 0),
    pausado_en INTEGER,
    estado TEXT NOT NULL CHECK (estado IN ('programada', 'en_curso', 'finalizada', 'cancelada', 'pausada')),
    delegado_usuario_id INTEGER NOT NULL REFERENCES usuarios (id),
    creado_por_usuario_id INTEGER NOT NULL REFERENCES usuarios (id),
    ubicacion_lat REAL CHECK (ubicacion_lat BETWEEN -90 AND 90),
    ubicacion_lon REAL CHECK (ubicacion_lon BETWEEN -180 AND 180),
    ubicacion_descripcion TEXT,
    duracion_real_horas REAL,
    espera_efectivo INTEGER NOT NULL DEFAULT 0 CHECK (espera_efectivo IN (0, 1)),
    notas TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(notas)),
    extra_data TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extra_data)),
    -- As domain::search::fold gives it, so that both stores find the same words.
    busqueda TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    version INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT chk_tareas_fechas CHECK (fin_programado IS NULL OR fin_programado > inicio_programado),
    CONSTRAINT chk_tareas_fechas_reales
        CHECK (fin_real IS NULL OR (inicio_real IS NOT NULL AND fin_real >= inicio_real)),
    CHECK ((ubicacion_lat IS NULL) = (ubicacion_lon IS NULL))
) STRICT;
CREATE UNIQUE INDEX uq_tareas_uuid ON tareas (uuid);
-- Codes are never used again, not even those of deleted tasks: people have them on paper.
CREATE UNIQUE INDEX uq_tareas_codigo ON tareas (codigo);
CREATE INDEX idx_tareas_delegado_estado_created ON tareas (delegado_usuario_id, estado, created_at);
CREATE INDEX idx_tareas_estado ON tareas (estado, id);
CREATE INDEX idx_tareas_figuras ON tareas (tipo, prioridad, updated_at) WHERE estado IN ('finalizada', 'cancelada');
CREATE INDEX idx_tareas_espera ON tareas (id) WHERE espera_efectivo = 1;

CREATE VIRTUAL TABLE tareas_texto USING fts5 (busqueda, content = 'tareas', content_rowid = 'id', prefix = '2 3');
CREATE TRIGGER tareas_texto_alta AFTER INSERT ON tareas BEGIN
    INSERT INTO tareas_texto (rowid, busqueda) VALUES (new.id, new.busqueda);
END;
CREATE TRIGGER tareas_texto_cambio AFTER UPDATE OF busqueda ON tareas WHEN old.busqueda <> new.busqueda BEGIN
    INSERT INTO tareas_texto (tareas_texto, rowid, busqueda) VALUES ('delete', old.id, old.busqueda);
    INSERT INTO tareas_texto (rowid, busqueda) VALUES (new.id, new.busqueda);
END;

-- 32-bit boxes, rounded outward by SQLite; exact places stand in tareas.
CREATE VIRTUAL TABLE tareas_rtree USING rtree (id, min_lon, max_lon, min_lat, max_lat);
CREATE TRIGGER tareas_lugar_alta AFTER INSERT ON tareas WHEN new.ubicacion_lat IS NOT NULL BEGIN
    INSERT INTO tareas_rtree VALUES (new.id, new.ubicacion_lon, new.ubicacion_lon, new.ubicacion_lat, new.ubicacion_lat);
END;
CREATE TRIGGER tareas_lugar_cambio AFTER UPDATE OF ubicacion_lat, ubicacion_lon ON tareas
WHEN old.ubicacion_lat IS NOT new.ubicacion_lat OR old.ubicacion_lon IS NOT new.ubicacion_lon BEGIN
    DELETE FROM tareas_rtree WHERE id = old.id;
    INSERT INTO tareas_rtree SELECT new.id, new.ubicacion_lon, new.ubicacion_lon, new.ubicacion_lat, new.ubicacion_lat
    WHERE new.ubicacion_lat IS NOT NULL;
END;

CREATE TABLE tarea_efectivos (
    tarea_id INTEGER NOT NULL REFERENCES tareas (id),
    efectivo_id INTEGER NOT NULL REFERENCES efectivos (id),
    asignado_en INTEGER NOT NULL,
    asignado_por INTEGER REFERENCES usuarios (id),
    activa INTEGER NOT NULL DEFAULT 0 CHECK (activa IN (0, 1)),
    PRIMARY KEY (tarea_id, efectivo_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ix_tarea_efectivos_efectivo ON tarea_efectivos (efectivo_id, tarea_id);
-- An officer has at most one active task.
CREATE UNIQUE INDEX uq_efectivo_una_tarea_activa ON tarea_efectivos (efectivo_id) WHERE activa = 1;
-- The database itself keeps "activa" in step with the task, whoever writes.
CREATE TRIGGER tarea_efectivos_activa_alta AFTER INSERT ON tarea_efectivos BEGIN
    UPDATE tarea_efectivos
    SET activa = (SELECT estado = 'en_curso' AND deleted_at IS NULL FROM tareas WHERE id = new.tarea_id)
    WHERE tarea_id = new.tarea_id AND efectivo_id = new.efectivo_id;
END;
CREATE TRIGGER tarea_efectivos_activa_estado AFTER UPDATE OF estado, deleted_at ON tareas
WHEN old.estado <> new.estado OR old.deleted_at IS NOT new.deleted_at BEGIN
    UPDATE tarea_efectivos SET activa = (new.estado = 'en_curso' AND new.deleted_at IS NULL) WHERE tarea_id = new.id;
END;

CREATE TABLE historial_estados (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tarea_id INTEGER NOT NULL REFERENCES tareas (id),
    estado_anterior TEXT CHECK (estado_anterior IN ('programada', 'en_curso', 'finalizada', 'cancelada', 'pausada')),
    estado_nuevo TEXT NOT NULL CHECK (estado_nuevo IN ('programada', 'en_curso', 'finalizada', 'cancelada', 'pausada')),
    usuario_id INTEGER REFERENCES usuarios (id),
    motivo TEXT,
    extra_data TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extra_data)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
) STRICT;
CREATE INDEX ix_historial_tarea ON historial_estados (tarea_id, id);

CREATE TABLE metricas_tareas (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tipo_tarea TEXT NOT NULL,
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
    CONSTRAINT uq_metricas_tareas UNIQUE (tipo_tarea, prioridad)
) STRICT;
