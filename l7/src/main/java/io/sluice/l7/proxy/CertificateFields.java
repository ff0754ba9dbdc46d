package io.sluice.l7.proxy;

import io.sluice.config.HttpListenerConfig;
import io.sluice.config.ServerTlsConfig.ClientAuth;
import io.sluice.config.ServerTlsConfig.ClientField;
import io.sluice.l7.http.HeaderFields;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * The request fields that describe a client's certificate to servers. Fields that clients send under these names are
 * never forwarded. Immutable.
 */
final class CertificateFields {

    private static final int DNS_NAME = 2;
    private static final int MAIL = 1;
    private static final int URI = 6;
    private static final int IP_ADDRESS = 7;

    private static final Line[] NO_LINES = {};

    private final Map<String, ClientField> told;
    private final byte[][] names;

    /** One field line with its line end, and the field's name in lower case. The arrays must not be changed. */
    record Line(byte[] name, byte[] bytes) { }

    CertificateFields(HttpListenerConfig config) {
        told = config.tls().flatMap(tls -> tls.clientAuth()).map(ClientAuth::headers).orElse(Map.of());
        names = told.keySet().stream().map(CertificateFields::lowerCase).toArray(byte[][]::new);
    }

    /** Whether the field has one of the names. */
    boolean has(HeaderFields fields, int index) {
        return fields.nameIsLikeAny(index, names);
    }

    /** The field lines for one client's requests; empty if the client has shown no certificate. */
    Line[] lines(SSLSession session) {
        if (told.isEmpty() || session == null) {
            return NO_LINES;
        }
        try {
            X509Certificate certificate = (X509Certificate) session.getPeerCertificates()[0];
            List<Line> lines = new ArrayList<>();
            for (Map.Entry<String, ClientField> field : told.entrySet()) {
                String line = field.getKey() + ": " + visible(value(certificate, field.getValue())) + "\r\n";
                lines.add(new Line(lowerCase(field.getKey()), Ascii.bytes(line)));
            }
            return lines.toArray(Line[]::new);
        } catch (SSLPeerUnverifiedException e) {
            return NO_LINES;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a verified certificate cannot be read", e);
        }
    }

    private static byte[] lowerCase(String name) {
        return Ascii.bytes(name.toLowerCase(Locale.ROOT));
    }

    private static String value(X509Certificate certificate, ClientField field) throws GeneralSecurityException {
        return switch (field) {
            case SUBJECT -> certificate.getSubjectX500Principal().getName();
            case ISSUER -> certificate.getIssuerX500Principal().getName();
            case SERIAL -> certificate.getSerialNumber().toString(16);
            case SAN -> alternativeNames(certificate);
            case FINGERPRINT -> HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
            case NOT_AFTER -> DateTimeFormatter.RFC_1123_DATE_TIME
                    .format(certificate.getNotAfter().toInstant().atOffset(ZoneOffset.UTC));
        };
    }

    private static String alternativeNames(X509Certificate certificate) throws GeneralSecurityException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        return names == null ? "" : names.stream().filter(name -> !kind((Integer) name.getFirst()).isEmpty())
                .map(name -> kind((Integer) name.getFirst()) + name.get(1)).collect(Collectors.joining(","));
    }

    private static String kind(int type) {
        return switch (type) {
            case MAIL -> "email:";
            case DNS_NAME -> "DNS:";
            case URI -> "URI:";
            case IP_ADDRESS -> "IP:";
            default -> "";
        };
    }

    /** Replaces characters that a certificate's name may have and a field's value may not. */
    private static String visible(String value) {
        StringBuilder text = new StringBuilder(value);
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                text.setCharAt(i, '?');
            }
        }
        return text.toString();
    }
}
