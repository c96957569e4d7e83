// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.security.SecurityContext;
import io.hyperspot.web.idempotency.Begun;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** What is known of one request on its way. */
final class Visit {
    final JettyExchange exchange;
    final long begin;
    String operation = "unmatched";
    String trace = "-";
    @Nullable Mount mount;
    @Nullable SecurityContext caller;
    volatile @Nullable String problem;
    @Nullable Throwable broken;

    /** Of a request of a browser from another origin. */
    @Nullable Cors cors;

    /** Of a request with an Idempotency-Key that is the first: what keeps its answer. */
    Begun.@Nullable Claim claim;

    /** The resource has answered: what fails now is the answer. */
    boolean responding;

    private @Nullable RequestWatch watch;
    private @Nullable Bulkhead bulkhead;
    private @Nullable AtomicInteger tenantInFlight;

    Visit(JettyExchange exchange, long begin) {
        this.exchange = exchange;
        this.begin = begin;
    }

    /** Known, but not let in yet. */
    void identified(SecurityContext context) {
        caller = context;
        Cors rules = cors;
        if (rules != null) {
            rules.identified(exchange.request(), exchange.response(), context.tenant());
        }
    }

    void calledBy(SecurityContext context) {
        caller = context;
        MDC.put("tenant_id", context.tenant().toString());
    }

    /** Enters the operation's bulkhead; left when the visit is over. */
    void enter(Bulkhead limit) {
        limit.enter();
        bulkhead = limit;
    }

    /** Is one of its tenant's until the visit is over. */
    void countedIn(AtomicInteger counter) {
        tenantInFlight = counter;
    }

    /** Lets the request be looked after: its deadline from now on, its client once the body is read. */
    void watch(RequestSweeper sweeper, RequestWatch requestWatch) {
        watch = requestWatch;
        exchange.watchedBy(requestWatch);
        exchange.request().addFailureListener(failure -> exchange.cancellation().cancel("the client left"));
        HttpConnection connection = httpConnection();
        if (connection != null) {
            exchange.requestBody().whenRead(() -> requestWatch.awaitLeave(connection));
        }
        sweeper.add(requestWatch);
    }

    /** The connection when it carries this request only; null for HTTP/2. */
    @Nullable EndPoint ownConnection() {
        HttpConnection connection = httpConnection();
        return connection == null ? null : connection.getEndPoint();
    }

    private @Nullable HttpConnection httpConnection() {
        return exchange.request().getConnectionMetaData().getConnection() instanceof HttpConnection connection ? connection : null;
    }

    void timeout(long nanos) {
        if (watch != null) {
            watch.timeout(nanos);
        }
    }

    /** The thread writes the error now and must not be interrupted. */
    void calm() {
        if (watch != null) {
            watch.calm();
        }
    }

    /** Does something in the handler's place, unless the request is over. */
    void whileAtWork(Runnable action) {
        if (watch != null) {
            watch.whileAtWork(action);
        }
    }

    /** Ends everything but the accounting. */
    void over() {
        exchange.release();
        if (bulkhead != null) {
            bulkhead.exit();
        }
        if (tenantInFlight != null) {
            tenantInFlight.decrementAndGet();
        }
        if (watch != null) {
            watch.done();
        }
    }

    /** The connection goes on: it gets what was read of its next request. */
    void giveBack() {
        if (watch != null) {
            watch.giveBack();
        }
    }

    int status() {
        boolean late = exchange.expiry() != null;
        if (broken != null) {
            return late ? 504 : 499;
        }
        boolean left = exchange.cancellation().isCancelled() && !exchange.delivered();
        return left && !late ? 499 : exchange.response().getStatus();
    }
}
