package io.sluice.core.tls;

import io.sluice.config.ServerTlsConfig;
import io.sluice.core.tls.boring.BoringLibrary;

/** Who encrypts. Immutable. */
public enum TlsLibrary {
    /** Several times as fast as the JDK. It needs native access and a directory for its library. */
    BORINGSSL,
    JDK;

    /** The best that this host can use. */
    public static TlsLibrary best() {
        return BoringLibrary.isAvailable() ? BORINGSSL : JDK;
    }

    /** To begin with, without keys for tickets and certificates. */
    ServerEngines servers(ServerTlsConfig config) {
        return switch (this) {
            case BORINGSSL -> new BoringServerEngines(config);
            case JDK -> new JdkServerEngines(config);
        };
    }
}
