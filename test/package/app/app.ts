import { App } from 'aws-cdk-lib';
import { ExistingStack } from '../lib/existing-stack';
import { ReleasesStack } from '../lib/releases-stack';

const app = new App();
const existing = new ExistingStack(app, 'Existing');
new ReleasesStack(app, 'Releases').addDependency(existing);
