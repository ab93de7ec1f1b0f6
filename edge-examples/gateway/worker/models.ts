import type { Config } from "./config.ts";
import type { Model, Upstream } from "./env.ts";
import { GatewayError } from "./failure.ts";

/** The answer to `GET /v1/models`: those that this caller may use. */
export function listModels(caller: string, { models }: Config): Response {
  const data = [...models].filter(([, model]) => mayUse(caller, model)).map(([id, model]) => describe(id, model));
  return Response.json({ object: "list", data });
}

/** The answer to `GET /v1/models/{model}`. @throws GatewayError as `upstreamFor` */
export function showModel(id: string, caller: string, config: Config): Response {
  return Response.json(describe(id, modelFor(id, caller, config)));
}

/**
 * Where a model is, and what it is called there.
 *
 * @throws GatewayError 404 when there is no such model, 403 when it is not for this caller
 */
export function upstreamFor(
  id: string,
  caller: string,
  config: Config,
): { upstream: Upstream; name: string; model: string } {
  const { upstream: name, model = id } = modelFor(id, caller, config);
  const upstream = config.upstreams.get(name);
  if (upstream === undefined) throw new Error("The configuration was not checked");
  return { upstream, name, model };
}

function modelFor(id: string, caller: string, { models }: Config): Model {
  const model = models.get(id);
  if (model === undefined) {
    throw new GatewayError(`There is no model ${JSON.stringify(id.slice(0, 100))} here: see GET /v1/models`, {
      status: 404,
      code: "model_not_found",
      param: "model",
    });
  }
  if (!mayUse(caller, model)) {
    throw new GatewayError(`The model ${JSON.stringify(id)} is not for you`, {
      status: 403,
      code: "model_not_allowed",
      param: "model",
    });
  }
  return model;
}

function mayUse(caller: string, { callers }: Model): boolean {
  return callers === undefined || callers.includes(caller);
}

function describe(id: string, { upstream }: Model): unknown {
  return { id, object: "model", created: 0, owned_by: upstream };
}
