// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.keys;

import io.hyperspot.modkit.PrivateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/** Keys in a file that only the operator's account may read. A rotation adds one; none is taken away. */
public final class FileKeys extends LocalKeys {
    private final Path file;
    private final SecureRandom random;

    private FileKeys(Ring ring, Path file, SecureRandom random) {
        super(ring, random);
        this.file = file;
        this.random = random;
    }

    /** Empty when there is no file. */
    public static Optional<FileKeys> read(Path file, SecureRandom random) throws IOException {
        try {
            return Optional.of(new FileKeys(parse(text(file), file.toString()), file, random));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    public static FileKeys create(Path file, SecureRandom random) throws IOException {
        String line = line(random);
        PrivateFile.write(file, line);
        return new FileKeys(parse(line, file.toString()), file, random);
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.US_ASCII);
    }

    private static String line(SecureRandom random) {
        byte[] key = new byte[AesGcm.KEY];
        random.nextBytes(key);
        return "file-" + UUID.randomUUID() + " " + HexFormat.of().formatHex(key) + "\n";
    }

    @Override
    public synchronized void rotate() {
        try {
            // read again: what another process or the operator added must not be lost
            String text = text(file).strip() + "\n" + line(random);
            Ring next = parse(text, file.toString());
            PrivateFile.write(file, text);
            use(next);
        } catch (IOException e) {
            throw unavailable("the key-encryption key cannot be rotated: the file of keys cannot be written", e);
        }
    }
}
