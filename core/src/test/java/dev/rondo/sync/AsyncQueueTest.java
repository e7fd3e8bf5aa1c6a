package dev.rondo.sync;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;

class AsyncQueueTest {
    private final List<Object> trail = new ArrayList<>();

    private Task<Void> getting(AsyncQueue<?> queue, String name) {
        return createTask(
                name,
                () -> {
                    try {
                        Object item = queue.get();
                        trail.add(name + item);
                    } catch (AsyncQueueShutDownException e) {
                        trail.add(name + " refused");
                    }
                });
    }

    private Task<Void> putting(AsyncQueue<Integer> queue, int item) {
        return createTask(
                "put" + item,
                () -> {
                    try {
                        queue.put(item);
                        trail.add("put" + item);
                    } catch (AsyncQueueShutDownException e) {
                        trail.add("put" + item + " refused");
                    }
                });
    }

    private static <T> List<T> drain(AsyncQueue<T> queue) {
        List<T> items = new ArrayList<>();
        for (T item = queue.tryGet(); item != null; item = queue.tryGet()) {
            items.add(item);
        }
        return items;
    }

    @Test
    void ofTwoWhoWait_theFirstCancelledWhenItsItemCame_theSecondGetsIt() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = AsyncQueue.unbounded();
            Task<?> a = getting(queue, "a");
            Task<?> b = getting(queue, "b");
            yieldNow();
            queue.put(1);
            a.cancel();
            b.await();
            assertThat(queue.size()).isZero();
        });
        assertThat(trail).containsExactly("b1");
    }

    @Test
    void anItemPromisedToOneThatIsCancelled_staysAtItsPlace() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = AsyncQueue.unbounded();
            Task<?> a = getting(queue, "a");
            yieldNow();
            queue.put(1);
            queue.put(2);
            a.cancel();
            gatherSettled(a).await();
            assertThat(drain(queue)).containsExactly(1, 2);
        });
        assertThat(trail).isEmpty();
    }

    @Test
    void nobodyTakesWhatIsPromised_andANewcomerGetsTheItemAfterIt() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = AsyncQueue.unbounded();
            getting(queue, "a");
            yieldNow();
            queue.put(1);
            assertThat(queue.size()).isEqualTo(1);
            assertThat(queue.tryGet()).isNull();
            queue.put(2);
            assertThat(queue.tryGet()).isNull();
            trail.add("newcomer" + queue.get());
        });
        assertThat(trail).containsExactly("a1", "newcomer2");
    }

    @Test
    void aFreePlaceIsPromisedToTheFirstThatPuts_notToWhoeverComesBy() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = new AsyncQueue<>(1);
            queue.put(0);
            putting(queue, 1);
            putting(queue, 2);
            yieldNow();
            assertThat(queue.tryGet()).isEqualTo(0);
            assertThat(queue.tryPut(9)).isFalse();
            for (int i = 1; i <= 2; i++) {
                trail.add("got" + queue.get());
            }
        });
        assertThat(trail).containsExactly("put1", "got1", "put2", "got2");
    }

    @Test
    void aNewcomerThatPuts_withAPlaceToSpare_comesAfterThoseServedBefore() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = new AsyncQueue<>(2);
            queue.put(-1);
            queue.put(0);
            putting(queue, 1);
            yieldNow();
            drain(queue);
            queue.put(2);
            assertThat(drain(queue)).containsExactly(1, 2);
        });
    }

    @Test
    void ofTwoWhoPut_theFirstCancelledWhenItsPlaceCame_theSecondGetsIt_andItsItemIsNotIn() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = new AsyncQueue<>(1);
            queue.put(0);
            Task<?> first = putting(queue, 1);
            Task<?> second = putting(queue, 2);
            yieldNow();
            queue.tryGet();
            first.cancel();
            second.await();
            assertThat(first.isCancelled()).isTrue();
            assertThat(drain(queue)).containsExactly(2);
        });
    }

    @Test
    void aTimeoutInThePassOfThePut_leavesTheItem_andOneInThePassOfTheGet_thePlace() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = new AsyncQueue<>(1);
            currentLoop().callLater(ofSeconds(1), () -> trail.add(queue.tryPut(1)));
            assertThatThrownBy(() -> timeout(ofSeconds(1), queue::get))
                    .isInstanceOf(AsyncTimeoutException.class);
            currentLoop().callLater(ofSeconds(1), () -> trail.add(queue.tryGet()));
            assertThatThrownBy(() -> timeout(ofSeconds(1), () -> queue.put(2)))
                    .isInstanceOf(AsyncTimeoutException.class);
            assertThat(queue.size()).isZero();
            assertThat(queue.tryPut(3)).isTrue();
        });
        assertThat(trail).containsExactly(true, 1);
    }

    @Test
    void cancelledOnes_areNoLongerInTheLine() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = new AsyncQueue<>(1);
            Task<?> get = getting(queue, "a");
            yieldNow();
            get.cancel();
            assertThat(queue.toString()).isEqualTo("AsyncQueue[0 of 1]");
            yieldNow();
            queue.put(1);
            Task<?> put = putting(queue, 2);
            yieldNow();
            put.cancel();
            assertThat(queue.toString()).isEqualTo("AsyncQueue[1 of 1, 1 unfinished]");
        });
    }

    @Test
    void items_comeByTheirKind_andOfEqualOnesTheOnePutFirst() {
        VirtualClock.run(() -> {
            AsyncQueue<String> fifo = new AsyncQueue<>(3);
            AsyncQueue<String> lifo = AsyncQueue.lifo(3);
            AsyncQueue<String> byLength =
                    AsyncQueue.priority(3, Comparator.comparing(String::length));
            for (AsyncQueue<String> queue : List.of(fifo, lifo, byLength)) {
                for (String item : List.of("bb", "a", "cc")) {
                    queue.put(item);
                }
                assertThat(queue.tryPut("dd")).isFalse();
                trail.add(drain(queue));
            }
        });
        assertThat(trail)
                .containsExactly(
                        List.of("bb", "a", "cc"),
                        List.of("cc", "a", "bb"),
                        List.of("a", "bb", "cc"));
    }

    @Test
    void anItemWhoseOrderThrows_isNotIn_andItsPlaceIsFree() {
        RuntimeException boom = new RuntimeException("boom");
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue =
                    AsyncQueue.priority(
                            2,
                            (a, b) -> {
                                if (a == 13 || b == 13) {
                                    throw boom;
                                }
                                return Integer.compare(a, b);
                            });
            assertThatThrownBy(() -> queue.put(13)).isSameAs(boom);
            queue.put(2);
            assertThatThrownBy(() -> queue.tryPut(13)).isSameAs(boom);
            assertThat(queue.tryPut(1)).isTrue();
            assertThat(queue.toString()).isEqualTo("AsyncQueue[2 of 2, 2 unfinished]");
            // One that had to wait for its place gives it to the next.
            Task<?> bad = createTask(() -> queue.put(13));
            putting(queue, 3);
            yieldNow();
            assertThat(queue.get()).isEqualTo(1);
            assertThatThrownBy(bad::await).isSameAs(boom);
            yieldNow();
            assertThat(drain(queue)).containsExactly(2, 3);
        });
    }

    @Test
    void uncontended_nothingSuspends() {
        VirtualClock.run(() -> {
            currentLoop().callSoon(() -> trail.add("another turn"));
            AsyncQueue<Integer> queue = new AsyncQueue<>(2);
            queue.join();
            queue.put(1);
            assertThat(queue.tryPut(2)).isTrue();
            assertThat(queue.get()).isEqualTo(1);
            assertThat(queue.tryGet()).isEqualTo(2);
            assertThat(queue.tryGet()).isNull();
            queue.taskDone();
            queue.taskDone();
            queue.join();
            assertThat(trail).isEmpty();
        });
    }

    @Test
    void join_waitsUntilAllThatWasPutIsDone() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = AsyncQueue.unbounded();
            queue.put(1);
            queue.put(2);
            for (int i = 0; i < 2; i++) {
                createTask(() -> {
                    queue.join();
                    trail.add("joined");
                });
            }
            yieldNow();
            for (int i = 1; i <= 2; i++) {
                queue.get();
                sleep(ofSeconds(1));
                trail.add("done");
                queue.taskDone();
            }
            assertThatThrownBy(queue::taskDone)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("more often");
            yieldNow();
        });
        assertThat(trail).containsExactly("done", "done", "joined", "joined");
    }

    @Test
    void shutdown_refusesWhoPuts_letsWhatIsInBeTaken_thenRefusesWhoGets() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = new AsyncQueue<>(2);
            queue.put(1);
            queue.put(2);
            putting(queue, 3);
            yieldNow();
            queue.shutdown();
            assertThat(queue.isShutDown()).isTrue();
            assertThatThrownBy(() -> queue.put(4)).isInstanceOf(AsyncQueueShutDownException.class);
            assertThatThrownBy(() -> queue.tryPut(4))
                    .isInstanceOf(AsyncQueueShutDownException.class)
                    .hasMessage("AsyncQueue[2 of 2, 2 unfinished, shut down] takes nothing more");
            trail.add(queue.get());
            trail.add(queue.tryGet());
            assertThat(queue.tryGet()).isNull();
            assertThatThrownBy(queue::get)
                    .isInstanceOf(AsyncQueueShutDownException.class)
                    .hasMessageContaining("nothing left");
            yieldNow();
        });
        assertThat(trail).containsExactly(1, 2, "put3 refused");
    }

    @Test
    void shutdownOfAnEmptyQueue_refusesWhoWaitsToGet_butNotWhoWasPromisedAnItem() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = AsyncQueue.unbounded();
            getting(queue, "a");
            getting(queue, "b");
            yieldNow();
            queue.put(1);
            queue.shutdown();
            sleep(ofSeconds(1));
        });
        assertThat(trail).containsExactly("a1", "b refused");
    }

    @Test
    void onePromisedAPlaceWhenItIsShutDown_isRefused() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = new AsyncQueue<>(1);
            queue.put(1);
            putting(queue, 2);
            yieldNow();
            queue.tryGet();
            queue.shutdown();
            yieldNow();
            assertThat(queue.size()).isZero();
        });
        assertThat(trail).containsExactly("put2 refused");
    }

    @Test
    void oneCancelledWithAPromiseWhenItIsShutDown_leavesTheItemForOthers() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = AsyncQueue.unbounded();
            Task<?> a = getting(queue, "a");
            yieldNow();
            queue.put(1);
            queue.shutdown();
            a.cancel();
            yieldNow();
            assertThat(queue.get()).isEqualTo(1);
        });
        assertThat(trail).isEmpty();
    }

    @Test
    void shutdownImmediate_dropsAllAsDone_refusesThosePromisedOne_andWhatIsWorkedOnStillCounts() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = AsyncQueue.unbounded();
            queue.put(0);
            queue.get();
            getting(queue, "a");
            Task<?> cancelled = getting(queue, "b");
            createTask(() -> {
                queue.join();
                trail.add("joined");
            });
            yieldNow();
            queue.put(1);
            queue.put(2);
            queue.put(3);
            queue.shutdown(true);
            cancelled.cancel();
            assertThat(queue.toString()).isEqualTo("AsyncQueue[0, 1 unfinished, shut down]");
            sleep(ofSeconds(1));
            assertThat(queue.tryGet()).isNull();
            assertThatThrownBy(queue::get).isInstanceOf(AsyncQueueShutDownException.class);
            trail.add("done");
            queue.taskDone();
            yieldNow();
        });
        assertThat(trail).containsExactly("a refused", "done", "joined");
    }

    @Test
    void aSecondShutdown_mayDropWhatTheFirstHasLeft_andEndsJoin() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = AsyncQueue.unbounded();
            queue.put(1);
            Task<?> joining = createTask(queue::join);
            yieldNow();
            queue.shutdown();
            queue.shutdown(true);
            queue.shutdown();
            joining.await();
            assertThat(queue.size()).isZero();
            assertThatThrownBy(queue::taskDone).isInstanceOf(IllegalStateException.class);
        });
    }

    @Test
    void severalIterate_eachItemGoesToOne_andAllEndAtShutdown() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = new AsyncQueue<>(2);
            List<Task<Void>> consumers = new ArrayList<>();
            for (String name : List.of("a", "b", "c")) {
                consumers.add(
                        createTask(() -> {
                            for (int item : queue) {
                                trail.add(item);
                                sleep(ofSeconds(1));
                                queue.taskDone();
                            }
                            trail.add(name + " ends");
                        }));
            }
            for (int i = 1; i <= 7; i++) {
                queue.put(i);
            }
            queue.shutdown();
            queue.join();
            gather(consumers).await();
        });
        assertThat(trail).containsExactly(1, 2, 3, 4, 5, 6, 7, "b ends", "c ends", "a ends");
    }

    @Test
    void anIteration_thatIsCancelledOrBroken_takesNothingMore() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = AsyncQueue.unbounded();
            queue.put(1);
            queue.put(2);
            for (int item : queue) {
                trail.add(item);
                break;
            }
            Iterator<Integer> items = queue.iterator();
            assertThat(items.hasNext()).isTrue();
            assertThat(items.hasNext()).isTrue();
            assertThat(items.next()).isEqualTo(2);
            queue.put(3);
            assertThat(items.next()).isEqualTo(3);
            Task<?> iterating = createTask(() -> queue.forEach(trail::add));
            yieldNow();
            queue.put(4);
            iterating.cancel();
            yieldNow();
            assertThat(queue.tryGet()).isEqualTo(4);
            queue.shutdown();
            assertThat(items.hasNext()).isFalse();
            assertThatThrownBy(items::next).isInstanceOf(NoSuchElementException.class);
        });
        assertThat(trail).containsExactly(1);
    }

    @Test
    void badCapacities_andNulls_areRefused() {
        for (int capacity : List.of(0, -1)) {
            for (Action make :
                    List.<Action>of(
                            () -> new AsyncQueue<Integer>(capacity),
                            () -> AsyncQueue.lifo(capacity),
                            () ->
                                    AsyncQueue.priority(
                                            capacity, Comparator.<Integer>naturalOrder()))) {
                assertThatThrownBy(make::run)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("capacity of " + capacity);
            }
        }
        assertThatThrownBy(() -> AsyncQueue.priority(1, null))
                .isInstanceOf(NullPointerException.class);
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = AsyncQueue.unbounded();
            assertThatThrownBy(() -> queue.put(null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> queue.tryPut(null)).isInstanceOf(NullPointerException.class);
            assertThat(queue.size()).isZero();
        });
    }

    @Test
    void aCallbackMayTry_butNotWait_evenIfItNeedNot() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = AsyncQueue.unbounded();
            currentLoop()
                    .callSoon(() -> {
                        trail.add(queue.tryPut(1));
                        for (Action use :
                                List.<Action>of(queue::get, () -> queue.put(2), queue::join)) {
                            assertThatThrownBy(use::run)
                                    .isInstanceOf(IllegalStateException.class)
                                    .hasMessageContaining("Only a coroutine");
                        }
                        trail.add(queue.tryGet());
                        queue.taskDone();
                        queue.shutdown();
                    });
            yieldNow();
            trail.add(queue.toString());
        });
        assertThat(trail).containsExactly(true, 1, "AsyncQueue[0, shut down]");
    }

    @Test
    void anotherLoop_orAPlainThread_isRefused() {
        AsyncQueue<Integer> queue = AsyncQueue.unbounded();
        List<Action> uses =
                List.of(
                        queue::get,
                        queue::tryGet,
                        () -> queue.put(1),
                        () -> queue.tryPut(1),
                        queue::taskDone,
                        queue::join,
                        queue::shutdown);
        for (Action use : uses) {
            assertThatThrownBy(use::run).hasMessageContaining("No loop runs on this thread");
        }
        try (EventLoop open = EventLoop.create()) {
            open.run(() -> queue.put(1));
            VirtualClock.run(() -> {
                for (Action use : uses) {
                    assertThatThrownBy(use::run)
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("the loop that used it first");
                }
            });
        }
        assertThat(queue.size()).isEqualTo(1);
    }

    @Test
    void toString_tellsWhoWaits() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = new AsyncQueue<>(1);
            getting(queue, "a");
            yieldNow();
            trail.add(queue.toString());
            trail.add(AsyncQueue.unbounded().toString());
            queue.put(1);
            yieldNow();
            queue.put(2);
            putting(queue, 3);
            yieldNow();
            trail.add(queue.toString());
            trail.remove("a1");
            queue.get();
        });
        assertThat(trail)
                .containsExactly(
                        "AsyncQueue[0 of 1, getting: a]",
                        "AsyncQueue[0]",
                        "AsyncQueue[1 of 1, 2 unfinished, putting: put3]",
                        "put3");
    }
}
