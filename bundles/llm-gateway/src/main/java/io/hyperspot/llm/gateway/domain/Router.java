// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.domain;

import io.hyperspot.llm.ModelId;
import io.hyperspot.llm.gateway.routes.Routes;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.WorkerHandle.Lease;
import io.hyperspot.security.SecurityContext;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has a model answer: the one that was asked for, or those of a route, one after the other. Thread-safe. */
public final class Router {
    private static final Logger log = LoggerFactory.getLogger(Router.class);

    /** The failures after which another model may do better. */
    private static final Set<ErrorCategory> PASSING = EnumSet.of(
            ErrorCategory.UNAVAILABLE,
            ErrorCategory.DEADLINE_EXCEEDED,
            ErrorCategory.BAD_UPSTREAM,
            ErrorCategory.RESOURCE_EXHAUSTED,
            ErrorCategory.NOT_FOUND);

    private final ModelDirectory directory;
    private final Routes routes;

    public Router(ModelDirectory directory, Routes routes) {
        this.directory = directory;
        this.routes = routes;
    }

    /** Asks one model. */
    public interface Question {
        /**
         * @param last whether there is nobody else to ask: then failures are for the client
         */
        void ask(ModelId model, Lease<LlmWorker> lease, boolean last) throws Exception;

        /** Whether the client has got something of an answer, so that nobody else can be asked. */
        boolean begun();

        /** When the answer began, in nanoseconds after the model was asked. */
        long begunAfter();
    }

    /**
     * @throws ProblemException NOT_FOUND for an unknown model; that of the last model that was asked
     */
    public void run(ModelId asked, SecurityContext ctx, Question question) throws Exception {
        List<ModelId> models = routes.order(asked);
        if (models == null) {
            try (Lease<LlmWorker> lease = directory.lease(asked, ctx)) {
                question.ask(asked, lease, true);
            }
            return;
        }
        boolean answered = false;
        for (int i = 0; !answered; i++) {
            answered = ask(models.get(i), ctx, question, i == models.size() - 1);
        }
    }

    /** Whether it has answered. */
    private boolean ask(ModelId model, SecurityContext ctx, Question question, boolean last) throws Exception {
        try (Lease<LlmWorker> lease = directory.lease(model, ctx)) {
            question.ask(model, lease, last);
            routes.began(model, question.begunAfter());
            return true;
        } catch (ProblemException e) {
            boolean passing = PASSING.contains(e.category()) && !question.begun();
            if (passing) {
                routes.failed(model);
            }
            if (last || !passing) {
                throw e;
            }
            log.info("{} does not answer, the next of its route is asked: {}", model, e.detail());
            return false;
        }
    }
}
