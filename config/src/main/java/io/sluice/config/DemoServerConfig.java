package io.sluice.config;

/**
 * A small HTTP server in Sluice's own process that answers with its name: something to balance for a newcomer.
 *
 * @param name what it answers with
 * @param bind where it listens
 */
public record DemoServerConfig(String name, Endpoint bind) {

    public DemoServerConfig {
        Checks.name("demo server", name);
    }
}
