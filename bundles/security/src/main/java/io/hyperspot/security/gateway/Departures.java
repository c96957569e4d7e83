// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.gateway;

import static io.hyperspot.security.gateway.DepartureTable.DEPARTURE;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.security.keys.Pepper;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Logins at the page of somebody else, from their beginning until the browser comes back: once, within
 * minutes, to any server of the database. Who can read the database learns nothing from them: they are found
 * by a hash of the state, and encrypted under a key that the state gives.
 */
final class Departures {
    static final Duration LIFE = Duration.ofMinutes(10);
    private static final int MOST = 100_000;
    private static final int NONCE = 12;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final TenantScope PLATFORM = TenantScope.platform("nobody is known before the login");

    /** Somebody who came back. */
    record Arrival(String provider, String returnTo, Map<String, String> memory) {}

    private final Database database;
    private final SecureRandom random;
    private final Clock clock;

    Departures(Database database, SecureRandom random, Clock clock) {
        this.database = database;
        this.random = random;
        this.clock = clock;
    }

    /** What cannot be guessed. */
    String unguessable() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return BASE64.encodeToString(bytes);
    }

    /** @param browser what only the browser has that goes */
    void add(String state, String browser, String provider, String returnTo, Map<String, String> memory, Pepper secret) {
        long now = clock.millis();
        DepartureTable.Row row = new DepartureTable.Row();
        row.set(DEPARTURE.id, id(state, secret));
        row.set(DEPARTURE.browser, browserId(browser, secret));
        row.set(DEPARTURE.provider, provider);
        row.set(DEPARTURE.returnTo, returnTo);
        row.set(DEPARTURE.memory, encrypted(memory, state, secret));
        row.set(DEPARTURE.expiresAt, now + LIFE.toMillis());
        database.<@Nullable Void>write(PLATFORM, rows -> {
            rows.delete(DEPARTURE, DEPARTURE.expiresAt.lt(now));
            if (rows.from(DEPARTURE).count() >= MOST) {
                throw new ProblemException(
                        ErrorCategory.UNAVAILABLE, "TOO_MANY_LOGINS", "too many logins have begun; try again in some minutes");
            }
            rows.insert(row);
            return null;
        });
    }

    /** Empty for a state that was never given, is used up or too old, or was given to another browser. */
    Optional<Arrival> take(String state, String browser, Pepper secret) {
        long now = clock.millis();
        String id = id(state, secret);
        return database.<Optional<DepartureTable.Row>>write(PLATFORM, rows -> {
                    Optional<DepartureTable.Row> found = rows.from(DEPARTURE)
                            .where(DEPARTURE.id.eq(id)
                                    .and(DEPARTURE.browser.eq(browserId(browser, secret)))
                                    .and(DEPARTURE.expiresAt.gt(now)))
                            .fetchFirst();
                    rows.delete(DEPARTURE, DEPARTURE.id.eq(id));
                    return found;
                })
                .map(row -> new Arrival(
                        row.get(DEPARTURE.provider), row.get(DEPARTURE.returnTo), decrypted(row.get(DEPARTURE.memory), state, secret)));
    }

    private static String id(String state, Pepper secret) {
        return secret.hash("login state " + state).toString();
    }

    private static String browserId(String browser, Pepper secret) {
        return secret.hash("login browser " + browser).toString();
    }

    private static SecretKeySpec key(String state, Pepper secret) {
        return new SecretKeySpec(secret.mac("login memory " + state), "AES");
    }

    private String encrypted(Map<String, String> memory, String state, Pepper secret) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(memory).forEach((name, value) -> text.append(base64(name)).append(' ').append(base64(value)).append('\n'));
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, key(state, secret), new GCMParameterSpec(128, nonce));
            byte[] sealed = cipher.doFinal(text.toString().getBytes(StandardCharsets.UTF_8));
            byte[] all = Arrays.copyOf(nonce, NONCE + sealed.length);
            System.arraycopy(sealed, 0, all, NONCE, sealed.length);
            return BASE64.encodeToString(all);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    private static Map<String, String> decrypted(String text, String state, Pepper secret) {
        byte[] all = Base64.getUrlDecoder().decode(text);
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, key(state, secret), new GCMParameterSpec(128, all, 0, NONCE));
            String lines = new String(cipher.doFinal(all, NONCE, all.length - NONCE), StandardCharsets.UTF_8);
            Map<String, String> memory = new TreeMap<>();
            lines.lines().forEach(line -> {
                int space = line.indexOf(' ');
                memory.put(plain(line.substring(0, space)), plain(line.substring(space + 1)));
            });
            return memory;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the memory of a login was changed in the database", e);
        }
    }

    private static String base64(String text) {
        return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String plain(String base64) {
        return new String(Base64.getUrlDecoder().decode(base64), StandardCharsets.UTF_8);
    }
}
