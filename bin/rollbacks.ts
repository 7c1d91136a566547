import { rollbackPage } from '../src/domain/rollback-page';

// `npm run -s rollbacks > docs/rollback.md`
process.stdout.write(rollbackPage());
