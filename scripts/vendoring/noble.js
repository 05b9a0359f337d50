// What the public page takes of @noble: SHA-256, and signatures where the browser has none.
export { ed25519 } from "@noble/curves/ed25519.js";
export { sha256 } from "@noble/hashes/sha2.js";
export { ml_dsa44 } from "@noble/post-quantum/ml-dsa.js";
