package io.sluice.config;

/**
 * A small HTTP server in Sluice's own process that answers with its name, for a first try of Sluice. Immutable.
 *
 * @param name the text of its answers
 * @param bind the address to listen on
 */
public record DemoServerConfig(String name, Endpoint bind) {

    public DemoServerConfig {
        Checks.name("demo server", name);
    }
}
