import { BlockList, isIP } from 'node:net';
import { refuse } from './refuse';

const LOOKS_LIKE_ADDRESS = /^(\d+\.\d+\.\d+\.\d+|[\da-fA-F:]*:[\da-fA-F:]*)$/;

const familyOf = (address: string) => (isIP(address) === 4 ? 'ipv4' : 'ipv6');

/** An address of the other family never matches: the list would take 10.0.0.1 for ::ffff:10.0.0.1. */
const within =
  (network: BlockList, version: number) =>
  (value: string): boolean =>
    isIP(value) === version && network.check(value, familyOf(value));

/** Whether a text is the same address, however it is written; undefined when `address` is none. */
export function addressTest(address: string): ((value: string) => boolean) | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  const one = new BlockList();
  one.addAddress(address, familyOf(address));
  return within(one, version);
}

/** Whether a text is an address of a network such as `10.0.0.0/24`; throws a PatternError for what is no network. */
export function cidrTest(cidr: string): (value: string) => boolean {
  // As Java splits: nothing after the last slash is no part.
  const [address, bits, ...others] = cidr.replace(/\/+$/, '').split('/');
  if (bits === undefined || others.length > 0) refuse("Malformed CIDR, one '/' required");
  if (!/^[+-]?\d+$/.test(bits)) refuse('Malformed CIDR, mask bits must be an integer');
  const mask = Number(bits);
  if (mask < 0) refuse('Malformed CIDR, mask bits must not be negative');
  if (!LOOKS_LIKE_ADDRESS.test(address!)) refuse(`Nonstandard IP address: ${address}`);
  const version = isIP(address!);
  if (version === 0) refuse(`Invalid IP address: ${address}`);
  const limit = version === 4 ? 32 : 128;
  if (mask >= limit) refuse(`IPv${version} mask bits must be < ${limit}`);
  const network = new BlockList();
  network.addSubnet(address!, mask, familyOf(address!));
  return within(network, version);
}
