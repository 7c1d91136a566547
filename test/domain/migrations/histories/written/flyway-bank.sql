-- A bank's ledger on Flyway: plain SQL, functions and triggers, partitions, roles.
--> file V1__accounts.sql
create sequence account_number_seq start with 100000;
create table account (
  id bigint generated always as identity primary key,
  number bigint not null default nextval('account_number_seq') unique,
  holder varchar(200) not null,
  opened_on date not null default current_date
);
create table booking (
  id bigint generated always as identity,
  account_id bigint not null references account,
  amount numeric(18,2) not null,
  booked_at timestamptz not null default now(),
  primary key (id, booked_at)
) partition by range (booked_at);
create table booking_2024 partition of booking for values from ('2024-01-01') to ('2025-01-01');
create table booking_2025 partition of booking for values from ('2025-01-01') to ('2026-01-01');
create table booking_later partition of booking default;
create index booking_account on booking (account_id);
--> file V2__balance.sql
create view account_balance as select account_id, sum(amount) as balance from booking group by account_id;
comment on view account_balance is 'without open holds';
--> rows
insert into account (holder) select 'h' || n from generate_series(1, 300) n;
insert into booking (account_id, amount, booked_at) select 1 + n % 300, n, '2024-06-01'::timestamptz + n * interval '1 day' from generate_series(1, 500) n;
--> file V3__touch.sql
alter table account add column changed_at timestamptz;
create function touch_account() returns trigger language plpgsql as $$
begin
  new.changed_at := now();
  return new;
end $$;
create trigger account_touched before update on account for each row execute function touch_account();
--> file V4__year_2026.sql
create table booking_2026 (like booking including defaults including constraints);
alter table booking_2026 add constraint booking_2026_year check (booked_at >= '2026-01-01' and booked_at < '2027-01-01');
--> file V5__attach_2026.sql
alter table booking attach partition booking_2026 for values from ('2026-01-01') to ('2027-01-01');
--> rows
insert into booking (account_id, amount, booked_at) select 1 + n % 300, n, '2026-02-01'::timestamptz + n * interval '1 hour' from generate_series(1, 300) n;
--> file V6__holder_index.sql
create index account_holder on account (holder);
--> file V7__roles.sql
do $$ begin
  if not exists (select from pg_roles where rolname = 'auditor') then
    create role auditor;
  end if;
end $$;
grant select on account, booking to auditor;
grant usage on sequence account_number_seq to auditor;
--> rows
select 1;
--> file V8__holder_parts.sql
alter table account add column first_name varchar(100);
alter table account add column last_name varchar(100);
update account set first_name = split_part(holder, ' ', 1), last_name = split_part(holder, ' ', 2);
--> file V9__holds.sql
create table hold (
  id uuid primary key default gen_random_uuid(),
  account_id bigint not null references account,
  amount numeric(18,2) not null check (amount > 0),
  until timestamptz not null
);
create index hold_account_until on hold (account_id, until);
--> rows
insert into hold (account_id, amount, until) select n, 5, now() from generate_series(1, 200) n;
--> file V10__amount_not_zero.sql
alter table booking add constraint booking_amount check (amount <> 0) not valid;
--> file V11__validate_amount.sql
alter table booking validate constraint booking_amount;
--> file V12__statement_text.sql
alter table booking add column statement_text varchar(140) not null default '';
--> file V13__drop_2024.sql
alter table booking detach partition booking_2024;
drop table booking_2024;
--> rows
select 1;
--> file V14__hold_reason.sql
create type hold_reason as enum ('card', 'cheque', 'court');
alter table hold add column reason hold_reason not null default 'card';
--> file V15__replace_touch.sql
create or replace function touch_account() returns trigger language plpgsql as $$
begin
  if new is distinct from old then new.changed_at := clock_timestamp(); end if;
  return new;
end $$;
--> file V16__balance_with_holds.sql
create or replace view account_balance as
  select account_id, sum(amount) as balance, max(booked_at) as latest from booking group by account_id;
--> file V17__account_number_text.sql
alter table account alter column number type varchar(34) using number::text;
--> file V18__drop_holder.sql
alter table account drop column holder;
--> file V19__hold_exclusive.sql
alter table hold alter column reason drop default;
