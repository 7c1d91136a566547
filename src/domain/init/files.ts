/** A file of an app, relative to its folder. */
export interface AppFile {
  path: string;
  text: string;
}

/** Versions that the app is made with. */
export interface Versions {
  greenlight: string;
  cdk: string;
  lib: string;
  constructs: string;
}

/** The file that `npm pack` makes: the package is in no registry. */
export const packageOf = ({ greenlight }: Pick<Versions, 'greenlight'>): string =>
  `greenlight-${greenlight}.tgz`;

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** All that a folder needs in which there is nothing yet; the source comes last. */
export function filesOf(app: string, environment: string, versions: Versions): AppFile[] {
  return [
    {
      path: 'package.json',
      text: json({
        private: true,
        dependencies: {
          'aws-cdk-lib': versions.lib,
          constructs: versions.constructs,
          greenlight: `file:${packageOf(versions)}`,
        },
        devDependencies: { '@types/node': '^22.0.0', 'aws-cdk': versions.cdk, typescript: '^5.9.0' },
      }),
    },
    { path: 'cdk.json', text: json({ app: 'npx tsc && node app.js' }) },
    {
      path: 'tsconfig.json',
      text: json({
        compilerOptions: {
          target: 'ES2023',
          module: 'node16',
          strict: true,
          skipLibCheck: true,
          types: ['node'],
        },
        files: ['app.ts'],
      }),
    },
    { path: 'greenlight.json', text: json({ environments: { [environment]: {} } }) },
    { path: 'app.ts', text: app },
  ];
}
