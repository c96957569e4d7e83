// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.gts.GtsId;
import io.hyperspot.licenses.License;
import io.hyperspot.licenses.Licenses;
import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.security.TenantId;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

class ResourceTest extends WebFixture {
    private static final String ITEMS = "/things/v1/items";

    private BundleContext things() throws Exception {
        BundleContext things = bundle("things");
        resource(things, new Resources.Items("1"));
        return things;
    }

    @Test
    void writesSnakeCaseAndTimesAndNoNulls() throws Exception {
        start(Map.of());
        things();
        HttpResponse<String> list = get(ITEMS + "?limit=7");
        assertThat(list.statusCode()).as(list.body()).isEqualTo(200);
        assertThat(list.body())
                .isEqualTo("{\"items\":[{\"item_name\":\"a\",\"how_many\":7,\"created_at\":\"2026-01-02T03:04:05Z\"},"
                        + "{\"item_name\":\"b\",\"how_many\":2}],\"page_info\":{\"limit\":2}}");
        assertThat(header(list, "content-type")).isEqualTo("application/json");
    }

    @Test
    void selectsMembersOfAPage() throws Exception {
        start(Map.of());
        things();
        assertThat(get(ITEMS + "?$select=item_name,%20nothing").body())
                .startsWith("{\"items\":[{\"item_name\":\"a\"},{\"item_name\":\"b\"}]");
        JsonNode problem = problem(get(ITEMS + "?$select=nothing"), 400, "INVALID_QUERY");
        assertThat(problem.path("detail").asText()).contains("item_name, how_many, created_at");
        assertThat(json(get(ITEMS + "/x?$select=how_many")).path("item_name").asText()).isEqualTo("x");
    }

