// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperspot.web.NoFeature;
import io.hyperspot.web.OperationLimits;
import io.hyperspot.web.PublicOperation;
import io.hyperspot.web.spi.Limits;
import io.hyperspot.web.spi.MultipartLimits;
import io.hyperspot.web.spi.ProtocolHandler;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.EntityPart;
import jakarta.ws.rs.core.GenericType;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MultipartTest extends WebFixture {
    private static final String TYPE = "multipart/form-data; boundary=cut";
    private static final MultipartLimits SMALL = new MultipartLimits(3, 5000, 300, 100);

    private final ScriptedProtocol script = new ScriptedProtocol();
    private final AtomicInteger filesSeen = new AtomicInteger();

    /** Says what arrived. */
    private static String describe(EntityPart part) throws IOException {
        try (InputStream in = part.getContent()) {
            return part.getName() + "|" + part.getFileName().orElse("-") + "|" + part.getMediaType() + "|" + in.readAllBytes().length;
        }
    }

    @BeforeEach
    void serve() throws Exception {
        script.on("POST", "/parts", Limits.body(20_000), exchange -> {
            StringBuilder text = new StringBuilder();
            for (EntityPart part : exchange.parts(SMALL)) {
                text.append(describe(part)).append('\n');
                // once more, and as text
                text.append(part.getContent(String.class).length()).append('\n');
            }
            filesSeen.set(files());
            ScriptedProtocol.text(exchange, text.toString());
        });
        start(Map.of());
        context().registerService(ProtocolHandler.class, script, null);
        resource(bundle("uploads"), new Uploads());
    }

    private int files() throws IOException {
        try (Stream<java.nio.file.Path> found = Files.walk(context().getDataFile("parts").toPath())) {
            return (int) found.filter(Files::isRegularFile).count();
        }
    }

    private static String part(String disposition, String headers, String content) {
        return "--cut\r\nContent-Disposition: form-data; " + disposition + "\r\n" + headers + "\r\n" + content + "\r\n";
    }

    private HttpResponse<String> post(String path, String type, String body) throws Exception {
        return send(request(path).header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    @Test
    void readsPartsAndDeletesTheFilesOfLargeOnes() throws Exception {
        String body = part("name=\"a\"", "", "small")
                + part("name=\"f\"; filename=\"n\u00fc.bin\"", "Content-Type: image/png\r\n", "x".repeat(4000))
                + part("name=\"g\"; filename=\"plain\"", "", "")
                + "--cut--\r\n";
        HttpResponse<String> answer = post("/s/parts", TYPE, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo("a|-|text/plain|5\n5\nf|n\u00fc.bin|image/png|4000\n4000\ng|plain|application/octet-stream|0\n0\n");
        assertThat(filesSeen).hasPositiveValue();
        await().untilAsserted(() -> assertThat(files()).isZero());
    }

    @ParameterizedTest
    @CsvSource({
        "multipart/form-data,              400, INVALID_MULTIPART",
        "multipart/form-data; boundary=,   400, INVALID_MULTIPART",
        "multipart/form-data; boundary=zz, 400, INVALID_MULTIPART",
        "application/json,                 415, UNSUPPORTED_MEDIA_TYPE",
    })
    void refusesABodyThatIsNoForm(String type, int status, String code) throws Exception {
        problem(post("/s/parts", type, part("name=\"a\"", "", "x") + "--cut--\r\n"), status, code);
    }

    @Test
    void refusesWhatIsCutOffOrMalformed() throws Exception {
        String large = part("name=\"f\"; filename=\"f\"", "", "x".repeat(4000));
        for (String body : List.of(
                "", "nonsense", large, part("filename=\"nameless\"", "", "x") + "--cut--\r\n", "--cut\r\nContent-Disp", large + "--cut")) {
            problem(post("/s/parts", TYPE, body), 400, "INVALID_MULTIPART");
        }
        await().untilAsserted(() -> assertThat(files()).isZero());
    }

    @Test
    void refusesWhatIsTooMuch() throws Exception {
        String end = "--cut--\r\n";
        assertThat(problem(post("/s/parts", TYPE, part("name=\"f\"; filename=\"f\"", "", "x".repeat(5001)) + end), 413, "PART_TOO_LARGE")
                        .path("detail").asText())
                .contains("5000");
        problem(post("/s/parts", TYPE, part("name=\"f\"", "", "x".repeat(5001)) + end), 413, "PART_TOO_LARGE");
        assertThat(problem(post("/s/parts", TYPE, part("name=\"a\"", "", "x").repeat(4) + end), 413, "TOO_MANY_PARTS").path("detail").asText())
                .contains("3 parts");
        problem(post("/s/parts", TYPE, part("name=\"a\"", "X-Long: " + "x".repeat(400) + "\r\n", "x") + end), 413, "PART_TOO_LARGE");
        problem(post("/s/parts", TYPE, part("name=\"a\"; filename=\"f\"", "", "x".repeat(4900)).repeat(5) + end), 413, "BODY_TOO_LARGE");
        await().untilAsserted(() -> assertThat(files()).isZero());
    }

    @Test
    void deletesTheFilesOfAClientThatLeavesInTheMiddle() throws Exception {
        try (Socket socket = socket(head("POST", "/s/parts", "Content-Type: " + TYPE, "Content-Length: 9000", "X-Request-Id: left")
                + part("name=\"f\"; filename=\"f\"", "", "x".repeat(3000)))) {
            await().until(() -> files() > 0);
            assertThat(socket.isConnected()).isTrue();
        }
        assertThat(accessLine("left")).contains("/s/parts");
        await().untilAsserted(() -> assertThat(files()).isZero());
    }

    @Test
    void purgesWhatACrashHasLeft() throws Exception {
        java.nio.file.Path left = context().getDataFile("parts").toPath().resolve("left");
        Files.writeString(left, "x");
        stopServer();
        start(Map.of());
        assertThat(left).doesNotExist();
    }

    /** Takes uploads. */
    @Path("uploads/v1")
    @Produces("application/json")
    @PublicOperation
    @NoFeature
    public static class Uploads {
        @POST
        @Consumes("multipart/form-data")
        @OperationLimits(maxBodyBytes = 200_000)
        public List<String> upload(List<EntityPart> parts) throws IOException {
            StringBuilder all = new StringBuilder();
            for (EntityPart part : parts) {
                if (part.getMediaType().toString().equals("application/json")) {
                    Resources.Item item = part.getContent(Resources.Item.class);
                    List<Object> none = List.of();
                    all.append(item.itemName()).append(item.howMany()).append(none.size());
                } else {
                    all.append(describe(part));
                }
                all.append(';');
            }
            return List.of(all.toString());
        }

        @POST
        @Path("types")
        @Consumes("multipart/form-data")
        public List<String> types(List<EntityPart> parts) throws IOException {
            return parts.getFirst().getContent(new GenericType<List<String>>() {});
        }
    }

    @Test
    void givesPartsToResources() throws Exception {
        String body = part("name=\"item\"", "Content-Type: application/json\r\n", "{\"item_name\":\"x\",\"how_many\":3}")
                + part("name=\"f\"; filename=\"f.bin\"", "", "x".repeat(100_000))
                + "--cut--\r\n";
        HttpResponse<String> answer = post("/uploads/v1", TYPE, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("[\"x30;f|f.bin|application/octet-stream|100000;\"]");
        assertThat(post("/uploads/v1/types", TYPE, part("name=\"l\"", "Content-Type: application/json\r\n", "[\"a\"]") + "--cut--\r\n").body())
                .isEqualTo("[\"a\"]");
        await().untilAsserted(() -> assertThat(files()).isZero());
        problem(post("/uploads/v1", TYPE, "nonsense"), 400, "INVALID_MULTIPART");
        problem(post("/uploads/v1", "multipart/form-data", body), 400, "INVALID_MULTIPART");
        problem(post("/uploads/v1", "text/plain", body), 415, "UNSUPPORTED_MEDIA_TYPE");
        problem(post("/uploads/v1", TYPE, part("name=\"f\"", "", "x".repeat(200_000)) + "--cut--\r\n"), 413, "BODY_TOO_LARGE");
        String wrong = part("name=\"item\"", "Content-Type: application/json\r\n", "{\"how_many\":\"three\"}") + "--cut--\r\n";
        assertThat(problem(post("/uploads/v1", TYPE, wrong), 400, "INVALID_BODY").path("detail").asText()).contains("/how_many must be a number");
        assertThat(new String(answer.body().getBytes(UTF_8), UTF_8)).isNotEmpty();
    }
}
