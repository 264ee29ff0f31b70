-- An old database of shape A with audit and positions, as contract 10.2 and 10.3 have it, less the
-- constraints that these rows are to break. All rows are made up for the tests.
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE TYPE nivel_usuario AS ENUM ('LEVEL_1', 'LEVEL_2', 'LEVEL_3');
CREATE TYPE estado_tarea AS ENUM ('PROGRAMMED', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED', 'PAUSED', 'ARCHIVED');
CREATE TYPE estado_disponibilidad AS ENUM ('DISPONIBLE', 'EN_TAREA', 'FUERA_SERVICIO', 'NO_DISPONIBLE');
CREATE TYPE prioridad_tarea AS ENUM ('LOW', 'MEDIUM', 'HIGH', 'URGENT', 'CRITICAL');
CREATE TYPE tipo_tarea AS ENUM
    ('PATRULLAJE', 'INVESTIGACION', 'VIGILANCIA', 'INTERVENCION', 'ADMINISTRATIVA', 'ENTRENAMIENTO');

CREATE TABLE usuarios (
    id serial PRIMARY KEY, uuid uuid NOT NULL UNIQUE, dni varchar(20) NOT NULL UNIQUE,
    nombre varchar(100) NOT NULL, apellido varchar(100) NOT NULL, email varchar NOT NULL UNIQUE,
    telefono varchar(20), telegram_id bigint UNIQUE, nivel nivel_usuario NOT NULL,
    hashed_password varchar(255) NOT NULL, verificado boolean NOT NULL, ultimo_acceso timestamptz,
    intentos_fallidos integer NOT NULL, bloqueado_hasta timestamptz, extra_data jsonb NOT NULL,
    created_at timestamp NOT NULL, updated_at timestamp NOT NULL, deleted_at timestamp
);
CREATE TABLE efectivos (
    id serial PRIMARY KEY, uuid uuid NOT NULL UNIQUE, usuario_id integer NOT NULL UNIQUE REFERENCES usuarios (id),
    codigo_interno varchar(50) NOT NULL UNIQUE, rango varchar(50), unidad varchar(100), especialidad varchar(100),
    estado_disponibilidad estado_disponibilidad NOT NULL, ultima_actualizacion_estado timestamptz DEFAULT now(),
    metadata json, created_at timestamp NOT NULL, updated_at timestamp NOT NULL, deleted_at timestamp,
    geom geography(Point, 4326)
);
CREATE TABLE tareas (
    id serial PRIMARY KEY, uuid uuid NOT NULL UNIQUE, codigo varchar(50) NOT NULL UNIQUE,
    titulo varchar(200) NOT NULL, descripcion text, tipo tipo_tarea NOT NULL, prioridad prioridad_tarea NOT NULL,
    inicio_programado timestamptz NOT NULL, fin_programado timestamptz, inicio_real timestamptz,
    fin_real timestamptz, tiempo_pausado interval, pausado_en timestamptz, estado estado_tarea NOT NULL,
    delegado_usuario_id integer NOT NULL REFERENCES usuarios (id),
    creado_por_usuario_id integer NOT NULL REFERENCES usuarios (id), ubicacion_lat numeric(10, 8),
    ubicacion_lon numeric(11, 8), ubicacion_descripcion text, efectivos_asignados integer[] NOT NULL,
    duracion_real_horas numeric, notas jsonb NOT NULL, extra_data jsonb NOT NULL,
    created_at timestamp NOT NULL, updated_at timestamp NOT NULL, deleted_at timestamp
);
CREATE TABLE historial_estados (
    id serial PRIMARY KEY, tarea_id integer NOT NULL REFERENCES tareas (id), estado_anterior estado_tarea,
    estado_nuevo estado_tarea NOT NULL, usuario_id integer REFERENCES usuarios (id), motivo text,
    extra_data jsonb NOT NULL, created_at timestamp NOT NULL, updated_at timestamp NOT NULL, deleted_at timestamp
);
CREATE TABLE metricas_tareas (
    id serial PRIMARY KEY, tipo_tarea tipo_tarea NOT NULL, prioridad prioridad_tarea NOT NULL,
    total_tareas integer NOT NULL, total_horas real NOT NULL, tiempo_promedio_horas real, tasa_exito numeric(5, 2),
    duracion_p25 real, duracion_p50 real, duracion_p75 real, duracion_min real, duracion_max real,
    ultima_actualizacion timestamp NOT NULL, created_at timestamp NOT NULL, updated_at timestamp NOT NULL,
    deleted_at timestamp
);
CREATE TABLE tarea_efectivos (
    tarea_id integer REFERENCES tareas (id), efectivo_id integer REFERENCES efectivos (id),
    PRIMARY KEY (tarea_id, efectivo_id)
);
CREATE TABLE audit_logs (
    id serial PRIMARY KEY, event_id varchar(36) NOT NULL, event_type varchar NOT NULL, severity varchar NOT NULL,
    "timestamp" timestamp NOT NULL, user_id integer, telegram_id integer, session_id varchar(64),
    endpoint varchar(255), http_method varchar(10), user_agent text, ip_address inet, referer text,
    resource_type varchar(100), resource_id varchar(100), action_description text NOT NULL, old_values json,
    new_values json, event_metadata json, success boolean NOT NULL, error_message text, response_status integer,
    compliance_tags varchar(500), retention_until timestamp, created_at timestamp NOT NULL, updated_at timestamp,
    deleted_at timestamp
);
CREATE TABLE audit_sessions (id serial PRIMARY KEY, session_id varchar(64));

-- The password is "clave de antes".
INSERT INTO usuarios VALUES
    (11, '00000000-0000-4000-8000-000000000011', 'P0000011', 'Prueba', 'Jefa', 'Jefa@prueba.gad', '', 90000000011,
     'LEVEL_3', '$2b$06$LBS.FfLbyh5roudCWSiW3OspBjmXHfCmh/ouQ2j..spUxNHaBe0ES', true, '2025-10-01T09:00:00-03', 0,
     NULL, '{"origen": "prueba"}', '2025-01-02T03:04:05.678901', '2025-01-03T00:00:00', NULL),
    (12, '00000000-0000-4000-8000-000000000012', 'P0000012', 'Prueba', 'Uno', 'uno@prueba.gad', NULL, NULL,
     'LEVEL_1', '$2b$06$x', true, NULL, 2, NULL, '{}', '2025-01-02', '2025-01-02', NULL),
    (13, '00000000-0000-4000-8000-000000000013', 'P0000013', 'Prueba', 'Dos', 'dos@prueba.gad', NULL, NULL,
     'LEVEL_1', '$2b$06$x', false, NULL, 0, NULL, '{}', '2025-01-02', '2025-01-02', NULL),
    (14, '00000000-0000-4000-8000-000000000014', 'P0000014', 'Prueba', 'Doble Uno', 'UNO@prueba.gad', NULL, NULL,
     'LEVEL_1', '$2b$06$x', true, NULL, 0, NULL, '{}', '2025-01-02', '2025-01-02', NULL),
    (15, '00000000-0000-4000-8000-000000000015', 'P0000015', 'Prueba', 'Doble', 'jefa@PRUEBA.gad', NULL, NULL,
     'LEVEL_1', '$2b$06$x', true, NULL, 0, NULL, '{}', '2025-01-02', '2025-01-02', NULL);
INSERT INTO efectivos VALUES
    (21, '00000000-0000-4000-8000-000000000021', 12, 'EF-1', 'Cabo', 'Norte', '', 'EN_TAREA',
     '2025-10-01T12:00:00Z', '{"a": 1}', '2025-01-02', '2025-01-02', NULL, 'POINT(-58.38 -34.6)'),
    (22, '00000000-0000-4000-8000-000000000022', 13, 'EF-2', NULL, NULL, NULL, 'FUERA_SERVICIO',
     '2025-10-01T12:00:00Z', NULL, '2025-01-02', '2025-01-02', NULL, NULL),
    (23, '00000000-0000-4000-8000-000000000023', 14, 'EF-3', NULL, NULL, NULL, 'DISPONIBLE',
     '2025-10-01T12:00:00Z', NULL, '2025-01-02', '2025-01-02', NULL, NULL);
INSERT INTO tareas (id, uuid, codigo, titulo, tipo, prioridad, inicio_programado, fin_programado, inicio_real,
    fin_real, tiempo_pausado, estado, delegado_usuario_id, creado_por_usuario_id, ubicacion_lat, ubicacion_lon,
    efectivos_asignados, notas, extra_data, created_at, updated_at)
SELECT id, ('00000000-0000-4000-8000-0000000000' || id)::uuid, codigo, 'Tarea de prueba', 'PATRULLAJE', 'HIGH',
    '2025-10-01T12:00:00Z', fin_programado::timestamptz, inicio_real::timestamptz, fin_real::timestamptz,
    tiempo_pausado::interval, estado::estado_tarea, delegado, 11, lat, lon, efectivos::integer[], '{}', '{}',
    '2025-10-01T10:00:00', '2025-10-01T16:00:00'
FROM (VALUES
    (31, 'TAR-31', '2025-10-01T14:00:00Z', '2025-10-01T12:00:00Z', '2025-10-01T15:00:00Z', '1 hour', 'COMPLETED',
     11, -34.60371234, -58.38163211, '{21}'),
    (32, 'TAR-32', NULL, '2025-10-01T12:00:00Z', NULL, NULL, 'IN_PROGRESS', 11, NULL, NULL, '{21,99}'),
    (33, 'tarea vieja', NULL, NULL, NULL, NULL, 'COMPLETED', 11, NULL, NULL, '{}'),
    (41, 'TAR-41', '2025-10-01T11:00:00Z', NULL, NULL, NULL, 'PROGRAMMED', 11, NULL, NULL, '{}'),
    (42, 'TAR-42', NULL, '2025-10-01T12:00:00Z', '2025-10-01T11:00:00Z', NULL, 'COMPLETED', 11, NULL, NULL, '{}'),
    (43, 'TAR-43', NULL, NULL, NULL, NULL, 'PROGRAMMED', 11, -34.6, NULL, '{}'),
    (44, 'TAR-44', NULL, NULL, NULL, NULL, 'ARCHIVED', 11, NULL, NULL, '{}'),
    (45, 'TAR-45', NULL, NULL, NULL, NULL, 'PROGRAMMED', 14, NULL, NULL, '{}'),
    (46, 'TAR-46', NULL, '2025-10-01T12:00:00Z', NULL, NULL, 'IN_PROGRESS', 11, NULL, NULL, '{21}')
) AS t (id, codigo, fin_programado, inicio_real, fin_real, tiempo_pausado, estado, delegado, lat, lon, efectivos);
INSERT INTO tarea_efectivos VALUES (31, 21), (31, 22), (32, 23), (41, 21);
INSERT INTO historial_estados VALUES
    (51, 31, NULL, 'PROGRAMMED', 11, NULL, '{}', '2025-10-01T10:00:00', '2025-10-01T10:00:00', NULL),
    (52, 31, 'PROGRAMMED', 'IN_PROGRESS', 12, 'Tarea iniciada', '{}', '2025-10-01T12:00:00', '2025-10-01T12:00:00',
     NULL),
    (53, 41, NULL, 'PROGRAMMED', 11, NULL, '{}', '2025-10-01T10:00:00', '2025-10-01T10:00:00', NULL);
INSERT INTO metricas_tareas VALUES
    (61, 'PATRULLAJE', 'HIGH', 1, 2, 2, 100, 2, 2, 2, 2, 2, '2025-10-01T16:00:00', '2025-10-01', '2025-10-01', NULL),
    (62, 'PATRULLAJE', 'HIGH', 9, 9, 9, 100, 9, 9, 9, 9, 9, '2025-10-01T16:00:00', '2025-10-01', '2025-10-01', NULL);
INSERT INTO audit_logs (id, event_id, event_type, severity, "timestamp", user_id, session_id, ip_address,
    action_description, success, response_status, created_at)
VALUES
    (71, '00000000-0000-4000-8000-000000000071', 'LOGIN', 'MEDIUM', '2025-10-01T12:00:00', 11, 'abc', '192.0.2.7',
     'Prueba', true, 200, '2025-10-01T12:00:00'),
    (72, 'not a uuid', 'login', 'low', '2025-10-01T12:00:00', 11, NULL, NULL, 'Prueba', true, NULL,
     '2025-10-01T12:00:00');
INSERT INTO audit_sessions (session_id) VALUES ('abc');
