import { App } from 'aws-cdk-lib';
import { ShopStack } from '../lib/example/shop-stack';

const app = new App({
  // half of a synthesis is the CDK's own validation of the template: `npm test` asks for it, not every start
  builtinCloudFormationValidation: process.env.CDK_VALIDATION === 'true',
  // a tenth is the tree of constructs, which only an editor's explorer shows
  treeMetadata: false,
});
new ShopStack(app, 'Shop', { description: 'Greenlight: the example shop and the workflow that deploys it' });
app.synth();
