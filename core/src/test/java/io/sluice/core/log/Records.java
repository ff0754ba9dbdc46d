package io.sluice.core.log;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;

/** Session records for tests. */
final class Records {

    private Records() { }

    static SessionRecord normal(SessionRecord record) {
        record.startMs = Instant.parse("2025-03-04T05:06:07.089Z").toEpochMilli();
        record.listener = "orders-db";
        record.client = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 56324);
        record.pool = "orders";
        record.server = "db1";
        record.queueNs = 0;
        record.connectNs = 1_999_999;
        record.totalNs = 2_500_000_000L;
        record.clientBytes = 128;
        record.serverBytes = 5_000_000_000L;
        record.retries = 1;
        record.termination = Termination.NORMAL;
        return record;
    }

    static SessionRecord refused(SessionRecord record) {
        normal(record);
        record.client = new InetSocketAddress(InetAddress.ofLiteral("2001:db8::1"), 1);
        record.server = null;
        record.queueNs = -1;
        record.connectNs = -1;
        record.totalNs = 500_000;
        record.clientBytes = 0;
        record.serverBytes = 0;
        record.retries = 0;
        record.termination = Termination.SERVER_REFUSED;
        return record;
    }

    static SessionRecord numbered(SessionRecord record, int number) {
        normal(record);
        record.retries = number;
        return record;
    }
}
