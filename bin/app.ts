import { App } from 'aws-cdk-lib';
import { ShopStack } from '../lib/example/shop-stack';

// half of a synthesis is the CDK's own validation of the template: `npm test` asks for it, not every start
const app = new App({ builtinCloudFormationValidation: process.env.CDK_VALIDATION === 'true' });
new ShopStack(app, 'Shop', { description: 'Greenlight: the example shop and the workflow that deploys it' });
app.synth();
