// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import io.hyperspot.modkit.worker.Rollouts.Rollout;
import io.hyperspot.modkit.worker.Rollouts.Share;
import io.hyperspot.plugins.Plugin;
import io.hyperspot.plugins.Plugin.State;
import io.hyperspot.plugins.Plugin.VersionState;
import io.hyperspot.plugins.archive.PluginArchive;
import io.hyperspot.plugins.archive.UnusableException;
import io.hyperspot.plugins.store.Commit;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One plugin and what happens to it. Everything but {@link #view} runs on its lane, one thing after
 * the other; what a version that leaves still has to finish does not keep the lane.
 */
final class Deployment {
    private static final Logger log = LoggerFactory.getLogger(Deployment.class);

    private final String id;
    private final Lane lane;
    private final Workbench bench;
    private final History history;
    private final Consumer<Deployment> changed;
    private final HandoverWatch watch;
    private final Departures departures;
    private volatile @Nullable Running active;
    private @Nullable Handover handover;

    /** The bundles that serve or stand by, with the SHA-256 of their JARs. */
    private volatile Map<Long, String> bundles = Map.of();

    private volatile boolean gone;

    Deployment(String id, Lane lane, Workbench bench, Consumer<Deployment> changed) {
        this.id = id;
        this.lane = lane;
        this.bench = bench;
        this.changed = changed;
        history = new History(id, bench.clock(), bench.keep(), bench.releases());
        watch = new HandoverWatch(
                bench,
                lane,
                () -> handover,
                (now, trouble) -> takeBack(now, VersionState.QUARANTINED, trouble),
                this::settle);
        departures = new Departures(bench, lane, () -> changed.accept(this));
    }

    Lane lane() {
        return lane;
    }

    /** As it is now; from any thread. */
    Plugin view() {
        Map<Long, String> all = new HashMap<>(departures.leaving());
        all.putAll(bundles);
        return history.view(bench.gate().inFlight(all), reason());
    }

    /** The version that serves; from any thread. */
    @Nullable Running active() {
        return active;
    }

    String id() {
        return id;
    }

    /** Whether nothing of it is left; from any thread. */
    boolean isGone() {
        return gone;
    }

    /** Its name in the drop-in folder, or empty; from any thread. */
    String file() {
        return history.shown().file();
    }

    /** What is wrong, or empty; from any thread. */
    String reason() {
        String own = history.shown().reason();
        return own.isEmpty() ? bench.gate().attention(bundles.keySet()) : own;
    }

    /** Whether a version waits for something; from any thread. */
    boolean isWaiting() {
        return history.shown().versions().stream().anyMatch(version -> version.state() == VersionState.WAITING);
    }

    /** Whether a version waits for something that may have come. */
    boolean waits(String sha256, boolean atStart) {
        return history.waits(sha256, atStart);
    }

    boolean hasOtherFile(String name) {
        return history.files().keySet().stream().anyMatch(file -> !file.equals(name));
    }

    Set<String> fileNames() {
        return Set.copyOf(history.files().keySet());
    }

    boolean hasFile(String name, String sha256) {
        return sha256.equals(history.files().get(name));
    }

    /** Brings back what served when the process ended. */
    void restore(Commit commit) {
        history.restore(commit);
        if (commit.active().isEmpty()) {
            publish();
            return;
        }
        try {
            PluginArchive archive = bench.store().find(commit.active());
            Bundle bundle = bench.host().running(archive);
            if (bundle == null) {
                bundle = bench.host().install(archive);
                start(new Running(archive, bundle), false);
            }
            active = new Running(archive, bundle);
            history.enter(archive, VersionState.ACTIVE, "");
        } catch (IOException | UnusableException e) {
            log.error("plugin {} cannot be brought back: {}", id, e.getMessage());
            history.trouble(VersionState.REJECTED, "it cannot be brought back: " + e.getMessage());
        } catch (Refusal e) {
            log.error("plugin {} cannot be brought back: {}", id, e.reason());
            history.trouble(e.state(), e.reason());
        }
        publish();
    }

    /** A file of the folder has this content now. */
    void file(String name, String sha256) {
        history.file(name, sha256);
        publish();
    }

    /** A file of the folder is gone, if it ever was the plugin's; the plugin goes with its last one. */
    void forget(String name) {
        if (!history.files().containsKey(name)) {
            return;
        }
        history.forget(name);
        if (history.files().isEmpty()) {
            remove("its file " + name + " was deleted");
        } else {
            commit();
            publish();
        }
    }

    /** Something came that is refused before it is touched. */
    void refuse(PluginArchive archive, Refusal refusal) {
        bench.store().discard(archive);
        report(archive, refusal);
    }

    private void report(PluginArchive archive, Refusal refusal) {
        if (!history.enter(archive, refusal.state(), refusal.reason())) {
            // it was tried again, and nothing has changed
            return;
        }
        String running = active == null ? "" : "\n  Running  " + active.version() + " goes on";
        log.warn("plugin {} is {}: {}{}", archive, refusal.state(), refusal.reason(), running);
        commit();
        publish();
    }

    /**
     * Deploys a version beside the one that serves.
     *
     * @throws Refusal when it does not come to serve; what served before serves on
     */
    void deploy(PluginArchive taken, Share share) throws Refusal, IOException, InterruptedException {
        settle();
        history.begin();
        PluginArchive archive = bench.store().keep(taken);
        bench.releases().forget(archive.sha256());
        Running before = active;
        try {
            if (before == null) {
                first(archive);
            } else {
                beside(before, archive, share);
            }
        } catch (Refusal e) {
            report(archive, e);
            throw e;
        }
    }

    private void first(PluginArchive archive) throws Refusal {
        Running running = new Running(archive, bench.host().install(archive));
        start(running, true);
        history.step("started " + archive.version());
        serve(running);
        log.atInfo().addKeyValue("plugin", archive).log("plugin activated");
    }

    /** What has served before is not judged: its components get the time that they need. */
    private void start(Running running, boolean judged) throws Refusal {
        boolean ready = false;
        try {
            bench.host().start(running.bundle());
            if (judged) {
                bench.gate().refuseFailed(running.bundle());
            }
            ready = true;
        } finally {
            if (!ready) {
                bench.host().abandon(running.bundle());
            }
        }
    }

    private void beside(Running before, PluginArchive archive, Share share) throws Refusal, InterruptedException {
        Running next = new Running(archive, bench.host().install(archive));
        history.step("installed " + archive.version() + " beside " + before.archive().version());
        // before its start: its workers must not be offered by chance
        Rollout rollout = bench.rollouts().begin(before.id(), next.id());
        boolean ready = false;
        try {
            bench.host().start(next.bundle());
            history.step("started " + archive.version());
            bench.gate().pass(next.bundle(), bench.gate().promised(before.bundle(), archive));
            bench.gate().refuseFailed(next.bundle());
            history.step(archive.version() + " is healthy");
            ready = true;
        } finally {
            if (!ready) {
                history.step(archive.version() + " did not get ready");
                retire(next, rollout, VersionState.QUARANTINED);
            }
        }
        handover = new Handover(before, next, rollout, Share.NONE, Instant.MAX);
        share(share);
        watch.begin();
    }

    /** Whether a version is being tried with a share of the requests. */
    boolean isTrying() {
        Handover now = handover;
        return now != null && !now.isSwitched();
    }

    /** Changes the share of the version that is being tried. */
    void share(Share share) {
        Handover now = handover;
        if (now == null) {
            throw new IllegalStateException("nothing is being tried");
        }
        Instant begin = bench.clock().instant();
        now.rollout().offer(share);
        String version = now.next().version();
        if (share.isAll()) {
            Duration took = Duration.between(begin, bench.clock().instant());
            history.step("switched to " + version + " in " + took.toMillis() + " ms");
            handover = now.with(share, bench.clock().instant().plus(bench.watchPeriod()));
            history.enter(now.before().archive(), VersionState.STANDBY, "ready to take over again while " + version + " is watched");
            serve(now.next());
            log.atInfo().addKeyValue("plugin", now.next().archive()).addKeyValue("before", now.before().version()).log("plugin upgraded");
        } else {
            history.step(version + " gets " + share + " of the requests");
            handover = now.with(share, Instant.MAX);
            history.enter(now.next().archive(), VersionState.CANARY, "gets " + share + " of the requests");
            publish();
        }
    }

    private void serve(Running running) {
        active = running;
        history.enter(running.archive(), VersionState.ACTIVE, "");
        commit();
        publish();
    }

    /** Ends what is under way: a version that has all requests stays, one that is being tried does not. */
    private void settle() {
        Handover now = handover;
        if (now == null) {
            return;
        }
        if (now.isSwitched()) {
            handover = null;
            retire(now.before(), now.rollout(), VersionState.KEPT);
        } else {
            takeBack(now, VersionState.KEPT, "another version came while it was tried");
        }
    }

    private void takeBack(Handover now, VersionState state, String reason) {
        now.rollout().offer(Share.NONE);
        handover = null;
        String version = now.next().version();
        history.step("went back from " + version + " to " + now.before().version() + ": " + reason);
        log.atWarn()
                .addKeyValue("plugin", now.next().archive())
                .addKeyValue("active", now.before().version())
                .log("plugin version taken back: {}", reason);
        history.enter(now.next().archive(), state, reason);
        serve(now.before());
        retire(now.next(), now.rollout(), state);
    }

    /** Goes back to the version before without a new start, while it still stands by. */
    void goBack(String actor) {
        Handover now = handover;
        if (now == null) {
            throw new IllegalStateException("no version stands by");
        }
        takeBack(now, VersionState.KEPT, "rolled back by " + actor);
    }

    /** Whether the version that stands by is the one that is asked for; null asks for any. */
    boolean isStandingBy(@Nullable String version) {
        Handover now = handover;
        return now != null && (version == null || History.matches(now.before().version(), now.before().archive().sha256(), version));
    }

    /** The SHA-256 of a kept version; null asks for the one before. */
    @Nullable String kept(@Nullable String version) {
        return history.kept(version);
    }

    /** Lets a version finish its calls, and removes it, beside whatever comes next. */
    private void retire(Running leaving, @Nullable Rollout rollout, VersionState after) {
        history.leaving(leaving.archive(), after);
        departures.begin(leaving, rollout, took -> {
            history.step(leaving.version() + " has finished its calls and is gone after " + took.toMillis() + " ms");
            history.left(leaving.archive());
            publish();
        });
        publish();
    }

    /** The plugin goes, its versions with it. */
    void remove(String why) {
        settle();
        Running last = active;
        active = null;
        history.begin();
        history.remove(why);
        try {
            bench.commits().put(id, null);
        } catch (IOException e) {
            log.error("that plugin {} is removed could not be written down", id, e);
        }
        if (last != null) {
            retire(last, null, VersionState.DRAINING);
            log.atInfo().addKeyValue("plugin", last.archive()).log("plugin removed: {}", why);
        }
        publish();
    }

    void commit() {
        Running now = active;
        try {
            bench.commits().put(id, history.commit(now == null ? "" : now.archive().sha256()));
        } catch (IOException e) {
            // it serves all the same; a restart would bring the version before
            log.error("the state of plugin {} could not be written", id, e);
        }
    }

    private void remember() {
        Map<Long, String> own = new HashMap<>();
        Running now = active;
        if (now != null) {
            own.put(now.id(), now.archive().sha256());
        }
        Handover under = handover;
        if (under != null) {
            own.put(under.before().id(), under.before().archive().sha256());
            own.put(under.next().id(), under.next().archive().sha256());
        }
        bundles = Map.copyOf(own);
    }

    private void publish() {
        remember();
        gone = active == null && !history.isLeaving() && history.isEmpty();
        history.publish(active != null ? State.ACTIVE : history.isLeaving() ? State.DRAINING : history.lastState());
        changed.accept(this);
    }
}
