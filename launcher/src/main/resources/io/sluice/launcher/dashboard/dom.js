// What the parts of the page are built with.

/**
 * Makes an element. Children that are strings become text nodes, never markup, so that nothing a server, a client or a
 * configuration says can become part of the page.
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) {
      made.addEventListener(name.slice(2), value);
    } else if (value === true) {
      made.setAttribute(name, '');
    } else if (value !== false && value !== null && value !== undefined) {
      made.setAttribute(name, value);
    }
  }
  made.append(...children);
  return made;
}

/** The element of the page that has this id. */
export function byId(id) {
  return document.getElementById(id);
}

/** Sets a text if it is another one: selections and screen readers are left alone by what stays the same. */
export function say(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** Sets a class of several that exclude each other, as an attribute that style sheets select by. */
export function mark(node, name, value) {
  if (node.dataset[name] !== value) {
    node.dataset[name] = value;
  }
}

/** Sets a share from 0 to 1 as a property for the style sheet, in percent. */
export function share(node, property, value) {
  node.style.setProperty(property, `${(100 * Math.min(1, Math.max(0, value))).toFixed(1)}%`);
}

/** Keeps the children of an element in step with a list: what has a name already is updated, not made anew. */
export class Rows {
  #parent;
  #head;
  #make;
  #rows = new Map();

  /**
   * @param parent what it has already stays in front
   * @param make   gives an object with a `node` and an `update(item)`
   */
  constructor(parent, make) {
    this.#parent = parent;
    this.#head = parent.lastChild;
    this.#make = make;
  }

  update(items, keyOf = item => item.name) {
    const gone = new Set(this.#rows.keys());
    let place = this.#head === null ? this.#parent.firstChild : this.#head.nextSibling;
    for (const item of items) {
      const key = keyOf(item);
      gone.delete(key);
      if (!this.#rows.has(key)) {
        this.#rows.set(key, this.#make(item));
      }
      const row = this.#rows.get(key);
      row.update(item);
      if (row.node === place) {
        place = place.nextSibling;
      } else {
        this.#parent.insertBefore(row.node, place);
      }
    }
    for (const key of gone) {
      this.#rows.get(key).node.remove();
      this.#rows.delete(key);
    }
  }
}
