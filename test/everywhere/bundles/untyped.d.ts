declare module "base-64" {
  export function decode(text: string): string;
  export function encode(binary: string): string;
}

declare module "text-encoding-polyfill" {
  export const TextDecoder: typeof globalThis.TextDecoder;
  export const TextEncoder: typeof globalThis.TextEncoder;
}
