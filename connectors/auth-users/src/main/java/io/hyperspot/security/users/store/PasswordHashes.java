// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.users.store;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Passwords as argon2id hashes, which carry their parameters. So many at once that the memory they take is
 * bounded.
 */
final class PasswordHashes {
    private static final int HASH_BYTES = 32;
    private static final int SALT_BYTES = 16;
    private static final long WAIT_MILLIS = 3000;

    private final int memory;
    private final int iterations;
    private final SecureRandom random;
    private final Semaphore atOnce;
    private volatile @Nullable String nobodys;

    PasswordHashes(int memory, int iterations, int atOnce, SecureRandom random) {
        this.memory = memory;
        this.iterations = iterations;
        this.random = random;
        this.atOnce = new Semaphore(atOnce);
    }

    /** @throws ProblemException UNAVAILABLE when too many are checked already */
    String hash(char[] password) {
        return limited(() -> hashed(password));
    }

    private String hashed(char[] password) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        byte[] bytes = bytes(password);
        try {
            // with one lane it needs no thread of its own
            return Argon2Function.getInstance(memory, iterations, 1, HASH_BYTES, Argon2.ID)
                    .hash(bytes, salt)
                    .getResult();
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * Takes the same time when there is no hash.
     *
     * @throws ProblemException UNAVAILABLE when too many are checked already
     */
    boolean check(char[] password, @Nullable String hash) {
        return limited(() -> {
            boolean same = matches(password, hash == null ? nobodys() : hash);
            return same && hash != null;
        });
    }

    private static boolean matches(char[] password, String hash) {
        byte[] bytes = bytes(password);
        try {
            return Argon2Function.getInstanceFromHash(hash).check(bytes, hash.getBytes(StandardCharsets.US_ASCII));
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** Of a password that nobody has. */
    private String nobodys() {
        String made = nobodys;
        if (made == null) {
            char[] unknown = new char[PasswordRules.LONGEST];
            for (int i = 0; i < unknown.length; i++) {
                unknown[i] = (char) ('a' + random.nextInt(26));
            }
            made = hashed(unknown);
            nobodys = made;
        }
        return made;
    }

    /** Whether a hash has other parameters than new ones. */
    boolean isOutdated(String hash) {
        return !hash.startsWith("$argon2id$v=19$m=" + memory + ",t=" + iterations + ",p=1$");
    }

    /** One normal form: keyboards differ in how they compose letters. */
    private static byte[] bytes(char[] password) {
        char[] composed = password;
        CharBuffer characters = CharBuffer.wrap(password);
        if (!Normalizer.isNormalized(characters, Normalizer.Form.NFKC)) {
            composed = Normalizer.normalize(characters, Normalizer.Form.NFKC).toCharArray();
        }
        ByteBuffer encoded = ByteBuffer.allocate(4 * composed.length);
        StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE)
                .encode(CharBuffer.wrap(composed), encoded, true);
        byte[] bytes = Arrays.copyOf(encoded.array(), encoded.position());
        Arrays.fill(encoded.array(), (byte) 0);
        return bytes;
    }

    private <T> T limited(Supplier<T> work) {
        boolean taken;
        try {
            taken = atOnce.tryAcquire(WAIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            taken = false;
        }
        if (!taken) {
            throw new ProblemException(
                    ErrorCategory.UNAVAILABLE, "TOO_MANY_PASSWORD_CHECKS", "too many passwords are being checked; try again in a moment");
        }
        try {
            return work.get();
        } finally {
            atOnce.release();
        }
    }
}
