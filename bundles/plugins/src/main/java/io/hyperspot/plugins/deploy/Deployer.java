// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.Rollouts.Share;
import io.hyperspot.plugins.Plugin;
import io.hyperspot.plugins.Plugin.VersionState;
import io.hyperspot.plugins.Plugins;
import io.hyperspot.plugins.Preflight;
import io.hyperspot.plugins.archive.PluginArchive;
import io.hyperspot.plugins.archive.UnusableException;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All plugins, for those who ask. What changes one runs on the plugin's lane. Thread-safe. */
final class Deployer implements Plugins {
    private final Deployments deployments;
    private final DropIntake intake;
    private final Workbench bench;
    private final Duration patience;
    private final Consumer<AuditEvent> audit;

    /**
     * @param patience the longest time that anyone waits
     * @param audit told of what was done, and of what was tried
     */
    Deployer(Deployments deployments, DropIntake intake, Duration patience, Consumer<AuditEvent> audit) {
        this.deployments = deployments;
        this.intake = intake;
        this.patience = patience;
        this.audit = audit;
        bench = deployments.bench();
    }

    @Override
    public AutoCloseable listen(Consumer<Plugin> listener) {
        return deployments.listen(listener);
    }

    @Override
    public List<Plugin> list() {
        List<Plugin> plugins = new ArrayList<>(intake.strays());
        deployments.all().stream()
                .filter(deployment -> !deployment.isGone())
                .map(Deployment::view)
                .forEach(plugins::add);
        plugins.sort(Comparator.comparing(Plugin::id).thenComparing(Plugin::file));
        return plugins;
    }

    /** What is wrong, a sentence a plugin or stray file; cheaper than {@link #list}. */
    List<String> troubles() {
        List<String> troubles = new ArrayList<>();
        intake.strays().forEach(stray -> troubles.add(stray.file() + ": " + stray.reason()));
        for (Deployment deployment : deployments.all()) {
            String reason = deployment.isGone() ? "" : deployment.reason();
            if (!reason.isEmpty()) {
                troubles.add(deployment.id() + ": " + reason);
            }
        }
        troubles.sort(Comparator.naturalOrder());
        return troubles;
    }

    @Override
    public Optional<Plugin> find(String idOrFile) {
        return deployments.find(idOrFile).map(Deployment::view).or(() -> list().stream()
                .filter(plugin -> plugin.file().equals(idOrFile))
                .findFirst());
    }

    @Override
    public Preflight preflight(Path jar) throws IOException {
        PluginArchive archive;
        try {
            archive = bench.store().take(jar);
        } catch (UnusableException e) {
            return Inspector.unusable(String.valueOf(e.getMessage()));
        }
        try {
            return deployments.inspect(archive);
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
        Deployment deployment = deployments.of(archive.id());
        Act act = Act.install(actor, archive);
        return await(act, deployment.lane().call(() -> {
            try {
                deployments.check(deployment, archive);
                place(deployment, archive);
                deployments.deploy(deployment, archive, share);
                return deployment.view();
            } catch (Refusal e) {
                throw refused(
                        e.state() == VersionState.QUARANTINED ? "PLUGIN_NOT_HEALTHY" : "PLUGIN_REFUSED", e.reason());
            }
        }));
    }

    /** Puts the JAR into the drop-in folder, whose watch must find it known. */
    private void place(Deployment deployment, PluginArchive archive) throws IOException {
        String known = deployment.file();
        String name = known.isEmpty() ? archive.id() + ".jar" : known;
        Path part = intake.folder().resolve("." + name + ".part");
        Files.copy(archive.file(), part, StandardCopyOption.REPLACE_EXISTING);
        deployment.file(name, archive.sha256());
        deployment.commit();
        Files.move(part, intake.folder().resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static ProblemException refused(String code, String reason) {
        return new ProblemException(ErrorCategory.INVALID_ARGUMENT, code, reason);
    }

    @Override
    public Plugin share(String id, Share share, String actor) {
        Deployment deployment = known(id);
        return await(new Act(actor, "plugin.share", id, Map.of("share", share.toString())), deployment.lane().call(() -> {
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
        Act act = new Act(actor, "plugin.rollback", id, version == null ? Map.of() : Map.of("version", version));
        return await(act, deployment.lane().call(() -> {
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
                PluginArchive archive = bench.store().find(sha256);
                // the platform may have changed since it served; it stays kept all the same
                Preflight preflight = deployments.inspect(archive);
                if (!preflight.accepted()) {
                    throw refused("PLUGIN_REFUSED", preflight.text());
                }
                deployment.deploy(archive, Share.ALL);
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
        await(new Act(actor, "plugin.remove", id, Map.of()), deployment.lane().call(() -> {
            for (String name : deployment.fileNames()) {
                Files.deleteIfExists(intake.folder().resolve(name));
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
        return deployments.find(id).orElseThrow(() -> unknown(id));
    }

    private static ProblemException unknown(String id) {
        return new ProblemException(
                ErrorCategory.NOT_FOUND, "PLUGIN_NOT_FOUND", "no plugin '" + id + "'; GET /plugins/v1/plugins lists all");
    }

    /** Everything on a lane has a deadline of its own; this one is for what has been forgotten. */
    private <T> T await(Act act, CompletableFuture<T> result) {
        AuditEvent.Outcome outcome = AuditEvent.Outcome.FAILED;
        try {
            T done = result.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            outcome = AuditEvent.Outcome.DONE;
            return done;
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
        } finally {
            audit.accept(act.event(outcome));
        }
    }
}
