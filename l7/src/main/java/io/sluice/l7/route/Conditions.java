package io.sluice.l7.route;

import io.sluice.config.RouteConfig;
import io.sluice.core.address.CidrSet;
import io.sluice.l7.http.RequestParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The conditions of a route other than host and path pattern; all must hold. Immutable. */
final class Conditions {

    private final byte[][] pathSuffixes;
    private final byte[][] methods;
    private final RequestPart[] parts;
    /** The values of the parts, in the same order. */
    private final byte[][] values;
    private final CidrSet clients;

    Conditions(RouteConfig.Match match) {
        pathSuffixes = match.pathSuffixes().stream().map(Conditions::normalSuffix).toArray(byte[][]::new);
        methods = match.methods().stream().map(Bytes::of).toArray(byte[][]::new);
        List<RequestPart> partList = new ArrayList<>();
        List<byte[]> valueList = new ArrayList<>();
        add(RequestPart.Place.HEADER, match.headers(), partList, valueList);
        add(RequestPart.Place.QUERY, match.query(), partList, valueList);
        add(RequestPart.Place.COOKIE, match.cookies(), partList, valueList);
        parts = partList.toArray(RequestPart[]::new);
        values = valueList.toArray(byte[][]::new);
        clients = match.clients().isEmpty() ? null : new CidrSet(match.clients());
    }

    boolean hold(RoutedRequest request) {
        return holdsMethod(request.head()) && holdsSuffix(request.path()) && holdParts(request)
                && (clients == null || clients.contains(request.client().address()));
    }

    private boolean holdsMethod(RequestParser head) {
        int from = head.methodOffset();
        for (byte[] method : methods) {
            if (Bytes.equal(method, head.bytes(), from, from + head.methodLength())) {
                return true;
            }
        }
        return methods.length == 0;
    }

    private boolean holdsSuffix(RequestPath path) {
        int to = path.offset() + path.length();
        for (byte[] suffix : pathSuffixes) {
            int from = to - suffix.length;
            if (from >= path.offset() && Bytes.equal(suffix, path.bytes(), from, to)) {
                return true;
            }
        }
        return pathSuffixes.length == 0;
    }

    private boolean holdParts(RoutedRequest request) {
        Pairs.Range found = request.found();
        for (int i = 0; i < parts.length; i++) {
            if (!parts[i].find(request) || !Bytes.equal(values[i], request.head().bytes(), found.from, found.to)) {
                return false;
            }
        }
        return true;
    }

    private static byte[] normalSuffix(String suffix) {
        // A dot at its beginning is the end of a segment, not a segment.
        String before = "/x";
        return Bytes.of(Bytes.normalPath(before + suffix).substring(before.length()));
    }

    private static void add(RequestPart.Place place, Map<String, String> demanded, List<RequestPart> parts,
                            List<byte[]> values) {
        for (Map.Entry<String, String> entry : demanded.entrySet()) {
            parts.add(new RequestPart(place, entry.getKey()));
            values.add(Bytes.of(entry.getValue()));
        }
    }
}
