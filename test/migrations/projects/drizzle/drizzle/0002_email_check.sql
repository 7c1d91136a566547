ALTER TABLE accounts ADD CONSTRAINT accounts_email_check CHECK (email LIKE '%@%') NOT VALID;--> statement-breakpoint
CREATE INDEX accounts_email ON accounts (email);
