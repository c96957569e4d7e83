// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.hyperspot.itests.databases.TestDatabase;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.persistence.Migration;
import io.hyperspot.persistence.store.PersistenceModule;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.Tenant;
import io.hyperspot.tenants.TenantTree;
import io.hyperspot.usage.Admission;
import io.hyperspot.usage.Admission.Refusal;
import io.hyperspot.usage.Admission.Reservation;
import io.hyperspot.usage.Aggregate;
import io.hyperspot.usage.AggregateQuery;
import io.hyperspot.usage.AggregateQuery.Group;
import io.hyperspot.usage.NewQuota;
import io.hyperspot.usage.Outcome;
import io.hyperspot.usage.Outcome.Accepted;
import io.hyperspot.usage.Outcome.Duplicate;
import io.hyperspot.usage.Outcome.Rejected;
import io.hyperspot.usage.Period;
import io.hyperspot.usage.Quota;
import io.hyperspot.usage.Quota.Enforcement;
import io.hyperspot.usage.RecordQuery;
import io.hyperspot.usage.ReservationRequest;
import io.hyperspot.usage.UsageRecord;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The module over each kind of database, as two servers that share it. */
@Timeout(180)
@ParameterizedClass
@EnumSource(TestDatabase.class)
class UsageModuleTest {
    private static final TenantId PARENT = TenantId.of("0192f000-0000-7000-8000-00000000000a");
    private static final TenantId CHILD = TenantId.of("0192f000-0000-7000-8000-00000000000b");
    private static final TenantId WALLED = TenantId.of("0192f000-0000-7000-8000-00000000000c");
    private static final TenantId OTHER = TenantId.of("0192f000-0000-7000-8000-00000000000d");
    private static final SecurityContext PARENT_ADMIN = new SecurityContext("user:p", PARENT, List.of(Permission.ALL));
    private static final SecurityContext CHILD_ADMIN = new SecurityContext("user:c", CHILD, List.of(Permission.ALL));
    private static final SecurityContext WALLED_ADMIN = new SecurityContext("user:w", WALLED, List.of(Permission.ALL));
    private static final SecurityContext OTHER_ADMIN = new SecurityContext("user:o", OTHER, List.of(Permission.ALL));
    private static final TenantTree TREE = TenantTree.of(List.of(
            tenant(TenantId.ROOT, null, false),
            tenant(PARENT, TenantId.ROOT, false),
            tenant(CHILD, PARENT, false),
            tenant(WALLED, PARENT, true),
            tenant(OTHER, TenantId.ROOT, false)));

    @TempDir
    private Path home;

    private final TestDatabase kind;
    private final MovedClock clock = new MovedClock();
    private PersistenceModule persistence;
    private PersistenceModule second;
    private UsageModule module;
    private UsageModule otherNode;

    UsageModuleTest(TestDatabase kind) {
        this.kind = kind;
    }

    private static Tenant tenant(TenantId id, @Nullable TenantId parent, boolean selfManaged) {
        return new Tenant(id, parent, id.toString(), "", Tenant.Status.ACTIVE, selfManaged, Instant.EPOCH, 1);
    }

    @BeforeEach
    void start() throws Exception {
        Map<String, String> database = kind.fresh();
        persistence = new PersistenceModule(home, database);
        second = new PersistenceModule(home, database);
        module = open(persistence, Duration.ofHours(1));
        otherNode = open(second, Duration.ofHours(1));
    }

    private UsageModule open(PersistenceModule databases, Duration pause) throws Exception {
        Path folder = Path.of("src/main/resources/db/migration/usage");
        List<Migration> migrations = new ArrayList<>();
        for (String file : List.of("U1__usage.sql", "V1__usage.sql")) {
            migrations.add(new Migration(file, Files.readString(folder.resolve(file))));
        }
        return new UsageModule(databases.open("usage", migrations), new Lineage(() -> TREE), TestTypes.catalogue(), clock, pause);
    }

    @AfterEach
    void stop() throws Exception {
        module.close();
        otherNode.close();
        persistence.close();
        second.close();
    }

    private UsageRecord record(String id, TenantId tenant, String type, String quantity) {
        return new UsageRecord(id, tenant, "key:1", type, "openai/x", new BigDecimal(quantity), clock.instant(), Map.of("region", "eu"));
    }

