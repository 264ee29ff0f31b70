-- Shape C: the large schema written by hand, contract 10.5. All rows are made up for the tests.
CREATE SCHEMA gad;
CREATE TABLE gad.usuarios (
    id serial PRIMARY KEY, uuid uuid NOT NULL, dni varchar(20) NOT NULL, nombre varchar(100) NOT NULL,
    apellido varchar(100) NOT NULL, email text NOT NULL, telefono varchar(20), telegram_id bigint,
    nivel text NOT NULL, hashed_password varchar(255) NOT NULL, verificado boolean NOT NULL,
    metadata jsonb NOT NULL DEFAULT '{}', created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
    deleted_at timestamptz
);
CREATE TABLE gad.efectivos (
    id serial PRIMARY KEY, uuid uuid NOT NULL, usuario_id integer NOT NULL, codigo_interno varchar(50) NOT NULL,
    estado_disponibilidad text NOT NULL, metadata jsonb, created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL, deleted_at timestamptz
);
CREATE TABLE gad.tareas (
    id serial PRIMARY KEY, uuid uuid NOT NULL, codigo varchar(50) NOT NULL, titulo varchar(200) NOT NULL,
    tipo text NOT NULL, prioridad text NOT NULL, inicio_programado timestamptz NOT NULL, estado text NOT NULL,
    inicio_real timestamptz, fin_real timestamptz, tiempo_pausado interval DEFAULT '0',
    delegado_usuario_id integer NOT NULL, creado_por_usuario_id integer NOT NULL, efectivos_asignados integer[],
    metadata jsonb NOT NULL DEFAULT '{}', created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL
);
INSERT INTO gad.usuarios VALUES (1, '00000000-0000-4000-8000-000000000001', 'P0000001', 'Prueba', 'Jefa',
    'jefa@prueba.gad', NULL, NULL, 'nivel_3', '$2b$06$x', true, '{"de": "c"}', '2025-01-01', '2025-01-01');
INSERT INTO gad.efectivos VALUES (1, '00000000-0000-4000-8000-000000000002', 1, 'EF-1', 'no_disponible', NULL,
    '2025-01-01', '2025-01-01');
INSERT INTO gad.tareas VALUES (1, '00000000-0000-4000-8000-000000000003', 'TAR-1', 'Tarea de prueba', 'vigilancia',
    'critica', '2025-10-01T09:00:00-03', 'cancelada', NULL, NULL, '0', 1, 1, '{1}', '{"de": "c"}', '2025-10-01',
    '2025-10-01');
