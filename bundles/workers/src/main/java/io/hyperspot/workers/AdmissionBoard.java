// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.workers;

import io.hyperspot.gts.registry.TypesRegistry;
import io.hyperspot.gts.registry.TypesRegistryListener;
import io.hyperspot.modkit.worker.Admission;
import io.hyperspot.modkit.worker.Rollouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees every worker service of the system, whether a gateway wants it or not, and decides which may
 * be offered. Never gets the service objects.
 *
 * <p>Immediate, so that a worker that no gateway asks for is reported too.
 */
@Component(
        service = {Admission.class, Rollouts.class, AdmissionBoard.class},
        immediate = true,
        configurationPid = "workers")
@Designate(ocd = AdmissionBoard.Config.class)
public final class AdmissionBoard implements Admission, Rollouts {
    private static final Logger log = LoggerFactory.getLogger(AdmissionBoard.class);

    /** Configuration of the module. */
    @ObjectClassDefinition(name = "Workers", description = "How workers come and go")
    public @interface Config {
        @AttributeDefinition(
                name = "Drain timeout",
                description = "Seconds that a worker which leaves may take to finish its calls",
                min = "0")
        int drain__timeout__seconds() default 30;

        @AttributeDefinition(
                name = "Most calls in flight",
                description = "Calls that one worker may have at once; more are answered 503",
                min = "1")
        int max__in__flight() default 10000;
    }

    private record Draining(Candidate candidate, Gate gate) {}

    private final TypesRegistry types;
    private final ReentrantLock change = new ReentrantLock();
    private final Map<ServiceReference<?>, Candidate> candidates = new HashMap<>();
    private final List<LiveRollout> rollouts = new ArrayList<>();
    private final WorkerFailures failures = new WorkerFailures();
    private final List<TrackedWorkers<?>> followers = new CopyOnWriteArrayList<>();
    private final List<Draining> leaving = new CopyOnWriteArrayList<>();
    private final ServiceTracker<Object, Boolean> tracker;
    private final ServiceRegistration<TypesRegistryListener> listener;
    private volatile Map<ServiceReference<?>, Verdict> verdicts = Map.of();
    private volatile Duration drainTimeout;
    private volatile int maxInFlight;

    @Activate
    public AdmissionBoard(BundleContext context, @Reference TypesRegistry types, Config config) {
        this(context, types, Duration.ofSeconds(config.drain__timeout__seconds()), config.max__in__flight());
    }

    AdmissionBoard(BundleContext context, TypesRegistry types, Duration drainTimeout, int maxInFlight) {
        this.types = types;
        this.drainTimeout = drainTimeout;
        this.maxInFlight = maxInFlight;
        try {
            tracker = new ServiceTracker<>(
                    context, FrameworkUtil.createFilter("(" + Candidate.TYPE + "=*)"), new Arrivals());
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("the filter is constant", e);
        }
        tracker.open(true);
        // By hand, not as a service of this component: the registry would otherwise have to activate
        // the component while that waits for the registry.
        listener = context.registerService(TypesRegistryListener.class, snapshot -> judge(() -> true), null);
        judge(() -> true);
    }

    /** A new timeout must not restart every gateway. */
    @Modified
    public void configure(Config config) {
        drainWithin(Duration.ofSeconds(config.drain__timeout__seconds()));
        maxInFlight = config.max__in__flight();
    }

    void drainWithin(Duration timeout) {
        drainTimeout = timeout;
    }

    @Deactivate
    public void stop() {
        listener.unregister();
        tracker.close();
    }

