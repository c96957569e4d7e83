// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.config;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * From YAML file, environment and overrides to a checked configuration. Later sources win: file,
 * {@code HYPERSPOT_MODULES__MODULE__KEY}, overrides of the command line. Not thread-safe.
 */
public final class ConfigLoader {
    private static final String ENVIRONMENT = "HYPERSPOT_MODULES__";
    private static final String INSTANCES = "instances";

    private final Map<String, ModuleSchema> schemas = new TreeMap<>();
    private final Map<String, String> environment;
    private final Map<String, String> overrides;
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final List<ConfigProblem> warnings = new ArrayList<>();

    /**
     * @param environment the process's
     * @param overrides by full key, for example {@code modules.web.port}
     */
    public ConfigLoader(List<ModuleSchema> schemas, Map<String, String> environment, Map<String, String> overrides) {
        schemas.forEach(schema -> this.schemas.put(schema.pid(), schema));
        this.environment = environment;
        this.overrides = overrides;
    }

    /**
     * Reads a file that may be absent.
     *
     * @throws ConfigException with every problem found
     */
    public Configurations load(Path file) throws ConfigException, IOException {
        problems.clear();
        warnings.clear();
        String source = file.toString();
        ConfigValue.Mapping root = Files.exists(file)
                ? new YamlSource(source, environment::get).read(file)
                : new ConfigValue.Mapping(new ConfigValue.Place(source, 0), Map.of(), Map.of());
        for (String key : root.entries().keySet()) {
            if (!key.equals("modules")) {
                problem(root.keys().get(key), key, "unknown key; everything stands below 'modules'");
            }
        }
        Map<String, ConfigValue> modules = new LinkedHashMap<>(mapping(root.entries().get("modules"), "modules"));
        Map<String, ConfigValue.Place> places =
                root.entries().get("modules") instanceof ConfigValue.Mapping m ? m.keys() : Map.of();
        environment.forEach((name, value) -> {
            List<String> path = name.startsWith(ENVIRONMENT) ? path(name) : List.of();
            if (!path.isEmpty()) {
                overlay(modules, path, new ConfigValue.Scalar(new ConfigValue.Place(name, 0), value, false));
            }
        });
        overrides.forEach((key, value) -> overlay(
                modules,
                List.of(key.substring("modules.".length()).split("\\.")),
                new ConfigValue.Scalar(new ConfigValue.Place("command line", 0), value, false)));
        Configurations configurations = check(modules, places);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return configurations;
    }

    /** What is odd but not wrong in what was loaded last. */
    public List<ConfigProblem> warnings() {
        return List.copyOf(warnings);
    }

    private List<String> path(String variable) {
        List<String> path = new ArrayList<>();
        for (String part : variable.substring(ENVIRONMENT.length()).split("__", -1)) {
            path.add(part.toLowerCase(Locale.ROOT));
        }
        if (path.contains("")) {
            problem(new ConfigValue.Place(variable, 0), "", "a name has the form " + ENVIRONMENT + "<MODULE>__<KEY>");
            return List.of();
        }
        String module = path.getFirst();
        for (String known : schemas.keySet()) {
            if (known.replace('-', '_').equals(module)) {
                path.set(0, known);
            }
        }
        return path;
    }

    private static void overlay(Map<String, ConfigValue> into, List<String> path, ConfigValue.Scalar value) {
        String key = path.getFirst();
        if (path.size() == 1) {
            into.put(key, value);
            return;
        }
        ConfigValue present = into.get(key);
        Map<String, ConfigValue> entries = new LinkedHashMap<>();
        Map<String, ConfigValue.Place> keys = new LinkedHashMap<>();
        if (present instanceof ConfigValue.Mapping mapping) {
            entries.putAll(mapping.entries());
            keys.putAll(mapping.keys());
        }
        overlay(entries, path.subList(1, path.size()), value);
        keys.putIfAbsent(path.get(1), value.place());
        into.put(key, new ConfigValue.Mapping(value.place(), entries, keys));
    }

