// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.config;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads a YAML file with the line of every value, and resolves the references <code>${env:NAME}</code>,
 * <code>${env:NAME:-default}</code> and <code>${file:PATH}</code> in its scalars. <code>${secret:NAME}</code>
 * stays as it is.
 */
final class YamlSource {
    private static final Pattern SECRET = Pattern.compile("secret:[A-Za-z0-9_-]{1,255}");

    private final String name;
    private final UnaryOperator<@Nullable String> environment;
    private final List<ConfigProblem> problems = new ArrayList<>();

    YamlSource(String name, UnaryOperator<@Nullable String> environment) {
        this.name = name;
        this.environment = environment;
    }

    /**
     * @throws ConfigException for malformed YAML or a reference to something that is not there
     */
    ConfigValue.Mapping read(Path file) throws ConfigException, IOException {
        try {
            return read(Files.readString(file));
        } catch (CharacterCodingException e) {
            throw new ConfigException(List.of(new ConfigProblem(name, 0, "", "the file is not UTF-8")));
        }
    }

    ConfigValue.Mapping read(String text) throws ConfigException {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(0);
        options.setCodePointLimit(1_000_000);
        Node root;
        try (Reader reader = new StringReader(text)) {
            root = new Yaml(options).compose(reader);
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
            throw new ConfigException(List.of(new ConfigProblem(name, line, "", "not valid YAML: " + e.getProblem())));
        } catch (IOException | RuntimeException e) {
            throw new ConfigException(List.of(new ConfigProblem(name, 0, "", "not valid YAML: " + e.getMessage())));
        }
        ConfigValue value = root == null ? empty() : convert(root, "");
        if (!(value instanceof ConfigValue.Mapping mapping)) {
            throw new ConfigException(
                    List.of(new ConfigProblem(name, 1, "", "the file must be a mapping that starts with 'modules:'")));
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return mapping;
    }

    private ConfigValue.Mapping empty() {
        return new ConfigValue.Mapping(new ConfigValue.Place(name, 1), Map.of(), Map.of());
    }

    private ConfigValue convert(Node node, String path) {
        ConfigValue.Place place = place(node);
        return switch (node) {
            case MappingNode mapping -> {
                Map<String, ConfigValue> entries = new LinkedHashMap<>();
                Map<String, ConfigValue.Place> keys = new LinkedHashMap<>();
                for (NodeTuple tuple : mapping.getValue()) {
                    String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
                    String below = path.isEmpty() ? key : path + "." + key;
                    if (entries.put(key, convert(tuple.getValueNode(), below)) != null) {
                        problems.add(new ConfigProblem(name, line(tuple.getKeyNode()), below, "the key stands twice"));
                    }
                    keys.put(key, place(tuple.getKeyNode()));
                }
                yield new ConfigValue.Mapping(place, entries, keys);
            }
            case SequenceNode sequence -> {
                List<ConfigValue> values = new ArrayList<>();
                for (Node item : sequence.getValue()) {
                    values.add(convert(item, path + "[" + values.size() + "]"));
                }
                yield new ConfigValue.Items(place, values);
            }
            case ScalarNode scalar when isNull(scalar) -> new ConfigValue.Mapping(place, Map.of(), Map.of());
            case ScalarNode scalar ->
                new ConfigValue.Scalar(
                        place,
                        resolve(scalar.getValue(), place, path),
                        scalar.getScalarStyle() != DumperOptions.ScalarStyle.PLAIN);
            default -> {
                problems.add(new ConfigProblem(name, place.line(), path, "aliases are not supported"));
                yield new ConfigValue.Scalar(place, "", true);
            }
        };
    }

    private static boolean isNull(ScalarNode scalar) {
        String text = scalar.getValue();
        return scalar.getScalarStyle() == DumperOptions.ScalarStyle.PLAIN
                && (text.isEmpty() || text.equals("~") || text.equals("null"));
    }

    private ConfigValue.Place place(Node node) {
        return new ConfigValue.Place(name, line(node));
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    private String resolve(String text, ConfigValue.Place place, String path) {
        StringBuilder resolved = new StringBuilder();
        int at = 0;
        while (true) {
            int open = text.indexOf("${", at);
            int close = open < 0 ? -1 : text.indexOf('}', open);
            if (close < 0) {
                return resolved.append(text, at, text.length()).toString();
            }
            resolved.append(text, at, open);
            resolved.append(reference(text.substring(open + 2, close), place, path));
            at = close + 1;
        }
    }

    private String reference(String reference, ConfigValue.Place place, String path) {
        if (SECRET.matcher(reference).matches()) {
            // followed by whoever uses it: the value never gets into the configuration
            return "${" + reference + "}";
        }
        if (reference.startsWith("env:")) {
            int fallback = reference.indexOf(":-");
            String variable = reference.substring(4, fallback < 0 ? reference.length() : fallback);
            String value = environment.apply(variable);
            if (value != null) {
                return value;
            }
            if (fallback >= 0) {
                return reference.substring(fallback + 2);
            }
            problems.add(new ConfigProblem(name, place.line(), path,
                    "the environment variable " + variable + " is not set; set it or write ${env:" + variable + ":-default}"));
            return "";
        }
        if (reference.startsWith("file:")) {
            String file = reference.substring(5);
            try {
                return Files.readString(Path.of(file)).strip();
            } catch (NoSuchFileException e) {
                problems.add(new ConfigProblem(name, place.line(), path, "the file " + file + " does not exist"));
            } catch (IOException | InvalidPathException e) {
                problems.add(new ConfigProblem(name, place.line(), path, "the file " + file + " cannot be read"));
            }
            return "";
        }
        problems.add(new ConfigProblem(name, place.line(), path,
                "'${" + reference + "}' is no reference; write ${env:NAME}, ${file:PATH} or ${secret:NAME}"));
        return "";
    }
}
