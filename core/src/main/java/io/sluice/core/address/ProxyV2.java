package io.sluice.core.address;

import io.sluice.core.address.ProxyHeader.Flaw;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * PROXY protocol version 2, binary:
 * <pre>
 *  0  signature, 12 bytes
 * 12  version (4 bits), command (4 bits)
 * 13  address family (4 bits), transport protocol (4 bits)
 * 14  length of all that follows, 2 bytes
 * 16  source address, destination address, source port, destination port, sized by the family
 *     extensions: type (1 byte), length of the value (2 bytes), value
 * </pre>
 * Safe from any thread.
 */
final class ProxyV2 {

    static final byte FIRST_BYTE = 0x0d;

    private static final byte[] SIGNATURE = {FIRST_BYTE, 0x0a, 0x0d, 0x0a, 0, 0x0d, 0x0a, 'Q', 'U', 'I', 'T', 0x0a};
    private static final int VERSION_AND_COMMAND = 12;
    private static final int PROTOCOL = 13;
    private static final int LENGTH = 14;
    private static final int ADDRESSES = 16;

    /**
     * The specification allows 64 KiB. This has room for every registered extension, and is little memory for a
     * connection that may never complete its header.
     */
    static final int MOST_RECEIVED_BYTES = ADDRESSES + 2048;

    private static final int VERSION = 2;
    private static final int COMMAND_LOCAL = 0;
    private static final int COMMAND_PROXY = 1;

    private static final int UNSPECIFIED = 0;
    private static final int FAMILY_IPV4 = 1;
    private static final int FAMILY_IPV6 = 2;
    private static final int FAMILY_UNIX = 3;
    private static final int TRANSPORT_STREAM = 1;
    private static final int TRANSPORT_DATAGRAM = 2;

    private static final int EXTENSION_HEADER_BYTES = 3;
    private static final int EXTENSION_CRC32C = 3;
    private static final byte[] CHECKSUM_ZEROED = new byte[4];

    private ProxyV2() { }

    /** @param bytes what was received, from 0 to the limit, big endian, not empty */
    static ProxyHeader parse(ByteBuffer bytes) {
        if (!ProxyProtocol.agree(bytes, SIGNATURE)) {
            return new ProxyHeader.Invalid(Flaw.NOT_A_HEADER);
        }
        if (bytes.limit() < ADDRESSES) {
            return new ProxyHeader.NeedMore();
        }
        int command = bytes.get(VERSION_AND_COMMAND) & 0xf;
        int length = ADDRESSES + (bytes.getShort(LENGTH) & 0xffff);
        Flaw flaw = flawOfStart(high4Bits(bytes.get(VERSION_AND_COMMAND)), command, length);
        if (flaw != null) {
            return new ProxyHeader.Invalid(flaw);
        }
        if (bytes.limit() < length) {
            return new ProxyHeader.NeedMore();
        }
        return command == COMMAND_LOCAL ? new ProxyHeader.Local(length) : parseBlock(bytes.slice(0, length));
    }

    static void encode(byte[] source, int sourcePort, byte[] destination, int destinationPort, ByteBuffer out) {
        int family = source.length == 4 ? FAMILY_IPV4 : FAMILY_IPV6;
        encodeStart(COMMAND_PROXY, family << 4 | TRANSPORT_STREAM, addressBytes(family), out);
        out.put(source).put(destination);
        putUnsignedShort(sourcePort, out);
        putUnsignedShort(destinationPort, out);
    }

    static void encodeLocal(ByteBuffer out) {
        encodeStart(COMMAND_LOCAL, UNSPECIFIED, 0, out);
    }

    private static void encodeStart(int command, int protocol, int lengthBytes, ByteBuffer out) {
        out.put(SIGNATURE).put((byte) (VERSION << 4 | command)).put((byte) protocol);
        putUnsignedShort(lengthBytes, out);
    }

