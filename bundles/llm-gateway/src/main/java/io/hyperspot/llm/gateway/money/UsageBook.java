// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.money;

import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import io.hyperspot.usage.Outcome;
import io.hyperspot.usage.UsageRecord;
import io.hyperspot.usage.UsageTracker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings usage records to the usage tracker, behind the calls: a call waits for no database, and one that is away
 * loses no record. What is added is in the {@link Journal} within {@link #PAUSE}, and leaves it when the tracker
 * has it; after a crash the rest is brought at the next start. Thread-safe.
 */
final class UsageBook implements AutoCloseable {
    static final Duration PAUSE = Duration.ofMillis(100);
    /** Between two times that records are brought: a transaction has its price. */
    private static final Duration SPACING = Duration.ofMillis(500);

    private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);

    /** How long calls gather that are counted together. */
    private static final Duration GATHER = Duration.ofMillis(50);

    /** Beyond it callers wait: nothing is lost, and memory has a bound. */
    private static final int WAITING = 50_000;

    private static final int AT_ONCE = UsageTracker.MOST_RECORDS;
    private static final long MOST_BYTES = 1L << 30;
    private static final Logger log = LoggerFactory.getLogger(UsageBook.class);

    private final BlockingQueue<CallRecord> added = new ArrayBlockingQueue<>(WAITING);
    private final Journal journal;
    private final RecordWriter writer;
    private final Supplier<@Nullable UsageTracker> tracker;
    private final Thread thread;
    private volatile boolean closed;
    private volatile String trouble = "";

    /**
     * @param tracker null while there is none
     */
    UsageBook(Path folder, RecordWriter writer, Supplier<@Nullable UsageTracker> tracker) throws IOException {
        journal = new Journal(folder);
        this.writer = writer;
        this.tracker = tracker;
        thread = Thread.ofVirtual().name("llm-usage").start(this::run);
    }

    /** Takes a call that has ended. */
    void add(CallRecord call) {
        boolean taken = false;
        try {
            taken = !closed && added.offer(call, LONGEST_RETRY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // a call that is cut off counts all the same
            Thread.currentThread().interrupt();
        }
        // a call may end after the book, when the gateway is replaced
        if (!taken || (closed && added.remove(call))) {
            keepApart(call);
        }
    }

    private void keepApart(CallRecord call) {
        try {
            journal.appendApart(writer.records(List.of(call)));
        } catch (IOException e) {
            log.error("usage records cannot be written, those of one call are lost", e);
        }
    }

    /** What is wrong; empty: nothing. */
    String trouble() {
        return trouble;
    }

    private void run() {
        Duration retry = Duration.ZERO;
        long notBefore = System.nanoTime();
        boolean waiting = true;
        while (!closed || !added.isEmpty()) {
            waiting |= keep();
            if (waiting && (closed || System.nanoTime() - notBefore >= 0)) {
                waiting = !bring();
                retry = waiting ? longer(retry) : Duration.ZERO;
                notBefore = System.nanoTime() + (waiting ? retry : SPACING).toNanos();
            }
        }
    }

    private static Duration longer(Duration retry) {
        Duration doubled = retry.isZero() ? PAUSE : retry.multipliedBy(2);
        return doubled.compareTo(LONGEST_RETRY) < 0 ? doubled : LONGEST_RETRY;
    }

    /** Writes what was added since to the journal; whether that is anything. */
    private boolean keep() {
        List<CallRecord> calls = new ArrayList<>();
        try {
            CallRecord first = closed ? added.poll() : added.poll(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            if (first != null) {
                calls.add(first);
                Thread.sleep(closed ? Duration.ZERO : GATHER);
            }
        } catch (InterruptedException e) {
            closed = true;
        }
        added.drainTo(calls);
        List<UsageRecord> records = writer.records(calls);
        while (!records.isEmpty()) {
            try {
                journal.append(records);
                return true;
            } catch (IOException e) {
                report("usage records cannot be written to the disk: " + e.getMessage());
                if (closed) {
                    log.error("{} usage records are lost", records.size());
                    return false;
                }
                pause();
            }
        }
        return false;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Brings all that waits in the journal; false: not now. */
    private boolean bring() {
        UsageTracker present = tracker.get();
        try {
            while (true) {
                Journal.Batch batch = journal.oldest().orElse(null);
                if (batch == null) {
                    resolved();
                    return true;
                }
                if (present == null) {
                    return waits("there is no usage tracker");
                }
                ingest(present, batch.records());
                journal.done(batch);
            }
        } catch (IOException | RuntimeException e) {
            return waits(String.valueOf(e.getMessage()));
        }
    }

    /**
     * @throws IllegalStateException when the tracker does not know our usage types, which are registered apart from
     *     this module: they wait
     */
    private void ingest(UsageTracker present, List<UsageRecord> records) {
        Map<TenantId, List<UsageRecord>> byTenant = new LinkedHashMap<>();
        records.forEach(record -> byTenant.computeIfAbsent(record.tenant(), tenant -> new ArrayList<>()).add(record));
        byTenant.forEach((tenant, all) -> {
            SecurityContext own = new SecurityContext("system:llm-gateway", tenant, List.of(Permission.ALL));
            for (int from = 0; from < all.size(); from += AT_ONCE) {
                present.ingest(own, all.subList(from, Math.min(all.size(), from + AT_ONCE))).forEach(UsageBook::check);
            }
        });
    }

    private static void check(Outcome outcome) {
        if (outcome instanceof Outcome.Rejected rejected) {
            if (rejected.code().equals("UNKNOWN_USAGE_TYPE")) {
                throw new IllegalStateException(rejected.reason());
            }
            log.error("a usage record is not taken, and dropped: {} {}", rejected.code(), rejected.reason());
        }
    }

    private boolean waits(String why) {
        try {
            long size = journal.size();
            report("usage records wait on the disk (" + size / 1024 + " KiB): " + why
                    + (size > MOST_BYTES ? "; that is a lot, make room or bring the database back" : ""));
        } catch (IOException e) {
            report("usage records wait on the disk: " + why);
        }
        return false;
    }

    private void report(String what) {
        if (trouble.isEmpty()) {
            log.warn("{}; they are brought as soon as that is mended", what);
        }
        trouble = what;
    }

    private void resolved() {
        if (!trouble.isEmpty()) {
            log.info("all usage records that waited are in the database");
            trouble = "";
        }
    }

    /** Writes what was added to the disk, and brings what can be brought at once. */
    @Override
    public void close() {
        closed = true;
        try {
            if (!thread.join(Duration.ofSeconds(5))) {
                thread.interrupt();
                thread.join(Duration.ofSeconds(1));
            }
            journal.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            log.warn("the journal of usage records cannot be closed", e);
        }
    }
}
