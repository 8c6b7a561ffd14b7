// Goal: a version keeps as much history as its limits say. Method: edits and publications on a real
// store, with the version's own record read after each.
#include "engine/fixture.hpp"
#include "engine/store_state.hpp"

#include <verso/maintenance.hpp>

using namespace verso;
using namespace verso::engine;

namespace {

struct Recorded : Fixture {
    explicit Recorded(const HistoryLimits& limits) : Fixture({.history = limits}) { create("1"); }

    void edit(int times) {
        for (int i = 0; i < times; ++i) put("1", parameter("p", std::to_string(++texts_)));
    }
    [[nodiscard]] std::uint64_t kept(std::string_view name = "1") const {
        const auto reading = StoreAccess::state(store).storage().begin_read();
        return View(*reading, View::Stability::fixed).version(key(name)).kept;
    }

private:
    int texts_ = 0;
};

}  // namespace

TEST_CASE("history: a draft keeps its last commits, and a few more for a while", "[engine]") {
    const auto [most, lag] = GENERATE(std::pair(1u, 0u), std::pair(5u, 0u), std::pair(40u, 9u));
    Recorded store({.max_commits = most});
    for (unsigned i = 1; i < most; ++i) {
        CHECK(store.kept() == i);
        store.edit(1);
    }
    for (int i = 0; i < 60; ++i) {
        CHECK(store.kept() >= most);
        CHECK(store.kept() <= most + lag);
        store.edit(1);
    }
    CHECK(verify(store.store).value().is_clean());
}

TEST_CASE("history: without a limit everything is kept", "[engine]") {
    Recorded store({.max_commits = 0, .published_commits = 0});
    store.edit(150);
    CHECK(store.kept() == 151);
    store.publish("1");
    CHECK(store.kept() == 151);
    CHECK(stat(store.store).value().commits == 151);
}

TEST_CASE("history: commits that are too old go with the next edit, but never the head",
          "[engine]") {
    Recorded store({.max_age = std::chrono::minutes{10}});
    store.edit(5);
    store.clock.move(std::chrono::minutes{6});
    store.edit(2);
    CHECK(store.kept() == 8);
    store.clock.move(std::chrono::minutes{6});
    store.edit(1);
    CHECK(store.kept() == 3);
    store.clock.move(std::chrono::minutes{60});
    CHECK(store.kept() == 3);
    store.edit(1);
    CHECK(store.kept() == 1);
}

TEST_CASE("history: a published version keeps its head", "[engine]") {
    Recorded store({});
    store.edit(9);
    store.publish("1");
    CHECK(store.kept() == 1);
    CHECK(collect_garbage(store.store).value().is_complete);
    CHECK(stat(store.store).value().commits == 1);
    CHECK(store.names("1") == Names{"p"});
    CHECK(verify(store.store).value().is_clean());
}

TEST_CASE("history: a connection may have limits of its own", "[engine]") {
    Recorded store({.max_commits = 3});
    const auto limits = [&] { return store.snapshot().history_limits(store.connection).value(); };
    CHECK_FALSE(limits());
    const HistoryLimits own{.max_commits = 7, .max_age = one_ms, .published_commits = 2};
    store.store.set_history_limits(store.connection, own).value();
    CHECK(limits() == own);
    CHECK(verify(store.store).value().is_clean());
    store.edit(10);
    CHECK(store.kept() == 7);
    store.publish("1");
    CHECK(store.kept() == 2);
    store.store.set_history_limits(store.connection, std::nullopt).value();
    CHECK_FALSE(limits());
    store.store.unpublish(store.key("1")).value();
    store.edit(10);
    CHECK(store.kept() == 3);
}

TEST_CASE("history: limits of no connection, or that are none, are refused", "[engine]") {
    Recorded store({});
    const HistoryLimits negative{.max_age = -one_ms};
    CHECK(error_of(store.store.set_history_limits(store.connection, negative), {"max_age"}) ==
          Errc::option_invalid);
    CHECK(error_of(Store::temporary({.history = negative}), {"options.history"}) ==
          Errc::option_invalid);
    const auto unknown = numbered<ConnectionId>(9);
    CHECK(error_of(store.store.set_history_limits(unknown, HistoryLimits{})) ==
          Errc::connection_not_found);
    CHECK(error_of(store.snapshot().history_limits(unknown)) == Errc::connection_not_found);
}

TEST_CASE("history: limits go with their connection", "[engine]") {
    Recorded store({});
    store.store.set_history_limits(store.connection, HistoryLimits{}).value();
    store.store.delete_connection(store.connection, true).value();
    CHECK(verify(store.store).value().is_clean());
}
