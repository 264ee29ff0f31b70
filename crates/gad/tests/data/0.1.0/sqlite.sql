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
(1, 'usuarios', '2026-11-30 12:15:06', 1, X'EE188417142EBEEDF4025783482BF0F64B2D115FB7B91313377268105D67BE1B49118651A96C78FC860BC568C46AB431', 627326),
(2, 'efectivos', '2026-11-30 12:15:06', 1, X'E90A2E3FD821A0C33ACEBFAFF7F0600CA301633323D79BBCFBE0648F17E46705E5046CEC34B1F168754E02655307B988', 489497),
(3, 'tareas', '2026-11-30 12:15:06', 1, X'295A2288A8CC79E4A97B55CFFE8591FA72CE52231326AC430089F32C891E001E76442AD2CD619A4BEDCD9137930063CB', 1088845),
(4, 'tareas busqueda', '2026-11-30 12:15:06', 1, X'839FDFD154A60D8FD53535DCE96DF7871051CCCCEAB765A3C53FF77549BF52F7DBF6F723732DCC5033273F6EDB7DDDAE', 1100371),
(5, 'historial y metricas', '2026-11-30 12:15:06', 1, X'970A47EC698177580F45AFAFE7F85463F54FFBC6087F2BF8D757C5D464AB171FA21D1F39B64AFEC86FFDD0BACF48DB23', 439057),
(6, 'posiciones', '2026-11-30 12:15:06', 1, X'1DEF9CAB7200F11765362DBA3978AB148DC4147CEE3F31520E2208DC972D63032FD305E822D21B26C8B350D3AF5743B1', 1021234),
(7, 'sesiones', '2026-11-30 12:15:06', 1, X'29461986527C04B22EAEAB224474914A5A74726E2FC7E256A1F91160D435C194BDF6238E8FD5B65124D20AB2FA95B940', 490556),
(8, 'pedidos y eventos', '2026-11-30 12:15:06', 1, X'F3B0A52C29846D8E4049EF49224044A39B6BFEC7922C4733F2DE66C60DDAA892DA01454BFD138CEB3FB265EDCDEA7E78', 531417),
(9, 'auditoria', '2026-11-30 12:15:06', 1, X'0206A55C36628FDBE38B08D533886E6BD0E582EAB874BEE29D878EF948966B9BD2026B2628537260021EADE0D3CDA9D8', 413740),
(10, 'eventos', '2026-11-30 12:15:06', 1, X'252640EEE13B84A8FBDEA818428A6D50B77416990CBBFFB39AD3A4C3B80BE8604D2AA1077BD64CAAEFEC0E9F1B750703', 373772),
(11, 'cadena', '2026-11-30 12:15:06', 1, X'D3394B8A30E856CFDF919B6206B9B38A32EEBAC8FF3CDA16FDA1E49C4ED228213C6697DD25F8E1738A2E5B230F48FFAE', 916128),
(12, 'intentos de ingreso', '2026-11-30 12:15:06', 1, X'BAC5BAB360CC7272B00D5F7FA57D3DCFDDBF80EF12E4F0227A5CAEC3D42F7FFEBE47D05FA26614969E40838572D5E924', 262595),
(13, 'telegram', '2026-11-30 12:15:06', 1, X'60D5DC37074362814596B333E84EA6435226E46B08E2707540C07396701D8DD1A91F29DA9708E3683D9875C58E247084', 1642527),
(14, 'dueno de chat', '2026-11-30 12:15:06', 1, X'A7D1A25D8367825379D7EED54AEFD19D96910A5B203ADB40988698D966C5F015524C1ECCE30E8BB36662BF56351396E7', 5447519),
(15, 'notas', '2026-11-30 12:15:06', 1, X'CB91D84CF3F380329A8721BCD48145979D46EFF55AFDA5A0D85EF3506E0742B9B72FBD6103DC8A69FEE9DE2ED73BAD5F', 320633);
INSERT INTO usuarios VALUES
(1, X'CBDB6ED9C4F44E08B921D8A9C989241B', 'DEMO0001', 'Demo', 'Administradora', 'admin@demo.gad', 'admin@demo.gad', NULL, NULL, 3, 1, '$argon2id$v=19$m=19456,t=2,p=1$84IEHML4ibbuZi5ytqBBnw$XYRA9E38Xr0EadDFdbkYaeaZDMPLU3Jyl3TLhlp4GNQ', 1796040906487236, 0, NULL, '{}', 1796040906353209, 1796040906353209, NULL, 2),
(2, X'F1967A42824E489C832655CB5463B4DF', 'DEMO0002', 'Demo', 'Supervisora', 'supervisora@demo.gad', 'supervisora@demo.gad', '+54 11 5550-0001', 770002, 2, 1, '$argon2id$v=19$m=19456,t=2,p=1$jl9CVCjGR8uTCKeO4wRf3Q$X8u0AH3Bvj9cN//1eqD5QNCzvtsJnYyl6+WmHLDcZcM', 1796040907525502, 0, NULL, '{}', 1796040906549376, 1796040907652958, NULL, 3),
(3, X'C2DD39FD3141438EB90682CD8CBC59CB', 'DEMO0003', 'Demo', 'Supervisor2', 'supervisor2@demo.gad', 'supervisor2@demo.gad', NULL, NULL, 2, 1, '$argon2id$v=19$m=19456,t=2,p=1$osH6l4A4/2Gd0Tur5gtBQg$cnu0zZ+O6tmlLpZUw7nDSd84wnnNDLusg9XB9ZN6s7Y', 1796040908134950, 0, NULL, '{}', 1796040906602188, 1796040908809631, NULL, 2),
(4, X'D8662E945A9744D0A13094D2BAE41AFC', 'DEMO0004', 'Demo', 'Bloqueado', 'bloqueado@demo.gad', 'bloqueado@demo.gad', NULL, NULL, 2, 1, '$argon2id$v=19$m=19456,t=2,p=1$43ypg7jQo15GZzaucpc06Q$7Wpn0rc9zv4HcAwanozq9fq6duHe6/w2i9AuBOaRZms', NULL, 5, NULL, '{}', 1796040906691950, 1796040906691950, NULL, 6),
(5, X'8D8F55BBCC6F4DF29CC15D55B734C835', 'DEMO0005', 'Demo', 'Deshabilitado', 'deshabilitado@demo.gad', 'deshabilitado@demo.gad', NULL, NULL, 1, 0, '$argon2id$v=19$m=19456,t=2,p=1$pn5GW0jd9OHEXGjY2h7pSA$HMyZ7TNsJYC7xckiOIV8x/nqLpWe8w3GJevD/gqyMpY', NULL, 0, NULL, '{}', 1796040906740759, 1796040908092462, NULL, 2),
(6, X'EAD6C6DC4B5442E4A17AB60E68CA6420', 'DEMO0006', 'Demo', 'Eliminado', 'eliminado@demo.gad', 'eliminado@demo.gad', NULL, NULL, 1, 1, '$argon2id$v=19$m=19456,t=2,p=1$bd3SiltUpaOu4AN/13LTdw$2X0aRxbPpCZFF/zSXpoqj9twclzOsehjgkqHJ/wa9ko', NULL, 0, NULL, '{}', 1796040906821715, 1796040908096416, 1796040908096416, 2),
(7, X'26C0910C4FD94060A5854E0EEA7E40C9', 'DEMO0007', 'Demo', 'Agente1', 'agente1@demo.gad', 'agente1@demo.gad', NULL, 770001, 1, 1, '$argon2id$v=19$m=19456,t=2,p=1$2NzwJjF8jJYB9Hx9W1H05w$24eh0GrxtZRyqL2LwBvHt7dQf2IB75KiOleX8IIouTc', 1796040907444942, 0, NULL, '{}', 1796040906871013, 1796040907578616, NULL, 3),
(8, X'5329D664828F40A5B1E6659D1B28C2D3', 'DEMO0008', 'Demo', 'Agente2', 'agente2@demo.gad', 'agente2@demo.gad', NULL, NULL, 1, 1, '$argon2id$v=19$m=19456,t=2,p=1$otas9Mkr95kvjobpAIO/1Q$B6UwH89emtiyZCByteoeyNWkVh3FfC+5N4rIGaeYbtM', NULL, 0, NULL, '{}', 1796040906951457, 1796040906951457, NULL, 1),
(9, X'F45512CE35234F6A9165D199FF86C8F7', 'DEMO0009', 'Demo', 'Agente3', 'agente3@demo.gad', 'agente3@demo.gad', NULL, NULL, 1, 1, '$argon2id$v=19$m=19456,t=2,p=1$L0xl1zE6uFrgIKmVFOoBNw$ZoHp1FT174EzfzIggtHg9ji82aM14/Nx1kt4W0A/90w', NULL, 0, NULL, '{}', 1796040907006081, 1796040907006081, NULL, 1),
(10, X'D37903240FCC4593A023382B390BBA0A', 'DEMO0010', 'Demo', 'Agente4', 'agente4@demo.gad', 'agente4@demo.gad', NULL, NULL, 1, 1, '$argon2id$v=19$m=19456,t=2,p=1$JSQLtHEvY2/wSzoU/W5jRQ$Y8i4WH3O2M7stV/bi9NUWBi3uxHu8TOzqpN0VF7PHBg', NULL, 0, NULL, '{}', 1796040907085511, 1796040907085511, NULL, 1),
(11, X'96313A0016214B4280DADC6B59BA3B58', 'DEMO0011', 'Demo', 'Agente5', 'agente5@demo.gad', 'agente5@demo.gad', NULL, NULL, 1, 1, '$argon2id$v=19$m=19456,t=2,p=1$9Bcluob1sGDoZvv0+ypZrw$1O4mxW2Tfhr7op1SC5OMpfSHpAhPSBpWH8t+TQxLbOo', NULL, 0, NULL, '{}', 1796040907141389, 1796040907141389, NULL, 1),
(12, X'6D3862C007A54F6CAA9748BAFA5CD1AD', 'DEMO0012', 'Demo', 'Agente6', 'agente6@demo.gad', 'agente6@demo.gad', NULL, NULL, 1, 1, '$argon2id$v=19$m=19456,t=2,p=1$z8or65wLZI2Evn6zvdYKlw$GJb9QzLXPtk23IllWrmsufWKH7WjEQm0Lag2j3K2KC0', NULL, 0, NULL, '{}', 1796040907222463, 1796040907222463, NULL, 1),
(13, X'D01A62B477474485A1009385E3FDFD6A', 'DEMO0013', 'Demo', 'Agente7', 'agente7@demo.gad', 'agente7@demo.gad', NULL, NULL, 1, 1, '$argon2id$v=19$m=19456,t=2,p=1$6TzK5ZzuMbrP1kqzcVD62g$v6J4N7ZEfkq/fodaYI8SUGYEiE4FcxjRUWtL7SFay+w', NULL, 0, NULL, '{}', 1796040907280737, 1796040907280737, NULL, 1),
(14, X'901A5062DDDB4B47BCCE58F68001E399', 'DEMO0014', 'Demo', 'Agente8', 'agente8@demo.gad', 'agente8@demo.gad', NULL, NULL, 1, 1, '$argon2id$v=19$m=19456,t=2,p=1$wJOOO0ScF/DZKO35SsqBrQ$2w3LQ2ajYSVdHHC6twzZkVjHuuZ2hmWGi0X2FnnH4w8', NULL, 0, NULL, '{}', 1796040907359097, 1796040907359097, NULL, 1),
(15, X'2C2965F6E7B9464F8D0564FF4A39112B', NULL, 'Demo Telegram', NULL, NULL, NULL, NULL, 880001, 1, 1, NULL, NULL, 0, NULL, '{}', 1796040907367852, 1796040907367852, NULL, 1);
INSERT INTO efectivos VALUES
(1, X'BB1D84E8362F488091178CAA01F220B6', 7, 'DEMO-01', 'Agente', 'Demo 2', 'Patrulla', 'en_tarea', 1796040907912954, '{}', 1796040907375446, 1796040907912954, NULL, 4),
(2, X'913054892D0E492882C6D7DED813A322', 8, 'DEMO-02', 'Agente', 'Demo 1', 'Patrulla', 'en_tarea', 1796040907912954, '{}', 1796040907383852, 1796040907912954, NULL, 2),
(3, X'CACE0D0BDE2744A8ABB46AF85A80D405', 9, 'DEMO-03', 'Agente', 'Demo 2', 'Patrulla', 'en_tarea', 1796040907903035, '{}', 1796040907391610, 1796040907903035, NULL, 2),
(4, X'9AD5BB86DC224DBA959FCB3C653D51D3', 10, 'DEMO-04', 'Agente', 'Demo 1', 'Patrulla', 'en_tarea', 1796040907976327, '{}', 1796040907394850, 1796040907976327, NULL, 2),
(5, X'AA0524DAC7D0454D97904FD80367AF52', 11, 'DEMO-05', 'Agente', 'Demo 2', 'Patrulla', 'fuera_servicio', 1796040907849984, '{}', 1796040907397864, 1796040907849984, NULL, 2),
(6, X'63803FC21B674D279223C4FFD3493DF6', 12, 'DEMO-06', 'Agente', 'Demo 1', 'Patrulla', 'no_disponible', 1796040907852925, '{}', 1796040907401580, 1796040907852925, NULL, 2),
(7, X'869021C08EE44716A71A9B18F1DE69CA', 13, 'DEMO-07', 'Agente', 'Demo 2', 'Patrulla', 'disponible', 1796040907405971, '{}', 1796040907405971, 1796040907405971, NULL, 1),
(8, X'14D98A5C83094F04B6FBEDEDBD8037DD', 14, 'DEMO-08', 'Agente', 'Demo 1', 'Patrulla', 'disponible', 1796040907408479, '{}', 1796040907408479, 1796040908088146, 1796040908088146, 2);
INSERT INTO tareas VALUES
(1, X'A93074C987E047DA84AA8123FC4C5DFA', 'DEMO-SOLA', 'Inspección demo en Ñuñoa', NULL, 'investigacion', 1, 1796126400000000, 1796148000000000, NULL, NULL, 0, NULL, 'programada', 2, 2, NULL, NULL, NULL, NULL, 0, '{}', '{}', 'demo sola inspeccion demo en nunoa', 1796040907855330, 1796040907855330, NULL, 1),
(2, X'3AE2CAFBEDA64FBFB3AA2F0C63A4B14D', 'DEMO-PROGRAMADA', 'Vigilancia demo del río', NULL, 'vigilancia', 2, 1796126400000000, 1796148000000000, NULL, NULL, 0, NULL, 'programada', 2, 2, -34.6037, -58.3816, 'Plaza demo', NULL, 0, '{}', '{}', 'demo programada vigilancia demo del rio plaza demo', 1796040907859367, 1796040907859367, NULL, 1),
(3, X'FF73B57AE7494B4B97EC0CC3BA9AFFAB', 'DEMO-FINALIZADA', 'Entrenamiento demo', NULL, 'entrenamiento', 2, 1796126400000000, 1796148000000000, 1796040907866192, 1796040907876919, 3227, NULL, 'finalizada', 2, 2, NULL, NULL, NULL, 2.08333333333333343322e-06, 0, '{}', '{}', 'demo finalizada entrenamiento demo', 1796040907862923, 1796040907876919, NULL, 5),
(4, X'6D7E3D33DC194DC4A13CEBB75F55C8A2', 'DEMO-CANCELADA', 'Recorrida demo sin efecto', NULL, 'patrullaje', 2, 1796126400000000, 1796148000000000, NULL, NULL, 0, NULL, 'cancelada', 2, 2, NULL, NULL, NULL, NULL, 0, '{}', '{}', 'demo cancelada recorrida demo sin efecto', 1796040907880362, 1796040907883554, NULL, 2),
(5, X'9C98886FDE4C4BAF871C33E8591D34C0', 'DEMO-PAUSADA', 'Expediente demo', NULL, 'administrativa', 2, 1796126400000000, 1796148000000000, 1796040907903035, NULL, 0, 1796040907906663, 'pausada', 2, 2, NULL, NULL, NULL, NULL, 0, '{}', '{}', 'demo pausada expediente demo', 1796040907895481, 1796040907906663, NULL, 3),
(6, X'9977E2B4B2ED4659884C48A9DAF9AEEE', 'DEMO-EN-CURSO', 'Patrulla demo de la plaza', NULL, 'patrullaje', 4, 1796126400000000, 1796148000000000, 1796040907912954, NULL, 0, NULL, 'en_curso', 2, 2, -34.6037, -58.3816, 'Plaza demo', NULL, 0, '{}', '{}', 'demo en curso patrulla demo de la plaza plaza demo', 1796040907909835, 1796040907912954, NULL, 2),
(7, X'26E57E75538140F3A1AE03EEB183C030', 'DEMO-ELIMINADA', 'Tarea demo que se borra', NULL, 'intervencion', 2, 1796126400000000, 1796148000000000, NULL, NULL, 0, NULL, 'programada', 2, 2, -34.6037, -58.3816, 'Plaza demo', NULL, 0, '{}', '{}', 'demo eliminada tarea demo que se borra plaza demo', 1796040907916668, 1796040907919848, 1796040907919848, 2),
(8, X'2CC1162287D6466A9118AC13168CE5C8', 'EMG-20261130-B9EP0Q', 'Emergencia EMG-20261130-B9EP0Q', 'Emergencia demo', 'intervencion', 5, 1796040907976327, NULL, 1796040907976327, NULL, 0, NULL, 'en_curso', 2, 2, -34.6037, -58.3816, NULL, NULL, 0, '{}', '{}', 'emg 20261130 b9ep0q emergencia emg 20261130 b9ep0q emergencia demo', 1796040907976327, 1796040907976327, NULL, 2),
(9, X'21F756AB065E49EE962C5CFE2A696B40', 'EMG-20261130-BVCY62', 'Emergencia EMG-20261130-BVCY62', 'Otra emergencia demo', 'intervencion', 5, 1796040907983450, NULL, NULL, NULL, 0, NULL, 'programada', 2, 2, -34.6037, -58.3816, NULL, NULL, 1, '{}', '{}', 'emg 20261130 bvcy62 emergencia emg 20261130 bvcy62 otra emergencia demo', 1796040907983450, 1796040907983450, NULL, 1);
INSERT INTO tarea_efectivos VALUES
(2, 3, 1796040907859367, 2, 0),
(2, 7, 1796040907859367, 2, 0),
(3, 1, 1796040907862923, 2, 0),
(4, 2, 1796040907880362, 2, 0),
(5, 3, 1796040907895481, 2, 0),
(6, 1, 1796040907909835, 2, 1),
(6, 2, 1796040907909835, 2, 1),
(7, 7, 1796040907916668, 2, 0),
(8, 4, 1796040907976327, 2, 1);
INSERT INTO tareas_rtree VALUES
(2, -3.46037025451660156254e+01, -3.46036987304687499995e+01, -5.83816070556640624982e+01, -5.83815994262695312508e+01),
(6, -3.46037025451660156254e+01, -3.46036987304687499995e+01, -5.83816070556640624982e+01, -5.83815994262695312508e+01),
(7, -3.46037025451660156254e+01, -3.46036987304687499995e+01, -5.83816070556640624982e+01, -5.83815994262695312508e+01),
(8, -3.46037025451660156254e+01, -3.46036987304687499995e+01, -5.83816070556640624982e+01, -5.83815994262695312508e+01),
(9, -3.46037025451660156254e+01, -3.46036987304687499995e+01, -5.83816070556640624982e+01, -5.83815994262695312508e+01);
INSERT INTO tareas_fts (tareas_fts) VALUES ('rebuild');
INSERT INTO historial_estados VALUES
(1, 1, NULL, 'programada', 2, NULL, '{}', 1796040907855330, 1796040907855330, NULL),
(2, 2, NULL, 'programada', 2, NULL, '{}', 1796040907859367, 1796040907859367, NULL),
(3, 3, NULL, 'programada', 2, NULL, '{}', 1796040907862923, 1796040907862923, NULL),
(4, 3, 'programada', 'en_curso', 7, 'Tarea iniciada', '{}', 1796040907866192, 1796040907866192, NULL),
(5, 3, 'en_curso', 'pausada', 7, 'Almuerzo demo', '{}', 1796040907870741, 1796040907870741, NULL),
(6, 3, 'pausada', 'en_curso', 7, 'Cambio de estado', '{}', 1796040907873968, 1796040907873968, NULL),
(7, 3, 'en_curso', 'finalizada', 7, 'Sin novedad demo', '{}', 1796040907876919, 1796040907876919, NULL),
(8, 4, NULL, 'programada', 2, NULL, '{}', 1796040907880362, 1796040907880362, NULL),
(9, 4, 'programada', 'cancelada', 2, 'Lluvia demo', '{}', 1796040907883554, 1796040907883554, NULL),
(10, 5, NULL, 'programada', 2, NULL, '{}', 1796040907895481, 1796040907895481, NULL),
(11, 5, 'programada', 'en_curso', 2, 'Tarea iniciada', '{}', 1796040907903035, 1796040907903035, NULL),
(12, 5, 'en_curso', 'pausada', 2, 'Espera demo', '{}', 1796040907906663, 1796040907906663, NULL),
(13, 6, NULL, 'programada', 2, NULL, '{}', 1796040907909835, 1796040907909835, NULL),
(14, 6, 'programada', 'en_curso', 7, 'Tarea iniciada', '{}', 1796040907912954, 1796040907912954, NULL),
(15, 7, NULL, 'programada', 2, NULL, '{}', 1796040907916668, 1796040907916668, NULL),
(16, 8, NULL, 'programada', 2, NULL, '{}', 1796040907976327, 1796040907976327, NULL),
(17, 8, 'programada', 'en_curso', 2, 'Tarea iniciada', '{}', 1796040907976327, 1796040907976327, NULL),
(18, 9, NULL, 'programada', 2, NULL, '{}', 1796040907983450, 1796040907983450, NULL);
INSERT INTO posiciones_actuales VALUES
(1, -34.6032, -58.3816, NULL, 1796040907824735, 1796040907847574, 0),
(2, -3.46027000000000057862e+01, -58.3826, 8.5, 1796040902824735, 1796040907831847, 0),
(3, -34.6017, -58.3836, 8.5, 1796033707824735, 1796040907834694, 0),
(4, -34.6007, -58.3846, 8.5, 1796040902824735, 1796040907837291, 0),
(5, -3.45997000000000056721e+01, -58.3856, 8.5, 1796040902824735, 1796040907839701, 0),
(6, -34.5987, -58.3866, 8.5, 1796040902824735, 1796040907842211, 0),
(7, -34.5977, -58.3876, 8.5, 1796033707824735, 1796040907844766, 1);
INSERT INTO posiciones_rtree VALUES
(7, -3.45987014770507812495e+01, -3.45966987609863281245e+01, -5.83886070251464843732e+01, -5.8386592864990234375e+01),
(5, -3.46007003784179687508e+01, -3.45986976623535156258e+01, 941.61328125, 9.41615417480468749975e+02),
(6, -3.45997009277343749991e+01, -3.45976982116699218741e+01, 941.6123046875, 941.614501953125),
(3, -3.46027030944824218758e+01, -34.6006965637207, 9.4161529541015625e+02, 9.41617492675781249996e+02),
(1, -3.46042022705078124991e+01, -3.46021995544433593741e+01, 9.4161737060546875002e+02, 9.41619506835937499986e+02),
(2, -3.46037025451660156254e+01, -3.46016998291015625004e+01, 9.41616394042968750041e+02, 941.618408203125),
(4, -3.46017036437988281241e+01, -3.45996971130371093754e+01, 9.41614379882812499965e+02, 9.41616516113281250017e+02);
INSERT INTO posiciones VALUES
(1, 1796040902824735, -34.6037, -58.3816, 8.5, 1796040907827476),
(1, 1796040907824735, -34.6032, -58.3816, NULL, 1796040907847574),
(2, 1796040902824735, -3.46027000000000057862e+01, -58.3826, 8.5, 1796040907831847),
(3, 1796033707824735, -34.6017, -58.3836, 8.5, 1796040907834694),
(4, 1796040902824735, -34.6007, -58.3846, 8.5, 1796040907837291),
(5, 1796040902824735, -3.45997000000000056721e+01, -58.3856, 8.5, 1796040907839701),
(6, 1796040902824735, -34.5987, -58.3866, 8.5, 1796040907842211),
(7, 1796033707824735, -34.5977, -58.3876, 8.5, 1796040907844766);
INSERT INTO sesiones VALUES
(X'6340EF7AEBB743E29FD26D47BA41A63E', 1, 'api', 1796040906487236, 1796040906487236, 1797250506487236, NULL, NULL, '127.0.0.1', 'demo'),
(X'07C75FEFDFCB41BAA84E4E025E0A3AC3', 7, 'api', 1796040907444942, 1796040907444942, 1797250507444942, NULL, NULL, '127.0.0.1', 'demo'),
(X'C381BB98184946FAB6BC764720F15C24', 2, 'api', 1796040907525502, 1796040908145096, 1797250507525502, NULL, NULL, '127.0.0.1', 'demo'),
(X'3FF539BF1B054B639DB5CD757B7D6C3A', 3, 'api', 1796040908134950, 1796040908134950, 1797250508134950, 1796040908142444, 'logout', '127.0.0.1', 'demo');
INSERT INTO tokens_refresco VALUES
(X'434D473E84D58180A36A12C7397276E753B6DC9AC0089FABD95484FAFA35D59C', X'6340EF7AEBB743E29FD26D47BA41A63E', 1796040906487236, NULL),
(X'90B924A99C4619C7204447CAD8458359244A879D4BBA8332D2DE315AFB229BF5', X'07C75FEFDFCB41BAA84E4E025E0A3AC3', 1796040907444942, NULL),
(X'17047CA235BDA256529EA872A4895CFF5C92DD216BC05A082555B487B2C37B95', X'C381BB98184946FAB6BC764720F15C24', 1796040907525502, 1796040908145096),
(X'128BAB2A63D739F8E15EEF9E29BADD70ED11F767AC7C6DC1687A15D18E5E71C4', X'3FF539BF1B054B639DB5CD757B7D6C3A', 1796040908134950, NULL),
(X'D6717D77D8805E5E14D654C5CD9AFE4974DEA4FF4B99F7DB923E9ADCC99D91DB', X'C381BB98184946FAB6BC764720F15C24', 1796040908145096, NULL);
INSERT INTO claves_idempotencia VALUES
(2, 'demo-DEMO-SOLA', X'CDF49D391596DEB876E04093DE74ABEE234B50301984937E8586F838D14C4BF0', '{"awaits_officer":false,"code":"DEMO-SOLA","created_at":"2026-11-30T12:15:07.855330Z","creator":2,"delegate":2,"deleted_at":null,"description":null,"duration_hours":null,"extra":{},"finished_at":null,"id":1,"kind":"investigacion","location":null,"location_description":null,"notes":{},"officers":[],"paused_at":null,"paused_total":[0,0],"priority":1,"scheduled_end":"2026-12-01T18:00:00Z","scheduled_start":"2026-12-01T12:00:00Z","started_at":null,"state":"programada","title":"Inspección demo en Ñuñoa","updated_at":"2026-11-30T12:15:07.855330Z","uuid":"a93074c9-87e0-47da-84aa-8123fc4c5dfa","version":1}', 1796040907855422),
(2, 'demo-emergencia', X'ED54B0A7AC8093E73DFBE8249B4DC1EB440D1F1E7935A9ADC3042902C9AAF36F', '{"assigned":4,"distance_m":431.8351872814724,"received_at":"2026-11-30T12:15:07.976327Z","task":{"awaits_officer":false,"code":"EMG-20261130-B9EP0Q","created_at":"2026-11-30T12:15:07.976327Z","creator":2,"delegate":2,"deleted_at":null,"description":"Emergencia demo","duration_hours":null,"extra":{},"finished_at":null,"id":8,"kind":"intervencion","location":{"lat":-34.6037,"lng":-58.3816},"location_description":null,"notes":{},"officers":[4],"paused_at":null,"paused_total":[0,0],"priority":5,"scheduled_end":null,"scheduled_start":"2026-11-30T12:15:07.976327Z","started_at":"2026-11-30T12:15:07.976327Z","state":"en_curso","title":"Emergencia EMG-20261130-B9EP0Q","updated_at":"2026-11-30T12:15:07.976327Z","uuid":"2cc11622-87d6-466a-9118-ac13168ce5c8","version":2}}', 1796040907976493),
(2, 'tg:1003', X'4D2BB5350C2A158EBFE2D927099EDB972975236B0F95CCB4BCEF274A8A395EE2', '{"earlier":null,"name":"Demo","user":2}', 1796040907653448),
(7, 'tg:1001', X'71DBF3E919224CA7552B2BC81C9A4CA8ACB942E6A18F186707297886B925E5C2', '{"earlier":null,"name":"Demo","user":7}', 1796040907579445),
(7, 'tg:1009', X'A8EA83580634A59C7B121A9CA81877ED68C1FFBA780115D8DFAB776BB8904273', '[{"at":"2026-11-30T12:15:07.927627Z","by":7,"content":{"file":{"bytes":3,"id":"demo-voice-1","mime":"audio/ogg","unique_id":"demo-v-1"},"kind":"voz","text":null},"id":2,"task":6}]', 1796040907927793);
INSERT INTO meta VALUES
(1, X'73A879BB37974C58AD900866E8AE74C0', 1796040906228000);
INSERT INTO audit_logs VALUES
(1, X'4B6696B8345A46B68210768D870D2FE0', 'user_created', 'medium', 1796040906353209, NULL, NULL, NULL, 'efe00ff8-7d44-4369-bd28-dbf7d1aba8c6', 'user create', 'CLI', NULL, NULL, 'usuario', '1', 'Usuario creado', NULL, '{"nivel":3,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256906353209),
(2, X'956E6A81833B48319B57334A34A2FABA', 'system_config_changed', 'high', 1796040906438408, NULL, NULL, NULL, '8b3a35ea-da96-45f6-bec8-f710c731a9af', 'auditoria', 'CLI', NULL, NULL, 'clave_auditoria', '5b41b304dfd6052c', 'Clave de auditoría registrada', NULL, NULL, '{}', 1, NULL, 'security,update', 2111400906438408),
(3, X'01B67A82456043848E46934A55EDF458', 'login', 'medium', 1796040906487236, 1, NULL, NULL, '84ba2bf4-d8ed-4f15-a5a4-511d7e7012b7', '/api/v1/auth/login', 'POST', 'demo', '127.0.0.1', 'authentication', '1', 'Inicio de sesión', NULL, NULL, '{"session_id":"6340ef7a-ebb7-43e2-9fd2-6d47ba41a63e"}', 1, NULL, 'auth,security', 1985256906487236),
(4, X'DBEEA0CD2A944375896BE1621FB942AF', 'user_created', 'medium', 1796040906549376, 1, NULL, X'6340EF7AEBB743E29FD26D47BA41A63E', '50c467cb-8f75-4661-8ea0-8997bb98f6e0', '/api/v1/users/', 'POST', 'demo', '127.0.0.1', 'usuario', '2', 'Usuario creado', NULL, '{"nivel":2,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256906549376),
(5, X'CBFB6125228E4024BF72E44B2C708F31', 'user_created', 'medium', 1796040906602188, 1, NULL, X'6340EF7AEBB743E29FD26D47BA41A63E', 'cdee22ad-5120-4935-bfa1-c984a415ec48', '/api/v1/users/', 'POST', 'demo', '127.0.0.1', 'usuario', '3', 'Usuario creado', NULL, '{"nivel":2,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256906602188),
(6, X'CF08CC97619440F98E427FB265237026', 'user_created', 'medium', 1796040906691950, 1, NULL, X'6340EF7AEBB743E29FD26D47BA41A63E', 'f07e4288-1a69-49fb-a775-2ecd5f725490', '/api/v1/users/', 'POST', 'demo', '127.0.0.1', 'usuario', '4', 'Usuario creado', NULL, '{"nivel":2,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256906691950),
(7, X'B88089582B114EE3B38FDC154232D687', 'user_created', 'medium', 1796040906740759, 1, NULL, X'6340EF7AEBB743E29FD26D47BA41A63E', '185d7fbe-eef3-4b60-b502-5b543f71d238', '/api/v1/users/', 'POST', 'demo', '127.0.0.1', 'usuario', '5', 'Usuario creado', NULL, '{"nivel":1,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256906740759),
(8, X'EE8E6E78C75D4522A35FFD0FDE3EF7A2', 'user_created', 'medium', 1796040906821715, 1, NULL, X'6340EF7AEBB743E29FD26D47BA41A63E', '7a95e473-0f33-4b44-bb0e-99bc72c6028b', '/api/v1/users/', 'POST', 'demo', '127.0.0.1', 'usuario', '6', 'Usuario creado', NULL, '{"nivel":1,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256906821715),
(9, X'BAC8EFE1A1AA46178A6B9687B8168D67', 'user_created', 'medium', 1796040906871013, 1, NULL, X'6340EF7AEBB743E29FD26D47BA41A63E', '3e9e600a-80c8-44f5-bbe4-940a8ead2abc', '/api/v1/users/', 'POST', 'demo', '127.0.0.1', 'usuario', '7', 'Usuario creado', NULL, '{"nivel":1,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256906871013),
(10, X'59B37676FBFF47B38E8AC0452E2E9380', 'user_created', 'medium', 1796040906951457, 1, NULL, X'6340EF7AEBB743E29FD26D47BA41A63E', 'd1868126-ea24-46b0-acbf-db59a93176e9', '/api/v1/users/', 'POST', 'demo', '127.0.0.1', 'usuario', '8', 'Usuario creado', NULL, '{"nivel":1,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256906951457),
(11, X'9A7AAD4642A9447DA91B6338780C9C0C', 'user_created', 'medium', 1796040907006081, 1, NULL, X'6340EF7AEBB743E29FD26D47BA41A63E', '1fc4db2e-bc53-4357-86a8-d64d6aa714e4', '/api/v1/users/', 'POST', 'demo', '127.0.0.1', 'usuario', '9', 'Usuario creado', NULL, '{"nivel":1,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256907006081),
(12, X'6F1BD95D53474189AF34C3BA4388DE7A', 'user_created', 'medium', 1796040907085511, 1, NULL, X'6340EF7AEBB743E29FD26D47BA41A63E', '50fc66dc-d5af-466b-bb5f-42c6065bc704', '/api/v1/users/', 'POST', 'demo', '127.0.0.1', 'usuario', '10', 'Usuario creado', NULL, '{"nivel":1,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256907085511),
(13, X'73FDE78F2AAA491F9DCE539B945E0BE9', 'user_created', 'medium', 1796040907141389, 1, NULL, X'6340EF7AEBB743E29FD26D47BA41A63E', 'cbba6b3b-a815-4604-aded-92641e03794b', '/api/v1/users/', 'POST', 'demo', '127.0.0.1', 'usuario', '11', 'Usuario creado', NULL, '{"nivel":1,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256907141389),
(14, X'F7A611EDAFC64B8CA729131C66F1AD46', 'user_created', 'medium', 1796040907222463, 1, NULL, X'6340EF7AEBB743E29FD26D47BA41A63E', '3a812062-a60c-4d40-8590-ebf22a487ac1', '/api/v1/users/', 'POST', 'demo', '127.0.0.1', 'usuario', '12', 'Usuario creado', NULL, '{"nivel":1,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256907222463),
(15, X'75A995C35FBD411AA55E084503F28613', 'user_created', 'medium', 1796040907280737, 1, NULL, X'6340EF7AEBB743E29FD26D47BA41A63E', 'c24fc814-b589-4581-9b9f-8239531a3000', '/api/v1/users/', 'POST', 'demo', '127.0.0.1', 'usuario', '13', 'Usuario creado', NULL, '{"nivel":1,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256907280737),
(16, X'60E228FF21A24A6E9AB16F3EEECF4209', 'user_created', 'medium', 1796040907359097, 1, NULL, X'6340EF7AEBB743E29FD26D47BA41A63E', '712aa731-7adf-4cea-8d6d-a84551f20e5e', '/api/v1/users/', 'POST', 'demo', '127.0.0.1', 'usuario', '14', 'Usuario creado', NULL, '{"nivel":1,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256907359097),
(17, X'3B002CF7BCC04514BAC5F3239F4A5AA7', 'user_created', 'medium', 1796040907367852, 1, NULL, X'6340EF7AEBB743E29FD26D47BA41A63E', 'dd631fd2-9464-4425-8c69-7d75835c9907', '/api/v1/usuarios', 'POST', 'demo', '127.0.0.1', 'usuario', '15', 'Usuario creado', NULL, '{"nivel":1,"verificado":true}', '{}', 1, NULL, 'create,sensitive', 1985256907367852),
(18, X'4C7398E4F74448149257B3E739E67CB1', 'create', 'medium', 1796040907375446, 1, NULL, X'6340EF7AEBB743E29FD26D47BA41A63E', '0bdf36dd-9f40-433c-86c9-2b681eb5b16c', '/api/v1/efectivos', 'POST', 'demo', '127.0.0.1', 'efectivo', '1', 'Efectivo creado', NULL, '{"codigo_interno":"DEMO-01","usuario_id":7}', '{}', 1, NULL, 'create,data_change', 1985256907375446),
(19, X'55AD6AF6CF544E8A9E847C8A22BD7662', 'create', 'medium', 1796040907383852, 1, NULL, X'6340EF7AEBB743E29FD26D47BA41A63E', '813e127c-2fd4-4ff5-bcd1-5857495ff19f', '/api/v1/efectivos', 'POST', 'demo', '127.0.0.1', 'efectivo', '2', 'Efectivo creado', NULL, '{"codigo_interno":"DEMO-02","usuario_id":8}', '{}', 1, NULL, 'create,data_change', 1985256907383852),
(20, X'CFDD63FC60CE471886F7B5BB0016A66C', 'create', 'medium', 1796040907391610, 1, NULL, X'6340EF7AEBB743E29FD26D47BA41A63E', 'e2dabab5-1738-48db-84c6-19a9399b7555', '/api/v1/efectivos', 'POST', 'demo', '127.0.0.1', 'efectivo', '3', 'Efectivo creado', NULL, '{"codigo_interno":"DEMO-03","usuario_id":9}', '{}', 1, NULL, 'create,data_change', 1985256907391610),
(21, X'CBA67AF45BA74594BBB943AF156BB5E2', 'create', 'medium', 1796040907394850, 1, NULL, X'6340EF7AEBB743E29FD26D47BA41A63E', '18707848-b11c-4537-888d-a820b965f087', '/api/v1/efectivos', 'POST', 'demo', '127.0.0.1', 'efectivo', '4', 'Efectivo creado', NULL, '{"codigo_interno":"DEMO-04","usuario_id":10}', '{}', 1, NULL, 'create,data_change', 1985256907394850),
(22, X'3CF8BCE3302747C992DE61A6D29EAB3D', 'create', 'medium', 1796040907397864, 1, NULL, X'6340EF7AEBB743E29FD26D47BA41A63E', '8a9a2926-2879-4af6-ab1d-7e57b45bea86', '/api/v1/efectivos', 'POST', 'demo', '127.0.0.1', 'efectivo', '5', 'Efectivo creado', NULL, '{"codigo_interno":"DEMO-05","usuario_id":11}', '{}', 1, NULL, 'create,data_change', 1985256907397864),
(23, X'AB5FC4FA5B9C47EF8E625D48DB739AA3', 'create', 'medium', 1796040907401580, 1, NULL, X'6340EF7AEBB743E29FD26D47BA41A63E', '49f7cc1a-8ea6-497b-aa89-09b46db68c11', '/api/v1/efectivos', 'POST', 'demo', '127.0.0.1', 'efectivo', '6', 'Efectivo creado', NULL, '{"codigo_interno":"DEMO-06","usuario_id":12}', '{}', 1, NULL, 'create,data_change', 1985256907401580),
(24, X'AC617B6512F64876AD5F2C9800543BC8', 'create', 'medium', 1796040907405971, 1, NULL, X'6340EF7AEBB743E29FD26D47BA41A63E', '80e5c417-d134-4f20-b7e3-d9cdb9260378', '/api/v1/efectivos', 'POST', 'demo', '127.0.0.1', 'efectivo', '7', 'Efectivo creado', NULL, '{"codigo_interno":"DEMO-07","usuario_id":13}', '{}', 1, NULL, 'create,data_change', 1985256907405971),
(25, X'1E1CAEEBDBCA43328D822E811BA80A41', 'create', 'medium', 1796040907408479, 1, NULL, X'6340EF7AEBB743E29FD26D47BA41A63E', 'f09ec159-b4db-42dc-813a-1b8c44e7378e', '/api/v1/efectivos', 'POST', 'demo', '127.0.0.1', 'efectivo', '8', 'Efectivo creado', NULL, '{"codigo_interno":"DEMO-08","usuario_id":14}', '{}', 1, NULL, 'create,data_change', 1985256907408479),
(26, X'062813D27C16417D8345F23C8184F2E7', 'login', 'medium', 1796040907444942, 7, NULL, NULL, '774d9a62-e062-4d23-bb22-4c6d03c2e00b', '/api/v1/auth/login', 'POST', 'demo', '127.0.0.1', 'authentication', '7', 'Inicio de sesión', NULL, NULL, '{"session_id":"07c75fef-dfcb-41ba-a84e-4e025e0a3ac3"}', 1, NULL, 'auth,security', 1985256907444942),
(27, X'E3053D744C584572A37AE99997158314', 'login', 'medium', 1796040907525502, 2, NULL, NULL, 'fe0693df-5be8-4693-adf7-43b0b867a8e0', '/api/v1/auth/login', 'POST', 'demo', '127.0.0.1', 'authentication', '2', 'Inicio de sesión', NULL, NULL, '{"session_id":"c381bb98-1849-46fa-b6bc-764720f15c24"}', 1, NULL, 'auth,security', 1985256907525502),
(28, X'E3F52472F3C042599ABCFF7BF2FB2AB9', 'create', 'high', 1796040907548488, NULL, NULL, NULL, '97c478df-fd5a-4647-bf42-afb75b87a9bf', 'user link-code', 'CLI', NULL, NULL, 'usuario', '7', 'Código de vínculo emitido', NULL, NULL, '{"vence_en":"2026-12-01T12:15:07.548488+00:00"}', 1, NULL, 'create,sensitive', 2111400907548488),
(29, X'CDB2E0DBDB7A4A5C94CA1FD85801661E', 'update', 'high', 1796040907578616, 7, 770001, NULL, 'tg-1001', '/vincular', 'BOT', NULL, NULL, 'usuario', '7', 'Cuenta de Telegram vinculada', NULL, NULL, '{"campos":["telegram_id"],"codigo_emitido_por":null,"reemplaza":false}', 1, NULL, 'update,sensitive', 2111400907578616),
(30, X'3E252E802564445ABC74AF6F06D8FEEF', 'create', 'high', 1796040907639304, NULL, NULL, NULL, 'ef0e45f5-62e1-412a-9f59-0bd2b5d2dd30', 'user link-code', 'CLI', NULL, NULL, 'usuario', '2', 'Código de vínculo emitido', NULL, NULL, '{"vence_en":"2026-12-01T12:15:07.639304+00:00"}', 1, NULL, 'create,sensitive', 2111400907639304),
(31, X'0CA28F1A3E2F46FDBBF9EF2FF797A873', 'update', 'high', 1796040907652958, 2, 770002, NULL, 'tg-1003', '/vincular', 'BOT', NULL, NULL, 'usuario', '2', 'Cuenta de Telegram vinculada', NULL, NULL, '{"campos":["telegram_id"],"codigo_emitido_por":null,"reemplaza":false}', 1, NULL, 'update,sensitive', 2111400907652958),
(32, X'0D78F6E0770A4BAFB5857D3371D52EA1', 'create', 'high', 1796040907715239, NULL, NULL, NULL, '97b28f3d-700b-4082-b91a-ff6b005ac49b', 'user link-code', 'CLI', NULL, NULL, 'usuario', '13', 'Código de vínculo emitido', NULL, NULL, '{"vence_en":"2026-12-01T12:15:07.715239+00:00"}', 1, NULL, 'create,sensitive', 2111400907715239),
(33, X'7946E858FCBC4AA39C148BD863C9C4ED', 'permission_denied', 'high', 1796040907727438, NULL, 770009, NULL, 'tg-1005', '/vincular', 'BOT', NULL, NULL, NULL, NULL, 'Código de vínculo rechazado', NULL, NULL, '{}', 0, 'wrong link code', 'auth,security', 2111400907727438),
(34, X'BF34A4F8E1F246B79C6695CFB5CE2033', 'update', 'low', 1796040907827476, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', '08fadf96-855a-4c58-b776-f5d22470a5b4', '/api/v1/efectivos/{efectivo_id}/posicion', 'POST', 'demo', '127.0.0.1', 'efectivo', '1', 'Posiciones recibidas', NULL, NULL, '{"cantidad":1}', 1, NULL, 'update', 1827576907827476),
(35, X'7867446152C44F0BB11D81B910CDF8A5', 'update', 'low', 1796040907831847, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', 'b5f0709d-f4e3-4aa8-a48f-e280a95d8d57', '/api/v1/efectivos/{efectivo_id}/posicion', 'POST', 'demo', '127.0.0.1', 'efectivo', '2', 'Posiciones recibidas', NULL, NULL, '{"cantidad":1}', 1, NULL, 'update', 1827576907831847),
(36, X'1BA56DECA3BA4C7C844B79B0CE1DD901', 'update', 'low', 1796040907834694, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', 'b1900d48-9ce2-4831-bf52-326b52266ea2', '/api/v1/efectivos/{efectivo_id}/posicion', 'POST', 'demo', '127.0.0.1', 'efectivo', '3', 'Posiciones recibidas', NULL, NULL, '{"cantidad":1}', 1, NULL, 'update', 1827576907834694),
(37, X'BE3CA39162AC4D638B59766EDA6019C6', 'update', 'low', 1796040907837291, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', '7fd955eb-92d1-400c-aa09-4b80138b37ce', '/api/v1/efectivos/{efectivo_id}/posicion', 'POST', 'demo', '127.0.0.1', 'efectivo', '4', 'Posiciones recibidas', NULL, NULL, '{"cantidad":1}', 1, NULL, 'update', 1827576907837291),
(38, X'8FF5F1E5F9CC46F9BCE0714821E7DADF', 'update', 'low', 1796040907839701, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', '0aa46b77-8c85-4a90-80d8-531cbc4dc13b', '/api/v1/efectivos/{efectivo_id}/posicion', 'POST', 'demo', '127.0.0.1', 'efectivo', '5', 'Posiciones recibidas', NULL, NULL, '{"cantidad":1}', 1, NULL, 'update', 1827576907839701),
(39, X'D8BD4AD93090496B8A48774CC2DABAA3', 'update', 'low', 1796040907842211, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', '6dc753e4-9aaf-4e0b-8dba-8bbe9dc9a43b', '/api/v1/efectivos/{efectivo_id}/posicion', 'POST', 'demo', '127.0.0.1', 'efectivo', '6', 'Posiciones recibidas', NULL, NULL, '{"cantidad":1}', 1, NULL, 'update', 1827576907842211),
(40, X'44A0D7DBBFB244839E4177D12CCF5C18', 'update', 'low', 1796040907844766, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', '734a87d1-c96f-4434-b010-8354c0aa05af', '/api/v1/efectivos/{efectivo_id}/posicion', 'POST', 'demo', '127.0.0.1', 'efectivo', '7', 'Posiciones recibidas', NULL, NULL, '{"cantidad":1}', 1, NULL, 'update', 1827576907844766),
(41, X'8D5E7DD24F4E46339412570DBE44CE58', 'update', 'low', 1796040907847574, 7, NULL, X'07C75FEFDFCB41BAA84E4E025E0A3AC3', 'b0b13a9b-3bfb-4dd6-a329-8197bb93da7d', '/api/v1/efectivos/{efectivo_id}/posicion', 'POST', 'demo', '127.0.0.1', 'efectivo', '1', 'Posiciones recibidas', NULL, NULL, '{"cantidad":1}', 1, NULL, 'update', 1827576907847574),
(42, X'31FFAB28BE074599BD080ED1FDD30602', 'update', 'medium', 1796040907849984, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', '5828c1db-30e3-4cb2-a7a0-1bcf27cbd2ad', '/api/v1/efectivos/{efectivo_id}', 'PUT', 'demo', '127.0.0.1', 'efectivo', '5', 'Efectivo modificado', '{"estado_disponibilidad":"disponible"}', '{"estado_disponibilidad":"fuera_servicio"}', '{}', 1, NULL, 'update,data_change', 1985256907849984),
(43, X'F497EEFEF13A4137A07DE7BAD7E7D070', 'update', 'medium', 1796040907852925, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', 'bcc3342c-9b42-47e1-a8f9-653c52800e63', '/api/v1/efectivos/{efectivo_id}', 'PUT', 'demo', '127.0.0.1', 'efectivo', '6', 'Efectivo modificado', '{"estado_disponibilidad":"disponible"}', '{"estado_disponibilidad":"no_disponible"}', '{}', 1, NULL, 'update,data_change', 1985256907852925),
(44, X'DD589B0471504678B0899CB928D41BBC', 'create', 'medium', 1796040907855330, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', 'c6825d16-af3d-492f-aac7-a0779e3613fd', '/api/v1/tasks/', 'POST', 'demo', '127.0.0.1', 'tarea', '1', 'Tarea DEMO-SOLA creada', NULL, '{"codigo":"DEMO-SOLA","prioridad":1,"tipo":"investigacion"}', '{}', 1, NULL, 'create,data_change', 1985256907855330),
(45, X'F1985A9BF2A54F69AC42EE482FAB8654', 'task_assigned', 'medium', 1796040907859367, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', 'd8bdbc96-eddf-4b3c-a0e2-44643753235e', '/api/v1/tasks/', 'POST', 'demo', '127.0.0.1', 'tarea', '2', 'Tarea DEMO-PROGRAMADA asignada', NULL, '{"efectivos_asignados":[3,7]}', '{}', 1, NULL, 'update,data_change', 1985256907859367),
(46, X'6E6D8CD14FA341DC866DBF7217E6BC15', 'create', 'medium', 1796040907859367, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', 'd8bdbc96-eddf-4b3c-a0e2-44643753235e', '/api/v1/tasks/', 'POST', 'demo', '127.0.0.1', 'tarea', '2', 'Tarea DEMO-PROGRAMADA creada', NULL, '{"codigo":"DEMO-PROGRAMADA","prioridad":2,"tipo":"vigilancia"}', '{}', 1, NULL, 'create,data_change', 1985256907859367),
(47, X'B0F72843A4EB407B987B980F1D6DA6E4', 'task_assigned', 'medium', 1796040907862923, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', '6c78d6b6-2ecb-4763-9036-9327ad5980aa', '/api/v1/tasks/', 'POST', 'demo', '127.0.0.1', 'tarea', '3', 'Tarea DEMO-FINALIZADA asignada', NULL, '{"efectivos_asignados":[1]}', '{}', 1, NULL, 'update,data_change', 1985256907862923),
(48, X'ED121CE7EF4A443FA3444498F4AAEE22', 'create', 'medium', 1796040907862923, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', '6c78d6b6-2ecb-4763-9036-9327ad5980aa', '/api/v1/tasks/', 'POST', 'demo', '127.0.0.1', 'tarea', '3', 'Tarea DEMO-FINALIZADA creada', NULL, '{"codigo":"DEMO-FINALIZADA","prioridad":2,"tipo":"entrenamiento"}', '{}', 1, NULL, 'create,data_change', 1985256907862923),
(49, X'36573E19969F41B98D7D6D1346BE63F7', 'task_status_changed', 'medium', 1796040907866192, 7, NULL, X'07C75FEFDFCB41BAA84E4E025E0A3AC3', 'f06c6ad0-08ef-45fb-9578-01ff9e528da9', '/api/v1/tasks/{task_id}', 'PUT', 'demo', '127.0.0.1', 'tarea', '3', 'Tarea DEMO-FINALIZADA: programada → en_curso', '{"estado":"programada"}', '{"estado":"en_curso"}', '{}', 1, NULL, 'update,data_change', 1985256907866192),
(50, X'5C1ABA672A33472FBD670148BE2E7DE3', 'task_status_changed', 'medium', 1796040907870741, 7, NULL, X'07C75FEFDFCB41BAA84E4E025E0A3AC3', '6ac863d7-203b-41d3-af73-fe49e9ea4961', '/api/v1/tasks/{task_id}', 'PUT', 'demo', '127.0.0.1', 'tarea', '3', 'Tarea DEMO-FINALIZADA: en_curso → pausada', '{"estado":"en_curso"}', '{"estado":"pausada"}', '{}', 1, NULL, 'update,data_change', 1985256907870741),
(51, X'2AE21A5DE1B047F49C13F002F8B497DE', 'task_status_changed', 'medium', 1796040907873968, 7, NULL, X'07C75FEFDFCB41BAA84E4E025E0A3AC3', '69c99837-168a-40e9-8cd2-c86e932ed516', '/api/v1/tasks/{task_id}', 'PUT', 'demo', '127.0.0.1', 'tarea', '3', 'Tarea DEMO-FINALIZADA: pausada → en_curso', '{"estado":"pausada"}', '{"estado":"en_curso"}', '{}', 1, NULL, 'update,data_change', 1985256907873968),
(52, X'D32704C9C57545CDAF2C0D774BEFB2F7', 'task_completed', 'medium', 1796040907876919, 7, NULL, X'07C75FEFDFCB41BAA84E4E025E0A3AC3', '98d1c67f-0890-4583-a260-e8ec9de11a1e', '/api/v1/tasks/{task_id}', 'PUT', 'demo', '127.0.0.1', 'tarea', '3', 'Tarea DEMO-FINALIZADA: en_curso → finalizada', '{"estado":"en_curso"}', '{"estado":"finalizada"}', '{}', 1, NULL, 'update,data_change', 1985256907876919),
(53, X'F537B412A54A43B4B07AB6200E8EF324', 'task_assigned', 'medium', 1796040907880362, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', '6cb5c3c7-7c88-4996-b1f9-398cda32971f', '/api/v1/tasks/', 'POST', 'demo', '127.0.0.1', 'tarea', '4', 'Tarea DEMO-CANCELADA asignada', NULL, '{"efectivos_asignados":[2]}', '{}', 1, NULL, 'update,data_change', 1985256907880362),
(54, X'855FE274604E45D298E3FF082BD90B1D', 'create', 'medium', 1796040907880362, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', '6cb5c3c7-7c88-4996-b1f9-398cda32971f', '/api/v1/tasks/', 'POST', 'demo', '127.0.0.1', 'tarea', '4', 'Tarea DEMO-CANCELADA creada', NULL, '{"codigo":"DEMO-CANCELADA","prioridad":2,"tipo":"patrullaje"}', '{}', 1, NULL, 'create,data_change', 1985256907880362),
(55, X'A389B6C24FF949369F7848F11FD72522', 'task_status_changed', 'medium', 1796040907883554, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', 'c2a04bca-bd8a-4f56-8037-377a78cfa0ce', '/api/v1/tasks/{task_id}', 'PUT', 'demo', '127.0.0.1', 'tarea', '4', 'Tarea DEMO-CANCELADA: programada → cancelada', '{"estado":"programada"}', '{"estado":"cancelada"}', '{}', 1, NULL, 'update,data_change', 1985256907883554),
(56, X'5587B8C6A0E14344B865226D9AB2A66B', 'task_assigned', 'medium', 1796040907895481, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', '69261cae-ec7a-4c98-b3fc-0dc874cd72bc', '/api/v1/tasks/', 'POST', 'demo', '127.0.0.1', 'tarea', '5', 'Tarea DEMO-PAUSADA asignada', NULL, '{"efectivos_asignados":[3]}', '{}', 1, NULL, 'update,data_change', 1985256907895481),
(57, X'181D30FF0D5744D1B621D6BBC00F6AE9', 'create', 'medium', 1796040907895481, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', '69261cae-ec7a-4c98-b3fc-0dc874cd72bc', '/api/v1/tasks/', 'POST', 'demo', '127.0.0.1', 'tarea', '5', 'Tarea DEMO-PAUSADA creada', NULL, '{"codigo":"DEMO-PAUSADA","prioridad":2,"tipo":"administrativa"}', '{}', 1, NULL, 'create,data_change', 1985256907895481),
(58, X'8AE03DA75D8048C9B9C3D9E5D07808E8', 'task_status_changed', 'medium', 1796040907903035, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', '8371128c-ad47-4911-8aeb-ba16e358e51c', '/api/v1/tasks/{task_id}', 'PUT', 'demo', '127.0.0.1', 'tarea', '5', 'Tarea DEMO-PAUSADA: programada → en_curso', '{"estado":"programada"}', '{"estado":"en_curso"}', '{}', 1, NULL, 'update,data_change', 1985256907903035),
(59, X'C6C87E81E11247169867453146B54DFD', 'task_status_changed', 'medium', 1796040907906663, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', '2537cc3a-9a7f-4fab-befc-547097398cf0', '/api/v1/tasks/{task_id}', 'PUT', 'demo', '127.0.0.1', 'tarea', '5', 'Tarea DEMO-PAUSADA: en_curso → pausada', '{"estado":"en_curso"}', '{"estado":"pausada"}', '{}', 1, NULL, 'update,data_change', 1985256907906663),
(60, X'2D9EDA21F8154754B5266B78EE590D2E', 'task_assigned', 'medium', 1796040907909835, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', '4b3c25b3-9566-4719-8f42-eaf1ec2ba947', '/api/v1/tasks/', 'POST', 'demo', '127.0.0.1', 'tarea', '6', 'Tarea DEMO-EN-CURSO asignada', NULL, '{"efectivos_asignados":[1,2]}', '{}', 1, NULL, 'update,data_change', 1985256907909835),
(61, X'18E7578BDD8E40FBA256DB3777918A89', 'create', 'medium', 1796040907909835, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', '4b3c25b3-9566-4719-8f42-eaf1ec2ba947', '/api/v1/tasks/', 'POST', 'demo', '127.0.0.1', 'tarea', '6', 'Tarea DEMO-EN-CURSO creada', NULL, '{"codigo":"DEMO-EN-CURSO","prioridad":4,"tipo":"patrullaje"}', '{}', 1, NULL, 'create,data_change', 1985256907909835),
(62, X'67B65D8019694C22B86D54EFA87F0CD9', 'task_status_changed', 'medium', 1796040907912954, 7, NULL, X'07C75FEFDFCB41BAA84E4E025E0A3AC3', 'eaefd9fd-19a1-4eca-ad60-84cde6cdd71a', '/api/v1/tasks/{task_id}', 'PUT', 'demo', '127.0.0.1', 'tarea', '6', 'Tarea DEMO-EN-CURSO: programada → en_curso', '{"estado":"programada"}', '{"estado":"en_curso"}', '{}', 1, NULL, 'update,data_change', 1985256907912954),
(63, X'868A54AC882A41639DBD9D08BBF4F6ED', 'task_assigned', 'medium', 1796040907916668, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', 'bd7bb5c8-a40d-472a-8a3e-7cb22ac47cdc', '/api/v1/tasks/', 'POST', 'demo', '127.0.0.1', 'tarea', '7', 'Tarea DEMO-ELIMINADA asignada', NULL, '{"efectivos_asignados":[7]}', '{}', 1, NULL, 'update,data_change', 1985256907916668),
(64, X'7BF97CA157824DBCADD43AC2C3E94168', 'create', 'medium', 1796040907916668, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', 'bd7bb5c8-a40d-472a-8a3e-7cb22ac47cdc', '/api/v1/tasks/', 'POST', 'demo', '127.0.0.1', 'tarea', '7', 'Tarea DEMO-ELIMINADA creada', NULL, '{"codigo":"DEMO-ELIMINADA","prioridad":2,"tipo":"intervencion"}', '{}', 1, NULL, 'create,data_change', 1985256907916668),
(65, X'EEA06BBB31B349B0A7B7BE8CE00C6EC5', 'delete', 'high', 1796040907919848, 1, NULL, X'6340EF7AEBB743E29FD26D47BA41A63E', 'a43ec4fe-e067-4b7c-9860-1228c7b21d66', '/api/v1/tasks/{task_id}', 'DELETE', 'demo', '127.0.0.1', 'tarea', '7', 'Tarea DEMO-ELIMINADA eliminada', '{"codigo":"DEMO-ELIMINADA","estado":"programada"}', NULL, '{}', 1, NULL, 'delete,data_change', 2111400907919848),
(66, X'AEF254613F9D42BD98B2EB64129C8B1E', 'update', 'medium', 1796040907922759, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', '5d332cf9-cc59-4f08-9f6b-a5fe409cd650', '/api/v1/tasks/{task_id}/notas', 'POST', 'demo', '127.0.0.1', 'tarea', '6', 'Tarea DEMO-EN-CURSO: nota', NULL, '{"notas":[{"clase":"texto","id":1}]}', '{}', 1, NULL, 'update,data_change', 1985256907922759),
(67, X'336A715547CC45149302E0C8F3A0704F', 'update', 'medium', 1796040907927627, 7, NULL, NULL, 'tg-1009', 'mensaje', 'BOT', NULL, NULL, 'tarea', '6', 'Tarea DEMO-EN-CURSO: nota', NULL, '{"notas":[{"clase":"voz","id":2}]}', '{}', 1, NULL, 'update,data_change', 1985256907927627),
(68, X'81DFCA1CE50F43EFB70C743CDFD5D9CC', 'task_assigned', 'medium', 1796040907976327, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', '73dcd16b-d8f3-4925-9b2e-bc7b3d300a02', '/api/v1/tasks/emergency', 'POST', 'demo', '127.0.0.1', 'tarea', '8', 'Tarea EMG-20261130-B9EP0Q asignada', NULL, '{"efectivos_asignados":[4]}', '{}', 1, NULL, 'update,data_change', 1985256907976327),
(69, X'A61C26F21BF74F15BF44F5CB02832FA8', 'task_status_changed', 'medium', 1796040907976327, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', '73dcd16b-d8f3-4925-9b2e-bc7b3d300a02', '/api/v1/tasks/emergency', 'POST', 'demo', '127.0.0.1', 'tarea', '8', 'Tarea EMG-20261130-B9EP0Q: programada → en_curso', '{"estado":"programada"}', '{"estado":"en_curso"}', '{}', 1, NULL, 'update,data_change', 1985256907976327),
(70, X'7D11278D2AF54EFD88D9BD8E0A089CBA', 'emergency_created', 'high', 1796040907976327, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', '73dcd16b-d8f3-4925-9b2e-bc7b3d300a02', '/api/v1/tasks/emergency', 'POST', 'demo', '127.0.0.1', 'tarea', '8', 'Emergencia EMG-20261130-B9EP0Q', NULL, '{"assigned_efectivo_id":4,"codigo":"EMG-20261130-B9EP0Q","distance_m":431.8351872814724}', '{}', 1, NULL, 'create,data_change', 2111400907976327),
(71, X'24BA580464C840BB9906B6194267961A', 'emergency_created', 'high', 1796040907983450, 2, NULL, X'C381BB98184946FAB6BC764720F15C24', 'fa58bb7e-a2e6-497f-98b5-7b29b33fc35d', '/api/v1/tasks/emergency', 'POST', 'demo', '127.0.0.1', 'tarea', '9', 'Emergencia EMG-20261130-BVCY62', NULL, '{"assigned_efectivo_id":null,"codigo":"EMG-20261130-BVCY62","distance_m":null}', '{}', 1, NULL, 'create,data_change', 2111400907983450),
(72, X'E7A84935439B4D37AF19700549B50EEA', 'delete', 'high', 1796040908088146, 1, NULL, X'6340EF7AEBB743E29FD26D47BA41A63E', '5dd78617-5b8d-470d-8efc-9d6fcdbf176b', '/api/v1/efectivos/{efectivo_id}', 'DELETE', 'demo', '127.0.0.1', 'efectivo', '8', 'Efectivo eliminado', NULL, NULL, '{}', 1, NULL, 'delete,data_change', 2111400908088146),
(73, X'B3FCDDED3C1D4BADB582D90F4E1E5A08', 'user_disabled', 'high', 1796040908092462, 1, NULL, X'6340EF7AEBB743E29FD26D47BA41A63E', '4fa6b970-3664-4d63-aa1c-974bec8c01c4', '/api/v1/users/{user_id}', 'PUT', 'demo', '127.0.0.1', 'usuario', '5', 'Usuario modificado', '{"nivel":1,"verificado":true}', '{"nivel":1,"verificado":false}', '{"campos":["verificado"]}', 1, NULL, 'update,sensitive', 2111400908092462),
(74, X'2DD4485371E7405F969803B56FD0AF0B', 'delete', 'high', 1796040908096416, 1, NULL, X'6340EF7AEBB743E29FD26D47BA41A63E', '5c9b85ee-a445-467f-a1c2-783419d109de', '/api/v1/usuarios/{usuario_id}', 'DELETE', 'demo', '127.0.0.1', 'usuario', '6', 'Usuario eliminado', NULL, NULL, '{}', 1, NULL, 'delete,sensitive', 2111400908096416),
(75, X'8F05E45C358E48C38225A57766CABBEB', 'login', 'medium', 1796040908134950, 3, NULL, NULL, '0fd05938-678b-4897-b6bc-0eb75bb15363', '/api/v1/auth/login', 'POST', 'demo', '127.0.0.1', 'authentication', '3', 'Inicio de sesión', NULL, NULL, '{"session_id":"3ff539bf-1b05-4b63-9db5-cd757b7d6c3a"}', 1, NULL, 'auth,security', 1985256908134950),
(76, X'7B765DCFC0A041209A9697A4D1C59E2B', 'logout', 'low', 1796040908142444, 3, NULL, X'3FF539BF1B054B639DB5CD757B7D6C3A', 'fa797f05-6d02-47fd-8949-77a682b31058', '/api/v1/auth/logout', 'POST', 'demo', '127.0.0.1', 'authentication', '3', 'Cierre de sesión', NULL, NULL, '{"session_id":"3ff539bf-1b05-4b63-9db5-cd757b7d6c3a"}', 1, NULL, 'auth', 1827576908142444),
(77, X'850C7226C196455498453F6D8470B576', 'token_refresh', 'low', 1796040908145096, 2, NULL, NULL, '63f2ba2b-cbc2-4c99-b56e-c526a011d301', '/api/v1/auth/refresh', 'POST', 'demo', '127.0.0.1', 'authentication', '2', 'Sesión prolongada', NULL, NULL, '{"session_id":"c381bb98-1849-46fa-b6bc-764720f15c24"}', 1, NULL, 'auth', 1827576908145096),
(78, X'18C84919724142FEB6AF714F8DFD2F7A', 'login_failed', 'high', 1796040908201496, 4, NULL, NULL, '2c979eeb-e07a-4bcc-b7a3-1de26aae9303', '/api/v1/auth/login', 'POST', 'demo', '127.0.0.1', 'authentication', '4', 'Inicio de sesión rechazado', NULL, NULL, '{"intentos_fallidos":1,"intentos_fallidos_en_total":1}', 0, 'Incorrect email or password', 'auth,security', 2111400908201496),
(79, X'7918D9EFEC524A3D94BB2B0A391BB65F', 'login_failed', 'high', 1796040908250666, 4, NULL, NULL, '9e454cb7-ab50-41c1-af4b-02c1eefe4e6e', '/api/v1/auth/login', 'POST', 'demo', '127.0.0.1', 'authentication', '4', 'Inicio de sesión rechazado', NULL, NULL, '{"intentos_fallidos":2,"intentos_fallidos_en_total":2}', 0, 'Incorrect email or password', 'auth,security', 2111400908250666),
(80, X'47A7675B869A444CAC549348C786C754', 'login_failed', 'high', 1796040908298365, 4, NULL, NULL, '30c8559b-e930-4115-a76b-5b94b563f911', '/api/v1/auth/login', 'POST', 'demo', '127.0.0.1', 'authentication', '4', 'Inicio de sesión rechazado', NULL, NULL, '{"intentos_fallidos":3,"intentos_fallidos_en_total":3}', 0, 'Incorrect email or password', 'auth,security', 2111400908298365),
(81, X'CAE89E10EB7B494DA8238048FB789B4C', 'login_failed', 'high', 1796040908347069, 4, NULL, NULL, '928eefa7-801d-41e3-acf8-26fcb3509fd9', '/api/v1/auth/login', 'POST', 'demo', '127.0.0.1', 'authentication', '4', 'Inicio de sesión rechazado', NULL, NULL, '{"intentos_fallidos":4,"intentos_fallidos_en_total":4}', 0, 'Incorrect email or password', 'auth,security', 2111400908347069),
(82, X'C2614FFD07EF4C559F669D8481A1ABFB', 'login_failed', 'high', 1796040908402244, 4, NULL, NULL, 'a2206d71-0e97-4d40-b0db-6bbfd4f211bd', '/api/v1/auth/login', 'POST', 'demo', '127.0.0.1', 'authentication', '4', 'Inicio de sesión rechazado', NULL, NULL, '{"intentos_fallidos":5,"intentos_fallidos_en_total":5}', 0, 'Incorrect email or password', 'auth,security', 2111400908402244),
(83, X'A26302B8508D42B5B05CF11E9166D3C6', 'login_failed', 'high', 1796040908460410, 4, NULL, NULL, '0caf58eb-8c99-470e-b950-1c4aa0206db1', '/api/v1/auth/login', 'POST', 'demo', '127.0.0.1', 'authentication', '4', 'Inicio de sesión rechazado', NULL, NULL, '{"intentos_fallidos":5,"intentos_fallidos_en_total":5}', 0, 'Incorrect email or password', 'auth,security', 2111400908460410),
(84, X'76EEEFD162C040F69407D00CA29FC73F', 'update', 'medium', 1796040908809631, NULL, NULL, NULL, '110eafcc-4566-4b9b-becb-c18ae8b7cb9a', 'user password', 'CLI', NULL, NULL, 'usuario', '3', 'Usuario modificado', '{"nivel":2,"verificado":true}', '{"nivel":2,"verificado":true}', '{"campos":["password"]}', 1, NULL, 'update,sensitive', 1985256908809631);
INSERT INTO eventos VALUES
(1, X'444A4C32A0184E51B5D444FBE3C28941', 'user_activity', NULL, '{"user_changed":{"user":1,"changed":["creado"]}}', 'efe00ff8-7d44-4369-bd28-dbf7d1aba8c6', 1796040906353209),
(2, X'F8669AEDF15E4C29B6ACD8078E00D782', 'user_activity', NULL, '{"user_changed":{"user":2,"changed":["creado"]}}', '50c467cb-8f75-4661-8ea0-8997bb98f6e0', 1796040906549376),
(3, X'F4B2EE97B2E44A51872E8A6757AEB5A2', 'user_activity', NULL, '{"user_changed":{"user":3,"changed":["creado"]}}', 'cdee22ad-5120-4935-bfa1-c984a415ec48', 1796040906602188),
(4, X'91EC1529485D433FB16AC6E7EEF0108E', 'user_activity', NULL, '{"user_changed":{"user":4,"changed":["creado"]}}', 'f07e4288-1a69-49fb-a775-2ecd5f725490', 1796040906691950),
(5, X'5459E0BE29AA4B4BA5F277B1113873EC', 'user_activity', NULL, '{"user_changed":{"user":5,"changed":["creado"]}}', '185d7fbe-eef3-4b60-b502-5b543f71d238', 1796040906740759),
(6, X'D4067F81F3474F20B4F7591C8BDCD2F7', 'user_activity', NULL, '{"user_changed":{"user":6,"changed":["creado"]}}', '7a95e473-0f33-4b44-bb0e-99bc72c6028b', 1796040906821715),
(7, X'F7F6C89CFC834D6D9B62CA9D33F881A2', 'user_activity', NULL, '{"user_changed":{"user":7,"changed":["creado"]}}', '3e9e600a-80c8-44f5-bbe4-940a8ead2abc', 1796040906871013),
(8, X'E32D5601F852467FAA37AAE086B9C832', 'user_activity', NULL, '{"user_changed":{"user":8,"changed":["creado"]}}', 'd1868126-ea24-46b0-acbf-db59a93176e9', 1796040906951457),
(9, X'794404716234418DB2B791DB3BF259FF', 'user_activity', NULL, '{"user_changed":{"user":9,"changed":["creado"]}}', '1fc4db2e-bc53-4357-86a8-d64d6aa714e4', 1796040907006081),
(10, X'37E1C10186834587894C2AC0563F091D', 'user_activity', NULL, '{"user_changed":{"user":10,"changed":["creado"]}}', '50fc66dc-d5af-466b-bb5f-42c6065bc704', 1796040907085511),
(11, X'C692060196A144B289A76ABDAA7AEB88', 'user_activity', NULL, '{"user_changed":{"user":11,"changed":["creado"]}}', 'cbba6b3b-a815-4604-aded-92641e03794b', 1796040907141389),
(12, X'F0757D15B1F7421E8D85DB2E46F14A85', 'user_activity', NULL, '{"user_changed":{"user":12,"changed":["creado"]}}', '3a812062-a60c-4d40-8590-ebf22a487ac1', 1796040907222463),
(13, X'747272A1220F420A8623AEE7ECF43B47', 'user_activity', NULL, '{"user_changed":{"user":13,"changed":["creado"]}}', 'c24fc814-b589-4581-9b9f-8239531a3000', 1796040907280737),
(14, X'342532BE226447D4896629CB462C3F98', 'user_activity', NULL, '{"user_changed":{"user":14,"changed":["creado"]}}', '712aa731-7adf-4cea-8d6d-a84551f20e5e', 1796040907359097),
(15, X'440FEA9DA81F45ADB7B5FD25C33D6B5F', 'user_activity', NULL, '{"user_changed":{"user":15,"changed":["creado"]}}', 'dd631fd2-9464-4425-8c69-7d75835c9907', 1796040907367852),
(16, X'27D9DC9C46604B36AB0EF9130398F59B', 'user_activity', NULL, '{"user_changed":{"user":7,"changed":["telegram_id"]}}', 'tg-1001', 1796040907578616),
(17, X'E4A4BF096BD24BD4B3F3B92BBACCF449', 'user_activity', NULL, '{"user_changed":{"user":2,"changed":["telegram_id"]}}', 'tg-1003', 1796040907652958),
(18, X'0F6177D4BC514725A27AD8C1BE54978D', 'efectivo_location_update', NULL, '{"positions_reported":{"positions":[{"officer":1,"point":{"lat":-34.6037,"lng":-58.3816},"accuracy_m":8.5,"measured_at":"2026-11-30T12:15:02.824735Z","received_at":"2026-11-30T12:15:07.827476Z"}]}}', '08fadf96-855a-4c58-b776-f5d22470a5b4', 1796040907827476),
(19, X'7F3040E74A444E5CA38E255DCAB47A09', 'efectivo_location_update', NULL, '{"positions_reported":{"positions":[{"officer":2,"point":{"lat":-34.602700000000006,"lng":-58.3826},"accuracy_m":8.5,"measured_at":"2026-11-30T12:15:02.824735Z","received_at":"2026-11-30T12:15:07.831847Z"}]}}', 'b5f0709d-f4e3-4aa8-a48f-e280a95d8d57', 1796040907831847),
(20, X'DB90A1FBAFBD4820908640359E23F9A9', 'efectivo_location_update', NULL, '{"positions_reported":{"positions":[{"officer":3,"point":{"lat":-34.6017,"lng":-58.3836},"accuracy_m":8.5,"measured_at":"2026-11-30T10:15:07.824735Z","received_at":"2026-11-30T12:15:07.834694Z"}]}}', 'b1900d48-9ce2-4831-bf52-326b52266ea2', 1796040907834694),
(21, X'EEBA851B7CB945F5AE6A79B8E1C4CAA5', 'efectivo_location_update', NULL, '{"positions_reported":{"positions":[{"officer":4,"point":{"lat":-34.6007,"lng":-58.3846},"accuracy_m":8.5,"measured_at":"2026-11-30T12:15:02.824735Z","received_at":"2026-11-30T12:15:07.837291Z"}]}}', '7fd955eb-92d1-400c-aa09-4b80138b37ce', 1796040907837291),
(22, X'782E921722694BA1A173D54DE3E756F6', 'efectivo_location_update', NULL, '{"positions_reported":{"positions":[{"officer":5,"point":{"lat":-34.599700000000006,"lng":-58.3856},"accuracy_m":8.5,"measured_at":"2026-11-30T12:15:02.824735Z","received_at":"2026-11-30T12:15:07.839701Z"}]}}', '0aa46b77-8c85-4a90-80d8-531cbc4dc13b', 1796040907839701),
(23, X'3FFD1889471F41339C4C69C2BB5C976C', 'efectivo_location_update', NULL, '{"positions_reported":{"positions":[{"officer":6,"point":{"lat":-34.5987,"lng":-58.3866},"accuracy_m":8.5,"measured_at":"2026-11-30T12:15:02.824735Z","received_at":"2026-11-30T12:15:07.842211Z"}]}}', '6dc753e4-9aaf-4e0b-8dba-8bbe9dc9a43b', 1796040907842211),
(24, X'F34DE755DB6C4E0AB4D2AEC89746AC2A', 'efectivo_location_update', NULL, '{"positions_reported":{"positions":[{"officer":7,"point":{"lat":-34.5977,"lng":-58.3876},"accuracy_m":8.5,"measured_at":"2026-11-30T10:15:07.824735Z","received_at":"2026-11-30T12:15:07.844766Z"}]}}', '734a87d1-c96f-4434-b010-8354c0aa05af', 1796040907844766),
(25, X'14E61B0BB4E34622AF1BEEB93690D87C', 'efectivo_location_update', NULL, '{"positions_reported":{"positions":[{"officer":1,"point":{"lat":-34.6032,"lng":-58.3816},"accuracy_m":null,"measured_at":"2026-11-30T12:15:07.824735Z","received_at":"2026-11-30T12:15:07.847574Z"}]}}', 'b0b13a9b-3bfb-4dd6-a329-8197bb93da7d', 1796040907847574),
(26, X'0488E273A3AF4027BC81380CE682A980', 'efectivo_status_changed', NULL, '{"officer_status_changed":{"officer":{"id":5,"uuid":"aa0524da-c7d0-454d-9790-4fd80367af52","user":11,"given_name":"Demo","family_name":"Agente5","internal_code":"DEMO-05","rank":"Agente","unit":"Demo 2","specialty":"Patrulla","availability":"fuera_servicio","availability_since":"2026-11-30T12:15:07.849984Z","metadata":{},"created_at":"2026-11-30T12:15:07.397864Z","updated_at":"2026-11-30T12:15:07.849984Z","deleted_at":null,"version":2},"from":"disponible"}}', '5828c1db-30e3-4cb2-a7a0-1bcf27cbd2ad', 1796040907849984),
(27, X'C279686492C84DB38A931B65AA2FDBC5', 'efectivo_status_changed', NULL, '{"officer_status_changed":{"officer":{"id":6,"uuid":"63803fc2-1b67-4d27-9223-c4ffd3493df6","user":12,"given_name":"Demo","family_name":"Agente6","internal_code":"DEMO-06","rank":"Agente","unit":"Demo 1","specialty":"Patrulla","availability":"no_disponible","availability_since":"2026-11-30T12:15:07.852925Z","metadata":{},"created_at":"2026-11-30T12:15:07.401580Z","updated_at":"2026-11-30T12:15:07.852925Z","deleted_at":null,"version":2},"from":"disponible"}}', 'bcc3342c-9b42-47e1-a8f9-653c52800e63', 1796040907852925),
(28, X'D6C79D8724D24E83BF2FBBB59386B67B', 'task_created', 1, '{"task_created":{"task":{"id":1,"uuid":"a93074c9-87e0-47da-84aa-8123fc4c5dfa","code":"DEMO-SOLA","title":"Inspección demo en Ñuñoa","description":null,"kind":"investigacion","priority":1,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.855330Z","updated_at":"2026-11-30T12:15:07.855330Z","deleted_at":null,"version":1}}}', 'c6825d16-af3d-492f-aac7-a0779e3613fd', 1796040907855330),
(29, X'9A5A13C1124541C78ED2DE7BDB761B29', 'task_created', 2, '{"task_created":{"task":{"id":2,"uuid":"3ae2cafb-eda6-4fbf-b3aa-2f0c63a4b14d","code":"DEMO-PROGRAMADA","title":"Vigilancia demo del río","description":null,"kind":"vigilancia","priority":2,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":"Plaza demo","officers":[3,7],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.859367Z","updated_at":"2026-11-30T12:15:07.859367Z","deleted_at":null,"version":1}}}', 'd8bdbc96-eddf-4b3c-a0e2-44643753235e', 1796040907859367),
(30, X'CB833F77CAF24781AF96CCE38F5FC4B0', 'task_assigned', 2, '{"task_assigned":{"task":{"id":2,"uuid":"3ae2cafb-eda6-4fbf-b3aa-2f0c63a4b14d","code":"DEMO-PROGRAMADA","title":"Vigilancia demo del río","description":null,"kind":"vigilancia","priority":2,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":"Plaza demo","officers":[3,7],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.859367Z","updated_at":"2026-11-30T12:15:07.859367Z","deleted_at":null,"version":1},"officers":[3,7]}}', 'd8bdbc96-eddf-4b3c-a0e2-44643753235e', 1796040907859367),
(31, X'19D40B1018314A17951BD72C45C6B876', 'task_created', 3, '{"task_created":{"task":{"id":3,"uuid":"ff73b57a-e749-4b4b-97ec-0cc3ba9affab","code":"DEMO-FINALIZADA","title":"Entrenamiento demo","description":null,"kind":"entrenamiento","priority":2,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[1],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.862923Z","updated_at":"2026-11-30T12:15:07.862923Z","deleted_at":null,"version":1}}}', '6c78d6b6-2ecb-4763-9036-9327ad5980aa', 1796040907862923),
(32, X'184F67326C6A40B2BBD0204901238348', 'task_assigned', 3, '{"task_assigned":{"task":{"id":3,"uuid":"ff73b57a-e749-4b4b-97ec-0cc3ba9affab","code":"DEMO-FINALIZADA","title":"Entrenamiento demo","description":null,"kind":"entrenamiento","priority":2,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[1],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.862923Z","updated_at":"2026-11-30T12:15:07.862923Z","deleted_at":null,"version":1},"officers":[1]}}', '6c78d6b6-2ecb-4763-9036-9327ad5980aa', 1796040907862923),
(33, X'AA3A10B0629249A5AFA0414B4AA00C6F', 'task_status_changed', 3, '{"task_status_changed":{"task":{"id":3,"uuid":"ff73b57a-e749-4b4b-97ec-0cc3ba9affab","code":"DEMO-FINALIZADA","title":"Entrenamiento demo","description":null,"kind":"entrenamiento","priority":2,"state":"en_curso","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":"2026-11-30T12:15:07.866192Z","finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[1],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.862923Z","updated_at":"2026-11-30T12:15:07.866192Z","deleted_at":null,"version":2},"from":"programada","by":7}}', 'f06c6ad0-08ef-45fb-9578-01ff9e528da9', 1796040907866192),
(34, X'857841488BB84C9E9E41B2144B595CA3', 'efectivo_status_changed', NULL, '{"officer_status_changed":{"officer":{"id":1,"uuid":"bb1d84e8-362f-4880-9117-8caa01f220b6","user":7,"given_name":"Demo","family_name":"Agente1","internal_code":"DEMO-01","rank":"Agente","unit":"Demo 2","specialty":"Patrulla","availability":"en_tarea","availability_since":"2026-11-30T12:15:07.866192Z","metadata":{},"created_at":"2026-11-30T12:15:07.375446Z","updated_at":"2026-11-30T12:15:07.866192Z","deleted_at":null,"version":1},"from":"disponible"}}', 'f06c6ad0-08ef-45fb-9578-01ff9e528da9', 1796040907866192),
(35, X'252F68FAC5CD4780948A4905D322589E', 'task_status_changed', 3, '{"task_status_changed":{"task":{"id":3,"uuid":"ff73b57a-e749-4b4b-97ec-0cc3ba9affab","code":"DEMO-FINALIZADA","title":"Entrenamiento demo","description":null,"kind":"entrenamiento","priority":2,"state":"pausada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":"2026-11-30T12:15:07.866192Z","finished_at":null,"paused_total":[0,0],"paused_at":"2026-11-30T12:15:07.870741Z","duration_hours":null,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[1],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.862923Z","updated_at":"2026-11-30T12:15:07.870741Z","deleted_at":null,"version":3},"from":"en_curso","by":7}}', '6ac863d7-203b-41d3-af73-fe49e9ea4961', 1796040907870741),
(36, X'D2C3234CA47D49419D1725FBA573C681', 'task_status_changed', 3, '{"task_status_changed":{"task":{"id":3,"uuid":"ff73b57a-e749-4b4b-97ec-0cc3ba9affab","code":"DEMO-FINALIZADA","title":"Entrenamiento demo","description":null,"kind":"entrenamiento","priority":2,"state":"en_curso","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":"2026-11-30T12:15:07.866192Z","finished_at":null,"paused_total":[0,3227000],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[1],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.862923Z","updated_at":"2026-11-30T12:15:07.873968Z","deleted_at":null,"version":4},"from":"pausada","by":7}}', '69c99837-168a-40e9-8cd2-c86e932ed516', 1796040907873968),
(37, X'DCCE534B516A4C7CA0191FC29A499B5A', 'task_status_changed', 3, '{"task_status_changed":{"task":{"id":3,"uuid":"ff73b57a-e749-4b4b-97ec-0cc3ba9affab","code":"DEMO-FINALIZADA","title":"Entrenamiento demo","description":null,"kind":"entrenamiento","priority":2,"state":"finalizada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":"2026-11-30T12:15:07.866192Z","finished_at":"2026-11-30T12:15:07.876919Z","paused_total":[0,3227000],"paused_at":null,"duration_hours":2.0833333333333334e-6,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[1],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.862923Z","updated_at":"2026-11-30T12:15:07.876919Z","deleted_at":null,"version":5},"from":"en_curso","by":7}}', '98d1c67f-0890-4583-a260-e8ec9de11a1e', 1796040907876919),
(38, X'D7A1F3EB64184A92A1BAFDD3B192282A', 'efectivo_status_changed', NULL, '{"officer_status_changed":{"officer":{"id":1,"uuid":"bb1d84e8-362f-4880-9117-8caa01f220b6","user":7,"given_name":"Demo","family_name":"Agente1","internal_code":"DEMO-01","rank":"Agente","unit":"Demo 2","specialty":"Patrulla","availability":"disponible","availability_since":"2026-11-30T12:15:07.876919Z","metadata":{},"created_at":"2026-11-30T12:15:07.375446Z","updated_at":"2026-11-30T12:15:07.876919Z","deleted_at":null,"version":2},"from":"en_tarea"}}', '98d1c67f-0890-4583-a260-e8ec9de11a1e', 1796040907876919),
(39, X'56EB01F8D5C54A83A5751D08765277D1', 'task_created', 4, '{"task_created":{"task":{"id":4,"uuid":"6d7e3d33-dc19-4dc4-a13c-ebb75f55c8a2","code":"DEMO-CANCELADA","title":"Recorrida demo sin efecto","description":null,"kind":"patrullaje","priority":2,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[2],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.880362Z","updated_at":"2026-11-30T12:15:07.880362Z","deleted_at":null,"version":1}}}', '6cb5c3c7-7c88-4996-b1f9-398cda32971f', 1796040907880362),
(40, X'03DD0F3256944FBBB218007A60B1AD30', 'task_assigned', 4, '{"task_assigned":{"task":{"id":4,"uuid":"6d7e3d33-dc19-4dc4-a13c-ebb75f55c8a2","code":"DEMO-CANCELADA","title":"Recorrida demo sin efecto","description":null,"kind":"patrullaje","priority":2,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[2],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.880362Z","updated_at":"2026-11-30T12:15:07.880362Z","deleted_at":null,"version":1},"officers":[2]}}', '6cb5c3c7-7c88-4996-b1f9-398cda32971f', 1796040907880362),
(41, X'8CAB76C04EB342A4AA85AD7256DB44A1', 'task_status_changed', 4, '{"task_status_changed":{"task":{"id":4,"uuid":"6d7e3d33-dc19-4dc4-a13c-ebb75f55c8a2","code":"DEMO-CANCELADA","title":"Recorrida demo sin efecto","description":null,"kind":"patrullaje","priority":2,"state":"cancelada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[2],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.880362Z","updated_at":"2026-11-30T12:15:07.883554Z","deleted_at":null,"version":2},"from":"programada","by":2}}', 'c2a04bca-bd8a-4f56-8037-377a78cfa0ce', 1796040907883554),
(42, X'A733BBFB8D8A4C84B1C33C53DD86FA01', 'task_created', 5, '{"task_created":{"task":{"id":5,"uuid":"9c98886f-de4c-4baf-871c-33e8591d34c0","code":"DEMO-PAUSADA","title":"Expediente demo","description":null,"kind":"administrativa","priority":2,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[3],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.895481Z","updated_at":"2026-11-30T12:15:07.895481Z","deleted_at":null,"version":1}}}', '69261cae-ec7a-4c98-b3fc-0dc874cd72bc', 1796040907895481),
(43, X'9662BDFB7FF04E938DBAE24400BD2E72', 'task_assigned', 5, '{"task_assigned":{"task":{"id":5,"uuid":"9c98886f-de4c-4baf-871c-33e8591d34c0","code":"DEMO-PAUSADA","title":"Expediente demo","description":null,"kind":"administrativa","priority":2,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[3],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.895481Z","updated_at":"2026-11-30T12:15:07.895481Z","deleted_at":null,"version":1},"officers":[3]}}', '69261cae-ec7a-4c98-b3fc-0dc874cd72bc', 1796040907895481),
(44, X'2708F64B709547CD8CF1A936EF3FFC10', 'task_status_changed', 5, '{"task_status_changed":{"task":{"id":5,"uuid":"9c98886f-de4c-4baf-871c-33e8591d34c0","code":"DEMO-PAUSADA","title":"Expediente demo","description":null,"kind":"administrativa","priority":2,"state":"en_curso","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":"2026-11-30T12:15:07.903035Z","finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[3],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.895481Z","updated_at":"2026-11-30T12:15:07.903035Z","deleted_at":null,"version":2},"from":"programada","by":2}}', '8371128c-ad47-4911-8aeb-ba16e358e51c', 1796040907903035),
(45, X'AF8E6DEFABC14C88854C4A207E3399F7', 'efectivo_status_changed', NULL, '{"officer_status_changed":{"officer":{"id":3,"uuid":"cace0d0b-de27-44a8-abb4-6af85a80d405","user":9,"given_name":"Demo","family_name":"Agente3","internal_code":"DEMO-03","rank":"Agente","unit":"Demo 2","specialty":"Patrulla","availability":"en_tarea","availability_since":"2026-11-30T12:15:07.903035Z","metadata":{},"created_at":"2026-11-30T12:15:07.391610Z","updated_at":"2026-11-30T12:15:07.903035Z","deleted_at":null,"version":1},"from":"disponible"}}', '8371128c-ad47-4911-8aeb-ba16e358e51c', 1796040907903035),
(46, X'6402D601CC33464A80766530AC1076BD', 'task_status_changed', 5, '{"task_status_changed":{"task":{"id":5,"uuid":"9c98886f-de4c-4baf-871c-33e8591d34c0","code":"DEMO-PAUSADA","title":"Expediente demo","description":null,"kind":"administrativa","priority":2,"state":"pausada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":"2026-11-30T12:15:07.903035Z","finished_at":null,"paused_total":[0,0],"paused_at":"2026-11-30T12:15:07.906663Z","duration_hours":null,"delegate":2,"creator":2,"location":null,"location_description":null,"officers":[3],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.895481Z","updated_at":"2026-11-30T12:15:07.906663Z","deleted_at":null,"version":3},"from":"en_curso","by":2}}', '2537cc3a-9a7f-4fab-befc-547097398cf0', 1796040907906663),
(47, X'8F12E18440FB402D83D15F70E4BDECDD', 'task_created', 6, '{"task_created":{"task":{"id":6,"uuid":"9977e2b4-b2ed-4659-884c-48a9daf9aeee","code":"DEMO-EN-CURSO","title":"Patrulla demo de la plaza","description":null,"kind":"patrullaje","priority":4,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":"Plaza demo","officers":[1,2],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.909835Z","updated_at":"2026-11-30T12:15:07.909835Z","deleted_at":null,"version":1}}}', '4b3c25b3-9566-4719-8f42-eaf1ec2ba947', 1796040907909835),
(48, X'0BED4282F66B4923AA330DA6E6FA1AB3', 'task_assigned', 6, '{"task_assigned":{"task":{"id":6,"uuid":"9977e2b4-b2ed-4659-884c-48a9daf9aeee","code":"DEMO-EN-CURSO","title":"Patrulla demo de la plaza","description":null,"kind":"patrullaje","priority":4,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":"Plaza demo","officers":[1,2],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.909835Z","updated_at":"2026-11-30T12:15:07.909835Z","deleted_at":null,"version":1},"officers":[1,2]}}', '4b3c25b3-9566-4719-8f42-eaf1ec2ba947', 1796040907909835),
(49, X'3CC45CAF21254430A90C9325DF5B74FA', 'task_status_changed', 6, '{"task_status_changed":{"task":{"id":6,"uuid":"9977e2b4-b2ed-4659-884c-48a9daf9aeee","code":"DEMO-EN-CURSO","title":"Patrulla demo de la plaza","description":null,"kind":"patrullaje","priority":4,"state":"en_curso","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":"2026-11-30T12:15:07.912954Z","finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":"Plaza demo","officers":[1,2],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.909835Z","updated_at":"2026-11-30T12:15:07.912954Z","deleted_at":null,"version":2},"from":"programada","by":7}}', 'eaefd9fd-19a1-4eca-ad60-84cde6cdd71a', 1796040907912954),
(50, X'5FA52FF79F5244E5954BE56AAD6CB4E9', 'efectivo_status_changed', NULL, '{"officer_status_changed":{"officer":{"id":1,"uuid":"bb1d84e8-362f-4880-9117-8caa01f220b6","user":7,"given_name":"Demo","family_name":"Agente1","internal_code":"DEMO-01","rank":"Agente","unit":"Demo 2","specialty":"Patrulla","availability":"en_tarea","availability_since":"2026-11-30T12:15:07.912954Z","metadata":{},"created_at":"2026-11-30T12:15:07.375446Z","updated_at":"2026-11-30T12:15:07.912954Z","deleted_at":null,"version":3},"from":"disponible"}}', 'eaefd9fd-19a1-4eca-ad60-84cde6cdd71a', 1796040907912954),
(51, X'DA547F047B86415A98ACFDD3DDEBC132', 'efectivo_status_changed', NULL, '{"officer_status_changed":{"officer":{"id":2,"uuid":"91305489-2d0e-4928-82c6-d7ded813a322","user":8,"given_name":"Demo","family_name":"Agente2","internal_code":"DEMO-02","rank":"Agente","unit":"Demo 1","specialty":"Patrulla","availability":"en_tarea","availability_since":"2026-11-30T12:15:07.912954Z","metadata":{},"created_at":"2026-11-30T12:15:07.383852Z","updated_at":"2026-11-30T12:15:07.912954Z","deleted_at":null,"version":1},"from":"disponible"}}', 'eaefd9fd-19a1-4eca-ad60-84cde6cdd71a', 1796040907912954),
(52, X'F8908044E5E240AD987EAF4F4F230476', 'task_created', 7, '{"task_created":{"task":{"id":7,"uuid":"26e57e75-5381-40f3-a1ae-03eeb183c030","code":"DEMO-ELIMINADA","title":"Tarea demo que se borra","description":null,"kind":"intervencion","priority":2,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":"Plaza demo","officers":[7],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.916668Z","updated_at":"2026-11-30T12:15:07.916668Z","deleted_at":null,"version":1}}}', 'bd7bb5c8-a40d-472a-8a3e-7cb22ac47cdc', 1796040907916668),
(53, X'3DDF7FD5256449D4A5BFA71E7E18A305', 'task_assigned', 7, '{"task_assigned":{"task":{"id":7,"uuid":"26e57e75-5381-40f3-a1ae-03eeb183c030","code":"DEMO-ELIMINADA","title":"Tarea demo que se borra","description":null,"kind":"intervencion","priority":2,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":"Plaza demo","officers":[7],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.916668Z","updated_at":"2026-11-30T12:15:07.916668Z","deleted_at":null,"version":1},"officers":[7]}}', 'bd7bb5c8-a40d-472a-8a3e-7cb22ac47cdc', 1796040907916668),
(54, X'65F318E4FCE649DBA1BF64EDBF0826D0', 'task_deleted', 7, '{"task_deleted":{"task":{"id":7,"uuid":"26e57e75-5381-40f3-a1ae-03eeb183c030","code":"DEMO-ELIMINADA","title":"Tarea demo que se borra","description":null,"kind":"intervencion","priority":2,"state":"programada","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":"Plaza demo","officers":[7],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.916668Z","updated_at":"2026-11-30T12:15:07.919848Z","deleted_at":"2026-11-30T12:15:07.919848Z","version":2}}}', 'a43ec4fe-e067-4b7c-9860-1228c7b21d66', 1796040907919848),
(55, X'5CE5F60AA92C4617A9AB9AE270D86E35', 'task_updated', 6, '{"task_updated":{"task":{"id":6,"uuid":"9977e2b4-b2ed-4659-884c-48a9daf9aeee","code":"DEMO-EN-CURSO","title":"Patrulla demo de la plaza","description":null,"kind":"patrullaje","priority":4,"state":"en_curso","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":"2026-11-30T12:15:07.912954Z","finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":"Plaza demo","officers":[1,2],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.909835Z","updated_at":"2026-11-30T12:15:07.912954Z","deleted_at":null,"version":2},"changed":["notas"],"left":[]}}', '5d332cf9-cc59-4f08-9f6b-a5fe409cd650', 1796040907922759),
(56, X'1F9946F7E12C4CC09131C6E8397C3B2A', 'task_updated', 6, '{"task_updated":{"task":{"id":6,"uuid":"9977e2b4-b2ed-4659-884c-48a9daf9aeee","code":"DEMO-EN-CURSO","title":"Patrulla demo de la plaza","description":null,"kind":"patrullaje","priority":4,"state":"en_curso","scheduled_start":"2026-12-01T12:00:00Z","scheduled_end":"2026-12-01T18:00:00Z","started_at":"2026-11-30T12:15:07.912954Z","finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":"Plaza demo","officers":[1,2],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.909835Z","updated_at":"2026-11-30T12:15:07.912954Z","deleted_at":null,"version":2},"changed":["notas"],"left":[]}}', 'tg-1009', 1796040907927627),
(57, X'AD89F12304F94A0CA287AC7E7B779881', 'task_created', 8, '{"task_created":{"task":{"id":8,"uuid":"2cc11622-87d6-466a-9118-ac13168ce5c8","code":"EMG-20261130-B9EP0Q","title":"Emergencia EMG-20261130-B9EP0Q","description":"Emergencia demo","kind":"intervencion","priority":5,"state":"programada","scheduled_start":"2026-11-30T12:15:07.976327Z","scheduled_end":null,"started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":null,"officers":[],"awaits_officer":true,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.976327Z","updated_at":"2026-11-30T12:15:07.976327Z","deleted_at":null,"version":1}}}', '73dcd16b-d8f3-4925-9b2e-bc7b3d300a02', 1796040907976327),
(58, X'B9346D4CF4BD44A7A61FB81B631E7E93', 'task_status_changed', 8, '{"task_status_changed":{"task":{"id":8,"uuid":"2cc11622-87d6-466a-9118-ac13168ce5c8","code":"EMG-20261130-B9EP0Q","title":"Emergencia EMG-20261130-B9EP0Q","description":"Emergencia demo","kind":"intervencion","priority":5,"state":"en_curso","scheduled_start":"2026-11-30T12:15:07.976327Z","scheduled_end":null,"started_at":"2026-11-30T12:15:07.976327Z","finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":null,"officers":[4],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.976327Z","updated_at":"2026-11-30T12:15:07.976327Z","deleted_at":null,"version":2},"from":"programada","by":2}}', '73dcd16b-d8f3-4925-9b2e-bc7b3d300a02', 1796040907976327),
(59, X'1E123942A68241A7B3DBCB51A0C69130', 'efectivo_status_changed', NULL, '{"officer_status_changed":{"officer":{"id":4,"uuid":"9ad5bb86-dc22-4dba-959f-cb3c653d51d3","user":10,"given_name":"Demo","family_name":"Agente4","internal_code":"DEMO-04","rank":"Agente","unit":"Demo 1","specialty":"Patrulla","availability":"en_tarea","availability_since":"2026-11-30T12:15:07.976327Z","metadata":{},"created_at":"2026-11-30T12:15:07.394850Z","updated_at":"2026-11-30T12:15:07.976327Z","deleted_at":null,"version":1},"from":"disponible"}}', '73dcd16b-d8f3-4925-9b2e-bc7b3d300a02', 1796040907976327),
(60, X'82DC3183AD8242BDB1DF737B84F4F4B4', 'task_assigned', 8, '{"task_assigned":{"task":{"id":8,"uuid":"2cc11622-87d6-466a-9118-ac13168ce5c8","code":"EMG-20261130-B9EP0Q","title":"Emergencia EMG-20261130-B9EP0Q","description":"Emergencia demo","kind":"intervencion","priority":5,"state":"en_curso","scheduled_start":"2026-11-30T12:15:07.976327Z","scheduled_end":null,"started_at":"2026-11-30T12:15:07.976327Z","finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":null,"officers":[4],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.976327Z","updated_at":"2026-11-30T12:15:07.976327Z","deleted_at":null,"version":2},"officers":[4]}}', '73dcd16b-d8f3-4925-9b2e-bc7b3d300a02', 1796040907976327),
(61, X'2C1F398BBA784E06921A91258B0AFCD3', 'alert', 8, '{"emergency_raised":{"task":{"id":8,"uuid":"2cc11622-87d6-466a-9118-ac13168ce5c8","code":"EMG-20261130-B9EP0Q","title":"Emergencia EMG-20261130-B9EP0Q","description":"Emergencia demo","kind":"intervencion","priority":5,"state":"en_curso","scheduled_start":"2026-11-30T12:15:07.976327Z","scheduled_end":null,"started_at":"2026-11-30T12:15:07.976327Z","finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":null,"officers":[4],"awaits_officer":false,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.976327Z","updated_at":"2026-11-30T12:15:07.976327Z","deleted_at":null,"version":2},"assigned":4,"distance_m":431.8351872814724}}', '73dcd16b-d8f3-4925-9b2e-bc7b3d300a02', 1796040907976327),
(62, X'8A06DBD7559945A5B9C92EC4C29D3384', 'task_created', 9, '{"task_created":{"task":{"id":9,"uuid":"21f756ab-065e-49ee-962c-5cfe2a696b40","code":"EMG-20261130-BVCY62","title":"Emergencia EMG-20261130-BVCY62","description":"Otra emergencia demo","kind":"intervencion","priority":5,"state":"programada","scheduled_start":"2026-11-30T12:15:07.983450Z","scheduled_end":null,"started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":null,"officers":[],"awaits_officer":true,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.983450Z","updated_at":"2026-11-30T12:15:07.983450Z","deleted_at":null,"version":1}}}', 'fa58bb7e-a2e6-497f-98b5-7b29b33fc35d', 1796040907983450),
(63, X'47513F8310B84008B4DDEB7B6EC92943', 'alert', 9, '{"emergency_raised":{"task":{"id":9,"uuid":"21f756ab-065e-49ee-962c-5cfe2a696b40","code":"EMG-20261130-BVCY62","title":"Emergencia EMG-20261130-BVCY62","description":"Otra emergencia demo","kind":"intervencion","priority":5,"state":"programada","scheduled_start":"2026-11-30T12:15:07.983450Z","scheduled_end":null,"started_at":null,"finished_at":null,"paused_total":[0,0],"paused_at":null,"duration_hours":null,"delegate":2,"creator":2,"location":{"lat":-34.6037,"lng":-58.3816},"location_description":null,"officers":[],"awaits_officer":true,"notes":{},"extra":{},"created_at":"2026-11-30T12:15:07.983450Z","updated_at":"2026-11-30T12:15:07.983450Z","deleted_at":null,"version":1},"assigned":null,"distance_m":null}}', 'fa58bb7e-a2e6-497f-98b5-7b29b33fc35d', 1796040907983450),
(64, X'920E1E5AD9FD40E8A8AFEA065B0E936A', 'user_activity', NULL, '{"user_changed":{"user":5,"changed":["verificado"]}}', '4fa6b970-3664-4d63-aa1c-974bec8c01c4', 1796040908092462),
(65, X'823CAC344F2F469FAC7B76612EB196C7', 'user_activity', NULL, '{"user_changed":{"user":6,"changed":["eliminado"]}}', '5c9b85ee-a445-467f-a1c2-783419d109de', 1796040908096416),
(66, X'C3D7A5BA91AC4420AED14D6A31B19479', 'user_activity', NULL, '{"user_changed":{"user":3,"changed":["password"]}}', '110eafcc-4566-4b9b-becb-c18ae8b7cb9a', 1796040908809631);
INSERT INTO audit_cadena VALUES
(1, 1, X'9E22D9F4327BEB26AAEFAF832AEA125522D9CB5FD66D733F0CE3C37F8CD12D66', 1985256906353209, X'A09B6BFE3304A0875A35A6C04A0430A6E5E65A73BD3391B97FB27399D4829AF7'),
(2, 2, X'006A55A191B7AAB6342A47B5DCB8D01D255C7EACF310394FBADF82F39D7625BD', 2111400906438408, X'726EE4538D2B3BC89A0C98639DA6EF552B48EAB1482412298DAF1D37BD905DDF'),
(3, 3, X'C0493DAF8F13C24575BB62592A86E7D622CD033A2F2D80229C7CCD6EE4EAD1BA', 1985256906487236, X'B4E1841EDF5FA2C04D35F9381AAD4CC55ECF61F64B559D5830469D773B2F7788'),
(4, 4, X'273134F1DA404A3F18EF09DEBB42E1D93A145FC3EB05D0130F2FC491B5FC72FA', 1985256906549376, X'51E5B9FE8526BAF9B294D81EFE40994C52728F7CC8120EBA63BB9C902154BCAA'),
(5, 5, X'B0C4212A01692CE2AFB570E3B06A2CD3820DFFC6584026F679220357F0A007E0', 1985256906602188, X'DCEBC88AF38EB95FB3FACD63C2584280A9079EE6BC9453D08A9B9D262EB5B6EE'),
(6, 6, X'891DD9EE977671734EBDDB8E3D27270C165236BA79FD1C52328DA2E393C599E9', 1985256906691950, X'371A4830BE07FC755BA1DAC9E115C5D3C3A867D9A4293D0CA1D53BEE8F1B1185'),
(7, 7, X'0767C3CF89E80B29CAA2C2CAA0C72A03FF014195F1E3FA6CBA78E42405E9DD1C', 1985256906740759, X'200DED12C17F4BA5CC30C65AB52B4F7268EA716F96C4E87641EBB960C8396FBF'),
(8, 8, X'34876340CFD903E7270689CB33521A124ACAF52E2CDDB46B96F398E2F429C45E', 1985256906821715, X'E7DE226401E6ACF2EDFB9D6EC01A9E8A398A3A643EE901EA8CF68C770E7990DF'),
(9, 9, X'F46AC2326F482A34F31EE04313B9E21974757C1010222F3DC2169F6E6EA9A521', 1985256906871013, X'72CDDBC6EE7E1EC6F045DA66A6E26E98B0C1EF20B82BBAD84645C12994C175AA'),
(10, 10, X'BF87CCDB1FCB737D0BD581295D81CE8241C90D46717E59C4A7A50A4CC22EB49A', 1985256906951457, X'9B3E3810212AB07C0E4AC27B679FBDC6ABCBE5B2395FE5B2D2F9A015D71A66F2'),
(11, 11, X'03D5E0B6BF1B7B49A51432636273DE22CE764EF9A47FC8E3DF46843F20083F0E', 1985256907006081, X'B1E06D9522D5D371E29B82F99F5BB66B721065E2BA720FD120604FCBD47770FB'),
(12, 12, X'36A463AA5B6829F9C48467CAA3CFDD02596FE45DC77B6EFD4057B62516C62472', 1985256907085511, X'34E94849A93418A3C9E725A3E4251F94BB8E4092864FB874F8F64D5D018ED043'),
(13, 13, X'1A721C5784C6F4AA9E8F5122E5B933D1654BDB2490C71709EC00724417301A87', 1985256907141389, X'EBDD6A9363982A053CDD0E87A979AC80E0402912424F6BF3371001CC57F25529'),
(14, 14, X'64F0C532557A72C1C055D6C9F61365D8D705A9A2DF6CD15E41A753CEB7ABB8A1', 1985256907222463, X'045E6B72451DACA96D093FD797DC0F8B65125122A95A2DE14D03EB045534569A'),
(15, 15, X'7DC8C72CB53E6BFDA6BECE2DAF4C8CE8D474C6B01AC7FAC637812D5B7207500B', 1985256907280737, X'FAAAD2594EB1531AD0BFCF970CFA20DE9C5D9BD3C76F3E59429A6888610034C8'),
(16, 16, X'CBCC352E2FD4B1F59C7CB11F73DC06915D88E8CC8414ED632C50D57E9AC1D0E9', 1985256907359097, X'9661E28E28658D204A5B9E3C98B699F2BF4E9344FA1862718145CB76272CB1D8'),
(17, 17, X'A5CD3B2C744BE640063801E30E53DDAB7513E80C0E883418C42AC0CF225AAB87', 1985256907367852, X'7DE61FF7392EC016FF4FF606020D655A117482106136D0E6C9B189869CCA0BBE'),
(18, 18, X'95AAFF051ADF9749AD0171D246616110B48DCD24333D1F072952B7D06F2D29BE', 1985256907375446, X'F5502284B56D679D19AE3BB16D2BE4328772D8A06C21E2F111CE93823E0FFDD5'),
(19, 19, X'B9E1D85A962E44B817E25658C437417472FC17493E0EB7405D3DF28FF4674865', 1985256907383852, X'9AFE7B1723A972629E5F276B8B5A27A8867A95A8F51BE60208EA72D3D4FB2070'),
(20, 20, X'F0875C1C5B249D4535AE0AC0684DE006C6358F2BA1A3C0852F7D74CDBB592037', 1985256907391610, X'23726CC7845F82BDB86AAF69C1591A7836DB2CE566C17DCF494C29136C4261BE'),
(21, 21, X'916CBCEACF6BA78E11D80B40042EB6840C34DEE8243D6EB0BE6362108E1DAD9F', 1985256907394850, X'6C6621298C36D8F2410B6FBD49B9A3458F1F111F6FD60E19DCE7CBEBA7584B80'),
(22, 22, X'8C0721FDF5277579711CBCC37CD0427D4D4AE1C9A9FB7134FFB2E3786F13E6F8', 1985256907397864, X'D5C886644096C2F229285EB77A424B18365D12CB1299E562883D15E3E5641C66'),
(23, 23, X'475C17E1D6FEB753A08AD1684AF682A93D1E3CD786A381F7256691AD1C336D91', 1985256907401580, X'799F14A2E058A91D3720D7709B48678E03E288033BB71A6D9844108DC8D73C52'),
(24, 24, X'33461521174A34E9F9F68760E0AE0BB320DD6441632D02B1FDDADEB32157136B', 1985256907405971, X'3543E4E43B6938806D4FB20505DA21A8E04787BAAEAC5FAF51AA77F4EB4B872B'),
(25, 25, X'8D94D1615E323426CDDB0534A65860E40395E38C21A4654BA197274C0E9EE879', 1985256907408479, X'AF449F26806C342566A0ECFC37129E85AC75109E7CC2B17BF7D687C729397E76'),
(26, 26, X'E7172DC4ED3DD4D8798D2F05DC14182E3D0A71B58E8FAA4F5A6FEF18600247D3', 1985256907444942, X'D42E8A61218D01A0E0795C7F32E10B75D0F0E9C6F7A0645E16714C8CC24F247B'),
(27, 27, X'99CF2626E5F319AFF8FA4DDCB48DAC974D43BE6EDAAF59D095F611C1068CEEBE', 1985256907525502, X'25D06EDBAF012622671014F0C4AAE983C228516F99A4C8DD633BBCFB0F7DDE2D'),
(28, 28, X'7CC9293B0425A38168C01BC08D3E614B3F5AE03DD230D6B8131F224CC337EEAD', 2111400907548488, X'822634FDA105CD243123A9C62FAD0FCE7E9778F55B1907BF35F229EB1B44C84E'),
(29, 29, X'7D147531E9199DEDB8353044C41E493125A8EB5C2C2F37E6B4B5595C5BE704FB', 2111400907578616, X'3C6DF8154E06EE6BAD8FDF9ECAF507A59F7E720EB2D4A36C68B336FDA4FBFC97'),
(30, 30, X'409ACF43C1756D11CD109347C1176B1FA4A079C0653C55C2DF771AE556A389AA', 2111400907639304, X'50AE20E847875A7777B7F3D5E0E64E5B2ED8D1F93ACC629706F8F7B8C284E2BA'),
(31, 31, X'BFE15E617A52ED7660C8EFEA4A4E7267231740A0812E2CCB0B558CEA7F9B4BDF', 2111400907652958, X'19E0BCE62B8672015EEBDE042237898230A93B3451B2EFAF08C5DB48FDA95CFB'),
(32, 32, X'AB82E8571D06468EBF63E4C2B5469B9DC0614374289120C0E6A5247EF174CD79', 2111400907715239, X'356D1F75AF3B64D3D1D8FFA4A1C419E215698374C23F739C6CDB4CFEF1938C7F'),
(33, 33, X'ED7C3579558E0DE6BA95EC883A63C2AB31AB3B70A7B7B2CFDC13081312084F72', 2111400907727438, X'6A2B1EA6B7794A19EF0CAB4FE571327BDEE91A4E1636EAFBDF3D7F88CF27FC4D'),
(34, 34, X'C2D10375B862B71666F37B138C2D656C65CD0E0CE52673731E5AABE7DB91AC59', 1827576907827476, X'F06845F6D65372FFEAE4D3BFDDE5B114E0B93135E360858743A1F4A2D30215FE'),
(35, 35, X'118E59078CD29F707E39173CF84E55E211B52E79BDD04EA0F660E544932F397F', 1827576907831847, X'DE2DDC23EB8C47ABDAC22ADA9C2E6D44018E0B7BDFFB33C67CA84F5A8ED6102F'),
(36, 36, X'4EAEF70A7370A68A2915C98117630FE5438791C59DAAFEB28CC43CD66C24A798', 1827576907834694, X'2FEE8D64E28193A006A86B45AF2095685210E108F041916161F009372A3E6E6E'),
(37, 37, X'DAA3D1672FE873A01EE3B2A5CB10FE29F6E3825A18F9E992928AF66F1A0B8B8C', 1827576907837291, X'42C7C817BB20455C29494B6E2CADFE9B633F36AAB89DCD6368BB3FA23BC652CD'),
(38, 38, X'1E5137393E54664E583C24B726DDDC8F9D60DBFCE9A59751182E9CB890637928', 1827576907839701, X'459A5A37F757EF38F239F2DA3C8C48D60B10A7DA0451EADF3DB018AE9D08B5E4'),
(39, 39, X'63640BE1F39AD7F25D79466BD4D45548B372173EE87606E9CD180E5F2D9F91C4', 1827576907842211, X'170B85CFD546B9FD8815F37308BF7B0AA07D67835B11C6550901D7060AB3FB13'),
(40, 40, X'07EAE47100B1F7181341C040B442F5C6930CE061451EE83478F9CC2C250CFFF4', 1827576907844766, X'C29B606915F75F3C5879BA0D9F9158F9D5D527C697CF8E3FFCCAF295866FCDC7'),
(41, 41, X'869E6B8B12523A2D9A30926EFB96F0DE0B86AAF4D9E589164E5565BDE7289B88', 1827576907847574, X'EAC4A4B782A359D9103FA7820B1D5F90D980A1896B05230505136ECEE8E0FB6A'),
(42, 42, X'1BA55F97530956277A9B99D4C984B80A82A4FFA4EFEBA98455744509675A6129', 1985256907849984, X'DADDEB24EC55D1A58321AABD0021BBD3389B02A5A423C59FC13C06EE7BCC4341'),
(43, 43, X'BF00DFFC220F09AEA999F5EA8EE02FB08D1976CC4926684DAA56CD0F4DA30070', 1985256907852925, X'661BFF4997BE9520EF44BFB8BB8103A34C8679A8B9309EB4B71D46155267A672'),
(44, 44, X'6FEC527E0833B33CE3F2317974B5AAC28CD509AAFEB1113FC64C088D0C035471', 1985256907855330, X'2CAC6786D79E6E57762BBC280AED10F215554E639E765498A5C2505C8DEE4F1D'),
(45, 45, X'21DC1F476377AF1FA810A50A9A0760E548AE8DEBA62817F28FD42BBCFE704B83', 1985256907859367, X'1B8AA64754A471062DA5777C7148DDFF958E141EDD886E7E150196AFFCE23881'),
(46, 46, X'B50E47D390AABA102DABD76DBD1E228FC4EECB73481C18FED8BFDF386E73C64E', 1985256907859367, X'1867BFC8EB9D2118FDCFD8FE494B393CE1E2CEC5CB4CA3856224CEE7AE68C9E7'),
(47, 47, X'4C499E2C45FCD9F8C24DCD3B34A522E867E77F229EB8139F3398165588872D03', 1985256907862923, X'9173517146CF76F7F87A309D31647016819FC7A36B3F5C258DC2BEBFEE64B7FB'),
(48, 48, X'F9E2E912E473EE23AC84CC44FFB5304D0F9CF980D32733F90870987F83E79552', 1985256907862923, X'E3F9DBC3CE63350FC6F0C3CC5D4F916D09CE9F92E088D47C8423E2D6E30C71C0'),
(49, 49, X'7FF6A34E33AFD48DE778120F24FE08412B98DC72A6A78B9791A3351B9D2E4C6A', 1985256907866192, X'25E9DDC1AD5D70A133C10F1F366EF7EAB64BE94F4E865959F54361B80332BBB3'),
(50, 50, X'083297DE769CC3612CC09B1E1C1929E0AEA244CD90D4395305C1401593A5F646', 1985256907870741, X'250544590F02D181FBDFF4002A87A78A75B09B36D65C3639126AA0A36CC3695D'),
(51, 51, X'DFF43E21F17B6B5D17A503C883749513EF79B64D21E19D70C44C8FE73ACAA3B1', 1985256907873968, X'467F5C27E43ACF2C9D39E0102FEEE1D95B8C0582E179FA9F55FD648AB306A7DE'),
(52, 52, X'B6B07707C65BCE3DC2E0FB83C6214127B31E63A42BB0B2B043F46131F358ED2C', 1985256907876919, X'9C7F743F18E3B0909E3B7A587D26C50DD4681DE1D9CF47A4376658758E3DDA86'),
(53, 53, X'95C591F26CCEF085FE7A9A65B4237771FEC447DC9FA972BDCBD66B49958E8648', 1985256907880362, X'F57DFF6957F1392BCC09D568632874CBBD0C34F3B3D5BF1E1B06FA3977A58462'),
(54, 54, X'F362D01009FDFE67DAEC6FA0B089808982BAA606808E32F2D30240D70F2D6C07', 1985256907880362, X'6D7C6D86B69107D0370A2D12255E8876960C69B3AD24AB48C091A40E8B0B69A3'),
(55, 55, X'F9E226D38544529349C9808C952D34E10F3F5719A3A31CDA61487853C3AFBA0B', 1985256907883554, X'E8EB810104037114731CFC472712D5CCE9A0F3EF8FF7118DD0FCAB33CAEE27B2'),
(56, 56, X'AC23FADD40101CB3D271F629A1223699C676F77ADEEC4540D8DC47CBF110B35F', 1985256907895481, X'1D01CA3846534F65D934670570A3DF0A3E84F79308821535BCC7031E732C0183'),
(57, 57, X'F6422B73C57CE889E1743F18F5D7504A9AE0CC325699376E9A888C1CA384DCD2', 1985256907895481, X'2758BFEF39AB13F9E0C1FAFF8FD4BBBFDF68793EF1E492139C32FD9F8592A75A'),
(58, 58, X'C9C2A42F15FD0F1EE07A77BD1611A664F85B304BA96C171D056F7562D15E588D', 1985256907903035, X'B6AA94B7A8D614554EC304BA6938D75A0CBD354490D4F948DA36F7274D3F82D4'),
(59, 59, X'544A1B6DC20981E3B966BA378D1C709D0823810C61DD32A77A9BA1F67A90FD88', 1985256907906663, X'C42D05C6E845D3D049D3D8E281FFD3C49E02D4A7B70FB652B5BFEDEC544BFC6B'),
(60, 60, X'A3A7391B294F3565221D8D91DF5574F957DF04E8E78A7551A094C450A86A44C0', 1985256907909835, X'2A9BAAD6A356EF1D0C15C44729555561DE9980AB759519C83CB716C556A6FADA'),
(61, 61, X'56637E270BBAE0BC5767CE390D94FA49365148E496ED413E3265DD483388BFF6', 1985256907909835, X'521BB0DA13B2FFAB2080BA8FAA9870108D328F25736202372D872DFEC017186A'),
(62, 62, X'BB0885C81258C4DC850A6BD64729844A09D1D73CF5334A39F13E4783BE2C609E', 1985256907912954, X'825002982FAFEB8965D3C3374A531496C01C4D10BB3B5F03E7FFEFB553062060'),
(63, 63, X'926D4FA7B4769AF19B172E34F6D180DA1ADE9299383D0530417B85CF66BC33DF', 1985256907916668, X'D15E4C2D737E2F0AC1E77098862DCBCC92AB8B265B422468DD77C5128C147EC1'),
(64, 64, X'9AF875238AAAC9EB24DDEDF1C1CD7429CE8D8803AEBC18807DE9A247170FCDE3', 1985256907916668, X'C6923040AF7C25C06D8C4FA8E4B8D7B4F8E904F693839B0E5FD6F0CD11AB3FDE'),
(65, 65, X'A55928C083A06292F3615D2266A372FBC01B28B0C0F864C32789609039348A3B', 2111400907919848, X'F47A21D985D072C0B0B41BA2A7500425D6DF4E434C918777F6865334A1C9CEFC'),
(66, 66, X'3BC2FF01550177997AC6928DE24886A26BA5D5E38BF1E8539E0F31FC5EFB3DA7', 1985256907922759, X'0B386EB96896CE6F9F981CD7ED2B229A2798973D2CD348513A09AC48A292D5D2'),
(67, 67, X'2D902E04F3A27C6BF27E09A8F083549DA7565664CCCEF97B7007059096ECA33C', 1985256907927627, X'557E0CA9C54F420FA0D48441BF9368F649B4D95436B95F76A7DF5EB51578E222'),
(68, 68, X'E7CD42658C523A2FF50E616F360E5F93A7341011AFD7209A8C72DCFA3951CE6C', 1985256907976327, X'812B4BC40EFBB723B1AA73AC5F83820F7BF6BFBE93520D5B758E2BDE902730F5'),
(69, 69, X'B4132013F428FA862DB2388DE5BA6DC81D1B9AEE12247B5A5329312C2FF92572', 1985256907976327, X'A3922D26470BDEE45A2A6B2F0407CCD1CB811139D2B98907B94B8ACCDD266384'),
(70, 70, X'05FDAB9F9E989BF892A97405696BBD433A15A552A4B7C974D97B533599D73946', 2111400907976327, X'E859C705DE1366B91307BFBC921A0208A42EC962B1332E0DA656AD9794D80122'),
(71, 71, X'8F0B78569B295C12D2F209B0C787B6E2319361F5A524982B699A600BF3506CF7', 2111400907983450, X'31D6124B645627B80E347BAAF8ED1ADD0490AE7321398F5D59461C565EF76260'),
(72, 72, X'4B407B4AB780C93573C2E4212DA162CFE3B868A808085825243858FE45D31140', 2111400908088146, X'C1F02ADC50690249A50A888C4D488F1408DA12DE7F22804E7B2768DD65E41F58'),
(73, 73, X'0229B516A295142567FC4A74AA0F998E813867A487CE4A3A1C99F4591BD6DBF0', 2111400908092462, X'61221DC2E151DD06B72DE92C10555955B38546769C00DC413FF72BAB57C9BB2C'),
(74, 74, X'A336C8681362848AB5F872DBC59F511D79B48CCA83AFD74853D2C7FAD3B37412', 2111400908096416, X'0E3E5A2E6E971AB9AAC4A8CC36DDB6AC04CAEFB91504D1D9236090D46D7BCDAC'),
(75, 75, X'F9D5D03E486FFED270EBD9DABE08B3E4AAFDB8261B625ADB8FD7AECF888A3BD7', 1985256908134950, X'57D800ACEB465262AFC3C3275E64F9B5DFB776FB8067DF8D61BF2C913429392F'),
(76, 76, X'6BC9CEFD7215C927A64142BAB5F8923208CB0E707890B6FF3BC4A5F19007DC8D', 1827576908142444, X'71793FAF5B07BF63B3D74EC9BEEB2D39C0C06821B6D4DB351E474CE4FDD9C0D0'),
(77, 77, X'48731C2BCB41C3E4D1A6C96FF785CD5A0782CD48FC9E2540A60110799FD55746', 1827576908145096, X'237BC4D621336F9BFE9D2CCD5F33BDB91687CAE283C65AA7C82FDDDF06CA8777'),
(78, 78, X'D294DE6F275770BE70C0BD3D7C5A7EB5BE7ED7FC6386EBB7EC4D06C658CA07DC', 2111400908201496, X'111DEC56BB1747E2FAD7691F3C9023833FB8F9BB83074AEE13945599C852E5B6'),
(79, 79, X'0D4FC3F6168371A03C0CCBF7CF029F3F2F7F509F8AFD79E0D6C76E16F351FDAF', 2111400908250666, X'8B3358C8CA756DF75E69D67E5A0A078C472B6096224340B8C1DA48D1C0560080'),
(80, 80, X'67E9D5AF4511D09ED8FDF471C2AF91E8AE6C748302AD0D5DDCD0937130C52625', 2111400908298365, X'69951EF646B0321B398B6FDC1F1446ACFE51CA47B6C52E491F3FC5563C7FE764'),
(81, 81, X'EAA086913495E9B3010CA2097E017DFB24E2CB0D79B3CD945F1B6A561DAF5C1F', 2111400908347069, X'D2CED4FF563CE64B30D35260A537AD564A72A4A35305D13D733B84F02A870114'),
(82, 82, X'B0F2AA0AE9C0F64BAB7DC40D8BAA0B5EEA7A969EFABC8C516DE3FCFDD0DE8914', 2111400908402244, X'DB996E1A74E1044CF6C4842AE2B837209D54D413CD9D30588ABFD0B1EFB96CE7'),
(83, 83, X'D9D337457DE19F5EA45BE6CB8BC8B64FAFF0944759D35142B6F3A8127DA0CB70', 2111400908460410, X'2257FE801F66DDE90A8AD6C5593F24702C1EF655BEE8144A6BBDC4099F8872BA'),
(84, 84, X'13EE3B97F3643B3EBD419C0723F169863B8413D068793D71DF5C7C49C189C6B4', 1985256908809631, X'AD6E27F1BA39F7FE57D9C7F99C2B34131674D0EE5B27B1B2D25E036AFF3F5332');
INSERT INTO audit_puntos VALUES
(1, 1, '{"anterior":"0000000000000000000000000000000000000000000000000000000000000000","cadena":"a09b6bfe3304a0875a35a6c04a0430a6e5e65a73bd3391b97fb27399d4829af7","clave":"5b41b304dfd6052c","creado_en":"2026-11-30T12:15:06.438980Z","formato":"gad-audit-punto-v1","lineas":1,"numero":1,"raiz":"6bcd431d9f3b91064a44f344d8820e823da2ca4b15e1e6b7b1d4bd823b02adea"}', X'A414DD16A7A4D20F7EDA5005B7AFC2A9234BFEE7AF87768B4C254157DD6BBA8774460B8E5F03905C8DD3DF75B5722AD83CD023507DBBDEF936CA72F6FF18A005', X'6BCD431D9F3B91064A44F344D8820E823DA2CA4B15E1E6B7B1D4BD823B02ADEA'),
(2, 82, '{"anterior":"a718a87a2f07c13ccb85546d76c01595818f5ff6b168d37646ee4365f8f21729","cadena":"db996e1a74e1044cf6c4842ae2b837209d54d413cd9d30588abfd0b1efb96ce7","clave":"5b41b304dfd6052c","creado_en":"2026-11-30T12:15:08.450925Z","formato":"gad-audit-punto-v1","lineas":82,"numero":2,"raiz":"74de7ef450af29bcab1e67bd406bc21cced35ab3a0da1b4f03ed5ba8421794ea"}', X'C9FE5B8B556F9BF316C712563F4257446C43E0746A83A450B70602761CD69F13811DAF8C89DD0F2B154483CD5782691AA93D8A38C7E30058B7D98548C8EE0E03', X'A854A8390B77DA97BF5BF62203B5390F28C4ADA249D1E7B2EE98CAF87E46F198BC2BAC331307F8B13ABCFAD18EBD931DFCA9F7EA094466A84BCD6E000C654ACD446439439D8F7D6F47CD794BDB046085DCBEAAFD459207AE75FF1DB50D810C2A'),
(3, 83, '{"anterior":"65ecbf87292084d2e3ade9905be23705a24b2efbc3e79a5607ebdc2f822bb9d8","cadena":"2257fe801f66dde90a8ad6c5593f24702c1ef655bee8144a6bbdc4099f8872ba","clave":"5b41b304dfd6052c","creado_en":"2026-11-30T12:15:08.725620Z","formato":"gad-audit-punto-v1","lineas":83,"numero":3,"raiz":"bee6c87531d9f57899658ecb2773e43d21d6dc025fe4f53e5a71dfb8b29e59b6"}', X'1713732DF42F6FB785723FD33F9C32C2745AC6C6615E0EF19CBECA7CF530837E8344032132B688BE9679D09AF7AAE46C41D1A68BC7E328074E4A390CF890CB08', X'A854A8390B77DA97BF5BF62203B5390F28C4ADA249D1E7B2EE98CAF87E46F198BC2BAC331307F8B13ABCFAD18EBD931DFCA9F7EA094466A84BCD6E000C654ACD446439439D8F7D6F47CD794BDB046085DCBEAAFD459207AE75FF1DB50D810C2A769CA9901A657AC9D9E4B9322BB1CF8DE31CB0FDC8F5DB17065A157980260991');
INSERT INTO audit_claves VALUES
(1, '{"anterior":null,"clave":"5b41b304dfd6052c","creada_en":"2026-11-30T12:15:06.438408Z","formato":"gad-audit-clave-v1","numero":1,"publica":"7ea0e3bd52e207c9d3b0eba65c0704e66fca2d8e165a175218b174fc4160e413"}', X'2ECD7E3233A90C026E60DE0C9F52B8E0E7DAD234E522DA110D70FD4BCABB6E4EFA3BEF9943B715367FCB5DE1E052E162A361197FA913750BFD3483D299A4EA0B', NULL);
INSERT INTO intentos_ingreso VALUES
(1, '127.0.0.1', 0, NULL, 1796040906487236, 1796040906487236),
(2, '127.0.0.1', 0, NULL, 1796040907525502, 1796040907525502),
(3, '127.0.0.1', 0, NULL, 1796040908134950, 1796040908134950),
(4, '127.0.0.1', 5, 1796042708402244, NULL, 1796040908402244),
(7, '127.0.0.1', 0, NULL, 1796040907444942, 1796040907444942);
INSERT INTO telegram_actualizaciones VALUES
(1001, 770001, 1796040907568258, '{"message":{"chat":{"first_name":"Demo","id":770001,"type":"private"},"date":1796040907,"from":{"first_name":"Demo","id":770001,"is_bot":false,"language_code":"es"},"message_id":1,"text":"/vincular EF0271PR24"},"update_id":1001}', 0, 1796040907568258, 1796040907581956, NULL),
(1003, 770002, 1796040907649961, '{"message":{"chat":{"first_name":"Demo","id":770002,"type":"private"},"date":1796040907,"from":{"first_name":"Demo","id":770002,"is_bot":false,"language_code":"es"},"message_id":3,"text":"/vincular YNA79EBRNZ"},"update_id":1003}', 0, 1796040907649961, 1796040907655102, NULL),
(1005, 770009, 1796040907724921, '{"message":{"chat":{"first_name":"Demo","id":770009,"type":"private"},"date":1796040907,"from":{"first_name":"Demo","id":770009,"is_bot":false,"language_code":"es"},"message_id":5,"text":"/vincular 0000000000"},"update_id":1005}', 0, 1796040907724921, 1796040907728462, NULL),
(1007, 770001, 1796040907775240, '{"message":{"chat":{"first_name":"Demo","id":770001,"type":"private"},"date":1796040907,"from":{"first_name":"Demo","id":770001,"is_bot":false,"language_code":"es"},"message_id":7,"text":"/idioma en"},"update_id":1007}', 0, 1796040907775240, 1796040907777920, NULL),
(1009, 770001, 1796040907924760, '{"message":{"chat":{"first_name":"Demo","id":770001,"type":"private"},"date":1796040907,"from":{"first_name":"Demo","id":770001,"is_bot":false,"language_code":"es"},"message_id":9,"voice":{"duration":2,"file_id":"demo-voice-1","file_size":3,"file_unique_id":"demo-v-1","mime_type":"audio/ogg"}},"update_id":1009}', 0, 1796040907924760, 1796040907929328, NULL),
(1011, 770002, 1796040907986454, '{"callback_query":{"chat_instance":"1","data":"menu:crear:start","from":{"first_name":"Demo","id":770002,"is_bot":false,"language_code":"es"},"id":"11","message":{"chat":{"first_name":"Demo","id":770002,"type":"private"},"date":1796040907,"message_id":10,"text":"…"}},"update_id":1011}', 0, 1796040907986454, 1796040907988399, NULL),
(1013, 770002, 1796040908037010, '{"callback_query":{"chat_instance":"1","data":"crear:tipo:OPERATIVO","from":{"first_name":"Demo","id":770002,"is_bot":false,"language_code":"es"},"id":"13","message":{"chat":{"first_name":"Demo","id":770002,"type":"private"},"date":1796040908,"message_id":12,"text":"…"}},"update_id":1013}', 0, 1796040908037010, 1796040908039588, NULL);
INSERT INTO telegram_chats VALUES
(770001, NULL, NULL, NULL, 'en', NULL, NULL, NULL, NULL),
(770002, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
(770009, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO telegram_dialogos VALUES
(770002, 770002, 2, '{"asistente":{"code":null,"delegate":null,"kind":"OPERATIVO","officers":[],"officers_chosen":false,"step":"entering_code","title":null},"dialogo":"create"}', 1796042708039588);
INSERT INTO telegram_mensajes VALUES
(1, 770001, 1, 'sendMessage', '{"chat_id":770001,"link_preview_options":{"is_disabled":true},"parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"callback_data":"menu:finalizar:start","text":"✅ Completar Tarea"}],[{"callback_data":"menu:tareas:list:mis","text":"📋 Ver Mis Tareas"}],[{"callback_data":"menu:tareas:search","text":"🔎 Buscar Tareas"}],[{"callback_data":"menu:emergencia","text":"🚨 Emergencia"}],[{"callback_data":"menu:ayuda:general","text":"❓ Centro de Ayuda"}]]},"text":"Listo, <b>Demo</b>: esta cuenta quedó vinculada. ¿Qué desea hacer?"}', NULL, NULL, NULL, NULL, 1796040907581956, 1796040907581956, 0, 1796040907586161, 2, NULL, NULL),
(2, 770002, 1, 'sendMessage', '{"chat_id":770002,"link_preview_options":{"is_disabled":true},"parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"callback_data":"menu:crear:start","text":"➕ Crear Nueva Tarea"}],[{"callback_data":"menu:finalizar:start","text":"✅ Completar Tarea"}],[{"callback_data":"menu:tareas:list:mis","text":"📋 Ver Mis Tareas"}],[{"callback_data":"menu:tareas:search","text":"🔎 Buscar Tareas"}],[{"callback_data":"menu:emergencia","text":"🚨 Emergencia"}],[{"callback_data":"menu:cerca","text":"🧭 Quién Está Cerca"}],[{"callback_data":"menu:reporte","text":"📊 Reporte del Día"}],[{"callback_data":"menu:ayuda:general","text":"❓ Centro de Ayuda"}]]},"text":"Listo, <b>Demo</b>: esta cuenta quedó vinculada. ¿Qué desea hacer?"}', NULL, NULL, NULL, NULL, 1796040907655102, 1796040907655102, 0, 1796040907658314, 4, NULL, NULL),
(3, 770009, 1, 'sendMessage', '{"chat_id":770009,"link_preview_options":{"is_disabled":true},"parse_mode":"HTML","text":"Ese código no vale: puede estar mal escrito, vencido o usado. Pida otro a su administrador y escriba /vincular CÓDIGO.\n\nPara seguir: /start"}', NULL, NULL, NULL, NULL, 1796040907728462, 1796040907728462, 0, 1796040907731673, 6, NULL, NULL),
(4, 770001, 1, 'sendMessage', '{"chat_id":770001,"link_preview_options":{"is_disabled":true},"parse_mode":"HTML","text":"From now on I speak English."}', NULL, NULL, NULL, NULL, 1796040907777920, 1796040907777920, 0, 1796040907781036, 8, NULL, NULL),
(5, 770001, 1, 'sendMessage', '{"chat_id":770001,"link_preview_options":{"is_disabled":true},"parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"callback_data":"tarea:nota:6","text":"📝 Leave a note"},{"callback_data":"tarea:ver:6","text":"📄 See the task"}]]},"text":"📝 Kept with <code>DEMO-EN-CURSO</code>."}', NULL, NULL, NULL, NULL, 1796040907929328, 1796040907929328, 0, 1796040907933325, 10, NULL, NULL),
(6, 770001, 2, 'sendMessage', '{"chat_id":770001,"link_preview_options":{"is_disabled":true},"parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"callback_data":"tarea:aceptar:3","text":"✅ Accept"},{"callback_data":"tarea:rechazar:3","text":"✖️ Decline"}],[{"callback_data":"tarea:ver:3","text":"📄 See the task"}]]},"text":"📌 <b>You have a new task</b>\n\n<b>Entrenamiento demo</b>\n<code>DEMO-FINALIZADA</code> · entrenamiento\nState: <b>scheduled</b> · Priority: medium\nStart: 01/12/2026 09:00 · Officers: 1"}', NULL, NULL, 'ev:73a879bb-3797-4c58-ad90-0866e8ae74c0:32:770001', 'tarea:3', 1796040907958651, 1796040907958651, 0, NULL, NULL, NULL, NULL),
(7, 770002, 2, 'sendMessage', '{"chat_id":770002,"link_preview_options":{"is_disabled":true},"parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"callback_data":"tarea:ver:3","text":"📄 Ver la tarea"}]]},"text":"🔄 Otra persona la pasó a <b>en curso</b>\n\n<b>Entrenamiento demo</b>\n<code>DEMO-FINALIZADA</code> · entrenamiento\nEstado: <b>en curso</b> · Prioridad: media\nInicio: 01/12/2026 09:00 · Efectivos: 1"}', NULL, NULL, 'ev:73a879bb-3797-4c58-ad90-0866e8ae74c0:33:770002', 'tarea:3', 1796040907958651, 1796040907958651, 0, NULL, NULL, NULL, NULL),
(8, 770002, 2, 'sendMessage', '{"chat_id":770002,"link_preview_options":{"is_disabled":true},"parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"callback_data":"tarea:ver:3","text":"📄 Ver la tarea"}]]},"text":"🔄 Otra persona la pasó a <b>pausada</b>\n\n<b>Entrenamiento demo</b>\n<code>DEMO-FINALIZADA</code> · entrenamiento\nEstado: <b>pausada</b> · Prioridad: media\nInicio: 01/12/2026 09:00 · Efectivos: 1"}', NULL, NULL, 'ev:73a879bb-3797-4c58-ad90-0866e8ae74c0:35:770002', 'tarea:3', 1796040907958651, 1796040907958651, 0, NULL, NULL, NULL, NULL),
(9, 770002, 2, 'sendMessage', '{"chat_id":770002,"link_preview_options":{"is_disabled":true},"parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"callback_data":"tarea:ver:3","text":"📄 Ver la tarea"}]]},"text":"🔄 Otra persona la pasó a <b>en curso</b>\n\n<b>Entrenamiento demo</b>\n<code>DEMO-FINALIZADA</code> · entrenamiento\nEstado: <b>en curso</b> · Prioridad: media\nInicio: 01/12/2026 09:00 · Efectivos: 1"}', NULL, NULL, 'ev:73a879bb-3797-4c58-ad90-0866e8ae74c0:36:770002', 'tarea:3', 1796040907958651, 1796040907958651, 0, NULL, NULL, NULL, NULL),
(10, 770002, 2, 'sendMessage', '{"chat_id":770002,"link_preview_options":{"is_disabled":true},"parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"callback_data":"tarea:ver:3","text":"📄 Ver la tarea"}]]},"text":"🔄 Otra persona la pasó a <b>finalizada</b>\n\n<b>Entrenamiento demo</b>\n<code>DEMO-FINALIZADA</code> · entrenamiento\nEstado: <b>finalizada</b> · Prioridad: media\nInicio: 01/12/2026 09:00 · Efectivos: 1"}', NULL, NULL, 'ev:73a879bb-3797-4c58-ad90-0866e8ae74c0:37:770002', 'tarea:3', 1796040907958651, 1796040907958651, 0, NULL, NULL, NULL, NULL),
(11, 770001, 2, 'sendMessage', '{"chat_id":770001,"link_preview_options":{"is_disabled":true},"parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"callback_data":"tarea:aceptar:6","text":"✅ Accept"},{"callback_data":"tarea:rechazar:6","text":"✖️ Decline"}],[{"callback_data":"tarea:mapa:6","text":"🗺 See on the map"}],[{"callback_data":"tarea:ver:6","text":"📄 See the task"}]]},"text":"📌 <b>You have a new task</b>\n\n<b>Patrulla demo de la plaza</b>\n<code>DEMO-EN-CURSO</code> · patrullaje\nState: <b>scheduled</b> · Priority: urgent\nStart: 01/12/2026 09:00 · Officers: 2\n📍 Plaza demo"}', NULL, NULL, 'ev:73a879bb-3797-4c58-ad90-0866e8ae74c0:48:770001', 'tarea:6', 1796040907958651, 1796040907958651, 0, NULL, NULL, NULL, NULL),
(12, 770002, 2, 'sendMessage', '{"chat_id":770002,"link_preview_options":{"is_disabled":true},"parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"callback_data":"tarea:mapa:6","text":"🗺 Ver en el mapa"}],[{"callback_data":"cerca:tarea:6","text":"🧭 Quién está cerca"}],[{"callback_data":"tarea:ver:6","text":"📄 Ver la tarea"}]]},"text":"🔄 Otra persona la pasó a <b>en curso</b>\n\n<b>Patrulla demo de la plaza</b>\n<code>DEMO-EN-CURSO</code> · patrullaje\nEstado: <b>en curso</b> · Prioridad: urgente\nInicio: 01/12/2026 09:00 · Efectivos: 2\n📍 Plaza demo"}', NULL, NULL, 'ev:73a879bb-3797-4c58-ad90-0866e8ae74c0:49:770002', 'tarea:6', 1796040907958651, 1796040907958651, 0, NULL, NULL, NULL, NULL),
(13, 770002, 1, 'answerCallbackQuery', '{"callback_query_id":"11"}', NULL, NULL, NULL, NULL, 1796040907988399, 1796040907988399, 0, 1796040907992015, NULL, NULL, NULL),
(14, 770002, 1, 'editMessageText', '{"chat_id":770002,"link_preview_options":{"is_disabled":true},"message_id":10,"parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"callback_data":"crear:tipo:OPERATIVO","text":"🛡 Operativo"}],[{"callback_data":"crear:tipo:ADMINISTRATIVO","text":"🗂 Administrativo"}],[{"callback_data":"crear:tipo:EMERGENCIA","text":"🚨 Emergencia"}],[{"callback_data":"crear:cancel","text":"❌ Cancelar"}]]},"text":"<b>[Paso 1/6]</b> ▰▱▱▱▱▱\n<i>paso 1 de 6</i>\n¿De qué tipo es la tarea?"}', NULL, NULL, NULL, NULL, 1796040907988399, 1796040907988399, 0, 1796040907992015, 10, NULL, NULL),
(15, 770002, 1, 'answerCallbackQuery', '{"callback_query_id":"13"}', NULL, NULL, NULL, NULL, 1796040908039588, 1796040908039588, 0, 1796040908043204, NULL, NULL, NULL),
(16, 770002, 1, 'editMessageText', '{"chat_id":770002,"link_preview_options":{"is_disabled":true},"message_id":12,"parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"callback_data":"crear:back:2","text":"⬅️ Atrás"}],[{"callback_data":"crear:cancel","text":"❌ Cancelar"}]]},"text":"<b>[Paso 2/6]</b> ▰▰▱▱▱▱\n<i>paso 2 de 6</i>\nEscriba el código, por ejemplo <code>OPE-2025-001</code> (3 a 20 letras, cifras, «-» o «_»)."}', NULL, NULL, NULL, NULL, 1796040908039588, 1796040908039588, 0, 1796040908043204, 12, NULL, NULL);
INSERT INTO codigos_de_vinculo VALUES
(X'D0D64FACABA35EA31321FECF611FF29EB2F7CD1DD26837905866C30C73FD72A3', 7, NULL, 1796040907548488, 1796127307548488, 1796040907578616, 770001),
(X'783A56394878BC58A5FB6443C4D4898535F5A5CBFF8C69E2DB87CA7442478F36', 2, NULL, 1796040907639304, 1796127307639304, 1796040907652958, 770002),
(X'4F6EB0C0CFD23FCA443287643B064D873DB903F6D148488E83CC818411AE215F', 13, NULL, 1796040907715239, 1796127307715239, NULL, NULL);
INSERT INTO intentos_de_vinculo VALUES
(1, 770009, 1796040907727438);
INSERT INTO arriendos VALUES
('telegram-envio', NULL, 1796040914422584, NULL),
('telegram-avisos', NULL, 1796040914426411, '{"leido":"73a879bb-3797-4c58-ad90-0866e8ae74c0:56","vencidas_hasta":"2026-11-30T12:15:06.426486Z"}'),
('telegram-lectura', NULL, 1796040914431413, NULL);
INSERT INTO notas_de_tarea VALUES
(1, 6, 2, 'texto', 'Nota demo: va otro móvil', NULL, NULL, NULL, NULL, 1796040907922759),
(2, 6, 7, 'voz', NULL, 'demo-voice-1', 'demo-v-1', 'audio/ogg', 3, 1796040907927627);
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
