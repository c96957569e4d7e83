// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.web.spi.Operation;
import io.hyperspot.web.spi.ProtocolHandler.ErrorBody;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * What every request passes, in this order: request id, access log and metrics, limits, CORS, the
 * mount, authentication, rates and authorization as the operation declares, the handler. Errors of every
 * step become the mount's own error shape, problem documents by default.
 */
final class Chain extends Handler.Abstract {
    private static final Logger log = LoggerFactory.getLogger(Chain.class);

    private final Mounts mounts;
    private final Gate gate;
    private final Denials denials;
    private final Repeats repeats;
    private final Cors cors;
    private final Streams streams;
    private final HttpMetrics metrics;
    private final @Nullable AccessLog accessLog;
    private final Problems problems;
    private final RequestIds ids = new RequestIds();
    private final AtomicInteger inFlight;
    private final ServerLimits limits;

    Chain(Mounts mounts, Gate gate, Denials denials, Repeats repeats, Cors cors, Streams streams, HttpMetrics metrics,
            @Nullable AccessLog accessLog, Problems problems, AtomicInteger inFlight, ServerLimits limits) {
        this.mounts = mounts;
        this.gate = gate;
        this.denials = denials;
        this.repeats = repeats;
        this.cors = cors;
        this.streams = streams;
        this.metrics = metrics;
        this.accessLog = accessLog;
        this.problems = problems;
        this.inFlight = inFlight;
        this.limits = limits;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String id = ids.of(request.getHeaders().get("X-Request-Id"));
        response.getHeaders().put("X-Request-Id", id);
        SecurityHeaders.apply(request, response.getHeaders());
        JettyExchange exchange = new JettyExchange(request, response, id, limits.bodyTimeout(), streams);
        Visit visit = new Visit(exchange, System.nanoTime());
        try {
            if (inFlight.incrementAndGet() > limits.maxInFlight()) {
                throw new ProblemException(
                        ErrorCategory.UNAVAILABLE, "TOO_MANY_IN_FLIGHT", "the server is at work on as many requests as it takes; try again in a moment");
            }
            visit.cors = request.getHeaders().contains(HttpHeader.ORIGIN) ? cors : null;
            if (cors.apply(request, response)) {
                response.setStatus(204);
                exchange.claim();
                visit.operation = "preflight";
            } else if (serve(visit)) {
                // a servlet completes the callback itself
                handOver(visit, request, response, callback);
                return true;
            }
        } catch (Throwable e) {
            fail(visit, e);
        }
        complete(visit, callback);
        return true;
    }

    /** True when the mount is a servlet, which answers on its own. */
    private boolean serve(Visit visit) throws Exception {
        Request request = visit.exchange.request();
        gate.arrive(request, visit.exchange.response().getHeaders());
        String path = HttpURI.build(request.getHttpURI()).getCanonicalPath();
        Mount mount = enter(path);
        visit.mount = mount;
        visit.trace = TraceParent.traceId(request.getHeaders().get("traceparent"));
        MDC.put("request_id", visit.exchange.requestId());
        MDC.put("trace_id", visit.trace);
        switch (mount) {
            case Mount.Protocol protocol -> serve(visit, protocol, below(path, mount));
            case Mount.Resources resources -> {
                visit.watch(streams.sweeper(), watch(visit, limits.timeoutNanos(Duration.ZERO)));
                resources.application().handle(gate, repeats, limits, visit);
            }
            case Mount.Servlets servlets -> {
                refuseEncodedSlash(request);
                visit.operation = "servlet";
                visit.exchange.log("mount", servlets.path());
                return true;
            }
        }
        return false;
    }

