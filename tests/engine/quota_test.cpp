// Goal: what an organisation has is counted exactly, whatever is done; what would exceed its quota
// is refused whole, and nothing else is.
// Method: random histories whose counts verify compares with what is there; quotas that are met to
// the last version, resource and byte.
#include "engine/bundle/bundles.hpp"
#include "engine/patient.hpp"
#include "storage/temporary_folder.hpp"

using namespace verso;
using namespace verso::engine;

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

}  // namespace

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
