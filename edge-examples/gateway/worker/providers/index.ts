import type { Upstream } from "../env.ts";
import { anthropic } from "./anthropic.ts";
import { gemini } from "./gemini.ts";
import { openai } from "./openai.ts";
import type { Provider } from "./provider.ts";

export const PROVIDER_NAMES = ["openai", "anthropic", "gemini"] as const;

export type ProviderName = (typeof PROVIDER_NAMES)[number];

/** Every API that the gateway can ask: one file each. */
const PROVIDERS: Readonly<Record<ProviderName, Provider>> = { openai, anthropic, gemini };

export function providerOf({ provider = "openai" }: Upstream): Provider {
  return PROVIDERS[provider];
}
