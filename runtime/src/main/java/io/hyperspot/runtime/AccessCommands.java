// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Who may come in: the commands for tenants, their keys, their users and their roles. */
final class AccessCommands {
    private AccessCommands() {}

    /** {@code hyperspot keys}. */
    @Command(name = "keys", mixinStandardHelpOptions = true, description = "Create, list and revoke API keys of the caller's tenant.")
    static final class Keys {
        private static final String PATH = "/security/v1/api-keys";

        @Spec
        private @Nullable CommandSpec spec;

        @Command(name = "create", mixinStandardHelpOptions = true, description = "Create a key; it is shown once.")
        int create(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Parameters(paramLabel = "NAME", description = "What it is for.") String name,
                @Option(
                                names = "--scope",
                                paramLabel = "PERMISSION",
                                defaultValue = "gts.hyperspot.llm.*:*",
                                description = "What it may do, <gts pattern>:<action>; may be repeated (default: ${DEFAULT-VALUE}).")
                        List<String> scopes,
                @Option(names = "--tenant", paramLabel = "ID", description = "Whose key it is (default: the caller's tenant).")
                        @Nullable String tenant,
                @Option(names = "--expires-in-days", paramLabel = "N", description = "Days until it expires (default: never).")
                        @Nullable Integer days)
                throws InterruptedException {
            ObjectNode request = api.json().createObjectNode().put("name", name);
            scopes.forEach(request.putArray("scopes")::add);
            if (tenant != null) {
                request.put("tenant_id", tenant);
            }
            if (days != null) {
                request.put("expires_at", Instant.now().plus(Duration.ofDays(days)).toString());
            }
            JsonNode created = api.call(home.resolve(), "POST", PATH, request);
            out().println(created.path("secret").asText());
            return 0;
        }

        @Command(name = "list", mixinStandardHelpOptions = true, description = "List keys, newest first, revoked ones included.")
        int list(@Mixin HomeOption home, @Mixin ServerApi api) throws InterruptedException {
            String cursor = "";
            do {
                JsonNode page = api.call(home.resolve(), "GET", PATH + cursor, null);
                for (JsonNode key : page.path("items")) {
                    out().printf(
                                    Locale.ROOT,
                                    "%-36s %-14s %-8s %-24s %s%n",
                                    key.path("id").asText(),
                                    key.path("prefix").asText(),
                                    key.hasNonNull("revoked_at") ? "revoked" : "active",
                                    key.path("name").asText(),
                                    key.path("scopes"));
                }
                cursor = next(page);
            } while (!cursor.isEmpty());
            return 0;
        }

        @Command(name = "revoke", mixinStandardHelpOptions = true, description = "Revoke a key; takes effect at once.")
        int revoke(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Parameters(paramLabel = "ID", description = "Its id, as 'keys list' shows it.") String id)
                throws InterruptedException {
            api.call(home.resolve(), "DELETE", PATH + "/" + encoded(id), null);
            out().println("revoked " + id);
            return 0;
        }

        private PrintWriter out() {
            return Objects.requireNonNull(spec).commandLine().getOut();
        }
    }

    /** {@code hyperspot tenants}. */
    @Command(
            name = "tenants",
            mixinStandardHelpOptions = true,
            description = "Create, list and change the tenants that the caller sees: its own and those below it.")
    static final class Tenants {
        private static final String PATH = "/tenant-resolver/v1/tenants";

        @Spec
        private @Nullable CommandSpec spec;

        @Command(name = "list", mixinStandardHelpOptions = true, description = "List tenants, suspended and deleted ones included.")
        int list(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Option(names = "--json", description = "Print them as JSON, as the REST API does.") boolean json)
                throws InterruptedException {
            String cursor = "";
            do {
                JsonNode page = api.call(home.resolve(), "GET", PATH + cursor, null);
                for (JsonNode tenant : page.path("items")) {
                    print(tenant, json);
                }
                cursor = next(page);
            } while (!cursor.isEmpty());
            return 0;
        }

        @Command(name = "show", mixinStandardHelpOptions = true, description = "Show a tenant as JSON.")
        int show(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Parameters(paramLabel = "ID", description = "Its id, as 'tenants list' shows it.") String id)
                throws InterruptedException {
            out().println(api.call(home.resolve(), "GET", path(id), null).toPrettyString());
            return 0;
        }