    /** The Servlet API cannot tell an encoded slash from one that separates segments. */
    private static void refuseEncodedSlash(Request request) {
        if (request.getHttpURI().hasViolation(UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR)) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT, "INVALID_PATH", "this path must not contain an encoded slash (%2F)");
        }
    }

    /** A mount that closes between the look and the entry has a successor by then, or is gone. */
    private Mount enter(@Nullable String path) {
        Mount mount = path == null ? null : mounts.find(path);
        while (path != null && mount != null && !mount.inFlight().enter()) {
            Mount closing = mount;
            mount = mounts.find(path);
            if (closing.equals(mount)) {
                mount = null;
            }
        }
        if (mount == null) {
            throw new ProblemException(
                    ErrorCategory.NOT_FOUND, "NO_SUCH_PATH", "nothing is served at " + path + "; /openapi.json lists what is");
        }
        return mount;
    }

    private void serve(Visit visit, Mount.Protocol mount, String path) throws Exception {
        JettyExchange exchange = visit.exchange;
        Mount.Served served = match(mount, exchange.method(), path);
        Operation operation = served.operation();
        visit.operation = mount.path() + operation.path();
        SecurityContext caller = gate.pass(visit, served.posture(), 0);
        visit.calledBy(caller);
        visit.enter(served.bulkhead());
        exchange.admit(caller, path, operation.limits().maxBodyBytes());
        visit.watch(streams.sweeper(), watch(visit, limits.timeoutNanos(operation.limits().timeout())));
        Thread thread = Thread.currentThread();
        thread.setContextClassLoader(mount.loader());
        mount.handler().handle(exchange, operation);
        if (!exchange.started()) {
            throw new IllegalStateException("the handler of " + visit.operation + " gave no answer");
        }
        exchange.end();
    }

    private RequestWatch watch(Visit visit, long timeoutNanos) {
        return new RequestWatch(visit.exchange.cancellation(), visit.begin, timeoutNanos, () -> abandon(visit));
    }

    private static String below(String path, Mount mount) {
        return org.eclipse.jetty.util.URIUtil.decodePath(path.substring(mount.path().length()));
    }

    private static Mount.Served match(Mount.Protocol mount, String method, String path) {
        StringJoiner allowed = new StringJoiner(", ");
        for (Mount.Served served : mount.operations()) {
            Operation operation = served.operation();
            if (covers(operation.path(), path)) {
                boolean head = method.equals("HEAD") && operation.method().equals("GET");
                if (operation.method().equals(method) || head) {
                    return served;
                }
                allowed.add(operation.method());
            }
        }
        if (allowed.length() > 0) {
            throw new ProblemException(
                    ErrorCategory.METHOD_NOT_ALLOWED,
                    "METHOD_NOT_ALLOWED",
                    method + " is not possible here; use " + allowed,
                    Map.of("allow", allowed.toString()),
                    null);
        }
        throw new ProblemException(
                ErrorCategory.NOT_FOUND, "NO_SUCH_PATH", "nothing is served at " + mount.path() + path + "; /openapi.json lists what is");
    }

    private static boolean covers(String template, String path) {
        return template.endsWith("*")
                ? path.startsWith(template.substring(0, template.length() - 1))
                : template.equals(path);
    }

    private void fail(Visit visit, Throwable failure) {
        visit.calm();
        JettyExchange exchange = visit.exchange;
        ProblemException problem = problem(visit, failure);
        if (exchange.started()) {
            breakOff(visit, problem, failure);
            return;
        }
        visit.problem = problem.code();
        if (visit.cors != null && visit.caller == null) {
            visit.cors.unidentified(exchange.request(), exchange.response());
        }
        ErrorBody body = render(visit, problem);
        try {
            putHeaders(exchange, body, problem);
            exchange.respond(problem.category().status(), body.contentType(), body.body());
        } catch (IOException | RuntimeException e) {
            visit.broken = e;
        }
    }

    /** What the caller is told of a failure. */
    private static ProblemException problem(Visit visit, Throwable failure) {
        String expiry = visit.exchange.expiry();
        if (expiry != null) {
            return late(expiry);
        }
        if (failure instanceof ProblemException known) {
            return known;
        }
        if (visit.exchange.cancellation().isCancelled() || failure instanceof IOException) {
            return new ProblemException(ErrorCategory.CANCELLED, "CLIENT_LEFT", "the client left");
        }
        log.error("request {} to {} failed", visit.exchange.requestId(), visit.operation, failure);
        return new ProblemException(
                ErrorCategory.INTERNAL,
                "INTERNAL",
                "the server failed; its log has the reason under request id " + visit.exchange.requestId());
    }

    static ProblemException late(String expiry) {
        return new ProblemException(ErrorCategory.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", "there was no answer in time: " + expiry);
    }

    /** The status line is out: a stream of events tells the error, and of anything else only a broken connection. */
    private void breakOff(Visit visit, ProblemException problem, Throwable failure) {
        JettyExchange exchange = visit.exchange;
        JettyEventStream events = exchange.openEvents();
        boolean left = exchange.cancellation().isCancelled() && exchange.expiry() == null;
        if (events == null || left) {
            visit.broken = failure;
            return;
        }
        log.atWarn()
                .addKeyValue("request_id", exchange.requestId())
                .addKeyValue("code", problem.code())
                .log("a stream broke off: {}", problem.detail());
        visit.problem = problem.code();
        try {
            byte[] own = visit.mount instanceof Mount.Protocol protocol
                    ? protocol.handler().errorEvent(problem, exchange.requestId())
                    : null;
            events.fail(own != null
                    ? own
                    : EventFrame.of("error", null, new String(render(visit, problem).body(), StandardCharsets.UTF_8)));
        } catch (IOException | RuntimeException e) {
            visit.broken = e;
        }
    }

    private ErrorBody render(Visit visit, ProblemException problem) {
        String id = visit.exchange.requestId();
        String path = visit.exchange.request().getHttpURI().getPath();
        ErrorBody own = visit.mount instanceof Mount.Protocol protocol ? protocol.handler().error(problem, id) : null;
        return own != null ? own : problems.render(problem, id, path == null ? "/" : path);
    }

    private static void putHeaders(JettyExchange exchange, ErrorBody body, ProblemException problem) {
        body.headers().forEach(exchange::setHeader);
        if (problem.context().get("allow") instanceof String allow) {
            exchange.setHeader("Allow", allow);
        }
    }

    /** Answers for a handler that does not end although its deadline has passed and it was interrupted. */
    private void abandon(Visit visit) {
        JettyExchange exchange = visit.exchange;
        String expiry = String.valueOf(exchange.expiry());
        log.error("request {} to {} goes on although {}", exchange.requestId(), visit.operation, expiry);
        ProblemException problem = late(expiry);
        ErrorBody body = render(visit, problem);
        EndPoint connection = visit.ownConnection();
        visit.whileAtWork(() -> {
            if (exchange.claim()) {
                visit.problem = problem.code();
                putHeaders(exchange, body, problem);
                if (connection != null) {
                    exchange.setHeader("Connection", "close");
                }
                exchange.answerAway(problem.category().status(), body, () -> close(connection));
            } else {
                close(connection);
            }
        });
    }

    private static void close(@Nullable EndPoint connection) {
        if (connection != null) {
            connection.close();
        }
    }

    private void complete(Visit visit, Callback callback) {
        visit.exchange.linger();
        int status = visit.status();
        if (status == 401 || status == 403) {
            denials.tell(visit, status, gate.client(visit));
        }
        visit.over();
        Throwable broken = visit.broken;
        if (broken == null) {
            visit.giveBack();
            callback.succeeded();
        } else {
            callback.failed(broken);
        }
        account(visit);
    }

    private void account(Visit visit) {
        inFlight.decrementAndGet();
        Mount mount = visit.mount;
        if (mount != null) {
            mount.inFlight().exit();
            MDC.clear();
        }
        JettyExchange exchange = visit.exchange;
        long nanos = System.nanoTime() - visit.begin;
        int status = visit.status();
        // only methods that exist: a client could make up any number of them
        String method = mount == null || HttpMethod.fromString(exchange.method()) == null ? "-" : exchange.method();
        metrics.record(visit.operation, method, status, nanos);
        if (accessLog != null) {
            accessLog.add(line(visit, status, nanos));
        }
    }

    private void handOver(Visit visit, Request request, Response response, Callback callback) throws Exception {
        if (!(visit.mount instanceof Mount.Servlets servlets)) {
            throw new IllegalStateException("only a servlet takes a request over");
        }
        Callback accounted = Callback.from(callback, () -> account(visit));
        if (!servlets.handler().handle(request, response, accounted)) {
            Response.writeError(request, response, accounted, 404);
        }
    }

    private static String line(Visit visit, int status, long nanos) {
        JettyExchange exchange = visit.exchange;
        SecurityContext caller = visit.caller;
        StringBuilder line = new StringBuilder(240);
        line.append("ts=").append(Instant.now());
        line.append(" request_id=").append(exchange.requestId());
        line.append(" trace_id=").append(visit.trace);
        line.append(" tenant=").append(caller == null ? "-" : caller.tenant().toString());
        line.append(" subject=").append(caller == null ? "-" : caller.subject());
        line.append(" method=").append(visit.mount == null ? "-" : exchange.method());
        line.append(" operation=").append(visit.operation);
        line.append(" status=").append(status);
        line.append(" us=").append(nanos / 1000);
        line.append(" bytes_out=").append(exchange.bytesOut());
        if (visit.problem != null) {
            line.append(" problem=").append(visit.problem);
        }
        return line.append(exchange.fields()).toString();
    }
}
