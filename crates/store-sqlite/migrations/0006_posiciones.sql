-- The last position of each officer, apart from `efectivos` so that intake leaves those rows alone.
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

-- Counts who could be sent at all, and finds them when they are few.
CREATE INDEX ix_posiciones_disponibles ON posiciones_actuales (medida_en) WHERE disponible = 1;

CREATE TRIGGER posiciones_disponible_al_cambiar AFTER UPDATE OF estado_disponibilidad, deleted_at ON efectivos
WHEN (old.estado_disponibilidad = 'disponible' AND old.deleted_at IS NULL)
    IS NOT (new.estado_disponibilidad = 'disponible' AND new.deleted_at IS NULL)
BEGIN
    UPDATE posiciones_actuales
    SET disponible = (new.estado_disponibilidad = 'disponible' AND new.deleted_at IS NULL)
    WHERE efectivo_id = new.id;
END;

-- Where officers are; id = efectivo_id. The box of each is a thousandth of a degree (111 m) wider than
-- the point on every side, so that most moves leave it as it is; what a search finds is filtered by
-- the true coordinates anyway. Those who cannot be sent stand 1000 degrees further east, so that the
-- search for who can be passes none of them.
CREATE VIRTUAL TABLE posiciones_rtree USING rtree (id, lat_min, lat_max, lon_min, lon_max);

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

CREATE TABLE posiciones (
    efectivo_id INTEGER NOT NULL CONSTRAINT posiciones_efectivo_fk REFERENCES efectivos (id),
    medida_en INTEGER NOT NULL,
    lat REAL NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lon REAL NOT NULL CHECK (lon BETWEEN -180 AND 180),
    precision_m REAL,
    recibida_en INTEGER NOT NULL,
    PRIMARY KEY (efectivo_id, medida_en)
) STRICT, WITHOUT ROWID;
