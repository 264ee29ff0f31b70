-- What shape D has beyond B; comes after shape_b.sql.
CREATE TABLE gad.turnos (id serial PRIMARY KEY, efectivo_id integer, inicio timestamptz, fin timestamptz);
CREATE TABLE gad.licencias (id serial PRIMARY KEY, efectivo_id integer, motivo text);
INSERT INTO gad.turnos (efectivo_id) VALUES (5), (6);
INSERT INTO gad.licencias (efectivo_id) VALUES (6);
