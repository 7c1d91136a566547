--! Previous: sha1:83fff8f79614c4fcf7b095834705005c0c0a2faf
--! Hash: sha1:08517e6b6f494803a58c0b7672fc7d255f23d1cb

ALTER TABLE accounts ADD COLUMN email text;
