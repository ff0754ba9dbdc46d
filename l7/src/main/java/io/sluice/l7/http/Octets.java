package io.sluice.l7.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Classes of bytes, and scans that stop at the first byte outside of a class.
 *
 * <p>Scans check no end. The array must have a byte that stops them, such as the NUL that {@link HeadParser} keeps
 * behind its bytes, and {@link #PADDING} more bytes behind it, since scans load eight at a time. Safe from any thread.
 */
final class Octets {

    /** Bytes that an array must have behind the last one of interest. */
    static final int PADDING = 16;

    static final byte HTAB = '\t';
    static final byte LF = '\n';
    static final byte CR = '\r';
    static final byte SP = ' ';

    /** Allowed in a token (RFC 9110, section 5.6.2). */
    static final int TOKEN = 1;
    /** Allowed in a target before its query: by RFC 3986, or because clients send it unencoded. */
    static final int PATH = 2;
    /** Allowed in a query. */
    static final int QUERY = 4;
    /** Allowed in a host name (RFC 3986, reg-name), including the percent sign. */
    static final int HOST = 8;
    /** Means the same encoded or not (RFC 3986, section 2.3). */
    static final int UNRESERVED = 16;

    private static final byte[] CLASSES = classes();
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long LOWER_CASE_BITS = 0x2020202020202020L;

    private Octets() { }

    static boolean is(int wanted, byte octet) {
        return (CLASSES[octet & 0xff] & wanted) != 0;
    }

    /** The first position, from {@code position} on, whose byte is not of the wanted class. */
    static int endOf(int wanted, byte[] bytes, int position) {
        int end = position;
        while ((CLASSES[bytes[end] & 0xff] & wanted) != 0) {
            end++;
        }
        return end;
    }

    /** The first byte not allowed in a field name. Skips letters and dashes, most of any name, eight at a time. */
    static int endOfName(byte[] bytes, int position) {
        int end = position;
        long stops = notLetterOrDash(word(bytes, end));
        while (stops == 0) {
            end += Long.BYTES;
            stops = notLetterOrDash(word(bytes, end));
        }
        return endOf(TOKEN, bytes, end + firstOf(stops));
    }

    /** The first byte not allowed in a field value: any control byte but the horizontal tab. */
    static int endOfValue(byte[] bytes, int position) {
        int end = position;
        while (true) {
            while (arePrintable(word(bytes, end), word(bytes, end + Long.BYTES))) {
                end += 2 * Long.BYTES;
            }
            long stops = controls(word(bytes, end));
            if (stops == 0) {
                end += Long.BYTES;
                continue;
            }
            end += firstOf(stops);
            if (bytes[end] != HTAB) {
                return end;
            }
            end++;
        }
    }

    /** Eight bytes, the first in the lowest bits. */
    static long word(byte[] bytes, int position) {
        return (long) LONGS.get(bytes, position);
    }

    /** Eight bytes with the case bit set, that is, letters in lower case; only meaningful for letters and dashes. */
    static long lowerCaseWord(byte[] bytes, int position) {
        return word(bytes, position) | LOWER_CASE_BITS;
    }

    private static int lowerCase(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? octet | 0x20 : octet;
    }

    private static long lowerCase(long word) {
        return word | (~notLetter(word) & HIGH_BITS) >>> 2;
    }

    static boolean isDigit(byte octet) {
        return octet >= '0' && octet <= '9';
    }

    static boolean isBlank(byte octet) {
        return octet == SP || octet == HTAB;
    }

    /** The value of a hexadecimal digit, or -1. */
    static int hexValue(byte octet) {
        if (isDigit(octet)) {
            return octet - '0';
        }
        int lower = octet | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    static boolean equalIgnoringCase(byte[] a, int aOffset, byte[] b, int bOffset, int length) {
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            if (lowerCase(word(a, aOffset + i)) != lowerCase(word(b, bOffset + i))) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (lowerCase(a[aOffset + i]) != lowerCase(b[bOffset + i])) {
                return false;
            }
        }
        return true;
    }

    /** Whether the bytes are that text in any case; the text is given in lower case. */
    static boolean isText(byte[] bytes, int offset, int length, byte[] lowerCaseText) {
        return length == lowerCaseText.length && equalIgnoringCase(bytes, offset, lowerCaseText, 0, length);
    }

    /** As {@link #isText}, but an underscore also matches a dash of the text. */
    static boolean isLike(byte[] bytes, int offset, int length, byte[] lowerCaseText) {
        if (length != lowerCaseText.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            byte octet = bytes[offset + i];
            if (lowerCase(octet) != lowerCaseText[i] && (octet != '_' || lowerCaseText[i] != '-')) {
                return false;
            }
        }
        return true;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Index of the first byte whose high bit is set. */
    private static int firstOf(long highBits) {
        return Long.numberOfTrailingZeros(highBits) >>> 3;
    }

    /** Whether all bytes are 0x20 to 0x7e: the usual case, and faster to find out than which byte is not. */
    private static boolean arePrintable(long a, long b) {
        return ((a - ONES * SP | a + ONES | b - ONES * SP | b + ONES) & HIGH_BITS) == 0;
    }

    /**
     * Sets the high bit of each byte below 0x20 and of each 0x7f. A borrow may set the high bits of bytes above such a
     * byte, so only the first one is exact; callers use only the first.
     */
    private static long controls(long word) {
        long deletes = word ^ (ONES * 0x7f);
        return ((word - ONES * SP) & ~word | (deletes - ONES) & ~deletes) & HIGH_BITS;
    }

    /** Sets the high bit of exactly the bytes that are neither ASCII letters nor dashes. */
    private static long notLetterOrDash(long word) {
        long dashes = word ^ (ONES * '-');
        long notDash = ((dashes & ~HIGH_BITS) + ~HIGH_BITS) | dashes;
        return notLetter(word) & notDash & HIGH_BITS;
    }

    /** Sets the high bit of exactly the bytes that are not ASCII letters; the other bits mean nothing. */
    private static long notLetter(long word) {
        long lower = (word | LOWER_CASE_BITS) & ~HIGH_BITS;
        long fromA = lower + ONES * (0x80 - 'a');
        long aboveZ = lower + ONES * (0x7f - 'z');
        return ~(fromA & ~aboveZ) | word;
    }

    private static byte[] classes() {
        byte[] classes = new byte[256];
        for (int letter = 'a'; letter <= 'z'; letter++) {
            classes[letter] = classes[letter - 0x20] = TOKEN | PATH | QUERY | HOST | UNRESERVED;
        }
        mark(classes, "0123456789", TOKEN | PATH | QUERY | HOST | UNRESERVED);
        mark(classes, "-._~", PATH | QUERY | HOST | UNRESERVED);
        mark(classes, "!#$%&'*+-.^_`|~", TOKEN);
        mark(classes, "!$&'()*+,;=%", PATH | QUERY | HOST);
        mark(classes, "/:@", PATH | QUERY);
        // Not allowed by RFC 3986, but browsers send them unencoded (WHATWG URL, percent-encode sets).
        mark(classes, "[]|^`{}", PATH | QUERY);
        // Browsers, and perhaps origins, take a backslash in a path for a slash; in a query it is harmless. The others
        // come from curl and from libraries that leave encoding to their callers; both peers accept them.
        mark(classes, "?\\\"<>", QUERY);
        return classes;
    }

    private static void mark(byte[] classes, String octets, int added) {
        for (int i = 0; i < octets.length(); i++) {
            classes[octets.charAt(i)] |= (byte) added;
        }
    }
}
