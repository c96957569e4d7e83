// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsSyntaxException;
import io.hyperspot.security.TenantId;
import io.hyperspot.types.registry.engine.Document;
import io.hyperspot.types.registry.engine.GtsEngine;
import io.hyperspot.types.registry.engine.RefusedException;
import io.hyperspot.types.registry.engine.View;
import io.hyperspot.types.registry.engine.Violation;
import io.hyperspot.types.registry.store.Registration.Reason;
import io.hyperspot.types.registry.store.Registration.Refused;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Documents that a tenant registers together. */
final class Batch {
    private final Generation generation;
    private final TenantId tenant;
    private final GtsEngine engine;
    private final Registration.Mode mode;
    private final int most;
    private final Instant now;
    private final TenantView seen;
    private final Map<String, Document> added = new LinkedHashMap<>();
    private final Map<String, Registered> accepted = new LinkedHashMap<>();

    Batch(Generation generation, TenantId tenant, GtsEngine engine, Registration.Mode mode, int most, Instant now) {
        this.generation = generation;
        this.tenant = tenant;
        this.engine = engine;
        this.mode = mode;
        this.most = most;
        this.now = now;
        this.seen = generation.view(tenant);
    }

    /** What is to be stored. */
    Map<String, Registered> accepted() {
        return accepted;
    }

    /** What comes of each, in their order. */
    List<Registration> register(List<JsonNode> contents) {
        @Nullable Registration[] results = new Registration[contents.size()];
        @Nullable Document[] documents = new Document[contents.size()];
        for (int i = 0; i < results.length; i++) {
            try {
                documents[i] = engine.document(contents.get(i));
            } catch (RefusedException e) {
                results[i] = new Refused(reason(e), key(contents.get(i)), e.violations());
            }
        }
        // A type before what derives from it, types before instances.
        IntStream.range(0, results.length)
                .filter(i -> documents[i] != null)
                .boxed()
                .sorted(Comparator.comparingInt(i -> order(Objects.requireNonNull(documents[i]))))
                .forEach(i -> results[i] = register(Objects.requireNonNull(documents[i])));
        if (mode.atomic() && Arrays.stream(results).anyMatch(Refused.class::isInstance)) {
            abandon(results);
        }
        return Arrays.stream(results).map(Objects::requireNonNull).toList();
    }

    private static int order(Document document) {
        int chain = document.key().length();
        return document.isType() ? chain : Integer.MAX_VALUE / 2 + chain;
    }

    private void abandon(@Nullable Registration[] results) {
        accepted.clear();
        for (int i = 0; i < results.length; i++) {
            if (results[i] instanceof Registration.Done done) {
                results[i] = new Refused(
                        Reason.ABANDONED,
                        done.entity().document().key(),
                        List.of(new Violation("", "not registered, because another document of the batch was refused")));
            }
        }
    }

    private static Reason reason(RefusedException refused) {
        return refused.violations().stream().anyMatch(violation -> violation.pointer().equals("/$id"))
                ? Reason.INVALID_ID
                : Reason.INVALID;
    }

    private static String key(JsonNode content) {
        String id = content.path("$id").asText(content.path("id").asText(""));
        return id.startsWith("gts://") ? id.substring("gts://".length()) : id;
    }

    private Registration register(Document document) {
        String key = document.key();
        if (mode.validate() && document.id() == null) {
            Refused malformed = malformed(document);
            if (malformed != null) {
                return malformed;
            }
        }
        Document twin = added.get(key);
        Registered there = seen.any(key);
        if (twin != null && !twin.sameContent(document)) {
            return refused(Reason.CONFLICT, key, "the batch has another document of this id");
        }
        boolean replaces = there != null && replaceable(there);
        if (there != null && !replaces && !there.document().sameContent(document)) {
            return refused(
                    Reason.CONFLICT,
                    key,
                    "another document of this id is registered" + (there.status() == Status.DELETED ? " and deleted" : "")
                            + "; what is registered never changes: register the next version");
        }
        if (there != null && unchanged(there, document)) {
            return new Registration.Done(there, false);
        }
        Refused foreign = foreign(document);
        if (foreign != null) {
            return foreign;
        }
        if (generation.own(tenant).size() + accepted.size() >= most) {
            return refused(Reason.EXHAUSTED, key, "the tenant has " + most + " entities, the most it may have");
        }
        added.put(key, document);
        if (mode.validate()) {
            View view = new Overlay(seen, added);
            List<Violation> wrong = new ArrayList<>(orphans(document));
            wrong.addAll(engine.validate(document, view));
            if (!wrong.isEmpty()) {
                added.remove(key);
                return new Refused(Reason.INVALID, key, wrong);
            }
        }
        Registered entity = new Registered(document, new Owner.OfTenant(tenant), mode.validate() ? Status.ACTIVE : Status.DRAFT, now);
        accepted.put(key, entity);
        return new Registration.Done(entity, true);
    }

    private boolean replaceable(Registered there) {
        return there.status() == Status.DRAFT && there.owner().equals(new Owner.OfTenant(tenant));
    }

    /** A draft is checked when it is registered again with checks. */
    private boolean unchanged(Registered there, Document document) {
        return there.document().sameContent(document)
                && there.status() != Status.DELETED
                && !(mode.validate() && replaceable(there));
    }

    /** An id is well-formed, or that of an anonymous instance that names its type. */
    private static @Nullable Refused malformed(Document document) {
        if (document.key().startsWith("gts.") || document.typeId() == null) {
            try {
                GtsId.parse(document.key());
            } catch (GtsSyntaxException e) {
                return refused(Reason.INVALID_ID, document.key(), String.valueOf(e.getMessage()));
            }
        }
        return null;
    }

    private @Nullable Refused foreign(Document document) {
        String vendor = Namespaces.vendor(document);
        if (vendor == null) {
            return null;
        }
        if (vendor.equals(Namespaces.PRODUCT) || generation.isPlatforms(vendor)) {
            return foreign(document, vendor, "the platform's");
        }
        return generation.isOthers(vendor, tenant) ? foreign(document, vendor, "another tenant's") : null;
    }

    private static Refused foreign(Document document, String vendor, String whose) {
        return refused(
                Reason.FORBIDDEN,
                document.key(),
                "ids of the vendor '" + vendor + "' are " + whose + "; use your own vendor in the last segment");
    }

    private List<Violation> orphans(Document document) {
        GtsId id = document.id();
        if (id == null) {
            return List.of();
        }
        return id.ancestors().stream()
                .map(ancestor -> seen.registered(ancestor.toString()))
                .filter(above -> above != null && above.status() == Status.ORPHANED)
                .map(above -> new Violation("", "the bundle that brought " + Objects.requireNonNull(above).document() + " is gone; nothing new builds on it"))
                .toList();
    }

    private static Refused refused(Reason reason, String key, String message) {
        return new Refused(reason, key, List.of(new Violation("", message)));
    }
}
