package io.sluice.bench.load;

/** Closed loop: the next request is due at once, until the time or the thread's share of requests is used up. */
final class ClosedLoop implements Agenda {

    private final Share share;
    private final long warmUpNs;
    private final long endNs;
    private boolean measured;

    /** The requests that the clients of one thread may still send together. Owned by one event loop. */
    static final class Share {

        private long left;

        Share(long requests) {
            left = requests;
        }

        /** The share of one of several threads. */
        static Share of(Pace pace, int thread) {
            long requests = pace.requests();
            if (requests == Pace.UNLIMITED) {
                return new Share(Long.MAX_VALUE);
            }
            return new Share(requests / pace.threads() + (thread < requests % pace.threads() ? 1 : 0));
        }
    }

    ClosedLoop(Span span, Share share) {
        this.share = share;
        warmUpNs = span.warmUp().toNanos();
        endNs = span.endNs();
    }

    @Override
    public long nextDueNs(long nowNs) {
        return nowNs >= endNs || share.left == 0 ? NONE : nowNs;
    }

    @Override
    public void take(long nowNs) {
        measured = nowNs >= warmUpNs;
        if (measured) {
            share.left--;
        }
    }

    @Override
    public boolean isMeasured() {
        return measured;
    }

    /** Zero, since a request is due only when it is sent. */
    @Override
    public long left(long nowNs) {
        return 0;
    }
}
