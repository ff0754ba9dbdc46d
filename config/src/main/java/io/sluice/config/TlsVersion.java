package io.sluice.config;

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

    /** As Java's TLS has it. */
    public String protocol() {
        return "TLSv" + number;
    }
}
