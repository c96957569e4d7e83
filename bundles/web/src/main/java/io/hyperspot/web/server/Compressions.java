// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.compression.Compression;
import org.eclipse.jetty.compression.brotli.BrotliCompression;
import org.eclipse.jetty.compression.brotli.BrotliEncoderConfig;
import org.eclipse.jetty.compression.gzip.GzipCompression;
import org.eclipse.jetty.compression.server.CompressionConfig;
import org.eclipse.jetty.compression.server.CompressionHandler;
import org.eclipse.jetty.server.Handler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compresses documents, never streams of events. Gzip always; Brotli where its native encoder loads,
 * which comes from the launcher's class path (docs/adr/0008).
 */
final class Compressions {
    private static final Logger log = LoggerFactory.getLogger(Compressions.class);
    private static final String LIBRARY_PATH = "brotli4j.library.path";
    private static final int SMALLEST = 1024;

    /** Faster than gzip and smaller; the encoder's own default, 11, takes eighty times as long. */
    private static final int BROTLI_LEVEL = 5;

    private Compressions() {}

    /**
     * @param folder where the native library may be put
     */
    static Handler around(Handler handler, Path folder) {
        CompressionHandler compression = new CompressionHandler(handler);
        GzipCompression gzip = new GzipCompression();
        gzip.setMinCompressSize(SMALLEST);
        compression.putCompression(gzip);
        Compression brotli = brotli(folder);
        if (brotli != null) {
            compression.putCompression(brotli);
        }
        compression.putConfiguration(
                "/*",
                CompressionConfig.builder()
                        .compressPreferredEncodings(List.of("br", "gzip"))
                        .compressIncludeMimeType("application/json")
                        .compressIncludeMimeType("application/problem+json")
                        .compressIncludeMimeType("application/yaml")
                        .compressIncludeMimeType("text/html")
                        .compressIncludeMimeType("text/css")
                        .compressIncludeMimeType("text/javascript")
                        .compressIncludeMimeType("application/javascript")
                        // a body is measured before it is expanded: the operation's limit would not bind
                        .decompressExcludePath("/*")
                        .build());
        return compression;
    }

    /** Null where the library is absent or does not load. */
    static @Nullable Compression brotli(Path folder) {
        try {
            offerLibrary(folder);
            if (!Brotli4jLoader.isAvailable()) {
                log.atInfo().setCause(Brotli4jLoader.getUnavailabilityCause()).log("no Brotli: its native encoder does not load");
                return null;
            }
            BrotliCompression brotli = new BrotliCompression();
            BrotliEncoderConfig encoder = new BrotliEncoderConfig();
            encoder.setCompressionLevel(BROTLI_LEVEL);
            brotli.setDefaultEncoderConfig(encoder);
            brotli.setMinCompressSize(SMALLEST);
            return brotli;
        } catch (LinkageError | IOException e) {
            log.info("no Brotli: {}", e.toString());
            return null;
        }
    }

    /** Puts the library into a file that stays: by itself the loader would leave one in /tmp at each start. */
    private static void offerLibrary(Path folder) throws IOException {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String system = os.startsWith("win") ? "windows" : os.startsWith("mac") ? "osx" : "linux";
        String processor = System.getProperty("os.arch", "").equals("aarch64") ? "aarch64" : "x86_64";
        String name = system.equals("windows") ? "brotli.dll" : system.equals("osx") ? "libbrotli.dylib" : "libbrotli.so";
        String resource = "lib/" + system + "-" + processor + "/" + name;
        // names the class without initializing it: that loads the library
        ClassLoader loader = Brotli4jLoader.class.getClassLoader();
        try (InputStream in = loader.getResourceAsStream(resource)) {
            if (in == null || System.getProperty(LIBRARY_PATH) != null) {
                return;
            }
            Files.createDirectories(folder);
            Path file = folder.resolve(name);
            byte[] library = in.readAllBytes();
            if (!Files.exists(file) || Files.size(file) != library.length) {
                Path part = Files.createTempFile(folder, name, ".part");
                Files.write(part, library);
                Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            }
            System.setProperty(LIBRARY_PATH, file.toString());
        }
    }
}
