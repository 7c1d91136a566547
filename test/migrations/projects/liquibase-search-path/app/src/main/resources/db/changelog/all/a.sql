--liquibase formatted sql
--changeset all:a
SELECT 1;
