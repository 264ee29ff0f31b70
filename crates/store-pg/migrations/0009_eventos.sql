-- What happened, in the order in which everybody hears of it. Numbers are dense within an epoch;
-- they are given after the commit, by one transaction at a time (the one that holds the row of
-- `meta`), so that a reader who has seen a number has seen all below it.
CREATE TABLE eventos (
    numero bigint PRIMARY KEY,
    message_id uuid NOT NULL,
    event_type text NOT NULL,
    tarea_id bigint,
    payload jsonb NOT NULL,
    request_id text,
    created_at timestamptz NOT NULL
);

CREATE INDEX ix_eventos_created ON eventos (created_at);

ALTER TABLE meta ADD COLUMN ultimo_evento bigint NOT NULL DEFAULT 0;

-- Nobody was there yet to tell these to.
DELETE FROM outbox;
