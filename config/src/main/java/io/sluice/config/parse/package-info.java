/**
 * YAML to the records of {@link io.sluice.config} and back. One table of keys a section ({@link Section}) drives all of
 * it: parsing, defaults, the dump, the JSON Schema and the reference of keys. To add a key, add it there
 * ({@code RootSections}, {@code ListenerSections}, {@code PoolSections}).
 */
package io.sluice.config.parse;
