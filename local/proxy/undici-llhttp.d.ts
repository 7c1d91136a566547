/** The part of undici that it does not declare: the bytes of its llhttp. */
declare module 'undici/lib/llhttp/llhttp_simd-wasm.js' {
  const wasm: Buffer<ArrayBuffer>;
  export = wasm;
}

/** What @types/node leaves to the DOM's types. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Buffer<ArrayBuffer>);
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>);
    readonly exports: unknown;
  }
}
