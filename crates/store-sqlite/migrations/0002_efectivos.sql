CREATE TABLE efectivos (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid BLOB NOT NULL CHECK (length(uuid) = 16),
    usuario_id INTEGER NOT NULL CONSTRAINT efectivos_usuario_fk REFERENCES usuarios (id),
    codigo_interno TEXT NOT NULL,
    rango TEXT,
    unidad TEXT,
    especialidad TEXT,
    estado_disponibilidad TEXT NOT NULL
        CHECK (estado_disponibilidad IN ('disponible', 'en_tarea', 'fuera_servicio', 'no_disponible')),
    ultima_actualizacion_estado INTEGER NOT NULL,
    metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE UNIQUE INDEX uq_efectivos_uuid ON efectivos (uuid);
CREATE UNIQUE INDEX uq_efectivos_usuario_id ON efectivos (usuario_id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX uq_efectivos_codigo_interno ON efectivos (codigo_interno) WHERE deleted_at IS NULL;
CREATE INDEX ix_efectivos_usuario ON efectivos (usuario_id);
CREATE INDEX ix_efectivos_estado ON efectivos (estado_disponibilidad, unidad) WHERE deleted_at IS NULL;
