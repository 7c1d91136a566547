--liquibase formatted sql
--changeset all:b
SELECT 1;
