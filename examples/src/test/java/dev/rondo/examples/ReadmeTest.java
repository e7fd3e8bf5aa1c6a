package dev.rondo.examples;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;

import dev.rondo.EventLoop;
import dev.rondo.Task;
import dev.rondo.sync.AsyncQueue;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ReactiveTypeDescriptor;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Every line of Java in the README stands in this file too, and so compiles and runs. */
class ReadmeTest {
    private static final Path README = Path.of("..", "README.md");
    private static final Path THIS = Path.of("src/test/java/dev/rondo/examples/ReadmeTest.java");

    /** Instead of java.lang.IO, so that the test is quiet. */
    private static final class IO {
        private static final List<String> PRINTED = new ArrayList<>();

        static void println(String line) {
            PRINTED.add(line);
        }
    }

    void sayAfter(Duration delay, String what) {
        sleep(delay);
        IO.println(what);
    }

    private static String fetch(String what) {
        sleep(ofSeconds(1));
        return "page " + what;
    }

    @Test
    void twoTasks() {
        run(() -> {
            Task<Void> hello = createTask(() -> sayAfter(ofSeconds(1), "hello"));
            Task<Void> world = createTask(() -> sayAfter(ofSeconds(2), "world"));
            hello.await();
            world.await();
        });
        assertThat(IO.PRINTED).containsSubsequence("hello", "world");
    }

    @Test
    void aGroup() {
        run(() ->
                taskGroup(group -> {
                    Task<String> page = group.createTask(() -> fetch("a"));
                    Task<String> more =
                            group.createTask(() -> timeout(ofSeconds(5), () -> fetch("b")));
                    assertThat(gather(page, more).await()).containsExactly("page a", "page b");
                }));
    }

    @Test
    void manyAtOnce() {
        List<String> pages =
                run(() -> gather(() -> fetch("a"), () -> fetch("b"), () -> fetch("c")).await());
        assertThat(pages).containsExactly("page a", "page b", "page c");
    }

    @Test
    void aQueue() {
        AsyncQueue<String> queue = new AsyncQueue<>(3);
        run(() ->
                taskGroup(group -> {
                    group.createTask(() -> {
                        for (String page : queue) {
                            IO.println(page);
                        }
                    });
                    queue.put(fetch("a"));
                    queue.shutdown();
                }));
        assertThat(IO.PRINTED).endsWith("page a");
    }

    private record User(int id) {}

    private record Invoice(User user, List<Integer> prices) {}

    private interface Users {
        Mono<User> findById(int id);
    }

    private static Mono<Integer> price(String item) {
        return Mono.just(item.length());
    }

    @Test
    void monos() {
        Users users = n -> Mono.just(new User(n));
        int id = 7;
        Mono<Invoice> invoice =
                mono(() -> {
                    User user = await(users.findById(id));
                    List<Integer> prices = gather(price("tea"), price("cake")).await();
                    return new Invoice(user, prices);
                });
        assertThat(invoice.block()).isEqualTo(new Invoice(new User(7), List.of(3, 4)));
    }

    @Test
    void streams() {
        Flux<Integer> squares =
                flux(emitter -> {
                    for (int i = 1; i <= 10; i++) {
                        emitter.emit(i * i);
                    }
                });
        run(() -> {
            for (int square : iterate(squares)) {
                IO.println("square " + square);
            }
        });
        assertThat(IO.PRINTED).contains("square 1", "square 100");
    }

    private static ReactiveAdapter adapter(EventLoop loop) {
        ReactiveAdapterRegistry registry = new ReactiveAdapterRegistry();
        registry.registerReactiveType(
                ReactiveTypeDescriptor.nonDeferredAsyncValue(
                        Task.class, () -> Task.completed(null)),
                task -> toMono((Task<?>) task),
                publisher -> toTask(loop, publisher));
        return Objects.requireNonNull(registry.getAdapter(Task.class));
    }

    @Test
    void aTaskForSpring() {
        try (EventLoop loop = EventLoop.start("spring")) {
            ReactiveAdapter adapter = adapter(loop);
            assertThat(adapter.getDescriptor().isDeferred()).isFalse();
            Object empty = adapter.getDescriptor().getEmptyValue();
            assertThat(((Task<?>) empty).join()).isNull();
            Task<String> handled = loop.submit(() -> "response");
            assertThat(Mono.from(adapter.<String>toPublisher(handled)).block())
                    .isEqualTo("response");
        }
    }

    /** Spring makes tasks on its own threads: an argument of a handler, an advised method. */
    @Test
    void aTaskOfSpring_onAThreadThatIsNoLoops() {
        try (EventLoop loop = EventLoop.start("spring")) {
            ReactiveAdapter adapter = adapter(loop);
            Mono<String> body = Mono.just("body").publishOn(Schedulers.parallel());
            Task<?> argument =
                    Mono.fromCallable(() -> (Task<?>) adapter.fromPublisher(body))
                            .subscribeOn(Schedulers.parallel())
                            .block();
            assertThat(argument.join()).isEqualTo("body");
            Mono<String> failing = Mono.error(new IllegalStateException("no body"));
            Task<?> failed = (Task<?>) adapter.fromPublisher(failing);
            assertThatThrownBy(failed::join).hasMessage("no body");
        }
    }

    @Test
    void aLoopInTheBackground() {
        try (EventLoop loop = EventLoop.start("orders")) {
            Task<String> task = loop.submit(() -> fetch("order 7"));
            String order = task.join();
            assertThat(order).isEqualTo("page order 7");
        }
    }

    @Test
    void withoutWaiting() {
        VirtualClock.run(() -> sleep(ofHours(1)));
    }

    @Test
    void everySnippetStandsHere() throws Exception {
        String code = withoutSpace(Files.readString(THIS));
        List<String> snippets =
                Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                        .matcher(Files.readString(README))
                        .results()
                        .map((MatchResult block) -> block.group(1))
                        .toList();
        assertThat(snippets).hasSizeGreaterThan(3);
        for (String snippet : snippets) {
            for (String line : snippet.split("\n")) {
                assertThat(code).contains(withoutSpace(line.replaceAll("//.*", "")));
            }
        }
    }

    private static String withoutSpace(String text) {
        return text.replaceAll("\\s", "");
    }
}
