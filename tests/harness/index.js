// What end-to-end tests are written with. Each test makes a project, starts a program in it and waits for its lines:
//
//   const project = createProject(t, { 'app.js': "console.log('hello')" });
//   const app = project.start(['app.js']);
//   await app.line(/hello/);
//   await project.write('app.js', '…', { style: 'rename' });

export { App, start } from './app.js';
export { caller, count, expectCall, serving } from './caller.js';
export { exampleOf, runExample } from './examples.js';
export { expectAsPlain, mains } from './plain.js';
export { createProject, Project, repository, runtime } from './project.js';
export { remove, save, saveStyles } from './save.js';
export { counting, takeSteps } from './steps.js';