        @Command(name = "create", mixinStandardHelpOptions = true, description = "Create a tenant; its id is printed.")
        int create(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Parameters(paramLabel = "NAME", description = "Its name.") String name,
                @Option(names = "--parent", paramLabel = "ID", description = "The tenant above it (default: the caller's own).")
                        @Nullable String parent,
                @Option(names = "--type", paramLabel = "WORD", description = "What kind of customer it is.") @Nullable String type,
                @Option(names = "--self-managed", description = "Those above it have no access to it and to what is below it.")
                        boolean selfManaged)
                throws InterruptedException {
            ObjectNode request = api.json().createObjectNode().put("name", name).put("self_managed", selfManaged);
            if (parent != null) {
                request.put("parent_id", parent);
            }
            if (type != null) {
                request.put("type", type);
            }
            out().println(api.call(home.resolve(), "POST", PATH, request).path("id").asText());
            return 0;
        }

        @Command(name = "rename", mixinStandardHelpOptions = true, description = "Give a tenant another name.")
        int rename(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Parameters(paramLabel = "ID", description = "Its id, as 'tenants list' shows it.") String id,
                @Parameters(paramLabel = "NAME", description = "Its new name.") String name)
                throws InterruptedException {
            print(api.change(home.resolve(), "PATCH", path(id), api.json().createObjectNode().put("name", name)), false);
            return 0;
        }

        @Command(
                name = "suspend",
                mixinStandardHelpOptions = true,
                description = "Let nobody of a tenant and of those below it in any more; takes effect at once.")
        int suspend(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Parameters(paramLabel = "ID", description = "Its id, as 'tenants list' shows it.") String id)
                throws InterruptedException {
            print(api.call(home.resolve(), "POST", path(id) + "/suspend", api.json().createObjectNode()), false);
            return 0;
        }

        @Command(name = "resume", mixinStandardHelpOptions = true, description = "Take back a suspension or a deletion.")
        int resume(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Parameters(paramLabel = "ID", description = "Its id, as 'tenants list' shows it.") String id)
                throws InterruptedException {
            print(api.call(home.resolve(), "POST", path(id) + "/resume", api.json().createObjectNode()), false);
            return 0;
        }

        @Command(name = "delete", mixinStandardHelpOptions = true, description = "Delete a tenant; 'tenants resume' restores it.")
        int delete(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Parameters(paramLabel = "ID", description = "Its id, as 'tenants list' shows it.") String id,
                @Option(names = "--hard", description = "Remove a deleted tenant with none below it for good.") boolean hard)
                throws InterruptedException {
            api.call(home.resolve(), "DELETE", path(id) + (hard ? "?hard=true" : ""), null);
            out().println((hard ? "removed " : "deleted ") + id);
            return 0;
        }

        private static String path(String id) {
            return PATH + "/" + encoded(id);
        }

        private void print(JsonNode tenant, boolean json) {
            if (json) {
                out().println(tenant);
                return;
            }
            out().printf(
                            Locale.ROOT,
                            "%-36s %-9s %-36s %s%s%n",
                            tenant.path("id").asText(),
                            tenant.path("status").asText(),
                            tenant.path("parent_id").asText("-"),
                            tenant.path("name").asText(),
                            tenant.path("self_managed").asBoolean() ? " (self-managed)" : "");
        }

        private PrintWriter out() {
            return Objects.requireNonNull(spec).commandLine().getOut();
        }
    }

    /** {@code hyperspot users}. */
    @Command(name = "users", mixinStandardHelpOptions = true, description = "Invite, list and keep out people of the caller's tenant.")
    static final class Users {
        private static final String PATH = "/auth/v1/users";

        @Spec
        private @Nullable CommandSpec spec;

        @Command(name = "list", mixinStandardHelpOptions = true, description = "List users, newest first.")
        int list(@Mixin HomeOption home, @Mixin ServerApi api) throws InterruptedException {
            String cursor = "";
            do {
                JsonNode page = api.call(home.resolve(), "GET", PATH + cursor, null);
                page.path("items").forEach(this::print);
                cursor = next(page);
            } while (!cursor.isEmpty());
            return 0;
        }

        private void print(JsonNode user) {
            out().printf(
                            Locale.ROOT,
                            "%-36s %-8s %-5s %-24s %s%n",
                            user.path("id").asText(),
                            user.path("state").asText(),
                            user.path("totp").asBoolean() ? "totp" : "-",
                            user.path("name").asText(),
                            user.path("groups"));
        }

        @Command(name = "create", mixinStandardHelpOptions = true, description = "Create a user; prints the id, and the setup token with which they choose a password.")
        int create(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Parameters(paramLabel = "NAME", description = "With which they log in.") String name,
                @Option(names = "--display-name", paramLabel = "TEXT", description = "As others read it.") @Nullable String display,
                @Option(names = "--group", paramLabel = "NAME", description = "To which roles can be bound; may be repeated.")
                        @Nullable List<String> groups,
                @Option(names = "--with-password", description = "Read a password from the terminal or standard input.") boolean password)
                throws IOException, InterruptedException {
            ObjectNode request = api.json().createObjectNode().put("name", name).put("display_name", display);
            Objects.requireNonNullElse(groups, List.<String>of()).forEach(request.putArray("groups")::add);
            made(api.call(home.resolve(), "POST", PATH, password ? request.put("password", password()) : request));
            return 0;
        }

