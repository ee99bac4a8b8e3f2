// ws, the usual WebSocket server of Node.js. node ws.js PORT
const { createServer } = require('node:http');
const { createRequire } = require('node:module');
const { WebSocketServer } = createRequire(process.argv[3] + '/')('ws');

const topics = new Map();
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
const server = createServer((request, response) => {
  const topic = request.url.split('/')[2];
  const parts = [];
  request.on('data', (part) => parts.push(part)).on('end', () => {
    const message = Buffer.concat(parts);
    for (const socket of topics.get(topic) ?? []) socket.send(message, { binary: false });
    response.writeHead(202).end();
  });
});
server.keepAliveTimeout = 3_600_000;
server.on('upgrade', (request, socket, head) =>
  sockets.handleUpgrade(request, socket, head, (client) => {
    const [, what, topic] = request.url.split('/');
    if (what === 'echo') {
      client.on('message', (data, binary) => client.send(data, { binary }));
      return;
    }
    if (!topics.has(topic)) topics.set(topic, new Set());
    topics.get(topic).add(client);
    client.on('close', () => topics.get(topic).delete(client));
  }),
);
server.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4096 });
