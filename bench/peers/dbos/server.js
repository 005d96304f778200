'use strict';

// DBOS as a peer of the bench: POST /start begins a workflow with an
// application and answers when its first step is durable; GET /status/ID reads
// one. It ends on SIGTERM.
//
//   ADDR=HOST:PORT DATABASE=postgres://… node server.js

const http = require('node:http');
const { randomUUID } = require('node:crypto');
const { DBOS } = require('@dbos-inc/dbos-sdk');
const { Client } = require('pg');

// reached says whom to tell that the first step of a workflow is kept.
const reached = new Map();

// accept is the whole workflow: the step looks at the application as a form
// does. Once the step has returned, DBOS has stored its result.
const accept = DBOS.registerWorkflow(async (application) => {
  const result = await DBOS.runStep(async () => check(application), { name: 'check' });
  reached.get(DBOS.workflowID)?.();
  return result;
}, { name: 'accept' });

function check(application) {
  if (!/^[0-9]{16}$/.test(application.nik) || !application.name || application.declaration !== true) {
    throw new Error('not complete');
  }
  return { complete: true };
}

async function start(application) {
  const workflowID = randomUUID();
  const kept = new Promise((resolve) => reached.set(workflowID, resolve));
  try {
    const handle = await DBOS.startWorkflow(accept, { workflowID })(application);
    // A failed step never gets there; the workflow's own end says why.
    await Promise.race([kept, handle.getResult()]);
  } finally {
    reached.delete(workflowID);
  }
  return { id: workflowID };
}

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString());
}

async function answer(request) {
  if (request.url === '/') return [200, { ready: true }];
  if (request.method === 'POST' && request.url === '/start') return [201, await start(await body(request))];
  const [, id] = /^\/status\/([0-9a-f-]{36})$/.exec(request.url) ?? [];
  const found = id && (await DBOS.getWorkflowStatus(id));
  return found ? [200, found] : [404, {}];
}

function serve(request, response) {
  answer(request)
    .catch((error) => {
      console.error(error);
      return [500, {}];
    })
    .then(([status, value]) => {
      const text = JSON.stringify(value);
      response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
      response.end(text);
    });
}

// durable reads back what the database does with a commit.
async function durable(url) {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    const { rows } = await client.query(`SHOW ${setting}`);
    if (rows[0][setting] !== 'on') throw new Error(`${setting} is ${rows[0][setting]}: an answered write may be lost`);
  }
  await client.end();
}

async function main() {
  const url = process.env.DATABASE;
  await durable(url);
  DBOS.setConfig({ name: 'peer', systemDatabaseUrl: url, systemDatabasePoolSize: 20, logLevel: 'error' });
  await DBOS.launch();
  const [host, port] = process.env.ADDR.split(':');
  const server = http.createServer(serve).listen(Number(port), host);
  process.on('SIGTERM', () => {
    server.close();
    server.closeAllConnections();
    DBOS.shutdown().finally(() => process.exit(0));
  });
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
