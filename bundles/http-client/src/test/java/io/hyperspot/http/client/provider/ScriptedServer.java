// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/** A server on loopback that runs a script a connection, byte for byte. */
final class ScriptedServer implements AutoCloseable {
    /** What happens on one connection; the connection is closed behind it. */
    @FunctionalInterface
    interface Script {
        void run(Peer peer) throws Exception;
    }

    /** The server's side of a connection. */
    static final class Peer {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private final int number;

        Peer(Socket socket, int number) throws IOException {
            this.socket = socket;
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
            this.number = number;
            socket.setTcpNoDelay(true);
        }

        /** The first connection is 1. */
        int number() {
            return number;
        }

        /** The next request with its body. */
        String request() throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int c = in.read();
                if (c < 0) {
                    throw new EOFException();
                }
                bytes.write(c);
            }
            String head = bytes.toString(StandardCharsets.ISO_8859_1);
            int at = head.indexOf("Content-Length: ");
            if (at >= 0) {
                int length = Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)));
                bytes.write(in.readNBytes(length));
            }
            return bytes.toString(StandardCharsets.ISO_8859_1);
        }

        void send(String text) throws IOException {
            send(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        void send(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        /** Returns when the client has closed. */
        void awaitClose() throws IOException {
            try {
                while (in.read() >= 0) {
                    Thread.onSpinWait();
                }
            } catch (IOException e) {
                // A reset is a close too.
                return;
            }
        }

        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    private final ServerSocket listener;
    private final Script script;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    ScriptedServer(Script script) throws IOException {
        this(ServerSocketFactory.getDefault(), script);
    }

    ScriptedServer(ServerSocketFactory factory, Script script) throws IOException {
        this.script = script;
        listener = factory.createServerSocket(0, 200, InetAddress.getLoopbackAddress());
        CountDownLatch started = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> accept(started));
    }

    /** Each request of a connection gets the same bytes. */
    static ScriptedServer answering(String answer) throws IOException {
        return new ScriptedServer(peer -> {
            while (true) {
                peer.request();
                peer.send(answer);
            }
        });
    }

    /** The first request of a connection gets these bytes, then the server closes. */
    static ScriptedServer answeringOnce(String answer) throws IOException {
        return new ScriptedServer(peer -> {
            peer.request();
            peer.send(answer);
        });
    }

    private void accept(CountDownLatch started) {
        started.countDown();
        while (true) {
            Socket socket;
            try {
                socket = listener.accept();
            } catch (IOException e) {
                return;
            }
            sockets.add(socket);
            int number = connections.incrementAndGet();
            Thread.ofVirtual().start(() -> serve(socket, number));
        }
    }

    private void serve(Socket socket, int number) {
        try (socket) {
            script.run(new Peer(socket, number));
        } catch (IOException e) {
            // The client closed, or the test is over.
            return;
        } catch (Exception | AssertionError e) {
            failures.add(e);
        } finally {
            ended.incrementAndGet();
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    URI base(String scheme) {
        return URI.create(scheme + "://127.0.0.1:" + port() + "/v1");
    }

    /** How many were accepted. */
    int connections() {
        return connections.get();
    }

    /** How many are over. */
    int ended() {
        return ended.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        if (!failures.isEmpty()) {
            throw new AssertionError("a script failed", failures.peek());
        }
    }
}
