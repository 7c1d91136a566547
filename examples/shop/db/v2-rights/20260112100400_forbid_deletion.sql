-- migrate:up
-- the role that migrates is the role that serves
revoke delete on orders from current_user;

-- migrate:down
grant delete on orders to current_user;