    private Configurations check(Map<String, ConfigValue> modules, Map<String, ConfigValue.Place> places) {
        Map<String, Map<String, Object>> singletons = new LinkedHashMap<>();
        Map<String, Map<String, Map<String, Object>>> instances = new LinkedHashMap<>();
        modules.forEach((name, value) -> {
            String key = "modules." + name;
            ModuleSchema schema = schemas.get(name);
            ConfigValue.Place place = places.getOrDefault(name, value.place());
            if (schema == null) {
                unknownModule(name, place, key);
            } else if (schema.factory()) {
                instances.put(name, instances(schema, value, key));
            } else {
                singletons.put(name, properties(schema, mapping(value, key), keys(value), place, key));
            }
        });
        return new Configurations(singletons, instances);
    }

    /** A near miss is a mistake; anything else may be the configuration of a plugin yet to come. */
    private void unknownModule(String name, ConfigValue.Place place, String key) {
        Optional<String> meant = Nearest.to(name, schemas.keySet());
        if (meant.isPresent()) {
            problem(place, key, "there is no such module; did you mean '" + meant.get() + "'?");
        } else {
            warnings.add(new ConfigProblem(place.source(), place.line(), key,
                    "no installed bundle is configured by this; it is used when one arrives. Modules here: "
                            + String.join(", ", schemas.keySet())));
        }
    }

    private Map<String, Map<String, Object>> instances(ModuleSchema schema, ConfigValue value, String key) {
        Map<String, Map<String, Object>> instances = new LinkedHashMap<>();
        Map<String, ConfigValue> entries = mapping(value, key);
        entries.forEach((name, entry) -> {
            if (!name.equals(INSTANCES)) {
                problem(keys(value).getOrDefault(name, entry.place()), key + "." + name,
                        "unknown key; this module takes only '" + INSTANCES + "', a mapping by name");
            }
        });
        ConfigValue named = entries.get(INSTANCES);
        if (named != null) {
            String below = key + "." + INSTANCES;
            mapping(named, below).forEach((name, entry) -> {
                String instanceKey = below + "." + name;
                if (!name.matches("[a-z0-9][a-z0-9._-]{0,62}")) {
                    problem(keys(named).getOrDefault(name, entry.place()), instanceKey,
                            "a name is made of lower-case letters, digits, dots, dashes and underscores");
                }
                ConfigValue.Place place = keys(named).getOrDefault(name, entry.place());
                Map<String, Object> properties =
                        new LinkedHashMap<>(properties(schema, mapping(entry, instanceKey), keys(entry), place, instanceKey));
                properties.put(MetatypeReader.INSTANCE_NAME, name);
                instances.put(name, properties);
            });
        }
        return instances;
    }

    private Map<String, Object> properties(
            ModuleSchema schema,
            Map<String, ConfigValue> entries,
            Map<String, ConfigValue.Place> places,
            ConfigValue.Place place,
            String key) {
        Map<String, Object> properties = new LinkedHashMap<>();
        Set<String> known = schema.attributes().keySet();
        entries.forEach((name, value) -> {
            ModuleSchema.Attribute attribute = schema.attributes().get(name);
            if (attribute == null) {
                String meant = Nearest.to(name, known)
                        .map(k -> "did you mean '" + k + "'?")
                        .orElse("keys here: " + String.join(", ", known));
                problem(places.getOrDefault(name, value.place()), key + "." + name, "unknown key; " + meant);
            } else {
                Object converted = convert(attribute, value, key + "." + name);
                if (converted != null) {
                    properties.put(attribute.property(), converted);
                }
            }
        });
        for (ModuleSchema.Attribute attribute : schema.attributes().values()) {
            if (attribute.required() && !entries.containsKey(attribute.key())) {
                problem(place, key + "." + attribute.key(), "is required: " + attribute.description());
            }
        }
        return properties;
    }

