-- Times are microseconds since 1970 UTC; UUIDs are 16 bytes; JSON is text.
CREATE TABLE usuarios (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid BLOB NOT NULL CHECK (length(uuid) = 16),
    dni TEXT,
    nombre TEXT NOT NULL,
    apellido TEXT,
    email TEXT,
    -- The e-mail in lower case, written by the program: lower() of SQLite knows ASCII only.
    email_plegado TEXT,
    telefono TEXT,
    telegram_id INTEGER,
    nivel INTEGER NOT NULL CHECK (nivel IN (1, 2, 3)),
    verificado INTEGER NOT NULL DEFAULT 0 CHECK (verificado IN (0, 1)),
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
-- A deleted user's e-mail, DNI and Telegram account are free for another.
CREATE UNIQUE INDEX uq_usuarios_dni ON usuarios (dni) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX uq_usuarios_email ON usuarios (email_plegado) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX uq_usuarios_telegram_id ON usuarios (telegram_id) WHERE deleted_at IS NULL;
CREATE INDEX ix_usuarios_nivel ON usuarios (nivel) WHERE deleted_at IS NULL;
