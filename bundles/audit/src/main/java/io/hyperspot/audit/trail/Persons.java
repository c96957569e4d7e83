// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.trail;

import static io.hyperspot.audit.trail.Tables.PERSON_KEY;

import io.hyperspot.audit.trail.Tables.PersonKeyRow;
import io.hyperspot.persistence.Reading;
import io.hyperspot.persistence.Writing;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/** The keys of people within one transaction: what is sealed under a key that is destroyed is gone. */
final class Persons {
    private static final Pattern SUBJECT = Pattern.compile("[a-z][a-z0-9_-]*:.+");

    private final PersonSecret secret;
    private final String tenant;
    private final Map<String, byte[]> sealedKeys = new HashMap<>();
    private final Map<String, String> keyOfPerson = new HashMap<>();

    Persons(PersonSecret secret, String tenant) {
        this.secret = secret;
        this.tenant = tenant;
    }

    /** Whom an act on a target concerns: the person that it was done to, else the one who did it. */
    static String concerned(String actor, String target) {
        return isPerson(target) ? target : actor;
    }

    /** Whether a target is somebody: what names people in clear could not be erased. */
    static boolean isPerson(String target) {
        return SUBJECT.matcher(target).matches();
    }

    /** The id of a person's key, a new one when there is none. */
    String keyId(Writing rows, String person, long now) {
        String known = keyOfPerson.get(person);
        if (known != null) {
            return known;
        }
        String ref = secret.pseudonym(tenant, person);
        PersonKeyRow found = rows.from(PERSON_KEY)
                .where(PERSON_KEY.personRef.eq(ref).and(PERSON_KEY.erasedAt.isNull()))
                .fetchFirst()
                .orElse(null);
        String id;
        if (found == null) {
            id = UUID.randomUUID().toString();
            byte[] sealed = secret.newKey(id);
            PersonKeyRow row = new PersonKeyRow();
            row.set(PERSON_KEY.id, id);
            row.set(PERSON_KEY.tenantId, tenant);
            row.set(PERSON_KEY.personRef, ref);
            row.set(PERSON_KEY.sealed, sealed);
            row.set(PERSON_KEY.createdAt, now);
            rows.insert(row);
            sealedKeys.put(id, sealed);
        } else {
            id = found.get(PERSON_KEY.id);
            sealedKeys.put(id, found.get(PERSON_KEY.sealed));
        }
        keyOfPerson.put(person, id);
        return id;
    }

    /** Reads keys that are not destroyed. */
    void load(Reading rows, Collection<String> ids) {
        rows.from(PERSON_KEY)
                .where(PERSON_KEY.id.in(ids).and(PERSON_KEY.erasedAt.isNull()))
                .fetch()
                .forEach(row -> sealedKeys.put(row.get(PERSON_KEY.id), row.get(PERSON_KEY.sealed)));
    }

    byte[] seal(String keyId, String record, String part, String text) {
        SecretKey key = recordKey(keyId, record, part);
        if (key == null) {
            throw new IllegalStateException("the key " + keyId + " was not read");
        }
        return secret.seal(key, text.getBytes(StandardCharsets.UTF_8), record);
    }

    /** The text, or null when its key is destroyed. */
    @Nullable String open(String keyId, String record, String part, byte[] sealed) {
        SecretKey key = recordKey(keyId, record, part);
        return key == null ? null : new String(secret.open(key, sealed, record), StandardCharsets.UTF_8);
    }

    /** The key of one text, or null when it is destroyed. */
    @Nullable SecretKey recordKey(String keyId, String record, String part) {
        byte[] sealed = sealedKeys.get(keyId);
        return sealed == null ? null : secret.recordKey(keyId, sealed, record, part);
    }
}
