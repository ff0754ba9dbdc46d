package io.sluice.l7.http;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Parsing and judging one whole head, as browsers, programs and servers send them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeadParserBenchmark {

    private final RequestParser requests = new RequestParser(HttpLimits.DEFAULT);
    private final ResponseParser responses = new ResponseParser(HttpLimits.DEFAULT);
    private final ByteBuffer browserRequest = RealHeads.BROWSER_REQUEST.inBuffer();
    private final ByteBuffer apiRequest = RealHeads.API_REQUEST.inBuffer();
    private final ByteBuffer pageResponse = RealHeads.PAGE_RESPONSE.inBuffer();
    private final ByteBuffer apiResponse = RealHeads.API_RESPONSE.inBuffer();

    @Benchmark
    public Outcome browserRequest() {
        return request(browserRequest);
    }

    @Benchmark
    public Outcome apiRequest() {
        return request(apiRequest);
    }

    @Benchmark
    public Outcome pageResponse() {
        return response(pageResponse);
    }

    @Benchmark
    public Outcome apiResponse() {
        return response(apiResponse);
    }

    private Outcome request(ByteBuffer head) {
        requests.reset();
        return requests.parse(head.rewind());
    }

    private Outcome response(ByteBuffer head) {
        responses.reset();
        responses.answers(HttpMethod.GET);
        return responses.parse(head.rewind());
    }
}
