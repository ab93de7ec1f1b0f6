import * as v from "valibot";
import type { Env, Model, Upstream } from "./env.ts";
import { GatewayError } from "./failure.ts";
import { explain } from "./issue.ts";
import { PROVIDER_NAMES } from "./providers/index.ts";

/** Short ones can be guessed. */
const MIN_TOKEN_LENGTH = 16;

export interface Caller {
  name: string;
  token: string;
}

/** The environment, checked; times in milliseconds. */
export interface Config {
  upstreams: ReadonlyMap<string, Upstream>;
  models: ReadonlyMap<string, Model>;
  callers: readonly Caller[];
  maxBodyBytes: number;
  first: number;
  idle: number;
  /** 0 for none. */
  heartbeat: number;
  corsOrigins: readonly string[];
  /** The key of an upstream, if it is to have one. */
  keyOf: (upstream: Upstream) => string | undefined;
}

const seconds = (usual: number, least: number) => v.optional(v.pipe(v.number(), v.minValue(least)), usual);
const httpURL = v.pipe(v.string(), v.url(), v.regex(/^https?:/, "must be http or https"));
const callers = v.pipe(
  v.string(),
  v.transform((text) => text.split(/\s+/).filter((entry) => entry !== "")),
  v.minLength(1, "must name somebody"),
  v.array(
    v.pipe(
      v.string(),
      v.regex(
        new RegExp(`^[^:]+:.{${MIN_TOKEN_LENGTH},}$`),
        `must be name:token, with ${MIN_TOKEN_LENGTH} characters or more`,
      ),
      v.transform(
        (entry): Caller => ({ name: entry.slice(0, entry.indexOf(":")), token: entry.slice(entry.indexOf(":") + 1) }),
      ),
    ),
  ),
);

const environment = v.object({
  UPSTREAMS: v.record(
    v.string(),
    v.strictObject({
      url: httpURL,
      provider: v.exactOptional(v.picklist(PROVIDER_NAMES)),
      key: v.exactOptional(v.string()),
      headers: v.exactOptional(v.record(v.string(), v.string())),
      usage: v.exactOptional(v.boolean()),
    }),
  ),
  MODELS: v.record(
    v.string(),
    v.strictObject({
      upstream: v.string(),
      model: v.exactOptional(v.string()),
      callers: v.exactOptional(v.array(v.string())),
    }),
  ),
  CALLERS: callers,
  MAX_BODY_BYTES: v.optional(v.pipe(v.number(), v.minValue(1)), 8 * 1024 * 1024),
  FIRST_SECONDS: seconds(300, 0.001),
  IDLE_SECONDS: seconds(120, 0.001),
  HEARTBEAT_SECONDS: seconds(15, 0),
  CORS_ORIGINS: v.optional(v.array(v.string()), []),
});

const known = new WeakMap<Env, Config>();

/**
 * Reads the environment, once for each.
 *
 * @throws GatewayError that names the variable which is wrong, and no value
 */
export function configOf(env: Env): Config {
  const config = known.get(env) ?? read(env);
  known.set(env, config);
  return config;
}

function read(env: Env): Config {
  const result = v.safeParse(environment, env, { abortEarly: true });
  if (!result.success) {
    const { path, problem } = explain(result.issues[0]);
    throw misconfigured(`${path} ${problem}`);
  }
  const { UPSTREAMS, MODELS, CALLERS, CORS_ORIGINS, ...settings } = result.output;
  const upstreams = new Map(Object.entries(UPSTREAMS));
  for (const [id, { upstream }] of Object.entries(MODELS)) {
    if (!upstreams.has(upstream)) throw misconfigured(`MODELS.${id}.upstream is none of UPSTREAMS`);
  }
  return {
    upstreams,
    models: new Map(Object.entries(MODELS)),
    callers: CALLERS,
    maxBodyBytes: settings.MAX_BODY_BYTES,
    first: settings.FIRST_SECONDS * 1000,
    idle: settings.IDLE_SECONDS * 1000,
    heartbeat: settings.HEARTBEAT_SECONDS * 1000,
    corsOrigins: CORS_ORIGINS,
    keyOf({ key: name }) {
      if (name === undefined) return undefined;
      const key: unknown = Reflect.get(env, name);
      if (typeof key !== "string" || key === "") throw misconfigured(`The secret ${name} is not set`);
      return key;
    },
  };
}

function misconfigured(what: string): GatewayError {
  return new GatewayError("The gateway is misconfigured: its log says how", {
    status: 500,
    code: "misconfigured",
    detail: what,
  });
}
