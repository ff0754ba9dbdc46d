package io.sluice.launcher;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The output of {@code tls inspect}. Immutable. */
record TlsReport(String address, TlsInspection found) {

    String text() {
        StringBuilder text = new StringBuilder();
        line(text, "listener", address + ", asked for " + found.serverName());
        line(text, "versions", versions());
        found.ciphers().forEach((version, suites) -> line(text, version, String.join(", ", suites)));
        line(text, "protocol", found.protocol().isEmpty() ? "none agreed on (ALPN)" : found.protocol());
        line(text, "sessions", found.resumption().entrySet().stream().map(TlsReport::resumption)
                .collect(Collectors.joining(", ")));
        line(text, "clients", found.asksForCertificate() ? "are asked for a certificate of "
                + (found.acceptedIssuers().isEmpty() ? "anyone" : String.join("; ", found.acceptedIssuers()))
                : "are not asked for a certificate");
        List<X509Certificate> chain = found.chain();
        for (int i = 0; i < chain.size(); i++) {
            line(text, "certificate " + (i + 1), certificate(chain.get(i)));
        }
        line(text, "verified", found.distrust().map(reason -> "no: " + reason).orElse("yes"));
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format("%-14s %s%n", name, value));
    }

    private String versions() {
        String spoken = String.join(", ", found.ciphers().keySet());
        String others = TlsInspection.VERSIONS.stream().filter(version -> !found.ciphers().containsKey(version))
                .collect(Collectors.joining(", "));
        return others.isEmpty() ? spoken : spoken + "; not " + others;
    }

    private static String resumption(Map.Entry<String, Boolean> version) {
        return version.getKey() + (version.getValue() ? " taken up again" : " new each time, without a request");
    }

    private static String certificate(X509Certificate certificate) {
        Instant end = certificate.getNotAfter().toInstant().truncatedTo(ChronoUnit.SECONDS);
        long days = Duration.between(Instant.now(), end).toDays();
        return certificate.getSubjectX500Principal().getName() + names(certificate) + ", " + key(certificate)
                + ", signed by " + certificate.getIssuerX500Principal().getName() + ", "
                + (days < 0 ? "EXPIRED " : "until ") + end + " (" + days + " days)";
    }

    private static String names(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null ? "" : names.stream().map(name -> name.get(1).toString())
                    .collect(Collectors.joining(", ", " (", ")"));
        } catch (CertificateParsingException e) {
            return " (names cannot be read)";
        }
    }

    private static String key(X509Certificate certificate) {
        return switch (certificate.getPublicKey()) {
            case RSAKey rsa -> "RSA of " + rsa.getModulus().bitLength() + " bits";
            case ECKey ec -> "EC of " + ec.getParams().getOrder().bitLength() + " bits";
            default -> certificate.getPublicKey().getAlgorithm();
        };
    }
}
