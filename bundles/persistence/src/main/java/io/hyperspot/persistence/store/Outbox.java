// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import static io.hyperspot.persistence.store.OutboxTables.LEASE;
import static io.hyperspot.persistence.store.OutboxTables.MESSAGE;

import io.hyperspot.modkit.TimeOrderedId;
import io.hyperspot.persistence.Message;
import io.hyperspot.persistence.MessageHandler;
import io.hyperspot.persistence.MessageHandler.Delivery;
import io.hyperspot.persistence.Migration;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.persistence.store.OutboxTables.LeaseRow;
import io.hyperspot.persistence.store.OutboxTables.MessageRow;
import io.hyperspot.security.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The messages of transactions: written with them, and handled by one node at a time, which holds a lease
 * on the topic.
 */
final class Outbox implements AutoCloseable {
    static final String MODULE = "outbox";
    private static final String MIGRATION = "V1__messages.sql";
    private static final int BATCH = 200;
    private static final Duration LEASE_TIME = Duration.ofSeconds(10);
    private static final TenantScope ALL = TenantScope.platform("messages are handled for whichever tenant they concern");

    private final Store store;
    private final ModuleDatabase database;
    private final TimeOrderedId ids = new TimeOrderedId(new SecureRandom());
    private final String node = ids.next(System.currentTimeMillis()).toString();
    private final Set<Relay> relays = ConcurrentHashMap.newKeySet();

    Outbox(Store store) {
        this.store = store;
        this.database = new ModuleDatabase(store, MODULE, new Migrations(MODULE, List.of(migration())));
    }

    private static Migration migration() {
        try (@Nullable InputStream sql = Outbox.class.getResourceAsStream("/db/migration/" + MODULE + "/" + MIGRATION)) {
            if (sql == null) {
                throw new IOException("it is not there");
            }
            return new Migration(MIGRATION, new String(sql.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("the migration of the outbox cannot be read", e);
        }
    }

    /** Makes its tables, before the first transaction that could write to them. */
    void prepare(long until) throws SQLException {
        database.migrate(until);
    }

    MessageRow row(Message message) {
        long now = System.currentTimeMillis();
        MessageRow row = new MessageRow();
        row.set(MESSAGE.id, ids.next(now).toString());
        row.set(MESSAGE.tenantId, message.tenant().toString());
        row.set(MESSAGE.topic, message.topic());
        row.set(MESSAGE.fields, Fields.write(message.fields()));
        row.set(MESSAGE.createdAt, now);
        return row;
    }

    /** Messages were committed. */
    void committed() {
        relays.forEach(Relay::wake);
    }

    /** Hands a topic's messages to a handler until closed. */
    Relay deliver(MessageHandler handler) {
        // other nodes' messages are seen by looking; a database of one process has none
        Duration look = store.engine().oneWriter() ? Duration.ofSeconds(30) : Duration.ofSeconds(1);
        Relay relay = new Relay(this, handler, look);
        relays.add(relay);
        relay.start();
        return relay;
    }

    void forget(Relay relay) {
        relays.remove(relay);
    }

    /** The oldest messages of a topic. */
    List<Delivery> pending(String topic) {
        // the letters of a topic need no quoting
        String query = "select id, tenant_id, topic, fields, created_at from outbox_message where topic = '" + topic
                + "' order by id limit " + BATCH;
        return database.read(ALL, rows -> rows.plain(query, Outbox::delivery));
    }

    private static Delivery delivery(ResultSet row) throws SQLException {
        return new Delivery(
                row.getString("id"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                new Message(
                        row.getString("topic"),
                        TenantId.of(row.getString("tenant_id")),
                        Fields.read(row.getString("fields"))));
    }

    /** Whether this node handles the topic now. */
    boolean lease(String topic) {
        if (store.engine().oneWriter()) {
            return true;
        }
        return database.<Boolean>write(ALL, rows -> {
            long now = System.currentTimeMillis();
            @Nullable LeaseRow lease = rows.from(LEASE).where(LEASE.topic.eq(topic)).fetchFirst().orElse(null);
            LeaseRow mine = new LeaseRow();
            mine.set(LEASE.holder, node);
            mine.set(LEASE.expiresAt, now + LEASE_TIME.toMillis());
            if (lease == null) {
                mine.set(LEASE.topic, topic);
                rows.insert(mine);
                return true;
            }
            long left = lease.get(LEASE.expiresAt) - now;
            boolean own = node.equals(lease.get(LEASE.holder));
            if (!own && left > 0) {
                return false;
            }
            if (!own || left < LEASE_TIME.toMillis() / 2) {
                rows.update(mine, LEASE.topic.eq(topic));
            }
            return true;
        });
    }

    /** Lets another node have the topic at once. */
    void release(String topic) {
        if (!store.engine().oneWriter()) {
            database.<Integer>write(ALL, rows -> rows.delete(LEASE, LEASE.topic.eq(topic).and(LEASE.holder.eq(node))));
        }
    }

    void handled(List<Delivery> deliveries) {
        List<String> done = deliveries.stream().map(Delivery::id).toList();
        database.<Integer>write(ALL, rows -> rows.delete(MESSAGE, MESSAGE.id.in(done)));
    }

    @Override
    public void close() {
        relays.forEach(Relay::close);
    }
}
