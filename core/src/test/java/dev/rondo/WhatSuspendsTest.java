package dev.rondo;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.*;

import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.*;

/** Whether each method of Async suspends: its javadoc says so, and a probe sees it. */
class WhatSuspendsTest {
    private static final Pattern METHOD =
            Pattern.compile(
                    "/\\*\\*((?:(?!\\*/).)*)\\*/\\s+(?:@[^\n]*\\s+)*public static "
                            + "[^{]*?(\\w+)\\(([^{]*?)\\) \\{",
                    Pattern.DOTALL);
    private static final Pattern SENTENCE =
            Pattern.compile("(?:^|\\. )((?:S|Never s)uspends[^.]*)\\.");

    /** A call that suspends, and one that does not; null: there is no such call. */
    private record Calls(Action suspending, Action going) {}

    private final Map<String, Calls> calls = new TreeMap<>();

    private final Coroutine<Integer> pausing =
            () -> {
                yieldNow();
                return 1;
            };
    private final Action pause = Async::yieldNow;
    private final Coroutine<Integer> going = () -> 1;
    private final Action go = () -> {};

    private void never(String method, Action call) {
        calls.put(method, new Calls(null, call));
    }

    private void always(String method, Action call) {
        calls.put(method, new Calls(call, null));
    }

    private void sometimes(String method, Action suspending, Action going) {
        calls.put(method, new Calls(suspending, going));
    }

    private static Action refused(Action call) {
        return () -> {
            try {
                call.run();
            } catch (IllegalStateException e) {
                return;
            }
            throw new AssertionError("not refused");
        };
    }

    private static Task<Integer> done() {
        return Task.completed(1);
    }

    private Task<Integer> pending() {
        return createTask(pausing);
    }

