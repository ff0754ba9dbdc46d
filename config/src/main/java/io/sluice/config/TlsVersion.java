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

    /** As the configuration has it. */
    public String number() {
        return number;
    }

    /** This one and those that are newer, as Java's TLS has them. */
    public static List<String> from(TlsVersion oldest) {
        return Arrays.stream(values()).filter(version -> version.compareTo(oldest) >= 0).map(TlsVersion::protocol)
                .toList();
    }

    /** As Java's TLS has it. */
    public String protocol() {
        return "TLSv" + number;
    }
}
