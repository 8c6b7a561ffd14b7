// Goal: what an organisation has is counted exactly, whatever is done; what would exceed its quota
// is refused whole, and nothing else is.
// Method: random histories whose counts verify compares with what is there, and whose every change
// is tried without a quota first; quotas that are met to the last version, resource and byte.
#include "engine/bundle/bundles.hpp"
#include "engine/patient.hpp"
#include "less_if_sanitized.hpp"
#include "storage/temporary_folder.hpp"

using namespace verso;
using namespace verso::engine;
using test::less_if_sanitized;

namespace {

constexpr Quota unlimited{};

OrganisationUsage usage(const Store& store, OrganisationId organisation = acme()) {
    return store.snapshot().value().usage(organisation).value();
}

/// Sets a quota of acme.
void allow(Store& store, const Quota& quota) { store.set_quota(acme(), quota).value(); }

Result<ConnectionVersion> put(Fixture& fixture, std::string_view version,
                              const std::vector<Document>& parameters) {
    return fixture.store.edit(fixture.key(version), [&](Draft& draft) -> Result<void> {
        auto put = draft.put(Kind::parameter, parameters);
        if (!put) return put.error();
        return {};
    });
}

/// Runs a call that is to exceed the quota, and sees that it changes nothing.
template <class Call>
void expect_exceeded(const Store& store, const std::vector<std::string>& words, const Call& call) {
    const OrganisationUsage before = usage(store);
    CHECK(error_of(call(), words) == Errc::quota_exceeded);
    CHECK(usage(store) == before);
    check_is_sound(store);
}

/// Changes at random, under quotas that are near.
class NearLimits {
public:
    explicit NearLimits(std::uint64_t seed) : random_(seed), fixture_(options(seed)) {
        fixture_.create("v0");
        fixture_.create("v1", filling(6));
    }

    void step() {
        if (below(3) == 0) allow(fixture_.store, near_quota());
        if (below(6) == 0) collect_garbage(fixture_.store).value();
        const Change change = some_change();
        const OrganisationUsage before = usage(fixture_.store);
        const auto [would_fail, would_have] = outcome_without_quota(change);
        const Result<void> done = fixture_.store.write(change);
        const OrganisationUsage after = usage(fixture_.store);
        CAPTURE(said_, done ? "done" : done.error().message);
        const bool is_refused = !done && done.error().code == Errc::quota_exceeded;
        CHECK(is_refused == (!would_fail && exceeds(before, would_have)));
        if (!is_refused) CHECK(done.has_error() == would_fail);
        const OrganisationUsage& expected = done ? would_have : before;
        CHECK(after.versions == expected.versions);
        CHECK(after.resources == expected.resources);
        CHECK(after.unique_bytes == expected.unique_bytes);
    }

    void check_end() const { check_is_sound(fixture_.store); }

private:
    using Change = std::function<Result<void>(Transaction&)>;

    Options options(std::uint64_t seed) {
        Options options = with_fixed_secret(seed);
        options.history.max_commits = below(2) == 0 ? 0 : 3;
        return options;
    }
    std::uint64_t below(std::uint64_t count) { return random_() % count; }
    std::string some_version() {
        const auto names = fixture_.versions();
        return names.empty() ? "none" : names[below(names.size())];
    }
    std::string some_name() { return std::string(1, static_cast<char>('a' + below(8))); }

    /// Some limits of what there is, or a little more or less.
    Quota near_quota() {
        const OrganisationUsage has = usage(fixture_.store);
        const auto near = [&](std::uint64_t now, std::uint64_t spread) {
            return below(2) == 0 ? 0 : std::max<std::uint64_t>(now + below(spread), 2) - 1;
        };
        return {near(has.versions, 3), near(has.resources, 8), near(has.unique_bytes, 600)};
    }
    static bool exceeds(const OrganisationUsage& before, const OrganisationUsage& after) {
        const Quota quota = before.quota.value_or(unlimited);
        const auto is_over = [](std::uint64_t was, std::uint64_t is, std::uint64_t may_be) {
            return may_be != 0 && is > was && is > may_be;
        };
        return is_over(before.versions, after.versions, quota.max_versions) ||
               is_over(before.resources, after.resources, quota.max_resources) ||
               is_over(before.unique_bytes, after.unique_bytes, quota.max_unique_bytes);
    }

