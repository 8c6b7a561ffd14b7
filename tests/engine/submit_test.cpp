// Goal: what is submitted is done like any write, in its order, and nobody has to wait for it.
// Method: a first change that goes on until all the others are queued behind it; stores that are
// closed while much is submitted.
#include "engine/fixture.hpp"

#include <verso/maintenance.hpp>

#include "storage/temporary_folder.hpp"

#include <atomic>
#include <exception>
#include <stdexcept>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

using namespace verso;
using namespace verso::engine;

namespace {

/// Submits the put of a Parameter.
std::future<Result<Resource>> submit_put(Fixture& fixture, const std::string& name,
                                         const std::string& text = "") {
    return fixture.store.submit(
        [key = fixture.connection, name, text](Transaction& transaction) -> Result<Resource> {
            auto draft = transaction.draft({key, "1"});
            if (!draft) return draft.error();
            return draft->put(Kind::parameter, parameter(name, text));
        });
}

/// Holds the writing turn until it is let go.
class Gate {
public:
    explicit Gate(Store& store)
        : held_(store.submit([this](Transaction&) -> Result<void> {
              is_reached_ = true;
              while (!is_open_) std::this_thread::yield();
              return {};
          })) {
        while (!is_reached_) std::this_thread::yield();
    }
    void open() {
        is_open_ = true;
        held_.get().value();
    }

private:
    std::atomic<bool> is_reached_ = false;
    std::atomic<bool> is_open_ = false;
    std::future<Result<void>> held_;
};

}  // namespace

TEST_CASE("submit: the future has the answer once it is done", "[engine][threads]") {
    Fixture fixture;
    fixture.create("1");
    const Resource put = submit_put(fixture, "a").get().value();
    CHECK(put.name == "a");
    CHECK(fixture.names("1") == Names{"a"});
    static_cast<void>(submit_put(fixture, "b"));  // whose future is let go
    CHECK(submit_put(fixture, "c").get().has_value());
    CHECK(fixture.names("1") == Names{"a", "b", "c"});
}

TEST_CASE("submit: what one thread submits is done in order", "[engine][threads]") {
    Fixture fixture;
    fixture.create("1");
    Gate gate(fixture.store);
    std::vector<std::future<Result<Resource>>> puts;
    for (int i = 0; i < 40; ++i) puts.push_back(submit_put(fixture, "p", std::to_string(i)));
    gate.open();
    for (auto& put : puts) CHECK(put.get().has_value());
    CHECK(fixture.snapshot()
              .resource(fixture.key("1"), Kind::parameter, "p")
              .value()
              .document.text()
              .find(R"("39")") != std::string::npos);
}

TEST_CASE("submit: one that fails or throws leaves no trace and its neighbours alone",
          "[engine][threads]") {
    // Outlives the store's thread: that those who share an exception count themselves is not seen
    // by ThreadSanitizer, which knows nothing of the C++ library's own code.
    std::exception_ptr thrown_there;
    Fixture fixture;
    fixture.create("1");
    Gate gate(fixture.store);
    auto first = submit_put(fixture, "a");
    auto refused = fixture.store.submit([&](Transaction& transaction) -> Result<int> {
        transaction.draft(fixture.key("1")).value().put(Kind::parameter, parameter("x")).value();
        return transaction.create_version(fixture.connection, {.name = "1"}).error();
    });
    auto unlucky = fixture.store.submit([&](Transaction& transaction) -> Result<int> {
        transaction.draft(fixture.key("1")).value().put(Kind::parameter, parameter("y")).value();
        static_cast<void>(transaction.version(fixture.key("none")).value());
        return 1;
    });
    auto thrown = fixture.store.submit([&](Transaction& transaction) -> Result<int> {
        transaction.draft(fixture.key("1")).value().put(Kind::parameter, parameter("z")).value();
        throw std::runtime_error("of the host's");
    });
    auto last = submit_put(fixture, "b");
    gate.open();
    CHECK(first.get().has_value());
    CHECK(error_of(refused.get()) == Errc::name_taken);
    CHECK(error_of(unlucky.get()) == Errc::version_not_found);
    try {
        thrown.get().value();
    } catch (const std::runtime_error&) {
        thrown_there = std::current_exception();
    }
    REQUIRE(thrown_there);
    CHECK_THROWS_WITH(std::rethrow_exception(thrown_there), "of the host's");
    CHECK(last.get().has_value());
    CHECK(fixture.names("1") == Names{"a", "b"});
}

