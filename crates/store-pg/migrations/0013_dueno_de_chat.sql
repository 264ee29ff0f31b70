-- Whose a chat is follows from usuarios.telegram_id; a copy of it could only be wrong.
ALTER TABLE telegram_chats DROP COLUMN usuario_id;
