// Answers questions about credentials, one JSON object a line: what @sd-jwt makes of them.
//
//   {credential, jwks, lists: {address: token}, now, show: [claims] | null}
//     → {ok, claims, status, presented, error}
//
// `status` is what the status list says; `ok` is the library's own verdict on all of it.
import { createHash, createPublicKey, verify as verifySignature } from "node:crypto";
import { createInterface } from "node:readline";
import { getListFromStatusListJWT } from "@sd-jwt/jwt-status-list";
import { SDJwtVcInstance } from "@sd-jwt/sd-jwt-vc";

const hasher = (data) =>
  new Uint8Array(
    createHash("sha256").update(typeof data === "string" ? data : Buffer.from(data)).digest(),
  );

function verifierOf(jwks) {
  const keys = jwks.keys.map((jwk) => createPublicKey({ key: jwk, format: "jwk" }));
  return async (data, signature) => {
    const raw = Buffer.from(signature, "base64url");
    return keys.some((key) =>
      verifySignature("sha256", Buffer.from(data), { key, dsaEncoding: "ieee-p1363" }, raw),
    );
  };
}

async function answer({ credential, jwks, lists, now, show }) {
  let status = null;
  const wallet = new SDJwtVcInstance({
    hasher,
    hashAlg: "sha-256",
    verifier: verifierOf(jwks),
    statusListFetcher: async (uri) => {
      if (!(uri in lists)) throw new Error(`no status list at ${uri}`);
      return lists[uri];
    },
    statusValidator: async (found) => {
      status = found;
      if (found !== 0) throw new Error(`status ${found}`);
    },
  });
  try {
    const frame = show && Object.fromEntries(show.map((name) => [name, true]));
    const presented = frame ? await wallet.present(credential, frame) : credential;
    const { payload } = await wallet.verify(presented, { currentDate: now });
    return { ok: true, claims: payload, status, presented, error: null };
  } catch (error) {
    return { ok: false, claims: null, status, presented: null, error: error.message };
  }
}

function place({ token, index }) {
  return { value: getListFromStatusListJWT(token).getStatus(index) };
}

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  const said = question.token ? place(question) : await answer(question);
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