    @Test
    void createsWithLocation() throws Exception {
        start(Map.of());
        things();
        HttpResponse<String> created = send(request(ITEMS)
                .header("Content-Type", "application/json")
                .POST(ofString("{\"item_name\":\"x\",\"how_many\":3}")));
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(header(created, "location")).endsWith("/things/v1/items/x");
        assertThat(send(request(ITEMS + "/x").DELETE()).statusCode()).isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"item_name\":                          | MALFORMED_JSON | line 1",
                "{\"item_name\":\"x\",\"how_many\":\"y\"} | INVALID_BODY   | /how_many",
                "{\"item_name\":\"x\",\"howmany\":1}      | INVALID_BODY   | howmany",
                "{\"item_name\":\"x\"} {}                 | INVALID_BODY   | ",
                "[]                                       | INVALID_BODY   | root",
                "{\"created_at\":\"yesterday\"}            | INVALID_BODY   | /created_at must be a time in ISO 8601",
                "{\"item_name\":{}}                        | INVALID_BODY   | /item_name must be a string",
                "{\"how_many\":99999999999}               | INVALID_BODY   | /how_many is a number out of range",
                "\"text\"                                 | INVALID_BODY   | root must be an object",
                "{\"item_name\":\"cut                      | INVALID_BODY   | ",
            })
    void saysWhatIsWrongWithABody(String body, String code, String words) throws Exception {
        start(Map.of());
        things();
        HttpResponse<String> answer = send(request(ITEMS).header("Content-Type", "application/json").POST(ofString(body)));
        JsonNode problem = problem(answer, 400, code);
        assertThat(problem.path("detail").asText()).contains(words == null ? "" : words)
                .doesNotContain("io.hyperspot", "java.", "jackson", "Item", "deserialize");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"id\":\"x\"}                 | /id must be a UUID",
                "{\"link\":[]}                  | /link must be a URI",
                "{\"pause\":\"long\"}           | /pause must be a duration in ISO 8601",
                "{\"colour\":\"blue\"}          | /colour must be one of RED, GREEN",
                "{\"tags\":\"a\"}               | /tags must be an array",
                "{\"tags\":[\"a\",{}]}          | /tags/1 must be a string",
                "{\"sizes\":{\"a\":\"b\"}}      | /sizes/a must be a number",
                "{\"on\":\"maybe\"}             | /on must be true or false",
                "{\"inner\":{\"wrong\":1}}      | /inner/wrong is no known member; there are deep",
                "{\"inner\":{\"deep\":-1}}      | /inner is not a value that is taken here",
                "{\"inner\":{\"deep\":7}}       | seven is not taken",
            })
    void saysWhichTypeAMemberMustHave(String body, String words) throws Exception {
        start(Map.of());
        resource(bundle("types"), new TypedResource());
        HttpResponse<String> answer =
                send(request("/typed/v1").header("Content-Type", "application/json").POST(ofString(body)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(json(answer).path("detail").asText())
                .contains(words)
                .doesNotContain("io.hyperspot", "java.", "jackson", "Exception", "deserialize");
    }

    @Test
    void takesTheBlameForWhatItCannotWrite() throws Exception {
        start(Map.of());
        resource(bundle("types"), new TypedResource());
        assertThat(problem(get("/typed/v1/unwritable"), 500, "INTERNAL").path("detail").asText()).doesNotContain("secret");
    }

    @Test
    void limitsTheBodyOfAResource() throws Exception {
        start(Map.of("max__body__bytes", 100));
        things();
        String large = "{\"item_name\":\"" + "x".repeat(200) + "\",\"how_many\":1}";
        problem(send(request(ITEMS).header("Content-Type", "application/json").POST(ofString(large))), 413, "BODY_TOO_LARGE");
    }

    @Test
    void answersWhatTheFrameworkRefusesAsAProblem() throws Exception {
        start(Map.of());
        things();
        HttpResponse<String> method = send(request(ITEMS).PUT(ofString("x")));
        problem(method, 405, "METHOD_NOT_ALLOWED");
        assertThat(header(method, "allow")).contains("GET", "POST");
        problem(send(request(ITEMS).header("Accept", "image/png")), 406, "NOT_ACCEPTABLE");
        problem(send(request(ITEMS).header("Content-Type", "text/plain").POST(ofString("x"))), 415, "UNSUPPORTED_MEDIA_TYPE");
        assertThat(problem(get(ITEMS + "?limit=many"), 400, "INVALID_QUERY").path("detail").asText()).contains("'limit'");
        problem(get(ITEMS + "/numbers/99999999999"), 404, "NOT_FOUND");
    }

    @Test
    void answersWhatResourcesThrow() throws Exception {
        start(Map.of());
        things();
        problem(send(request(ITEMS + "/missing").DELETE()), 404, "ITEM_NOT_FOUND");
        problem(send(request(ITEMS + "/conflict").DELETE()), 409, "ABORTED");
        problem(send(request(ITEMS + "/limited").DELETE()), 429, "RESOURCE_EXHAUSTED");
        assertThat(problem(send(request(ITEMS + "/broken").DELETE()), 500, "INTERNAL").path("detail").asText())
                .doesNotContain("secret");
        HttpResponse<String> moved = send(request(ITEMS + "/moved").DELETE());
        assertThat(moved.statusCode()).isEqualTo(303);
        assertThat(header(moved, "location")).endsWith(ITEMS);
    }

    @Test
    void checksThePostureOfTheMethodThatIsCalled() throws Exception {
        start(Map.of());
        things();
        assertThat(json(get(ITEMS + "/caller")).path("item_name").asText()).isEqualTo("key:good");
        problem(send(HttpRequest.newBuilder(URI.create(url() + ITEMS))), 401, "UNAUTHENTICATED");
        HttpRequest.Builder weak = HttpRequest.newBuilder(URI.create(url() + ITEMS))
                .header("Authorization", "Bearer weak")
                .header("Content-Type", "application/json");
        assertThat(problem(send(weak.POST(ofString("not even read"))), 403, "PERMISSION_DENIED").path("detail").asText())
                .contains(":write");
        assertThat(send(HttpRequest.newBuilder(URI.create(url() + ITEMS + "/version"))).body()).isEqualTo("\"1\"");
    }

    @Test
    void answersHeadAndOptions() throws Exception {
        start(Map.of());
        things();
        HttpResponse<String> head = send(request(ITEMS).method("HEAD", noBody()));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        refusedWithoutABody(send(HttpRequest.newBuilder(URI.create(url() + ITEMS)).method("HEAD", noBody())));
        HttpResponse<String> options = send(request(ITEMS).method("OPTIONS", noBody()));
        assertThat(options.statusCode()).isBetween(200, 204);
        assertThat(header(options, "allow")).contains("GET", "POST").doesNotContain("DELETE");
    }

    private static void refusedWithoutABody(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void takesEncodedPathsAndRefusesWhatIsNoUri() throws Exception {
        start(Map.of());
        things();
        assertThat(json(get(ITEMS + "/a%20b%7Cc%C3%BC")).path("item_name").asText()).isEqualTo("a b|cü");
        try (Socket socket = socket(head("GET", ITEMS + "?$filter=a|b^{c}", "Connection: close"))) {
            assertThat(readUntil(socket, "never")).startsWith("HTTP/1.1 400").contains("INVALID_URI", "application/problem+json");
        }
    }

    @Test
    void waitsForASuspendedAnswer() throws Exception {
        start(Map.of("total__timeout__seconds", 1));
        things();
        assertThat(json(get(ITEMS + "/later")).path("item_name").asText()).isEqualTo("later");
        problem(get(ITEMS + "/never"), 504, "DEADLINE_EXCEEDED");
    }

    @Test
    void refusesAResourceThatForgetsItsPostureAndServesTheOthers() throws Exception {
        WebServer server = start(Map.of());
        BundleContext careless = bundle("careless");
        ServiceRegistration<?> bad = resource(careless, new Resources.Careless());
        resource(careless, new Resources.Licensed());
        ServiceRegistration<?> unlicensed = resource(bundle("unlicensed"), new Resources.Unlicensed());
        ServiceRegistration<?> locator = resource(bundle("locator"), new Resources.Locator());
        ServiceRegistration<?> noPath = resource(bundle("nopath"), new Object());
        things();
        assertThat(get(ITEMS + "/version").statusCode()).isEqualTo(200);
        problem(get("/licensed/v1"), 503, "LICENSES_NOT_STARTED");
        FakeLicenses licenses = new FakeLicenses();
        server.bindLicenses(licenses);
        assertThat(problem(get("/licensed/v1"), 403, "FEATURE_NOT_LICENSED").path("detail").asText())
                .contains("gts.hyperspot.core.lic.feat.v1~hyperspot.test.x.y.v1");
        licenses.licensed = true;
        assertThat(get("/licensed/v1").body()).isEqualTo("licensed");
        server.unbindLicenses(licenses);
        problem(get("/licensed/v1"), 503, "LICENSES_NOT_STARTED");
        problem(get("/careless/v1"), 404, "NO_SUCH_PATH");
        assertThat(server.health().state()).isEqualTo(State.DEGRADED);
        assertThat(server.health().reason())
                .contains("Careless.forgotten must state exactly one of @RequiresPermission and @PublicOperation")
                .contains("Unlicensed.forgotten must state exactly one of @RequiresFeature and @NoFeature")
                .contains("Locator.below is a sub-resource locator")
                .contains("java.lang.Object has no @Path");
        for (ServiceRegistration<?> registration : List.of(bad, unlicensed, locator, noPath)) {
            registration.unregister();
        }
        assertThat(server.health().state()).isEqualTo(State.UP);
    }

    @Test
    void takesAwayWhatGoesAndLetsItsRequestsEnd() throws Exception {
        start(Map.of());
        Resources.Items items = new Resources.Items("old");
        ServiceRegistration<?> registration = resource(bundle("things"), items);
        CompletableFuture<HttpResponse<String>> slow =
                client.sendAsync(request(ITEMS + "/slow").build(), HttpResponse.BodyHandlers.ofString());
        items.arrived.await();
        Thread stop = Thread.ofVirtual().start(registration::unregister);
        await().until(() -> get(ITEMS).statusCode() == 404);
        assertThat(stop.isAlive()).isTrue();
        items.leave.countDown();
        assertThat(slow.get().body()).isEqualTo("\"old\"");
        stop.join();
    }

    @Test
    void givesUpWaitingForARequestThatDoesNotEnd() throws Exception {
        start(Map.of("stop__timeout__seconds", 1));
        Resources.Items items = new Resources.Items("old");
        ServiceRegistration<?> registration = resource(bundle("things"), items);
        CompletableFuture<HttpResponse<String>> slow =
                client.sendAsync(request(ITEMS + "/slow").build(), HttpResponse.BodyHandlers.ofString());
        items.arrived.await();
        registration.unregister();
        assertThat(slow.isDone()).isFalse();
        items.leave.countDown();
        assertThat(slow.get().statusCode()).isEqualTo(200);
    }

    @Test
    void losesNoRequestWhileAVersionReplacesTheOther() throws Exception {
        start(Map.of());
        BundleContext[] bundles = {bundle("things-a"), bundle("things-b")};
        ServiceRegistration<?> current = resource(bundles[0], new Resources.Items("0"));
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        AtomicBoolean go = new AtomicBoolean(true);
        AtomicInteger answered = new AtomicInteger();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            callers.add(Thread.ofVirtual().start(() -> {
                while (go.get()) {
                    try {
                        HttpResponse<String> answer = get(ITEMS + "/version");
                        if (answer.statusCode() != 200) {
                            failures.add(answer.statusCode() + " " + answer.body());
                        }
                        answered.incrementAndGet();
                    } catch (Exception e) {
                        failures.add(e.toString());
                    }
                }
            }));
        }
        for (int version = 1; version <= 12; version++) {
            ServiceRegistration<?> next = resource(bundles[version % 2], new Resources.Items(String.valueOf(version)));
            // the application of the bundle is also built again for each extension
            ServiceRegistration<?> extension = bundles[version % 2].registerService(
                    Object.class.getName(),
                    new Resources.Extension(),
                    FrameworkUtil.asDictionary(Map.of("osgi.jakartars.extension", true)));
            current.unregister();
            extension.unregister();
            current = next;
            String expected = "\"" + version + "\"";
            await().until(() -> get(ITEMS + "/version").body().equals(expected));
        }
        go.set(false);
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(failures).isEmpty();
        assertThat(answered.get()).isGreaterThan(12);
    }

    private static final class FakeLicenses implements Licenses {
        volatile boolean licensed;

        @Override
        public boolean isLicensed(TenantId tenant, GtsId feature) {
            return licensed;
        }

        @Override
        public License license(TenantId tenant) {
            return License.NONE;
        }
    }
}
