-- What the record keeps for the bot. No foreign keys to users: a chat is older than its link.
CREATE TABLE telegram_actualizaciones (
    update_id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL,
    recibida_en INTEGER NOT NULL,
    contenido TEXT NOT NULL CHECK (json_valid(contenido)),
    intentos INTEGER NOT NULL DEFAULT 0 CHECK (intentos >= 0),
    no_antes_de INTEGER NOT NULL,
    trabajada_en INTEGER,
    apartada_en INTEGER,
    CHECK (trabajada_en IS NULL OR apartada_en IS NULL)
) STRICT;

CREATE INDEX ix_telegram_actualizaciones_turno ON telegram_actualizaciones (recibida_en, update_id)
    WHERE trabajada_en IS NULL AND apartada_en IS NULL;
CREATE INDEX ix_telegram_actualizaciones_chat ON telegram_actualizaciones (chat_id, update_id)
    WHERE trabajada_en IS NULL AND apartada_en IS NULL;
CREATE INDEX ix_telegram_actualizaciones_fin ON telegram_actualizaciones (coalesce(trabajada_en, apartada_en));

CREATE TABLE telegram_chats (
    chat_id INTEGER PRIMARY KEY,
    usuario_id INTEGER,
    -- Which process works on the chat, and until when nobody else takes it.
    tomado_por BLOB CHECK (length(tomado_por) = 16),
    tomado_hasta INTEGER,
    bloqueado_en INTEGER,
    idioma TEXT CHECK (idioma IN ('es', 'en')),
    -- Minutes of the day, local time of the office.
    silencio_desde INTEGER CHECK (silencio_desde BETWEEN 0 AND 1439),
    silencio_a INTEGER CHECK (silencio_a BETWEEN 0 AND 1439),
    silencio_hasta INTEGER,
    mensaje_ubicacion INTEGER,
    CHECK ((tomado_por IS NULL) = (tomado_hasta IS NULL)),
    CHECK ((silencio_desde IS NULL) = (silencio_a IS NULL))
) STRICT;

CREATE INDEX ix_telegram_chats_usuario ON telegram_chats (usuario_id) WHERE usuario_id IS NOT NULL;

CREATE TABLE telegram_dialogos (
    chat_id INTEGER NOT NULL,
    telegram_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    estado TEXT NOT NULL CHECK (json_valid(estado)),
    vence_en INTEGER NOT NULL,
    PRIMARY KEY (chat_id, telegram_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_telegram_dialogos_vence ON telegram_dialogos (vence_en);

CREATE TABLE telegram_mensajes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL,
    prioridad INTEGER NOT NULL CHECK (prioridad IN (0, 1, 2)),
    metodo TEXT NOT NULL,
    cuerpo TEXT NOT NULL CHECK (json_valid(cuerpo)),
    archivo BLOB,
    archivo_nombre TEXT,
    clave_unica TEXT,
    ranura TEXT,
    creado_en INTEGER NOT NULL,
    no_antes_de INTEGER NOT NULL,
    intentos INTEGER NOT NULL DEFAULT 0 CHECK (intentos >= 0),
    enviado_en INTEGER,
    message_id INTEGER,
    fallado_en INTEGER,
    motivo TEXT,
    CHECK (enviado_en IS NULL OR fallado_en IS NULL),
    CHECK ((archivo IS NULL) = (archivo_nombre IS NULL))
) STRICT;

CREATE UNIQUE INDEX uq_telegram_mensajes_clave ON telegram_mensajes (clave_unica) WHERE clave_unica IS NOT NULL;
CREATE INDEX ix_telegram_mensajes_turno ON telegram_mensajes (prioridad, id)
    WHERE enviado_en IS NULL AND fallado_en IS NULL;
CREATE INDEX ix_telegram_mensajes_chat ON telegram_mensajes (chat_id, prioridad, id)
    WHERE enviado_en IS NULL AND fallado_en IS NULL;
CREATE INDEX ix_telegram_mensajes_fin ON telegram_mensajes (coalesce(enviado_en, fallado_en));

-- Which message stands for what in a chat, so that it is edited rather than sent again.
CREATE TABLE telegram_tarjetas (
    chat_id INTEGER NOT NULL,
    ranura TEXT NOT NULL,
    message_id INTEGER NOT NULL,
    enviada_en INTEGER NOT NULL,
    PRIMARY KEY (chat_id, ranura)
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_telegram_tarjetas_enviada ON telegram_tarjetas (enviada_en);

CREATE TABLE codigos_de_vinculo (
    huella BLOB PRIMARY KEY NOT NULL CHECK (length(huella) = 32),
    usuario_id INTEGER NOT NULL CONSTRAINT codigos_usuario_fk REFERENCES usuarios (id),
    creado_por INTEGER,
    creado_en INTEGER NOT NULL,
    vence_en INTEGER NOT NULL,
    usado_en INTEGER,
    usado_por_telegram INTEGER,
    CHECK ((usado_en IS NULL) = (usado_por_telegram IS NULL))
) STRICT;

CREATE INDEX ix_codigos_de_vinculo_usuario ON codigos_de_vinculo (usuario_id);
CREATE INDEX ix_codigos_de_vinculo_vence ON codigos_de_vinculo (vence_en);

CREATE TABLE intentos_de_vinculo (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL,
    fecha INTEGER NOT NULL
) STRICT;

CREATE INDEX ix_intentos_de_vinculo_fecha ON intentos_de_vinculo (fecha);

CREATE TABLE arriendos (
    nombre TEXT PRIMARY KEY NOT NULL,
    titular BLOB CHECK (length(titular) = 16),
    vence_en INTEGER NOT NULL,
    dato TEXT CHECK (json_valid(dato))
) STRICT;
