// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.domain;

import io.hyperspot.llm.LlmClient.Model;
import io.hyperspot.llm.ModelId;
import io.hyperspot.llm.ModelInfo;
import io.hyperspot.llm.gateway.routes.Routes;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.WorkerHandle;
import io.hyperspot.modkit.worker.Workers;
import io.hyperspot.security.SecurityContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the worker of a model. Thread-safe; reads one snapshot a call. */
public final class ModelDirectory {
    private static final Logger log = LoggerFactory.getLogger(ModelDirectory.class);
    private static final int LISTED = 50;

    private final Workers<LlmWorker> workers;
    private final Routes routes;

    public ModelDirectory(Workers<LlmWorker> workers, Routes routes) {
        this.workers = workers;
        this.routes = routes;
    }

    public boolean isEmpty() {
        return workers.snapshot().all().isEmpty();
    }

    /** All models that workers list, and the routes of which one is there, ordered by id. */
    public List<Model> models() {
        List<Model> models = new ArrayList<>();
        for (WorkerHandle<LlmWorker> handle : workers.snapshot().all()) {
            try (WorkerHandle.Lease<LlmWorker> lease = handle.acquire(null)) {
                if (lease != null) {
                    String provider = lease.worker().provider();
                    for (ModelInfo info : listed(lease.worker())) {
                        models.add(new Model(new ModelId(provider, info.model()), info));
                    }
                }
            }
        }
        models.addAll(routed(models));
        models.sort(Comparator.comparing(model -> model.id().toString()));
        return models;
    }

    /** A route can what the first of its models can. */
    private List<Model> routed(List<Model> models) {
        Map<ModelId, ModelInfo> known = new HashMap<>();
        models.forEach(model -> known.put(model.id(), model.info()));
        List<Model> routed = new ArrayList<>();
        routes.all().forEach((route, members) -> members.stream()
                .filter(known::containsKey)
                .findFirst()
                .map(known::get)
                .ifPresent(info -> routed.add(new Model(
                        route,
                        new ModelInfo(route.model(), info.capabilities(), info.contextTokens(), info.dimensions())))));
        return routed;
    }

    /**
     * A model that a worker lists.
     *
     * @throws ProblemException NOT_FOUND with the models that exist
     */
    public Model model(String id) {
        for (Model model : models()) {
            if (model.id().toString().equals(id)) {
                return model;
            }
        }
        throw unknown(id);
    }

    /**
     * A lease of the worker that answers for a model; close it in every case.
     *
     * @throws ProblemException NOT_FOUND with the models that exist
     */
    public WorkerHandle.Lease<LlmWorker> lease(ModelId id, SecurityContext ctx) {
        // a worker that is being drained gives no lease; the next snapshot has its successor
        for (int attempt = 0; attempt < 3; attempt++) {
            Workers.Snapshot<LlmWorker> snapshot = workers.snapshot();
            WorkerHandle<LlmWorker> handle = snapshot.key(id.provider());
            if (handle == null) {
                String reason = snapshot.whyNot(id.provider());
                if (reason != null) {
                    throw withdrawn(id, reason);
                }
                break;
            }
            WorkerHandle.Lease<LlmWorker> lease = handle.acquire(ctx.tenant().value());
            if (lease != null) {
                if (offers(lease.worker(), id.model())) {
                    return lease;
                }
                lease.close();
                break;
            }
            Thread.onSpinWait();
        }
        throw unknown(id.toString());
    }

    private static ProblemException withdrawn(ModelId id, String reason) {
        return new ProblemException(
                ErrorCategory.UNAVAILABLE,
                "PROVIDER_WITHDRAWN",
                "the provider '" + id.provider() + "' cannot be used now: " + reason);
    }

    private static boolean offers(LlmWorker worker, String model) {
        if (worker.allowsUnlisted()) {
            return true;
        }
        for (ModelInfo info : listed(worker)) {
            if (info.model().equals(model)) {
                return true;
            }
        }
        return false;
    }

    /** One worker that cannot say what it has does not hide what the others have. */
    private static List<ModelInfo> listed(LlmWorker worker) {
        try {
            return worker.models();
        } catch (RuntimeException | LinkageError e) {
            log.error("worker {} cannot list its models", worker.provider(), e);
            return List.of();
        }
    }

    /** The problem of a model that does not exist. */
    public ProblemException unknown(String name) {
        List<String> names = models().stream().map(model -> model.id().toString()).limit(LISTED).toList();
        String there = names.isEmpty()
                ? "no model is available: run 'hyperspot models pull', or configure a provider"
                : "models are called {provider}/{model}; available: " + String.join(", ", names);
        return new ProblemException(
                ErrorCategory.NOT_FOUND,
                "MODEL_NOT_FOUND",
                "the model '" + name + "' does not exist; " + there,
                Map.of("models", names),
                null);
    }
}