    @Override
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        Map<ServiceReference<?>, Verdict> now = verdicts;
        now.values().stream()
                .sorted(Comparator.comparing((Verdict verdict) -> verdict.candidate().typeText())
                        .thenComparing(Verdict::candidate, Candidate.BY_PREFERENCE))
                .map(this::entry)
                .forEach(entries::add);
        for (Draining draining : leaving) {
            entries.add(entry(
                    draining.candidate(),
                    State.DRAINING,
                    "it finishes its calls and goes",
                    Share.NONE,
                    draining.gate().inside()));
        }
        entries.sort(Comparator.comparing(Entry::type));
        return List.copyOf(entries);
    }

    private Entry entry(Verdict verdict) {
        ServiceReference<?> reference = verdict.candidate().reference();
        int inFlight = followers.stream()
                .mapToInt(follower -> follower.inFlight(reference))
                .sum();
        String unusable = failures.whyUnusable(reference);
        String broken = failures.whyBroken(reference);
        if (unusable != null && verdict.wanted()) {
            return entry(verdict.candidate(), State.REJECTED, unusable, Share.NONE, inFlight);
        }
        return broken != null && verdict.admitted()
                ? entry(verdict.candidate(), State.BROKEN, broken, verdict.share(), inFlight)
                : entry(verdict.candidate(), verdict.state(), verdict.reason(), verdict.share(), inFlight);
    }

    private static Entry entry(Candidate candidate, State state, String reason, Share share, int inFlight) {
        return new Entry(
                candidate.typeText(),
                candidate.instanceText(),
                candidate.priority(),
                candidate.origin(),
                candidate.bundle(),
                state,
                reason,
                share,
                inFlight);
    }

    TypesRegistry.Snapshot types() {
        return types.snapshot();
    }

    Duration drainTimeout() {
        return drainTimeout;
    }

    int maxInFlight() {
        return maxInFlight;
    }

    WorkerFailures failures() {
        return failures;
    }

    @Override
    public Rollout begin(long current, long next) {
        LiveRollout rollout = new LiveRollout(this, current, next);
        change(() -> rollouts.add(rollout));
        return rollout;
    }

    @Override
    public Role role(long bundle) {
        change.lock();
        try {
            // the newest one decides
            for (LiveRollout rollout : rollouts.reversed()) {
                if (rollout.nextBundle() == bundle) {
                    return rollout.share().isAll() ? Role.SERVING : Role.ON_TRIAL;
                }
                if (rollout.currentBundle() == bundle) {
                    return rollout.share().isAll() ? Role.STANDBY : Role.SERVING;
                }
            }
            return Role.SERVING;
        } finally {
            change.unlock();
        }
    }

    void end(LiveRollout rollout) {
        change(() -> rollouts.remove(rollout));
    }

    /** Changes how rivals share their requests. */
    void change(Runnable edit) {
        judge(() -> {
            edit.run();
            return true;
        });
    }

    /** What the workers of a bundle did for all gateways. */
    Tally tally(long bundle) {
        Tally sum = Tally.NOTHING;
        for (TrackedWorkers<?> follower : followers) {
            Tally one = follower.tally(bundle);
            sum = new Tally(
                    sum.calls() + one.calls(),
                    sum.failures() + one.failures(),
                    one.broken() != null ? one.broken() : sum.broken());
        }
        return sum;
    }

    @Nullable Verdict verdict(ServiceReference<?> reference) {
        return verdicts.get(reference);
    }

    void follow(TrackedWorkers<?> workers) {
        followers.add(workers);
    }

    void unfollow(TrackedWorkers<?> workers) {
        followers.remove(workers);
    }

    /** The service goes: told by whoever hears of it first. */
    void leave(ServiceReference<?> reference) {
        judge(() -> candidates.remove(reference) != null);
        failures.forget(reference);
    }

    void draining(Candidate candidate, Gate gate) {
        leaving.add(new Draining(candidate, gate));
    }

    void drained(Candidate candidate, Gate gate) {
        leaving.remove(new Draining(candidate, gate));
    }

    /** What is done to the candidates before they are judged again. */
    @FunctionalInterface
    private interface Edit {
        /** False when it changed nothing. */
        boolean apply();
    }

    private void judge(Edit edit) {
        Map<ServiceReference<?>, Verdict> before;
        Map<ServiceReference<?>, Verdict> after;
        change.lock();
        try {
            if (!edit.apply()) {
                return;
            }
            before = verdicts;
            after = Verdict.of(candidates.values(), types.snapshot(), rollouts.reversed());
            verdicts = after;
        } finally {
            change.unlock();
        }
        report(before, after);
        followers.forEach(TrackedWorkers::refresh);
    }

    private static void report(Map<ServiceReference<?>, Verdict> before, Map<ServiceReference<?>, Verdict> after) {
        after.forEach((reference, verdict) -> {
            Verdict old = before.get(reference);
            if (old != null && old.state() == verdict.state() && old.reason().equals(verdict.reason())) {
                return;
            }
            Candidate candidate = verdict.candidate();
            switch (verdict.state()) {
                case ADMITTED ->
                    log.info(
                            "worker {} of {} is admitted{}",
                            candidate.instanceText(),
                            candidate.origin(),
                            verdict.reason().isEmpty() ? "" : ": " + verdict.reason());
                case STANDBY ->
                    log.info("worker {} of {} stands by: {}", candidate.instanceText(), candidate.origin(), verdict.reason());
                case PENDING ->
                    log.info("worker {} of {} waits: {}", candidate.instanceText(), candidate.origin(), verdict.reason());
                case REJECTED, CONFLICT, DRAINING, BROKEN ->
                    log.warn(
                            "worker {} of {} is not offered: {}",
                            candidate.instanceText(),
                            candidate.origin(),
                            verdict.reason());
            }
        });
    }

    private final class Arrivals implements ServiceTrackerCustomizer<Object, Boolean> {
        @Override
        public Boolean addingService(ServiceReference<Object> reference) {
            put(reference);
            return Boolean.TRUE;
        }

        @Override
        public void modifiedService(ServiceReference<Object> reference, Boolean tracked) {
            put(reference);
        }

        @Override
        public void removedService(ServiceReference<Object> reference, Boolean tracked) {
            leave(reference);
        }

        private void put(ServiceReference<Object> reference) {
            Candidate candidate = Candidate.of(reference);
            judge(() -> !candidate.equals(candidates.put(reference, candidate)));
        }
    }
}