    /// Whether a change fails without a quota, and what there is after it. Nothing is kept of it.
    std::pair<bool, OrganisationUsage> outcome_without_quota(const Change& change) {
        bool fails = false;
        OrganisationUsage after;
        const Result<void> tried = fixture_.store.write([&](Transaction& transaction) {
            transaction.set_quota(acme(), unlimited).value();
            fails = change(transaction).has_error();
            after = transaction.usage(acme()).value();
            return Result<void>(Error{Errc::version_invalid, "only tried", {}});
        });
        CHECK(tried.has_error());
        return {fails, after};
    }

    /// Puts and removes so many Parameters.
    std::function<Result<void>(Draft&)> filling(std::uint64_t count) {
        std::vector<std::pair<std::string, std::optional<Document>>> changes;
        for (; count > 0; --count) {
            const std::string name = some_name();
            const std::string text(below(4) * 40, static_cast<char>('x' + below(3)));
            if (below(4) == 0)
                changes.emplace_back(name, std::nullopt);
            else
                changes.emplace_back(name, parameter(name, text));
        }
        return [changes](Draft& draft) -> Result<void> {
            for (const auto& [name, document] : changes) {
                if (!document)
                    static_cast<void>(draft.erase(Kind::parameter, name));
                else if (const auto put = draft.put(Kind::parameter, *document); !put)
                    return put.error();
            }
            return {};
        };
    }

    Change some_change() {
        fixture_.clock.move(one_ms);
        const ConnectionId connection = fixture_.connection;
        const std::string one = some_version();
        const std::string other = some_version();
        const NewVersion made{.name = "v" + std::to_string(below(6)), .from_version = one};
        const auto say = [&](const std::string& what, Change change) {
            said_ = what + ": " + one + ", " + other + ", " + made.name;
            return change;
        };
        switch (below(10)) {
            case 0:
                return say("create", [=](Transaction& to) {
                    return outcome(to.create_version(connection, {.name = made.name}));
                });
            case 1:
                return say("clone", [=](Transaction& to) {
                    return outcome(to.create_version(connection, made));
                });
            case 2:
            case 3:
                return say("clone and fill", [=, fill = filling(below(9))](Transaction& to) {
                    return outcome(to.create_version(connection, made, fill));
                });
            case 4:
                return say("delete", [=](Transaction& to) {
                    return to.delete_version({connection, one});
                });
            case 5:
                return say("merge", [=](Transaction& to) {
                    return outcome(
                        to.merge({connection, one}, {connection, other},
                                 {.policy = MergePolicy::theirs(), .allow_unrelated = true}));
                });
            case 6:
                return say("pick", [=, name = some_name()](Transaction& to) {
                    return outcome(to.pick({connection, one}, {connection, other},
                                           {.resources = {{Kind::parameter, name}}}));
                });
            case 7:
                return say("undo", [=](Transaction& to) {
                    return outcome(to.undo({connection, one}));
                });
            default:
                return say("edit", [=, fill = filling(1 + below(3))](Transaction& to) {
                    return outcome(to.edit({connection, one}, fill));
                });
        }
    }

    std::mt19937_64 random_;
    Fixture fixture_;
    std::string said_;
};

}  // namespace

TEST_CASE("quota: what would exceed it is refused, and nothing else", "[engine]") {
    for (std::uint64_t seed = 0; seed < less_if_sanitized(40, 8); ++seed) {
        CAPTURE(seed);
        NearLimits limits(seed);
        for (int step = 0; step < 60; ++step) {
            CAPTURE(step);
            limits.step();
        }
        limits.check_end();
    }
}

TEST_CASE("quota: whatever is done, the counts are right", "[engine]") {
    const auto seed = GENERATE(range(1U, 13U));
    const auto scope = GENERATE(PayloadScope::organisation, PayloadScope::store);
    CAPTURE(seed, scope);
    Options options = with_fixed_secret(seed);
    options.payload_scope = scope;
    options.history.max_commits = 5;
    options.collect_with_writes = seed % 2 == 0;
    Fixture fixture(options);
    RandomHistory history(fixture, seed);
    history.change(20);
    const OrganisationUsage counted = usage(fixture.store);
    allow(fixture.store, unlimited);
    CHECK(usage(fixture.store).quota == unlimited);
    CHECK(usage(fixture.store).versions == counted.versions);
    CHECK(usage(fixture.store).resources == counted.resources);
    CHECK(usage(fixture.store).unique_bytes == counted.unique_bytes);
    CHECK((counted.unique_bytes > 0) == (scope == PayloadScope::organisation));
    for (int round = 0; round < 10; ++round) {
        history.change(12);
        const auto& names = history.names();
        const std::string& name = names[seed % names.size()];
        static_cast<void>(fixture.store.undo(fixture.key(name)));
        static_cast<void>(fixture.store.merge(fixture.key(name), fixture.key(names.front()),
                                              {.allow_unrelated = true}));
        if (round % 3 == 0) collect_garbage(fixture.store).value();
        check_is_sound(fixture.store);
    }
    for (const std::string& name : history.names())
        fixture.store.delete_version(fixture.key(name), true).value();
    collect_garbage(fixture.store).value();
    CHECK(usage(fixture.store) == OrganisationUsage{.quota = unlimited});
}

