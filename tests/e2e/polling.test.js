// NODE_ESM_HMR_POLL: files are looked at in an interval, and the system is asked for no events.

import assert from 'node:assert/strict';
import { readdirSync, readlinkSync } from 'node:fs';
import { test } from 'node:test';
import { caller, createProject, expectCall } from '../harness/index.js';

/** Whether a process has an inotify instance. @param {number | undefined} pid */
function hasInotify(pid) {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).some((name) => {
    try {
      return readlinkSync(`${folder}/${name}`) === 'anon_inode:inotify';
    } catch {
      return false; // closed meanwhile
    }
  });
}

for (const poll of ['', '1', '20']) {
  test(`NODE_ESM_HMR_POLL=${poll}`, async (t) => {
    const project = createProject(t, { 'main.js': caller(), 'a.js': 'export const a = 1;' });
    const app = project.start(['main.js'], { env: { NODE_ESM_HMR_POLL: poll } });
    await expectCall(app, { a: 1 });
    assert.equal(hasInotify(app.pid), poll === '');
    await project.write('a.js', 'export const a = 2;');
    await expectCall(app, { a: 2 });
  });
}