        private void made(JsonNode user) {
            out().println(user.path("id").asText());
            if (user.hasNonNull("setup_token")) {
                out().println(user.path("setup_token").asText());
            }
        }

        /** Never an argument: those are in the list of processes and in the shell's history. */
        @SuppressWarnings("SystemConsoleNull") // since JDK 25 it is null again where there is no terminal
        private static String password() throws IOException {
            Console terminal = System.console();
            if (terminal == null || !terminal.isTerminal()) {
                return new String(System.in.readAllBytes(), StandardCharsets.UTF_8).replaceFirst("\\r?\\n\\z", "");
            }
            char[] typed = terminal.readPassword("Password: ");
            char[] again = terminal.readPassword("Again: ");
            if (typed == null || !Arrays.equals(typed, again)) {
                throw new LaunchException("the passwords differ; nothing was changed");
            }
            return new String(typed);
        }

        @Command(name = "disable", mixinStandardHelpOptions = true, description = "Keep a user out, and end the user's sessions.")
        int disable(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Parameters(paramLabel = "ID", description = "The user's id, as 'users list' shows it.") String id)
                throws InterruptedException {
            print(api.change(home.resolve(), "PATCH", path(id), api.json().createObjectNode().put("disabled", true)));
            return 0;
        }

        @Command(name = "enable", mixinStandardHelpOptions = true, description = "Let a disabled user in again.")
        int enable(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Parameters(paramLabel = "ID", description = "The user's id, as 'users list' shows it.") String id)
                throws InterruptedException {
            print(api.change(home.resolve(), "PATCH", path(id), api.json().createObjectNode().put("disabled", false)));
            return 0;
        }

        @Command(name = "delete", mixinStandardHelpOptions = true, description = "Delete a user for good, and end the user's sessions.")
        int delete(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Parameters(paramLabel = "ID", description = "The user's id, as 'users list' shows it.") String id)
                throws InterruptedException {
            api.call(home.resolve(), "DELETE", path(id), null);
            out().println("deleted " + id);
            return 0;
        }

        @Command(
                name = "reset-password",
                mixinStandardHelpOptions = true,
                description = "Take a password away, end the user's sessions, and print the setup token for another.")
        int resetPassword(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Parameters(paramLabel = "ID", description = "The user's id, as 'users list' shows it.") String id,
                @Option(names = "--with-password", description = "Read the other password from the terminal or standard input.") boolean password)
                throws IOException, InterruptedException {
            ObjectNode request = api.json().createObjectNode();
            made(api.call(
                    home.resolve(), "POST", path(id) + "/reset-password", password ? request.put("password", password()) : request));
            return 0;
        }

        private static String path(String id) {
            return PATH + "/" + encoded(id);
        }

        private PrintWriter out() {
            return Objects.requireNonNull(spec).commandLine().getOut();
        }
    }