TEST_CASE("quota: so many versions, and no more", "[engine]") {
    Fixture fixture;
    allow(fixture.store, {.max_versions = 2});
    fixture.create("1");
    fixture.clone("2", "1");
    const auto clone = [&] {
        return fixture.store.create_version(fixture.connection, {.name = "3", .from_version = "1"});
    };
    expect_exceeded(fixture.store, {"2 of the 2 versions", "1 more", to_string(acme())}, clone);
    const ConnectionId other = fixture.store.create_connection(acme(), {.name = "Jira"}).value().id;
    expect_exceeded(fixture.store, {"versions"},
                    [&] { return fixture.store.create_version(other, {.name = "1"}); });
    const ConnectionId foreign =
        fixture.store.create_connection(umbrella(), {.name = "GitHub"}).value().id;
    CHECK(fixture.store.create_version(foreign, {.name = "1"}).has_value());
    fixture.put("2", parameter("p"));
    fixture.store.delete_version(fixture.key("1")).value();
    CHECK(clone().has_error());  // there is no "1" to clone
    fixture.clone("3", "2");
    CHECK(usage(fixture.store).versions == 2);
}

TEST_CASE("quota: so many resources, clones' included", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    allow(fixture.store, {.max_resources = 5});
    static_cast<void>(put(fixture, "1", {parameter("a"), parameter("b")}).value());
    fixture.clone("2", "1");
    expect_exceeded(fixture.store, {"4 of the 5 resources", "2 more"}, [&] {
        return fixture.store.create_version(fixture.connection, {.name = "3", .from_version = "1"});
    });
    expect_exceeded(fixture.store, {"resources"}, [&] {
        return put(fixture, "2", {parameter("c"), parameter("d")});
    });
    static_cast<void>(put(fixture, "2", {parameter("c"), parameter("b", "changed")}).value());
    fixture.erase("2", Kind::parameter, "c");
    // As many go as come.
    fixture.store
        .edit(fixture.key("1"),
              [](Draft& draft) -> Result<void> {
                  draft.put(Kind::parameter, parameter("x")).value();
                  draft.put(Kind::parameter, parameter("y")).value();
                  return draft.erase(Kind::parameter, "a");
              })
        .value();
    expect_exceeded(fixture.store, {"resources"},
                    [&] { return fixture.store.merge(fixture.key("2"), fixture.key("1")); });
    CHECK(usage(fixture.store).resources == 5);
    check_is_sound(fixture.store);
}

TEST_CASE("quota: so many bytes, each document once and until it is collected", "[engine]") {
    Options options;
    options.history.max_commits = 1;
    options.collect_with_writes = false;
    Fixture fixture(options);
    const Document first = parameter("a", std::string(1000, 'x'));
    const Document second = parameter("a", std::string(1000, 'y'));
    const std::uint64_t size = first.text().size();
    allow(fixture.store, {.max_unique_bytes = 2 * size});
    fixture.create("1");
    static_cast<void>(put(fixture, "1", {first}).value());
    fixture.clone("2", "1");
    static_cast<void>(put(fixture, "2", {second}).value());
    static_cast<void>(put(fixture, "1", {second}).value());
    CHECK(usage(fixture.store).unique_bytes == 2 * size);
    const auto more = [&] { return put(fixture, "1", {parameter("b")}); };
    expect_exceeded(fixture.store, {"bytes of documents"}, more);
    fixture.store.delete_version(fixture.key("2")).value();
    expect_exceeded(fixture.store, {"bytes of documents"}, more);
    collect_garbage(fixture.store).value();
    CHECK(usage(fixture.store).unique_bytes == size);
    static_cast<void>(more().value());
    // Twice in one change is one document.
    fixture.store.set_quota(acme(), Quota{.max_unique_bytes = usage(fixture.store).unique_bytes})
        .value();
    fixture.store
        .edit(fixture.key("1"),
              [&](Draft& draft) -> Result<void> {
                  draft.put(Kind::example, "E1", second).value();
                  draft.put(Kind::example, "E2", second).value();
                  return {};
              })
        .value();
    check_is_sound(fixture.store);
}

