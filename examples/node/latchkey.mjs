// Gets short access tokens for a service token and sends them. Node 18 or newer; no packages.
//
//   const ask = latchkey({ url: "https://latchkey.example.com", user: "nightly_load@service", token });
//   const reply = await ask("https://api.example.com/api/datastores");

const MARGIN_MS = 30_000;

export function latchkey({ url, user, token, scope }) {
  let access = null;
  let ends = 0;

  async function fresh() {
    const form = new URLSearchParams({ grant_type: "client_credentials", ...(scope && { scope }) });
    const reply = await fetch(`${url}/oauth2/token`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`${encodeURIComponent(user)}:${token}`).toString("base64")}` },
      body: form,
      signal: AbortSignal.timeout(10_000),
    });
    if (!reply.ok) throw new Error(`no access token: ${reply.status} ${await reply.text()}`);
    const body = await reply.json();
    if (!body.access_token) throw new Error("no access token in the reply");
    ends = Date.now() + body.expires_in * 1000 - MARGIN_MS;
    return body.access_token;
  }

  return async (address, options = {}) => {
    if (Date.now() >= ends) access = fresh();
    const headers = new Headers(options.headers);
    headers.set("authorization", `Bearer ${await access}`);
    return fetch(address, { signal: AbortSignal.timeout(10_000), ...options, headers });
  };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { LATCHKEY_URL: url, LATCHKEY_USER: user, LATCHKEY_TOKEN: token } = process.env;
  const reply = await latchkey({ url, user, token })(`${url}/api/users/me`);
  if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`);
  console.log((await reply.json()).user_id);
}
