import { App } from 'aws-cdk-lib';
import { ShopStack } from '../lib/example/shop-stack';

const app = new App();
new ShopStack(app, 'Shop', { description: 'Greenlight: the example shop and the workflow that deploys it' });
app.synth();
