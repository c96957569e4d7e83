// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.web.spi.ProtocolHandler.ErrorBody;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Problem documents for what fails before the chain: malformed HTTP, oversized headers. */
final class ContainerErrors implements Request.Handler {
    private final Problems problems;

    ContainerErrors(Problems problems) {
        this.problems = problems;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        Object message = request.getAttribute(ErrorHandler.ERROR_MESSAGE);
        String detail = status >= 500
                ? "the server could not take the request"
                : "the request is not valid HTTP" + (message == null ? "" : ": " + message);
        String path = request.getHttpURI().getPath();
        ErrorBody body = problems.render(Problems.ofStatus(status, detail), "-", path == null ? "/" : path);
        SecurityHeaders.apply(request, response.getHeaders());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, body.contentType());
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.body().length);
        response.write(true, ByteBuffer.wrap(body.body()), callback);
        return true;
    }
}
