// SHA-256 and signatures. WebCrypto checks Ed25519 where it can; without a secure context
// (http in an intranet) there is none, and @noble checks it. Hashes are always @noble's:
// a certificate takes thousands of small ones, and each call of WebCrypto is a detour.

import { ed25519, ml_dsa44, sha256 as nobleSha256 } from "./vendor/noble-2.4.0/noble.js";

import { concat } from "./bytes.js";

export function sha256(...parts) {
  return nobleSha256(parts.length === 1 ? parts[0] : concat(...parts));
}

// A vector of RFC 8032, 7.1, test 1: a browser that does not say yes to it is not asked.
const KNOWN = {
  key: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
  signature:
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
};

function bytesOf(hex) {
  return Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
}

async function byWebCrypto(key, message, signature) {
  const imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "Ed25519" }, imported, signature, message);
}

let chosen = null;

// By what Ed25519 is checked here: "WebCrypto" or "@noble/curves".
export function ed25519By() {
  chosen ??= (async () => {
    try {
      const known = [bytesOf(KNOWN.key), new Uint8Array(0), bytesOf(KNOWN.signature)];
      return (await byWebCrypto(...known)) ? "WebCrypto" : "@noble/curves";
    } catch {
      return "@noble/curves";
    }
  })();
  return chosen;
}

export async function isEd25519(key, message, signature) {
  if (signature.length !== 64) return false;
  try {
    if ((await ed25519By()) === "WebCrypto") return await byWebCrypto(key, message, signature);
    return ed25519.verify(signature, message, key, { zip215: false });
  } catch {
    return false;
  }
}

export async function isMlDsa44(key, message, signature) {
  if (signature.length !== 2420) return false;
  try {
    return ml_dsa44.verify(signature, message, key);
  } catch {
    return false;
  }
}
