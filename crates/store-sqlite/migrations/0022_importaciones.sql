-- For each row that came from another system: digests of the row there and of the row here, as they were
-- at the last import. The next import finds by them what changed on which side.
CREATE TABLE importaciones (
    tabla TEXT NOT NULL,
    id INTEGER NOT NULL,
    origen TEXT NOT NULL,
    propia TEXT NOT NULL,
    PRIMARY KEY (tabla, id)
) STRICT, WITHOUT ROWID;

-- Assignments of tasks that had ended before assignments were recorded.
UPDATE asignaciones SET estado = 'liberada'
WHERE estado NOT IN ('liberada', 'rechazada', 'relevada') AND EXISTS (
    SELECT 1 FROM tareas t WHERE t.id = asignaciones.tarea_id
        AND (t.estado IN ('finalizada', 'cancelada') OR t.deleted_at IS NOT NULL));
