package io.sluice.config;

import java.util.Arrays;
import java.util.List;

/** The versions of TLS that are safe to use. */
public enum TlsVersion {
    TLS_1_2("1.2"),
    TLS_1_3("1.3");

    private final String number;

    TlsVersion(String number) {
        this.number = number;
    }

    /** The name in the configuration. */
    public String number() {
        return number;
    }

    /** The names of a version and all newer ones in Java's TLS. */
    public static List<String> from(TlsVersion oldest) {
        return Arrays.stream(values()).filter(version -> version.compareTo(oldest) >= 0)
                .map(version -> "TLSv" + version.number).toList();
    }
}
