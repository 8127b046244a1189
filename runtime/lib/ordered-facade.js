/**
 * Facades in graphs that Node orders. Node links and evaluates the whole graph, so a facade has the bindings of its module only.
 * Those that have values before the module runs, which are functions and variables, are in a module beside it, which Node
 * evaluates before all others.
 */
import { announce, facadeText } from './facades.js';
import { dataUrl, sourceUrl, starText } from './module-text.js';
import { facadeEntry } from './namespace-entry.js';
import { initialised, read } from './namespace-shape.js';

/**
 * @param {import('./namespaces.js').Namespaces} namespaces
 * @param {number} id of the module
 * @param {import('./bindings.js').Bindings} bindings
 * @param {object} how
 * @param {string[]} how.own names of its own exports
 * @param {boolean} how.isOver it has run
 * @param {() => void} how.begin called when Node begins to evaluate the graph
 * @param {import('./facades.js').Evaluating} how.evaluating
 * @returns {{number: number, text: string, values: string}} the number of the facade, what it exports and does, and the URL of
 *   the module beside it
 */
export function orderedFacade(namespaces, id, bindings, { own, isOver, begin, evaluating }) {
  const shape = namespaces.read(id);
  const names = shape.names.map(([name]) => name);
  const ownNames = shape.names.filter(([name]) => own.includes(name));
  const hasValue = initialised({ ...shape, names: ownNames }, bindings);
  const isEarly = new Map(ownNames.map(([name], index) => [name, hasValue[index]]));
  const onLoad = () => {
    const entry = facadeEntry(number, shape);
    // Nothing is left to be settled: what the module assigns later it tells, and the rest is for others to tell.
    const set = (/** @type {Map<string, () => unknown>} */ getters) => {
      for (const [slot, [name]] of shape.names.entries()) {
        const found = isEarly.has(name) ? read(getters.get(name)) : undefined;
        if (found) entry.show(slot, found.value);
      }
    };
    namespaces.take(id, { ...entry, set }, isOver);
  };
  const onBindings = () => {
    begin();
    namespaces.refresh(id, bindings);
  };
  const number = announce({ onLoad, onBindings, evaluate: evaluating.evaluate });
  const ownFrame = `\n${sourceUrl(`facade/${number}`)}`;
  const values = dataUrl(facadeText(number, names, { isOwn: (name) => isEarly.get(name) === true }) + ownFrame);
  const early = ownNames.flatMap(([name]) => (isEarly.get(name) ? [/** @type {[string, string]} */ ([name, name])] : []));
  const late = facadeText(number, names, { isOwn: (name) => isEarly.get(name) === false, evaluating });
  return { number, text: starText({ url: values, names: early }) + late + ownFrame, values };
}