    private static String encoded(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The query of the next page; empty when this was the last. */
    private static String next(JsonNode page) {
        String next = page.path("page_info").path("next_cursor").asText("");
        return next.isEmpty() ? "" : "?$skiptoken=" + next;
    }

    /** {@code hyperspot roles}. */
    @Command(name = "roles", mixinStandardHelpOptions = true, description = "Make roles, give them, and explain decisions.")
    static final class Roles {
        private static final String ROLES = "/authz/v1/roles";
        private static final String BINDINGS = "/authz/v1/bindings";

        @Spec
        private @Nullable CommandSpec spec;

        @Command(name = "list", mixinStandardHelpOptions = true, description = "List the tenant's roles and the built-in ones.")
        int list(@Mixin HomeOption home, @Mixin ServerApi api) throws InterruptedException {
            String cursor = "";
            do {
                JsonNode page = api.call(home.resolve(), "GET", ROLES + cursor, null);
                page.path("items").forEach(this::line);
                cursor = next(page);
            } while (!cursor.isEmpty());
            return 0;
        }

        private void line(JsonNode role) {
            out().printf(
                            Locale.ROOT,
                            "%-36s %-8s %-16s %s%n",
                            role.path("id").asText(),
                            role.path("built_in").asBoolean() ? "built-in" : "own",
                            role.path("name").asText(),
                            role.path("permissions"));
        }

        @Command(name = "show", mixinStandardHelpOptions = true, description = "Show a role.")
        int show(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Parameters(paramLabel = "ID", description = "Its id, as 'roles list' shows it.") String id)
                throws InterruptedException {
            out().println(api.call(home.resolve(), "GET", ROLES + "/" + encoded(id), null).toPrettyString());
            return 0;
        }

        @Command(name = "create", mixinStandardHelpOptions = true, description = "Create a role; prints its id.")
        int create(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Parameters(paramLabel = "NAME", description = "Lower-case letters, digits, '-' and '_'.") String name,
                @Option(names = "--permission", paramLabel = "PERMISSION", description = "<gts pattern>:<action>; may be repeated.")
                        @Nullable List<String> permissions,
                @Option(names = "--parent", paramLabel = "ID", description = "A role whose permissions it has too; may be repeated.")
                        @Nullable List<String> parents,
                @Option(names = "--description", paramLabel = "TEXT", description = "What it is for.") @Nullable String description)
                throws InterruptedException {
            ObjectNode request = api.json().createObjectNode().put("name", name);
            Objects.requireNonNullElse(permissions, List.<String>of()).forEach(request.putArray("permissions")::add);
            Objects.requireNonNullElse(parents, List.<String>of()).forEach(request.putArray("parents")::add);
            request.put("description", description);
            out().println(api.call(home.resolve(), "POST", ROLES, request).path("id").asText());
            return 0;
        }

        @Command(name = "delete", mixinStandardHelpOptions = true, description = "Delete a role that nobody has.")
        int delete(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Parameters(paramLabel = "ID", description = "Its id, as 'roles list' shows it.") String id)
                throws InterruptedException {
            api.call(home.resolve(), "DELETE", ROLES + "/" + encoded(id), null);
            out().println("deleted " + id);
            return 0;
        }

        @Command(name = "bind", mixinStandardHelpOptions = true, description = "Give a role to somebody; prints the binding's id.")
        int bind(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Parameters(paramLabel = "ROLE", description = "The role's id.") String role,
                @Parameters(paramLabel = "PRINCIPAL", description = "user:<id>, key:<prefix>, service:<id> or group:<name>.")
                        String principal,
                @Option(names = "--resource-type", paramLabel = "GTS", description = "GTS type of the one resource (default: the whole tenant).")
                        @Nullable String type,
                @Option(names = "--resource-id", paramLabel = "ID", description = "Id of the one resource.") @Nullable String id,
                @Option(names = "--expires-in-days", paramLabel = "N", description = "Days until it ends (default: never).")
                        @Nullable Integer days)
                throws InterruptedException {
            ObjectNode request = api.json().createObjectNode().put("principal", principal).put("role", role);
            if (type != null) {
                request.put("resource_type", type);
            }
            if (id != null) {
                request.put("resource_id", id);
            }
            if (days != null) {
                request.put("expires_at", Instant.now().plus(Duration.ofDays(days)).toString());
            }
            out().println(api.call(home.resolve(), "POST", BINDINGS, request).path("id").asText());
            return 0;
        }

        @Command(name = "unbind", mixinStandardHelpOptions = true, description = "Take a role from somebody.")
        int unbind(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Parameters(paramLabel = "BINDING", description = "The binding's id.") String id)
                throws InterruptedException {
            api.call(home.resolve(), "DELETE", BINDINGS + "/" + encoded(id), null);
            out().println("removed " + id);
            return 0;
        }

        @Command(
                name = "explain",
                mixinStandardHelpOptions = true,
                description = "Say whether somebody may do something, and by which rule. Exit code 0: allowed; 1: denied.")
        int explain(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Parameters(paramLabel = "PRINCIPAL", description = "user:<id>, key:<prefix> or service:<id>.") String principal,
                @Parameters(paramLabel = "PERMISSION", description = "<gts pattern>:<action>.") String permission,
                @Option(names = "--address", paramLabel = "ADDRESS", description = "From where.") @Nullable String address,
                @Option(names = "--resource-id", paramLabel = "ID", description = "Id of the one resource.") @Nullable String id)
                throws InterruptedException {
            int colon = permission.lastIndexOf(':');
            ObjectNode request = api.json().createObjectNode();
            request.putObject("subject").put("id", principal);
            request.putObject("action").put("name", permission.substring(colon + 1));
            ObjectNode resource = request.putObject("resource").put("type", permission.substring(0, Math.max(0, colon)));
            if (id != null) {
                resource.put("id", id);
            }
            if (address != null) {
                request.putObject("context").put("address", address);
            }
            JsonNode answer = api.call(home.resolve(), "POST", "/authz/v1/decisions/explain", request);
            boolean allowed = answer.path("decision").asBoolean();
            out().println((allowed ? "allowed: " : "denied: ") + answer.at("/context/rule").asText());
            return allowed ? 0 : 1;
        }

        private PrintWriter out() {
            return Objects.requireNonNull(spec).commandLine().getOut();
        }
    }
}
