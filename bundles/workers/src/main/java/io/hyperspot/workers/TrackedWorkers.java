// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.workers;

import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.modkit.worker.Rollouts.Share;
import io.hyperspot.modkit.worker.Rollouts.Tally;
import io.hyperspot.modkit.worker.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers of one gateway: follows their services with the gateway's own context, so that only
 * those of its class space are seen, and offers the ones that the board admits.
 *
 * <p>No lock is held while a worker is got or waited for: both run foreign code.
 */
final class TrackedWorkers<T>
        implements Workers<T>, ServiceTrackerCustomizer<T, TrackedWorkers.Tracked<T>> {
    private static final Logger log = LoggerFactory.getLogger(TrackedWorkers.class);

    /** A worker service of the right interface, admitted or not. Written under {@link #change}. */
    static final class Tracked<T> {
        private volatile @Nullable Held<T> held;
        private @Nullable HeldHandle<T> handle;
        private boolean obtaining;
        private boolean gone;
    }

    private record Canary<T>(HeldHandle<T> handle, Share share) {}

    private final AdmissionBoard board;
    private final BundleContext context;
    private final VersionMatch wanted;
    private final Function<T, String> key;
    private final ServiceTracker<T, Tracked<T>> tracker;
    private final Map<ServiceReference<T>, Tracked<T>> tracked = new ConcurrentHashMap<>();
    private final ReentrantLock change = new ReentrantLock();
    private volatile WorkerSnapshot<T> current = new WorkerSnapshot<>(0, List.of(), Map.of());
    private volatile Runnable listener = () -> {};
    private volatile boolean closing;

    TrackedWorkers(
            AdmissionBoard board, BundleContext context, Class<T> service, GtsPattern type, Function<T, String> key) {
        this.board = board;
        this.context = context;
        this.wanted = new VersionMatch(type);
        this.key = key;
        try {
            tracker = new ServiceTracker<>(
                    context,
                    FrameworkUtil.createFilter(
                            "(&(objectClass=" + service.getName() + ")(" + Candidate.TYPE + "=*))"),
                    this);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("a class name cannot break a filter", e);
        }
    }

    void open() {
        board.follow(this);
        tracker.open();
    }

    @Override
    public Snapshot<T> snapshot() {
        return current;
    }

    @Override
    public void onChange(Runnable action) {
        listener = action;
    }

    @Override
    public void close() {
        closing = true;
        board.unfollow(this);
        tracker.close();
        refresh();
    }

    @Override
    public Tracked<T> addingService(ServiceReference<T> reference) {
        Tracked<T> service = new Tracked<>();
        tracked.put(reference, service);
        refresh();
        return service;
    }

    @Override
    public void modifiedService(ServiceReference<T> reference, Tracked<T> service) {
        // The board re-reads the properties and calls refresh.
    }

    /** Returns when the worker is idle or its time is up: until then its bundle must not stop. */
    @Override
    public void removedService(ServiceReference<T> reference, Tracked<T> service) {
        if (!closing) {
            // First, so that one swap takes this worker out and a waiting successor in.
            board.leave(reference);
        }
        tracked.remove(reference);
        refresh();
        Held<T> held = retire(service);
        if (held == null) {
            return;
        }
        held.gate().close();
        if (closing) {
            // The gateway leaves, not the worker: its bundle's stop need not wait for that.
            Thread.ofVirtual().name("workers-release").start(() -> {
                held.gate().empty().join();
                held.release();
            });
        } else {
            drain(reference, held);
        }
    }

    private @Nullable Held<T> retire(Tracked<T> service) {
        change.lock();
        try {
            service.gone = true;
            return service.held;
        } finally {
            change.unlock();
        }
    }

    private void drain(ServiceReference<T> reference, Held<T> held) {
        Duration timeout = board.drainTimeout();
        Candidate candidate = Candidate.of(reference);
        board.draining(candidate, held.gate());
        try {
            held.gate().empty().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            log.warn(
                    "worker {} of {} still had {} calls after {} s and is released nevertheless",
                    candidate.instanceText(),
                    candidate.origin(),
                    held.gate().inside(),
                    timeout.toSeconds());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a gate never fails", e);
        } finally {
            board.drained(candidate, held.gate());
            held.release();
        }
    }

    /** Gets what is newly admitted, and swaps the snapshot when it differs. */
    void refresh() {
        tracked.forEach((reference, service) -> {
            if (verdict(reference) != null && start(service)) {
                obtain(reference, service);
            }
        });
        boolean changed;
        change.lock();
        try {
            WorkerSnapshot<T> next = current.next(handles(), withdrawn());
            changed = next != current;
            current = next;
        } finally {
            change.unlock();
        }
        if (changed) {
            listener.run();
        }
    }

    private List<Offered<T>> handles() {
        Map<String, Offered<T>> whole = HashMap.newHashMap(tracked.size());
        Map<String, Canary<T>> canaries = new HashMap<>();
        Map<String, HeldHandle<T>> standbys = new HashMap<>();
        tracked.forEach((reference, service) -> {
            Verdict verdict = verdict(reference);
            Held<T> held = service.held;
            if (verdict == null || held == null || service.gone) {
                return;
            }
            HeldHandle<T> handle = service.handle;
            if (handle == null || !handle.candidate().equals(verdict.candidate())) {
                handle = new HeldHandle<>(verdict.candidate(), held, board.failures(), board.maxInFlight());
                service.handle = handle;
            }
            if (!verdict.admitted()) {
                standbys.put(handle.instance(), handle);
            } else if (verdict.isCanary()) {
                canaries.put(handle.instance(), new Canary<>(handle, verdict.share()));
            } else {
                whole.put(handle.instance(), handle);
            }
        });
        canaries.forEach((instance, canary) -> whole.compute(instance, (id, current) -> current instanceof HeldHandle<T> held
                ? new SplitHandle<>(held, canary.handle(), canary.share())
                : canary.handle()));
        // the one that shall have the requests is still being made, or cannot be
        standbys.forEach(whole::putIfAbsent);
        List<Offered<T>> handles = new ArrayList<>(whole.values());
        handles.sort(Comparator.comparing(Offered::candidate, wanted.nearestFirst().thenComparing(Candidate.BY_PREFERENCE)));
        return handles;
    }

    /** Workers that were made and may not be offered any more. */
    private Map<String, String> withdrawn() {
        Map<String, String> withdrawn = new HashMap<>();
        tracked.forEach((reference, service) -> {
            Verdict verdict = board.verdict(reference);
            Held<T> held = service.held;
            if (held != null && !service.gone && verdict != null && !verdict.wanted()) {
                withdrawn.put(held.key(), verdict.candidate().instanceText() + " is " + verdict.state() + ": " + verdict.reason());
            }
        });
        return withdrawn;
    }

    /** Null when the worker is of another type, or shall not even be made. */
    private @Nullable Verdict verdict(ServiceReference<T> reference) {
        Verdict verdict = board.verdict(reference);
        if (verdict == null || !verdict.wanted()) {
            return null;
        }
        GtsId workerType = verdict.candidate().type();
        return workerType != null && wanted.isServedBy(workerType, board.types()) ? verdict : null;
    }

    /** What the workers of a bundle did for this gateway. */
    Tally tally(long bundle) {
        long calls = 0;
        long failures = 0;
        String broken = null;
        for (Map.Entry<ServiceReference<T>, Tracked<T>> entry : tracked.entrySet()) {
            Held<T> held = entry.getValue().held;
            if (held != null && bundle(entry.getKey()) == bundle) {
                Tally one = held.tally().read();
                calls += one.calls();
                failures += one.failures();
                broken = one.broken() != null ? one.broken() : broken;
            }
        }
        return new Tally(calls, failures, broken);
    }

    private static long bundle(ServiceReference<?> reference) {
        Bundle bundle = reference.getBundle();
        return bundle == null ? -1 : bundle.getBundleId();
    }

    /** Claims the right to get the worker: getting it may cause events that come here again. */
    private boolean start(Tracked<T> service) {
        change.lock();
        try {
            if (service.obtaining || service.gone || service.held != null) {
                return false;
            }
            service.obtaining = true;
            return true;
        } finally {
            change.unlock();
        }
    }

    private void obtain(ServiceReference<T> reference, Tracked<T> service) {
        Held<T> held = get(reference);
        boolean wanted;
        change.lock();
        try {
            service.obtaining = false;
            wanted = !service.gone;
            if (wanted) {
                service.held = held;
            }
        } finally {
            change.unlock();
        }
        if (!wanted && held != null) {
            held.release();
        }
    }

    private @Nullable Held<T> get(ServiceReference<T> reference) {
        T worker = null;
        try {
            worker = context.getService(reference);
            if (worker != null) {
                Held<T> held = new Held<>(context, reference, worker, key.apply(worker));
                board.failures().unusable(reference, "");
                return held;
            }
            board.failures().unusable(reference, "its component could not be activated; the log says why");
        } catch (RuntimeException | LinkageError e) {
            log.warn("worker service {} cannot be used", reference, e);
            board.failures().unusable(reference, "it failed when it was asked for its key: " + e);
            if (worker != null) {
                Held.unget(context, reference);
            }
        }
        return null;
    }

    /** Open leases of a service in this gateway. */
    int inFlight(ServiceReference<?> reference) {
        for (Map.Entry<ServiceReference<T>, Tracked<T>> entry : tracked.entrySet()) {
            if (entry.getKey().equals(reference)) {
                Held<T> held = entry.getValue().held;
                return held == null ? 0 : held.gate().inside();
            }
        }
        return 0;
    }
}
