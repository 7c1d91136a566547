import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEcr, type Images, loadImages } from '../../../../local/services/ecr';

const REGISTRY = '000000000000.dkr.ecr.eu-west-1.amazonaws.com';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'image-map-'));
  mkdirSync(join(folder, 'app/src/deep'), { recursive: true });
  writeFileSync(join(folder, 'app/main.mjs'), 'console.log(1)');
  writeFileSync(join(folder, 'app/src/deep/a.mjs'), 'a');
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (map: unknown, name = 'images.json') => {
  const file = join(folder, name);
  writeFileSync(file, typeof map === 'string' ? map : JSON.stringify(map));
  return file;
};
const v1 = { folder: 'app', command: ['node', 'main.mjs'] };
const digestOf = (images: Images, tag = 'v1') => images.resolve(`shop:${tag}`)!.digest;

describe('the image map', () => {
  it('resolves an image by tag and by digest', () => {
    const images = loadImages(write({ shop: { v1, v2: { ...v1, environment: { VERSION: '2' } } } }));
    const image = images.resolve(`${REGISTRY}/shop:v2`)!;
    expect(image).toMatchObject({ tag: 'v2', environment: { VERSION: '2' }, folder: join(folder, 'app') });
    expect(images.resolve(`${REGISTRY}/shop@${image.digest}`)).toBe(image);
    expect(images.resolve(`shop:v1@${image.digest}`)).toBe(image);
    expect(images.resolve(`${REGISTRY}/shop:v9`)).toBeUndefined();
    expect(images.resolve('other:v1')).toBeUndefined();
    expect(images.resolve('shop@sha256:00')).toBeUndefined();
  });

  it('gives the same digest for the same files elsewhere, without installed packages', () => {
    const file = write({ shop: { v1 } });
    const before = digestOf(loadImages(file));
    const copy = join(folder, 'copy');
    cpSync(join(folder, 'app'), join(copy, 'app'), { recursive: true });
    mkdirSync(join(copy, 'app/node_modules/x'), { recursive: true });
    writeFileSync(join(copy, 'app/node_modules/x/index.js'), '');
    expect(digestOf(loadImages(write({ shop: { v1 } }, 'copy/images.json')))).toBe(before);
    expect(before).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('gives another digest for other content, another path, command or environment', () => {
    const load = (map: unknown) => digestOf(loadImages(write({ shop: { v1: map } })));
    const digests = [
      load(v1),
      load({ ...v1, command: ['node', 'x.mjs'] }),
      load({ ...v1, environment: { A: '1' } }),
    ];
    writeFileSync(join(folder, 'app/src/deep/a.mjs'), 'b');
    digests.push(load(v1));
    writeFileSync(join(folder, 'app/src/deep/b.mjs'), 'b');
    digests.push(load(v1));
    expect(new Set(digests).size).toBe(5);
  });

  it('does not depend on the order in which the environment is written', () => {
    const load = (environment: object) =>
      digestOf(loadImages(write({ shop: { v1: { ...v1, environment } } })));
    expect(load({ A: '1', B: '2' })).toBe(load({ B: '2', A: '1' }));
  });

  it('says where a wrong map is wrong, what is there and what is expected', () => {
    expect(() => loadImages(join(folder, 'none.json'))).toThrow(/image map .*none\.json cannot be read/);
    expect(() => loadImages(write('{'))).toThrow('cannot be read');
    expect(() => loadImages(write({ shop: { v1: { folder: 'app', command: 'node' } } }))).toThrow(
      /images\.json is wrong at shop\.v1\.command: .*expected array.*but it is "node"/,
    );
    expect(() => loadImages(write({ shop: { v1: { ...v1, comand: [] } } }))).toThrow('comand');
    expect(() => loadImages(write({ shop: { v1: { ...v1, folder: 'missing' } } }))).toThrow(
      /shop\.v1\.folder: expected a folder/,
    );
  });
});

describe('the registry', () => {
  // biome-ignore lint/suspicious/noExplicitAny: operations are called as the endpoint calls them
  const call = (operation: string, input: unknown) => (ecr.operations[operation] as any)(input);
  let images: Images;
  let ecr: ReturnType<typeof createEcr>;
  beforeEach(() => {
    images = loadImages(
      write({ shop: { v1, same: v1, v2: { ...v1, command: ['node', 'two.mjs'] } }, empty: {} }),
    );
    ecr = createEcr({ images });
  });

  it('describes images by tag and digest, one per content', () => {
    const { imageDetails } = call('DescribeImages', {
      repositoryName: 'shop',
      imageIds: [{ imageTag: 'v1' }],
    });
    expect(imageDetails).toMatchObject([{ imageDigest: digestOf(images), imageTags: ['v1', 'same'] }]);
    const imageIds = [{ imageDigest: digestOf(images, 'v2') }];
    expect(call('DescribeImages', { repositoryName: 'shop', imageIds }).imageDetails).toMatchObject([
      { imageTags: ['v2'] },
    ]);
    expect(call('DescribeImages', { repositoryName: 'shop' }).imageDetails).toHaveLength(2);
  });

  it('does not find what is not there', () => {
    expect(() => call('DescribeImages', { repositoryName: 'shop', imageIds: [{ imageTag: 'v9' }] })).toThrow(
      expect.objectContaining({
        name: 'ImageNotFoundException',
        message: expect.stringContaining("imageTag:'v9'"),
      }),
    );
    expect(() => call('DescribeImages', { repositoryName: 'none' })).toThrow(
      expect.objectContaining({ name: 'RepositoryNotFoundException' }),
    );
    expect(() => call('DescribeRepositories', { repositoryNames: ['none'] })).toThrow('does not exist');
  });

  it('creates a repository of the template', async () => {
    const context = { logicalId: 'Repo', name: 'stack-Repo', metadata: {} };
    const made = await ecr.resources!['AWS::ECR::Repository']!({ RepositoryName: 'shop' }, context);
    expect(made).toEqual({
      ref: 'shop',
      attributes: {
        Arn: 'arn:aws:ecr:eu-west-1:000000000000:repository/shop',
        RepositoryUri: `${REGISTRY}/shop`,
      },
    });
    await ecr.resources!['AWS::ECR::Repository']!({}, context);
    expect(call('DescribeImages', { repositoryName: 'stack-repo' })).toEqual({ imageDetails: [] });
  });
});
