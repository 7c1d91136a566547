--liquibase formatted sql
--changeset all:sub/c
SELECT 1;
