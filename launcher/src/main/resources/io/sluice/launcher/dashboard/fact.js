// A name and a value, in a list of such.

import { element, mark, say } from './dom.js';
import { count } from './format.js';

/** One entry of a description list; a number's digits are grouped. */
export class Fact {
  node = element('div');
  #name = element('dt');
  #value = element('dd');

  constructor() {
    this.node.append(this.#name, this.#value);
  }

  update(fact) {
    mark(this.node, 'level', fact.level ?? 'good');
    say(this.#name, fact.name);
    say(this.#value, typeof fact.value === 'number' ? count(fact.value) : fact.value);
  }
}