    private static Flaw flawOfStart(int version, int command, int lengthBytes) {
        if (version != VERSION) {
            return Flaw.BAD_VERSION;
        }
        if (command != COMMAND_LOCAL && command != COMMAND_PROXY) {
            return Flaw.BAD_COMMAND;
        }
        return lengthBytes > MOST_RECEIVED_BYTES ? Flaw.TOO_LONG : null;
    }

    /** Parses what follows the length. Its layout is known only if both family and transport are specified. */
    private static ProxyHeader parseBlock(ByteBuffer header) {
        int family = high4Bits(header.get(PROTOCOL));
        int transport = header.get(PROTOCOL) & 0xf;
        if (family > FAMILY_UNIX || transport > TRANSPORT_DATAGRAM) {
            return new ProxyHeader.Invalid(Flaw.BAD_PROTOCOL);
        }
        if (family == UNSPECIFIED || transport == UNSPECIFIED) {
            return new ProxyHeader.Local(header.limit());
        }
        int extensions = ADDRESSES + addressBytes(family);
        Flaw flaw = header.limit() < extensions ? Flaw.BAD_LENGTH : flawOfExtensions(header, extensions);
        if (flaw != null) {
            return new ProxyHeader.Invalid(flaw);
        }
        boolean isTcp = family != FAMILY_UNIX && transport == TRANSPORT_STREAM;
        return isTcp ? proxied(header, family == FAMILY_IPV4 ? 4 : 16) : new ProxyHeader.Local(header.limit());
    }

    private static ProxyHeader proxied(ByteBuffer header, int ipBytes) {
        int ports = ADDRESSES + 2 * ipBytes;
        return new ProxyHeader.Proxied(header.limit(),
                address(header, ADDRESSES, ipBytes, ports), address(header, ADDRESSES + ipBytes, ipBytes, ports + 2));
    }

    private static InetSocketAddress address(ByteBuffer header, int ip, int ipBytes, int port) {
        byte[] bytes = new byte[ipBytes];
        header.get(ip, bytes);
        InetAddress address = AddressBytes.address(bytes);
        return new InetSocketAddress(address, header.getShort(port) & 0xffff);
    }

    private static Flaw flawOfExtensions(ByteBuffer header, int start) {
        int at = start;
        while (at + EXTENSION_HEADER_BYTES <= header.limit()) {
            int value = at + EXTENSION_HEADER_BYTES;
            int valueBytes = header.getShort(at + 1) & 0xffff;
            if (value + valueBytes > header.limit()) {
                return Flaw.BAD_EXTENSION;
            }
            if (header.get(at) == EXTENSION_CRC32C && !isChecksum(header, value, valueBytes)) {
                return Flaw.BAD_CHECKSUM;
            }
            at = value + valueBytes;
        }
        return at == header.limit() ? null : Flaw.BAD_EXTENSION;
    }

    /** The checksum covers the whole header, its own four bytes taken as zero. */
    private static boolean isChecksum(ByteBuffer header, int value, int valueBytes) {
        if (valueBytes != CHECKSUM_ZEROED.length) {
            return false;
        }
        int end = value + valueBytes;
        CRC32C checksum = new CRC32C();
        checksum.update(header.slice(0, value));
        checksum.update(CHECKSUM_ZEROED);
        checksum.update(header.slice(end, header.limit() - end));
        return (int) checksum.getValue() == header.getInt(value);
    }

    private static int addressBytes(int family) {
        return switch (family) {
            case FAMILY_IPV4 -> 2 * 4 + 2 * 2;
            case FAMILY_IPV6 -> 2 * 16 + 2 * 2;
            case FAMILY_UNIX -> 2 * 108;
            default -> throw new IllegalArgumentException("address family " + family);
        };
    }

    private static int high4Bits(byte value) {
        return value >> 4 & 0xf;
    }

    /** In network order, whatever the order of the buffer. */
    private static void putUnsignedShort(int value, ByteBuffer out) {
        out.put((byte) (value >> 8)).put((byte) value);
    }
}
