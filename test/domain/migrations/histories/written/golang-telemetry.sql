-- Telemetry on golang-migrate: numbered pairs, one string each, partitions by month.
--> file 000001_devices.up.sql
CREATE TABLE IF NOT EXISTS devices (id UUID PRIMARY KEY DEFAULT gen_random_uuid(), serial TEXT NOT NULL UNIQUE, firmware TEXT, registered_at TIMESTAMPTZ NOT NULL DEFAULT now());
--> file 000002_readings.up.sql
CREATE TABLE IF NOT EXISTS readings (device_id UUID NOT NULL, taken_at TIMESTAMPTZ NOT NULL, metric TEXT NOT NULL, value DOUBLE PRECISION) PARTITION BY RANGE (taken_at);
CREATE TABLE readings_2025_01 PARTITION OF readings FOR VALUES FROM ('2025-01-01') TO ('2025-02-01');
CREATE TABLE readings_2025_02 PARTITION OF readings FOR VALUES FROM ('2025-02-01') TO ('2025-03-01');
--> rows
INSERT INTO devices (serial) SELECT 's' || n FROM generate_series(1, 200) n;
INSERT INTO readings SELECT d.id, '2025-01-05'::timestamptz + n * interval '1 hour', 'temp', n FROM generate_series(1, 600) n, (SELECT id FROM devices LIMIT 1) d;
INSERT INTO readings SELECT d.id, '2025-02-01'::timestamptz + n * interval '1 hour', 'temp', n FROM generate_series(1, 400) n, (SELECT id FROM devices LIMIT 1) d;
--> file 000003_readings_index.up.sql
CREATE INDEX readings_device_taken ON readings (device_id, taken_at DESC);
--> file 000004_march.up.sql
CREATE TABLE readings_2025_03 PARTITION OF readings FOR VALUES FROM ('2025-03-01') TO ('2025-04-01');
--> rows
INSERT INTO readings SELECT d.id, '2025-03-01'::timestamptz + n * interval '1 hour', 'temp', n FROM generate_series(1, 400) n, (SELECT id FROM devices LIMIT 1) d;
--> file 000005_alerts.up.sql
CREATE TYPE alert_level AS ENUM ('info', 'warn');
CREATE TABLE alerts (id BIGSERIAL PRIMARY KEY, device_id UUID NOT NULL REFERENCES devices (id) ON DELETE CASCADE, level alert_level NOT NULL, message TEXT NOT NULL, raised_at TIMESTAMPTZ NOT NULL DEFAULT now());
CREATE INDEX alerts_device ON alerts (device_id);
--> rows
INSERT INTO alerts (device_id, level, message) SELECT id, 'info', 'm' FROM devices;
--> file 000006_alert_critical.up.sql
ALTER TYPE alert_level ADD VALUE 'critical';
--> file 000007_alert_ack.up.sql
ALTER TABLE alerts ADD COLUMN acknowledged_by TEXT, ADD COLUMN acknowledged_at TIMESTAMPTZ;
--> file 000008_device_groups.up.sql
CREATE TABLE device_groups (id SERIAL PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO device_groups (name) VALUES ('default');
ALTER TABLE devices ADD COLUMN group_id INT NOT NULL DEFAULT 1 REFERENCES device_groups (id);
--> rows
SELECT 1;
--> file 000009_drop_january.up.sql
ALTER TABLE readings DETACH PARTITION readings_2025_01;
--> file 000010_archive_january.up.sql
CREATE SCHEMA IF NOT EXISTS archive;
ALTER TABLE readings_2025_01 SET SCHEMA archive;
--> rows
SELECT 1;
--> file 000011_april.up.sql
CREATE TABLE readings_2025_04 (LIKE readings INCLUDING ALL);
ALTER TABLE readings ATTACH PARTITION readings_2025_04 FOR VALUES FROM ('2025-04-01') TO ('2025-05-01');
--> file 000012_metric_check.up.sql
ALTER TABLE readings ADD CONSTRAINT metric_known CHECK (metric IN ('temp', 'hum', 'volt'));
--> file 000013_firmware_versions.up.sql
CREATE TABLE firmware (version TEXT PRIMARY KEY, released DATE NOT NULL DEFAULT CURRENT_DATE);
INSERT INTO firmware (version) SELECT DISTINCT firmware FROM devices WHERE firmware IS NOT NULL;
ALTER TABLE devices ADD CONSTRAINT devices_firmware FOREIGN KEY (firmware) REFERENCES firmware (version) NOT VALID;
--> rows
SELECT 1;
--> file 000014_validate_firmware.up.sql
ALTER TABLE devices VALIDATE CONSTRAINT devices_firmware;
--> file 000015_message_code.up.sql
ALTER TABLE alerts ADD COLUMN code INT;
UPDATE alerts SET code = 0;
ALTER TABLE alerts ALTER COLUMN code SET DEFAULT 0;
--> file 000016_drop_message.up.sql
ALTER TABLE alerts DROP COLUMN IF EXISTS message;
--> file 000017_notify.up.sql
CREATE OR REPLACE FUNCTION notify_alert() RETURNS trigger AS $$ BEGIN PERFORM pg_notify('alerts', NEW.id::text); RETURN NEW; END; $$ LANGUAGE plpgsql;
CREATE TRIGGER alerts_notify AFTER INSERT ON alerts FOR EACH ROW EXECUTE FUNCTION notify_alert();
--> rows
SELECT 1;
--> file 000018_truncate_staging.up.sql
CREATE TABLE staging_readings (payload JSONB);
CREATE INDEX ON staging_readings USING gin (payload);
DROP TABLE IF EXISTS staging_old;
--> file 000019_vacuum.up.sql, no transaction
VACUUM (ANALYZE) alerts;
