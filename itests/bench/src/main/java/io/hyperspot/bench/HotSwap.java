// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.bench;

import java.net.URI;
import java.nio.file.Path;

/**
 * Puts versions of the connector acme.swap into a started server, mostly under load, and counts what clients lose. Prints
 * one line a figure; ends with another code than 0 when a promise is broken.
 *
 * <ul>
 *   <li>{@code upgrades <drop folder or -> <upgrades> <unary> <streaming> <pause ms>}: back and forth. With a folder, an
 *       upgrade is a file that is moved there (and whoever watches it updates the bundle); with {@code -}, an upload.
 *   <li>{@code times <drop folder> <runs> <unary> <streaming>}: how long a drop, an upload and a rollback take.
 *   <li>{@code broken <unary> <streaming>}: versions that fail are taken back by themselves.
 * </ul>
 */
public final class HotSwap {
    private static final String USAGE =
            """
            HotSwap <url> <API key> <acme.swap JAR> upgrades <drop folder or -> <upgrades> <unary> <streaming> <pause ms>
                                                    times <drop folder> <runs> <unary> <streaming>
                                                    broken <unary> <streaming>""";

    private HotSwap() {}

    public static void main(String[] arguments) throws Exception {
        String mode = arguments.length > 3 ? arguments[3] + arguments.length : "";
        if (mode.isEmpty()) {
            refuse();
        }
        Target target = new Target(URI.create(arguments[0]), arguments[1]);
        ConnectorJar connector = new ConnectorJar(Path.of(arguments[2]));
        switch (mode) {
            case "upgrades9" -> new Upgrades(target, connector, arguments[4], number(arguments[6]), number(arguments[7]))
                    .run(number(arguments[5]), number(arguments[8]));
            case "times8" -> new Times(target, connector, Path.of(arguments[4]))
                    .run(number(arguments[5]), number(arguments[6]), number(arguments[7]));
            case "broken6" -> {
                if (!new BrokenVersions(target, connector, number(arguments[4]), number(arguments[5])).run()) {
                    System.exit(1);
                }
            }
            default -> refuse();
        }
    }

    private static int number(String text) {
        return Integer.parseInt(text);
    }

    private static void refuse() {
        System.err.println(USAGE);
        System.exit(2);
    }
}
