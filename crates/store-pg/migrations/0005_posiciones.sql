-- Where officers are now. A table of its own, so that position intake neither bloats nor locks
-- efectivos.
CREATE TABLE posiciones_actuales (
    efectivo_id bigint PRIMARY KEY CONSTRAINT posiciones_efectivo_fk REFERENCES efectivos (id),
    lat double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lon double precision NOT NULL CHECK (lon BETWEEN -180 AND 180),
    ubicacion geography(Point, 4326) NOT NULL GENERATED ALWAYS AS
        (ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography) STORED,
    precision_m double precision,
    medida_en timestamptz NOT NULL,
    recibida_en timestamptz NOT NULL,
    -- Whether the officer can be sent, kept by the triggers below, so that the index of those who
    -- can holds nobody else: the nearest free one is found at once among thousands who are not.
    disponible boolean NOT NULL DEFAULT true
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);

CREATE INDEX ix_posiciones_actuales_ubicacion ON posiciones_actuales USING gist (ubicacion);
CREATE INDEX ix_posiciones_actuales_disponibles ON posiciones_actuales USING gist (ubicacion) WHERE disponible;
CREATE INDEX ix_posiciones_actuales_medida ON posiciones_actuales (medida_en) WHERE disponible;

CREATE TABLE posiciones (
    efectivo_id bigint NOT NULL CONSTRAINT posiciones_efectivo_fk REFERENCES efectivos (id),
    medida_en timestamptz NOT NULL,
    lat double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lon double precision NOT NULL CHECK (lon BETWEEN -180 AND 180),
    precision_m double precision,
    recibida_en timestamptz NOT NULL,
    PRIMARY KEY (efectivo_id, medida_en)
);

-- An officer's first position. The share lock waits for a change of availability that has not been
-- committed; later positions do not come here (they are updates), and wait for nobody.
CREATE FUNCTION posiciones_actuales_al_aparecer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM efectivos e JOIN nuevas n ON n.efectivo_id = e.id ORDER BY e.id FOR SHARE OF e;
    UPDATE posiciones_actuales p SET disponible = false
    FROM nuevas n JOIN efectivos e ON e.id = n.efectivo_id
    WHERE p.efectivo_id = e.id AND NOT (e.estado_disponibilidad = 'disponible' AND e.deleted_at IS NULL);
    RETURN NULL;
END $$;

CREATE TRIGGER posiciones_actuales_al_aparecer AFTER INSERT ON posiciones_actuales
    REFERENCING NEW TABLE AS nuevas
    FOR EACH STATEMENT EXECUTE FUNCTION posiciones_actuales_al_aparecer();

CREATE FUNCTION posiciones_actuales_al_cambiar_estado() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE posiciones_actuales
    SET disponible = NEW.estado_disponibilidad = 'disponible' AND NEW.deleted_at IS NULL
    WHERE efectivo_id = NEW.id
      AND disponible <> (NEW.estado_disponibilidad = 'disponible' AND NEW.deleted_at IS NULL);
    RETURN NULL;
END $$;

CREATE TRIGGER posiciones_actuales_al_cambiar_estado
    AFTER UPDATE OF estado_disponibilidad, deleted_at ON efectivos
    FOR EACH ROW
    WHEN (OLD.estado_disponibilidad <> NEW.estado_disponibilidad OR OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
    EXECUTE FUNCTION posiciones_actuales_al_cambiar_estado();
