// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.modkit.worker.Rollouts.Share;
import io.hyperspot.plugins.Plugin;
import io.hyperspot.plugins.Plugin.State;
import io.hyperspot.plugins.Plugin.VersionState;
import io.hyperspot.plugins.archive.PluginArchive;
import io.hyperspot.plugins.archive.UnusableException;
import io.hyperspot.plugins.drop.DropFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What comes by the drop-in folder. Each file is read on a lane of its own. Thread-safe. */
final class DropIntake implements DropFolder.Listener {
    private static final Logger log = LoggerFactory.getLogger(DropIntake.class);

    private static final long MOMENT_MS = 100;

    private final Path folder;
    private final Deployments deployments;
    private final Workbench bench;
    private final Map<String, Lane> readers = new ConcurrentHashMap<>();

    /** Files that are no plugins, by name. */
    private final Map<String, Plugin> strays = new ConcurrentHashMap<>();

    private final Consumer<AuditEvent> audit;
    private final List<CompletableFuture<?>> beginnings = new CopyOnWriteArrayList<>();
    private final AtomicBoolean retrying = new AtomicBoolean();
    private volatile boolean looked;

    DropIntake(Path folder, Deployments deployments, Consumer<AuditEvent> audit) {
        this.folder = folder;
        this.audit = audit;
        this.deployments = deployments;
        bench = deployments.bench();
        deployments.onChange(this::retryWaiting);
    }

    Path folder() {
        return folder;
    }

    /** The start is not over before this is. */
    void awaits(CompletableFuture<?> beginning) {
        beginnings.add(beginning);
    }

    /** Files that are no plugins. */
    Collection<Plugin> strays() {
        return strays.values();
    }

    /** Whether what was there at the start was handled. */
    boolean isSettled() {
        return looked && beginnings.stream().allMatch(CompletableFuture::isDone);
    }

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
        reader(name).run(() -> {
            strays.remove(name);
            deployments.all().forEach(deployment -> deployment.lane().run(() -> {
                // an upload may have put it there again
                if (!Files.exists(folder.resolve(name))) {
                    if (deployment.fileNames().contains(name)) {
                        audit.accept(new Act(Act.FOLDER, "plugin.remove", deployment.id(), Map.of("file", name))
                                .event(AuditEvent.Outcome.DONE));
                    }
                    deployment.forget(name);
                }
            }));
        });
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
        deployments.all().stream()
                .filter(other -> !other.id().equals(archive.id()))
                .forEach(other -> other.lane().run(() -> other.forget(name)));
        Deployment deployment = deployments.of(archive.id());
        // everything on a lane has a deadline of its own
        deployment.lane()
                .call(() -> {
                    if (stamp.isStill(folder.resolve(name))) {
                        arrive(deployment, name, archive);
                    } else {
                        // overwritten meanwhile: that is told of too
                        bench.store().discard(archive);
                    }
                    return null;
                })
                .join();
    }

    /** A plugin whose file was overwritten by something that is none serves on. */
    private void stray(String name, String reason) {
        Plugin before = strays.get(name);
        if (before != null && before.reason().equals(reason)) {
            return;
        }
        Plugin stray = new Plugin(
                "", name, "", "", State.REJECTED, reason, bench.clock().instant(), 0, List.of(), List.of());
        strays.put(name, stray);
        log.warn("plugin file {} is REJECTED: {}", name, reason);
        deployments.tell(stray);
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
        AuditEvent.Outcome outcome = AuditEvent.Outcome.FAILED;
        try {
            deployments.check(deployment, archive);
            deployments.deploy(deployment, archive, Share.ALL);
            outcome = AuditEvent.Outcome.DONE;
        } catch (Refusal e) {
            log.debug("refused", e);
        } finally {
            audit.accept(Act.install(Act.FOLDER, archive).event(outcome));
        }
    }

    /**
     * The platform has changed, so that what a plugin waits for may be there. Many changes within a moment
     * are one; from any thread, must not block.
     */
    void retryWaitingSoon() {
        if (retrying.compareAndSet(false, true)) {
            CompletableFuture.delayedExecutor(MOMENT_MS, TimeUnit.MILLISECONDS, bench.threads()).execute(() -> {
                // before the look: what changes from now on is looked at again
                retrying.set(false);
                retryWaiting(null);
            });
        }
    }

    /** What came, or has gone, may be what another waits for. */
    private void retryWaiting(@Nullable Deployment changed) {
        deployments.all().stream()
                .filter(other -> !other.equals(changed))
                .filter(Deployment::isWaiting)
                .map(Deployment::file)
                .filter(file -> !file.isEmpty() && Files.exists(folder.resolve(file)))
                .forEach(file -> reader(file).run(() -> take(file)));
    }
}
