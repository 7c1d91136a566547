import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { bundles } from './bundles';

/** The code of a function by its step's name. */
export const codeOf = (name: string): Code => Code.fromAsset(join(bundles(), name));
