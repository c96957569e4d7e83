// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server of one file, with the manners of those out there; notes the ranges that were asked for. */
final class FileServer implements AutoCloseable {
    /** How it answers. */
    enum Manner {
        RANGES,
        IGNORES_RANGES,
        ANSWERS_ANOTHER_RANGE,
        CUTS_IN_THE_MIDDLE,
        STALLS_IN_THE_MIDDLE,
        GONE
    }

    private final byte[] content;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closing = new CountDownLatch(1);
    final List<String> ranges = new CopyOnWriteArrayList<>();
    volatile Manner manner = Manner.RANGES;

    FileServer(byte[] content) throws IOException {
        this.content = content;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                answer(exchange);
            }
        });
        server.createContext("/moved/", exchange -> {
            try (exchange) {
                exchange.getResponseHeaders().add("Location", "/" + exchange.getRequestURI().getPath().substring("/moved/".length()));
                exchange.sendResponseHeaders(302, -1);
            }
        });
        server.start();
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        ranges.add(range == null ? "whole" : range);
        if (manner == Manner.GONE) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        int from = 0;
        int status = 200;
        if (range != null && manner != Manner.IGNORES_RANGES) {
            from = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
            if (manner == Manner.ANSWERS_ANOTHER_RANGE) {
                from = 1;
            }
            status = 206;
            if (from >= content.length) {
                exchange.getResponseHeaders().add("Content-Range", "bytes */" + content.length);
                exchange.sendResponseHeaders(416, -1);
                return;
            }
            exchange.getResponseHeaders()
                    .add("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        int length = content.length - from;
        exchange.sendResponseHeaders(status, length);
        boolean whole = manner != Manner.CUTS_IN_THE_MIDDLE && manner != Manner.STALLS_IN_THE_MIDDLE;
        exchange.getResponseBody().write(content, from, whole ? length : length / 2);
        exchange.getResponseBody().flush();
        if (manner == Manner.STALLS_IN_THE_MIDDLE) {
            try {
                closing.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.close();
    }
}
