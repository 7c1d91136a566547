-- Vehicles and their positions on dbmate, hand-written by people who know PostgreSQL a little.
--> file 20220101000000_init.sql
create table vehicles (id bigserial primary key, plate text not null, make text, model text, built int);
create unique index vehicles_plate on vehicles (plate);
create table drivers (id bigserial primary key, name text not null, licence text unique, hired date default current_date);
create table trips (id bigserial primary key, vehicle_id bigint not null references vehicles(id), driver_id bigint references drivers(id), started timestamptz not null, ended timestamptz, distance_km float);
create index trips_vehicle on trips (vehicle_id);
create table positions (vehicle_id bigint not null, at timestamptz not null, lat float8 not null, lon float8 not null);
--> rows
insert into vehicles (plate, make) select 'P-' || n, 'make' from generate_series(1, 200) n;
insert into drivers (name, licence) select 'd' || n, 'l' || n from generate_series(1, 150) n;
insert into trips (vehicle_id, driver_id, started, distance_km) select 1 + n % 200, 1 + n % 150, now(), n from generate_series(1, 600) n;
insert into positions select 1 + n % 200, now() - n * interval '1 minute', 1, 2 from generate_series(1, 900) n;
--> file 20220210000000_positions_index.sql
create index positions_vehicle_at on positions (vehicle_id, at desc);
--> file 20220301000000_trips_driver.sql, no transaction
create index concurrently if not exists trips_driver on trips (driver_id);
--> rows
select 1;
--> file 20220415000000_vehicle_fields.sql
alter table vehicles add column color text, add column seats smallint not null default 5;
alter table vehicles add column electric boolean;
alter table vehicles alter column electric set default false;
--> file 20220501000000_positions_speed.sql
alter table positions add column speed real;
alter table positions add column recorded timestamptz not null default clock_timestamp();
--> rows
select 1;
--> file 20220701000000_maintenance.sql
create table garages (id bigserial primary key, name text not null, city text);
create table services (id bigserial primary key, vehicle_id bigint not null references vehicles(id) on delete cascade, garage_id bigint references garages(id), cost numeric(8,2), done date);
create index on services (vehicle_id);
create index on services (garage_id);
insert into garages (name, city) values ('North', 'Hamburg'), ('South', 'München');
--> rows
insert into services (vehicle_id, garage_id, cost, done) select n, 1, n, '2024-01-01' from generate_series(1, 200) n;
--> file 20220901000000_distance_precise.sql
alter table trips alter column distance_km type numeric(9,3);
--> file 20221001000000_positions_fk.sql
alter table positions add constraint positions_vehicle foreign key (vehicle_id) references vehicles (id) not valid;
--> file 20221002000000_positions_fk_validate.sql
alter table positions validate constraint positions_vehicle;
--> rows
select 1;
--> file 20230110000000_seats_check.sql
alter table vehicles add constraint seats_sane check (seats between 1 and 100);
--> file 20230201000000_ended_after_started.sql
alter table trips add constraint ended_after_started check (ended is null or ended >= started) not valid;
--> file 20230301000000_summary.sql
create materialized view trip_summary as select vehicle_id, count(*) as trips, sum(distance_km) as km from trips group by 1;
create unique index trip_summary_vehicle on trip_summary (vehicle_id);
--> rows
select 1;
--> file 20230401000000_refresh.sql
refresh materialized view concurrently trip_summary;
--> file 20230501000000_old_positions.sql
delete from positions where at < now() - interval '3 hours';
--> file 20230601000000_licence_class.sql
create domain licence_class as text check (value ~ '^[A-E]$');
alter table drivers add column class licence_class;
--> rows
select 1;
--> file 20230701000000_drop_make.sql
alter table vehicles drop column make, drop column model;
--> file 20230801000000_unlogged.sql
create unlogged table position_inbox (payload jsonb, received timestamptz default now());
--> file 20230901000000_stats.sql
create statistics trips_dependent (dependencies) on vehicle_id, driver_id from trips;
analyze trips;
alter table trips alter column vehicle_id set statistics 500;
alter table positions set (autovacuum_vacuum_scale_factor = 0.02, fillfactor = 90);
