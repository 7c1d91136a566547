import { rulesPage } from '../src/domain/migrations/knowledge/page';

// `npm run rules > docs/rules.md`
void rulesPage().then((page) => process.stdout.write(page));
