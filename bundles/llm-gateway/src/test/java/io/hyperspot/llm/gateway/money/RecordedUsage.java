// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.money;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import io.hyperspot.usage.Aggregate;
import io.hyperspot.usage.AggregateQuery;
import io.hyperspot.usage.Outcome;
import io.hyperspot.usage.RecordQuery;
import io.hyperspot.usage.UsageRecord;
import io.hyperspot.usage.UsageTracker;
import io.hyperspot.usage.UsageType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A usage tracker in memory, whose database can be away, and accounts that report to it. */
public final class RecordedUsage implements UsageTracker, AutoCloseable {
    private final Map<String, UsageRecord> records = new LinkedHashMap<>();
    private final Path folder;
    private final long tokensOfTenant;
    private final long tokensOfCaller;
    private Accounts accounts;
    private boolean away;
    private boolean unknown;

    public RecordedUsage() {
        this(0, 0);
    }

    /** With limits in tokens a minute, of the tenant and of the caller. */
    RecordedUsage(long tokensOfTenant, long tokensOfCaller) {
        this.tokensOfTenant = tokensOfTenant;
        this.tokensOfCaller = tokensOfCaller;
        try {
            folder = Files.createTempDirectory("llm-usage");
            accounts = open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Accounts open() throws IOException {
        return new Accounts(
                new Accounts.Settings(
                        folder.resolve("prices.json"),
                        folder.resolve("journal"),
                        Duration.ofMinutes(1),
                        4096,
                        Duration.ofSeconds(60),
                        tokensOfTenant,
                        tokensOfCaller),
                () -> this,
                () -> null);
    }

    public Accounts accounts() {
        return accounts;
    }

    /** Ends the accounts and begins anew, as a restart does. */
    void restart() throws IOException {
        accounts.close();
        accounts = open();
    }

    synchronized void away(boolean now) {
        away = now;
    }

    /** Whether our usage types are not registered yet. */
    synchronized void unknown(boolean now) {
        unknown = now;
    }

    /** The sum of what has been counted of a type until now. */
    BigDecimal total(String type) {
        return of(type).stream().map(UsageRecord::quantity).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** What has been counted, by type, until now. */
    public synchronized List<UsageRecord> of(String type) {
        return records.values().stream().filter(record -> record.type().equals(type)).toList();
    }

    /** What has been counted, when all that was used is. */
    public List<UsageRecord> settled() {
        accounts.close();
        synchronized (this) {
            return List.copyOf(records.values());
        }
    }

    Path folder() {
        return folder;
    }

    @Override
    public synchronized List<Outcome> ingest(SecurityContext ctx, List<UsageRecord> given) {
        if (away) {
            throw new ProblemException(ErrorCategory.UNAVAILABLE, "DATABASE_UNAVAILABLE", "the database is away");
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (UsageRecord record : given) {
            if (!record.tenant().equals(ctx.tenant())) {
                throw new AssertionError("a record of another tenant than that of the context");
            }
            if (unknown) {
                outcomes.add(new Outcome.Rejected(record.id(), "UNKNOWN_USAGE_TYPE", "there is no usage type '" + record.type() + "'"));
                continue;
            }
            outcomes.add(
                    records.putIfAbsent(record.id(), record) == null
                            ? new Outcome.Accepted(record.id())
                            : new Outcome.Duplicate(record.id()));
        }
        return outcomes;
    }

    @Override
    public Outcome correct(SecurityContext ctx, TenantId tenant, String original, String id, BigDecimal difference, String reason) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<UsageRecord> find(SecurityContext ctx, TenantId tenant, String id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<UsageRecord> list(SecurityContext ctx, RecordQuery query) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Aggregate> aggregate(SecurityContext ctx, AggregateQuery query) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<UsageType> types(SecurityContext ctx) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        accounts.close();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
