package io.sluice.config.pem;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Wraps private keys of other formats into PKCS#8 (RFC 5958), with as much of DER (ITU-T X.690) as that takes. */
final class Der {

    static final byte INTEGER = 0x02;
    static final byte OCTET_STRING = 0x04;
    static final byte SEQUENCE = 0x30;
    static final byte CONTEXT_0 = (byte) 0xa0;

    private static final byte[] VERSION_0 = {INTEGER, 1, 0};
    private static final byte[] RSA =
            {SEQUENCE, 13, 6, 9, 42, (byte) 134, 72, (byte) 134, (byte) 247, 13, 1, 1, 1, 5, 0};
    private static final byte[] EC_PUBLIC_KEY = {6, 7, 42, (byte) 134, 72, (byte) 206, 61, 2, 1};

    private Der() { }

    /** Wraps a PKCS#1 key (RFC 8017, A.1.2). */
    static byte[] rsaToPkcs8(byte[] pkcs1) {
        return encode(SEQUENCE, VERSION_0, RSA, encode(OCTET_STRING, pkcs1));
    }

    /** Wraps a SEC 1 key (RFC 5915) on the curve that the parameters name. */
    static byte[] ecToPkcs8(byte[] sec1, byte[] curve) {
        return encode(SEQUENCE, VERSION_0, encode(SEQUENCE, EC_PUBLIC_KEY, curve), encode(OCTET_STRING, sec1));
    }

    /** The curve parameters in a SEC 1 key, or null. */
    static byte[] curveOf(byte[] sec1) {
        byte[] fields = content(sec1, 0);
        int at = 0;
        while (at < fields.length) {
            byte[] field = content(fields, at);
            if (fields[at] == CONTEXT_0) {
                return field;
            }
            at = end(fields, at);
        }
        return null;
    }

    private static byte[] encode(byte tag, byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            int octets = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
            out.write(0x80 | octets);
            for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) {
                out.write(length >>> shift);
            }
        }
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** @throws IllegalArgumentException if no element stands there */
    private static byte[] content(byte[] der, int at) {
        return Arrays.copyOfRange(der, start(der, at), end(der, at));
    }

    private static int start(byte[] der, int at) {
        int first = octet(der, at + 1);
        return first < 0x80 ? at + 2 : at + 2 + (first & 0x7f);
    }

    private static int end(byte[] der, int at) {
        int start = start(der, at);
        int length = octet(der, at + 1);
        if (length >= 0x80) {
            length = 0;
            for (int i = at + 2; i < start; i++) {
                length = length << 8 | octet(der, i);
            }
        }
        if (length < 0 || length > der.length - start) {
            throw new IllegalArgumentException("not DER");
        }
        return start + length;
    }

    private static int octet(byte[] der, int at) {
        if (at >= der.length) {
            throw new IllegalArgumentException("not DER");
        }
        return der[at] & 0xff;
    }
}
