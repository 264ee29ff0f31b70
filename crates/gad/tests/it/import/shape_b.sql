-- An old database of shape B: contract 10.4. All rows are made up for the tests.
CREATE SCHEMA gad;
CREATE TYPE nivel_autenticacion AS ENUM ('1', '2', '3');
CREATE TYPE estado_disponibilidad_gad AS ENUM ('activo', 'en_tarea', 'en_licencia');
CREATE TYPE estado_tarea_gad AS ENUM ('programada', 'en_curso', 'finalizada');
CREATE TABLE gad.usuarios (
    id serial PRIMARY KEY, telegram_id bigint NOT NULL UNIQUE, nombre varchar(100) NOT NULL,
    nivel nivel_autenticacion NOT NULL
);
CREATE TABLE gad.efectivos (
    id serial PRIMARY KEY, dni varchar(20) NOT NULL UNIQUE, nombre varchar(100) NOT NULL, especialidad varchar(50),
    estado_disponibilidad estado_disponibilidad_gad NOT NULL, usuario_id integer REFERENCES gad.usuarios (id)
);
CREATE TABLE gad.tareas (
    id serial PRIMARY KEY, codigo varchar(20) NOT NULL UNIQUE, titulo varchar(100) NOT NULL,
    tipo varchar(50) NOT NULL, inicio_programado timestamptz NOT NULL, inicio_real timestamptz, fin_real timestamptz,
    estado estado_tarea_gad NOT NULL, delegado_usuario_id integer NOT NULL REFERENCES gad.usuarios (id)
);
CREATE TABLE gad.tarea_asignaciones (tarea_id integer, efectivo_id integer, PRIMARY KEY (tarea_id, efectivo_id));
-- Left over from before the reset.
CREATE TABLE public.tarea_efectivos (tarea_id integer, efectivo_id integer);
INSERT INTO public.tarea_efectivos VALUES (1, 1);

INSERT INTO gad.usuarios VALUES (3, 90000000003, 'Prueba Jefa', '2'), (4, 90000000004, 'Prueba Uno', '1');
INSERT INTO gad.efectivos VALUES
    (5, 'P0000005', 'Prueba Uno', 'Guía', 'activo', 4),
    (6, 'P0000006', 'Prueba Dos', NULL, 'en_licencia', NULL),
    (7, 'P7', 'Prueba Tres', NULL, 'activo', NULL);
INSERT INTO gad.tareas VALUES
    (8, 'TAR-8', 'Tarea de prueba', 'allanamiento', '2025-10-01T12:00:00Z', '2025-10-01T12:00:00Z',
     '2025-10-01T13:30:00Z', 'finalizada', 3),
    (9, 'TAR-9', 'Tarea de prueba', 'Patrullaje', '2025-10-01T12:00:00Z', NULL, NULL, 'programada', 3),
    (10, 'TAR-10', 'Tarea de prueba', 'patrullaje', '2025-10-01T12:00:00Z', NULL, '2025-10-01T13:00:00Z',
     'finalizada', 3);
INSERT INTO gad.tarea_asignaciones VALUES (8, 5), (8, 6), (9, 7), (77, 5);
