-- For each row that came from another system: digests of the row there and of the row here, as they were
-- at the last import. The next import finds by them what changed on which side.
CREATE TABLE importaciones (
    tabla text NOT NULL,
    id bigint NOT NULL,
    origen text NOT NULL,
    propia text NOT NULL,
    PRIMARY KEY (tabla, id)
);
