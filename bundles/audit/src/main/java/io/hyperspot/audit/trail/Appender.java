// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.trail;

import static io.hyperspot.audit.trail.Tables.END;
import static io.hyperspot.audit.trail.Tables.RECORD;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.audit.chain.Link;
import io.hyperspot.audit.chain.Point;
import io.hyperspot.audit.chain.SignedPoint;
import io.hyperspot.audit.trail.Tables.EndRow;
import io.hyperspot.audit.trail.Tables.RecordRow;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.MessageHandler;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.persistence.Writing;
import io.hyperspot.security.TenantId;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Appends the events that come out of the outbox to the trails of their tenants; each once. */
final class Appender implements MessageHandler {
    private static final Logger log = LoggerFactory.getLogger(Appender.class);

    private final Database database;
    private final SigningKey key;
    private final PersonSecret secret;
    private final Heads heads;
    private final Clock clock;

    Appender(Database database, SigningKey key, PersonSecret secret, Heads heads, Clock clock) {
        this.database = database;
        this.key = key;
        this.secret = secret;
        this.heads = heads;
        this.clock = clock;
    }

    @Override
    public String topic() {
        return AuditEvent.TOPIC;
    }

    @Override
    public void handle(List<Delivery> deliveries) {
        Map<TenantId, List<Delivery>> trails = new LinkedHashMap<>();
        for (Delivery delivery : deliveries) {
            trails.computeIfAbsent(delivery.message().tenant(), tenant -> new ArrayList<>()).add(delivery);
        }
        trails.forEach((tenant, some) -> {
            SignedPoint head = database.write(TenantScope.of(Set.of(tenant)), rows -> append(rows, tenant.toString(), some));
            if (head != null) {
                heads.grown(head);
            }
        });
    }

    /** The new end, or null when all was there already. */
    private @Nullable SignedPoint append(Writing rows, String tenant, List<Delivery> deliveries) {
        Set<String> known = rows.from(RECORD).where(RECORD.id.in(deliveries.stream().map(Delivery::id).toList())).fetch().stream()
                .map(row -> row.get(RECORD.id))
                .collect(Collectors.toSet());
        EndRow end = rows.from(END).where(END.kind.eq(Point.Kind.HEAD.name())).fetchFirst().orElse(null);
        long seq = end == null ? 0 : end.get(END.seq);
        String hash = end == null ? Link.START : end.get(END.hash);
        Persons persons = new Persons(secret, tenant);
        boolean grown = false;
        for (Delivery delivery : deliveries) {
            AuditEvent event = known.contains(delivery.id()) ? null : event(delivery);
            if (event != null) {
                seq++;
                hash = insert(rows, link(rows, persons, event, delivery, seq, hash), event.target());
                grown = true;
            }
        }
        return grown ? finish(rows, new Point(Point.Kind.HEAD, tenant, seq, hash), end == null) : null;
    }

    private static @Nullable AuditEvent event(Delivery delivery) {
        try {
            return AuditEvent.of(delivery.message());
        } catch (IllegalArgumentException e) {
            log.error("the message {} of the topic {} is no event", delivery.id(), AuditEvent.TOPIC, e);
            return null;
        }
    }

    private Link link(Writing rows, Persons persons, AuditEvent event, Delivery delivery, long seq, String previous) {
        String id = delivery.id();
        long now = clock.millis();
        boolean onPerson = Persons.isPerson(event.target());
        AuditEvent told = onPerson ? event.with(Details.TARGET, event.target()) : event;
        String actorKey = persons.keyId(rows, event.actor(), now);
        String detailsKey = persons.keyId(rows, Persons.concerned(event.actor(), event.target()), now);
        return new Link(
                event.tenant().toString(),
                seq,
                id,
                delivery.at().toEpochMilli(),
                event.action(),
                event.outcome().name(),
                onPerson ? secret.pseudonym(event.tenant().toString(), event.target()) : event.target(),
                secret.pseudonym(event.tenant().toString(), event.actor()),
                actorKey,
                persons.seal(actorKey, id, Entry.ACTOR, event.actor()),
                detailsKey,
                persons.seal(detailsKey, id, Entry.DETAILS, Details.write(told.details())),
                previous);
    }

    private String insert(Writing rows, Link link, String target) {
        String hash = link.hash();
        RecordRow row = new RecordRow();
        row.set(RECORD.tenantId, link.tenant());
        row.set(RECORD.seq, link.seq());
        row.set(RECORD.id, link.id());
        row.set(RECORD.recordedAt, link.at());
        row.set(RECORD.action, link.action());
        row.set(RECORD.outcome, link.outcome());
        row.set(RECORD.target, link.target());
        row.set(RECORD.targetRef, secret.pseudonym(link.tenant(), target));
        row.set(RECORD.actorRef, link.actorRef());
        row.set(RECORD.actorKey, link.actorKey());
        row.set(RECORD.actorSealed, link.actor());
        row.set(RECORD.detailsKey, link.detailsKey());
        row.set(RECORD.detailsSealed, link.details());
        row.set(RECORD.previousHash, link.previous());
        row.set(RECORD.hash, hash);
        row.set(RECORD.signature, key.sign(new Point(Point.Kind.RECORD, link.tenant(), link.seq(), hash), link.at()).signature());
        rows.insert(row);
        return hash;
    }

    private SignedPoint finish(Writing rows, Point head, boolean first) {
        SignedPoint signed = key.sign(head, clock.millis());
        Ends.write(rows, signed, first);
        return signed;
    }
}
