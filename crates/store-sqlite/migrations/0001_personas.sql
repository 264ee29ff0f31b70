-- Who signs in, and who goes out. Times are microseconds since 1970 in UTC.
CREATE TABLE meta (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    epoch BLOB NOT NULL CHECK (length(epoch) = 16),
    created_at INTEGER NOT NULL
) STRICT;
INSERT INTO meta (id, epoch, created_at) VALUES (1, randomblob(16), CAST(unixepoch('subsec') * 1000000 AS INTEGER));

CREATE TABLE usuarios (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid BLOB NOT NULL CHECK (length(uuid) = 16),
    dni TEXT CHECK (length(dni) <= 20),
    nombre TEXT NOT NULL CHECK (length(nombre) <= 100),
    apellido TEXT CHECK (length(apellido) <= 100),
    email TEXT,
    -- As Email::folded gives it: SQLite's own lower() knows ASCII only.
    email_plegado TEXT,
    telefono TEXT CHECK (length(telefono) <= 20),
    telegram_id INTEGER,
    nivel INTEGER NOT NULL CHECK (nivel BETWEEN 1 AND 3),
    verificado INTEGER NOT NULL CHECK (verificado IN (0, 1)),
    hashed_password TEXT,
    ultimo_acceso INTEGER,
    intentos_fallidos INTEGER NOT NULL DEFAULT 0,
    bloqueado_hasta INTEGER,
    extra_data TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extra_data)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    version INTEGER NOT NULL DEFAULT 1,
    CHECK ((email IS NULL) = (email_plegado IS NULL))
) STRICT;
CREATE UNIQUE INDEX uq_usuarios_uuid ON usuarios (uuid);
-- What a deleted user had is free again.
CREATE UNIQUE INDEX uq_usuarios_dni ON usuarios (dni) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX uq_usuarios_email ON usuarios (email_plegado) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX uq_usuarios_telegram_id ON usuarios (telegram_id) WHERE deleted_at IS NULL;

CREATE TABLE efectivos (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid BLOB NOT NULL CHECK (length(uuid) = 16),
    usuario_id INTEGER NOT NULL REFERENCES usuarios (id),
    codigo_interno TEXT NOT NULL CHECK (length(codigo_interno) <= 50),
    rango TEXT CHECK (length(rango) <= 50),
    unidad TEXT CHECK (length(unidad) <= 100),
    especialidad TEXT CHECK (length(especialidad) <= 100),
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
CREATE INDEX ix_efectivos_disponibles ON efectivos (id)
    WHERE estado_disponibilidad = 'disponible' AND deleted_at IS NULL;

CREATE TABLE sesiones (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    usuario_id INTEGER NOT NULL REFERENCES usuarios (id),
    plataforma TEXT NOT NULL CHECK (plataforma IN ('web', 'telegram', 'api')),
    created_at INTEGER NOT NULL,
    ultimo_uso INTEGER NOT NULL,
    expira_en INTEGER NOT NULL,
    revocada_en INTEGER,
    motivo_revocacion TEXT,
    ip TEXT,
    user_agent TEXT
) STRICT;
CREATE INDEX ix_sesiones_usuario ON sesiones (usuario_id);
CREATE INDEX ix_sesiones_expira ON sesiones (expira_en);

CREATE TABLE tokens_refresco (
    huella BLOB NOT NULL CHECK (length(huella) = 32),
    sesion_id BLOB NOT NULL REFERENCES sesiones (id) ON DELETE CASCADE,
    emitido_en INTEGER NOT NULL,
    usado_en INTEGER
) STRICT;
CREATE UNIQUE INDEX uq_tokens_refresco_huella ON tokens_refresco (huella);
CREATE INDEX ix_tokens_refresco_sesion ON tokens_refresco (sesion_id);
