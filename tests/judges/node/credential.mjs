// A verifiable credential before strangers: node credential.mjs < JSON {token, key, at}, prints what they have against it.
// jose checks the signature, the kind, the issuer and the days; Digital Bazaar's library the shape of data model 2.0.
import { readFileSync } from "node:fs";
import { decodeProtectedHeader, importJWK, jwtVerify } from "jose";
import { _checkCredential as shape } from "@digitalbazaar/vc";

const { token, key, issuer, at } = JSON.parse(readFileSync(0, "utf-8"));
const now = new Date(at);
const against = [];
const said = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
try {
  const { alg } = decodeProtectedHeader(token);
  await jwtVerify(token, await importJWK(key, alg), { typ: "vc+jwt", issuer, currentDate: now });
} catch (fault) {
  against.push(`jose: ${fault.code ?? fault.message}`);
}
const { iss, jti, nbf, exp, iat, ...credential } = said; // what a JSON Web Token adds
try {
  shape({ credential, now, mode: "verify" });
} catch (fault) {
  against.push(`vc: ${fault.message}`);
}
process.stdout.write(JSON.stringify(against));
