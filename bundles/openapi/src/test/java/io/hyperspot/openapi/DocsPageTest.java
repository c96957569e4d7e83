// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page and its files. */
final class DocsPageTest {
    private static final String WEBJAR = "META-INF/resources/webjars/swagger-ui/5.0.0/";
    private static final Pattern REFERENCE = Pattern.compile("(?:src|href)=\"([^\"]*)\"");

    @TempDir
    Path cache;

    private TestFramework framework;
    private DocsPage page;

    @BeforeEach
    void start() throws Exception {
        framework = new TestFramework(cache);
        page = new DocsPage(framework.start("docs", Map.of(
                WEBJAR + "swagger-ui.css", "body{}",
                WEBJAR + "swagger-ui-bundle.js", "let x;",
                WEBJAR + "swagger-initializer.js", "not to be served")));
    }

    @AfterEach
    void stop() throws Exception {
        framework.close();
    }

    private FakeExchange get(String path) throws Exception {
        return FakeExchange.get(page, path, Map.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/"})
    void loadsNothingFromElsewhere(String path) throws Exception {
        FakeExchange html = get(path);
        assertThat(html.status).isEqualTo(200);
        assertThat(html.contentType).isEqualTo("text/html; charset=utf-8");
        assertThat(html.text()).doesNotContain("//").doesNotContain("<style").doesNotContain("<script>");
        List<String> references = new ArrayList<>();
        for (Matcher found = REFERENCE.matcher(html.text()); found.find(); ) {
            references.add(found.group(1));
        }
        assertThat(references).hasSize(3).allSatisfy(reference -> {
            assertThat(reference).startsWith("/docs/");
            assertThat(get(reference.substring("/docs".length())).status).isEqualTo(200);
        });
        assertThat(get("/start.js").text()).contains("'/openapi.json'").contains("validatorUrl: null").doesNotContain("//");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/start.js", "/swagger-ui.css", "/swagger-ui-bundle.js"})
    void forbidsTheBrowserToLoadAnythingElse(String path) throws Exception {
        FakeExchange answer = get(path);
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        List<String> policy = List.of(answer.header("Content-Security-Policy").split("; *"));
        assertThat(policy)
                .contains("default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'")
                .noneMatch(directive -> directive.contains("http") || directive.contains("*"))
                .noneMatch(directive -> directive.startsWith("script-src") && directive.contains("unsafe"));
    }

    @Test
    void namesTheTypesOfItsFiles() throws Exception {
        assertThat(get("/swagger-ui.css").contentType).isEqualTo("text/css");
        assertThat(get("/swagger-ui.css").text()).isEqualTo("body{}");
        assertThat(get("/swagger-ui-bundle.js").contentType).isEqualTo("text/javascript");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/swagger-initializer.js", "/../openapi.json", "/swagger-ui.css/", "/5.0.0/swagger-ui.css", "/*", "/index.html"
    })
    void servesNoOtherFile(String path) {
        ProblemException problem = catchThrowableOfType(ProblemException.class, () -> get(path));
        assertThat(problem.category()).isEqualTo(ErrorCategory.NOT_FOUND);
        assertThat(problem.detail()).contains("the page is /docs");
    }

    @Test
    void saysSoWhenAFileIsMissing() throws Exception {
        DocsPage bare = new DocsPage(framework.start("bare", Map.of()));
        ProblemException problem = catchThrowableOfType(
                ProblemException.class, () -> FakeExchange.get(bare, "/swagger-ui.css", Map.of()));
        assertThat(problem.category()).isEqualTo(ErrorCategory.NOT_FOUND);
    }
}
