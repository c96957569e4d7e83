// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import io.hyperspot.modkit.worker.Rollouts.Share;
import io.hyperspot.plugins.Plugin;
import io.hyperspot.plugins.Plugin.VersionState;
import io.hyperspot.plugins.Preflight;
import io.hyperspot.plugins.archive.PluginArchive;
import io.hyperspot.plugins.preflight.Inspector;
import io.hyperspot.plugins.store.Commit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugins by their ids. Each has a lane of its own, so that one that hangs delays no other.
 * Thread-safe.
 */
final class Deployments {
    private static final Logger log = LoggerFactory.getLogger(Deployments.class);

    private final Workbench bench;
    private final Inspector inspector;
    private final Map<String, Deployment> byId = new ConcurrentHashMap<>();
    private final List<Consumer<Plugin>> listeners = new CopyOnWriteArrayList<>();

    /** Told of a plugin that has come or gone: it may be what others wait for. */
    private volatile Consumer<Deployment> changes = changed -> {};

    Deployments(Workbench bench, Inspector inspector) {
        this.bench = bench;
        this.inspector = inspector;
    }

    Workbench bench() {
        return bench;
    }

    void onChange(Consumer<Deployment> action) {
        changes = action;
    }

    /** Brings back what served when the process ended, and nothing else; the result completes with the last. */
    CompletableFuture<Void> restore() {
        Collection<Commit> commits = bench.commits().commits().values();
        bench.store().retain(bench.commits().wanted());
        bench.host().sweep(commits.stream()
                .map(commit -> "plugin:" + commit.id() + "@" + commit.active())
                .collect(Collectors.toSet()));
        List<CompletableFuture<?>> restored = new ArrayList<>();
        for (Commit commit : commits) {
            Deployment deployment = of(commit.id());
            restored.add(deployment.lane().call(() -> {
                deployment.restore(commit);
                return null;
            }));
        }
        return CompletableFuture.allOf(restored.toArray(CompletableFuture<?>[]::new));
    }

    /** The one with the id, made when there is none. */
    Deployment of(String id) {
        return byId.computeIfAbsent(id, name -> new Deployment(name, new Lane(bench.threads()), bench, this::changed));
    }

    /** The one with the id, unless nothing is left of it. */
    Optional<Deployment> find(String id) {
        return Optional.ofNullable(byId.get(id)).filter(deployment -> !deployment.isGone());
    }

    Collection<Deployment> all() {
        return byId.values();
    }

    private void changed(Deployment deployment) {
        // a view looks at workers, components and threads, and a change has many steps
        if (!listeners.isEmpty()) {
            tell(deployment.view());
        }
        if (deployment.isGone()) {
            changes.accept(deployment);
        }
    }

    void tell(Plugin plugin) {
        for (Consumer<Plugin> listener : listeners) {
            try {
                listener.accept(plugin);
            } catch (RuntimeException e) {
                log.error("a listener of plugins failed", e);
            }
        }
    }

    AutoCloseable listen(Consumer<Plugin> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** What would come of deploying a version now. */
    Preflight inspect(PluginArchive archive) {
        Deployment deployment = byId.get(archive.id());
        Running active = deployment == null ? null : deployment.active();
        return inspector.inspect(archive, active == null ? "" : active.version());
    }

    /**
     * Looks at a version before anything is touched, and records when it is refused. On the plugin's lane.
     *
     * @throws Refusal when it would not come to serve
     */
    void check(Deployment deployment, PluginArchive archive) throws Refusal {
        Preflight preflight = inspect(archive);
        if (!preflight.accepted()) {
            Refusal refusal = new Refusal(
                    preflight.refused() ? VersionState.REJECTED : VersionState.WAITING, preflight.text());
            deployment.refuse(archive, refusal);
            throw refusal;
        }
    }

    /**
     * Deploys a version that was checked. On the plugin's lane.
     *
     * @throws Refusal when it does not come to serve; what served before serves on
     */
    void deploy(Deployment deployment, PluginArchive archive, Share share)
            throws Refusal, IOException, InterruptedException {
        deployment.deploy(archive, share);
        changes.accept(deployment);
    }
}
