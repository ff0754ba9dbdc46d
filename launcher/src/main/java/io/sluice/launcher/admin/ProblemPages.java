package io.sluice.launcher.admin;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Answers requests that are malformed as HTTP, in the form of all other problems. Safe from any thread. */
final class ProblemPages extends ErrorHandler {

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(Request request, Response response, int status, String message, Throwable cause,
                                    Callback callback) {
        Answer.Whole answer = answer(status, message);
        HttpFields.Mutable headers = response.getHeaders();
        AdminHandler.HEADERS.forEach(headers::put);
        headers.put(HttpHeader.CONTENT_TYPE, answer.contentType());
        headers.put(HttpHeader.CONTENT_LENGTH, answer.body().length);
        response.write(true, ByteBuffer.wrap(answer.body()), callback);
    }

    private static Answer.Whole answer(int status, String detail) {
        String title = HttpStatus.getMessage(status);
        return Problem.of(status, title, detail == null ? title : detail).answer();
    }
}
