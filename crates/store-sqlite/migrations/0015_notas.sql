-- What people leave with a task. Files stay at Telegram, from where they are fetched by their name.
CREATE TABLE notas_de_tarea (
    id INTEGER PRIMARY KEY,
    tarea_id INTEGER NOT NULL CONSTRAINT notas_tarea_fk REFERENCES tareas (id),
    usuario_id INTEGER NOT NULL CONSTRAINT notas_usuario_fk REFERENCES usuarios (id),
    clase TEXT NOT NULL CHECK (clase IN ('texto', 'foto', 'voz', 'archivo', 'ubicacion')),
    texto TEXT,
    telegram_file_id TEXT,
    telegram_file_unique_id TEXT,
    mime TEXT,
    bytes INTEGER,
    created_at INTEGER NOT NULL,
    CHECK ((telegram_file_id IS NULL) = (clase IN ('texto', 'ubicacion'))),
    CHECK ((telegram_file_id IS NULL) = (telegram_file_unique_id IS NULL)),
    CHECK (texto IS NOT NULL OR telegram_file_id IS NOT NULL)
) STRICT;

CREATE INDEX ix_notas_de_tarea_tarea ON notas_de_tarea (tarea_id, id);
