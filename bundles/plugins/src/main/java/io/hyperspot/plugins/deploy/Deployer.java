// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.Rollouts.Share;
import io.hyperspot.plugins.Plugin;
import io.hyperspot.plugins.Plugin.State;
import io.hyperspot.plugins.Plugin.VersionState;
import io.hyperspot.plugins.Plugins;
import io.hyperspot.plugins.Preflight;
import io.hyperspot.plugins.archive.PluginArchive;
import io.hyperspot.plugins.archive.UnusableException;
import io.hyperspot.plugins.drop.DropFolder;
import io.hyperspot.plugins.preflight.Inspector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All plugins: from the drop-in folder, and by request. Each is handled on a lane of its own, so that
 * one that hangs delays no other. Thread-safe.
 */
final class Deployer implements Plugins, DropFolder.Listener {
    private static final Logger log = LoggerFactory.getLogger(Deployer.class);

    private final Path folder;
    private final Workbench bench;
    private final Inspector inspector;
    private final Duration patience;
    private final Map<String, Deployment> deployments = new ConcurrentHashMap<>();
    private final Map<String, Lane> readers = new ConcurrentHashMap<>();

    /** Files that are no plugins, by name. */
    private final Map<String, Plugin> strays = new ConcurrentHashMap<>();

    private final List<Consumer<Plugin>> listeners = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<?>> beginnings = new CopyOnWriteArrayList<>();
    private volatile boolean looked;

    Deployer(Path folder, Workbench bench, Inspector inspector, Duration patience) {
        this.folder = folder;
        this.bench = bench;
        this.inspector = inspector;
        this.patience = patience;
    }

    /** Brings back what served when the process ended, and nothing else. */
    void restore() {
        bench.store().retain(bench.commits().wanted());
        bench.host().sweep(bench.commits().commits().values().stream()
                .map(commit -> "plugin:" + commit.id() + "@" + commit.active())
                .collect(Collectors.toSet()));
        bench.commits().commits().values().forEach(commit -> {
            Deployment deployment = deployment(commit.id());
            beginnings.add(deployment.lane().call(() -> {
                deployment.restore(commit);
                return null;
            }));
        });
    }

    /** Whether what was there at the start was handled. */
    boolean isSettled() {
        return looked && beginnings.stream().allMatch(CompletableFuture::isDone);
    }

    private Deployment deployment(String id) {
        return deployments.computeIfAbsent(id, name -> new Deployment(name, new Lane(bench.threads()), bench, this::tell));
    }

    private void tell(Plugin plugin) {
        for (Consumer<Plugin> listener : listeners) {
            try {
                listener.accept(plugin);
            } catch (RuntimeException e) {
                log.error("a listener of plugins failed", e);
            }
        }
    }

