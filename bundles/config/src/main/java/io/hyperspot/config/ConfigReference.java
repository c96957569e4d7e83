// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes out every key: as a YAML file, or as a document for people. */
public final class ConfigReference {
    private static final String HEAD = """
            # Every key of HyperSpot with its default. Copy what you change into <home>/config/hyperspot.yaml.
            # An environment variable HYPERSPOT_MODULES__<MODULE>__<KEY> overrides a key.
            # ${env:NAME} and ${file:PATH} stand for a variable's value and for a file's content.
            """;

    private ConfigReference() {}

    /** Every key with its default, commented. */
    public static String yaml(List<ModuleSchema> schemas) {
        return HEAD + yaml(schemas, new Configurations(Map.of(), Map.of()));
    }

    /** Every key with the value that it has in a configuration, else with its default; no secrets. */
    public static String yaml(List<ModuleSchema> schemas, Configurations set) {
        StringBuilder text = new StringBuilder("modules:\n");
        for (ModuleSchema schema : schemas) {
            comment(text, "  ", schema.description());
            text.append("  ").append(schema.pid()).append(":\n");
            if (schema.factory()) {
                instances(text, schema, set.instances().getOrDefault(schema.pid(), Map.of()));
            } else {
                attributes(text, "    ", schema, set.singletons().getOrDefault(schema.pid(), Map.of()));
            }
        }
        return text.toString();
    }

    private static void instances(StringBuilder text, ModuleSchema schema, Map<String, Map<String, Object>> set) {
        if (set.isEmpty()) {
            text.append("    instances: {}\n    # each entry of 'instances' is one, by its name:\n");
            StringBuilder example = new StringBuilder("  <name>:\n");
            attributes(example, "    ", schema, Map.of());
            example.toString().lines().forEach(line -> text.append("    # ").append(line).append('\n'));
            return;
        }
        text.append("    instances:\n");
        set.forEach((name, properties) -> {
            text.append("      ").append(name).append(":\n");
            attributes(text, "        ", schema, properties);
        });
    }

    private static void attributes(StringBuilder text, String indent, ModuleSchema schema, Map<String, Object> set) {
        for (ModuleSchema.Attribute attribute : schema.attributes().values()) {
            comment(text, indent, attribute.description() + (attribute.required() ? " Required." : ""));
            text.append(indent)
                    .append(unset(attribute, set) ? "# " : "")
                    .append(attribute.key())
                    .append(": ")
                    .append(value(attribute, set.get(attribute.property())))
                    .append('\n');
        }
    }

    /** Nothing could stand there that the key takes: it is shown as a comment. */
    private static boolean unset(ModuleSchema.Attribute attribute, Map<String, Object> set) {
        boolean anyText = switch (attribute.type()) {
            case STRING, SECRET -> attribute.options().isEmpty();
            case BOOLEAN, INTEGER, LONG, DOUBLE -> false;
        };
        return !anyText && !attribute.list() && attribute.defaults().isEmpty() && !set.containsKey(attribute.property());
    }

    private static String value(ModuleSchema.Attribute attribute, @Nullable Object set) {
        if (attribute.type() == ModuleSchema.Type.SECRET) {
            return set == null ? "\"\"" : "\"***\"";
        }
        List<String> texts = set == null
                ? attribute.defaults()
                : set instanceof String[] many ? List.of(many) : List.of(String.valueOf(set));
        if (attribute.list()) {
            return "[" + String.join(", ", texts.stream().map(t -> scalar(attribute, t)).toList()) + "]";
        }
        return texts.isEmpty() ? "\"\"" : scalar(attribute, texts.getFirst());
    }

    private static String scalar(ModuleSchema.Attribute attribute, String text) {
        return attribute.type() == ModuleSchema.Type.STRING
                ? "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\""
                : text;
    }

    private static void comment(StringBuilder text, String indent, String words) {
        words.lines().forEach(line -> text.append(indent).append("# ").append(line).append('\n'));
    }

    /** A section for each module and a table of its keys. */
    public static String markdown(List<ModuleSchema> schemas) {
        StringBuilder text = new StringBuilder("""
                # Configuration

                The server reads `<home>/config/hyperspot.yaml`, or the file that `--config` names. A change takes effect
                when the file is saved; an invalid one is refused as a whole, with file, line, key and the nearest valid key,
                and the running configuration stays. `hyperspot config check` does the same check without a server.

                An environment variable `HYPERSPOT_MODULES__<MODULE>__<KEY>` overrides a key: upper case, dashes as
                underscores. `${env:NAME}` and `${file:PATH}` inside a value stand for a variable and for a file's content;
                use them for secrets. A key of type secret also takes `${secret:NAME}`, a secret of the credentials store, which
                is looked up when it is used and followed when it changes.

                This page is written by `hyperspot config reference --markdown`.
                """);
        for (ModuleSchema schema : schemas) {
            text.append("\n## ").append(schema.pid()).append("\n\n").append(schema.description()).append('\n');
            if (schema.factory()) {
                text.append("\nOne for each entry of `modules.").append(schema.pid()).append(".instances`, by its name.\n");
            }
            text.append("\n| key | type | default | meaning |\n|---|---|---|---|\n");
            for (ModuleSchema.Attribute attribute : schema.attributes().values()) {
                String type = attribute.type().name().toLowerCase(java.util.Locale.ROOT);
                text.append("| `").append(attribute.key()).append("` | ");
                text.append(attribute.list() ? "list of " : "").append(type).append(" | ");
                text.append(attribute.required() ? "required" : "`" + value(attribute, null).replace("|", "\\|") + "`").append(" | ");
                text.append(attribute.description().replace("|", "\\|").replace("\n", " ")).append(" |\n");
            }
        }
        return text.toString();
    }
}
