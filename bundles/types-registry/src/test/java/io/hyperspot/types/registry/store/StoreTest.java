// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.itests.databases.TestDatabase;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.persistence.Migration;
import io.hyperspot.persistence.store.PersistenceModule;
import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.Tenant;
import io.hyperspot.tenants.TenantTree;
import io.hyperspot.types.registry.engine.Document;
import io.hyperspot.types.registry.engine.GtsEngine;
import io.hyperspot.types.registry.engine.GtsProfile;
import io.hyperspot.types.registry.engine.RefusedException;
import io.hyperspot.types.registry.store.Registration.Done;
import io.hyperspot.types.registry.store.Registration.Mode;
import io.hyperspot.types.registry.store.Registration.Reason;
import io.hyperspot.types.registry.store.Registration.Refused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Documents of tenants over real databases. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
class StoreTest {
    private static final TenantId A = TenantId.of("0192f0c1-2345-7000-8000-00000000000a");
    private static final TenantId B = TenantId.of("0192f0c1-2345-7000-8000-00000000000b");
    private static final String ORDER = "gts.acme.shop.orders.order.v1~";
    private static final String RUSH = ORDER + "acme.shop._.rush.v1~";
    private static final String FIRST = RUSH + "acme.shop._.first.v1";
    private static final Mode ATOMIC = new Mode(true, true, false);
    private static final Mode DRY = new Mode(true, false, true);
    private static final Mode UNCHECKED = new Mode(false, false, false);

    @TempDir
    Path home;

    private final TestDatabase kind;
    private PersistenceModule persistence;
    private Store store;

    StoreTest(TestDatabase kind) {
        this.kind = kind;
    }

    @BeforeEach
    void start() throws Exception {
        persistence = new PersistenceModule(home, kind.fresh());
        store = open(100);
    }

    @AfterEach
    void stop() throws Exception {
        persistence.close();
    }

    private Store open(int most) throws Exception {
        return open(most, () -> null);
    }

    private Store open(int most, Supplier<@Nullable TenantTree> tree) throws Exception {
        String file = "V1__entities.sql";
        String sql = Files.readString(Path.of("src/main/resources/db/migration/types_registry", file));
        Store made = new Store(
                new GtsEngine(GtsProfile.V0_11),
                new StoredDocuments(persistence.open("types_registry", List.of(new Migration(file, sql)))),
                Lineage.of(tree),
                Clock.systemUTC(),
                most);
        made.load();
        return made;
    }

    @Test
    void keepsDocumentsOverARestart() throws Exception {
        register(store, A, Mode.CHECKED, order(), rush(), first());
        store.change(A, ORDER, "user:a", Status.DEPRECATED, entity -> {});

        Store again = open(100);

        assertThat(again.current().view(A).all())
                .extracting(entity -> entity.document().key(), entity -> entity.status())
                .containsExactly(
                        tuple(ORDER, Status.DEPRECATED),
                        tuple(RUSH, Status.ACTIVE),
                        tuple(FIRST, Status.ACTIVE));
        assertThat(registered(again, RUSH).document().content()).isEqualTo(rush());
    }

    @Test
    void takesABatchInAnyOrder() {
        assertThat(register(store, A, Mode.CHECKED, first(), rush(), order())).allMatch(Done.class::isInstance);
        assertThat(store.current().view(A).find(FIRST)).isNotNull();
    }

    @Test
    void registersTheRestWhenOneIsRefusedAndNothingWhenAtomic() {
        JsonNode bad = json("{'id': '" + RUSH + "acme.shop._.bad.v1', 'n': 'many'}");

        List<Registration> atomic = register(store, A, ATOMIC, order(), rush(), bad);
        assertThat(atomic).allMatch(Refused.class::isInstance);
        assertThat(reason(atomic.getFirst())).isEqualTo(Reason.ABANDONED);
        assertThat(reason(atomic.getLast())).isEqualTo(Reason.INVALID);
        assertThat(store.current().view(A).all()).isEmpty();

        List<Registration> each = register(store, A, Mode.CHECKED, order(), rush(), bad);
        assertThat(each.getFirst()).isInstanceOf(Done.class);
        assertThat(((Refused) each.getLast()).violations()).singleElement().satisfies(violation -> {
            assertThat(violation.pointer()).isEqualTo("/n");
            assertThat(violation.message()).contains("integer");
        });
        assertThat(store.current().view(A).find(RUSH)).isNotNull();
    }

