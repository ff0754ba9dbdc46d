package io.sluice.l7.proxy;

import io.sluice.config.HttpListenerConfig;
import io.sluice.l7.route.Router;

/** An HTTP listener's configuration, with its routes compiled; shared by all workers. Immutable. */
public record HttpRules(HttpListenerConfig config, Router router) {

    public HttpRules(HttpListenerConfig config) {
        this(config, new Router(config.routes()));
    }
}
