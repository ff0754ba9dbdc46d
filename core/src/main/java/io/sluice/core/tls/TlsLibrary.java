package io.sluice.core.tls;

import io.sluice.config.ServerTlsConfig;
import io.sluice.core.tls.boring.BoringLibrary;

/** The library that encrypts. Immutable. */
public enum TlsLibrary {
    /** Several times as fast as the JDK. It needs native access and a directory for its library. */
    BORINGSSL,
    JDK;

    /** The best that this host can use. */
    public static TlsLibrary best() {
        return BoringLibrary.isAvailable() ? BORINGSSL : JDK;
    }

    /** A listener's engines, as yet without certificates and ticket keys. */
    ServerEngines servers(ServerTlsConfig config) {
        return switch (this) {
            case BORINGSSL -> new BoringServerEngines(config);
            case JDK -> new JdkServerEngines(config);
        };
    }
}
