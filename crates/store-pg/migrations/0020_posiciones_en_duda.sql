-- Why a report was held back: kept in the track, and not made the last position.
ALTER TABLE posiciones ADD COLUMN dudosa text;

-- What is odd about the reports of an officer's device: the newest one that was held back, and how far
-- measuring times lie from times of receipt. No row while nothing is.
CREATE TABLE dispositivos_observados (
    efectivo_id bigint PRIMARY KEY CONSTRAINT dispositivos_efectivo_fk REFERENCES efectivos (id),
    datos jsonb NOT NULL
);