TEST_CASE("quota: who has more than a lower quota keeps it and may shrink", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    static_cast<void>(put(fixture, "1", {parameter("a"), parameter("b"), parameter("c")}).value());
    fixture.clone("2", "1");
    allow(fixture.store, {.max_versions = 1, .max_resources = 2, .max_unique_bytes = 1});
    CHECK(usage(fixture.store).resources == 6);
    fixture.erase("1", Kind::parameter, "a");
    fixture.store.publish(fixture.key("1")).value();
    fixture.store.delete_version(fixture.key("2")).value();
    expect_exceeded(fixture.store, {"1 of the 1 versions"}, [&] {
        return fixture.store.create_version(fixture.connection, {.name = "2"});
    });
    fixture.store.set_quota(acme(), std::nullopt).value();
    CHECK(usage(fixture.store).quota == std::nullopt);
    fixture.clone("2", "1");
    CHECK(usage(fixture.store).versions == 2);
}

TEST_CASE("quota: a call that it refuses leaves the rest of a write alone", "[engine]") {
    Fixture fixture;
    allow(fixture.store, {.max_resources = 2});
    fixture.store
        .write([&](Transaction& transaction) -> Result<void> {
            const auto version = [&](const std::string& name, const std::string& from = {}) {
                NewVersion wanted{.name = name};
                if (!from.empty()) wanted.from_version = from;
                return transaction.create_version(fixture.connection, wanted);
            };
            const auto edit = [&](const std::string& name) {
                return transaction.edit(fixture.key("1"), [&](Draft& draft) -> Result<void> {
                    auto put = draft.put(Kind::parameter, parameter(name));
                    if (!put) return put.error();
                    return {};
                });
            };
            version("1").value();
            edit("a").value();
            edit("b").value();
            CHECK(error_of(edit("c")) == Errc::quota_exceeded);
            CHECK(error_of(version("2", "1")) == Errc::quota_exceeded);
            const auto filled = transaction.create_version(
                fixture.connection, {.name = "3"}, [](Draft& draft) -> Result<void> {
                    draft.put(Kind::parameter, parameter("d")).value();
                    return {};
                });
            CHECK(error_of(filled) == Errc::quota_exceeded);
            version("4").value();
            CHECK(transaction.usage(acme()).value().versions == 2);
            return {};
        })
        .value();
    CHECK(fixture.names("1") == Names{"a", "b"});
    CHECK(fixture.versions() == Names{"4", "1"});
    check_is_sound(fixture.store);
}

TEST_CASE("quota: a draft that is committed with the write refuses the write", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    allow(fixture.store, {.max_resources = 1});
    expect_exceeded(fixture.store, {"resources"}, [&] {
        return fixture.store.write([&](Transaction& transaction) -> Result<void> {
            Draft draft = transaction.draft(fixture.key("1")).value();
            draft.put(Kind::parameter, parameter("a")).value();
            draft.put(Kind::parameter, parameter("b")).value();
            transaction.create_connection(acme(), {.name = "Jira"}).value();
            return {};
        });
    });
    CHECK_FALSE(fixture.snapshot().find_connection(acme(), "Jira").value());
}

