import { readFileSync } from 'node:fs';
import { Router } from 'express';
import { greet } from './greeting.js';
import { bornAt } from './clock.js';

// Not a module, so not in the graph: server.js names its folder in the watch path.
const page = readFileSync(new URL('../views/page.html', import.meta.url), 'utf8');

/** The routes of the app; called anew for every version of this module, with the same `state`. */
export function createRoutes(state) {
  const router = Router();
  router.get('/', (request, response) => {
    response.type('html').send(page.replace('{{greeting}}', greet('world')));
  });
  router.get('/hello/:name', (request, response) => {
    response.send(greet(request.params.name));
  });
  router.get('/state', (request, response) => {
    response.json({ pid: process.pid, requests: state.requests, clockBornAt: bornAt });
  });
  return router;
}
