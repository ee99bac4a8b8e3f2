// Socket.IO, over WebSocket alone. node socketio.js PORT
const { createServer } = require('node:http');
const { createRequire } = require('node:module');
const { Server } = createRequire(process.argv[3] + '/')('socket.io');

const server = createServer();
server.keepAliveTimeout = 3_600_000;
const io = new Server(server, { transports: ['websocket'], perMessageDeflate: false, serveClient: false });
server.prependListener('request', (request, response) => {
  if (request.method !== 'POST') return;
  const parts = [];
  request.on('data', (part) => parts.push(part)).on('end', () => {
    io.emit('m', Buffer.concat(parts).toString());
    response.writeHead(202).end();
  });
});
server.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4096 });
