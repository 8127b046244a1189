// An HTTP server that stays up while its routes change: the server, its socket and `state` live in this file,
// everything that answers a request comes through hmr().
//
// Start it with `node server.js` (PORT=0 takes any free port), then edit files in routes/ and views/.

import express from 'express';
import hmr from 'node-esm-hmr';

const state = { requests: 0 };
let routes;

await hmr('./routes/index.js', ['./routes', './views'], (module) => {
  routes = module.createRoutes(state);
});

const app = express();
app.use((request, response, next) => {
  state.requests += 1;
  routes(request, response, next);
});

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', (error) => {
  if (error) throw error;
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