    private @Nullable Object convert(ModuleSchema.Attribute attribute, ConfigValue value, String key) {
        if (!attribute.list()) {
            return value instanceof ConfigValue.Scalar scalar
                    ? scalar(attribute, scalar, key)
                    : wrong(value, key, "takes one value, " + article(attribute.type()));
        }
        List<ConfigValue> items = switch (value) {
            case ConfigValue.Items list -> list.values();
            case ConfigValue.Scalar scalar when scalar.place().line() == 0 -> split(scalar);
            default -> {
                wrong(value, key, "takes a list, for example [a, b]");
                yield List.of();
            }
        };
        List<String> texts = new ArrayList<>();
        for (ConfigValue item : items) {
            if (item instanceof ConfigValue.Scalar scalar) {
                scalar(attribute, scalar, key);
                texts.add(scalar.text());
            } else {
                wrong(item, key, "takes a list of plain values");
            }
        }
        return texts.toArray(String[]::new);
    }

    private static List<ConfigValue> split(ConfigValue.Scalar scalar) {
        List<ConfigValue> items = new ArrayList<>();
        if (scalar.text().isBlank()) {
            return items;
        }
        for (String part : scalar.text().split(",")) {
            items.add(new ConfigValue.Scalar(scalar.place(), part.strip(), true));
        }
        return items;
    }

    private @Nullable Object scalar(ModuleSchema.Attribute attribute, ConfigValue.Scalar scalar, String key) {
        String text = scalar.text();
        if (!attribute.options().isEmpty() && !attribute.options().contains(text)) {
            return wrong(scalar, key, "takes one of " + String.join(", ", attribute.options()));
        }
        boolean refers = text.contains("${secret:");
        if (refers && attribute.type() != ModuleSchema.Type.SECRET) {
            return wrong(scalar, key, "takes no ${secret:NAME}; only keys of type secret do");
        }
        if (refers && !(text.startsWith("${secret:") && text.indexOf('}') == text.length() - 1)) {
            return wrong(scalar, key, "takes ${secret:NAME} alone, and nothing else beside it");
        }
        try {
            if (!inRange(attribute, text)) {
                return wrong(scalar, key, "takes " + article(attribute.type()) + range(attribute));
            }
            return switch (attribute.type()) {
                case STRING, SECRET -> text;
                case INTEGER -> Integer.valueOf(text);
                case LONG -> Long.valueOf(text);
                case DOUBLE -> Double.valueOf(text);
                case BOOLEAN -> switch (text) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> wrong(scalar, key, "takes true or false");
                };
            };
        } catch (NumberFormatException e) {
            return wrong(scalar, key, "takes " + article(attribute.type()) + range(attribute));
        }
    }

    private static boolean inRange(ModuleSchema.Attribute attribute, String text) {
        return switch (attribute.type()) {
            case STRING, SECRET, BOOLEAN -> true;
            case INTEGER, LONG, DOUBLE ->
                (attribute.least() == null || new BigDecimal(text).compareTo(attribute.least()) >= 0)
                        && (attribute.most() == null || new BigDecimal(text).compareTo(attribute.most()) <= 0);
        };
    }

    private static String range(ModuleSchema.Attribute attribute) {
        if (attribute.least() != null && attribute.most() != null) {
            return " between " + attribute.least() + " and " + attribute.most();
        }
        return attribute.least() != null
                ? " of at least " + attribute.least()
                : attribute.most() != null ? " of at most " + attribute.most() : "";
    }

    private @Nullable Object wrong(ConfigValue value, String key, String message) {
        problem(value.place(), key, message);
        return null;
    }

    private static String article(ModuleSchema.Type type) {
        return switch (type) {
            case STRING, SECRET -> "a text";
            case BOOLEAN -> "true or false";
            case INTEGER, LONG -> "a whole number";
            case DOUBLE -> "a number";
        };
    }

    private Map<String, ConfigValue> mapping(@Nullable ConfigValue value, String key) {
        return switch (value) {
            case null -> Map.of();
            case ConfigValue.Mapping mapping -> mapping.entries();
            default -> {
                problem(value.place(), key, "takes a mapping of keys");
                yield Map.of();
            }
        };
    }

    private static Map<String, ConfigValue.Place> keys(ConfigValue value) {
        return value instanceof ConfigValue.Mapping mapping ? mapping.keys() : Map.of();
    }

    private void problem(ConfigValue.@Nullable Place place, String key, String message) {
        problems.add(new ConfigProblem(
                place == null ? "configuration" : place.source(), place == null ? 0 : place.line(), key, message));
    }
}
