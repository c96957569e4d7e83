// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.audit.chain.Finding;
import io.hyperspot.audit.chain.TrailFile;
import io.hyperspot.audit.chain.TrailKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hyperspot audit}. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Read, export, verify and keep the audit trail of the caller's tenant.")
final class AuditCommand {
    private static final String BASE = "/audit/v1/";

    @Spec
    private @Nullable CommandSpec spec;

    /** Which events; all that are given must fit. */
    static final class Filter {
        @Option(names = "--actor", paramLabel = "SUBJECT", description = "Who acted, such as user:desktop.")
        private @Nullable String actor;

        @Option(names = "--action", paramLabel = "ACTION", description = "What was done: api_key.create, or api_key.*")
        private @Nullable String action;

        @Option(names = "--target", paramLabel = "ID", description = "What it was done to.")
        private @Nullable String target;

        @Option(names = "--outcome", paramLabel = "WORD", description = "done, denied or failed.")
        private @Nullable String outcome;

        @Option(names = "--from", paramLabel = "TIME", description = "Not before this time, as 2026-11-25T12:00:00Z.")
        private @Nullable String from;

        @Option(names = "--to", paramLabel = "TIME", description = "Before this time.")
        private @Nullable String to;

        private String query() {
            Map<String, String> given = new TreeMap<>();
            put(given, "actor", actor);
            put(given, "action", action);
            put(given, "target", target);
            put(given, "outcome", outcome);
            put(given, "from", from);
            put(given, "to", to);
            return given.entrySet().stream()
                    .map(one -> "&" + one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
                    .collect(Collectors.joining());
        }

        private static void put(Map<String, String> into, String name, @Nullable String value) {
            if (value != null) {
                into.put(name, value);
            }
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List events, newest first.")
    int list(
            @Mixin HomeOption home,
            @Mixin ServerApi api,
            @Mixin Filter filter,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "At most so many (default: ${DEFAULT-VALUE}).")
                    int limit,
            @Option(names = "--json", description = "Print them as JSON, as the REST API does.") boolean json)
            throws InterruptedException {
        String query = filter.query();
        String cursor = "";
        int left = Math.max(1, limit);
        do {
            JsonNode page = api.call(home.resolve(), "GET", BASE + "events?$top=" + Math.min(left, 1000) + query + cursor, null);
            for (JsonNode event : page.path("items")) {
                out().println(json ? event.toString() : line(event));
                left--;
            }
            String next = page.path("page_info").path("next_cursor").asText("");
            cursor = next.isEmpty() || left <= 0 ? "" : "&$skiptoken=" + next;
        } while (!cursor.isEmpty());
        return 0;
    }

    private static String line(JsonNode event) {
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "%6d  %-24s  %-7s %-24s %-28s %s",
                event.path("seq").asLong(),
                event.path("at").asText(),
                event.path("outcome").asText(),
                event.path("action").asText(),
                event.path("actor").asText("(erased)"),
                event.path("target").asText()));
        event.path("details")
                .properties()
                .forEach(detail -> line.append(' ').append(detail.getKey()).append('=').append(detail.getValue().asText()));
        return line.toString().stripTrailing();
    }

    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = "Write the whole trail to a file that 'audit verify' checks without a server, or as CSV what fits the options.")
    int export(
            @Mixin HomeOption home,
            @Mixin ServerApi api,
            @Mixin Filter filter,
            @Option(names = "--csv", description = "CSV for people instead of JSON Lines.") boolean csv,
            @Parameters(paramLabel = "FILE", description = "Where to; it must not exist.") Path file)
            throws IOException, InterruptedException {
        try (OutputStream to = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            api.copy(home.resolve(), BASE + "export?format=" + (csv ? "csv" : "jsonl") + filter.query(), to);
        } catch (FileAlreadyExistsException e) {
            throw new LaunchException(file + " exists already; choose another name", e);
        } catch (LaunchException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        out().println("wrote " + file + " (" + Files.size(file) + " bytes)");
        return 0;
    }

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = "Check that nothing was edited, deleted, inserted or cut off: in an export, without a server; or, without FILE,"
                    + " in the server's database. Exit code 0: it is intact; 1: it is not, or cannot be read.")
    int verify(
            @Mixin HomeOption home,
            @Mixin ServerApi api,
            @Parameters(arity = "0..1", paramLabel = "FILE", description = "An export of 'audit export'.") @Nullable Path file,
            @Option(
                            names = "--key",
                            paramLabel = "KEY",
                            description = "The key that must have signed it, as 'audit key' printed it once. Without it the export"
                                    + " is only checked against the key that it names itself.")
                    @Nullable String key)
            throws InterruptedException {
        if (file != null) {
            return verifyFile(file, key);
        }
        JsonNode found = api.call(home.resolve(), "GET", BASE + "verification", null);
        found.path("findings").forEach(one -> finding(one.path("kind").asText(), one.path("seq").asLong(), one.path("detail").asText()));
        return verdict(found.path("findings").isEmpty(), found.path("records").asLong(), found.path("key_fingerprint").asText());
    }

    private int verifyFile(Path file, @Nullable String key) {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            TrailFile.Result result = TrailFile.check(lines, key == null ? null : TrailKey.parse(key));
            for (Finding one : result.findings()) {
                finding(one.kind().name().toLowerCase(Locale.ROOT), one.seq(), one.detail());
            }
            if (key == null) {
                out().println("no --key was given: whoever made the file could have signed it; compare the fingerprint");
            }
            return verdict(result.findings().isEmpty(), result.records(), result.key());
        } catch (IllegalArgumentException e) {
            throw new LaunchException("--key: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new LaunchException("cannot check " + file + ": " + e.getMessage(), e);
        }
    }

    private void finding(String kind, long seq, String detail) {
        out().println(kind.replace('_', ' ') + " at record " + seq + ": " + detail);
    }

    private int verdict(boolean intact, long records, String fingerprint) {
        out().println((intact ? "intact: " : "NOT INTACT: ") + records + " records, signed with the key " + fingerprint);
        return intact ? 0 : 1;
    }

    @Command(
            name = "key",
            mixinStandardHelpOptions = true,
            description = "Print the public key that signs trails. Keep it where nobody changes it, for 'audit verify --key'.")
    int key(@Mixin HomeOption home, @Mixin ServerApi api) throws InterruptedException {
        out().println(api.call(home.resolve(), "GET", BASE + "signing-key", null).path("key").asText());
        return 0;
    }

    @Command(
            name = "hold",
            mixinStandardHelpOptions = true,
            description = "Keep the trail whole, for a lawsuit for example; prints the hold's id. Without a reason the holds are listed.")
    int hold(
            @Mixin HomeOption home,
            @Mixin ServerApi api,
            @Parameters(arity = "0..1", paramLabel = "REASON", description = "Why.") @Nullable String reason)
            throws InterruptedException {
        if (reason != null) {
            ObjectNode request = api.json().createObjectNode().put("reason", reason);
            out().println(api.call(home.resolve(), "POST", BASE + "holds", request).path("id").asText());
            return 0;
        }
        for (JsonNode hold : api.call(home.resolve(), "GET", BASE + "holds", null)) {
            out().printf(
                            Locale.ROOT,
                            "%-36s %-24s %-24s %s%n",
                            hold.path("id").asText(),
                            hold.path("created_at").asText(),
                            hold.path("created_by").asText(),
                            hold.path("reason").asText());
        }
        return 0;
    }

    @Command(name = "release", mixinStandardHelpOptions = true, description = "End a hold.")
    int release(
            @Mixin HomeOption home,
            @Mixin ServerApi api,
            @Parameters(paramLabel = "ID", description = "Its id, as 'audit hold' lists it.") String id)
            throws InterruptedException {
        api.call(home.resolve(), "DELETE", BASE + "holds/" + URLEncoder.encode(id, StandardCharsets.UTF_8), null);
        out().println("released " + id);
        return 0;
    }

    @Command(
            name = "erase",
            mixinStandardHelpOptions = true,
            description = "Make what the trail says about a person unreadable for good; their acts stay, without name and details.")
    int erase(
            @Mixin HomeOption home,
            @Mixin ServerApi api,
            @Parameters(paramLabel = "SUBJECT", description = "The person, as 'audit list' names them.") String subject)
            throws InterruptedException {
        ObjectNode request = api.json().createObjectNode().put("subject", subject);
        int keys = api.call(home.resolve(), "POST", BASE + "erasures", request).path("keys").asInt();
        out().println(keys == 0 ? "nothing is recorded of " + subject : "erased " + subject + " (" + keys + " keys destroyed)");
        return 0;
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