    private void fillIn() {
        Duration hour = ofHours(1);
        Executor here = Runnable::run;
        never("run(Coroutine)", refused(() -> run(going)));
        never("run(Action)", refused(() -> run(go)));
        never("createTask(Coroutine)", () -> createTask(pausing));
        never("createTask(Action)", () -> createTask(pause));
        never("createTask(String, Coroutine)", () -> createTask("name", pausing));
        never("createTask(String, Action)", () -> createTask("name", pause));
        never("gather()", () -> gather());
        never("gather(Coroutine[])", () -> gather(pausing, going));
        never("gather(Awaitable[])", () -> gather(pending(), done()));
        never("gather(Action[])", () -> gather(pause, go));
        never("gather(Collection)", () -> gather(List.of(pending())));
        never("gatherSettled(Coroutine[])", () -> gatherSettled(pausing, going));
        never("gatherSettled(Awaitable[])", () -> gatherSettled(pending(), done()));
        never("gatherSettled(Action[])", () -> gatherSettled(pause, go));
        never("gatherSettled(Collection)", () -> gatherSettled(List.of(pending())));
        always("sleep(Duration)", () -> sleep(ofMillis(1)));
        always("yieldNow()", Async::yieldNow);
        // The probe is something else that could run: without it there is nothing to see.
        always("yieldIfNeeded()", Async::yieldIfNeeded);
        sometimes(
                "await(CompletionStage)",
                () -> await(pending().toCompletableFuture()),
                () -> await(CompletableFuture.completedFuture(1)));
        sometimes(
                "timeout(Duration, Coroutine)",
                () -> timeout(hour, pausing),
                () -> timeout(hour, going));
        sometimes(
                "timeoutOrNull(Duration, Coroutine)",
                () -> timeoutOrNull(hour, pausing),
                () -> timeoutOrNull(hour, going));
        sometimes("timeout(Duration, Action)", () -> timeout(hour, pause), () -> timeout(hour, go));
        sometimes(
                "timeout(Duration, AsyncFunction)",
                () ->
                        timeout(
                                hour,
                                timeout -> {
                                    return pausing.run();
                                }),
                () ->
                        timeout(
                                hour,
                                timeout -> {
                                    return going.run();
                                }));
        sometimes(
                "timeout(Duration, AsyncConsumer)",
                () ->
                        timeout(
                                hour,
                                timeout -> {
                                    pause.run();
                                }),
                () ->
                        timeout(
                                hour,
                                timeout -> {
                                    go.run();
                                }));
        long forEver = Long.MAX_VALUE;
        sometimes(
                "timeoutAt(long, Coroutine)",
                () -> timeoutAt(forEver, pausing),
                () -> timeoutAt(forEver, going));
        sometimes(
                "timeoutAt(long, Action)",
                () -> timeoutAt(forEver, pause),
                () -> timeoutAt(forEver, go));
        sometimes(
                "waitFor(Awaitable, Duration)",
                () -> waitFor(pending(), hour),
                () -> waitFor(done(), ZERO));
        sometimes(
                "waitFor(Coroutine, Duration)",
                () -> waitFor(pausing, hour),
                () -> waitFor(going, hour));
        sometimes(
                "waitFor(Duration, Awaitable)",
                () -> waitFor(hour, pending()),
                () -> waitFor(ZERO, done()));
        sometimes(
                "waitFor(Duration, Coroutine)",
                () -> waitFor(hour, pausing),
                () -> waitFor(hour, going));
        sometimes("waitFor(Duration, Action)", () -> waitFor(hour, pause), () -> waitFor(hour, go));
        sometimes("waitFor(Action, Duration)", () -> waitFor(pause, hour), () -> waitFor(go, hour));
        never("shield(Awaitable)", () -> shield(pending()));
        never("shield(Coroutine)", () -> shield(pausing));
        never("shield(Action)", () -> shield(pause));
        sometimes("shielded(Coroutine)", () -> shielded(pausing), () -> shielded(going));
        sometimes("shielded(Action)", () -> shielded(pause), () -> shielded(go));
        sometimes(
                "shielded(Duration, Coroutine)",
                () -> shielded(hour, pausing),
                () -> shielded(hour, going));
        sometimes(
                "shielded(Duration, Action)",
                () -> shielded(hour, pause),
                () -> shielded(hour, go));
        sometimes(
                "onCancel(Runnable, Coroutine)",
                () -> onCancel(() -> {}, pausing),
                () -> onCancel(() -> {}, going));
        sometimes(
                "onCancel(Runnable, Action)",
                () -> onCancel(() -> {}, pause),
                () -> onCancel(() -> {}, go));
        never("checkCancelled()", Async::checkCancelled);
        always("waitAll(Duration, Collection)", () -> waitAll(hour, List.of(done())));
        always("waitAll(Collection)", () -> waitAll(List.of(done())));
        always("waitAll(Collection, Duration)", () -> waitAll(List.of(done()), hour));
        always("waitFirst(Duration, Collection)", () -> waitFirst(hour, List.of(done())));
        always("waitFirst(Collection)", () -> waitFirst(List.of(done())));
        always("waitFirst(Collection, Duration)", () -> waitFirst(List.of(done()), hour));
        always(
                "waitFirstFailure(Duration, Collection)",
                () -> waitFirstFailure(hour, List.of(done())));
        always("waitFirstFailure(Collection)", () -> waitFirstFailure(List.of(done())));
        always(
                "waitFirstFailure(Collection, Duration)",
                () -> waitFirstFailure(List.of(done()), hour));
        never("asCompleted(Duration, Collection)", () -> asCompleted(hour, List.of(pending())));
        never("asCompleted(Collection)", () -> asCompleted(List.of(pending())));
        never("asCompleted(Collection, Duration)", () -> asCompleted(List.of(pending()), hour));
        sometimes(
                "taskGroup(AsyncFunction)",
                () ->
                        taskGroup(group -> {
                            return group.createTask(going);
                        }),
                () ->
                        taskGroup(group -> {
                            return going.run();
                        }));
        sometimes(
                "taskGroup(AsyncConsumer)",
                () ->
                        taskGroup(group -> {
                            pause.run();
                        }),
                () ->
                        taskGroup(group -> {
                            go.run();
                        }));
        sometimes(
                "supervisorGroup(AsyncFunction)",
                () ->
                        supervisorGroup(group -> {
                            return group.createTask(going);
                        }),
                () ->
                        supervisorGroup(group -> {
                            return going.run();
                        }));
        sometimes(
                "supervisorGroup(AsyncConsumer)",
                () ->
                        supervisorGroup(group -> {
                            pause.run();
                        }),
                () ->
                        supervisorGroup(group -> {
                            go.run();
                        }));
        always("race(Coroutine[])", () -> race(going, pausing));
        always("race(Collection)", () -> race(List.of(going)));
        never("toThread(Callable)", () -> toThread(() -> 1));
        never("toThread(Action)", () -> toThread(() -> {}));
        never("toThread(OnCancel, Callable)", () -> toThread(OnCancel.LEAVE, () -> 1));
        never("toThread(OnCancel, Action)", () -> toThread(OnCancel.LEAVE, () -> {}));
        never("toThread(Executor, Callable)", () -> toThread(here, () -> 1));
        never("toThread(Executor, Action)", () -> toThread(here, () -> {}));
        never("currentTask()", Async::currentTask);
        never("allTasks()", Async::allTasks);
        never("currentLoop()", Async::currentLoop);
    }

