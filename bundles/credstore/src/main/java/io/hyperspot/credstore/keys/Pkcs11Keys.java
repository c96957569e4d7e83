// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.keys;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.util.Collections;
import java.util.Comparator;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;

/**
 * AES keys in a token that speaks PKCS#11 (a hardware security module), which they never leave. The key with
 * the greatest label {@code hyperspot-credstore-<number>} is current; where none is, one is made.
 */
public final class Pkcs11Keys implements KeyEncryptionKeys {
    private static final String LABEL = "hyperspot-credstore-";

    private final Provider provider;
    private final KeyStore store;
    private final AesGcm cipher;
    private volatile String current;

    /**
     * @param library the module's shared library
     * @param slot index in the list of slots
     * @param pin of the user
     */
    public Pkcs11Keys(String library, int slot, char[] pin, SecureRandom random) throws IOException {
        try {
            provider = Security.getProvider("SunPKCS11").configure("--name=HyperSpotCredstore\nlibrary=" + library
                    + "\nslotListIndex=" + slot
                    + "\nattributes(generate,CKO_SECRET_KEY,*) = {\n  CKA_SENSITIVE = true\n  CKA_EXTRACTABLE = false\n}\n");
            store = KeyStore.getInstance("PKCS11", provider);
            store.load(null, pin);
            cipher = new AesGcm(provider, random);
            current = latest();
            if (current.isEmpty()) {
                current = make(1);
            }
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IOException("the PKCS#11 token cannot be used: " + e.getClass().getSimpleName(), e);
        }
    }

    private String latest() throws GeneralSecurityException {
        return Collections.list(store.aliases()).stream()
                .filter(alias -> alias.matches(LABEL + "[0-9]{1,9}"))
                .max(Comparator.comparingInt(Pkcs11Keys::number))
                .orElse("");
    }

    private static int number(String alias) {
        return Integer.parseInt(alias.substring(LABEL.length()));
    }

    private String make(int number) throws GeneralSecurityException, IOException {
        KeyGenerator generator = KeyGenerator.getInstance("AES", provider);
        generator.init(AesGcm.KEY * 8);
        String alias = LABEL + number;
        store.setKeyEntry(alias, generator.generateKey(), null, null);
        store.store(null, null);
        return alias;
    }

    @Override
    public String current() {
        return current;
    }

    @Override
    public Wrapped wrap(byte[] dataKey, byte[] associated) {
        String id = current;
        try {
            return new Wrapped(id, cipher.seal(key(id), dataKey, associated));
        } catch (GeneralSecurityException e) {
            throw LocalKeys.unavailable("the PKCS#11 token does not encrypt", e);
        }
    }

    @Override
    public byte[] unwrap(Wrapped wrapped, byte[] associated) throws TamperedException {
        SecretKey key = key(wrapped.keyId());
        try {
            return cipher.open(key, wrapped.bytes(), associated);
        } catch (GeneralSecurityException e) {
            throw new TamperedException(e);
        }
    }

    private SecretKey key(String id) {
        try {
            if (store.getKey(id, null) instanceof SecretKey key) {
                return key;
            }
        } catch (GeneralSecurityException e) {
            throw LocalKeys.unavailable("the PKCS#11 token does not answer", e);
        }
        throw LocalKeys.unavailable("the key-encryption key '" + id + "' is not in the token", null);
    }

    @Override
    public synchronized void rotate() {
        try {
            current = make(number(current) + 1);
        } catch (GeneralSecurityException | IOException e) {
            throw LocalKeys.unavailable("the PKCS#11 token makes no key", e);
        }
    }
}