    @Test
    void checksWithoutStoringInADryRun() {
        long before = store.current().number();
        assertThat(register(store, A, DRY, order(), rush())).allMatch(Done.class::isInstance);
        assertThat(store.current().number()).isEqualTo(before);
        assertThat(store.current().view(A).all()).isEmpty();
    }

    @Test
    void neverChangesWhatIsRegistered() {
        register(store, A, Mode.CHECKED, order());
        long generation = store.current().number();

        Registration same = register(store, A, Mode.CHECKED, order()).getFirst();
        assertThat(((Done) same).changed()).isFalse();
        assertThat(store.current().number()).isEqualTo(generation);

        Registration other = register(store, A, Mode.CHECKED, json(order().toString().replace("integer", "string"))).getFirst();
        assertThat(reason(other)).isEqualTo(Reason.CONFLICT);
        assertThat(((Refused) other).message()).contains("next version");
        Registration twice = register(store, A, Mode.CHECKED, rush(), json(rush().toString().replace("An", "Another"))).getLast();
        assertThat(reason(twice)).isEqualTo(Reason.CONFLICT);
    }

    @Test
    void replacesADraftUntilItIsChecked() {
        JsonNode other = json(order().toString().replace("integer", "number"));
        register(store, A, UNCHECKED, order());
        assertThat(registered(store, ORDER).status()).isEqualTo(Status.DRAFT);
        register(store, A, UNCHECKED, other);
        assertThat(registered(store, ORDER).document().content()).isEqualTo(other);

        register(store, A, Mode.CHECKED, other);
        assertThat(registered(store, ORDER).status()).isEqualTo(Status.ACTIVE);
        assertThat(reason(register(store, A, UNCHECKED, order()).getFirst())).isEqualTo(Reason.CONFLICT);
    }

    @Test
    void showsATenantItsOwnTheRootsAndThePlatformsDocumentsOnly() {
        register(store, A, Mode.CHECKED, order());
        register(store, B, Mode.CHECKED, json(order().toString().replace("acme", "bravo")));
        register(store, TenantId.ROOT, Mode.CHECKED, json(order().toString().replace("acme", "root")));

        assertThat(keys(A)).containsExactly(ORDER, ORDER.replace("acme", "root"));
        assertThat(keys(B)).containsExactly(ORDER.replace("acme", "bravo"), ORDER.replace("acme", "root"));
        assertThat(keys(TenantId.ROOT)).containsExactly(ORDER.replace("acme", "root"));
        // a type of the root may be built upon, by ids of one's own vendor
        JsonNode built = json(rush().toString().replace("gts.acme.", "gts.root."));
        assertThat(register(store, A, Mode.CHECKED, built).getFirst()).isInstanceOf(Done.class);
    }

