--! Previous: sha1:08517e6b6f494803a58c0b7672fc7d255f23d1cb
--! Hash: sha1:74dccabd7b839a9f1fca914ecfc48181af631234

--! no-transaction
CREATE INDEX CONCURRENTLY accounts_email ON accounts (email);
