PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    success BOOLEAN NOT NULL,
    checksum BLOB NOT NULL,
    execution_time BIGINT NOT NULL
);
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
CREATE TABLE tarea_efectivos (
    tarea_id INTEGER NOT NULL CONSTRAINT tarea_efectivos_tarea_fk REFERENCES tareas (id),
    efectivo_id INTEGER NOT NULL CONSTRAINT tarea_efectivos_efectivo_fk REFERENCES efectivos (id),
    asignado_en INTEGER NOT NULL,
    asignado_por INTEGER CONSTRAINT tarea_efectivos_asignado_por_fk REFERENCES usuarios (id),
    -- The task is en_curso and not deleted. Held by the triggers below.
    activa INTEGER NOT NULL DEFAULT 0 CHECK (activa IN (0, 1)),
    PRIMARY KEY (tarea_id, efectivo_id)
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE tareas_rtree USING rtree (id, lat_min, lat_max, lon_min, lon_max);
CREATE VIRTUAL TABLE tareas_fts USING fts5 (
    busqueda, content = 'tareas', content_rowid = 'id', tokenize = 'ascii', detail = 'none', columnsize = 0);
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
CREATE TABLE posiciones_actuales (
    efectivo_id INTEGER PRIMARY KEY CONSTRAINT posiciones_efectivo_fk REFERENCES efectivos (id),
    lat REAL NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lon REAL NOT NULL CHECK (lon BETWEEN -180 AND 180),
    precision_m REAL,
    medida_en INTEGER NOT NULL,
    recibida_en INTEGER NOT NULL,
    -- The officer is `disponible` and not deleted. Held by the trigger on `efectivos` below, and by
    -- the statement that inserts here.
    disponible INTEGER NOT NULL CHECK (disponible IN (0, 1))
) STRICT;
CREATE VIRTUAL TABLE posiciones_rtree USING rtree (id, lat_min, lat_max, lon_min, lon_max);
CREATE TABLE posiciones (
    efectivo_id INTEGER NOT NULL CONSTRAINT posiciones_efectivo_fk REFERENCES efectivos (id),
    medida_en INTEGER NOT NULL,
    lat REAL NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lon REAL NOT NULL CHECK (lon BETWEEN -180 AND 180),
    precision_m REAL,
    recibida_en INTEGER NOT NULL,
    PRIMARY KEY (efectivo_id, medida_en)
) STRICT, WITHOUT ROWID;
CREATE TABLE sesiones (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    usuario_id INTEGER NOT NULL CONSTRAINT sesiones_usuario_fk REFERENCES usuarios (id),
    plataforma TEXT NOT NULL CHECK (plataforma IN ('web', 'telegram', 'api')),
    created_at INTEGER NOT NULL,
    ultimo_uso INTEGER NOT NULL,
    expira_en INTEGER NOT NULL,
    revocada_en INTEGER,
    motivo_revocacion TEXT,
    ip TEXT,
    user_agent TEXT
) STRICT;
CREATE TABLE tokens_refresco (
    huella BLOB NOT NULL CHECK (length(huella) = 32),
    sesion_id BLOB NOT NULL CONSTRAINT tokens_refresco_sesion_fk REFERENCES sesiones (id) ON DELETE CASCADE,
    emitido_en INTEGER NOT NULL,
    usado_en INTEGER
) STRICT;
CREATE TABLE claves_idempotencia (
    usuario_id INTEGER NOT NULL,
    clave TEXT NOT NULL,
    huella_pedido BLOB NOT NULL CHECK (length(huella_pedido) = 32),
    respuesta TEXT CHECK (json_valid(respuesta)),
    creada_en INTEGER NOT NULL,
    PRIMARY KEY (usuario_id, clave)
) STRICT, WITHOUT ROWID;
CREATE TABLE meta (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    epoch BLOB NOT NULL CHECK (length(epoch) = 16),
    created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE audit_logs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id BLOB NOT NULL CHECK (length(event_id) = 16),
    event_type TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('low', 'medium', 'high', 'critical')),
    timestamp INTEGER NOT NULL,
    user_id INTEGER,
    telegram_id INTEGER,
    session_id BLOB,
    request_id TEXT,
    endpoint TEXT,
    http_method TEXT,
    user_agent TEXT,
    ip_address TEXT,
    resource_type TEXT,
    resource_id TEXT,
    action_description TEXT NOT NULL,
    old_values TEXT CHECK (json_valid(old_values)),
    new_values TEXT CHECK (json_valid(new_values)),
    event_metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(event_metadata)),
    success INTEGER NOT NULL CHECK (success IN (0, 1)),
    error_message TEXT,
    compliance_tags TEXT,
    retention_until INTEGER NOT NULL
) STRICT;
CREATE TABLE eventos (
    numero INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id BLOB NOT NULL CHECK (length(message_id) = 16),
    event_type TEXT NOT NULL,
    tarea_id INTEGER,
    payload TEXT NOT NULL CHECK (json_valid(payload)),
    request_id TEXT,
    created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE audit_cadena (
    numero INTEGER PRIMARY KEY,
    audit_id INTEGER NOT NULL,
    huella BLOB NOT NULL CHECK (length(huella) = 32),
    retencion INTEGER NOT NULL,
    cadena BLOB NOT NULL CHECK (length(cadena) = 32)
) STRICT;
CREATE TABLE audit_puntos (
    numero INTEGER PRIMARY KEY,
    lineas INTEGER NOT NULL,
    texto TEXT NOT NULL,
    firma BLOB NOT NULL CHECK (length(firma) = 64),
    frente BLOB NOT NULL
) STRICT;
CREATE TABLE audit_claves (
    numero INTEGER PRIMARY KEY,
    texto TEXT NOT NULL,
    firma BLOB NOT NULL CHECK (length(firma) = 64),
    firma_anterior BLOB CHECK (length(firma_anterior) = 64)
) STRICT;
CREATE TABLE intentos_ingreso (
    usuario_id INTEGER NOT NULL CONSTRAINT intentos_ingreso_usuario_fk REFERENCES usuarios (id),
    origen TEXT NOT NULL,
    fallidos INTEGER NOT NULL CHECK (fallidos >= 0),
    bloqueado_hasta INTEGER,
    ultimo_ingreso INTEGER,
    ultimo_intento INTEGER NOT NULL,
    PRIMARY KEY (usuario_id, origen)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE telegram_chats (
    chat_id INTEGER PRIMARY KEY,
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
CREATE TABLE telegram_dialogos (
    chat_id INTEGER NOT NULL,
    telegram_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    estado TEXT NOT NULL CHECK (json_valid(estado)),
    vence_en INTEGER NOT NULL,
    PRIMARY KEY (chat_id, telegram_id)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE telegram_tarjetas (
    chat_id INTEGER NOT NULL,
    ranura TEXT NOT NULL,
    message_id INTEGER NOT NULL,
    enviada_en INTEGER NOT NULL,
    PRIMARY KEY (chat_id, ranura)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE intentos_de_vinculo (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL,
    fecha INTEGER NOT NULL
) STRICT;
CREATE TABLE arriendos (
    nombre TEXT PRIMARY KEY NOT NULL,
    titular BLOB CHECK (length(titular) = 16),
    vence_en INTEGER NOT NULL,
    dato TEXT CHECK (json_valid(dato))
) STRICT;
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
DELETE FROM sqlite_sequence;
INSERT INTO _sqlx_migrations VALUES
(1, 'usuarios', '2026-11-30 12:08:37', 1, X'EE188417142EBEEDF4025783482BF0F64B2D115FB7B91313377268105D67BE1B49118651A96C78FC860BC568C46AB431', 585781),
(2, 'efectivos', '2026-11-30 12:08:37', 1, X'E90A2E3FD821A0C33ACEBFAFF7F0600CA301633323D79BBCFBE0648F17E46705E5046CEC34B1F168754E02655307B988', 436234),
(3, 'tareas', '2026-11-30 12:08:37', 1, X'295A2288A8CC79E4A97B55CFFE8591FA72CE52231326AC430089F32C891E001E76442AD2CD619A4BEDCD9137930063CB', 954554),
(4, 'tareas busqueda', '2026-11-30 12:08:37', 1, X'839FDFD154A60D8FD53535DCE96DF7871051CCCCEAB765A3C53FF77549BF52F7DBF6F723732DCC5033273F6EDB7DDDAE', 956687),
(5, 'historial y metricas', '2026-11-30 12:08:37', 1, X'970A47EC698177580F45AFAFE7F85463F54FFBC6087F2BF8D757C5D464AB171FA21D1F39B64AFEC86FFDD0BACF48DB23', 439024),
(6, 'posiciones', '2026-11-30 12:08:37', 1, X'1DEF9CAB7200F11765362DBA3978AB148DC4147CEE3F31520E2208DC972D63032FD305E822D21B26C8B350D3AF5743B1', 879041),
(7, 'sesiones', '2026-11-30 12:08:37', 1, X'29461986527C04B22EAEAB224474914A5A74726E2FC7E256A1F91160D435C194BDF6238E8FD5B65124D20AB2FA95B940', 509623),
(8, 'pedidos y eventos', '2026-11-30 12:08:37', 1, X'F3B0A52C29846D8E4049EF49224044A39B6BFEC7922C4733F2DE66C60DDAA892DA01454BFD138CEB3FB265EDCDEA7E78', 448674),
(9, 'auditoria', '2026-11-30 12:08:37', 1, X'0206A55C36628FDBE38B08D533886E6BD0E582EAB874BEE29D878EF948966B9BD2026B2628537260021EADE0D3CDA9D8', 344866),
(10, 'eventos', '2026-11-30 12:08:37', 1, X'252640EEE13B84A8FBDEA818428A6D50B77416990CBBFFB39AD3A4C3B80BE8604D2AA1077BD64CAAEFEC0E9F1B750703', 285187),
(11, 'cadena', '2026-11-30 12:08:37', 1, X'D3394B8A30E856CFDF919B6206B9B38A32EEBAC8FF3CDA16FDA1E49C4ED228213C6697DD25F8E1738A2E5B230F48FFAE', 907406),
(12, 'intentos de ingreso', '2026-11-30 12:08:37', 1, X'BAC5BAB360CC7272B00D5F7FA57D3DCFDDBF80EF12E4F0227A5CAEC3D42F7FFEBE47D05FA26614969E40838572D5E924', 246783),
(13, 'telegram', '2026-11-30 12:08:37', 1, X'60D5DC37074362814596B333E84EA6435226E46B08E2707540C07396701D8DD1A91F29DA9708E3683D9875C58E247084', 1274026),
(14, 'dueno de chat', '2026-11-30 12:08:37', 1, X'A7D1A25D8367825379D7EED54AEFD19D96910A5B203ADB40988698D966C5F015524C1ECCE30E8BB36662BF56351396E7', 4883199),
(15, 'notas', '2026-11-30 12:08:37', 1, X'CB91D84CF3F380329A8721BCD48145979D46EFF55AFDA5A0D85EF3506E0742B9B72FBD6103DC8A69FEE9DE2ED73BAD5F', 286761);
INSERT INTO usuarios VALUES
(1, X'2DD1B5129088457E96E5B4A71164DE4C', 'DEMO0001', 'Demo', 'Administradora', 'admin@demo.gad', 'admin@demo.gad', NULL, NULL, 3, 1, '$argon2id$v=19$m=19456,t=2,p=1$TzyQXC9IzZYDFy2q8TAd6A$tWF9gT6uM+Bqw0U4GxZBNX34/JzPBZKOAf2CCAe2tbQ', 1796040517968183, 0, NULL, '{}', 1796040517864537, 1796040517864537, NULL, 2),
(2, X'3E0F229B64D542E68B8269FCA486771B', 'DEMO0002', 'Demo', 'Supervisora', 'supervisora@demo.gad', 'supervisora@demo.gad', '+54 11 5550-0001', 770002, 2, 1, '$argon2id$v=19$m=19456,t=2,p=1$kk7RSiU6vB12ts93T6O4/A$ZwRHm8DT/lTwLPqk1/LYBDuMv3YtIjF6oNaMsaPh1No', 1796040518889747, 0, NULL, '{}', 1796040518035237, 1796040519023139, NULL, 3),
(3, X'79C2AC6747BE4FB59E13A3B80BA5FBB9', 'DEMO0003', 'Demo', 'Supervisor2', 'supervisor2@demo.gad', 'supervisor2@demo.gad', NULL, NULL, 2, 1, '$argon2id$v=19$m=19456,t=2,p=1$QQEpuclyFIZ7z6laiJabOQ$VtEl2e168rnfGZn77pAtcXbxt0eComTxiw3fcoMtIJk', 1796040519530703, 0, NULL, '{}', 1796040518079929, 1796040520097300, NULL, 2),
(4, X'1D7142B4AD5143C196F35CA1D81F0F31', 'DEMO0004', 'Demo', 'Bloqueado', 'bloqueado@demo.gad', 'bloqueado@demo.gad', NULL, NULL, 2, 1, '$argon2id$v=19$m=19456,t=2,p=1$XgokyQVX12PUDR6zvxt/BA$C7gE8x2NE0t/egVF5JAWH33EZU9j1WWKMutCLQnwazE', NULL, 5, NULL, '{}', 1796040518147487, 1796040518147487, NULL, 6),
(5, X'3523F42CFBFE449183A09DE0C5A5672D', 'DEMO0005', 'Demo', 'Deshabilitado', 'deshabilitado@demo.gad', 'deshabilitado@demo.gad', NULL, NULL, 1, 0, '$argon2id$v=19$m=19456,t=2,p=1$wXOanShLojArxgH8ggrk2g$bd33eJVP4/BJ3xSFN6lFJ5gtpYjEi7haqH5RSFW32zA', NULL, 0, NULL, '{}', 1796040518217543, 1796040519484637, NULL, 2),
(6, X'6FC7D610BA18479DBBC6AB147760BD08', 'DEMO0006', 'Demo', 'Eliminado', 'eliminado@demo.gad', 'eliminado@demo.gad', NULL, NULL, 1, 1, '$argon2id$v=19$m=19456,t=2,p=1$fzwF0RmAtpblH9naOJS/0w$PTxH6iZSxHsDPELDd66z3NPg8Zb6K2gU1K6mlQWIgPQ', NULL, 0, NULL, '{}', 1796040518259133, 1796040519487997, 1796040519487997, 2),
(7, X'762780563C0846749B828EEB9E3DBC00', 'DEMO0007', 'Demo', 'Agente1', 'agente1@demo.gad', 'agente1@demo.gad', NULL, 770001, 1, 1, '$argon2id$v=19$m=19456,t=2,p=1$mPRO+kc1XUfTNxQg7CVa0g$Z5NbHU3JN6G6iCy6aXrB/ZfNJljf/aIn47iyIol7PXs', 1796040518844678, 0, NULL, '{}', 1796040518301874, 1796040518944908, NULL, 3),
(8, X'1E42439E470B4D868D6567810201872E', 'DEMO0008', 'Demo', 'Agente2', 'agente2@demo.gad', 'agente2@demo.gad', NULL, NULL, 1, 1, '$argon2id$v=19$m=19456,t=2,p=1$kEePXoZFJHCdLJfWX5YzVg$eCwQ1z11yZfKZuxlXGFQ0Xtjr5mz1XBsCtP6Y1J/CTw', NULL, 0, NULL, '{}', 1796040518366745, 1796040518366745, NULL, 1),
(9, X'D916B998A735497A94E5892FFBBF8D9C', 'DEMO0009', 'Demo', 'Agente3', 'agente3@demo.gad', 'agente3@demo.gad', NULL, NULL, 1, 1, '$argon2id$v=19$m=19456,t=2,p=1$dxDHiTZwdGFdC5yhDbl88w$D055QSbiHEpvPzyjFQqCPPKHUxzBQQ+CReplP1DhFaw', NULL, 0, NULL, '{}', 1796040518432177, 1796040518432177, NULL, 1),
(10, X'284DC59DDEFC4EF3895439406B2A7859', 'DEMO0010', 'Demo', 'Agente4', 'agente4@demo.gad', 'agente4@demo.gad', NULL, NULL, 1, 1, '$argon2id$v=19$m=19456,t=2,p=1$ghj+8x4u3Q8XEhy9Sgy0Tg$4sA6oiuY7XT44xalSMHI2bayf7WChUQQRc1yt4GbZDQ', NULL, 0, NULL, '{}', 1796040518506993, 1796040518506993, NULL, 1),
(11, X'57339E4427734F49B1459380901FA44F', 'DEMO0011', 'Demo', 'Agente5', 'agente5@demo.gad', 'agente5@demo.gad', NULL, NULL, 1, 1, '$argon2id$v=19$m=19456,t=2,p=1$z8j8kD9Kpfc1iX+2+Sb52A$RKaIZcHqkf9iO8skum3AKlAHsWRjLFj1fkpIVOXkBno', NULL, 0, NULL, '{}', 1796040518581725, 1796040518581725, NULL, 1),
(12, X'E2386FA537DE48628517830AF4EC932E', 'DEMO0012', 'Demo', 'Agente6', 'agente6@demo.gad', 'agente6@demo.gad', NULL, NULL, 1, 1, '$argon2id$v=19$m=19456,t=2,p=1$aNg61s8R/zej82VtZEfLzw$fd2/kFc2tlvd5CA2WYYAltlu01F+zLaFRP+IFRoEeHE', NULL, 0, NULL, '{}', 1796040518618867, 1796040518618867, NULL, 1),
(13, X'EF4D21F4D8D14DE7B0090410D1A67F43', 'DEMO0013', 'Demo', 'Agente7', 'agente7@demo.gad', 'agente7@demo.gad', NULL, NULL, 1, 1, '$argon2id$v=19$m=19456,t=2,p=1$orDlSsz/tqBkS1dhy/WXzQ$/cB2AZ9dDx8q1CAMd61HldVGtMHhEd4DbJWD9X2Vavo', NULL, 0, NULL, '{}', 1796040518698666, 1796040518698666, NULL, 1),
(14, X'DABF3CA473504865AEE99833F5E4CD87', 'DEMO0014', 'Demo', 'Agente8', 'agente8@demo.gad', 'agente8@demo.gad', NULL, NULL, 1, 1, '$argon2id$v=19$m=19456,t=2,p=1$5wG7yx3NBhjw6xccfgg1VQ$XV8kCymJwpOjrMEOs51MFTIxgyqobovubiMc5RUxzlw', NULL, 0, NULL, '{}', 1796040518748663, 1796040518748663, NULL, 1),
(15, X'49E61AD265ED497584DADDDDE105FDE5', NULL, 'Demo Telegram', NULL, NULL, NULL, NULL, 880001, 1, 1, NULL, NULL, 0, NULL, '{}', 1796040518756686, 1796040518756686, NULL, 1);
INSERT INTO efectivos VALUES
(1, X'C61403B21A894FD18F0782A7DAF085E6', 7, 'DEMO-01', 'Agente', 'Demo 2', 'Patrulla', 'en_tarea', 1796040519301419, '{}', 1796040518761245, 1796040519301419, NULL, 4),
(2, X'23514AAFE45A4C51B4890D9D5D78C8A1', 8, 'DEMO-02', 'Agente', 'Demo 1', 'Patrulla', 'en_tarea', 1796040519301419, '{}', 1796040518765770, 1796040519301419, NULL, 2),
(3, X'AFE014A11B8E4EADA3B98E602F4CCA94', 9, 'DEMO-03', 'Agente', 'Demo 2', 'Patrulla', 'en_tarea', 1796040519291231, '{}', 1796040518769403, 1796040519291231, NULL, 2),
(4, X'FD6768C263F141B7897941863DB94674', 10, 'DEMO-04', 'Agente', 'Demo 1', 'Patrulla', 'en_tarea', 1796040519366184, '{}', 1796040518772577, 1796040519366184, NULL, 2),
(5, X'A87B2125C3C14366A885C7A9AEC8019D', 11, 'DEMO-05', 'Agente', 'Demo 2', 'Patrulla', 'fuera_servicio', 1796040519228254, '{}', 1796040518780758, 1796040519228254, NULL, 2),
(6, X'6A63AD44F02E47B0BD0256A7CFF09FD3', 12, 'DEMO-06', 'Agente', 'Demo 1', 'Patrulla', 'no_disponible', 1796040519232175, '{}', 1796040518787568, 1796040519232175, NULL, 2),
(7, X'F36117DEDAB24C59B85C4A8ACCE4B9A9', 13, 'DEMO-07', 'Agente', 'Demo 2', 'Patrulla', 'disponible', 1796040518795233, '{}', 1796040518795233, 1796040518795233, NULL, 1),
(8, X'4887C5104E594EEF9A286515EE4A1DBA', 14, 'DEMO-08', 'Agente', 'Demo 1', 'Patrulla', 'disponible', 1796040518798552, '{}', 1796040518798552, 1796040519480125, 1796040519480125, 2);
INSERT INTO tareas VALUES
(1, X'702C23D70460402687A5BFFDA2D4F7E3', 'DEMO-SOLA', 'Inspección demo en Ñuñoa', NULL, 'investigacion', 1, 1796126400000000, 1796148000000000, NULL, NULL, 0, NULL, 'programada', 2, 2, NULL, NULL, NULL, NULL, 0, '{}', '{}', 'demo sola inspeccion demo en nunoa', 1796040519235282, 1796040519235282, NULL, 1),
(2, X'813F9BDCF5FD40FD8CB2F9E0A660A23A', 'DEMO-PROGRAMADA', 'Vigilancia demo del río', NULL, 'vigilancia', 2, 1796126400000000, 1796148000000000, NULL, NULL, 0, NULL, 'programada', 2, 2, -34.6037, -58.3816, 'Plaza demo', NULL, 0, '{}', '{}', 'demo programada vigilancia demo del rio plaza demo', 1796040519240028, 1796040519240028, NULL, 1),
(3, X'4A2F1A8E290A419290BC9293F26D492C', 'DEMO-FINALIZADA', 'Entrenamiento demo', NULL, 'entrenamiento', 2, 1796126400000000, 1796148000000000, 1796040519248221, 1796040519267490, 6734, NULL, 'finalizada', 2, 2, NULL, NULL, NULL, 3.48194444444444447064e-06, 0, '{}', '{}', 'demo finalizada entrenamiento demo', 1796040519244496, 1796040519267490, NULL, 5),
(4, X'5A8B47F66D19400FAE4B2EED33ED5BAB', 'DEMO-CANCELADA', 'Recorrida demo sin efecto', NULL, 'patrullaje', 2, 1796126400000000, 1796148000000000, NULL, NULL, 0, NULL, 'cancelada', 2, 2, NULL, NULL, NULL, NULL, 0, '{}', '{}', 'demo cancelada recorrida demo sin efecto', 1796040519271841, 1796040519276199, NULL, 2),
(5, X'D23A7B3CD29A4650B8E0923F12AFEE38', 'DEMO-PAUSADA', 'Expediente demo', NULL, 'administrativa', 2, 1796126400000000, 1796148000000000, 1796040519291231, NULL, 0, 1796040519295189, 'pausada', 2, 2, NULL, NULL, NULL, NULL, 0, '{}', '{}', 'demo pausada expediente demo', 1796040519283264, 1796040519295189, NULL, 3),
(6, X'D37F66E37D1F48BEA1C2B49F535ABBB0', 'DEMO-EN-CURSO', 'Patrulla demo de la plaza', NULL, 'patrullaje', 4, 1796126400000000, 1796148000000000, 1796040519301419, NULL, 0, NULL, 'en_curso', 2, 2, -34.6037, -58.3816, 'Plaza demo', NULL, 0, '{}', '{}', 'demo en curso patrulla demo de la plaza plaza demo', 1796040519298139, 1796040519301419, NULL, 2),
(7, X'A01443FAB1034C5090DF6E1F2847CFA0', 'DEMO-ELIMINADA', 'Tarea demo que se borra', NULL, 'intervencion', 2, 1796126400000000, 1796148000000000, NULL, NULL, 0, NULL, 'programada', 2, 2, -34.6037, -58.3816, 'Plaza demo', NULL, 0, '{}', '{}', 'demo eliminada tarea demo que se borra plaza demo', 1796040519305453, 1796040519309276, 1796040519309276, 2),
(8, X'D7174219D55D4A31900D2ECF4ECE60F2', 'EMG-20261130-0F1K76', 'Emergencia EMG-20261130-0F1K76', 'Emergencia demo', 'intervencion', 5, 1796040519366184, NULL, 1796040519366184, NULL, 0, NULL, 'en_curso', 2, 2, -34.6037, -58.3816, NULL, NULL, 0, '{}', '{}', 'emg 20261130 0f1k76 emergencia emg 20261130 0f1k76 emergencia demo', 1796040519366184, 1796040519366184, NULL, 2),
(9, X'3C14C46A241449329672213D818C412E', 'EMG-20261130-X7XPDH', 'Emergencia EMG-20261130-X7XPDH', 'Otra emergencia demo', 'intervencion', 5, 1796040519374776, NULL, NULL, NULL, 0, NULL, 'programada', 2, 2, -34.6037, -58.3816, NULL, NULL, 1, '{}', '{}', 'emg 20261130 x7xpdh emergencia emg 20261130 x7xpdh otra emergencia demo', 1796040519374776, 1796040519374776, NULL, 1);
INSERT INTO tarea_efectivos VALUES
(2, 3, 1796040519240028, 2, 0),
(2, 7, 1796040519240028, 2, 0),
(3, 1, 1796040519244496, 2, 0),
(4, 2, 1796040519271841, 2, 0),
(5, 3, 1796040519283264, 2, 0),
(6, 1, 1796040519298139, 2, 1),
(6, 2, 1796040519298139, 2, 1),
(7, 7, 1796040519305453, 2, 0),
(8, 4, 1796040519366184, 2, 1);
INSERT INTO tareas_rtree VALUES
(2, -3.46037025451660156254e+01, -3.46036987304687499995e+01, -5.83816070556640624982e+01, -5.83815994262695312508e+01),
(6, -3.46037025451660156254e+01, -3.46036987304687499995e+01, -5.83816070556640624982e+01, -5.83815994262695312508e+01),
(7, -3.46037025451660156254e+01, -3.46036987304687499995e+01, -5.83816070556640624982e+01, -5.83815994262695312508e+01),
(8, -3.46037025451660156254e+01, -3.46036987304687499995e+01, -5.83816070556640624982e+01, -5.83815994262695312508e+01),
(9, -3.46037025451660156254e+01, -3.46036987304687499995e+01, -5.83816070556640624982e+01, -5.83815994262695312508e+01);
INSERT INTO tareas_fts (tareas_fts) VALUES ('rebuild');
INSERT INTO historial_estados VALUES
(1, 1, NULL, 'programada', 2, NULL, '{}', 1796040519235282, 1796040519235282, NULL),
(2, 2, NULL, 'programada', 2, NULL, '{}', 1796040519240028, 1796040519240028, NULL),
(3, 3, NULL, 'programada', 2, NULL, '{}', 1796040519244496, 1796040519244496, NULL),
(4, 3, 'programada', 'en_curso', 7, 'Tarea iniciada', '{}', 1796040519248221, 1796040519248221, NULL),
(5, 3, 'en_curso', 'pausada', 7, 'Almuerzo demo', '{}', 1796040519254218, 1796040519254218, NULL),
(6, 3, 'pausada', 'en_curso', 7, 'Cambio de estado', '{}', 1796040519260952, 1796040519260952, NULL),
(7, 3, 'en_curso', 'finalizada', 7, 'Sin novedad demo', '{}', 1796040519267490, 1796040519267490, NULL),
(8, 4, NULL, 'programada', 2, NULL, '{}', 1796040519271841, 1796040519271841, NULL),
(9, 4, 'programada', 'cancelada', 2, 'Lluvia demo', '{}', 1796040519276199, 1796040519276199, NULL),
(10, 5, NULL, 'programada', 2, NULL, '{}', 1796040519283264, 1796040519283264, NULL),
(11, 5, 'programada', 'en_curso', 2, 'Tarea iniciada', '{}', 1796040519291231, 1796040519291231, NULL),
(12, 5, 'en_curso', 'pausada', 2, 'Espera demo', '{}', 1796040519295189, 1796040519295189, NULL),
(13, 6, NULL, 'programada', 2, NULL, '{}', 1796040519298139, 1796040519298139, NULL),
(14, 6, 'programada', 'en_curso', 7, 'Tarea iniciada', '{}', 1796040519301419, 1796040519301419, NULL),
(15, 7, NULL, 'programada', 2, NULL, '{}', 1796040519305453, 1796040519305453, NULL),
(16, 8, NULL, 'programada', 2, NULL, '{}', 1796040519366184, 1796040519366184, NULL),
(17, 8, 'programada', 'en_curso', 2, 'Tarea iniciada', '{}', 1796040519366184, 1796040519366184, NULL),
(18, 9, NULL, 'programada', 2, NULL, '{}', 1796040519374776, 1796040519374776, NULL);
INSERT INTO posiciones_actuales VALUES
(1, -34.6032, -58.3816, NULL, 1796040519195902, 1796040519225966, 0),
(2, -3.46027000000000057862e+01, -58.3826, 8.5, 1796040514195902, 1796040519203577, 0),
(3, -34.6017, -58.3836, 8.5, 1796033319195902, 1796040519207427, 0),
(4, -34.6007, -58.3846, 8.5, 1796040514195902, 1796040519210502, 0),
(5, -3.45997000000000056721e+01, -58.3856, 8.5, 1796040514195902, 1796040519213711, 0),
(6, -34.5987, -58.3866, 8.5, 1796040514195902, 1796040519219051, 0),
(7, -34.5977, -58.3876, 8.5, 1796033319195902, 1796040519222071, 1);
INSERT INTO posiciones_rtree VALUES
(7, -3.45987014770507812495e+01, -3.45966987609863281245e+01, -5.83886070251464843732e+01, -5.8386592864990234375e+01),
(5, -3.46007003784179687508e+01, -3.45986976623535156258e+01, 941.61328125, 9.41615417480468749975e+02),
(6, -3.45997009277343749991e+01, -3.45976982116699218741e+01, 941.6123046875, 941.614501953125),
(3, -3.46027030944824218758e+01, -34.6006965637207, 9.4161529541015625e+02, 9.41617492675781249996e+02),
(1, -3.46042022705078124991e+01, -3.46021995544433593741e+01, 9.4161737060546875002e+02, 9.41619506835937499986e+02),
(2, -3.46037025451660156254e+01, -3.46016998291015625004e+01, 9.41616394042968750041e+02, 941.618408203125),
(4, -3.46017036437988281241e+01, -3.45996971130371093754e+01, 9.41614379882812499965e+02, 9.41616516113281250017e+02);
INSERT INTO posiciones VALUES
(1, 1796040514195902, -34.6037, -58.3816, 8.5, 1796040519198344),
(1, 1796040519195902, -34.6032, -58.3816, NULL, 1796040519225966),
(2, 1796040514195902, -3.46027000000000057862e+01, -58.3826, 8.5, 1796040519203577),
(3, 1796033319195902, -34.6017, -58.3836, 8.5, 1796040519207427),
(4, 1796040514195902, -34.6007, -58.3846, 8.5, 1796040519210502),
(5, 1796040514195902, -3.45997000000000056721e+01, -58.3856, 8.5, 1796040519213711),
(6, 1796040514195902, -34.5987, -58.3866, 8.5, 1796040519219051),
(7, 1796033319195902, -34.5977, -58.3876, 8.5, 1796040519222071);
INSERT INTO sesiones VALUES
(X'4FB492ADEB354DDE8FEB608FF72C198C', 1, 'api', 1796040517968183, 1796040517968183, 1797250117968183, NULL, NULL, '127.0.0.1', 'demo'),
(X'740ADDC0608A41A49A8177F84CD2BFC9', 7, 'api', 1796040518844678, 1796040518844678, 1797250118844678, NULL, NULL, '127.0.0.1', 'demo'),
(X'EE5872195D814557BB33A5F0C0165DAA', 2, 'api', 1796040518889747, 1796040519542930, 1797250118889747, NULL, NULL, '127.0.0.1', 'demo'),
(X'B173FAFCC5244FF08652E0273FCACDE4', 3, 'api', 1796040519530703, 1796040519530703, 1797250119530703, 1796040519540058, 'logout', '127.0.0.1', 'demo');
INSERT INTO tokens_refresco VALUES
(X'1DD3490251E46BEE80A0F493A4B4C1E908BAB3599558562AC3377F0BBB9D6E04', X'4FB492ADEB354DDE8FEB608FF72C198C', 1796040517968183, NULL),
(X'7C4077B4BD36162F0365857B07C11AB1A06BA938D45EC83D9216EAB1D1332B36', X'740ADDC0608A41A49A8177F84CD2BFC9', 1796040518844678, NULL),
(X'DF47CF3CC96395535DAB452F222244D90BB63048F0A25940AE096AA217A6E73A', X'EE5872195D814557BB33A5F0C0165DAA', 1796040518889747, 1796040519542930),
(X'4856165166C403063FF8D575A74D9819E7EAC9110A9B9923A11F52EAF280627D', X'B173FAFCC5244FF08652E0273FCACDE4', 1796040519530703, NULL),
(X'EC609D9B2CB80983054EDA58DFF7AA922AEE3B5DA7661EBFA44F46A68E52389D', X'EE5872195D814557BB33A5F0C0165DAA', 1796040519542930, NULL);
INSERT INTO claves_idempotencia VALUES
(2, 'demo-DEMO-SOLA', X'CDF49D391596DEB876E04093DE74ABEE234B50301984937E8586F838D14C4BF0', '{"awaits_officer":false,"code":"DEMO-SOLA","created_at":"2026-11-30T12:08:39.235282Z","creator":2,"delegate":2,"deleted_at":null,"description":null,"duration_hours":null,"extra":{},"finished_at":null,"id":1,"kind":"investigacion","location":null,"location_description":null,"notes":{},"officers":[],"paused_at":null,"paused_total":[0,0],"priority":1,"scheduled_end":"2026-12-01T18:00:00Z","scheduled_start":"2026-12-01T12:00:00Z","started_at":null,"state":"programada","title":"Inspección demo en Ñuñoa","updated_at":"2026-11-30T12:08:39.235282Z","uuid":"702c23d7-0460-4026-87a5-bffda2d4f7e3","version":1}', 1796040519235447),
(2, 'demo-emergencia', X'ED54B0A7AC8093E73DFBE8249B4DC1EB440D1F1E7935A9ADC3042902C9AAF36F', '{"assigned":4,"distance_m":431.8351872814724,"received_at":"2026-11-30T12:08:39.366184Z","task":{"awaits_officer":false,"code":"EMG-20261130-0F1K76","created_at":"2026-11-30T12:08:39.366184Z","creator":2,"delegate":2,"deleted_at":null,"description":"Emergencia demo","duration_hours":null,"extra":{},"finished_at":null,"id":8,"kind":"intervencion","location":{"lat":-34.6037,"lng":-58.3816},"location_description":null,"notes":{},"officers":[4],"paused_at":null,"paused_total":[0,0],"priority":5,"scheduled_end":null,"scheduled_start":"2026-11-30T12:08:39.366184Z","started_at":"2026-11-30T12:08:39.366184Z","state":"en_curso","title":"Emergencia EMG-20261130-0F1K76","updated_at":"2026-11-30T12:08:39.366184Z","uuid":"d7174219-d55d-4a31-900d-2ecf4ece60f2","version":2}}', 1796040519366408),
(2, 'tg:1003', X'4D2BB5350C2A158EBFE2D927099EDB972975236B0F95CCB4BCEF274A8A395EE2', '{"earlier":null,"name":"Demo","user":2}', 1796040519023765),
(7, 'tg:1001', X'71DBF3E919224CA7552B2BC81C9A4CA8ACB942E6A18F186707297886B925E5C2', '{"earlier":null,"name":"Demo","user":7}', 1796040518945959),
(7, 'tg:1009', X'A8EA83580634A59C7B121A9CA81877ED68C1FFBA780115D8DFAB776BB8904273', '[{"at":"2026-11-30T12:08:39.318488Z","by":7,"content":{"file":{"bytes":3,"id":"demo-voice-1","mime":"audio/ogg","unique_id":"demo-v-1"},"kind":"voz","text":null},"id":2,"task":6}]', 1796040519318555);
INSERT INTO meta VALUES
(1, X'7F849F6095B74E3AA6365EA60AADB5C9', 1796040517751000);
INSERT INTO audit_logs VALUES
(1, X'C1CC6ADAC50049019DC5791AE1F83C73', 'user_created', 'medium', 1796040517864537, NULL, NULL, NULL, '93271edf-fa53-4921-9fb8-a8f1aa29b0b6', 'user create', 'CLI', NULL, NULL, 'usuario', '1', 'Usuario creado', NULL, '{"nivel":3,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256517864537),
(2, X'782829D219EA47FC9FAE871FEA720C5C', 'system_config_changed', 'high', 1796040517947213, NULL, NULL, NULL, '1a8b65d4-f373-4f0e-ab1e-88da248c611c', 'auditoria', 'CLI', NULL, NULL, 'clave_auditoria', '5b41b304dfd6052c', 'Clave de auditoría registrada', NULL, NULL, '{}', 1, NULL, 'security,update', 2111400517947213),
(3, X'C134E90771934AA4B62ABBFB70D708FF', 'login', 'medium', 1796040517968183, 1, NULL, NULL, '17cda0f7-381b-4498-b7f3-6f833c712c04', '/api/v1/auth/login', 'POST', 'demo', '127.0.0.1', 'authentication', '1', 'Inicio de sesión', NULL, NULL, '{"session_id":"4fb492ad-eb35-4dde-8feb-608ff72c198c"}', 1, NULL, 'auth,security', 1985256517968183),
(4, X'5E5FDD86001445EB803E60C9F14E0A90', 'user_created', 'medium', 1796040518035237, 1, NULL, X'4FB492ADEB354DDE8FEB608FF72C198C', 'c356d392-4704-4877-bf0d-e4ed91ee4a17', '/api/v1/users/', 'POST', 'demo', '127.0.0.1', 'usuario', '2', 'Usuario creado', NULL, '{"nivel":2,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256518035237),
(5, X'32C6AC977F1C447D8D1BE730A6432D62', 'user_created', 'medium', 1796040518079929, 1, NULL, X'4FB492ADEB354DDE8FEB608FF72C198C', '1a8fff30-dce2-4943-9435-02632988c1ac', '/api/v1/users/', 'POST', 'demo', '127.0.0.1', 'usuario', '3', 'Usuario creado', NULL, '{"nivel":2,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256518079929),
(6, X'6644D4212CBE4BE8897BA7F8860DB39D', 'user_created', 'medium', 1796040518147487, 1, NULL, X'4FB492ADEB354DDE8FEB608FF72C198C', 'bbe303fb-b08b-401d-9f42-dd6a49048140', '/api/v1/users/', 'POST', 'demo', '127.0.0.1', 'usuario', '4', 'Usuario creado', NULL, '{"nivel":2,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256518147487),
(7, X'58C29F1225564FFBA4666AA7135D96A7', 'user_created', 'medium', 1796040518217543, 1, NULL, X'4FB492ADEB354DDE8FEB608FF72C198C', '8fd6c18d-cbb0-4430-b113-f84ccbab7958', '/api/v1/users/', 'POST', 'demo', '127.0.0.1', 'usuario', '5', 'Usuario creado', NULL, '{"nivel":1,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256518217543),
(8, X'40DA3B248219494B86176D8620E51D0F', 'user_created', 'medium', 1796040518259133, 1, NULL, X'4FB492ADEB354DDE8FEB608FF72C198C', 'c830cb0a-ac1b-49a4-a313-29e5ac8c1de3', '/api/v1/users/', 'POST', 'demo', '127.0.0.1', 'usuario', '6', 'Usuario creado', NULL, '{"nivel":1,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256518259133),
(9, X'571B01C3CEC84467A514EEA520A1EDB9', 'user_created', 'medium', 1796040518301874, 1, NULL, X'4FB492ADEB354DDE8FEB608FF72C198C', '50f3940d-60cf-4d5f-b089-bcc45addd766', '/api/v1/users/', 'POST', 'demo', '127.0.0.1', 'usuario', '7', 'Usuario creado', NULL, '{"nivel":1,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256518301874),
(10, X'9D705426E470476586DB4F4CA3CD4B43', 'user_created', 'medium', 1796040518366745, 1, NULL, X'4FB492ADEB354DDE8FEB608FF72C198C', '0b5ad90c-41db-498a-b776-6cf225c126f1', '/api/v1/users/', 'POST', 'demo', '127.0.0.1', 'usuario', '8', 'Usuario creado', NULL, '{"nivel":1,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256518366745),
(11, X'340A107AD71A4AA1BD1AF42D17397EBD', 'user_created', 'medium', 1796040518432177, 1, NULL, X'4FB492ADEB354DDE8FEB608FF72C198C', 'f8ba1750-8596-4a81-a759-a4e48c1f9a87', '/api/v1/users/', 'POST', 'demo', '127.0.0.1', 'usuario', '9', 'Usuario creado', NULL, '{"nivel":1,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256518432177),
(12, X'271293BF74E248398BA4CED4AFE005F0', 'user_created', 'medium', 1796040518506993, 1, NULL, X'4FB492ADEB354DDE8FEB608FF72C198C', 'df1b3b6c-c49f-4c8f-81af-91d75b427bca', '/api/v1/users/', 'POST', 'demo', '127.0.0.1', 'usuario', '10', 'Usuario creado', NULL, '{"nivel":1,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256518506993),
(13, X'175D2674EBD14262B8C190622AABD7BB', 'user_created', 'medium', 1796040518581725, 1, NULL, X'4FB492ADEB354DDE8FEB608FF72C198C', '02194419-1463-4e86-90de-813aa84eba78', '/api/v1/users/', 'POST', 'demo', '127.0.0.1', 'usuario', '11', 'Usuario creado', NULL, '{"nivel":1,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256518581725),
(14, X'0CA6B4CFC3D3416BBA436DFC7B7BCB87', 'user_created', 'medium', 1796040518618867, 1, NULL, X'4FB492ADEB354DDE8FEB608FF72C198C', 'bdfa3f91-2729-405a-badc-56e49e2a8918', '/api/v1/users/', 'POST', 'demo', '127.0.0.1', 'usuario', '12', 'Usuario creado', NULL, '{"nivel":1,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256518618867),
(15, X'FB3C1FFDF2AB428484392CA9EE78AC53', 'user_created', 'medium', 1796040518698666, 1, NULL, X'4FB492ADEB354DDE8FEB608FF72C198C', '67c51860-5529-4718-b705-0b92ba972fd1', '/api/v1/users/', 'POST', 'demo', '127.0.0.1', 'usuario', '13', 'Usuario creado', NULL, '{"nivel":1,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256518698666),
(16, X'194605CDAA144F769833C6ECFFA2D0DA', 'user_created', 'medium', 1796040518748663, 1, NULL, X'4FB492ADEB354DDE8FEB608FF72C198C', '7d321bbc-fcad-44fe-b5c6-5c4b6a643abc', '/api/v1/users/', 'POST', 'demo', '127.0.0.1', 'usuario', '14', 'Usuario creado', NULL, '{"nivel":1,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256518748663),
(17, X'60C3830DD3A747DBB20053BC9D5FCDB1', 'user_created', 'medium', 1796040518756686, 1, NULL, X'4FB492ADEB354DDE8FEB608FF72C198C', 'e6fe96ff-b05e-401a-8014-aa72dd7dbaa6', '/api/v1/usuarios', 'POST', 'demo', '127.0.0.1', 'usuario', '15', 'Usuario creado', NULL, '{"nivel":1,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256518756686),
(18, X'D15C3A7A75854634A03D10FD3367ABFA', 'create', 'medium', 1796040518761245, 1, NULL, X'4FB492ADEB354DDE8FEB608FF72C198C', '6b64745e-10c5-44a8-b359-91f22e16d516', '/api/v1/efectivos', 'POST', 'demo', '127.0.0.1', 'efectivo', '1', 'Efectivo creado', NULL, '{"codigo_interno":"DEMO-01","usuario_id":7}', '{}', 1, NULL, 'create,data_change', 1985256518761245),
(19, X'FA64D88865404936A9728E1693B197D4', 'create', 'medium', 1796040518765770, 1, NULL, X'4FB492ADEB354DDE8FEB608FF72C198C', '761674fa-29e9-4152-bee9-cba4ddf98acb', '/api/v1/efectivos', 'POST', 'demo', '127.0.0.1', 'efectivo', '2', 'Efectivo creado', NULL, '{"codigo_interno":"DEMO-02","usuario_id":8}', '{}', 1, NULL, 'create,data_change', 1985256518765770),
(20, X'18DCFCFEEF734ED68F0900DC2F971423', 'create', 'medium', 1796040518769403, 1, NULL, X'4FB492ADEB354DDE8FEB608FF72C198C', '6a789aea-3c6c-499f-8baf-ea3f5646d1c3', '/api/v1/efectivos', 'POST', 'demo', '127.0.0.1', 'efectivo', '3', 'Efectivo creado', NULL, '{"codigo_interno":"DEMO-03","usuario_id":9}', '{}', 1, NULL, 'create,data_change', 1985256518769403),
(21, X'1B375EBB8F084A26BAD620E2D229CCAE', 'create', 'medium', 1796040518772577, 1, NULL, X'4FB492ADEB354DDE8FEB608FF72C198C', '8cd090a8-6f14-422b-9986-e243d1a7168b', '/api/v1/efectivos', 'POST', 'demo', '127.0.0.1', 'efectivo', '4', 'Efectivo creado', NULL, '{"codigo_interno":"DEMO-04","usuario_id":10}', '{}', 1, NULL, 'create,data_change', 1985256518772577),
(22, X'CE04BCA562B6416585CE2919F213C1DF', 'create', 'medium', 1796040518780758, 1, NULL, X'4FB492ADEB354DDE8FEB608FF72C198C', 'b436a9c7-0798-4b12-a90a-22cc39af968d', '/api/v1/efectivos', 'POST', 'demo', '127.0.0.1', 'efectivo', '5', 'Efectivo creado', NULL, '{"codigo_interno":"DEMO-05","usuario_id":11}', '{}', 1, NULL, 'create,data_change', 1985256518780758),
(23, X'8FDD78C020F042EDA292EEE79C856EEF', 'create', 'medium', 1796040518787568, 1, NULL, X'4FB492ADEB354DDE8FEB608FF72C198C', '5f6b3b09-a7e6-4488-817f-69af6de1843d', '/api/v1/efectivos', 'POST', 'demo', '127.0.0.1', 'efectivo', '6', 'Efectivo creado', NULL, '{"codigo_interno":"DEMO-06","usuario_id":12}', '{}', 1, NULL, 'create,data_change', 1985256518787568),
(24, X'AB77A893595349BD9053B6B97E8CC59D', 'create', 'medium', 1796040518795233, 1, NULL, X'4FB492ADEB354DDE8FEB608FF72C198C', '0fcd9c5e-f2d0-4103-b81d-1e738532a11f', '/api/v1/efectivos', 'POST', 'demo', '127.0.0.1', 'efectivo', '7', 'Efectivo creado', NULL, '{"codigo_interno":"DEMO-07","usuario_id":13}', '{}', 1, NULL, 'create,data_change', 1985256518795233),
(25, X'C065E0AB5A234247A49592BB0DFAA865', 'create', 'medium', 1796040518798552, 1, NULL, X'4FB492ADEB354DDE8FEB608FF72C198C', '19b11859-eda8-4658-bdbd-e347037ea716', '/api/v1/efectivos', 'POST', 'demo', '127.0.0.1', 'efectivo', '8', 'Efectivo creado', NULL, '{"codigo_interno":"DEMO-08","usuario_id":14}', '{}', 1, NULL, 'create,data_change', 1985256518798552),
(26, X'E139B7ADADF1402EABCCFD1A885EDF8C', 'login', 'medium', 1796040518844678, 7, NULL, NULL, 'b7b59c2b-8d0d-4140-894d-1e05eea1a1e9', '/api/v1/auth/login', 'POST', 'demo', '127.0.0.1', 'authentication', '7', 'Inicio de sesión', NULL, NULL, '{"session_id":"740addc0-608a-41a4-9a81-77f84cd2bfc9"}', 1, NULL, 'auth,security', 1985256518844678),
(27, X'8C4AC6E5909645D7B079D8E1FF742AC6', 'login', 'medium', 1796040518889747, 2, NULL, NULL, 'fefb1010-6717-41e6-b327-2522e341a4aa', '/api/v1/auth/login', 'POST', 'demo', '127.0.0.1', 'authentication', '2', 'Inicio de sesión', NULL, NULL, '{"session_id":"ee587219-5d81-4557-bb33-a5f0c0165daa"}', 1, NULL, 'auth,security', 1985256518889747),
(28, X'B215E6907F8F457B84B81F955678ACDF', 'create', 'high', 1796040518923278, NULL, NULL, NULL, '9910e791-3742-4fb3-8980-524246d8625e', 'user link-code', 'CLI', NULL, NULL, 'usuario', '7', 'Código de vínculo emitido', NULL, NULL, '{"vence_en":"2026-12-01T12:08:38.923278+00:00"}', 1, NULL, 'create,sensitive', 2111400518923278),
(29, X'9CC46D0569204E8A820F4685F9618BAE', 'update', 'high', 1796040518944908, 7, 770001, NULL, 'tg-1001', '/vincular', 'BOT', NULL, NULL, 'usuario', '7', 'Cuenta de Telegram vinculada', NULL, NULL, '{"campos":["telegram_id"],"codigo_emitido_por":null,"reemplaza":false}', 1, NULL, 'update,sensitive', 2111400518944908),
(30, X'30A102BB65024BB99AB5163DC103D275', 'create', 'high', 1796040519006470, NULL, NULL, NULL, 'f10a608c-ade5-49ec-bb6d-b63938affc12', 'user link-code', 'CLI', NULL, NULL, 'usuario', '2', 'Código de vínculo emitido', NULL, NULL, '{"vence_en":"2026-12-01T12:08:39.006470+00:00"}', 1, NULL, 'create,sensitive', 2111400519006470),
(31, X'02674527365E475693D20FFB2535E701', 'update', 'high', 1796040519023139, 2, 770002, NULL, 'tg-1003', '/vincular', 'BOT', NULL, NULL, 'usuario', '2', 'Cuenta de Telegram vinculada', NULL, NULL, '{"campos":["telegram_id"],"codigo_emitido_por":null,"reemplaza":false}', 1, NULL, 'update,sensitive', 2111400519023139),
(32, X'9F17867877A242D0BEFF17DD945465E7', 'create', 'high', 1796040519085097, NULL, NULL, NULL, '5d1d56ac-d443-4a09-a0ce-c11821a031cf', 'user link-code', 'CLI', NULL, NULL, 'usuario', '13', 'Código de vínculo emitido', NULL, NULL, '{"vence_en":"2026-12-01T12:08:39.085097+00:00"}', 1, NULL, 'create,sensitive', 2111400519085097),
(33, X'4021724624C447FD853924ED2E4E32D5', 'permission_denied', 'high', 1796040519099207, NULL, 770009, NULL, 'tg-1005', '/vincular', 'BOT', NULL, NULL, NULL, NULL, 'Código de vínculo rechazado', NULL, NULL, '{}', 0, 'wrong link code', 'auth,security', 2111400519099207),
(34, X'AAC424A2FF73433CAF19E5A053B5BD1D', 'update', 'low', 1796040519198344, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', 'bd34bd50-620e-42bd-8007-ba3c4839f9fe', '/api/v1/efectivos/{efectivo_id}/posicion', 'POST', 'demo', '127.0.0.1', 'efectivo', '1', 'Posiciones recibidas', NULL, NULL, '{"cantidad":1}', 1, NULL, 'update', 1827576519198344),
(35, X'FBE3213FEB7847F2A19B2DADE7257044', 'update', 'low', 1796040519203577, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', '5119203f-a616-4721-92ab-4676886b7593', '/api/v1/efectivos/{efectivo_id}/posicion', 'POST', 'demo', '127.0.0.1', 'efectivo', '2', 'Posiciones recibidas', NULL, NULL, '{"cantidad":1}', 1, NULL, 'update', 1827576519203577),
(36, X'9660B722907449BAAEF4CE2F0EAC71D7', 'update', 'low', 1796040519207427, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', '3944d020-428e-452c-8437-940ee8a2d3de', '/api/v1/efectivos/{efectivo_id}/posicion', 'POST', 'demo', '127.0.0.1', 'efectivo', '3', 'Posiciones recibidas', NULL, NULL, '{"cantidad":1}', 1, NULL, 'update', 1827576519207427),
(37, X'B6A03B5C1E2A45F7AE449FE2D475A71A', 'update', 'low', 1796040519210502, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', 'dfacc1ad-59bc-4b27-be1c-9e6d85f83a4b', '/api/v1/efectivos/{efectivo_id}/posicion', 'POST', 'demo', '127.0.0.1', 'efectivo', '4', 'Posiciones recibidas', NULL, NULL, '{"cantidad":1}', 1, NULL, 'update', 1827576519210502),
(38, X'329F2388D4DB4E2F8FB75E0A7827805D', 'update', 'low', 1796040519213711, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', 'c346d396-69fa-45d4-b38a-ca2177dc2fc0', '/api/v1/efectivos/{efectivo_id}/posicion', 'POST', 'demo', '127.0.0.1', 'efectivo', '5', 'Posiciones recibidas', NULL, NULL, '{"cantidad":1}', 1, NULL, 'update', 1827576519213711),
(39, X'C8692AAD76484C82AAF21C62FFCDA30B', 'update', 'low', 1796040519219051, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', 'e246daf7-f9c9-405e-ab97-bda8544598a8', '/api/v1/efectivos/{efectivo_id}/posicion', 'POST', 'demo', '127.0.0.1', 'efectivo', '6', 'Posiciones recibidas', NULL, NULL, '{"cantidad":1}', 1, NULL, 'update', 1827576519219051),
(40, X'A794C4C42BE64AE0B1F013ECA9554999', 'update', 'low', 1796040519222071, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', 'c9585423-d450-4a8c-8ce5-360fcb297d64', '/api/v1/efectivos/{efectivo_id}/posicion', 'POST', 'demo', '127.0.0.1', 'efectivo', '7', 'Posiciones recibidas', NULL, NULL, '{"cantidad":1}', 1, NULL, 'update', 1827576519222071),
(41, X'0B550555FC364BBE9BF2A5EB3AEA1B16', 'update', 'low', 1796040519225966, 7, NULL, X'740ADDC0608A41A49A8177F84CD2BFC9', '7e83c9bc-61ec-4d10-b125-0ad5ec0a044b', '/api/v1/efectivos/{efectivo_id}/posicion', 'POST', 'demo', '127.0.0.1', 'efectivo', '1', 'Posiciones recibidas', NULL, NULL, '{"cantidad":1}', 1, NULL, 'update', 1827576519225966),
(42, X'B8067D4E126D456A8E5C6E5CC3A25882', 'update', 'medium', 1796040519228254, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', '1f32d6ad-4d95-459c-829a-1bd3928efbe2', '/api/v1/efectivos/{efectivo_id}', 'PUT', 'demo', '127.0.0.1', 'efectivo', '5', 'Efectivo modificado', '{"estado_disponibilidad":"disponible"}', '{"estado_disponibilidad":"fuera_servicio"}', '{}', 1, NULL, 'update,data_change', 1985256519228254),
(43, X'F5E6EC34D8284AE4A8CBDE94982A8E61', 'update', 'medium', 1796040519232175, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', '34f2907c-f26d-4470-ae74-1beb624e0cba', '/api/v1/efectivos/{efectivo_id}', 'PUT', 'demo', '127.0.0.1', 'efectivo', '6', 'Efectivo modificado', '{"estado_disponibilidad":"disponible"}', '{"estado_disponibilidad":"no_disponible"}', '{}', 1, NULL, 'update,data_change', 1985256519232175),
(44, X'958CB13F9D92400C8CA6078EE409F1DB', 'create', 'medium', 1796040519235282, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', '876c49f1-c4f4-4892-aaa4-e633ebf973af', '/api/v1/tasks/', 'POST', 'demo', '127.0.0.1', 'tarea', '1', 'Tarea DEMO-SOLA creada', NULL, '{"codigo":"DEMO-SOLA","prioridad":1,"tipo":"investigacion"}', '{}', 1, NULL, 'create,data_change', 1985256519235282),
(45, X'E63F9588346B48509DAE3DCD3EF16A71', 'task_assigned', 'medium', 1796040519240028, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', '036a0a69-b276-4ede-9bb7-16b13d11f7f8', '/api/v1/tasks/', 'POST', 'demo', '127.0.0.1', 'tarea', '2', 'Tarea DEMO-PROGRAMADA asignada', NULL, '{"efectivos_asignados":[3,7]}', '{}', 1, NULL, 'update,data_change', 1985256519240028),
(46, X'D89BB230F5534E12BFA776E9B509BB76', 'create', 'medium', 1796040519240028, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', '036a0a69-b276-4ede-9bb7-16b13d11f7f8', '/api/v1/tasks/', 'POST', 'demo', '127.0.0.1', 'tarea', '2', 'Tarea DEMO-PROGRAMADA creada', NULL, '{"codigo":"DEMO-PROGRAMADA","prioridad":2,"tipo":"vigilancia"}', '{}', 1, NULL, 'create,data_change', 1985256519240028),
(47, X'85D076AFFE1747B89B88861A2844DA64', 'task_assigned', 'medium', 1796040519244496, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', '36db9408-698f-4413-b30a-e135573533da', '/api/v1/tasks/', 'POST', 'demo', '127.0.0.1', 'tarea', '3', 'Tarea DEMO-FINALIZADA asignada', NULL, '{"efectivos_asignados":[1]}', '{}', 1, NULL, 'update,data_change', 1985256519244496),
(48, X'6226C032A33649F49A9D99B23A5D83DE', 'create', 'medium', 1796040519244496, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', '36db9408-698f-4413-b30a-e135573533da', '/api/v1/tasks/', 'POST', 'demo', '127.0.0.1', 'tarea', '3', 'Tarea DEMO-FINALIZADA creada', NULL, '{"codigo":"DEMO-FINALIZADA","prioridad":2,"tipo":"entrenamiento"}', '{}', 1, NULL, 'create,data_change', 1985256519244496),
(49, X'EE3A4C93E87544189B61B1B85272769E', 'task_status_changed', 'medium', 1796040519248221, 7, NULL, X'740ADDC0608A41A49A8177F84CD2BFC9', '661fec23-be88-48d8-aceb-281fb6fc76c8', '/api/v1/tasks/{task_id}', 'PUT', 'demo', '127.0.0.1', 'tarea', '3', 'Tarea DEMO-FINALIZADA: programada → en_curso', '{"estado":"programada"}', '{"estado":"en_curso"}', '{}', 1, NULL, 'update,data_change', 1985256519248221),
(50, X'2C68A2E84A5647BF95DB292422EE523B', 'task_status_changed', 'medium', 1796040519254218, 7, NULL, X'740ADDC0608A41A49A8177F84CD2BFC9', 'ef3c9291-41dc-4454-8f17-ef8f6b4d08ac', '/api/v1/tasks/{task_id}', 'PUT', 'demo', '127.0.0.1', 'tarea', '3', 'Tarea DEMO-FINALIZADA: en_curso → pausada', '{"estado":"en_curso"}', '{"estado":"pausada"}', '{}', 1, NULL, 'update,data_change', 1985256519254218),
(51, X'7148C3A604514B5CB1FEA626597A48C2', 'task_status_changed', 'medium', 1796040519260952, 7, NULL, X'740ADDC0608A41A49A8177F84CD2BFC9', '2cf05fea-02cd-4405-bec0-28b6830e9c3a', '/api/v1/tasks/{task_id}', 'PUT', 'demo', '127.0.0.1', 'tarea', '3', 'Tarea DEMO-FINALIZADA: pausada → en_curso', '{"estado":"pausada"}', '{"estado":"en_curso"}', '{}', 1, NULL, 'update,data_change', 1985256519260952),
(52, X'D95E1879855E415595DDF2AF8AB880F6', 'task_completed', 'medium', 1796040519267490, 7, NULL, X'740ADDC0608A41A49A8177F84CD2BFC9', '71697720-77d2-4c58-983d-f43a3245b5ee', '/api/v1/tasks/{task_id}', 'PUT', 'demo', '127.0.0.1', 'tarea', '3', 'Tarea DEMO-FINALIZADA: en_curso → finalizada', '{"estado":"en_curso"}', '{"estado":"finalizada"}', '{}', 1, NULL, 'update,data_change', 1985256519267490),
(53, X'1AE2A1D689F24C999A352F29284296EC', 'task_assigned', 'medium', 1796040519271841, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', '7c79242a-7263-4224-b567-4f11708d9723', '/api/v1/tasks/', 'POST', 'demo', '127.0.0.1', 'tarea', '4', 'Tarea DEMO-CANCELADA asignada', NULL, '{"efectivos_asignados":[2]}', '{}', 1, NULL, 'update,data_change', 1985256519271841),
(54, X'20F31DF617384702B9EBB19885842D4E', 'create', 'medium', 1796040519271841, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', '7c79242a-7263-4224-b567-4f11708d9723', '/api/v1/tasks/', 'POST', 'demo', '127.0.0.1', 'tarea', '4', 'Tarea DEMO-CANCELADA creada', NULL, '{"codigo":"DEMO-CANCELADA","prioridad":2,"tipo":"patrullaje"}', '{}', 1, NULL, 'create,data_change', 1985256519271841),
(55, X'515FC695E860484AB8AF974D52FF5C8E', 'task_status_changed', 'medium', 1796040519276199, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', '9beac028-0394-4be2-a057-fe2e788ee6f5', '/api/v1/tasks/{task_id}', 'PUT', 'demo', '127.0.0.1', 'tarea', '4', 'Tarea DEMO-CANCELADA: programada → cancelada', '{"estado":"programada"}', '{"estado":"cancelada"}', '{}', 1, NULL, 'update,data_change', 1985256519276199),
(56, X'AD98B00F182E4B7A87F471D026B6FA7E', 'task_assigned', 'medium', 1796040519283264, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', 'a6388def-e839-41b4-844c-c43bc3fc0b74', '/api/v1/tasks/', 'POST', 'demo', '127.0.0.1', 'tarea', '5', 'Tarea DEMO-PAUSADA asignada', NULL, '{"efectivos_asignados":[3]}', '{}', 1, NULL, 'update,data_change', 1985256519283264),
(57, X'731CF58374014E3595FD34DA5F767590', 'create', 'medium', 1796040519283264, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', 'a6388def-e839-41b4-844c-c43bc3fc0b74', '/api/v1/tasks/', 'POST', 'demo', '127.0.0.1', 'tarea', '5', 'Tarea DEMO-PAUSADA creada', NULL, '{"codigo":"DEMO-PAUSADA","prioridad":2,"tipo":"administrativa"}', '{}', 1, NULL, 'create,data_change', 1985256519283264),
(58, X'02C5C640733941D792BA506EC2D534A2', 'task_status_changed', 'medium', 1796040519291231, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', 'e8e21657-c844-4b7a-bedc-ae812879ef3d', '/api/v1/tasks/{task_id}', 'PUT', 'demo', '127.0.0.1', 'tarea', '5', 'Tarea DEMO-PAUSADA: programada → en_curso', '{"estado":"programada"}', '{"estado":"en_curso"}', '{}', 1, NULL, 'update,data_change', 1985256519291231),
(59, X'039776DBA57D42009739B39AEF367DC5', 'task_status_changed', 'medium', 1796040519295189, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', 'ba9f6b45-5057-462d-acd1-1b138a3422da', '/api/v1/tasks/{task_id}', 'PUT', 'demo', '127.0.0.1', 'tarea', '5', 'Tarea DEMO-PAUSADA: en_curso → pausada', '{"estado":"en_curso"}', '{"estado":"pausada"}', '{}', 1, NULL, 'update,data_change', 1985256519295189),
(60, X'AB54E7F0104F47A48B072907BFAD9B18', 'task_assigned', 'medium', 1796040519298139, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', '7ad0bf92-953e-4923-85e0-a1aae7217e19', '/api/v1/tasks/', 'POST', 'demo', '127.0.0.1', 'tarea', '6', 'Tarea DEMO-EN-CURSO asignada', NULL, '{"efectivos_asignados":[1,2]}', '{}', 1, NULL, 'update,data_change', 1985256519298139),
(61, X'469413643A8D4EF9801E8B0031584753', 'create', 'medium', 1796040519298139, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', '7ad0bf92-953e-4923-85e0-a1aae7217e19', '/api/v1/tasks/', 'POST', 'demo', '127.0.0.1', 'tarea', '6', 'Tarea DEMO-EN-CURSO creada', NULL, '{"codigo":"DEMO-EN-CURSO","prioridad":4,"tipo":"patrullaje"}', '{}', 1, NULL, 'create,data_change', 1985256519298139),
(62, X'16EFBBE67BFC4235A98CFA3F255630FC', 'task_status_changed', 'medium', 1796040519301419, 7, NULL, X'740ADDC0608A41A49A8177F84CD2BFC9', '93b1a29e-77ec-4e3a-8a18-83fb528cee3f', '/api/v1/tasks/{task_id}', 'PUT', 'demo', '127.0.0.1', 'tarea', '6', 'Tarea DEMO-EN-CURSO: programada → en_curso', '{"estado":"programada"}', '{"estado":"en_curso"}', '{}', 1, NULL, 'update,data_change', 1985256519301419),
(63, X'5B6661582A844E37886C23326ABAD2D1', 'task_assigned', 'medium', 1796040519305453, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', '227ac619-a789-4adb-b40b-a6b9ab00ea9e', '/api/v1/tasks/', 'POST', 'demo', '127.0.0.1', 'tarea', '7', 'Tarea DEMO-ELIMINADA asignada', NULL, '{"efectivos_asignados":[7]}', '{}', 1, NULL, 'update,data_change', 1985256519305453),
(64, X'33D592DDF692493D9B128B5D3E744884', 'create', 'medium', 1796040519305453, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', '227ac619-a789-4adb-b40b-a6b9ab00ea9e', '/api/v1/tasks/', 'POST', 'demo', '127.0.0.1', 'tarea', '7', 'Tarea DEMO-ELIMINADA creada', NULL, '{"codigo":"DEMO-ELIMINADA","prioridad":2,"tipo":"intervencion"}', '{}', 1, NULL, 'create,data_change', 1985256519305453),
(65, X'B8AC962023D549EDA5A4195CD23AB035', 'delete', 'high', 1796040519309276, 1, NULL, X'4FB492ADEB354DDE8FEB608FF72C198C', '7af9b1ac-1d95-4d84-acb1-e9de81630c5b', '/api/v1/tasks/{task_id}', 'DELETE', 'demo', '127.0.0.1', 'tarea', '7', 'Tarea DEMO-ELIMINADA eliminada', '{"codigo":"DEMO-ELIMINADA","estado":"programada"}', NULL, '{}', 1, NULL, 'delete,data_change', 2111400519309276),
(66, X'BC28C7C3F04D41F1A1D1CCBAC54C11F4', 'update', 'medium', 1796040519312068, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', 'adb971da-7ae1-46c3-ad22-e5949abf197c', '/api/v1/tasks/{task_id}/notas', 'POST', 'demo', '127.0.0.1', 'tarea', '6', 'Tarea DEMO-EN-CURSO: nota', NULL, '{"notas":[{"clase":"texto","id":1}]}', '{}', 1, NULL, 'update,data_change', 1985256519312068),
(67, X'10971DA4E12C4C2385C19AF235BEFC96', 'update', 'medium', 1796040519318488, 7, NULL, NULL, 'tg-1009', 'mensaje', 'BOT', NULL, NULL, 'tarea', '6', 'Tarea DEMO-EN-CURSO: nota', NULL, '{"notas":[{"clase":"voz","id":2}]}', '{}', 1, NULL, 'update,data_change', 1985256519318488),
(68, X'AECA5B53C5D3487191676DEB52A037A6', 'task_assigned', 'medium', 1796040519366184, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', '21fd58e3-a41b-4787-b010-2009cd197829', '/api/v1/tasks/emergency', 'POST', 'demo', '127.0.0.1', 'tarea', '8', 'Tarea EMG-20261130-0F1K76 asignada', NULL, '{"efectivos_asignados":[4]}', '{}', 1, NULL, 'update,data_change', 1985256519366184),
(69, X'21D1A50D606D47B19B3EF685E81E778A', 'task_status_changed', 'medium', 1796040519366184, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', '21fd58e3-a41b-4787-b010-2009cd197829', '/api/v1/tasks/emergency', 'POST', 'demo', '127.0.0.1', 'tarea', '8', 'Tarea EMG-20261130-0F1K76: programada → en_curso', '{"estado":"programada"}', '{"estado":"en_curso"}', '{}', 1, NULL, 'update,data_change', 1985256519366184),
(70, X'FD8009C1214C40A8B63DE737204DB66B', 'emergency_created', 'high', 1796040519366184, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', '21fd58e3-a41b-4787-b010-2009cd197829', '/api/v1/tasks/emergency', 'POST', 'demo', '127.0.0.1', 'tarea', '8', 'Emergencia EMG-20261130-0F1K76', NULL, '{"assigned_efectivo_id":4,"codigo":"EMG-20261130-0F1K76","distance_m":431.8351872814724}', '{}', 1, NULL, 'create,data_change', 2111400519366184),
(71, X'6642FD1F80084D118E5E7D62BECE7C9B', 'emergency_created', 'high', 1796040519374776, 2, NULL, X'EE5872195D814557BB33A5F0C0165DAA', '385f8105-7a46-4f72-8b9a-61503fba8c58', '/api/v1/tasks/emergency', 'POST', 'demo', '127.0.0.1', 'tarea', '9', 'Emergencia EMG-20261130-X7XPDH', NULL, '{"assigned_efectivo_id":null,"codigo":"EMG-20261130-X7XPDH","distance_m":null}', '{}', 1, NULL, 'create,data_change', 2111400519374776),
(72, X'F5A6DB7806C444E8916724786EA1F0A4', 'delete', 'high', 1796040519480125, 1, NULL, X'4FB492ADEB354DDE8FEB608FF72C198C', '289cd4aa-3826-4436-b867-f26571f94823', '/api/v1/efectivos/{efectivo_id}', 'DELETE', 'demo', '127.0.0.1', 'efectivo', '8', 'Efectivo eliminado', NULL, NULL, '{}', 1, NULL, 'delete,data_change', 2111400519480125),
(73, X'70823D051D934EA7B32E539D16707B76', 'user_disabled', 'high', 1796040519484637, 1, NULL, X'4FB492ADEB354DDE8FEB608FF72C198C', '5095f845-542b-4aff-8f4d-8d1c96c4841f', '/api/v1/users/{user_id}', 'PUT', 'demo', '127.0.0.1', 'usuario', '5', 'Usuario modificado', '{"nivel":1,"verificado":true}', '{"nivel":1,"verificado":false}', '{"campos":["verificado"]}', 1, NULL, 'update,sensitive', 2111400519484637),
(74, X'BD132F543FB0431CA75BB8921ADD46EA', 'delete', 'high', 1796040519487997, 1, NULL, X'4FB492ADEB354DDE8FEB608FF72C198C', 'c7416d76-872c-4fe7-a464-b2b09857a0d8', '/api/v1/usuarios/{usuario_id}', 'DELETE', 'demo', '127.0.0.1', 'usuario', '6', 'Usuario eliminado', NULL, NULL, '{}', 1, NULL, 'delete,sensitive', 2111400519487997),
(75, X'19B016C771AE49F4BF954E968DC02B9F', 'login', 'medium', 1796040519530703, 3, NULL, NULL, '3cc58c7d-a43a-453b-afd5-2d4eaa78c677', '/api/v1/auth/login', 'POST', 'demo', '127.0.0.1', 'authentication', '3', 'Inicio de sesión', NULL, NULL, '{"session_id":"b173fafc-c524-4ff0-8652-e0273fcacde4"}', 1, NULL, 'auth,security', 1985256519530703),
(76, X'86073DADFB1D46F2A4B953B8D9D4A087', 'logout', 'low', 1796040519540058, 3, NULL, X'B173FAFCC5244FF08652E0273FCACDE4', '25059c26-c19d-41fd-89eb-e7cdd049e934', '/api/v1/auth/logout', 'POST', 'demo', '127.0.0.1', 'authentication', '3', 'Cierre de sesión', NULL, NULL, '{"session_id":"b173fafc-c524-4ff0-8652-e0273fcacde4"}', 1, NULL, 'auth', 1827576519540058),
(77, X'B6DD231D2DC841FB8D2F4AC506E082B0', 'token_refresh', 'low', 1796040519542930, 2, NULL, NULL, 'fc9408f8-de01-461a-b0be-689f7c7133e9', '/api/v1/auth/refresh', 'POST', 'demo', '127.0.0.1', 'authentication', '2', 'Sesión prolongada', NULL, NULL, '{"session_id":"ee587219-5d81-4557-bb33-a5f0c0165daa"}', 1, NULL, 'auth', 1827576519542930),
(78, X'95E7F40AE0E447EBBBD579DF050086BF', 'login_failed', 'high', 1796040519587650, 4, NULL, NULL, 'bbb0259f-3947-4023-b140-471cf970718a', '/api/v1/auth/login', 'POST', 'demo', '127.0.0.1', 'authentication', '4', 'Inicio de sesión rechazado', NULL, NULL, '{"intentos_fallidos":1,"intentos_fallidos_en_total":1}', 0, 'Incorrect email or password', 'auth,security', 2111400519587650),
(79, X'A850FF0EA0694E228DC2CDFB584114AC', 'login_failed', 'high', 1796040519634545, 4, NULL, NULL, '03a7bfd2-a2f9-4ea2-aa12-b902b73dfda2', '/api/v1/auth/login', 'POST', 'demo', '127.0.0.1', 'authentication', '4', 'Inicio de sesión rechazado', NULL, NULL, '{"intentos_fallidos":2,"intentos_fallidos_en_total":2}', 0, 'Incorrect email or password', 'auth,security', 2111400519634545),
(80, X'E1CDE85F6CC34D11B158CCFA0A8177D2', 'login_failed', 'high', 1796040519670549, 4, NULL, NULL, 'c98cf406-6313-4400-af4c-e6f866f9935b', '/api/v1/auth/login', 'POST', 'demo', '127.0.0.1', 'authentication', '4', 'Inicio de sesión rechazado', NULL, NULL, '{"intentos_fallidos":3,"intentos_fallidos_en_total":3}', 0, 'Incorrect email or password', 'auth,security', 2111400519670549),
(81, X'E766B8819A274A7A812B492ED7A4103D', 'login_failed', 'high', 1796040519710944, 4, NULL, NULL, 'e0c511f9-5e05-43a1-9dbf-92d7a285f4af', '/api/v1/auth/login', 'POST', 'demo', '127.0.0.1', 'authentication', '4', 'Inicio de sesión rechazado', NULL, NULL, '{"intentos_fallidos":4,"intentos_fallidos_en_total":4}', 0, 'Incorrect email or password', 'auth,security', 2111400519710944),
(82, X'2E702765A3BE488D8E447B18215B609D', 'login_failed', 'high', 1796040519754455, 4, NULL, NULL, '90a448b8-96f2-41e3-9d07-c08d064a86e8', '/api/v1/auth/login', 'POST', 'demo', '127.0.0.1', 'authentication', '4', 'Inicio de sesión rechazado', NULL, NULL, '{"intentos_fallidos":5,"intentos_fallidos_en_total":5}', 0, 'Incorrect email or password', 'auth,security', 2111400519754455),
(83, X'F86F8AC520EA47F1A0B1EF50C7DFF92A', 'login_failed', 'high', 1796040519790810, 4, NULL, NULL, '53a03421-d307-47df-afcb-a7f259349571', '/api/v1/auth/login', 'POST', 'demo', '127.0.0.1', 'authentication', '4', 'Inicio de sesión rechazado', NULL, NULL, '{"intentos_fallidos":5,"intentos_fallidos_en_total":5}', 0, 'Incorrect email or password', 'auth,security', 2111400519790810),
(84, X'F61700C9CF274134BBB00CD536382BE9', 'update', 'medium', 1796040520097300, NULL, NULL, NULL, '0b3d7e7e-fc11-483f-8963-4ed316df036d', 'user password', 'CLI', NULL, NULL, 'usuario', '3', 'Usuario modificado', '{"nivel":2,"verificado":true}', '{"nivel":2,"verificado":true}', '{"campos":["password"]}', 1, NULL, 'update,sensitive', 1985256520097300);
INSERT INTO eventos VALUES
(1, X'7CAA3983AEED4160B09694A268783B06', 'user_activity', NULL, '{"user_changed":{"user":1,"changed":["creado"]}}', '93271edf-fa53-4921-9fb8-a8f1aa29b0b6', 1796040517864537),
(2, X'5658E2CD7F074651ADCCE305F1233DA8', 'user_activity', NULL, '{"user_changed":{"user":2,"changed":["creado"]}}', 'c356d392-4704-4877-bf0d-e4ed91ee4a17', 1796040518035237),
(3, X'4C2D427147E045DD91834E4E3396A535', 'user_activity', NULL, '{"user_changed":{"user":3,"changed":["creado"]}}', '1a8fff30-dce2-4943-9435-02632988c1ac', 1796040518079929),
(4, X'A61EFE7E86B745199B73B43F63D11EF4', 'user_activity', NULL, '{"user_changed":{"user":4,"changed":["creado"]}}', 'bbe303fb-b08b-401d-9f42-dd6a49048140', 1796040518147487),
(5, X'DC20AC9E80684E00ACD50DCBEFE279AF', 'user_activity', NULL, '{"user_changed":{"user":5,"changed":["creado"]}}', '8fd6c18d-cbb0-4430-b113-f84ccbab7958', 1796040518217543),
(6, X'8B6416C881764492823F871AF59FA009', 'user_activity', NULL, '{"user_changed":{"user":6,"changed":["creado"]}}', 'c830cb0a-ac1b-49a4-a313-29e5ac8c1de3', 1796040518259133),
(7, X'AA9D08B02EB74792A0EE613C82BB1DC2', 'user_activity', NULL, '{"user_changed":{"user":7,"changed":["creado"]}}', '50f3940d-60cf-4d5f-b089-bcc45addd766', 1796040518301874),
(8, X'56710B1F44384EC6A0C296FF89092882', 'user_activity', NULL, '{"user_changed":{"user":8,"changed":["creado"]}}', '0b5ad90c-41db-498a-b776-6cf225c126f1', 1796040518366745),
(9, X'AEF8FBCB6EC34F00B8BF37B09288A012', 'user_activity', NULL, '{"user_changed":{"user":9,"changed":["creado"]}}', 'f8ba1750-8596-4a81-a759-a4e48c1f9a87', 1796040518432177),
(10, X'969568443B784CFDBE75EFA49D115B09', 'user_activity', NULL, '{"user_changed":{"user":10,"changed":["creado"]}}', 'df1b3b6c-c49f-4c8f-81af-91d75b427bca', 1796040518506993),
(11, X'CCA02AF9D3904AA89D6AE76036D055FD', 'user_activity', NULL, '{"user_changed":{"user":11,"changed":["creado"]}}', '02194419-1463-4e86-90de-813aa84eba78', 1796040518581725),
(12, X'B9C53771DF6F43889BE3A76A8AAF31A3', 'user_activity', NULL, '{"user_changed":{"user":12,"changed":["creado"]}}', 'bdfa3f91-2729-405a-badc-56e49e2a8918', 1796040518618867),
(13, X'BF7703529CF7400BA881CF65508940B7', 'user_activity', NULL, '{"user_changed":{"user":13,"changed":["creado"]}}', '67c51860-5529-4718-b705-0b92ba972fd1', 1796040518698666),
(14, X'378AD2FF9BF94C4FB5EE075F648A71CD', 'user_activity', NULL, '{"user_changed":{"user":14,"changed":["creado"]}}', '7d321bbc-fcad-44fe-b5c6-5c4b6a643abc', 1796040518748663),
(15, X'8B5BA39DCFD5457F963658B5AB941805', 'user_activity', NULL, '{"user_changed":{"user":15,"changed":["creado"]}}', 'e6fe96ff-b05e-401a-8014-aa72dd7dbaa6', 1796040518756686),
(16, X'50B22EFE3CEF424EAECDC6D85928E374', 'user_activity', NULL, '{"user_changed":{"user":7,"changed":["telegram_id"]}}', 'tg-1001', 1796040518944908),
(17, X'FC6D0AF29ED344D4B4B7BBA24BA534AD', 'user_activity', NULL, '{"user_changed":{"user":2,"changed":["telegram_id"]}}', 'tg-1003', 1796040519023139),
(18, X'0F8A46D06F02415BAF41AA709CD747D4', 'efectivo_location_update', NULL, '{"positions_reported":{"positions":[{"officer":1,"point":{"lat":-34.6037,"lng":-58.3816},"accuracy_m":8.5,"measured_at":"2026-11-30T12:08:34.195902Z","received_at":"2026-11-30T12:08:39.198344Z"}]}}', 'bd34bd50-620e-42bd-8007-ba3c4839f9fe', 1796040519198344),
(19, X'871264D6D328411CB6F19B88B02D1199', 'efectivo_location_update', NULL, '{"positions_reported":{"positions":[{"officer":2,"point":{"lat":-34.602700000000006,"lng":-58.3826},"accuracy_m":8.5,"measured_at":"2026-11-30T12:08:34.195902Z","received_at":"2026-11-30T12:08:39.203577Z"}]}}', '5119203f-a616-4721-92ab-4676886b7593', 1796040519203577),
(20, X'5FC51541960F4E699BF71F3DA4EE5920', 'efectivo_location_update', NULL, '{"positions_reported":{"positions":[{"officer":3,"point":{"lat":-34.6017,"lng":-58.3836},"accuracy_m":8.5,"measured_at":"2026-11-30T10:08:39.195902Z","received_at":"2026-11-30T12:08:39.207427Z"}]}}', '3944d020-428e-452c-8437-940ee8a2d3de', 1796040519207427),
(21, X'D334B7F0CE5B44118C1138BFE4727B7D', 'efectivo_location_update', NULL, '{"positions_reported":{"positions":[{"officer":4,"point":{"lat":-34.6007,"lng":-58.3846},"accuracy_m":8.5,"measured_at":"2026-11-30T12:08:34.195902Z","received_at":"2026-11-30T12:08:39.210502Z"}]}}', 'dfacc1ad-59bc-4b27-be1c-9e6d85f83a4b', 1796040519210502),
(22, X'F9698005176D4EA6BD1D2D00AFABD78B', 'efectivo_location_update', NULL, '{"positions_reported":{"positions":[{"officer":5,"point":{"lat":-34.599700000000006,"lng":-58.3856},"accuracy_m":8.5,"measured_at":"2026-11-30T12:08:34.195902Z","received_at":"2026-11-30T12:08:39.213711Z"}]}}', 'c346d396-69fa-45d4-b38a-ca2177dc2fc0', 1796040519213711),
(23, X'15BBA88056C34644A15EF20B08617531', 'efectivo_location_update', NULL, '{"positions_reported":{"positions":[{"officer":6,"point":{"lat":-34.5987,"lng":-58.3866},"accuracy_m":8.5,"measured_at":"2026-11-30T12:08:34.195902Z","received_at":"2026-11-30T12:08:39.219051Z"}]}}', 'e246daf7-f9c9-405e-ab97-bda8544598a8', 1796040519219051),
(24, X'624523BEF2514D24B57D73D22B444594', 'efectivo_location_update', NULL, '{"positions_reported":{"positions":[{"officer":7,"point":{"lat":-34.5977,"lng":-58.3876},"accuracy_m":8.5,"measured_at":"2026-11-30T10:08:39.195902Z","received_at":"2026-11-30T12:08:39.222071Z"}]}}', 'c9585423-d450-4a8c-8ce5-360fcb297d64', 1796040519222071),
(25, X'3799D31398774738B3DEE8E2206AF1DA', 'efectivo_location_update', NULL, '{"positions_reported":{"positions":[{"officer":1,"point":{"lat":-34.6032,"lng":-58.3816},"accuracy_m":null,"measured_at":"2026-11-30T12:08:39.195902Z","received_at":"2026-11-30T12:08:39.225966Z"}]}}', '7e83c9bc-61ec-4d10-b125-0ad5ec0a044b', 1796040519225966),
(26, X'F2AE0B980DFA48B3BEC308478956931D', 'efectivo_status_changed', NULL, '{"officer_status_changed":{"officer":{"id":5,"uuid":"a87b2125-c3c1-4366-a885-c7a9aec8019d","user":11,"given_name":"Demo","family_name":"Agente5","internal_code":"DEMO-05","rank":"Agente","unit":"Demo 2","specialty":"Patrulla","availability":"fuera_servicio","availability_since":"2026-11-30T12:08:39.228254Z","metadata":{},"created_at":"2026-11-30T12:08:38.780758Z","updated_at":"2026-11-30T12:08:39.228254Z","deleted_at":null,"version":2},"from":"disponible"}}', '1f32d6ad-4d95-459c-829a-1bd3928efbe2', 1796040519228254),
(27, X'0EE74746229A45BBB99790428F3ED64A', 'efectivo_status_changed', NULL, '{"officer_status_changed":{"officer":{"id":6,"uuid":"6a63ad44-f02e-47b0-bd02-56a7cff09fd3","user":12,"given_name":"Demo","family_name":"Agente6","internal_code":"DEMO-06","rank":"Agente","unit":"Demo 1","specialty":"Patrulla","availability":"no_disponible","availability_since":"2026-11-30T12:08:39.232175Z","metadata":{},"created_at":"2026-11-30T12:08:38.787568Z","updated_at":"2026-11-30T12:08:39.232175Z","deleted_at":null,"version":2},"from":"disponible"}}', '34f2907c-f26d-4470-ae74-1beb624e0cba', 1796040519232175),
(28, X'32B965E7500C4B52B86FC91FF7601D59', 'task_created', 1, '{"task_created":{"task":{"id":1,"uuid":"702c23d7-0460-4026-87a5-bffda2d4f7e3","code":"DEMO-SOLA","title":"Inspección demo en Ñuñoa","description":null,"kind":"investigacion","priority":1,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.235282Z","updated_at":"2026-11-30T12:08:39.235282Z","deleted_at":null,"version":1}}}', '876c49f1-c4f4-4892-aaa4-e633ebf973af', 1796040519235282),
(29, X'0D4E8A0ED7B04AD9892712569F10A339', 'task_created', 2, '{"task_created":{"task":{"id":2,"uuid":"813f9bdc-f5fd-40fd-8cb2-f9e0a660a23a","code":"DEMO-PROGRAMADA","title":"Vigilancia demo del río","description":null,"kind":"vigilancia","priority":2,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":"Plaza demo","officers":[3,7],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.240028Z","updated_at":"2026-11-30T12:08:39.240028Z","deleted_at":null,"version":1}}}', '036a0a69-b276-4ede-9bb7-16b13d11f7f8', 1796040519240028),
(30, X'1E0616A0E7974F9EB9F3B0D6529D15A3', 'task_assigned', 2, '{"task_assigned":{"task":{"id":2,"uuid":"813f9bdc-f5fd-40fd-8cb2-f9e0a660a23a","code":"DEMO-PROGRAMADA","title":"Vigilancia demo del río","description":null,"kind":"vigilancia","priority":2,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":"Plaza demo","officers":[3,7],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.240028Z","updated_at":"2026-11-30T12:08:39.240028Z","deleted_at":null,"version":1},"officers":[3,7]}}', '036a0a69-b276-4ede-9bb7-16b13d11f7f8', 1796040519240028),
(31, X'B3F821AE65C54E76995D2845B344C6FB', 'task_created', 3, '{"task_created":{"task":{"id":3,"uuid":"4a2f1a8e-290a-4192-90bc-9293f26d492c","code":"DEMO-FINALIZADA","title":"Entrenamiento demo","description":null,"kind":"entrenamiento","priority":2,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[1],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.244496Z","updated_at":"2026-11-30T12:08:39.244496Z","deleted_at":null,"version":1}}}', '36db9408-698f-4413-b30a-e135573533da', 1796040519244496),
(32, X'E226087773AC4BFDAC73E35D6A101477', 'task_assigned', 3, '{"task_assigned":{"task":{"id":3,"uuid":"4a2f1a8e-290a-4192-90bc-9293f26d492c","code":"DEMO-FINALIZADA","title":"Entrenamiento demo","description":null,"kind":"entrenamiento","priority":2,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[1],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.244496Z","updated_at":"2026-11-30T12:08:39.244496Z","deleted_at":null,"version":1},"officers":[1]}}', '36db9408-698f-4413-b30a-e135573533da', 1796040519244496),
(33, X'391235851DFD48B1B180761DE8A60A9F', 'task_status_changed', 3, '{"task_status_changed":{"task":{"id":3,"uuid":"4a2f1a8e-290a-4192-90bc-9293f26d492c","code":"DEMO-FINALIZADA","title":"Entrenamiento demo","description":null,"kind":"entrenamiento","priority":2,"state":"en_curso","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":"2026-11-30T12:08:39.248221Z","finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[1],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.244496Z","updated_at":"2026-11-30T12:08:39.248221Z","deleted_at":null,"version":2},"from":"programada","by":7}}', '661fec23-be88-48d8-aceb-281fb6fc76c8', 1796040519248221),
(34, X'4BDB64A915AD426AA9EEA38792F9C23F', 'efectivo_status_changed', NULL, '{"officer_status_changed":{"officer":{"id":1,"uuid":"c61403b2-1a89-4fd1-8f07-82a7daf085e6","user":7,"given_name":"Demo","family_name":"Agente1","internal_code":"DEMO-01","rank":"Agente","unit":"Demo 2","specialty":"Patrulla","availability":"en_tarea","availability_since":"2026-11-30T12:08:39.248221Z","metadata":{},"created_at":"2026-11-30T12:08:38.761245Z","updated_at":"2026-11-30T12:08:39.248221Z","deleted_at":null,"version":1},"from":"disponible"}}', '661fec23-be88-48d8-aceb-281fb6fc76c8', 1796040519248221),
(35, X'73B10DCA717148A7992C2ABB0A73FED5', 'task_status_changed', 3, '{"task_status_changed":{"task":{"id":3,"uuid":"4a2f1a8e-290a-4192-90bc-9293f26d492c","code":"DEMO-FINALIZADA","title":"Entrenamiento demo","description":null,"kind":"entrenamiento","priority":2,"state":"pausada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":"2026-11-30T12:08:39.248221Z","finished_at":null,"paused_total":[0,0],"paused_at":"2026-11-30T12:08:39.254218Z","duration_hours":null,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[1],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.244496Z","updated_at":"2026-11-30T12:08:39.254218Z","deleted_at":null,"version":3},"from":"en_curso","by":7}}', 'ef3c9291-41dc-4454-8f17-ef8f6b4d08ac', 1796040519254218),
(36, X'B000AF5E2268404496699872BEACD481', 'task_status_changed', 3, '{"task_status_changed":{"task":{"id":3,"uuid":"4a2f1a8e-290a-4192-90bc-9293f26d492c","code":"DEMO-FINALIZADA","title":"Entrenamiento demo","description":null,"kind":"entrenamiento","priority":2,"state":"en_curso","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":"2026-11-30T12:08:39.248221Z","finished_at":null,"paused_total":[0,6734000],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[1],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.244496Z","updated_at":"2026-11-30T12:08:39.260952Z","deleted_at":null,"version":4},"from":"pausada","by":7}}', '2cf05fea-02cd-4405-bec0-28b6830e9c3a', 1796040519260952),
(37, X'3C6CE89C0BF841E6BC6FF74EE13566FF', 'task_status_changed', 3, '{"task_status_changed":{"task":{"id":3,"uuid":"4a2f1a8e-290a-4192-90bc-9293f26d492c","code":"DEMO-FINALIZADA","title":"Entrenamiento demo","description":null,"kind":"entrenamiento","priority":2,"state":"finalizada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":"2026-11-30T12:08:39.248221Z","finished_at":"2026-11-30T12:08:39.267490Z","paused_total":[0,6734000],"paused_at":null,"duration_hours":3.4819444444444445e-6,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[1],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.244496Z","updated_at":"2026-11-30T12:08:39.267490Z","deleted_at":null,"version":5},"from":"en_curso","by":7}}', '71697720-77d2-4c58-983d-f43a3245b5ee', 1796040519267490),
(38, X'92C14FE449304E15BFFD23DB4E1CC82A', 'efectivo_status_changed', NULL, '{"officer_status_changed":{"officer":{"id":1,"uuid":"c61403b2-1a89-4fd1-8f07-82a7daf085e6","user":7,"given_name":"Demo","family_name":"Agente1","internal_code":"DEMO-01","rank":"Agente","unit":"Demo 2","specialty":"Patrulla","availability":"disponible","availability_since":"2026-11-30T12:08:39.267490Z","metadata":{},"created_at":"2026-11-30T12:08:38.761245Z","updated_at":"2026-11-30T12:08:39.267490Z","deleted_at":null,"version":2},"from":"en_tarea"}}', '71697720-77d2-4c58-983d-f43a3245b5ee', 1796040519267490),
(39, X'5C39DE5AA6D24E8B9E3865654E332334', 'task_created', 4, '{"task_created":{"task":{"id":4,"uuid":"5a8b47f6-6d19-400f-ae4b-2eed33ed5bab","code":"DEMO-CANCELADA","title":"Recorrida demo sin efecto","description":null,"kind":"patrullaje","priority":2,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[2],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.271841Z","updated_at":"2026-11-30T12:08:39.271841Z","deleted_at":null,"version":1}}}', '7c79242a-7263-4224-b567-4f11708d9723', 1796040519271841),
(40, X'88A6346953E340AD9EBEB5840D27391D', 'task_assigned', 4, '{"task_assigned":{"task":{"id":4,"uuid":"5a8b47f6-6d19-400f-ae4b-2eed33ed5bab","code":"DEMO-CANCELADA","title":"Recorrida demo sin efecto","description":null,"kind":"patrullaje","priority":2,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[2],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.271841Z","updated_at":"2026-11-30T12:08:39.271841Z","deleted_at":null,"version":1},"officers":[2]}}', '7c79242a-7263-4224-b567-4f11708d9723', 1796040519271841),
(41, X'C89AC3C4430744748DE894275CD4F9DE', 'task_status_changed', 4, '{"task_status_changed":{"task":{"id":4,"uuid":"5a8b47f6-6d19-400f-ae4b-2eed33ed5bab","code":"DEMO-CANCELADA","title":"Recorrida demo sin efecto","description":null,"kind":"patrullaje","priority":2,"state":"cancelada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[2],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.271841Z","updated_at":"2026-11-30T12:08:39.276199Z","deleted_at":null,"version":2},"from":"programada","by":2}}', '9beac028-0394-4be2-a057-fe2e788ee6f5', 1796040519276199),
(42, X'8BF4A96F04D14789AD895B3B427B9EB5', 'task_created', 5, '{"task_created":{"task":{"id":5,"uuid":"d23a7b3c-d29a-4650-b8e0-923f12afee38","code":"DEMO-PAUSADA","title":"Expediente demo","description":null,"kind":"administrativa","priority":2,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[3],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.283264Z","updated_at":"2026-11-30T12:08:39.283264Z","deleted_at":null,"version":1}}}', 'a6388def-e839-41b4-844c-c43bc3fc0b74', 1796040519283264),
(43, X'CFEE3BF3FE4243F0A224016916E602EF', 'task_assigned', 5, '{"task_assigned":{"task":{"id":5,"uuid":"d23a7b3c-d29a-4650-b8e0-923f12afee38","code":"DEMO-PAUSADA","title":"Expediente demo","description":null,"kind":"administrativa","priority":2,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[3],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.283264Z","updated_at":"2026-11-30T12:08:39.283264Z","deleted_at":null,"version":1},"officers":[3]}}', 'a6388def-e839-41b4-844c-c43bc3fc0b74', 1796040519283264),
(44, X'303ED729C71A464DB52D5E4B54CA4670', 'task_status_changed', 5, '{"task_status_changed":{"task":{"id":5,"uuid":"d23a7b3c-d29a-4650-b8e0-923f12afee38","code":"DEMO-PAUSADA","title":"Expediente demo","description":null,"kind":"administrativa","priority":2,"state":"en_curso","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":"2026-11-30T12:08:39.291231Z","finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[3],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.283264Z","updated_at":"2026-11-30T12:08:39.291231Z","deleted_at":null,"version":2},"from":"programada","by":2}}', 'e8e21657-c844-4b7a-bedc-ae812879ef3d', 1796040519291231),
(45, X'1C01CC7D8D404B0D80DD049F1B41B5FD', 'efectivo_status_changed', NULL, '{"officer_status_changed":{"officer":{"id":3,"uuid":"afe014a1-1b8e-4ead-a3b9-8e602f4cca94","user":9,"given_name":"Demo","family_name":"Agente3","internal_code":"DEMO-03","rank":"Agente","unit":"Demo 2","specialty":"Patrulla","availability":"en_tarea","availability_since":"2026-11-30T12:08:39.291231Z","metadata":{},"created_at":"2026-11-30T12:08:38.769403Z","updated_at":"2026-11-30T12:08:39.291231Z","deleted_at":null,"version":1},"from":"disponible"}}', 'e8e21657-c844-4b7a-bedc-ae812879ef3d', 1796040519291231),
(46, X'0B1AA162141D4DECB6FC1702DC516B1D', 'task_status_changed', 5, '{"task_status_changed":{"task":{"id":5,"uuid":"d23a7b3c-d29a-4650-b8e0-923f12afee38","code":"DEMO-PAUSADA","title":"Expediente demo","description":null,"kind":"administrativa","priority":2,"state":"pausada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":"2026-11-30T12:08:39.291231Z","finished_at":null,"paused_total":[0,0],"paused_at":"2026-11-30T12:08:39.295189Z","duration_hours":null,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[3],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.283264Z","updated_at":"2026-11-30T12:08:39.295189Z","deleted_at":null,"version":3},"from":"en_curso","by":2}}', 'ba9f6b45-5057-462d-acd1-1b138a3422da', 1796040519295189),
(47, X'0FF95831BC734C8686738FEC22B96DEC', 'task_created', 6, '{"task_created":{"task":{"id":6,"uuid":"d37f66e3-7d1f-48be-a1c2-b49f535abbb0","code":"DEMO-EN-CURSO","title":"Patrulla demo de la plaza","description":null,"kind":"patrullaje","priority":4,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":"Plaza demo","officers":[1,2],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.298139Z","updated_at":"2026-11-30T12:08:39.298139Z","deleted_at":null,"version":1}}}', '7ad0bf92-953e-4923-85e0-a1aae7217e19', 1796040519298139),
(48, X'277953710FA64D6D9EE226E848AC4FEB', 'task_assigned', 6, '{"task_assigned":{"task":{"id":6,"uuid":"d37f66e3-7d1f-48be-a1c2-b49f535abbb0","code":"DEMO-EN-CURSO","title":"Patrulla demo de la plaza","description":null,"kind":"patrullaje","priority":4,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":"Plaza demo","officers":[1,2],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.298139Z","updated_at":"2026-11-30T12:08:39.298139Z","deleted_at":null,"version":1},"officers":[1,2]}}', '7ad0bf92-953e-4923-85e0-a1aae7217e19', 1796040519298139),
(49, X'7F5BD1D246DF4D2BA1EB1D3C29D06521', 'task_status_changed', 6, '{"task_status_changed":{"task":{"id":6,"uuid":"d37f66e3-7d1f-48be-a1c2-b49f535abbb0","code":"DEMO-EN-CURSO","title":"Patrulla demo de la plaza","description":null,"kind":"patrullaje","priority":4,"state":"en_curso","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":"2026-11-30T12:08:39.301419Z","finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":"Plaza demo","officers":[1,2],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.298139Z","updated_at":"2026-11-30T12:08:39.301419Z","deleted_at":null,"version":2},"from":"programada","by":7}}', '93b1a29e-77ec-4e3a-8a18-83fb528cee3f', 1796040519301419),
(50, X'054DA662FC19466E9983B3C78A326072', 'efectivo_status_changed', NULL, '{"officer_status_changed":{"officer":{"id":1,"uuid":"c61403b2-1a89-4fd1-8f07-82a7daf085e6","user":7,"given_name":"Demo","family_name":"Agente1","internal_code":"DEMO-01","rank":"Agente","unit":"Demo 2","specialty":"Patrulla","availability":"en_tarea","availability_since":"2026-11-30T12:08:39.301419Z","metadata":{},"created_at":"2026-11-30T12:08:38.761245Z","updated_at":"2026-11-30T12:08:39.301419Z","deleted_at":null,"version":3},"from":"disponible"}}', '93b1a29e-77ec-4e3a-8a18-83fb528cee3f', 1796040519301419),
(51, X'78873139921B44A18725FAAD799ED923', 'efectivo_status_changed', NULL, '{"officer_status_changed":{"officer":{"id":2,"uuid":"23514aaf-e45a-4c51-b489-0d9d5d78c8a1","user":8,"given_name":"Demo","family_name":"Agente2","internal_code":"DEMO-02","rank":"Agente","unit":"Demo 1","specialty":"Patrulla","availability":"en_tarea","availability_since":"2026-11-30T12:08:39.301419Z","metadata":{},"created_at":"2026-11-30T12:08:38.765770Z","updated_at":"2026-11-30T12:08:39.301419Z","deleted_at":null,"version":1},"from":"disponible"}}', '93b1a29e-77ec-4e3a-8a18-83fb528cee3f', 1796040519301419),
(52, X'821F6BC0BD744818936987443165D2E7', 'task_created', 7, '{"task_created":{"task":{"id":7,"uuid":"a01443fa-b103-4c50-90df-6e1f2847cfa0","code":"DEMO-ELIMINADA","title":"Tarea demo que se borra","description":null,"kind":"intervencion","priority":2,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":"Plaza demo","officers":[7],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.305453Z","updated_at":"2026-11-30T12:08:39.305453Z","deleted_at":null,"version":1}}}', '227ac619-a789-4adb-b40b-a6b9ab00ea9e', 1796040519305453),
(53, X'E4DF2492A3A84568B3AD4F8CA7867A9C', 'task_assigned', 7, '{"task_assigned":{"task":{"id":7,"uuid":"a01443fa-b103-4c50-90df-6e1f2847cfa0","code":"DEMO-ELIMINADA","title":"Tarea demo que se borra","description":null,"kind":"intervencion","priority":2,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":"Plaza demo","officers":[7],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.305453Z","updated_at":"2026-11-30T12:08:39.305453Z","deleted_at":null,"version":1},"officers":[7]}}', '227ac619-a789-4adb-b40b-a6b9ab00ea9e', 1796040519305453),
(54, X'B097BF6294FE44A58F3802E2057C3E2C', 'task_deleted', 7, '{"task_deleted":{"task":{"id":7,"uuid":"a01443fa-b103-4c50-90df-6e1f2847cfa0","code":"DEMO-ELIMINADA","title":"Tarea demo que se borra","description":null,"kind":"intervencion","priority":2,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":"Plaza demo","officers":[7],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.305453Z","updated_at":"2026-11-30T12:08:39.309276Z","deleted_at":"2026-11-30T12:08:39.309276Z","version":2}}}', '7af9b1ac-1d95-4d84-acb1-e9de81630c5b', 1796040519309276),
(55, X'9382A41E64C342D291D19E65A21FC225', 'task_updated', 6, '{"task_updated":{"task":{"id":6,"uuid":"d37f66e3-7d1f-48be-a1c2-b49f535abbb0","code":"DEMO-EN-CURSO","title":"Patrulla demo de la plaza","description":null,"kind":"patrullaje","priority":4,"state":"en_curso","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":"2026-11-30T12:08:39.301419Z","finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":"Plaza demo","officers":[1,2],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.298139Z","updated_at":"2026-11-30T12:08:39.301419Z","deleted_at":null,"version":2},"changed":["notas"],"left":[]}}', 'adb971da-7ae1-46c3-ad22-e5949abf197c', 1796040519312068),
(56, X'D2E10D2393F5497E8B12DEA5984D03B6', 'task_updated', 6, '{"task_updated":{"task":{"id":6,"uuid":"d37f66e3-7d1f-48be-a1c2-b49f535abbb0","code":"DEMO-EN-CURSO","title":"Patrulla demo de la plaza","description":null,"kind":"patrullaje","priority":4,"state":"en_curso","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":"2026-11-30T12:08:39.301419Z","finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":"Plaza demo","officers":[1,2],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.298139Z","updated_at":"2026-11-30T12:08:39.301419Z","deleted_at":null,"version":2},"changed":["notas"],"left":[]}}', 'tg-1009', 1796040519318488),
(57, X'14AC77E7D9F249399EF6711D52CF46A5', 'task_created', 8, '{"task_created":{"task":{"id":8,"uuid":"d7174219-d55d-4a31-900d-2ecf4ece60f2","code":"EMG-20261130-0F1K76","title":"Emergencia EMG-20261130-0F1K76","description":"Emergencia demo","kind":"intervencion","priority":5,"state":"programada","scheduled_start":"2026-11-30T12:08:39.366184Z","scheduled_end":null,"started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":null,"officers":[],"awaits_officer":true,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.366184Z","updated_at":"2026-11-30T12:08:39.366184Z","deleted_at":null,"version":1}}}', '21fd58e3-a41b-4787-b010-2009cd197829', 1796040519366184),
(58, X'EE8DDB5A769B45EE8706CA42FADE85DF', 'task_status_changed', 8, '{"task_status_changed":{"task":{"id":8,"uuid":"d7174219-d55d-4a31-900d-2ecf4ece60f2","code":"EMG-20261130-0F1K76","title":"Emergencia EMG-20261130-0F1K76","description":"Emergencia demo","kind":"intervencion","priority":5,"state":"en_curso","scheduled_start":"2026-11-30T12:08:39.366184Z","scheduled_end":null,"started_at":"2026-11-30T12:08:39.366184Z","finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":null,"officers":[4],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.366184Z","updated_at":"2026-11-30T12:08:39.366184Z","deleted_at":null,"version":2},"from":"programada","by":2}}', '21fd58e3-a41b-4787-b010-2009cd197829', 1796040519366184),
(59, X'CA4DE788314E4730883C8BE78A8D6EA8', 'efectivo_status_changed', NULL, '{"officer_status_changed":{"officer":{"id":4,"uuid":"fd6768c2-63f1-41b7-8979-41863db94674","user":10,"given_name":"Demo","family_name":"Agente4","internal_code":"DEMO-04","rank":"Agente","unit":"Demo 1","specialty":"Patrulla","availability":"en_tarea","availability_since":"2026-11-30T12:08:39.366184Z","metadata":{},"created_at":"2026-11-30T12:08:38.772577Z","updated_at":"2026-11-30T12:08:39.366184Z","deleted_at":null,"version":1},"from":"disponible"}}', '21fd58e3-a41b-4787-b010-2009cd197829', 1796040519366184),
(60, X'5001EF6E23324599AF8358FBF0D1A9F5', 'task_assigned', 8, '{"task_assigned":{"task":{"id":8,"uuid":"d7174219-d55d-4a31-900d-2ecf4ece60f2","code":"EMG-20261130-0F1K76","title":"Emergencia EMG-20261130-0F1K76","description":"Emergencia demo","kind":"intervencion","priority":5,"state":"en_curso","scheduled_start":"2026-11-30T12:08:39.366184Z","scheduled_end":null,"started_at":"2026-11-30T12:08:39.366184Z","finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":null,"officers":[4],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.366184Z","updated_at":"2026-11-30T12:08:39.366184Z","deleted_at":null,"version":2},"officers":[4]}}', '21fd58e3-a41b-4787-b010-2009cd197829', 1796040519366184),
(61, X'9082C3C76F4446D9A93ED5E6B10CD878', 'alert', 8, '{"emergency_raised":{"task":{"id":8,"uuid":"d7174219-d55d-4a31-900d-2ecf4ece60f2","code":"EMG-20261130-0F1K76","title":"Emergencia EMG-20261130-0F1K76","description":"Emergencia demo","kind":"intervencion","priority":5,"state":"en_curso","scheduled_start":"2026-11-30T12:08:39.366184Z","scheduled_end":null,"started_at":"2026-11-30T12:08:39.366184Z","finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":null,"officers":[4],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.366184Z","updated_at":"2026-11-30T12:08:39.366184Z","deleted_at":null,"version":2},"assigned":4,"distance_m":431.8351872814724}}', '21fd58e3-a41b-4787-b010-2009cd197829', 1796040519366184),
(62, X'1760D0C007584E738493CBB85AC9EE05', 'task_created', 9, '{"task_created":{"task":{"id":9,"uuid":"3c14c46a-2414-4932-9672-213d818c412e","code":"EMG-20261130-X7XPDH","title":"Emergencia EMG-20261130-X7XPDH","description":"Otra emergencia demo","kind":"intervencion","priority":5,"state":"programada","scheduled_start":"2026-11-30T12:08:39.374776Z","scheduled_end":null,"started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":null,"officers":[],"awaits_officer":true,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.374776Z","updated_at":"2026-11-30T12:08:39.374776Z","deleted_at":null,"version":1}}}', '385f8105-7a46-4f72-8b9a-61503fba8c58', 1796040519374776),
(63, X'22955A76F21E4982B8B136AC2F79001C', 'alert', 9, '{"emergency_raised":{"task":{"id":9,"uuid":"3c14c46a-2414-4932-9672-213d818c412e","code":"EMG-20261130-X7XPDH","title":"Emergencia EMG-20261130-X7XPDH","description":"Otra emergencia demo","kind":"intervencion","priority":5,"state":"programada","scheduled_start":"2026-11-30T12:08:39.374776Z","scheduled_end":null,"started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":null,"officers":[],"awaits_officer":true,"notes":{},"extra":{},"created_at":"2026-11-30T12:08:39.374776Z","updated_at":"2026-11-30T12:08:39.374776Z","deleted_at":null,"version":1},"assigned":null,"distance_m":null}}', '385f8105-7a46-4f72-8b9a-61503fba8c58', 1796040519374776),
(64, X'663C92FB2C494B20920D4809A65B7C7F', 'user_activity', NULL, '{"user_changed":{"user":5,"changed":["verificado"]}}', '5095f845-542b-4aff-8f4d-8d1c96c4841f', 1796040519484637),
(65, X'9D369EDA00FD4A5D9DB8EB0D747DA0D7', 'user_activity', NULL, '{"user_changed":{"user":6,"changed":["eliminado"]}}', 'c7416d76-872c-4fe7-a464-b2b09857a0d8', 1796040519487997),
(66, X'F497786570944E0EB49449FE47E4D290', 'user_activity', NULL, '{"user_changed":{"user":3,"changed":["password"]}}', '0b3d7e7e-fc11-483f-8963-4ed316df036d', 1796040520097300);
INSERT INTO audit_cadena VALUES
(1, 1, X'0AF9912AA31EB3C18F1C9EBF98B30829B4A0B7EEFEA28AA04E28F47AB8D392FF', 1985256517864537, X'8821CCCD6A6D1348AEA20039F8B41B1EC0A04BF6C93914A7A6C66159D137A974'),
(2, 2, X'B2B83BCF03D39881435B6A7B2341EEB02D583567BB9C83AD24B11E9C551116FA', 2111400517947213, X'4E4FDC74B100EF6F09D6C2C184FB6CA83E961BEFEE01FE4EB17358D75041CAB1'),
(3, 3, X'BD0BBF96727892E721CA643C67BE535A1493345AF4ED8CAD186E10A58FE89B7F', 1985256517968183, X'9920A4D21EA0ABC5229FE34DF1FC0151BD2DB7A6646D190F13801D5761FDD00A'),
(4, 4, X'C31D327CABEA7DA61D727B4AA1228E70BE5D4CA5409CC609EC20F3D1D65D1824', 1985256518035237, X'4C140918DD3931CFF743C38B66C89A853FDBF19E588B40ADCBBE05D849A58865'),
(5, 5, X'2ED767383D91A9EA9B3C9055CC3DFBB94401CF6F99AA925544BF3A592FBBB5B3', 1985256518079929, X'47F3E4E847D1543C2F60AABF51649923882BC4B2E8B8262EF8BF3289B2568502'),
(6, 6, X'215A8078B2D5BBA777DF329BAAA35B1CAD1473F77BB556837D3961D4DF29233E', 1985256518147487, X'6A129BC7F5E95D0B3632CD3B80C862D59297FEB95C3581A35FBF42D127BCC59A'),
(7, 7, X'0EB2FAC3E1631C278F1E670C259023FB78E2A27471BE3F61571FA1C98807480C', 1985256518217543, X'DE792DB00BAB3D5D933F48C026E109BAB67249D93B5DC9FB2CA8E27490707DBA'),
(8, 8, X'2CA220F508BC657F492CEBBCC540B4DF25549F5AF0C00ACF9C8E580E044BE7CE', 1985256518259133, X'7BA0AF28BA9C94B6CC43AD4D2E3812C39D8471C7FA3B8562D2AE7F6047897A93'),
(9, 9, X'4751F14424B5FD4CB1D299254E875A127D333DB50A22C5023134EA2C9FED16EB', 1985256518301874, X'249D98D98CB43B76BB207A37F1AC7DE733CF7AF013FFC3DAF5C3703618E43BDD'),
(10, 10, X'5FB9D99C9862F89F1F6A122BD7ED16F841AB8C5D8EB0147B3ED386A039A1BF07', 1985256518366745, X'347C42D7DA9805A890F2AEFCF5F0F70C604A376EB44DBD45EE37172B56567746'),
(11, 11, X'612077AF36028651897786DC0DF8FF77D7FB1FC665F792F69194D96EA683B60F', 1985256518432177, X'DE983E9E01CB38E0B24CC92368964FDD2BD799DB93A282FFF2A6CD5D18EF842E'),
(12, 12, X'D1CFF690797911F8E51BCE34E2DD4216CA9A5C1B58519DD80BD2DF3824390129', 1985256518506993, X'6D767F655A4119B1F9B6D2BC1B9E059DE81CB1928DE422F157649A2B9D1B4B29'),
(13, 13, X'56A80F187CAEBC573F211731BD1B7C36AF4DBD1F0C28EAB10DB3017CAE6D87A3', 1985256518581725, X'A892929757A967A323E7CCAB257C2D2097B6C121F0F8A88E18DB8B79CC46796B'),
(14, 14, X'1A43EE245983A840D8B08277DBE3E329FE92C7499F23C8ED67206AFF98CD4E47', 1985256518618867, X'55987A9BE0F554C79F0FD0667DA87C51D5CDD5609B772F696AB4978BE7D778E2'),
(15, 15, X'E315F1B33D518F329E4F18193CFDAF9F9F1030EEC71B2470F2024E3AF6F67FB0', 1985256518698666, X'622059EC6B9E016AE27DF86636E1C6E2F8D06E5E556B00DBD386025DEA3A2EA0'),
(16, 16, X'F7CF2D7DFEADC65E06B37D41D1DC2B027A0176721200239CED0856FD19971C11', 1985256518748663, X'E6046FF63844E9AB9E009D6463428EC8E293EE8A42E36A70F418FE9220FD06A3'),
(17, 17, X'D41F2633BE4EBBD4710386E3728261CD697ADB28A72F9DBF9327893F6D6FC1CA', 1985256518756686, X'18B3A04DECE939DC41D230FD32DFB663A2919240F6D133AA8604651C319AF50F'),
(18, 18, X'D804101F2EBA0705B99706EB0ED022964668722ECD51286FE236670C7398BF94', 1985256518761245, X'FBAFD4ECA3097927C8AB2521E4218D86365A94781924EE011C6BBF1232D288ED'),
(19, 19, X'737AF2496FCD5246B0232A9F9CAF7797F123E94DB4C3E9023BA9754499C2ED83', 1985256518765770, X'97466FCE34245CE3A29581A3403A4101610AF47939CFAE0F4FC41CC7C7258698'),
(20, 20, X'6B9A85FB86A82E2600576D7935727D3CAD8ABCC3D0176B55B85E97E52D250912', 1985256518769403, X'FC2D673E2564456DBB96B6E32A4E681E1F82B54EE0A4DCC96726332F8D99117B'),
(21, 21, X'E81B834F8E2DD3CE32DE6410D7DCD8F0D269927291FC99595715D2BCABAE4B97', 1985256518772577, X'1B7E2C05F313609A1BD4E28FFE5CFA0DFC12A0E1A3968B5B2B88DBF92FAB3798'),
(22, 22, X'0FC0A07C0E5BECB719B9BC3A21C9062B6F5F044688C34C1484C95C3D5C53B197', 1985256518780758, X'27DB71157796D20973478920836DD8ACBF3300C8615B50EAA405E3C72B2D7718'),
(23, 23, X'47B3D1103EFC8B1254A32DD015DEF76424FF3B82B937F8E35B915579CB61043F', 1985256518787568, X'FCC52C1CBC6F7F9E825EB3D52C062449DA1092208501E4A308CBE9C1D26685C1'),
(24, 24, X'96A837F654415A9870A1D2337CEFA6C24D4FA27057B1F213D967168627AC5D11', 1985256518795233, X'B178F2F460462D53B81DCF656197370783F1303AF25D25A654659647686BF0F6'),
(25, 25, X'ED77DD9DF67BE1B7460E2FC14E10B70ED03AA617FE60AF64AF3FDDC4CFBFAC84', 1985256518798552, X'9A1A726BC0A1B5262E7FDFBE59C171D639FF77CE00EF58AD2638857D3A7D1408'),
(26, 26, X'D454CE5453A61F888BD55C1AB8673B4443F82C1A8C4077A9E8A0C1A179F6A39B', 1985256518844678, X'75556C889F7C7AE56A20886E0F1E599D36C5658B707399886BD93A2C46F2166E'),
(27, 27, X'8F40CCC5035BC4D8A810380F4CB3846BB840D1860DA561050BA4A75491A62656', 1985256518889747, X'DBA14683B075910E55B5F18CCEA50EBBF809AA9C05D769D519E363A2A8EDBE63'),
(28, 28, X'88429E90C3AC9C74F8A9D3154A933592D9391E09A1856E1160691ADE294BC543', 2111400518923278, X'6A176DF56547681B52224DDD27314905A730CFB52F17918A018F40FB8CE35443'),
(29, 29, X'E568BAB39F358B8DC593B604108886DFB60B4B859002EFEC5F8BE26FC61F549A', 2111400518944908, X'CC71AA91F44E901C293A173B8BC6391525A23060EC9DF3DDA71B3B2722FDEF9C'),
(30, 30, X'FF9E20429B0DC5012F2462054BD72B3DE9B9A62D96E4A4679D277E0540BCD275', 2111400519006470, X'4BEB898EACE34455B3D6EA88410375A0DAD979DDA6C1B2FDB207EB078AA9EA49'),
(31, 31, X'A9110C7AAEEF79B06C03AA587E325EDA1078056CA04E74A1239F2C467EFA0258', 2111400519023139, X'CF4AE22140DB78A4FC66102047E5F5FCC7FD53043CF6DCEA0C55F69D03987F59'),
(32, 32, X'8F393F1F7FD41F36C620D6D9B17D8922A9A3C9FF3DA0E59960C111CAFE2C3AC0', 2111400519085097, X'470F44EAFEEAE61ED3587BE879B28BCFD0F35EBD611C6BC827AE70FBA65FF8EA'),
(33, 33, X'7C59FB50FBA92483F9EB4A6D50B059F7BF4DC1EF4FA4293AB4E83974B9BB2D13', 2111400519099207, X'15B6140F9654D282AD084ED29494FCE0373EED8234113637854F14981F7FA43F'),
(34, 34, X'35BE9216055F9C506DA08D2121C2EB1DF2D41D27E162A1DD0905E46A8890A5CB', 1827576519198344, X'73A0F7EC85DDCEDB02EF1C8A008094E8F280D0120AE29501184F8A67EF708B00'),
(35, 35, X'A918A78AB56406EF7F1B36FF283772A6415935A3AB2A91060C54C9776454CE11', 1827576519203577, X'990E61B4A0C2ADC21BB303705FECBCB97BADE9B5329D9985CF82DC58AE84A845'),
(36, 36, X'D4868A4B13AC872EAF96131F27379B17731A19C98B9ED5BF8ABEF3B90C35CC19', 1827576519207427, X'32CFE41D705C9E107DA37CB934B7E043814832596DEAC661640B16F7157D37E7'),
(37, 37, X'5F63FDC12603F7E7EEB685279F1AC677BC0396C9ED8B9EC6D9F78B2E6F83A868', 1827576519210502, X'40B3E43480C89E3F499831BFDFE66BA663362AD56E8EC84B2BA3733B926AC8AC'),
(38, 38, X'A6178644AF3131575C39B45E41BD1E790FF5D5399F4597493C760B765844A186', 1827576519213711, X'1F1342B193489CA25B7CE50E88CB8E5F693F0CB340545730040EB1B0B302AAEE'),
(39, 39, X'1AC3BDBB6255FA47D593B3F12BA169FF235746C834B2E8D8CB657859792AC9FD', 1827576519219051, X'E9F4978CC5BF8DD09C4F876750E1C326BF9BF1094B87D87941E17A92EDD63BF9'),
(40, 40, X'1DD0EB6326F982B60DD3236A5B7ADCA1190D70439B61B971B7661CDDF269D626', 1827576519222071, X'49E576708465F2C063CBA62461C5E3F99A1D51642D0E4822A8D4BEFE549891A5'),
(41, 41, X'B3ECF47BD5A0FAE6912FC8E0115D0A7192F1B36C08E542D42C455ACCC8209344', 1827576519225966, X'38012E4D28226E863B2B667E217CCFA2598C4CE4BAC5CD1C3D6240B41ABF461C'),
(42, 42, X'9ADB1BA7205675634C192C8517F188A3DD17ECA8CFF74E2D0C45E05745895581', 1985256519228254, X'892DD9F2FFC4D4E5C7790C878BE3D663AADBD10BAF1DE7E080D6E35C5E8EC356'),
(43, 43, X'F42B3B95D0374E4623AAD954E5134B021B0A2055B1951AA3FA1C4B78FBAD2E8B', 1985256519232175, X'7BC4816ED77E45162C43AD5BBFBC52521EFE874EFDF745CA91F2AEF365DBAAA9'),
(44, 44, X'C85DF2729BA0FE298DFC19DBDAE67DAA15DF93C033E106704CAA1BB9C55FC645', 1985256519235282, X'1AF980B8A8AA3226403CF6C88278B0DBE290ABA512BAA2D20B74CD89A9376B47'),
(45, 45, X'EA71B4F33CB0E8E045A97685E70EE340A824790C02030B31DED1EDF766BA523C', 1985256519240028, X'BC40F5288A51A8B35B2C8293D0E2A524CB6CE1C04557EAF3E950AFAA860B9F1C'),
(46, 46, X'158DF8321D92577233A81E2F8DDCF03D332884A48C971C572C2972D2E15D4458', 1985256519240028, X'13BFE301D1FD2B5A197B99170EB9AD9797D3FC4001CD249AA69D4EB575612203'),
(47, 47, X'BCB8A3DB63E25B6488344BD96CBE887FE102578461509EEB206CC1273B9EC120', 1985256519244496, X'88943A4B35B61F3A17D35F564D3E6129D0381504F44E69E755A48588AC115106'),
(48, 48, X'0EC1F521A9573C91E9FB0E6A0B7239430EC3D6E152332CC895CFBC9337AAE145', 1985256519244496, X'FFC6C4F4FE668726220DE2E8551D13E5BAB2D1BAEFCF040721FA80320EBF6009'),
(49, 49, X'4EEC81388BF94FD49BD2A2F4719946F535B47DACB555D30E1B77C5AC5D7B0503', 1985256519248221, X'BFA6256E7694BFB3DA625464DE14E890BAD28D006E832F0D6C768ABF62476286'),
(50, 50, X'89F64C7A827F47669811444066D7445D074D5FEE3C65E8B2BD2752A83FB4E576', 1985256519254218, X'44BA557C02FD294A7003DAE44E9B36C12282A4D9733402D730557F866DC5E4C7'),
(51, 51, X'30441DA5FCE7901EA258902B18112FE95DC7BAC9CF7DE2DC6D55322A2537113C', 1985256519260952, X'756898A1FF000CB804351936BB1603B7C70F9820392C921D31DD7BFBD721A12F'),
(52, 52, X'D400E9A8FBA4B5B8A95E8D5FB4AED7DB564417152F8E53F78CC3483D28EE9384', 1985256519267490, X'4002C08F1645B8CA518355799BF15DEF2DD5625ED01AD2CB34B8C2E3F28F62CB'),
(53, 53, X'763C775255E9AFAB4AA7328AAA3FF62201614AED2281F5BAC8DD5D155EAA0AE6', 1985256519271841, X'1F0A0AFEB39D6F5C63B3439E3459A86BA7B619AA4ADE0B51A7AF256C6ABB7859'),
(54, 54, X'FA8502E9454E60C09190C540F4E2D0D437339F22A3476DC50D61D047DD316969', 1985256519271841, X'DCBBC3E4E2148D3289CE404CEAE52D089DEEB2BD5094210EF6B9DA1B9A3E6C93'),
(55, 55, X'96BDA3C83ED3B4421BE87E3FE8FEB987F0E101A7168439828C255C0D62B31861', 1985256519276199, X'2AF0CBB59CB9CF972350FDE32A9093ACB1215560F531E04FECD540D2953A9639'),
(56, 56, X'1056FB2FE341A853605C9BC4DE930586A38C10C98F1D1692101D23BECDFD0CC2', 1985256519283264, X'16B305014145A81712802C6A2E8FD303D347A8C4B7D2CE00CC6E7A90253D4E26'),
(57, 57, X'A1F5B9061CB07F9C0DCCE7213D76B2EB2FD2B85EBE4FB8A95C719981A3F2289A', 1985256519283264, X'2843CAA47D3BCD7B1E95BC6F25D980EAB81ADFBB956BC6F2BB39E04F733CA26A'),
(58, 58, X'B506CAD7035C98EEC289A76F058E1CAB31C54C6C2E822495788B83891AA02F3E', 1985256519291231, X'5CB09C5BD5105A154C296DF6AED0404CD3C9BFBCBF119C8BA693ABC2E46BBAC4'),
(59, 59, X'D0BD8438B9208C9D9E28A1FA1767C31A274113D106C375E5E043FCED3F863F9B', 1985256519295189, X'74F1BE389ABE30768E7F49CAE82DE6DFB430FB9E0E57A47C02517EF5AA8D6F9F'),
(60, 60, X'1360C3AD34BF88585D88F16EBC4B9F728C06B9FFC55ED65A9A597BFB0BEC757B', 1985256519298139, X'95CCF6315B114C594ADBBC31118FEF046BF06135EECC1D0669DC1801B9707121'),
(61, 61, X'0E079DC91B119667B5180EC52F82A78C0D07A43F0F855F32CD95A8698898859F', 1985256519298139, X'E6EAA8D1F516611398A65D8E4E8DBA61F2B55193DE03B32C5C12458D002BA3A2'),
(62, 62, X'2093247875419D8F7F713CE889C0121600EED792CCA8B235A9FCA6D99C326B43', 1985256519301419, X'DCC5CD423FF316A30172FBA33216CD80DBB24F5CABCF8C5DB643E270FDE1BB01'),
(63, 63, X'58195DB10B42B99477EF39510723556F6DD37B6F4098044353B1C70803716D9E', 1985256519305453, X'C78CBA34FB07092BE654B20DD223DE8CBB0930ED86CCA778615D9F4650F0CB78'),
(64, 64, X'A6FF793E59B83996522164B184D2978B709E461BD9461CAC50FE8C29D37BDE16', 1985256519305453, X'A865CE9A7B53BC9EF3C467AF3A6914C77B8EF838FA397C5E37AEE68F6B121832'),
(65, 65, X'05907ACACA978D2D756B709035C234114C107F0232C4214174D25369460CB31C', 2111400519309276, X'BFA513E3A52579C48F0B7FC57232E72A409ADDD74F744249FA80134C7D725AF8'),
(66, 66, X'25FADAE3036F9C6DEFB708798DBCE89A3FE0F70A38A280B1F85B813077E4B22F', 1985256519312068, X'CFB54BB0F409239D6EC80C0FADBC7DB899E45791E2B1502670E08F15BF156C02'),
(67, 67, X'30101FE25DD42C6E1A5DEC7A8F05F7E39576E970D9BD6CE324AE83317BEA5715', 1985256519318488, X'5020E8D3B67BEC47F454A17BB3A5644DEE563E80C5F07CFBB60850C631850B25'),
(68, 68, X'2535CF090C1E79D6E6334B7D11656E8410D7BBD167EDE6AD7FA4742874AF0FDE', 1985256519366184, X'8BF68D5409FEEE1C4A58514157D0EA0948B282B6FB051D22AB2BAB872E388131'),
(69, 69, X'77F9D9D096B546E3BA457235189A204A3D35789A9A68CDBA29A71E063FA73E99', 1985256519366184, X'EAD5561C1A00ECB32613BDF27C00B87FD2346071ACC231E81D7FBA9CB9052229'),
(70, 70, X'599889EA6FEB9E799576EF4D7C8E02E17D1A0072E26CC310F66D70DA62474EC3', 2111400519366184, X'C313585A029F3E60C1459C1EB6D4E6DBDC8D584B38D4B9C26568638560C80DEB'),
(71, 71, X'5591F46214E72064781CD78522FEABE4CA18F51B4CE1BB8EE63EA73C4F3CAB4B', 2111400519374776, X'CCA60261F9D6A55D679FD3329017B8D8376E4B6EC4A2755E17FC8F100EBB4318'),
(72, 72, X'A7ECC37E50E5B1E9CB81A346251552CC90B44162A2C4BA56DBD4F946E7F3CDC6', 2111400519480125, X'6529E198AD8ACB4D8DD33307D40E116199F283DF5533032EDCA885E5165BBAEA'),
(73, 73, X'A562AFD93DB967BC59D8C3BEB3097DCC76F632E5ECD8817C0749373FFDA2C3CE', 2111400519484637, X'72198E6B8AE50FE4D3395D36CEC94F0C6A763163E446957D42DC9BF093C22B79'),
(74, 74, X'0031C9C3C5D4B28FF079BA5D0C2C85747522A957054604EE77DB9A847570B5CB', 2111400519487997, X'F550BCD3D05C9988BDF7761A95137D1A6C5CFD03D3DB184DB36F99E403E92083'),
(75, 75, X'C831EBE8EC3BA038E114D96110B83CB782120B29F4B24A4EB3E5F76A3FB7E094', 1985256519530703, X'7FB41371C815038878622ED143960D40CBACE9596782D990456CDEC3CDE498C1'),
(76, 76, X'F42C5B258C8FCC10DC01AE542A5D103E7FD4875681F33506A1B1CA870E0DAD1D', 1827576519540058, X'ACDB4C421A0E4F3F99BFF54663779B518B9FBC0E02459EB40346BD95995A462D'),
(77, 77, X'8873A9A4A5B8DCDC8A765A4EFB119D33E2BA1AA39D880E58E9BB9C6F5D083B39', 1827576519542930, X'9EB2A09428747F4EB6695C2C11BD060832B833C6A8C5C6CBC78652437AFD6ADA'),
(78, 78, X'559A2E130E9532347B9189EB8FC35E99374EAA81B34FA0D70DC3D694480A8467', 2111400519587650, X'BDE5814F9402ED097DF18E5CA7654BEBE71448812EA625228AC5932D0717E14D'),
(79, 79, X'FA08C5EF2BBB6A8552EE6938E0CFB33E34D630B4C8A53F79CB78729EA0C0DD35', 2111400519634545, X'3004CE5176111DFD7B5614C45BC3C7E5456AD83A1A34DBB3180D65B4BCD4761C'),
(80, 80, X'BA69C93AF1E2CE58E051B01A1F1235BA23C570D139EEBC43A89244ABBC05FD5A', 2111400519670549, X'7CC65B0E831260CC73C4ADD8DD01DFC455EEA053DA480DF6D5831BD01E0B3926'),
(81, 81, X'0FEACBF7D5D7B2722D090EE50936AFDA74BDA7DE1F8D91B04E541759A3280D79', 2111400519710944, X'0C38D06EBCDBE8A2EC5A960D7F1B76C7923DB2C65CC100AFC052C91DEBD0F136'),
(82, 82, X'A201C1091BB7D320F36DF805259B21561C1DD19B73123B31E05730DD27FB09E9', 2111400519754455, X'FA9833AEB725EF00D813FED6B7301806479C343CA2BDB2B6CF117BA342ECBA01'),
(83, 83, X'2C05745DAAC2CE42648872A1CE83E3B81F760DE3C8E0163ADBF8AA4F280BAD07', 2111400519790810, X'91AB943895701E81FF5B765858DCF467EA141C241D01AD7546822C51B99A6E12'),
(84, 84, X'8F386884B6DB087DFF4E8B944C1D08C96D54EB23FDD444FA9E2A7DB1CA44A487', 1985256520097300, X'B11C384906CD47C9CD696C3B029C37DB7C0B8D25CBE425655D488C79AEF4D12B');
INSERT INTO audit_puntos VALUES
(1, 1, '{"anterior":"0000000000000000000000000000000000000000000000000000000000000000","cadena":"8821cccd6a6d1348aea20039f8b41b1ec0a04bf6c93914a7a6c66159d137a974","clave":"5b41b304dfd6052c","creado_en":"2026-11-30T12:08:37.948098Z","formato":"gad-audit-punto-v1","lineas":1,"numero":1,"raiz":"2ac597a28350c622250e01c64a554442aacd84e8e7a25c937efedadcc461df09"}', X'3EAE78D1AA455DE6D398C5DCBBB09D1707F0FBBAE2E8A0CECAB10F1E2425760A05BDFE3CBA8E8E4972629AFA9A85E639CFF35262F9CAF2825DB4A2FD1C313905', X'2AC597A28350C622250E01C64A554442AACD84E8E7A25C937EFEDADCC461DF09'),
(2, 83, '{"anterior":"7b5faf6eca4378b3dc2dbe88101a75b0972edc29c55fa705a3c9a1df298b5ae9","cadena":"91ab943895701e81ff5b765858dcf467ea141c241d01ad7546822c51b99a6e12","clave":"5b41b304dfd6052c","creado_en":"2026-11-30T12:08:39.964489Z","formato":"gad-audit-punto-v1","lineas":83,"numero":2,"raiz":"f754b3fe48e883d17a540181514284edd99b37bbd37944192e9a8b9f5b72f70d"}', X'8684FFE724E186E6F35CF24654A1388A90917008544D736EA4BC6FEED9FCFD1A34D05A9BF874C379B204B3F7118D8CD3B936506A1F2C575BB45A877EFF0CED08', X'6C78D5386C0BAEDCD3FFC7F4A284CAABA6DA4A3913FEE04594BD6CF8CB625252731CEBF5AB44BD586187B668A55F647F41BFDE49C766D490ECA5E988304AB2B0B03EB74B805689CC0E13B6E71F740813AF1840CD66D7E8FDE0A47C0BAC748C34ABD356E823A2DB94A8A45DB2A51864F00B2A49BFB5B1F5E18683C4A6730BA423');
INSERT INTO audit_claves VALUES
(1, '{"anterior":null,"clave":"5b41b304dfd6052c","creada_en":"2026-11-30T12:08:37.947213Z","formato":"gad-audit-clave-v1","numero":1,"publica":"7ea0e3bd52e207c9d3b0eba65c0704e66fca2d8e165a175218b174fc4160e413"}', X'4B4A8CF6FC20781EA49D05C154B0BF9F254A660D56A0965FAC3CB8A0D2E8EE484750162169A09F2E138B66861F282D8CCB01DB4C0545570EB509E988B933230D', NULL);
INSERT INTO intentos_ingreso VALUES
(1, '127.0.0.1', 0, NULL, 1796040517968183, 1796040517968183),
(2, '127.0.0.1', 0, NULL, 1796040518889747, 1796040518889747),
(3, '127.0.0.1', 0, NULL, 1796040519530703, 1796040519530703),
(4, '127.0.0.1', 5, 1796042319754455, NULL, 1796040519754455),
(7, '127.0.0.1', 0, NULL, 1796040518844678, 1796040518844678);
INSERT INTO telegram_actualizaciones VALUES
(1001, 770001, 1796040518939789, '{"message":{"chat":{"first_name":"Demo","id":770001,"type":"private"},"date":1796040518,"from":{"first_name":"Demo","id":770001,"is_bot":false,"language_code":"es"},"message_id":1,"text":"/vincular M4TYXSGP12"},"update_id":1001}', 0, 1796040518939789, 1796040518950379, NULL),
(1003, 770002, 1796040519019988, '{"message":{"chat":{"first_name":"Demo","id":770002,"type":"private"},"date":1796040519,"from":{"first_name":"Demo","id":770002,"is_bot":false,"language_code":"es"},"message_id":3,"text":"/vincular 046QSGN6CD"},"update_id":1003}', 0, 1796040519019988, 1796040519025671, NULL),
(1005, 770009, 1796040519096142, '{"message":{"chat":{"first_name":"Demo","id":770009,"type":"private"},"date":1796040519,"from":{"first_name":"Demo","id":770009,"is_bot":false,"language_code":"es"},"message_id":5,"text":"/vincular 0000000000"},"update_id":1005}', 0, 1796040519096142, 1796040519100368, NULL),
(1007, 770001, 1796040519146485, '{"message":{"chat":{"first_name":"Demo","id":770001,"type":"private"},"date":1796040519,"from":{"first_name":"Demo","id":770001,"is_bot":false,"language_code":"es"},"message_id":7,"text":"/idioma en"},"update_id":1007}', 0, 1796040519146485, 1796040519150060, NULL),
(1009, 770001, 1796040519315018, '{"message":{"chat":{"first_name":"Demo","id":770001,"type":"private"},"date":1796040519,"from":{"first_name":"Demo","id":770001,"is_bot":false,"language_code":"es"},"message_id":9,"voice":{"duration":2,"file_id":"demo-voice-1","file_size":3,"file_unique_id":"demo-v-1","mime_type":"audio/ogg"}},"update_id":1009}', 0, 1796040519315018, 1796040519320672, NULL),
(1011, 770002, 1796040519378786, '{"callback_query":{"chat_instance":"1","data":"menu:crear:start","from":{"first_name":"Demo","id":770002,"is_bot":false,"language_code":"es"},"id":"11","message":{"chat":{"first_name":"Demo","id":770002,"type":"private"},"date":1796040519,"message_id":10,"text":"…"}},"update_id":1011}', 0, 1796040519378786, 1796040519381751, NULL),
(1013, 770002, 1796040519429226, '{"callback_query":{"chat_instance":"1","data":"crear:tipo:OPERATIVO","from":{"first_name":"Demo","id":770002,"is_bot":false,"language_code":"es"},"id":"13","message":{"chat":{"first_name":"Demo","id":770002,"type":"private"},"date":1796040519,"message_id":12,"text":"…"}},"update_id":1013}', 0, 1796040519429226, 1796040519432709, NULL);
INSERT INTO telegram_chats VALUES
(770001, NULL, NULL, NULL, 'en', NULL, NULL, NULL, NULL),
(770002, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
(770009, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO telegram_dialogos VALUES
(770002, 770002, 2, '{"asistente":{"code":null,"delegate":null,"kind":"OPERATIVO","officers":[],"officers_chosen":false,"step":"entering_code","title":null},"dialogo":"create"}', 1796042319432709);
INSERT INTO telegram_mensajes VALUES
(1, 770001, 1, 'sendMessage', '{"chat_id":770001,"link_preview_options":{"is_disabled":true},"parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"callback_data":"menu:finalizar:start","text":"✅ Completar Tarea"}],[{"callback_data":"menu:tareas:list:mis","text":"📋 Ver Mis Tareas"}],[{"callback_data":"menu:tareas:search","text":"🔎 Buscar Tareas"}],[{"callback_data":"menu:emergencia","text":"🚨 Emergencia"}],[{"callback_data":"menu:ayuda:general","text":"❓ Centro de Ayuda"}]]},"text":"Listo, <b>Demo</b>: esta cuenta quedó vinculada. ¿Qué desea hacer?"}', NULL, NULL, NULL, NULL, 1796040518950379, 1796040518950379, 0, 1796040518954321, 2, NULL, NULL),
(2, 770002, 1, 'sendMessage', '{"chat_id":770002,"link_preview_options":{"is_disabled":true},"parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"callback_data":"menu:crear:start","text":"➕ Crear Nueva Tarea"}],[{"callback_data":"menu:finalizar:start","text":"✅ Completar Tarea"}],[{"callback_data":"menu:tareas:list:mis","text":"📋 Ver Mis Tareas"}],[{"callback_data":"menu:tareas:search","text":"🔎 Buscar Tareas"}],[{"callback_data":"menu:emergencia","text":"🚨 Emergencia"}],[{"callback_data":"menu:cerca","text":"🧭 Quién Está Cerca"}],[{"callback_data":"menu:reporte","text":"📊 Reporte del Día"}],[{"callback_data":"menu:ayuda:general","text":"❓ Centro de Ayuda"}]]},"text":"Listo, <b>Demo</b>: esta cuenta quedó vinculada. ¿Qué desea hacer?"}', NULL, NULL, NULL, NULL, 1796040519025671, 1796040519025671, 0, 1796040519028877, 4, NULL, NULL),
(3, 770009, 1, 'sendMessage', '{"chat_id":770009,"link_preview_options":{"is_disabled":true},"parse_mode":"HTML","text":"Ese código no vale: puede estar mal escrito, vencido o usado. Pida otro a su administrador y escriba /vincular CÓDIGO.\n\nPara seguir: /start"}', NULL, NULL, NULL, NULL, 1796040519100368, 1796040519100368, 0, 1796040519103757, 6, NULL, NULL),
(4, 770001, 1, 'sendMessage', '{"chat_id":770001,"link_preview_options":{"is_disabled":true},"parse_mode":"HTML","text":"From now on I speak English."}', NULL, NULL, NULL, NULL, 1796040519150060, 1796040519150060, 0, 1796040519153439, 8, NULL, NULL),
(5, 770001, 1, 'sendMessage', '{"chat_id":770001,"link_preview_options":{"is_disabled":true},"parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"callback_data":"tarea:nota:6","text":"📝 Leave a note"},{"callback_data":"tarea:ver:6","text":"📄 See the task"}]]},"text":"📝 Kept with <code>DEMO-EN-CURSO</code>."}', NULL, NULL, NULL, NULL, 1796040519320672, 1796040519320672, 0, 1796040519326167, 10, NULL, NULL),
(6, 770002, 1, 'answerCallbackQuery', '{"callback_query_id":"11"}', NULL, NULL, NULL, NULL, 1796040519381751, 1796040519381751, 0, 1796040519385455, NULL, NULL, NULL),
(7, 770002, 1, 'editMessageText', '{"chat_id":770002,"link_preview_options":{"is_disabled":true},"message_id":10,"parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"callback_data":"crear:tipo:OPERATIVO","text":"🛡 Operativo"}],[{"callback_data":"crear:tipo:ADMINISTRATIVO","text":"🗂 Administrativo"}],[{"callback_data":"crear:tipo:EMERGENCIA","text":"🚨 Emergencia"}],[{"callback_data":"crear:cancel","text":"❌ Cancelar"}]]},"text":"<b>[Paso 1/6]</b> ▰▱▱▱▱▱\n<i>paso 1 de 6</i>\n¿De qué tipo es la tarea?"}', NULL, NULL, NULL, NULL, 1796040519381751, 1796040519381751, 0, 1796040519385455, 10, NULL, NULL),
(8, 770002, 1, 'answerCallbackQuery', '{"callback_query_id":"13"}', NULL, NULL, NULL, NULL, 1796040519432709, 1796040519432709, 0, 1796040519436254, NULL, NULL, NULL),
(9, 770002, 1, 'editMessageText', '{"chat_id":770002,"link_preview_options":{"is_disabled":true},"message_id":12,"parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"callback_data":"crear:back:2","text":"⬅️ Atrás"}],[{"callback_data":"crear:cancel","text":"❌ Cancelar"}]]},"text":"<b>[Paso 2/6]</b> ▰▰▱▱▱▱\n<i>paso 2 de 6</i>\nEscriba el código, por ejemplo <code>OPE-2025-001</code> (3 a 20 letras, cifras, «-» o «_»)."}', NULL, NULL, NULL, NULL, 1796040519432709, 1796040519432709, 0, 1796040519436254, 12, NULL, NULL),
(10, 770001, 2, 'sendMessage', '{"chat_id":770001,"link_preview_options":{"is_disabled":true},"parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"callback_data":"tarea:aceptar:3","text":"✅ Accept"},{"callback_data":"tarea:rechazar:3","text":"✖️ Decline"}],[{"callback_data":"tarea:ver:3","text":"📄 See the task"}]]},"text":"📌 <b>You have a new task</b>\n\n<b>Entrenamiento demo</b>\n<code>DEMO-FINALIZADA</code> · entrenamiento\nState: <b>scheduled</b> · Priority: medium\nStart: 01/12/2026 09:00 · Officers: 1"}', NULL, NULL, 'ev:7f849f60-95b7-4e3a-a636-5ea60aadb5c9:32:770001', 'tarea:3', 1796040519473693, 1796040519473693, 0, NULL, NULL, NULL, NULL),
(11, 770002, 2, 'sendMessage', '{"chat_id":770002,"link_preview_options":{"is_disabled":true},"parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"callback_data":"tarea:ver:3","text":"📄 Ver la tarea"}]]},"text":"🔄 Otra persona la pasó a <b>en curso</b>\n\n<b>Entrenamiento demo</b>\n<code>DEMO-FINALIZADA</code> · entrenamiento\nEstado: <b>en curso</b> · Prioridad: media\nInicio: 01/12/2026 09:00 · Efectivos: 1"}', NULL, NULL, 'ev:7f849f60-95b7-4e3a-a636-5ea60aadb5c9:33:770002', 'tarea:3', 1796040519473693, 1796040519473693, 0, NULL, NULL, NULL, NULL),
(12, 770002, 2, 'sendMessage', '{"chat_id":770002,"link_preview_options":{"is_disabled":true},"parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"callback_data":"tarea:ver:3","text":"📄 Ver la tarea"}]]},"text":"🔄 Otra persona la pasó a <b>pausada</b>\n\n<b>Entrenamiento demo</b>\n<code>DEMO-FINALIZADA</code> · entrenamiento\nEstado: <b>pausada</b> · Prioridad: media\nInicio: 01/12/2026 09:00 · Efectivos: 1"}', NULL, NULL, 'ev:7f849f60-95b7-4e3a-a636-5ea60aadb5c9:35:770002', 'tarea:3', 1796040519473693, 1796040519473693, 0, NULL, NULL, NULL, NULL),
(13, 770002, 2, 'sendMessage', '{"chat_id":770002,"link_preview_options":{"is_disabled":true},"parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"callback_data":"tarea:ver:3","text":"📄 Ver la tarea"}]]},"text":"🔄 Otra persona la pasó a <b>en curso</b>\n\n<b>Entrenamiento demo</b>\n<code>DEMO-FINALIZADA</code> · entrenamiento\nEstado: <b>en curso</b> · Prioridad: media\nInicio: 01/12/2026 09:00 · Efectivos: 1"}', NULL, NULL, 'ev:7f849f60-95b7-4e3a-a636-5ea60aadb5c9:36:770002', 'tarea:3', 1796040519473693, 1796040519473693, 0, NULL, NULL, NULL, NULL),
(14, 770002, 2, 'sendMessage', '{"chat_id":770002,"link_preview_options":{"is_disabled":true},"parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"callback_data":"tarea:ver:3","text":"📄 Ver la tarea"}]]},"text":"🔄 Otra persona la pasó a <b>finalizada</b>\n\n<b>Entrenamiento demo</b>\n<code>DEMO-FINALIZADA</code> · entrenamiento\nEstado: <b>finalizada</b> · Prioridad: media\nInicio: 01/12/2026 09:00 · Efectivos: 1"}', NULL, NULL, 'ev:7f849f60-95b7-4e3a-a636-5ea60aadb5c9:37:770002', 'tarea:3', 1796040519473693, 1796040519473693, 0, NULL, NULL, NULL, NULL),
(15, 770001, 2, 'sendMessage', '{"chat_id":770001,"link_preview_options":{"is_disabled":true},"parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"callback_data":"tarea:aceptar:6","text":"✅ Accept"},{"callback_data":"tarea:rechazar:6","text":"✖️ Decline"}],[{"callback_data":"tarea:mapa:6","text":"🗺 See on the map"}],[{"callback_data":"tarea:ver:6","text":"📄 See the task"}]]},"text":"📌 <b>You have a new task</b>\n\n<b>Patrulla demo de la plaza</b>\n<code>DEMO-EN-CURSO</code> · patrullaje\nState: <b>scheduled</b> · Priority: urgent\nStart: 01/12/2026 09:00 · Officers: 2\n📍 Plaza demo"}', NULL, NULL, 'ev:7f849f60-95b7-4e3a-a636-5ea60aadb5c9:48:770001', 'tarea:6', 1796040519473693, 1796040519473693, 0, NULL, NULL, NULL, NULL),
(16, 770002, 2, 'sendMessage', '{"chat_id":770002,"link_preview_options":{"is_disabled":true},"parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"callback_data":"tarea:mapa:6","text":"🗺 Ver en el mapa"}],[{"callback_data":"cerca:tarea:6","text":"🧭 Quién está cerca"}],[{"callback_data":"tarea:ver:6","text":"📄 Ver la tarea"}]]},"text":"🔄 Otra persona la pasó a <b>en curso</b>\n\n<b>Patrulla demo de la plaza</b>\n<code>DEMO-EN-CURSO</code> · patrullaje\nEstado: <b>en curso</b> · Prioridad: urgente\nInicio: 01/12/2026 09:00 · Efectivos: 2\n📍 Plaza demo"}', NULL, NULL, 'ev:7f849f60-95b7-4e3a-a636-5ea60aadb5c9:49:770002', 'tarea:6', 1796040519473693, 1796040519473693, 0, NULL, NULL, NULL, NULL);
INSERT INTO codigos_de_vinculo VALUES
(X'FC83E9175C0E99149E4EFB25F26146EEDDBEE623A2F2620E25A64D5B0A3DB3E4', 7, NULL, 1796040518923278, 1796126918923278, 1796040518944908, 770001),
(X'A0EBC0B920E780B7C1434E82497C7122CEFA50746D256CD82A9CEC8DDC86E930', 2, NULL, 1796040519006470, 1796126919006470, 1796040519023139, 770002),
(X'75828824B7B145A939CE143F0C4895CC256385E67F5CC4E56A9510779AC2C927', 13, NULL, 1796040519085097, 1796126919085097, NULL, NULL);
INSERT INTO intentos_de_vinculo VALUES
(1, 770009, 1796040519099207);
INSERT INTO arriendos VALUES
('telegram-avisos', NULL, 1796040525913755, '{"leido":"7f849f60-95b7-4e3a-a636-5ea60aadb5c9:63","vencidas_hasta":"2026-11-30T12:08:37.914141Z"}'),
('telegram-lectura', NULL, 1796040525921147, NULL),
('telegram-envio', NULL, 1796040525943723, NULL);
INSERT INTO notas_de_tarea VALUES
(1, 6, 2, 'texto', 'Nota demo: va otro móvil', NULL, NULL, NULL, NULL, 1796040519312068),
(2, 6, 7, 'voz', NULL, 'demo-voice-1', 'demo-v-1', 'audio/ogg', 3, 1796040519318488);
INSERT INTO sqlite_sequence VALUES
('usuarios', 15),
('eventos', 66),
('audit_logs', 84),
('efectivos', 8),
('telegram_mensajes', 16),
('intentos_de_vinculo', 1),
('tareas', 9),
('historial_estados', 18);
CREATE UNIQUE INDEX uq_usuarios_uuid ON usuarios (uuid);
CREATE UNIQUE INDEX uq_usuarios_dni ON usuarios (dni) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX uq_usuarios_email ON usuarios (email_plegado) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX uq_usuarios_telegram_id ON usuarios (telegram_id) WHERE deleted_at IS NULL;
CREATE INDEX ix_usuarios_nivel ON usuarios (nivel) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX uq_efectivos_uuid ON efectivos (uuid);
CREATE UNIQUE INDEX uq_efectivos_usuario_id ON efectivos (usuario_id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX uq_efectivos_codigo_interno ON efectivos (codigo_interno) WHERE deleted_at IS NULL;
CREATE INDEX ix_efectivos_usuario ON efectivos (usuario_id);
CREATE INDEX ix_efectivos_estado ON efectivos (estado_disponibilidad, unidad) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX uq_tareas_uuid ON tareas (uuid);
CREATE UNIQUE INDEX uq_tareas_codigo ON tareas (codigo);
CREATE INDEX ix_tareas_delegado ON tareas (delegado_usuario_id, estado, created_at);
CREATE INDEX ix_tareas_estado ON tareas (estado, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_tareas_activas ON tareas (id) WHERE estado IN ('programada', 'en_curso', 'pausada') AND deleted_at IS NULL;
CREATE INDEX ix_tareas_created_at ON tareas (created_at);
CREATE INDEX ix_tareas_esperan ON tareas (created_at, id) WHERE espera_efectivo = 1 AND deleted_at IS NULL;
CREATE INDEX ix_tareas_tipo ON tareas (tipo, prioridad, estado);
CREATE INDEX ix_tareas_terminadas ON tareas (tipo, prioridad, coalesce(fin_real, updated_at))
    WHERE estado IN ('finalizada', 'cancelada') AND deleted_at IS NULL;
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
CREATE TRIGGER tareas_rtree_al_crear AFTER INSERT ON tareas
WHEN new.ubicacion_lat IS NOT NULL
BEGIN
    INSERT INTO tareas_rtree
    VALUES (new.id, new.ubicacion_lat, new.ubicacion_lat, new.ubicacion_lon, new.ubicacion_lon);
END;
CREATE TRIGGER tareas_rtree_al_mover AFTER UPDATE OF ubicacion_lat, ubicacion_lon ON tareas
WHEN new.ubicacion_lat IS NOT old.ubicacion_lat OR new.ubicacion_lon IS NOT old.ubicacion_lon
BEGIN
    DELETE FROM tareas_rtree WHERE id = old.id;
    INSERT INTO tareas_rtree
    SELECT new.id, new.ubicacion_lat, new.ubicacion_lat, new.ubicacion_lon, new.ubicacion_lon
    WHERE new.ubicacion_lat IS NOT NULL;
END;
CREATE TRIGGER tareas_fts_al_crear AFTER INSERT ON tareas
BEGIN
    INSERT INTO tareas_fts (rowid, busqueda) VALUES (new.id, new.busqueda);
END;
CREATE TRIGGER tareas_fts_al_cambiar AFTER UPDATE OF busqueda ON tareas
WHEN new.busqueda <> old.busqueda
BEGIN
    INSERT INTO tareas_fts (tareas_fts, rowid, busqueda) VALUES ('delete', old.id, old.busqueda);
    INSERT INTO tareas_fts (rowid, busqueda) VALUES (new.id, new.busqueda);
END;
CREATE INDEX ix_historial_tarea ON historial_estados (tarea_id, id);
CREATE INDEX ix_posiciones_disponibles ON posiciones_actuales (medida_en) WHERE disponible = 1;
CREATE TRIGGER posiciones_disponible_al_cambiar AFTER UPDATE OF estado_disponibilidad, deleted_at ON efectivos
WHEN (old.estado_disponibilidad = 'disponible' AND old.deleted_at IS NULL)
    IS NOT (new.estado_disponibilidad = 'disponible' AND new.deleted_at IS NULL)
BEGIN
    UPDATE posiciones_actuales
    SET disponible = (new.estado_disponibilidad = 'disponible' AND new.deleted_at IS NULL)
    WHERE efectivo_id = new.id;
END;
CREATE TRIGGER posiciones_rtree_al_crear AFTER INSERT ON posiciones_actuales
BEGIN
    INSERT INTO posiciones_rtree
    VALUES (new.efectivo_id, new.lat - 0.001, new.lat + 0.001,
            new.lon + (1 - new.disponible) * 1000 - 0.001, new.lon + (1 - new.disponible) * 1000 + 0.001);
END;
CREATE TRIGGER posiciones_rtree_al_mover AFTER UPDATE OF lat, lon, disponible ON posiciones_actuales
WHEN NOT EXISTS (
    SELECT 1 FROM posiciones_rtree
    WHERE id = new.efectivo_id AND new.lat BETWEEN lat_min AND lat_max
        AND new.lon + (1 - new.disponible) * 1000 BETWEEN lon_min AND lon_max)
BEGIN
    UPDATE posiciones_rtree
    SET lat_min = new.lat - 0.001, lat_max = new.lat + 0.001,
        lon_min = new.lon + (1 - new.disponible) * 1000 - 0.001,
        lon_max = new.lon + (1 - new.disponible) * 1000 + 0.001
    WHERE id = new.efectivo_id;
END;
CREATE TRIGGER posiciones_rtree_al_borrar AFTER DELETE ON posiciones_actuales
BEGIN
    DELETE FROM posiciones_rtree WHERE id = old.efectivo_id;
END;
CREATE INDEX ix_sesiones_usuario ON sesiones (usuario_id);
CREATE INDEX ix_sesiones_fin ON sesiones (coalesce(revocada_en, expira_en));
CREATE UNIQUE INDEX uq_tokens_refresco_huella ON tokens_refresco (huella);
CREATE INDEX ix_tokens_refresco_sesion ON tokens_refresco (sesion_id);
CREATE INDEX ix_claves_creada ON claves_idempotencia (creada_en);
CREATE UNIQUE INDEX uq_audit_logs_event_id ON audit_logs (event_id);
CREATE TRIGGER audit_logs_sin_cambios BEFORE UPDATE ON audit_logs
BEGIN
    SELECT RAISE(ABORT, 'audit_logs_solo_se_agrega');
END;
CREATE INDEX ix_eventos_created ON eventos (created_at);
CREATE UNIQUE INDEX uq_audit_cadena_audit_id ON audit_cadena (audit_id);
CREATE TRIGGER audit_cadena_sin_cambios BEFORE UPDATE ON audit_cadena
BEGIN
    SELECT RAISE(ABORT, 'audit_logs_solo_se_agrega');
END;
CREATE TRIGGER audit_cadena_sin_bajas BEFORE DELETE ON audit_cadena
BEGIN
    SELECT RAISE(ABORT, 'audit_logs_solo_se_agrega');
END;
CREATE TRIGGER audit_puntos_sin_cambios BEFORE UPDATE ON audit_puntos
BEGIN
    SELECT RAISE(ABORT, 'audit_logs_solo_se_agrega');
END;
CREATE TRIGGER audit_puntos_sin_bajas BEFORE DELETE ON audit_puntos
BEGIN
    SELECT RAISE(ABORT, 'audit_logs_solo_se_agrega');
END;
CREATE TRIGGER audit_claves_sin_cambios BEFORE UPDATE ON audit_claves
BEGIN
    SELECT RAISE(ABORT, 'audit_logs_solo_se_agrega');
END;
CREATE TRIGGER audit_claves_sin_bajas BEFORE DELETE ON audit_claves
BEGIN
    SELECT RAISE(ABORT, 'audit_logs_solo_se_agrega');
END;
CREATE TRIGGER audit_logs_sin_bajas BEFORE DELETE ON audit_logs
WHEN NOT (OLD.retention_until < CAST(unixepoch('subsec') * 1000000 AS INTEGER) AND EXISTS (
    SELECT 1 FROM audit_cadena
    WHERE audit_id = OLD.id AND numero <= (SELECT lineas FROM audit_puntos ORDER BY numero DESC LIMIT 1)))
BEGIN
    SELECT RAISE(ABORT, 'audit_logs_solo_se_agrega');
END;
CREATE INDEX ix_audit_logs_retencion ON audit_logs (retention_until);
CREATE INDEX ix_audit_logs_usuario ON audit_logs (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX ix_audit_logs_recurso ON audit_logs (resource_type, resource_id, id) WHERE resource_id IS NOT NULL;
CREATE INDEX ix_audit_logs_momento ON audit_logs (timestamp);
CREATE INDEX ix_intentos_ingreso_ultimo ON intentos_ingreso (ultimo_intento);
CREATE INDEX ix_telegram_actualizaciones_turno ON telegram_actualizaciones (recibida_en, update_id)
    WHERE trabajada_en IS NULL AND apartada_en IS NULL;
CREATE INDEX ix_telegram_actualizaciones_chat ON telegram_actualizaciones (chat_id, update_id)
    WHERE trabajada_en IS NULL AND apartada_en IS NULL;
CREATE INDEX ix_telegram_actualizaciones_fin ON telegram_actualizaciones (coalesce(trabajada_en, apartada_en));
CREATE INDEX ix_telegram_dialogos_vence ON telegram_dialogos (vence_en);
CREATE UNIQUE INDEX uq_telegram_mensajes_clave ON telegram_mensajes (clave_unica) WHERE clave_unica IS NOT NULL;
CREATE INDEX ix_telegram_mensajes_turno ON telegram_mensajes (prioridad, id)
    WHERE enviado_en IS NULL AND fallado_en IS NULL;
CREATE INDEX ix_telegram_mensajes_chat ON telegram_mensajes (chat_id, prioridad, id)
    WHERE enviado_en IS NULL AND fallado_en IS NULL;
CREATE INDEX ix_telegram_mensajes_fin ON telegram_mensajes (coalesce(enviado_en, fallado_en));
CREATE INDEX ix_telegram_tarjetas_enviada ON telegram_tarjetas (enviada_en);
CREATE INDEX ix_codigos_de_vinculo_usuario ON codigos_de_vinculo (usuario_id);
CREATE INDEX ix_codigos_de_vinculo_vence ON codigos_de_vinculo (vence_en);
CREATE INDEX ix_intentos_de_vinculo_fecha ON intentos_de_vinculo (fecha);
CREATE INDEX ix_notas_de_tarea_tarea ON notas_de_tarea (tarea_id, id);
PRAGMA user_version = 0;
PRAGMA application_id = 0;
COMMIT;
