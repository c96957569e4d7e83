// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Prints the lines that tests cover, of the whole and of each bundle; fails below a floor in percent. */
final class Summary {
    private static final int MODULE = 0;
    private static final int MISSED = 7;
    private static final int COVERED = 8;

    private record Lines(long covered, long all) {
        Lines plus(Lines other) {
            return new Lines(covered + other.covered, all + other.all);
        }

        double percent() {
            return all == 0 ? 100 : 100.0 * covered / all;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%5.1f %% of %d lines", percent(), all);
        }
    }

    public static void main(String[] args) throws IOException {
        Path report = Path.of(args[0]);
        double floor = Double.parseDouble(args[1]);
        if (!Files.exists(report)) {
            System.out.println("coverage: no report; no test has run with the agent");
            return;
        }
        Map<String, Lines> modules = new TreeMap<>();
        List<String> rows = Files.readAllLines(report);
        for (String row : rows.subList(1, rows.size())) {
            String[] cells = row.split(",");
            long covered = Long.parseLong(cells[COVERED]);
            String module = cells[MODULE].substring(cells[MODULE].lastIndexOf('/') + 1);
            modules.merge(module, new Lines(covered, covered + Long.parseLong(cells[MISSED])), Lines::plus);
        }
        modules.forEach((module, lines) -> System.out.printf("  %-50s %s%n", module, lines));
        Lines whole = modules.values().stream().reduce(new Lines(0, 0), Lines::plus);
        System.out.printf("coverage, all tests together: %s%n", whole);
        if (whole.percent() < floor) {
            System.out.printf(Locale.ROOT, "coverage is below %.1f %%: %s%n", floor, report.resolveSibling("index.html"));
            System.exit(1);
        }
    }
}
