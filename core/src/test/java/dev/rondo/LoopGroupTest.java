package dev.rondo;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.time.Duration.*;

import dev.rondo.internal.fiber.FiberKind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;

/** Several loops under one name. */
@Timeout(60)
class LoopGroupTest {
    @Test
    void next_givesOneAfterAnother() {
        try (LoopGroup group = LoopGroup.start("group", 3)) {
            List<EventLoop> given = IntStream.range(0, 6).mapToObj(i -> group.next()).toList();
            assertThat(group.loops()).hasSize(3);
            assertThat(given.subList(0, 3)).containsExactlyElementsOf(group.loops());
            assertThat(given.subList(3, 6)).containsExactlyElementsOf(group.loops());
            assertThat(group.loops().get(2).name()).isEqualTo("group-3");
            assertThat(group).hasToString("LoopGroup[group, 3 loops]");
        }
    }

    @Test
    void equalKeys_haveOneLoop_andKeysAreSpread() {
        try (LoopGroup group = LoopGroup.start("group", 4)) {
            Set<EventLoop> used = new HashSet<>();
            for (int i = 0; i < 1_000; i++) {
                EventLoop loop = group.of("account-" + i);
                assertThat(group.of("account-" + i)).isSameAs(loop);
                used.add(loop);
            }
            assertThat(used).hasSize(4);
            assertThatThrownBy(() -> group.of(null)).isInstanceOf(NullPointerException.class);
        }
    }

    /** Plain maps, one on each loop: nothing is lost, for each is touched by its loop alone. */
    @Test
    void stateByKey_needsNoLock() {
        try (LoopGroup group = LoopGroup.start("group", 2)) {
            Map<EventLoop, Map<String, Integer>> counts = new HashMap<>();
            group.loops().forEach(loop -> counts.put(loop, new HashMap<>()));
            List<Task<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                String key = "account-" + i % 10;
                EventLoop loop = group.of(key);
                tasks.add(
                        loop.submit(() -> {
                            Map<String, Integer> own = counts.get(loop);
                            int before = own.getOrDefault(key, 0);
                            yieldNow();
                            own.merge(key, 1, Integer::sum);
                            assertThat(own.get(key)).isGreaterThan(before);
                        }));
            }
            tasks.forEach(Task::join);
            assertThat(
                            counts.values().stream()
                                    .flatMap(own -> own.values().stream())
                                    .mapToInt(Integer::intValue))
                    .hasSize(10)
                    .containsOnly(1_000);
        }
    }

    @Test
    void close_endsAll_andIsRefusedOnALoop() {
        LoopGroup group = LoopGroup.start("group", 2);
        List<Task<Void>> left = new ArrayList<>();
        group.loops().forEach(loop -> left.add(loop.submit(() -> sleep(ofHours(1)))));
        Task<Void> closing = group.next().submit(() -> group.close());
        assertThatThrownBy(closing::join)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("use closeAsync()");
        group.close();
        assertThat(left).allMatch(Task::isCancelled);
        assertThat(group.loops()).allMatch(EventLoop::isClosed);
        assertThat(group.closeAsync()).succeedsWithin(ofSeconds(10));
        assertThatThrownBy(() -> LoopGroup.start("none", 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hosted_eachOnItsHost_andIfOneRefusesNoneIsLeft() throws Exception {
        assumeTrue(FiberKind.chosen() == FiberKind.MOUNTED);
        List<ScheduledExecutorService> hosts =
                List.of(
                        Executors.newSingleThreadScheduledExecutor(),
                        Executors.newSingleThreadScheduledExecutor());
        try (LoopGroup group = LoopGroup.start("hosted", hosts)) {
            for (int i = 0; i < 2; i++) {
                EventLoop loop = group.loops().get(i);
                Thread own = hosts.get(i).submit(Thread::currentThread).get();
                assertThat(loop.submit(EventLoop::current).join()).isSameAs(loop);
                assertThat(loop.submit(() -> EventLoop.isLoopThread(own)).join()).isTrue();
            }
        }
        hosts.get(1).shutdownNow();
        assertThatThrownBy(() -> LoopGroup.start("hosted", hosts))
                .isInstanceOf(RejectedExecutionException.class);
        while (hosts.get(0).submit(EventLoop::current).get() != null) {
            Thread.onSpinWait();
        }
        hosts.get(0).shutdownNow();
    }
}
