// A small provider of OpenID Connect for the browser's test: everybody who comes is jane@acme.example, of the group desk. Prints
// its issuer and a port that is free for the console; ends with its standard input.
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'ES256' };
const codes = new Map();
const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

function token(claims) {
    const said = `${encoded({ alg: 'ES256', kid: 'k1' })}.${encoded(claims)}`;
    const signature = sign('sha256', Buffer.from(said), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return `${said}.${signature.toString('base64url')}`;
}

function answer(request, response, body) {
    const url = new URL(request.url, issuer);
    const json = (status, value) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (url.pathname === '/.well-known/openid-configuration') {
        json(200, { issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/keys` });
    } else if (url.pathname === '/keys') {
        json(200, { keys: [jwk] });
    } else if (url.pathname === '/authorize') {
        const code = randomUUID();
        codes.set(code, Object.fromEntries(url.searchParams));
        const back = new URL(url.searchParams.get('redirect_uri'));
        back.search = new URLSearchParams({ code, state: url.searchParams.get('state') });
        response.writeHead(302, { location: back.href }).end();
    } else if (url.pathname === '/token') {
        const form = new URLSearchParams(body);
        const asked = codes.get(form.get('code'));
        codes.delete(form.get('code'));
        const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
        if (!asked || challenge !== asked.code_challenge) {
            json(400, { error: 'invalid_grant' });
            return;
        }
        const now = Math.floor(Date.now() / 1000);
        const claims = { iss: issuer, sub: '7', aud: asked.client_id, exp: now + 300, iat: now, nonce: asked.nonce };
        json(200, { id_token: token({ ...claims, email: 'jane@acme.example', groups: ['desk'] }), token_type: 'Bearer' });
    } else {
        json(404, {});
    }
}

const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => answer(request, response, body));
});
let issuer;
server.listen(0, 'localhost', () => {
    // Another site than the console, which is under an address.
    issuer = `http://localhost:${server.address().port}`;
    const free = createServer().listen(0, '127.0.0.1', () => {
        const { port } = free.address();
        free.close(() => console.log(`${issuer} ${port}`));
    });
});
process.stdin.on('end', () => process.exit(0)).resume();
