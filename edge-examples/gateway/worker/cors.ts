/** What pages of other origins may be told: only those that are configured. */
export function corsHeaders(request: Request, origins: readonly string[]): Readonly<Record<string, string>> {
  if (origins.length === 0) return {};
  const origin = request.headers.get("origin");
  const isOpen = origins.includes("*");
  if (!isOpen && (origin === null || !origins.includes(origin))) return { vary: "origin" };
  return {
    "access-control-allow-origin": isOpen ? "*" : (origin ?? ""),
    "access-control-expose-headers": "x-request-id, retry-after",
    ...(isOpen ? {} : { vary: "origin" }),
  };
}

/** The answer to a browser that asks whether it may ask; undefined where that is no such question, or nobody may. */
export function preflight(request: Request, origins: readonly string[]): Response | undefined {
  if (request.method !== "OPTIONS" || origins.length === 0) return undefined;
  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-methods": "GET, POST",
      // The official clients send some x-stainless-… of their own; a list would break with their next version.
      "access-control-allow-headers":
        request.headers.get("access-control-request-headers") ?? "authorization, content-type",
      "access-control-max-age": "86400",
    },
  });
}
