// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.trail;

import io.hyperspot.audit.chain.Point;
import io.hyperspot.audit.chain.SignedPoint;
import io.hyperspot.audit.chain.TrailKey;
import io.hyperspot.modkit.PrivateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/** The server's key (Ed25519) for its trails. Thread-safe. */
final class SigningKey {
    private static final String ALGORITHM = "Ed25519";

    private final PrivateKey secret;
    private final TrailKey open;

    private SigningKey(PrivateKey secret, TrailKey open) {
        this.secret = secret;
        this.open = open;
    }

    /**
     * Reads the key from a file of two lines (PKCS #8 and X.509 in base64), or makes both.
     *
     * @param needed whether there are records already, which a new key would not fit
     * @throws IOException when it cannot be read or written, or is needed and not there
     */
    static SigningKey open(Path file, boolean needed) throws IOException {
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
            if (lines.size() < 2) {
                throw new IOException(file + " holds no key: two lines of base64 are expected");
            }
            byte[] bytes = Base64.getDecoder().decode(lines.getFirst());
            PrivateKey secret = KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(bytes));
            return new SigningKey(secret, TrailKey.parse(lines.get(1)));
        } catch (NoSuchFileException e) {
            if (needed) {
                throw new IOException("the file " + file + " is missing, with which the trails are signed; restore it", e);
            }
            return create(file);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(file + " holds no key: two lines of base64 are expected", e);
        }
    }

    private static SigningKey create(Path file) throws IOException {
        try {
            KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
            TrailKey open = new TrailKey(pair.getPublic());
            String secret = Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded());
            PrivateFile.write(file, secret + "\n" + open.text() + "\n");
            return new SigningKey(pair.getPrivate(), open);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform of today has " + ALGORITHM, e);
        }
    }

    TrailKey open() {
        return open;
    }

    SignedPoint sign(Point point, long at) {
        try {
            Signature signer = Signature.getInstance(ALGORITHM);
            signer.initSign(secret);
            signer.update(point.statement(at));
            return new SignedPoint(point, at, signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key of " + ALGORITHM + " signs", e);
        }
    }
}
