-- Whose a chat is follows from usuarios.telegram_id; a copy of it could only be wrong.
DROP INDEX ix_telegram_chats_usuario;
ALTER TABLE telegram_chats DROP COLUMN usuario_id;
