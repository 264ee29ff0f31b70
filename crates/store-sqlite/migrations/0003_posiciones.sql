-- Where officers are. A table of its own, so that intake neither bloats nor locks efectivos.
CREATE TABLE posiciones_actuales (
    efectivo_id INTEGER PRIMARY KEY REFERENCES efectivos (id),
    lat REAL NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lon REAL NOT NULL CHECK (lon BETWEEN -180 AND 180),
    precision_m REAL,
    medida_en INTEGER NOT NULL,
    recibida_en INTEGER NOT NULL
) STRICT;
CREATE VIRTUAL TABLE posiciones_rtree USING rtree (id, min_lon, max_lon, min_lat, max_lat);
CREATE TRIGGER posiciones_rtree_alta AFTER INSERT ON posiciones_actuales BEGIN
    INSERT INTO posiciones_rtree VALUES (new.efectivo_id, new.lon, new.lon, new.lat, new.lat);
END;
CREATE TRIGGER posiciones_rtree_cambio AFTER UPDATE OF lat, lon ON posiciones_actuales BEGIN
    UPDATE posiciones_rtree SET min_lon = new.lon, max_lon = new.lon, min_lat = new.lat, max_lat = new.lat
    WHERE id = new.efectivo_id;
END;

-- The tracks.
CREATE TABLE posiciones (
    efectivo_id INTEGER NOT NULL REFERENCES efectivos (id),
    medida_en INTEGER NOT NULL,
    lat REAL NOT NULL,
    lon REAL NOT NULL,
    precision_m REAL,
    recibida_en INTEGER NOT NULL,
    PRIMARY KEY (efectivo_id, medida_en)
) STRICT, WITHOUT ROWID;