TEST_CASE("submit: a write that waits comes after what its thread has submitted",
          "[engine][threads]") {
    Fixture fixture;
    fixture.create("1");
    for (int i = 0; i < 50; ++i) {
        auto submitted = submit_put(fixture, "p", "submitted");
        fixture.store.put(fixture.key("1"), Kind::parameter, parameter("p", "waited for")).value();
        const Resource found =
            fixture.snapshot().resource(fixture.key("1"), Kind::parameter, "p").value();
        CHECK_THAT(found.document.text(), Catch::Contains("waited for"));
        CHECK(submitted.get().has_value());
    }
}

TEST_CASE("submit: from within a change it is done after it", "[engine][threads]") {
    Fixture fixture;
    fixture.create("1");
    std::future<Result<Resource>> inner;
    fixture.store
        .write([&](Transaction& transaction) -> Result<void> {
            transaction.draft(fixture.key("1"))
                .value()
                .put(Kind::parameter, parameter("p", "outer"))
                .value();
            inner = submit_put(fixture, "p", "inner");
            return {};
        })
        .value();
    CHECK(inner.get().has_value());
    const Resource found =
        fixture.snapshot().resource(fixture.key("1"), Kind::parameter, "p").value();
    CHECK_THAT(found.document.text(), Catch::Contains("inner"));
}

TEST_CASE("submit: many threads submit and write at once", "[engine][threads]") {
    Fixture fixture;
    fixture.create("1");
    constexpr int threads = 6;
    constexpr int rounds = 40;
    std::vector<std::thread> running;
    std::atomic<int> failures = 0;
    for (int thread = 0; thread < threads; ++thread)
        running.emplace_back([&, thread] {
            for (int round = 0; round < rounds; ++round) {
                const std::string name = std::to_string(thread) + '_' + std::to_string(round);
                auto submitted = submit_put(fixture, "s" + name);
                const auto written =
                    fixture.store.put(fixture.key("1"), Kind::parameter, parameter("w" + name));
                if (!written || (round % 3 == 0 && !submitted.get())) ++failures;
            }
        });
    for (std::thread& each : running) each.join();
    CHECK(fixture.store.put(fixture.key("1"), Kind::parameter, parameter("last")).has_value());
    CHECK(failures == 0);
    CHECK(fixture.names("1").size() == 2 * threads * rounds + 1);
    check_is_sound(fixture.store);
}

TEST_CASE("submit: the last handle waits for what was submitted", "[engine][threads]") {
    storage::TemporaryFolder folder;
    const Options options{.durability = Durability::none};
    ConnectionId connection;
    {
        Store store = Store::open(folder / "store.verso", options).value();
        connection = store.create_connection(acme(), {.name = "GitHub"}).value().id;
        for (int i = 0; i < 100; ++i)
            static_cast<void>(store.submit([connection, i](Transaction& transaction) {
                return transaction.create_version(connection, {.name = std::to_string(i)});
            }));
    }
    const Store store = Store::open(folder / "store.verso", options).value();
    CHECK(store.snapshot().value().count_versions(connection).value() == 100);
}

TEST_CASE("submit: a change may hold the last handle", "[engine][threads]") {
    storage::TemporaryFolder folder;
    const Options options{.durability = Durability::none};
    std::future<Result<ConnectionVersion>> made;
    {
        Store store = Store::open(folder / "store.verso", options).value();
        const ConnectionId connection =
            store.create_connection(acme(), {.name = "GitHub"}).value().id;
        Gate gate(store);
        made = store.submit([store, connection](Transaction& transaction) {
            return transaction.create_version(connection, {.name = "1"});
        });
        for (int i = 0; i < 10; ++i)
            static_cast<void>(store.submit([connection, i](Transaction& transaction) {
                return transaction.create_version(connection, {.name = "x" + std::to_string(i)});
            }));
        gate.open();
    }
    CHECK(made.get().has_value());
    // The thread that had it closes the store.
    auto store = Store::open(folder / "store.verso", options);
    while (!store && store.error().code == Errc::store_open_already) {
        std::this_thread::yield();
        store = Store::open(folder / "store.verso", options);
    }
    const auto connections = store.value().snapshot().value().connections(acme()).value();
    CHECK(store.value().snapshot().value().count_versions(connections.front().id).value() == 11);
}

TEST_CASE("submit: a forked child is refused, and its end does not wait", "[engine][threads]") {
    Fixture fixture;
    fixture.create("1");
    CHECK(submit_put(fixture, "a").get().has_value());
    const pid_t child = fork();
    if (child == 0) {
        auto refused = submit_put(fixture, "b").get();
        const bool is_right = !refused && refused.error().code == Errc::store_forked;
        { const Store last = std::move(fixture.store); }
        _exit(is_right ? 0 : 1);
    }
    REQUIRE(child > 0);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0));
    CHECK(fixture.names("1") == Names{"a"});
}