    @Test
    void showsTypesToAllLevelsBelowDownToABarrier() throws Exception {
        TenantId c = TenantId.of("0192f0c1-2345-7000-8000-00000000000c");
        AtomicReference<TenantTree> tree = new AtomicReference<>(tree(tenant(A, TenantId.ROOT, false), tenant(B, A, false), tenant(c, B, false)));
        store = open(100, tree::get);
        register(store, TenantId.ROOT, Mode.CHECKED, json(order().toString().replace("acme", "root")));
        register(store, A, Mode.CHECKED, order());
        String ofRoot = ORDER.replace("acme", "root");

        assertThat(keys(TenantId.ROOT)).containsExactly(ofRoot);
        assertThat(keys(A)).containsExactly(ORDER, ofRoot);
        assertThat(keys(B)).containsExactly(ORDER, ofRoot);
        assertThat(keys(c)).containsExactly(ORDER, ofRoot);
        // two levels below it is built upon, in one's own name space, and that is not seen above
        JsonNode built = json(rush().toString().replace("~acme.", "~charlie."));
        assertThat(register(store, c, Mode.CHECKED, built).getFirst()).isInstanceOf(Done.class);
        assertThat(keys(B)).containsExactly(ORDER, ofRoot);

        // the tree changes: what is above the barrier is gone at once for it and those below, nothing for those above
        tree.set(tree(tenant(A, TenantId.ROOT, false), tenant(B, A, true), tenant(c, B, false)));
        assertThat(keys(A)).containsExactly(ORDER, ofRoot);
        assertThat(keys(B)).isEmpty();
        assertThat(keys(c)).containsExactly(RUSH.replace("~acme.", "~charlie."));
        register(store, B, Mode.CHECKED, json(order().toString().replace("acme", "bravo")));
        assertThat(keys(c)).contains(ORDER.replace("acme", "bravo"));
        assertThat(keys(A)).containsExactly(ORDER, ofRoot);
        assertThat(reason(register(store, c, Mode.CHECKED, json(order().toString().replace("orders", "other"))).getFirst()))
                .isEqualTo(Reason.FORBIDDEN);

        // and a tenant that is in no tree sees what the platform brings only
        tree.set(tree());
        assertThat(keys(B)).containsExactly(ORDER.replace("acme", "bravo"));
    }

    private static Tenant tenant(TenantId id, TenantId parent, boolean selfManaged) {
        return new Tenant(id, parent, "t", "", Tenant.Status.ACTIVE, selfManaged, Instant.EPOCH, 1);
    }

    private static TenantTree tree(Tenant... tenants) {
        List<Tenant> all = new ArrayList<>(List.of(tenants));
        all.add(new Tenant(TenantId.ROOT, null, "root", "", Tenant.Status.ACTIVE, false, Instant.EPOCH, 1));
        return TenantTree.of(all);
    }

    @Test
    void keepsTenantsOutOfForeignNamespaces() {
        store.contribute(
                List.of(new Contribution(
                        new Owner.OfBundle(7, "plugin 1.0.0"),
                        Map.of("a.json", document(json(order().toString().replace("acme", "plugged")))),
                        List.of())),
                List.of());
        register(store, A, Mode.CHECKED, order());

        assertThat(reason(register(store, B, Mode.CHECKED, json(order().toString().replace("orders", "other"))).getFirst()))
                .isEqualTo(Reason.FORBIDDEN);
        assertThat(reason(register(store, B, Mode.CHECKED, json(order().toString().replace("acme", "hyperspot"))).getFirst()))
                .isEqualTo(Reason.FORBIDDEN);
        assertThat(reason(register(store, B, Mode.CHECKED, json(order().toString().replace("acme.shop", "plugged.more"))).getFirst()))
                .isEqualTo(Reason.FORBIDDEN);
        // to derive from the platform's type is what it is there for
        JsonNode derived = json(rush().toString().replace("gts.acme.", "gts.plugged.").replace("~acme.", "~bravo."));
        assertThat(register(store, B, Mode.CHECKED, derived).getFirst()).isInstanceOf(Done.class);
    }

    @Test
    void deletesWhatNobodyBuildsOnAndKeepsItsIdTaken() {
        register(store, A, Mode.CHECKED, order(), rush());

        assertThatThrownBy(() -> store.change(A, ORDER, "user:a", Status.DELETED, entity -> {}))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("build on");
        store.change(A, RUSH, "user:a", Status.DELETED, entity -> {});
        store.change(A, ORDER, "user:a", Status.DELETED, entity -> {});

        assertThat(store.current().view(A).find(ORDER)).isNull();
        assertThat(store.current().view(A).any(ORDER)).isNotNull();
        assertThat(reason(register(store, A, Mode.CHECKED, json(order().toString().replace("integer", "string"))).getFirst()))
                .isEqualTo(Reason.CONFLICT);
        assertThat(register(store, A, Mode.CHECKED, order()).getFirst()).isInstanceOf(Done.class);
        assertThat(store.current().view(A).find(ORDER)).isNotNull();
    }

