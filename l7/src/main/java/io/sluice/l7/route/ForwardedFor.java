package io.sluice.l7.route;

import io.sluice.core.address.AddressParser;
import io.sluice.core.address.CidrSet;
import io.sluice.l7.http.HeaderFields;
import io.sluice.l7.http.KnownField;
import io.sluice.l7.http.LastElements;

/**
 * Finds in X-Forwarded-For for whom a trusted proxy has passed a request on. Each proxy appends whom it got the request
 * from, so the list can be believed from its end, up to the first address that is no trusted proxy's. Owned by one
 * event loop.
 */
public final class ForwardedFor {

    /** Requests that came through more trusted proxies than this name no client; it bounds the work. */
    static final int MOST_PROXIES = 64;

    private final CidrSet trusted;
    private final LastElements elements = new LastElements();
    private final AddressParser parser = new AddressParser();
    private final Client client = new Client();

    /** @param trusted the networks of the proxies */
    public ForwardedFor(CidrSet trusted) {
        this.trusted = trusted;
    }

    /**
     * The client, which is valid until the next call: the last address of the list that is not trusted, or the first of
     * the list if all are. Null if there is no list, or not an address where the client's should be.
     *
     * @param fields of a request that a trusted proxy has sent
     */
    public Client find(HeaderFields fields) {
        elements.of(fields, KnownField.X_FORWARDED_FOR);
        int proxies = 0;
        boolean isTrusted = true;
        while (isTrusted && elements.next()) {
            int from = elements.offset();
            if (proxies == MOST_PROXIES || !parser.parse(elements.bytes(), from, from + elements.length())) {
                return null;
            }
            proxies++;
            isTrusted = trusted.contains(parser.address());
        }
        if (proxies == 0) {
            return null;
        }
        client.become(parser.address(), parser.port());
        return client;
    }
}