    @Override
    public AutoCloseable listen(Consumer<Plugin> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public List<Plugin> list() {
        List<Plugin> plugins = new ArrayList<>(strays.values());
        deployments.values().stream()
                .filter(deployment -> !deployment.isGone())
                .map(Deployment::view)
                .forEach(plugins::add);
        plugins.sort(Comparator.comparing(Plugin::id).thenComparing(Plugin::file));
        return plugins;
    }

    @Override
    public Optional<Plugin> find(String idOrFile) {
        return list().stream()
                .filter(plugin -> plugin.id().equals(idOrFile) || plugin.file().equals(idOrFile))
                .findFirst();
    }

    // --- the drop-in folder ---

    @Override
    public void settled(Path file) {
        String name = file.getFileName().toString();
        CompletableFuture<?> taken = reader(name).call(() -> {
            take(name);
            return null;
        });
        if (!looked) {
            beginnings.add(taken);
        }
    }

    @Override
    public void gone(String name) {
        reader(name).run(() -> leave(name));
    }

    @Override
    public void lookedOnce(Set<String> names) {
        // what was deleted while the server was down
        for (var commit : bench.commits().commits().values()) {
            commit.files().keySet().stream().filter(name -> !names.contains(name)).forEach(this::gone);
        }
        looked = true;
    }

    private Lane reader(String name) {
        return readers.computeIfAbsent(name, file -> new Lane(bench.threads()));
    }

    private void take(String name) {
        PluginArchive archive;
        FileStamp stamp;
        try {
            stamp = FileStamp.of(folder.resolve(name));
            archive = bench.store().take(folder.resolve(name));
        } catch (UnusableException e) {
            stray(name, String.valueOf(e.getMessage()));
            return;
        } catch (IOException e) {
            stray(name, "it cannot be read: " + e.getMessage());
            return;
        }
        strays.remove(name);
        deployments.values().stream()
                .filter(other -> !other.id().equals(archive.id()))
                .forEach(other -> other.lane().run(() -> other.forget(name)));
        Deployment deployment = deployment(archive.id());
        await(deployment.lane().call(() -> {
            if (stamp.isStill(folder.resolve(name))) {
                arrive(deployment, name, archive);
            } else {
                // overwritten meanwhile: that is told of too
                bench.store().discard(archive);
            }
            return null;
        }));
    }

    private void stray(String name, String reason) {
        Plugin before = strays.get(name);
        if (before != null && before.reason().equals(reason)) {
            return;
        }
        Plugin stray = new Plugin(
                "", name, "", "", State.REJECTED, reason, bench.clock().instant(), 0, List.of(), List.of());
        strays.put(name, stray);
        log.warn("plugin file {} is REJECTED: {}", name, reason);
        tell(stray);
    }

    private void leave(String name) {
        strays.remove(name);
        deployments.values().forEach(deployment -> deployment.lane().run(() -> deployment.forget(name)));
    }

    /** On the plugin's lane. */
    private void arrive(Deployment deployment, String name, PluginArchive archive) throws IOException, InterruptedException {
        boolean known = deployment.hasFile(name, archive.sha256());
        deployment.file(name, archive.sha256());
        Running active = deployment.active();
        boolean serves = active != null && active.archive().sha256().equals(archive.sha256());
        if (serves || (known && !deployment.waits(archive.sha256(), !looked))) {
            // touched, or seen before the server started
            bench.store().discard(archive);
            deployment.commit();
            return;
        }
        if (active != null && archive.version().compareTo(active.archive().version()) < 0 && deployment.hasOtherFile(name)) {
            deployment.refuse(archive, new Refusal(
                    VersionState.REJECTED,
                    active.version() + " serves, which is newer, from another file; to go back to " + archive.version()
                            + " delete that file, or use 'hyperspot plugins rollback " + archive.id() + "'"));
            return;
        }
        try {
            deploy(deployment, archive, Share.ALL);
        } catch (Refusal e) {
            log.debug("refused", e);
        }
    }

    private void deploy(Deployment deployment, PluginArchive archive, Share share)
            throws Refusal, IOException, InterruptedException {
        Preflight preflight = inspect(deployment, archive);
        if (!preflight.accepted()) {
            Refusal refusal = new Refusal(
                    preflight.refused() ? VersionState.REJECTED : VersionState.WAITING, preflight.text());
            deployment.refuse(archive, refusal);
            throw refusal;
        }
        deployment.deploy(archive, share);
        retryWaiting(deployment);
    }

    private Preflight inspect(Deployment deployment, PluginArchive archive) {
        Running active = deployment.active();
        return inspector.inspect(archive, active == null ? "" : active.version());
    }

    /** What came may be what another waits for. */
    private void retryWaiting(Deployment arrived) {
        deployments.values().stream()
                .filter(other -> !other.equals(arrived))
                .map(Deployment::view)
                .filter(plugin -> plugin.versions().stream().anyMatch(version -> version.state() == VersionState.WAITING))
                .map(Plugin::file)
                .filter(file -> Files.exists(folder.resolve(file)))
                .forEach(file -> reader(file).run(() -> take(file)));
    }

    // --- by request ---

    @Override
    public Preflight preflight(Path jar) throws IOException {
        PluginArchive archive;
        try {
            archive = bench.store().take(jar);
        } catch (UnusableException e) {
            return Inspector.unusable(String.valueOf(e.getMessage()));
        }
        try {
            Deployment known = deployments.get(archive.id());
            return known == null ? inspector.inspect(archive, "") : inspect(known, archive);
        } finally {
            bench.store().discard(archive);
        }
    }

    @Override
    public Plugin install(Path jar, Share share, String actor) throws IOException {
        PluginArchive archive;
        try {
            archive = bench.store().take(jar);
        } catch (UnusableException e) {
            throw refused("PLUGIN_REFUSED", String.valueOf(e.getMessage()));
        }
        Deployment deployment = deployment(archive.id());
        log.info("audit: {} installs {} (SHA-256 {})", actor, archive, archive.sha256());
        return await(deployment.lane().call(() -> {
            try {
                Preflight preflight = inspect(deployment, archive);
                if (preflight.accepted()) {
                    place(deployment, archive);
                }
                deploy(deployment, archive, share);
                return deployment.view();
            } catch (Refusal e) {
                throw refused(
                        e.state() == VersionState.QUARANTINED ? "PLUGIN_NOT_HEALTHY" : "PLUGIN_REFUSED", e.reason());
            }
        }));
    }

    /** Puts the JAR into the drop-in folder, whose watch must find it known. */
    private void place(Deployment deployment, PluginArchive archive) throws IOException {
        String known = deployment.view().file();
        String name = known.isEmpty() ? archive.id() + ".jar" : known;
        Path part = folder.resolve("." + name + ".part");
        Files.copy(archive.file(), part, StandardCopyOption.REPLACE_EXISTING);
        deployment.file(name, archive.sha256());
        deployment.commit();
        Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static ProblemException refused(String code, String reason) {
        return new ProblemException(ErrorCategory.INVALID_ARGUMENT, code, reason);
    }

    @Override
    public Plugin share(String id, Share share, String actor) {
        Deployment deployment = known(id);
        log.info("audit: {} gives {} to the version of {} that is being tried", actor, share, id);
        return await(deployment.lane().call(() -> {
            if (!deployment.isTrying()) {
                throw new ProblemException(
                        ErrorCategory.FAILED_PRECONDITION,
                        "NOTHING_IS_TRIED",
                        "no version of " + id + " is being tried; install one with a share below 100 %");
            }
            deployment.share(share);
            return deployment.view();
        }));
    }

    @Override
    public Plugin rollback(String id, @Nullable String version, String actor) {
        Deployment deployment = known(id);
        log.info("audit: {} rolls back {} to {}", actor, id, version == null ? "the version before" : version);
        return await(deployment.lane().call(() -> {
            if (deployment.isStandingBy(version)) {
                deployment.goBack(actor);
                return deployment.view();
            }
            String sha256 = deployment.kept(version);
            if (sha256 == null) {
                throw new ProblemException(
                        ErrorCategory.NOT_FOUND,
                        "VERSION_NOT_FOUND",
                        "there is no " + (version == null ? "version before" : "version " + version) + " of " + id
                                + "; GET /plugins/v1/plugins/" + id + "/versions lists what is kept");
            }
            try {
                deployment.deploy(bench.store().find(sha256), Share.ALL);
                return deployment.view();
            } catch (UnusableException e) {
                throw refused("PLUGIN_REFUSED", String.valueOf(e.getMessage()));
            } catch (Refusal e) {
                throw refused("PLUGIN_NOT_HEALTHY", e.reason());
            }
        }));
    }

    @Override
    public void remove(String id, String actor) {
        Deployment deployment = known(id);
        log.info("audit: {} removes {}", actor, id);
        await(deployment.lane().call(() -> {
            for (String name : deployment.fileNames()) {
                Files.deleteIfExists(folder.resolve(name));
            }
            deployment.remove("removed by " + actor);
            return deployment.view();
        }));
    }

    @Override
    public String diagnosis(String id) {
        return find(id).map(Diagnosis::text).orElseThrow(() -> unknown(id));
    }

    private Deployment known(String id) {
        Deployment deployment = deployments.get(id);
        if (deployment == null || deployment.isGone()) {
            throw unknown(id);
        }
        return deployment;
    }

    private static ProblemException unknown(String id) {
        return new ProblemException(
                ErrorCategory.NOT_FOUND, "PLUGIN_NOT_FOUND", "no plugin '" + id + "'; GET /plugins/v1/plugins lists all");
    }

    /** Everything on a lane has a deadline of its own; this one is for what has been forgotten. */
    private <T> T await(CompletableFuture<T> result) {
        try {
            return result.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProblemException problem) {
                throw problem;
            }
            throw new IllegalStateException("handling a plugin failed", e.getCause());
        } catch (TimeoutException e) {
            throw new ProblemException(
                    ErrorCategory.DEADLINE_EXCEEDED,
                    "PLUGIN_BUSY",
                    "the plugin is still at work on something else; GET /plugins/v1/plugins shows what becomes of it",
                    Map.of(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(
                    ErrorCategory.CANCELLED, "CANCELLED", "nobody waits for the result any more", Map.of(), e);
        }
    }
}
