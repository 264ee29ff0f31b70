-- Texts that the old system took: identities in several writings, characters that cannot be seen,
-- look-alikes. Added to shape A.
INSERT INTO usuarios VALUES
    (61, '00000000-0000-4000-8000-000000000061', '12.345.678', 'Prueba', 'Tres', E'jos\u00e9@prueba.gad', '555 CASA', NULL,
     'LEVEL_1', '$2b$06$x', true, NULL, 0, NULL, '{}', '2025-01-02', '2025-01-02', NULL),
    (62, '00000000-0000-4000-8000-000000000062', '12345678', E'Ana\u202e', E'\u200b\u200b', E'jose\u0301@prueba.gad',
     E'\u202a+54 11 5555\u202c', NULL, 'LEVEL_1', '$2b$06$x', true, NULL, 0, NULL, '{}', '2025-01-02', '2025-01-02', NULL),
    (63, '00000000-0000-4000-8000-000000000063', 'P0000063', 'Prueba', 'Cuatro', E'\u0430dmin@prueba.gad', NULL, NULL,
     'LEVEL_1', '$2b$06$x', true, NULL, 0, NULL, '{}', '2025-01-02', '2025-01-02', NULL);
INSERT INTO efectivos VALUES
    (64, '00000000-0000-4000-8000-000000000064', 62, 'ef-1', 'Cabo', 'NORTE', NULL, 'FUERA_SERVICIO',
     '2025-10-01T12:00:00Z', NULL, '2025-01-02', '2025-01-02', NULL, NULL);
