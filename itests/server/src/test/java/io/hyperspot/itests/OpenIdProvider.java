// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The certified npm package oidc-provider, as the connector's own tests run it, in a process of its own. */
final class OpenIdProvider implements AutoCloseable {
    /** A client that logs people in, and one without a secret. */
    static final String CLIENT = "hyperspot";

    static final String CLIENT_SECRET = "a secret: 100%";
    static final String PUBLIC_CLIENT = "public";

    private static final Path SCRIPT = Path.of(System.getProperty("hyperspot.js"))
            .resolve("../../../../../connectors/auth-oidc/src/test/js/provider.mjs")
            .normalize();

    private final Process process;
    private final URI issuer;

    /**
     * @param callback where people come back to
     * @param people what is known of whom, as JSON
     */
    OpenIdProvider(URI callback, String people) throws Exception {
        NodeRuntime node = NodeRuntime.get();
        // beside the packages, for Node.js looks for them from there
        Path copy = Path.of(System.getProperty("hyperspot.js.target"), "oidc-provider.mjs");
        Files.copy(SCRIPT, copy, StandardCopyOption.REPLACE_EXISTING);
        Path errors = copy.resolveSibling("oidc-provider.log");
        process = node.script("oidc-provider.mjs", callback.toString(), "", people).redirectError(errors.toFile()).start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        CompletableFuture<@Nullable String> line = new CompletableFuture<>();
        Thread.ofVirtual().name("oidc-provider").start(() -> {
            try {
                line.complete(out.readLine());
            } catch (IOException e) {
                line.completeExceptionally(e);
            }
        });
        String started = line.get(60, TimeUnit.SECONDS);
        if (started == null) {
            throw new AssertionError("the provider did not start: " + Files.readString(errors));
        }
        issuer = URI.create(started);
    }

    URI issuer() {
        return issuer;
    }

    /** Shows the provider's pages to somebody, who logs in and agrees, until the browser is sent elsewhere. */
    TestBrowser.Page pass(TestBrowser browser, TestBrowser.Page first, String name) throws Exception {
        TestBrowser.Page page = first;
        for (int steps = 0; steps < 5; steps++) {
            page = browser.follow(page, next -> !isHere(next));
            if (page.next() != null) {
                return page;
            }
            Map<String, String> form = page.body().contains("value=\"login\"")
                    ? Map.of("prompt", "login", "login", name, "password", "any")
                    : Map.of("prompt", "consent");
            page = browser.submit(page, page.address(), form);
        }
        throw new AssertionError("the provider does not let go: " + page);
    }

    private boolean isHere(URI address) {
        return address.getPort() == issuer.getPort();
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
