// Bun, whose sockets are uWebSockets. bun bun.js PORT
Bun.serve({
  port: Number(process.argv[2]),
  hostname: '127.0.0.1',
  async fetch(request, server) {
    const [, what, topic] = new URL(request.url).pathname.split('/');
    if (request.method === 'POST') {
      server.publish(topic, await request.text());
      return new Response(null, { status: 202 });
    }
    return server.upgrade(request, { data: { topic, echo: what === 'echo' } }) ? undefined : new Response();
  },
  websocket: {
    perMessageDeflate: false,
    open(socket) {
      if (!socket.data.echo) socket.subscribe(socket.data.topic);
    },
    message(socket, message) {
      if (socket.data.echo) socket.send(message);
    },
  },
});
