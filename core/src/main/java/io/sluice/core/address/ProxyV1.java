package io.sluice.core.address;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sluice.core.address.ProxyHeader.Flaw;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * PROXY protocol version 1, one line of text: {@code PROXY TCP4 192.0.2.1 192.0.2.2 56324 443} and CR LF.
 * Safe from any thread.
 */
final class ProxyV1 {

    static final byte FIRST_BYTE = 'P';

    /** With CR LF, by the specification. */
    static final int MOST_BYTES = 107;

    private static final byte[] START = "PROXY ".getBytes(US_ASCII);
    private static final int INCOMPLETE = -1;
    private static final int FIELDS = 6;

    private ProxyV1() { }

    /** @param bytes what was received, from 0 to the limit, not empty */
    static ProxyHeader parse(ByteBuffer bytes) {
        if (!ProxyProtocol.agree(bytes, START)) {
            return new ProxyHeader.Invalid(Flaw.NOT_A_HEADER);
        }
        int lineEnd = lineEnd(bytes);
        if (lineEnd == INCOMPLETE) {
            boolean canStillEnd = bytes.limit() < MOST_BYTES - 1;
            return canStillEnd ? new ProxyHeader.NeedMore() : new ProxyHeader.Invalid(Flaw.TOO_LONG);
        }
        if (bytes.get(lineEnd) == '\n') {
            return new ProxyHeader.Invalid(Flaw.BAD_LINE);
        }
        if (lineEnd + 1 == bytes.limit()) {
            return new ProxyHeader.NeedMore();
        }
        return bytes.get(lineEnd + 1) == '\n'
                ? parseLine(text(bytes, lineEnd), lineEnd + 2)
                : new ProxyHeader.Invalid(Flaw.BAD_LINE);
    }

    static void encode(byte[] source, int sourcePort, byte[] destination, int destinationPort, ByteBuffer out) {
        String line = "PROXY " + (source.length == 4 ? "TCP4 " : "TCP6 ")
                + AddressBytes.text(source) + ' ' + AddressBytes.text(destination) + ' '
                + sourcePort + ' ' + destinationPort + "\r\n";
        out.put(line.getBytes(US_ASCII));
    }

    /** The position of the first CR or LF within the longest line allowed, or {@link #INCOMPLETE}. */
    private static int lineEnd(ByteBuffer bytes) {
        int most = Math.min(bytes.limit(), MOST_BYTES - 1);
        for (int i = 0; i < most; i++) {
            if (bytes.get(i) == '\r' || bytes.get(i) == '\n') {
                return i;
            }
        }
        return INCOMPLETE;
    }

    private static String text(ByteBuffer bytes, int length) {
        byte[] line = new byte[length];
        bytes.get(0, line);
        return new String(line, ISO_8859_1);
    }

    private static ProxyHeader parseLine(String line, int lengthBytes) {
        String[] fields = line.split(" ", -1);
        return switch (fields[1]) {
            case "TCP4" -> fields.length == FIELDS
                    ? proxied(AddressParser.ipv4(fields[2]), AddressParser.ipv4(fields[3]), fields, lengthBytes)
                    : new ProxyHeader.Invalid(Flaw.BAD_LINE);
            case "TCP6" -> fields.length == FIELDS
                    ? proxied(AddressParser.ipv6(fields[2]), AddressParser.ipv6(fields[3]), fields, lengthBytes)
                    : new ProxyHeader.Invalid(Flaw.BAD_LINE);
            case "UNKNOWN" -> new ProxyHeader.Local(lengthBytes);
            default -> new ProxyHeader.Invalid(Flaw.BAD_PROTOCOL);
        };
    }

    private static ProxyHeader proxied(
            InetAddress source, InetAddress destination, String[] fields, int lengthBytes) {
        if (source == null || destination == null) {
            return new ProxyHeader.Invalid(Flaw.BAD_ADDRESS);
        }
        int sourcePort = AddressParser.port(fields[4]);
        int destinationPort = AddressParser.port(fields[5]);
        if (sourcePort < 0 || destinationPort < 0) {
            return new ProxyHeader.Invalid(Flaw.BAD_PORT);
        }
        return new ProxyHeader.Proxied(lengthBytes,
                new InetSocketAddress(source, sourcePort), new InetSocketAddress(destination, destinationPort));
    }
}
