/**
 * Reads YAML to the records of {@link io.sluice.config}, and writes it. Each section has one table of keys
 * ({@link Section}), which drives parsing, defaults, the dump, the JSON Schema and the reference of keys. To add a key,
 * add it there ({@code RootSections}, {@code ListenerSections}, {@code PoolSections}).
 */
package io.sluice.config.parse;