    private UsageRecord at(UsageRecord record, Instant at, String subject) {
        return new UsageRecord(
                record.id(), record.tenant(), subject, record.type(), record.resource(), record.quantity(), at, record.dimensions());
    }

    private List<Outcome> ingest(SecurityContext ctx, UsageRecord... records) {
        return module.ingest(ctx, List.of(records));
    }

    private AggregateQuery query(TenantId tenant, boolean below, Period period, Group... groups) {
        return new AggregateQuery(
                tenant, below, null, null, null, Instant.parse("2026-11-01T00:00:00Z"), Instant.parse("2026-12-01T00:00:00Z"), period, Set.of(groups));
    }

    private BigDecimal sum(SecurityContext ctx, TenantId tenant, String type) {
        return module.aggregate(ctx, query(tenant, false, Period.MONTH)).stream()
                .filter(each -> each.type().equals(type))
                .map(Aggregate::sum)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private Quota quota(SecurityContext ctx, TenantId tenant, String limit, Enforcement enforcement, String grace) {
        return module.create(
                ctx, new NewQuota(tenant, "", TestTypes.REQUESTS, Period.DAY, new BigDecimal(limit), enforcement, new BigDecimal(grace)));
    }

    private Admission reserve(SecurityContext ctx, String amount) {
        return module.reserve(ctx, new ReservationRequest("key:1", TestTypes.REQUESTS, new BigDecimal(amount)));
    }

    private static String id(Admission admission) {
        assertThat(admission).isInstanceOf(Reservation.class);
        return ((Reservation) admission).id();
    }

    private static void assertProblem(ErrorCategory category, String code, ThrowingCallable call) {
        ProblemException e = catchThrowableOfType(ProblemException.class, call);
        assertThat(e).isNotNull();
        assertThat(e.code()).as(e.detail()).isEqualTo(code);
        assertThat(e.category()).isEqualTo(category);
    }

    private static <T> List<T> together(List<Callable<T>> calls) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<T> results = new ArrayList<>();
            for (Future<T> future : threads.invokeAll(calls)) {
                results.add(future.get());
            }
            return results;
        }
    }

    private long statementsFor(String prefix, int records) {
        UsageRecord[] batch = IntStream.range(0, records)
                .mapToObj(i -> record(prefix + i, CHILD, TestTypes.REQUESTS, "1"))
                .toArray(UsageRecord[]::new);
        long before = persistence.statements();
        assertThat(ingest(CHILD_ADMIN, batch)).hasSize(records);
        return persistence.statements() - before;
    }

    @Test
    void sendsAsManyStatementsForAHundredRecordsAsForTen() {
        statementsFor("first-", 1);
        long ten = statementsFor("ten-", 10);
        assertThat(statementsFor("hundred-", 100)).isEqualTo(ten).isLessThan(10);
    }

    @Test
    void countsEachRecordOnce() {
        UsageRecord record = record("r1", CHILD, TestTypes.COST, "0.0000000375");

        assertThat(ingest(CHILD_ADMIN, record)).containsExactly(new Accepted("r1"));
        assertThat(ingest(CHILD_ADMIN, record, record("r2", CHILD, TestTypes.COST, "1.10"), record))
                .containsExactly(new Duplicate("r1"), new Accepted("r2"), new Duplicate("r1"));
        assertThat(ingest(CHILD_ADMIN, record("r1", CHILD, TestTypes.COST, "2")).getFirst())
                .isInstanceOfSatisfying(Rejected.class, rejected -> assertThat(rejected.code()).isEqualTo("ID_REUSED"));

        assertThat(sum(CHILD_ADMIN, CHILD, TestTypes.COST)).isEqualByComparingTo("1.1000000375");
        assertThat(module.find(CHILD_ADMIN, CHILD, "r1")).get().satisfies(found -> {
            assertThat(found.quantity()).isEqualByComparingTo("0.0000000375");
            assertThat(found.dimensions()).containsExactly(Map.entry("region", "eu"));
        });
    }

    @Test
    void refusesWhatIsMalformedAndTakesTheRest() {
        List<Outcome> outcomes = ingest(
                CHILD_ADMIN,
                record("ok", CHILD, TestTypes.REQUESTS, "1"),
                record("no id!", CHILD, TestTypes.REQUESTS, "1"),
                record("type", CHILD, TestTypes.REQUESTS + "x", "1"),
                record("negative", CHILD, TestTypes.REQUESTS, "-1"),
                record("digits", CHILD, TestTypes.REQUESTS, "1.5"),
                record("large", CHILD, TestTypes.REQUESTS, "1E+20"),
                record("huge", CHILD, TestTypes.REQUESTS, "1E+999999999"),
                record("tiny", CHILD, TestTypes.COST, "1E-999999999"),
                at(record("ahead", CHILD, TestTypes.REQUESTS, "1"), clock.instant().plusSeconds(3600), "key:1"),
                at(record("bidi", CHILD, TestTypes.REQUESTS, "1"), clock.instant(), "key\u202e1"),
                record("foreign", OTHER, TestTypes.REQUESTS, "1"),
                record("walled", WALLED, TestTypes.REQUESTS, "1"));

        assertThat(outcomes.getFirst()).isEqualTo(new Accepted("ok"));
        assertThat(outcomes.subList(1, outcomes.size()).stream().map(each -> ((Rejected) each).code()))
                .containsExactly(
                        "INVALID_ID", "UNKNOWN_USAGE_TYPE", "INVALID_QUANTITY", "INVALID_QUANTITY", "INVALID_QUANTITY", "INVALID_QUANTITY",
                        "INVALID_QUANTITY", "INVALID_TIME", "INVALID_TEXT", "TENANT_NOT_FOUND", "TENANT_NOT_FOUND");
        assertThat(sum(CHILD_ADMIN, CHILD, TestTypes.REQUESTS)).isEqualByComparingTo("1");
    }

    @Test
    void equalBatchesThatRaceHaveOneEffect() throws Exception {
        List<UsageRecord> batch = IntStream.range(0, 100).mapToObj(i -> record("b" + i, CHILD, TestTypes.REQUESTS, "1")).toList();
        List<Callable<List<Outcome>>> calls = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            UsageModule node = i % 2 == 0 ? module : otherNode;
            calls.add(() -> node.ingest(CHILD_ADMIN, batch));
        }

        List<List<Outcome>> results = together(calls);

        assertThat(results.stream().flatMap(List::stream).filter(Accepted.class::isInstance)).hasSize(100);
        assertThat(results.stream().flatMap(List::stream).filter(Duplicate.class::isInstance)).hasSize(900);
        assertThat(sum(CHILD_ADMIN, CHILD, TestTypes.REQUESTS)).isEqualByComparingTo("100");
    }

    @Test
    void sumsByPeriodAndGroup() {
        Instant now = clock.instant();
        ingest(
                CHILD_ADMIN,
                at(record("a", CHILD, TestTypes.REQUESTS, "1"), now, "key:1"),
                at(record("b", CHILD, TestTypes.REQUESTS, "2"), now, "key:2"),
                at(record("c", CHILD, TestTypes.REQUESTS, "4"), now.minus(Duration.ofHours(1)), "key:1"),
                at(record("d", CHILD, TestTypes.REQUESTS, "8"), now.minus(Duration.ofDays(1)), "key:1"),
                at(record("g1", CHILD, TestTypes.STORED, "500"), now.minusSeconds(1), "key:1"),
                at(record("g2", CHILD, TestTypes.STORED, "300"), now.minusSeconds(2), "key:1"));
        ingest(CHILD_ADMIN, at(record("g3", CHILD, TestTypes.STORED, "700"), now, "key:1"));
        ingest(PARENT_ADMIN, record("p", PARENT, TestTypes.REQUESTS, "16"));
        ingest(WALLED_ADMIN, record("w", WALLED, TestTypes.REQUESTS, "32"));

        List<Aggregate> hours = module.aggregate(CHILD_ADMIN, query(CHILD, false, Period.HOUR));
        assertThat(hours.stream().filter(each -> each.type().equals(TestTypes.REQUESTS)).map(Aggregate::sum))
                .containsExactly(new BigDecimal(8), new BigDecimal(4), new BigDecimal(3));
        List<Aggregate> subjects = module.aggregate(CHILD_ADMIN, query(CHILD, false, Period.MONTH, Group.SUBJECT));
        assertThat(subjects).extracting(Aggregate::subject).containsExactly("key:1", "key:2", "key:1");
        assertThat(subjects.getLast()).satisfies(gauge -> {
            assertThat(gauge.last()).isEqualByComparingTo("700");
            assertThat(gauge.lastAt()).isEqualTo(now);
            assertThat(gauge.count()).isEqualTo(3);
        });
        List<Aggregate> below = module.aggregate(PARENT_ADMIN, query(PARENT, true, Period.TOTAL, Group.TENANT));
        assertThat(below.stream().filter(each -> each.type().equals(TestTypes.REQUESTS)).map(Aggregate::tenant))
                .as("nothing from behind a barrier")
                .containsExactlyInAnyOrder(PARENT, CHILD);
        assertProblem(ErrorCategory.NOT_FOUND, "TENANT_NOT_FOUND", () -> module.aggregate(PARENT_ADMIN, query(WALLED, false, Period.DAY)));
        assertProblem(ErrorCategory.NOT_FOUND, "TENANT_NOT_FOUND", () -> module.aggregate(CHILD_ADMIN, query(PARENT, false, Period.DAY)));
    }

    @Test
    void correctsByAFurtherRecordInThePeriodOfTheOriginal() {
        ingest(CHILD_ADMIN, at(record("o", CHILD, TestTypes.REQUESTS, "10"), clock.instant().minus(Duration.ofDays(1)), "key:1"));

        assertThat(module.correct(CHILD_ADMIN, CHILD, "o", "k1", new BigDecimal(-4), "twice counted")).isEqualTo(new Accepted("k1"));
        assertThat(module.correct(CHILD_ADMIN, CHILD, "o", "k1", new BigDecimal(-4), "twice counted")).isEqualTo(new Duplicate("k1"));
        assertThat(((Rejected) module.correct(CHILD_ADMIN, CHILD, "o", "k2", new BigDecimal(-7), "")).code()).isEqualTo("INVALID_CORRECTION");
        assertThat(((Rejected) module.correct(CHILD_ADMIN, CHILD, "k1", "k3", new BigDecimal(-1), "")).code()).isEqualTo("INVALID_CORRECTION");
        assertProblem(ErrorCategory.NOT_FOUND, "RECORD_NOT_FOUND", () -> module.correct(CHILD_ADMIN, CHILD, "none", "k4", BigDecimal.ONE, ""));
        assertProblem(ErrorCategory.NOT_FOUND, "TENANT_NOT_FOUND", () -> module.correct(OTHER_ADMIN, CHILD, "o", "k5", BigDecimal.ONE, ""));

        Aggregate day = module.aggregate(CHILD_ADMIN, query(CHILD, false, Period.DAY)).getFirst();
        assertThat(day.start()).isEqualTo(Instant.parse("2026-11-24T00:00:00Z"));
        assertThat(day.sum()).isEqualByComparingTo("6");
        assertThat(day.count()).isEqualTo(1);
        assertThat(module.find(CHILD_ADMIN, CHILD, "o").orElseThrow().quantity()).isEqualByComparingTo("10");
        assertThat(module.find(CHILD_ADMIN, CHILD, "k1").orElseThrow().corrects()).isEqualTo("o");
    }

    @Test
    void listsInPagesBothWays() {
        for (int i = 0; i < 5; i++) {
            ingest(CHILD_ADMIN, at(record("l" + i, CHILD, TestTypes.REQUESTS, "1"), clock.instant().minusSeconds(i / 2), "key:1"));
        }
        List<UsageRecord> first = module.list(CHILD_ADMIN, list(null, false));
        assertThat(first).extracting(UsageRecord::id).containsExactly("l1", "l0", "l3");
        List<UsageRecord> next = module.list(CHILD_ADMIN, list(first.getLast(), false));
        assertThat(next).extracting(UsageRecord::id).containsExactly("l2", "l4");
        assertThat(module.list(CHILD_ADMIN, list(next.getFirst(), true))).extracting(UsageRecord::id).containsExactly("l3", "l0", "l1");
        assertThat(module.list(OTHER_ADMIN, new RecordQuery(OTHER, null, null, null, null, null, null, false, 10))).isEmpty();
    }

    private static RecordQuery list(@Nullable UsageRecord after, boolean backward) {
        return new RecordQuery(
                CHILD, TestTypes.REQUESTS, "key:1", "openai/x", Instant.EPOCH, Instant.parse("2026-12-01T00:00:00Z"),
                after == null ? null : new RecordQuery.Position(after.at(), after.id()), backward, 3);
    }

    @Test
    void letsPassExactlyAsManyAsTheLimitOnTwoNodes() throws Exception {
        quota(CHILD_ADMIN, CHILD, "100", Enforcement.HARD, "0");
        quota(PARENT_ADMIN, PARENT, "1000", Enforcement.HARD, "0");
        List<Callable<Admission>> calls = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            UsageModule node = i % 2 == 0 ? module : otherNode;
            calls.add(() -> node.reserve(CHILD_ADMIN, new ReservationRequest("key:1", TestTypes.REQUESTS, BigDecimal.ONE)));
        }

        List<Admission> results = together(calls);

        assertThat(results.stream().filter(Reservation.class::isInstance)).hasSize(100);
        assertThat(results.stream().filter(Refusal.class::isInstance)).hasSize(100);
        assertThat(module.status(CHILD_ADMIN, CHILD).getFirst()).satisfies(status -> {
            assertThat(status.reserved()).isEqualByComparingTo("100");
            assertThat(status.left()).isEqualByComparingTo("0");
            assertThat(status.renewsAt()).isEqualTo(Instant.parse("2026-11-26T00:00:00Z"));
        });
        assertThat(module.status(PARENT_ADMIN, PARENT).getFirst().reserved()).isEqualByComparingTo("100");
    }

    @Test
    void settlesAndReleasesOnce() {
        quota(CHILD_ADMIN, CHILD, "10", Enforcement.HARD, "0");
        String settled = id(reserve(CHILD_ADMIN, "6"));
        assertThat(reserve(CHILD_ADMIN, "5")).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.left()).isEqualByComparingTo("4");
            assertThat(refusal.quota()).isNotNull();
            assertThat(refusal.renewsAt()).isEqualTo(Instant.parse("2026-11-26T00:00:00Z"));
        });

        List<UsageRecord> actual = List.of(record("s1", CHILD, TestTypes.REQUESTS, "2"));
        assertThat(module.settle(CHILD_ADMIN, settled, actual)).containsExactly(new Accepted("s1"));
        assertThat(otherNode.settle(CHILD_ADMIN, settled, actual)).containsExactly(new Duplicate("s1"));
        assertProblem(ErrorCategory.FAILED_PRECONDITION, "RESERVATION_SETTLED", () -> module.release(CHILD_ADMIN, settled));
        assertStatus("2", "0", "8");

        String released = id(reserve(CHILD_ADMIN, "8"));
        module.release(CHILD_ADMIN, released);
        module.release(CHILD_ADMIN, released);
        assertProblem(ErrorCategory.FAILED_PRECONDITION, "RESERVATION_RELEASED", () -> module.settle(CHILD_ADMIN, released, actual));
        assertProblem(ErrorCategory.NOT_FOUND, "RESERVATION_NOT_FOUND", () -> module.release(OTHER_ADMIN, released));
        String open = id(reserve(CHILD_ADMIN, "1"));
        assertProblem(
                ErrorCategory.INVALID_ARGUMENT,
                "ID_REUSED",
                () -> module.settle(CHILD_ADMIN, open, List.of(record("s1", CHILD, TestTypes.REQUESTS, "9"))));
        assertStatus("2", "1", "7");
        // more than was held has happened nevertheless
        module.settle(CHILD_ADMIN, open, List.of(record("s2", CHILD, TestTypes.REQUESTS, "50")));
        assertStatus("52", "0", "0");
    }

    private void assertStatus(String used, String reserved, String left) {
        Quota.Status status = module.status(CHILD_ADMIN, CHILD).getFirst();
        assertThat(List.of(status.used(), status.reserved(), status.left()))
                .usingElementComparator(BigDecimal::compareTo)
                .containsExactly(new BigDecimal(used), new BigDecimal(reserved), new BigDecimal(left));
    }

    @Test
    void givesBackWhatExpires() throws Exception {
        quota(CHILD_ADMIN, CHILD, "10", Enforcement.HARD, "0");
        String first = id(reserve(CHILD_ADMIN, "10"));
        assertThat(reserve(CHILD_ADMIN, "1")).isInstanceOf(Refusal.class);

        clock.advanceSeconds(301);
        String next = id(reserve(CHILD_ADMIN, "10"));
        module.settle(CHILD_ADMIN, first, List.of(record("late", CHILD, TestTypes.REQUESTS, "3")));
        assertStatus("3", "10", "0");

        clock.advanceSeconds(301);
        UsageModule sweeping = open(persistence, Duration.ofMillis(50));
        try {
            await().untilAsserted(() -> assertStatus("3", "0", "7"));
            clock.advanceSeconds(86_000);
            clock.advanceSeconds(1000);
            await().untilAsserted(() ->
                    assertProblem(ErrorCategory.NOT_FOUND, "RESERVATION_NOT_FOUND", () -> module.release(CHILD_ADMIN, next)));
        } finally {
            sweeping.close();
        }
    }

    @Test
    void quotasOfAllAboveHoldTogether() {
        Quota above = quota(PARENT_ADMIN, PARENT, "5", Enforcement.HARD, "0");
        quota(CHILD_ADMIN, CHILD, "100", Enforcement.HARD, "0");
        ingest(WALLED_ADMIN, record("w", WALLED, TestTypes.REQUESTS, "2"));

        id(reserve(CHILD_ADMIN, "3"));
        assertThat(reserve(CHILD_ADMIN, "1")).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.quota()).as("nothing is told of who is above").isNull();
            assertThat(refusal.left()).isEqualByComparingTo("0");
        });
        assertThat(module.status(CHILD_ADMIN, CHILD).getFirst().reserved()).as("all or nothing").isEqualByComparingTo("3");
        id(reserve(OTHER_ADMIN, "1000"));

        module.delete(PARENT_ADMIN, above.id(), above.version());
        id(reserve(CHILD_ADMIN, "50"));
    }

    @Test
    void softAndGraceLetPassWithAWarning() {
        Quota soft = quota(CHILD_ADMIN, CHILD, "1", Enforcement.SOFT, "0");
        assertThat(((Reservation) reserve(CHILD_ADMIN, "5")).warnings()).containsExactly(soft.id());
        Quota grace = module.update(
                CHILD_ADMIN,
                soft.id(),
                soft.version(),
                new NewQuota(CHILD, "", TestTypes.REQUESTS, Period.DAY, new BigDecimal(5), Enforcement.GRACE, new BigDecimal(3)));
        assertThat(((Reservation) reserve(CHILD_ADMIN, "2")).warnings()).containsExactly(grace.id());
        assertThat(((Refusal) reserve(CHILD_ADMIN, "2")).left()).isEqualByComparingTo("1");
        assertThat(((Reservation) reserve(CHILD_ADMIN, "1")).warnings()).containsExactly(grace.id());
    }

    @Test
    void limitsOneSubjectAndCountsWhatWasUsedBefore() {
        ingest(
                CHILD_ADMIN,
                at(record("x1", CHILD, TestTypes.REQUESTS, "4"), clock.instant(), "key:1"),
                at(record("x2", CHILD, TestTypes.REQUESTS, "4"), clock.instant(), "key:2"),
                at(record("x3", CHILD, TestTypes.REQUESTS, "4"), clock.instant().minus(Duration.ofDays(1)), "key:1"));
        module.create(
                CHILD_ADMIN,
                new NewQuota(CHILD, "key:1", TestTypes.REQUESTS, Period.DAY, new BigDecimal(5), Enforcement.HARD, BigDecimal.ZERO));

        assertThat(((Refusal) reserve(CHILD_ADMIN, "2")).left()).isEqualByComparingTo("1");
        id(module.reserve(CHILD_ADMIN, new ReservationRequest("key:2", TestTypes.REQUESTS, new BigDecimal(50))));
        clock.advanceSeconds(86_400);
        id(reserve(CHILD_ADMIN, "5"));
    }

    @Test
    void reservesSeveralTypesOrNone() {
        quota(CHILD_ADMIN, CHILD, "10", Enforcement.HARD, "0");
        module.create(
                CHILD_ADMIN, new NewQuota(CHILD, "", TestTypes.COST, Period.MONTH, new BigDecimal("0.05"), Enforcement.HARD, BigDecimal.ZERO));
        Map<String, BigDecimal> amounts = Map.of(TestTypes.REQUESTS, BigDecimal.ONE, TestTypes.COST, new BigDecimal("0.03"));

        id(module.reserve(CHILD_ADMIN, new ReservationRequest("", amounts, Duration.ofMinutes(1))));
        assertThat(module.reserve(CHILD_ADMIN, new ReservationRequest("", amounts, Duration.ofMinutes(1))))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.type()).isEqualTo(TestTypes.COST);
                    assertThat(refusal.left()).isEqualByComparingTo("0.02");
                });
        assertThat(module.status(CHILD_ADMIN, CHILD)).extracting(each -> each.reserved().stripTrailingZeros().toPlainString()).containsExactly("1", "0.03");
    }

    @Test
    void whomALimitBindsDoesNotLiftIt() {
        Quota imposed = quota(PARENT_ADMIN, CHILD, "1", Enforcement.HARD, "0");
        NewQuota more = new NewQuota(CHILD, "", TestTypes.REQUESTS, Period.DAY, new BigDecimal(99), Enforcement.HARD, BigDecimal.ZERO);

        assertThat(module.list(CHILD_ADMIN, CHILD)).extracting(Quota::id).containsExactly(imposed.id());
        assertProblem(ErrorCategory.PERMISSION_DENIED, "QUOTA_FROM_ABOVE", () -> module.update(CHILD_ADMIN, imposed.id(), 1, more));
        assertProblem(ErrorCategory.PERMISSION_DENIED, "QUOTA_FROM_ABOVE", () -> module.delete(CHILD_ADMIN, imposed.id(), 1));
        assertProblem(ErrorCategory.NOT_FOUND, "QUOTA_NOT_FOUND", () -> module.get(OTHER_ADMIN, imposed.id()));
        assertProblem(ErrorCategory.NOT_FOUND, "QUOTA_NOT_FOUND", () -> module.delete(OTHER_ADMIN, imposed.id(), 1));
        assertProblem(ErrorCategory.NOT_FOUND, "TENANT_NOT_FOUND", () -> quota(PARENT_ADMIN, WALLED, "1", Enforcement.HARD, "0"));
        module.create(CHILD_ADMIN, more);
        assertThat(reserve(CHILD_ADMIN, "2")).isInstanceOf(Refusal.class);
    }

    @Test
    void refusesWrongQuotasAndChangesBehindAnothersBack() {
        Quota made = quota(CHILD_ADMIN, CHILD, "1", Enforcement.HARD, "0");
        assertProblem(ErrorCategory.ALREADY_EXISTS, "QUOTA_EXISTS", () -> quota(CHILD_ADMIN, CHILD, "2", Enforcement.HARD, "0"));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "INVALID_QUOTA", () -> quota(CHILD_ADMIN, CHILD, "-1", Enforcement.HARD, "0"));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "INVALID_QUOTA", () -> quota(CHILD_ADMIN, CHILD, "1.5", Enforcement.HARD, "0"));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "INVALID_QUOTA", () -> quota(CHILD_ADMIN, CHILD, "1", Enforcement.GRACE, "0"));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "INVALID_QUOTA", () -> quota(CHILD_ADMIN, CHILD, "1", Enforcement.HARD, "1"));
        NewQuota gauge = new NewQuota(CHILD, "", TestTypes.STORED, Period.DAY, BigDecimal.ONE, Enforcement.HARD, BigDecimal.ZERO);
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "INVALID_QUOTA", () -> module.create(CHILD_ADMIN, gauge));
        NewQuota next = new NewQuota(CHILD, "", TestTypes.REQUESTS, Period.DAY, BigDecimal.TEN, Enforcement.HARD, BigDecimal.ZERO);
        assertThat(module.update(CHILD_ADMIN, made.id(), made.version(), next).limit()).isEqualByComparingTo("10");
        assertProblem(ErrorCategory.ABORTED, "QUOTA_CHANGED", () -> module.update(CHILD_ADMIN, made.id(), made.version(), next));
        assertProblem(ErrorCategory.ABORTED, "QUOTA_CHANGED", () -> module.delete(CHILD_ADMIN, made.id(), made.version()));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "INVALID_QUOTA", () -> reserve(CHILD_ADMIN, "-1"));
        assertProblem(
                ErrorCategory.INVALID_ARGUMENT,
                "INVALID_QUOTA",
                () -> module.reserve(CHILD_ADMIN, new ReservationRequest("", Map.of(), Duration.ofMinutes(1))));
    }
}
