import os
import re

from alembic import context
from sqlalchemy import create_engine, pool

# the dialect is called postgresql
url = re.sub("^postgres:", "postgresql:", os.environ["DATABASE_URL"])

if context.is_offline_mode():
    context.configure(url=url)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine(url, poolclass=pool.NullPool).connect() as connection:
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
