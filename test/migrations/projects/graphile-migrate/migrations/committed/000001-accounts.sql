--! Previous: -
--! Hash: sha1:83fff8f79614c4fcf7b095834705005c0c0a2faf

CREATE TABLE accounts (id bigserial PRIMARY KEY);
