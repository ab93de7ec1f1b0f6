import { openai } from "./openai.ts";
import type { Provider } from "./provider.ts";

export const PROVIDER_NAMES = ["openai"] as const;

export type ProviderName = (typeof PROVIDER_NAMES)[number];

/** Every API that the gateway can ask: one file each. */
export const PROVIDERS: Readonly<Record<ProviderName, Provider>> = { openai };
