// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import io.hyperspot.web.spi.Limits;
import io.hyperspot.web.spi.ProtocolHandler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompressionTest extends WebFixture {
    private HttpResponse<byte[]> accepting(String path, String encodings) throws Exception {
        return client.send(
                request(path).header("Accept-Encoding", encodings).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    @ParameterizedTest
    @CsvSource({
        "'gzip, deflate, br, zstd', br",
        "br,                        br",
        "gzip,                      gzip",
        "'br;q=0.5, gzip',          br",
        "'br;q=0, gzip',            gzip",
        "identity,                  ''",
        "zstd,                      ''",
    })
    void answersInTheEncodingThatTheClientPrefers(String accepted, String encoding) throws Exception {
        start(Map.of());
        HttpResponse<byte[]> answer = accepting("/p/json", accepted);
        assertThat(header(answer, "content-encoding")).isEqualTo(encoding);
        InputStream packed = new ByteArrayInputStream(answer.body());
        InputStream plain = switch (encoding) {
            case "br" -> new BrotliInputStream(packed);
            case "gzip" -> new GZIPInputStream(packed);
            default -> packed;
        };
        assertThat(plain.readAllBytes()).hasSize(5008);
    }

    @Test
    void compressesNoStreamOfEventsAndNothingSmall() throws Exception {
        ScriptedProtocol script = new ScriptedProtocol();
        script.on("GET", "/events", Limits.NO_BODY, exchange -> exchange.events().send("x".repeat(5000)));
        start(Map.of());
        context().registerService(ProtocolHandler.class, script, null);
        for (String path : new String[] {"/s/events", "/p/events", "/p/hello"}) {
            HttpResponse<byte[]> answer = accepting(path, "br, gzip");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(header(answer, "content-encoding")).isEmpty();
        }
    }

    @Test
    void leavesNoLibraryOutsideItsFolder() throws Exception {
        start(Map.of());
        assertThat(header(accepting("/p/json", "br"), "content-encoding")).isEqualTo("br");
        assertThat(System.getProperty("brotli4j.library.path")).contains("native");
        try (var left = Files.newDirectoryStream(Path.of(System.getProperty("java.io.tmpdir")), "com_aayushatharva_brotli4j*")) {
            assertThat(left).isEmpty();
        }
    }

    /** Has the classes of the web bundle and not those of the launcher. */
    private static final class WithoutBrotli extends ClassLoader {
        WithoutBrotli() {
            super(CompressionTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("com.aayushatharva.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.equals(Compressions.class.getName()) && !name.startsWith("org.eclipse.jetty.compression.brotli.")) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    @Test
    void staysWithGzipWhereThereIsNoBrotli() throws Exception {
        Class<?> compressions = new WithoutBrotli().loadClass(Compressions.class.getName());
        Method brotli = compressions.getDeclaredMethod("brotli", Path.class);
        brotli.setAccessible(true);
        assertThat(brotli.invoke(null, home)).isNull();
    }
}
