package io.sluice.launcher.soak;

import java.util.List;
import java.util.Locale;
import java.util.Random;

/** The kinds of listeners, and of pools: a configuration has one of each, by this name. */
enum Kind {
    HTTP_PLAIN, HTTP_TLS, HTTP_PROXY, TCP_PLAIN, TCP_TLS, TCP_PROXY;

    private static final List<Kind> ALL = List.of(values());

    static Kind any(Random random) {
        return ALL.get(random.nextInt(ALL.size()));
    }

    /** For a listener of this kind, some pool that it may have. */
    Kind anyPool(Random random) {
        List<Kind> alike = ALL.stream().filter(kind -> kind.isHttp() == isHttp()).toList();
        return alike.get(random.nextInt(alike.size()));
    }

    boolean isHttp() {
        return name().startsWith("HTTP");
    }

    /** Whether clients, or Sluice towards servers, speak TLS. */
    boolean hasTls() {
        return name().endsWith("TLS");
    }

    /** Whether clients, or Sluice towards servers, begin with a header of the PROXY protocol. */
    boolean hasProxyHeader() {
        return name().endsWith("PROXY");
    }

    /** The name in configurations. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
