import { App } from 'aws-cdk-lib';
import { FleetStack } from './fleet-stack';

/** Synthesises a fleet of so many services into a folder: `synth.ts N FOLDER`. */
const [services, outdir] = process.argv.slice(2);
// on AWS a stack holds 500 resources, and a fleet is several stacks
const app = new App({ outdir, context: { '@aws-cdk/core:stackResourceLimit': 0 } });
new FleetStack(app, 'Fleet', { services: Number(services) });
app.synth();
