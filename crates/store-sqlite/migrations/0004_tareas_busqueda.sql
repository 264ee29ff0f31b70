-- Where tasks are. 32-bit floats, rounded outwards: what it finds is filtered by the true coordinates.
CREATE VIRTUAL TABLE tareas_rtree USING rtree (id, lat_min, lat_max, lon_min, lon_max);

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

-- What tasks say. `busqueda` holds only letters, digits and spaces, so the ascii tokenizer, which
-- takes every character beyond ASCII for part of a word, splits it just where the program did.
CREATE VIRTUAL TABLE tareas_fts USING fts5 (
    busqueda, content = 'tareas', content_rowid = 'id', tokenize = 'ascii', detail = 'none', columnsize = 0);

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