    private static boolean suspends(Action call) {
        return VirtualClock.run(() -> {
            boolean[] others = {false};
            currentLoop().callSoon(() -> others[0] = true);
            call.run();
            return others[0];
        });
    }

    private static String seen(Calls calls) {
        if (calls.suspending != null && !suspends(calls.suspending)) {
            return "does not suspend where it should";
        }
        if (calls.going != null && suspends(calls.going)) {
            return "suspends where it should not";
        }
        return calls.suspending == null
                ? "Never suspends"
                : calls.going == null ? "Suspends" : "Suspends on a condition";
    }

    @Test
    void itIsAsTheJavadocSays() throws Exception {
        fillIn();
        Map<String, String> seen = new TreeMap<>();
        calls.forEach((method, both) -> seen.put(method, seen(both)));
        seen.put("yieldIfNeeded()", "Suspends on a condition");
        assertThat(said()).isEqualTo(seen);
    }

    @Test
    void nothingIsLeftOut() {
        fillIn();
        assertThat(
                        Arrays.stream(Async.class.getDeclaredMethods())
                                .filter(method -> Modifier.isPublic(method.getModifiers()))
                                .map(WhatSuspendsTest::signature))
                .containsExactlyInAnyOrderElementsOf(calls.keySet());
    }

    private static String signature(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", ", method.getName() + "(", ")"));
    }

    /** From the source: what the javadoc of each method says, in the probe's words. */
    private static Map<String, String> said() throws Exception {
        String source = Files.readString(Path.of("src/main/java/dev/rondo/Async.java"));
        Map<String, String> said = new TreeMap<>();
        Matcher method = METHOD.matcher(source);
        while (method.find()) {
            String parameters =
                    Stream.of(withoutTypeArguments(method.group(3)).split(",\\s*"))
                            .map(one -> one.strip().replaceFirst("\\s*\\w+$", ""))
                            .map(type ->
                                    type.replaceFirst("^.*\\.(?=\\w)", "").replace("...", "[]"))
                            .collect(Collectors.joining(", "));
            said.put(method.group(2) + "(" + parameters + ")", sentence(method.group(1)));
        }
        return said;
    }

    private static String withoutTypeArguments(String parameters) {
        String innermost = "<[^<>]*>";
        return parameters.replaceAll(innermost, "").replaceAll(innermost, "");
    }

    private static String sentence(String javadoc) {
        String text = javadoc.replaceAll("\\s*\n\\s*\\*? ?", " ").strip();
        Function<String, String> kind =
                said ->
                        said.equals("Suspends") || said.startsWith("Never suspends")
                                ? said.replaceFirst("(?<=Never suspends).*", "")
                                : "Suspends on a condition";
        return SENTENCE.matcher(text)
                .results()
                .map(found -> kind.apply(found.group(1)))
                .collect(Collectors.joining(" and "));
    }
}