    @Test
    void changesNothingOfOthers() {
        register(store, A, Mode.CHECKED, order());
        assertThatThrownBy(() -> store.change(B, ORDER, "user:b", Status.DELETED, entity -> {}))
                .isInstanceOf(ProblemException.class);
        assertThat(store.current().view(A).find(ORDER)).isNotNull();
    }

    @Test
    void boundsWhatATenantMayHave() throws Exception {
        Store small = open(1);
        List<Registration> results = register(small, A, Mode.CHECKED, order(), rush());
        assertThat(results.getFirst()).isInstanceOf(Done.class);
        assertThat(reason(results.getLast())).isEqualTo(Reason.EXHAUSTED);
    }

    @Test
    void letsOthersWaitForAGeneration() throws Exception {
        long next = store.current().number() + 1;
        CompletableFuture<Long> waiting = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                waiting.complete(store.await(next, Duration.ofSeconds(20)).number());
            } catch (InterruptedException e) {
                waiting.completeExceptionally(e);
            }
        });
        register(store, A, Mode.CHECKED, order());
        assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo(next);
        assertThat(store.await(next + 1, Duration.ofMillis(1)).number()).isEqualTo(next);
    }

    @Test
    void registersAnonymousInstancesOfAType() {
        register(store, A, Mode.CHECKED, order(), rush());
        String id = "7a1d2f34-5678-49ab-9012-abcdef123456";
        assertThat(register(store, A, Mode.CHECKED, json("{'id': '" + id + "', 'type': '" + RUSH + "', 'n': 3}")).getFirst())
                .isInstanceOf(Done.class);
        assertThat(register(store, A, Mode.CHECKED, json("{'id': '" + RUSH + id + "', 'n': 4}")).getFirst())
                .isInstanceOf(Done.class);
        assertThat(reason(register(store, A, Mode.CHECKED, json("{'id': 'x', 'n': 3}")).getFirst()))
                .isEqualTo(Reason.INVALID_ID);
    }

    private static Registered registered(Store store, String key) {
        return Objects.requireNonNull(store.current().view(A).registered(key));
    }

    private static Reason reason(Registration registration) {
        return ((Refused) registration).reason();
    }

    private List<String> keys(TenantId tenant) {
        return store.current().view(tenant).all().stream()
                .map(entity -> entity.document().key())
                .toList();
    }

    private static List<Registration> register(Store store, TenantId tenant, Mode mode, JsonNode... documents) {
        return store.register(tenant, Arrays.asList(documents), mode, "user:test");
    }

    private Document document(JsonNode content) {
        try {
            return store.engine().document(content);
        } catch (RefusedException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode order() {
        return json("{'$schema': 'http://json-schema.org/draft-07/schema#', '$id': 'gts://" + ORDER
                + "', 'description': 'An order.', 'type': 'object', 'properties': {'n': {'type': 'integer'}}}");
    }

    private static JsonNode rush() {
        return json("{'$schema': 'http://json-schema.org/draft-07/schema#', '$id': 'gts://" + RUSH
                + "', 'description': 'An order in a hurry.', 'type': 'object', 'allOf': [{'$ref': 'gts://" + ORDER + "'}]}");
    }

    private static JsonNode first() {
        return json("{'id': '" + FIRST + "', 'n': 1}");
    }

    private static JsonNode json(String text) {
        try {
            return Json.read(text.replace('\'', '"'));
        } catch (JacksonException e) {
            throw new AssertionError(e);
        }
    }
}
