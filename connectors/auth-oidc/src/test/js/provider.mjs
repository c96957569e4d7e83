// SPDX-License-Identifier: Apache-2.0
// The certified oidc-provider on a free port of this machine, with its own pages for login and consent.
// Says its issuer in its first line, and ends when its input does. Who nothing else is known of is of the tenant and in two groups.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const [callback, tenant, people = '{}'] = process.argv.slice(2);
const known = JSON.parse(people);

const server = createServer();
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const issuer = `http://127.0.0.1:${server.address().port}`;

const grants = { grant_types: ['authorization_code'], redirect_uris: [callback] };
const provider = new Provider(issuer, {
  clients: [
    { client_id: 'hyperspot', client_secret: 'a secret: 100%', ...grants },
    { client_id: 'public', token_endpoint_auth_method: 'none', ...grants },
    {
      client_id: 'machine',
      client_secret: 'machine',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    },
  ],
  claims: { openid: ['sub'], profile: ['name', 'groups', 'tenant'] },
  findAccount: (ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: `Person ${id}`, groups: ['staff', 'readers'], ...known[id] }),
  }),
  extraTokenClaims: (ctx, token) => ({ tenant, ...known[token.accountId] }),
  features: {
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (ctx, resource) => ({
        scope: 'gts.hyperspot.llm.*:invoke other',
        audience: resource,
        accessTokenTTL: 600,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
});
server.on('request', provider.callback());
console.log(issuer);
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
