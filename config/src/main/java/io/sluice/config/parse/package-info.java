/**
 * Reads YAML to the records of {@link io.sluice.config}, and writes it. Each section has one table of keys
 * ({@link Section}), which drives parsing, defaults, the dump, the JSON Schema and the reference of keys. The tables
 * are in the classes named for sections: {@link RootSections} leads to all others.
 */
package io.sluice.config.parse;
