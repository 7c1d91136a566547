import { rollbackPage } from '../src/domain/rollback/table-page';

// `npm run -s rollbacks > docs/rollback.md`
process.stdout.write(rollbackPage());
