const POLYNOMIAL = 0xedb88320;

/** `zlib.crc32` came in Node.js 20.15: older ones of the 20 line are to work too. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
});

/** CRC-32 (ISO 3309) of `body`, big-endian, base64: as S3 writes it. */
export function crc32(body: Buffer): string {
  let value = 0xffffffff;
  for (const byte of body) value = (value >>> 8) ^ TABLE[(value ^ byte) & 0xff]!;
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE((value ^ 0xffffffff) >>> 0);
  return bytes.toString('base64');
}