TEST_CASE("quota: an import is counted, and refused whole", "[engine]") {
    Fixture origin(with_fixed_secret(1));
    RandomHistory history(origin, 1);
    history.change(60);
    const std::string bundle = bundle_of(origin.store, origin.connection);
    const OrganisationUsage has = usage(origin.store);
    const std::uint64_t slice_bytes = GENERATE(100U, 1'000'000U);
    Store target = empty_store();
    const auto import = [&] { return import_text(target, bundle, {.slice_bytes = slice_bytes}); };
    SECTION("to the last version, resource and byte") {
        const Quota all{has.versions, has.resources, has.unique_bytes};
        allow(target, all);
        import().value();
        collect_garbage(target).value();
        OrganisationUsage expected = has;
        expected.quota = all;
        CHECK(usage(target) == expected);
        check_is_sound(target);
    }
    SECTION("with one too many") {
        const auto [quota, what] = GENERATE_COPY(
            table<Quota, std::string>({{{.max_versions = has.versions - 1}, "versions"},
                                       {{.max_resources = has.resources - 1}, "resources"},
                                       {{.max_unique_bytes = has.unique_bytes - 1}, "bytes"}}));
        allow(target, quota);
        CHECK(error_of(import(), {what}) == Errc::quota_exceeded);
        collect_garbage(target).value();
        CHECK(usage(target) == OrganisationUsage{.quota = quota});
        CHECK(target.snapshot().value().connections(acme()).value().empty());
        check_is_sound(target);
    }
    SECTION("over what is there, once more") {
        allow(target, unlimited);
        import().value();
        origin.clone("more", history.names().front());
        static_cast<void>(put(origin, "more", {parameter("one_more")}).value());
        import_text(target, bundle_of(origin.store, origin.connection),
                    {.slice_bytes = slice_bytes})
            .value();
        collect_garbage(target).value();
        CHECK(usage(target).versions == has.versions + 1);
        check_is_sound(target);
    }
}

TEST_CASE("quota: documents that an import has no need of count for nothing", "[engine]") {
    Fixture origin(with_fixed_secret(1));
    origin.create("1");
    for (const char* text : {"first", "second"}) origin.put("1", parameter("a", text));
    const std::string bundle = bundle_of(origin.store, origin.connection);
    Store target = empty_store();
    import_text(target, bundle).value();
    target.set_history_limits(origin.connection, HistoryLimits{.max_commits = 2}).value();
    put_parameter(target, origin.key("1"), "b");
    collect_garbage(target).value();  // of the first, which the bundle has
    const OrganisationUsage has = usage(target);
    allow(target, {.max_unique_bytes = has.unique_bytes});
    import_text(target, bundle).value();
    CHECK(usage(target).unique_bytes == has.unique_bytes);
    check_is_sound(target);
}

TEST_CASE("quota: bytes are nobody's where documents are shared", "[engine]") {
    Options options;
    options.payload_scope = PayloadScope::store;
    Fixture fixture(options);
    CHECK(error_of(fixture.store.set_quota(acme(), Quota{.max_unique_bytes = 1}),
                   {"max_unique_bytes", "leave it 0"}) == Errc::option_invalid);
    CHECK(usage(fixture.store).quota == std::nullopt);
    allow(fixture.store, {.max_resources = 1});
    fixture.create("1");
    static_cast<void>(put(fixture, "1", {parameter("a")}).value());
    CHECK(error_of(put(fixture, "1", {parameter("b")})) == Errc::quota_exceeded);
    CHECK(usage(fixture.store).unique_bytes == 0);
}

TEST_CASE("quota: a backup has it, and what is salvaged", "[engine]") {
    Fixture fixture;
    allow(fixture.store, {.max_versions = 7});
    fixture.create("1");
    fixture.put("1", parameter("a"));
    storage::TemporaryFolder folder;
    backup(fixture.store, folder / "backup.verso").value();
    const Store copy = Store::open(folder / "backup.verso").value();
    CHECK(usage(copy) == usage(fixture.store));
    salvage(fixture.store.path(), folder / "salvaged.verso").value();
    const Store salvaged = Store::open(folder / "salvaged.verso").value();
    CHECK(usage(salvaged) == usage(fixture.store));
}

TEST_CASE("verify: a quota counts what there is", "[engine]") {
    Patient patient;
    patient.store.set_quota(acme(), Quota{.max_versions = 100}).value();
    OrganisationUsage counted = usage(patient.store);
    const int wrong = GENERATE(0, 1, 2);
    ++(wrong == 0 ? counted.versions : wrong == 1 ? counted.resources : counted.unique_bytes);
    patient.put_raw(key::quota(acme()), encode_usage(counted));
    patient.expect_only("organisation " + to_string(acme()), "give it again");
    patient.store.set_quota(acme(), std::nullopt).value();
    patient.store.set_quota(acme(), Quota{}).value();
    check_is_sound(patient.store);
}

TEST_CASE("quota: counts that are too low keep nobody from deleting", "[engine]") {
    Patient patient;
    patient.put_raw(key::quota(acme()), encode_usage({.quota = Quota{.max_versions = 1}}));
    patient.store.delete_version(patient.key("2"), true).value();
    collect_garbage(patient.store).value();
    CHECK(usage(patient.store).versions == 0);
}
