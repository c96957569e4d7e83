// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants.resolver.tree;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.WorkerHandle;
import io.hyperspot.modkit.worker.WorkerHandle.Lease;
import io.hyperspot.modkit.worker.Workers;
import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.Tenant;
import io.hyperspot.tenants.TenantTree;
import io.hyperspot.tenants.spi.TenantDirectory;
import io.hyperspot.tenants.spi.WritableTenantDirectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tree of the chosen directory in memory. Read again, on a thread of its own, whenever another
 * directory is chosen or the directory tells of a change; until that succeeds the tree that is known stays.
 * A change that is made here is in the tree before its caller is answered.
 */
final class TreeKeeper implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TreeKeeper.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    private static final Duration END = Duration.ofSeconds(2);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    private final Workers<TenantDirectory> workers;
    private final ReentrantLock change = new ReentrantLock();
    private final Semaphore stale = new Semaphore(1);
    private final Thread thread;
    private volatile String wanted;
    private volatile @Nullable TenantTree tree;
    private volatile String trouble = "the tenants are being loaded";
    private @Nullable TenantDirectory followed;
    private @Nullable AutoCloseable following;

    /** @param wanted name of the directory; empty: the most preferred */
    TreeKeeper(Workers<TenantDirectory> workers, String wanted) {
        this.workers = workers;
        this.wanted = wanted;
        workers.onChange(stale::release);
        thread = Thread.ofVirtual().name("tenant-resolver").start(this::keep);
    }

    void choose(String name) {
        wanted = name;
        stale.release();
    }

    /** Null before it is known. */
    @Nullable TenantTree tree() {
        return tree;
    }

    /** Why the tree is not that of the directory; empty when it is. */
    String trouble() {
        return trouble;
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        change.lock();
        try {
            follow(null);
        } finally {
            change.unlock();
        }
        workers.close();
    }

    private void keep() {
        Duration pause = FIRST_PAUSE;
        try {
            stale.acquire();
            while (true) {
                stale.drainPermits();
                if (reload()) {
                    pause = FIRST_PAUSE;
                    stale.acquire();
                } else if (stale.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    pause = FIRST_PAUSE;
                } else {
                    pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
                }
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    /** False: to be tried again. Changes wait meanwhile, so that none is lost by what was read before it. */
    private boolean reload() throws InterruptedException {
        change.lockInterruptibly();
        try (Lease<TenantDirectory> lease = lease()) {
            List<Tenant> loaded = new ArrayList<>();
            lease.call(directory -> {
                // first, so that no change falls between
                follow(directory);
                loaded.addAll(directory.load());
            });
            TenantTree next = TenantTree.of(loaded);
            if (!next.root().id().equals(TenantId.ROOT)) {
                throw new IllegalArgumentException("the root has the id " + next.root().id() + "; it must be " + TenantId.ROOT);
            }
            tree = next;
            if (!trouble.isEmpty()) {
                log.info("{} tenants, from {}", next.size(), lease.worker().name());
            }
            trouble = "";
            return true;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            String reason = "the tenants cannot be loaded: " + e.getMessage();
            if (!reason.equals(trouble)) {
                log.warn("{}", reason);
            }
            trouble = reason;
            return false;
        } finally {
            change.unlock();
        }
    }

    private void follow(@Nullable TenantDirectory directory) {
        if (Objects.equals(directory, followed)) {
            return;
        }
        AutoCloseable before = following;
        followed = directory;
        following = directory == null ? null : directory.follow(stale::release);
        if (before != null) {
            try {
                before.close();
            } catch (Exception e) {
                log.warn("a tenant directory that is no longer used could not be left: {}", e.getMessage());
            }
        }
    }

    private Lease<TenantDirectory> lease() {
        String name = wanted;
        // one that is being drained has a successor in the next snapshot
        for (int attempt = 0; attempt < 3; attempt++) {
            Workers.Snapshot<TenantDirectory> snapshot = workers.snapshot();
            List<WorkerHandle<TenantDirectory>> all = snapshot.all();
            WorkerHandle<TenantDirectory> handle =
                    name.isEmpty() ? (all.isEmpty() ? null : all.getFirst()) : snapshot.key(name);
            Lease<TenantDirectory> lease = handle == null ? null : handle.acquire(null);
            if (lease != null) {
                return lease;
            }
        }
        throw unavailable(
                name.isEmpty()
                        ? "no tenant directory is offered: install a connector such as tenants-database"
                        : "the tenant directory '" + name + "' that modules.tenant-resolver.worker names is not offered");
    }

    /**
     * Changes the tree, durably.
     *
     * @param decide what is to be done with the tree as it is; refuses by an exception
     */
    void change(Function<TenantTree, Step> decide) {
        try {
            if (!change.tryLock(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw unavailable("the tenants are being changed by others");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("the server is stopping");
        }
        try {
            TenantTree before = known();
            Step step = decide.apply(before);
            if (!(step instanceof Step.Nothing)) {
                TenantTree after = step.apply(before);
                write(step);
                tree = after;
            }
        } finally {
            change.unlock();
        }
    }

    /**
     * @throws ProblemException UNAVAILABLE before the tenants are known
     */
    TenantTree known() {
        TenantTree known = tree;
        if (known == null) {
            throw unavailable(trouble);
        }
        return known;
    }

    private void write(Step step) {
        try (Lease<TenantDirectory> lease = lease()) {
            if (!(lease.worker() instanceof WritableTenantDirectory)) {
                throw new ProblemException(
                        ErrorCategory.UNIMPLEMENTED,
                        "TENANTS_READ_ONLY",
                        "The tenants come from the directory '" + lease.worker().name() + "', which cannot be changed here. To change"
                                + " tenants, install the connector tenants-database and set modules.tenant-resolver.worker to 'database'.");
            }
            lease.call(directory -> step.write((WritableTenantDirectory) directory));
        } catch (ProblemException e) {
            if (e.category() == ErrorCategory.ABORTED || e.category() == ErrorCategory.ALREADY_EXISTS) {
                stale.release();
            }
            throw e;
        } catch (Exception e) {
            log.error("a tenant could not be written", e);
            throw unavailable("the tenant directory failed; the server's log has the reason");
        }
    }

    private static ProblemException unavailable(String why) {
        return new ProblemException(ErrorCategory.UNAVAILABLE, "TENANTS_UNAVAILABLE", why + "; try again in a moment");
    }
}
