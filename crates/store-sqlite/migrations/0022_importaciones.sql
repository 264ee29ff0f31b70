-- For each row that came from another system: digests of the row there and of the row here, as they were
-- at the last import. The next import finds by them what changed on which side.
CREATE TABLE importaciones (
    tabla TEXT NOT NULL,
    id INTEGER NOT NULL,
    origen TEXT NOT NULL,
    propia TEXT NOT NULL,
    PRIMARY KEY (tabla, id)
) STRICT, WITHOUT ROWID;
