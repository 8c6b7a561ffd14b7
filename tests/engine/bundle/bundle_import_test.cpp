// Goal: an import takes what fits and refuses the rest, with the line and what to do, and then
// nothing of it is stored. Method: bundles that were exported, moved on, damaged bit by bit, cut
// off, and rewritten line by line with an end that fits.
#include "engine/bundle/bundles.hpp"
#include "less_if_sanitized.hpp"

using namespace verso;
using namespace verso::engine;

namespace {

/// A connection whose version "1" has two Parameters, a Definition and an Action that refers to it.
struct Small : Fixture {
    Small() : Fixture(with_fixed_secret(5)) {
        create("1");
        put("1", parameter("a", "one"));
        store
            .edit(key("1"),
                  [](Draft& draft) -> Result<void> {
                      draft.put(Kind::definition, definition("D")).value();
                      draft
                          .put(Kind::action,
                               document(R"({"name":"A","type":"http","method":"GET","path":"/",)"
                                        R"("parameters":[],"responses":[{"status":200,)"
                                        R"("definitions":[{"definition":{"name":"D"}}]}]})"))
                          .value();
                      draft.put(Kind::parameter, parameter("b", "1.10")).value();
                      return draft.annotate({"Ann", "two more"});
                  })
            .value();
    }
    [[nodiscard]] std::string bundle(std::string_view version = "1") const {
        return bundle_of(store, key(version));
    }
};

bool is_empty(const Store& store) { return stat(store).value().connections == 0; }

Errc refusal(const std::string& bundle, const std::vector<std::string>& words = {}) {
    Store store = empty_store();
    const Errc code = error_of(import_text(store, bundle), words);
    CHECK(is_empty(store));
    check_is_sound(store);
    return code;
}

}  // namespace

TEST_CASE("bundle: a flipped bit anywhere is refused, and nothing is stored", "[engine]") {
    const Small small;
    const std::string bundle = small.bundle();
    Store store = empty_store();
    for (std::size_t at = 0; at < bundle.size(); ++at) {
        std::string flipped = bundle;
        flipped[at] = static_cast<char>(flipped[at] ^ (1 << at % 8));
        const auto result = import_text(store, flipped);
        CAPTURE(at, flipped.substr(at > 20 ? at - 20 : 0, 40));
        CHECK(result.has_error());
    }
    CHECK(is_empty(store));
    check_is_sound(store);
    CHECK(import_text(store, bundle).has_value());
}

TEST_CASE("bundle: what is cut off anywhere, or goes on, is refused", "[engine]") {
    const Small small;
    const std::string bundle = small.bundle();
    Store store = empty_store();
    for (std::size_t size = 0; size < bundle.size(); ++size) {
        const auto result = import_text(store, std::string_view(bundle).substr(0, size));
        CAPTURE(size);
        CHECK(result.has_error());
        if (result.has_error()) CHECK(result.error().code == Errc::bundle_invalid);
    }
    CHECK(is_empty(store));
    CHECK(refusal(bundle + "\n") == Errc::bundle_invalid);
    CHECK(refusal(bundle + "x", {"behind the end"}) == Errc::bundle_invalid);
    CHECK(refusal(bundle + bundle) == Errc::bundle_invalid);
}

TEST_CASE("bundle: any way of cutting the stream reads the same", "[engine]") {
    const Small small;
    const std::string bundle = small.bundle();
    for (const std::size_t piece : {1U, 2U, 7U, 64U, 1U << 20}) {
        Store store = empty_store();
        import_bundle(store, from(bundle, piece), {.organisation = acme()}).value();
        CHECK(difference(bundle_of(store, small.key("1")), bundle) == "");
    }
}

TEST_CASE("bundle: what never was one is told from a damaged one", "[engine]") {
    const std::size_t piece = GENERATE(1U, 5U, 1000U);
    const auto message_of = [&](const std::string& bytes) {
        Store store = empty_store();
        auto imported = import_bundle(store, from(bytes, piece), {.organisation = acme()});
        REQUIRE_FALSE(imported.has_value());
        CHECK(imported.error().code == Errc::bundle_invalid);
        return imported.error().message;
    };
    const std::string no_bundle = "line 1: this is no bundle; `verso bundle export` writes one";
    CHECK(message_of("openapi: 3.1.0\n") == no_bundle);
    CHECK(message_of("{\"openapi\":\"3.1.0\"}\n") == no_bundle);
    CHECK(message_of("{\n  \"openapi\": \"3.1.0\"\n}\n") == no_bundle);
    CHECK(message_of("{\"verso\":\n") == no_bundle);
    CHECK(message_of("\n") == no_bundle);
    CHECK(message_of("\x89PNG") == no_bundle);  // as long as there is no line's end
    for (const char* begun : {"", "{\"verso\":", R"({"verso":"bundle","format":1)"})
        CHECK_THAT(message_of(begun), Catch::Contains("it is cut off"));
    CHECK_THAT(message_of("{\"verso\":\"bundle\",\"format\":1]\n"),
               Catch::StartsWith("line 1, column 29 (in bytes): this is not JSON"));
}

TEST_CASE("bundle: lines that cannot be are refused with their number", "[engine]") {
    const Small small;
    const std::string bundle = small.bundle();
    const auto refused = [&](std::string_view old, std::string_view fresh,
                             const std::vector<std::string>& words) {
        CAPTURE(old, fresh);
        CHECK(refusal(with_replaced(bundle, old, fresh), words) == Errc::bundle_invalid);
    };
    refused(R"({"verso":"bundle")", R"({"verso":"other")", {"line 1", "no bundle"});
    refused(R"("holds":"version")", R"("holds":"all")", {"line 1", "holds"});
    refused(R"("base":[])", R"("base":[],"more":1)", {"line 1", "does not know"});
    refused(R"("name":"1")", R"("name":"latest")", {"line 2", "reserved"});
    refused(R"("revision":3)", R"("revision":-3)", {"line 2", "revision"});
    refused(R"("revision":3)", R"("revision":0)", {"line 2", "revision"});
    refused(R"("isDefault":false)", R"("isDefault":true)", {"line 2", "draft"});
    refused(R"("parent":null)", R"("parent":"01a3185c-5000-7e68-9000-09b5675f4378")",
            {"line 3", "parent"});
    refused(R"("added":1)", R"("added":4294967296)", {"line 4", "too large"});
    refused("1.10", "1.20", {"digest"});
    refused(R"({"put":"parameter")", R"({"put":"thing")", {"kind"});
    refused(R"("validation":"clean")", R"("validation":"fine")", {"validation"});
    refused(R"({"put":"action")", R"({"put":"definition")", {"\"A\""});
    refused(R"({"put":"definition")", R"({"put":"action")", {"\"D\"", "none of one"});
    CHECK(refusal(with_replaced(bundle, R"("format":1)", R"("format":2)"), {"newer library"}) ==
          Errc::format_unsupported);
    std::string doubled = bundle;
    const auto put = doubled.rfind(R"({"put")");
    const std::string line = doubled.substr(put, doubled.find('\n', put) + 1 - put);
    CHECK(refusal(with_replaced(bundle, line, line + line), {"order"}) == Errc::bundle_invalid);
    const auto document = bundle.rfind(R"({"document")");
    CHECK(refusal(
              with_replaced(
                  bundle, bundle.substr(document, bundle.find('\n', document) + 1 - document), ""),
              {"does not stand before it"}) == Errc::bundle_invalid);
}

TEST_CASE("bundle: what a commit does must be possible in its parent", "[engine]") {
    Small small;
    const Resource renamed = small.put("1", parameter("b", "1.10"));
    small.put("1", parameter(renamed.id, "c"));
    const std::string bundle = small.bundle();
    Store store = empty_store();
    CHECK(import_text(store, bundle).has_value());
    const auto line_with = [&](const std::string& start) {
        const auto at = bundle.rfind(start);
        REQUIRE(at != std::string::npos);
        return bundle.substr(at, bundle.find('\n', at) + 1 - at);
    };
    const auto called = [](std::string line, std::string_view name, std::string_view other) {
        return line.replace(line.find(name), name.size(), other);
    };
    const std::string removed = line_with(R"({"removed":"parameter")");
    const std::string put = line_with(R"({"put":"parameter")");
    CHECK(refusal(with_replaced(bundle, removed, ""), {"\"c\"", "under its old name too"}) ==
          Errc::bundle_invalid);
    CHECK(refusal(with_replaced(bundle, removed, called(removed, R"("b")", R"("bb")")),
                  {"\"bb\"", "its parent has none"}) == Errc::bundle_invalid);
    CHECK(refusal(with_replaced(bundle, put, put + called(put, R"("c")", R"("d")")),
                  {to_string(renamed.id), "put twice in one commit"}) == Errc::bundle_invalid);
}

TEST_CASE("bundle: random lines in random places are refused or harmless", "[engine]") {
    const Small small;
    std::string bundle = small.bundle();
    bundle.erase(bundle.rfind("{\"end\""));
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < bundle.size();) {
        const std::size_t end = bundle.find('\n', at) + 1;
        lines.push_back(bundle.substr(at, end - at));
        at = end;
    }
    std::mt19937_64 random(11);
    for (std::uint64_t round = 0; round < test::less_if_sanitized(2000, 500); ++round) {
        std::vector<std::string> changed = lines;
        for (std::size_t edits = 1 + random() % 2; edits > 0; --edits) {
            const std::size_t at = random() % changed.size();
            switch (random() % 4) {
                case 0: changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(at)); break;
                case 1: std::swap(changed[at], changed[random() % changed.size()]); break;
                case 2: changed.push_back(changed[at]); break;
                default: changed[at][random() % changed[at].size()] = static_cast<char>(random());
            }
        }
        std::string text;
        for (const std::string& line : changed) text += line;
        Store store = empty_store();
        const auto result = import_text(store, with_end(text));
        if (result.has_error()) CHECK(is_empty(store));
        check_is_sound(store);
    }
}

TEST_CASE("bundle: a published version stays, a diverged one is told, or skipped", "[engine]") {
    Small small;
    Store store = empty_store();
    import_text(store, small.bundle()).value();
    small.put("1", parameter("c"));
    const std::string newer = small.bundle();

    SECTION("published here") {
        store.publish(small.key("1")).value();
        CHECK(error_of(import_text(store, newer), {"\"1\" is published"}) ==
              Errc::version_published);
    }
    SECTION("diverged") {
        store
            .edit(small.key("1"),
                  [](Draft& draft) -> Result<void> {
                      draft.put(Kind::parameter, parameter("d")).value();
                      return {};
                  })
            .value();
        CHECK(error_of(import_text(store, newer), {"merge"}) == Errc::version_diverged);
    }
    const auto report = import_text(store, newer, {.on_conflict = BundleConflict::skip}).value();
    CHECK(is_conflict(report.versions.front().outcome));
    CHECK(report.commits == 0);
    CHECK(report.documents_stored == 0);
    check_is_sound(store);
}

TEST_CASE("bundle: an older bundle leaves what is newer", "[engine]") {
    Small small;
    Store store = empty_store();
    const std::string older = small.bundle();
    small.put("1", parameter("c"));
    import_text(store, small.bundle()).value();
    const auto report = import_text(store, older).value();
    CHECK(report.versions.front().outcome == MoveOutcome::newer);
    CHECK(digest_of(store, small.key("1")) == digest_of(small.store, small.key("1")));
}

TEST_CASE("bundle: publication, description and name follow the revision", "[engine]") {
    Small small;
    Store store = empty_store();
    import_text(store, small.bundle()).value();
    small.store.update_version(small.key("1"), {.name = "one", .description = "said"}).value();
    small.publish("one");
    const auto report = import_text(store, small.bundle("one")).value();
    CHECK(report.versions.front().outcome == MoveOutcome::updated);
    CHECK(report.commits == 0);
    CHECK(store.snapshot().value().version(small.key("one")).value() == small.version("one"));
    CHECK(store.snapshot().value().version(small.key("latest")).value().name == "one");
    CHECK_FALSE(store.snapshot().value().find_version(small.key("1")).value());
    check_is_sound(store);
}

TEST_CASE("bundle: times are kept, but that a connection that was there was updated", "[engine]") {
    Small small;
    Fixture other(with_fixed_secret(6));
    import_text(other.store, small.bundle(), {.name = "Hub"}).value();
    CHECK(other.snapshot().connection(small.connection).value().updated_at ==
          small.connection_updated_at());
    other.clock.move(std::chrono::seconds{5});
    import_text(other.store, small.bundle()).value();
    CHECK(other.snapshot().connection(small.connection).value().updated_at ==
          small.connection_updated_at());
    small.put("1", parameter("c"));
    import_text(other.store, small.bundle()).value();
    CHECK(other.snapshot().connection(small.connection).value().updated_at == other.clock.now());
    CHECK(other.snapshot().version(small.key("1")).value() == small.version("1"));
}

TEST_CASE("bundle: whatever the clock says, what is exported can be imported", "[engine]") {
    Fixture fixture;
    fixture.clock.set(GENERATE(Timestamp::min(), Timestamp{-one_ms}, latest_timestamp + one_ms,
                               Timestamp::max()));
    fixture.create("1");
    REQUIRE(fixture.store.publish(fixture.key("1")).has_value());
    fixture.clone("2", "1");
    REQUIRE(fixture.store.publish(fixture.key("2")).has_value());
    REQUIRE(fixture.store.take_lease(fixture.key("1"), max_lease_duration, "host").has_value());
    check_is_sound(fixture.store);
    for (const std::string& bundle : {bundle_of(fixture.store, fixture.connection),
                                      bundle_of(fixture.store, fixture.key("2"))}) {
        Store other = empty_store();
        CHECK(outcome(import_text(other, bundle)).has_value());
        check_is_sound(other);
    }
}

TEST_CASE("bundle: names and ids that are taken are told", "[engine]") {
    Small small;
    Store store = empty_store();
    store.create_connection(acme(), {.name = "GitHub"}).value();
    CHECK(error_of(import_text(store, small.bundle()), {"another name"}) == Errc::name_taken);
    const auto renamed = import_text(store, small.bundle(), {.name = "Hub"}).value();
    CHECK(store.snapshot().value().connection(renamed.connection).value().name == "Hub");

    small.store.update_version(small.key("1"), {.name = "2"}).value();
    small.create("1");
    CHECK(error_of(import_text(store, small.bundle()), {"rename"}) == Errc::name_taken);

    const auto other = store.create_connection(acme(), {.name = "Other"}).value().id;
    CHECK(error_of(import_text(store, small.bundle("2"), {.connection = other}),
                   {"another connection"}) == Errc::id_taken);
    Store third = empty_store();
    const auto target = third.create_connection(acme(), {.name = "T"}).value().id;
    CHECK(import_text(third, small.bundle("2"), {.connection = target}).value().connection ==
          target);
    check_is_sound(third);
    CHECK(error_of(import_bundle(third, from(small.bundle()),
                                 {.organisation = umbrella(), .connection = target})) ==
          Errc::connection_not_found);
    check_is_sound(store);
}

TEST_CASE("bundle: limits, sources and sinks that fail end it without a trace", "[engine]") {
    const Small small;
    const std::string bundle = small.bundle();
    Store store = empty_store();
    CHECK(error_of(import_text(store, bundle, {.max_bytes = 100}), {"100", "max_bytes"}) ==
          Errc::limit_exceeded);
    const auto failing = [&](std::span<char>) -> Result<std::size_t> {
        return Error{Errc::io_failed, "no tape", {}};
    };
    CHECK(error_of(import_bundle(store, failing), {"no tape"}) == Errc::io_failed);
    CHECK(is_empty(store));
    const auto full = [](std::string_view) -> Result<void> {
        return Error{Errc::disk_full, "no room", {}};
    };
    CHECK(error_of(export_bundle(small.store, small.key("1"), full)) == Errc::disk_full);
    CHECK(error_of(export_bundle(small.store, small.key("9"), full)) == Errc::version_not_found);
    const VersionKey then{small.connection, "1", 1};
    CHECK(error_of(export_bundle(small.store, then, full), {"commit 1"}) == Errc::option_invalid);
}

TEST_CASE("bundle: documents of many pieces and shared ones are stored once", "[engine]") {
    Small small;
    small.put("1", parameter("long", std::string(100'000, 'x')));
    small.clone("2", "1");
    const std::string bundle = bundle_of(small.store, small.connection);
    Store store = empty_store();
    const auto report = import_text(store, bundle).value();
    CHECK(report.documents_stored == 5);
    CHECK(stat(store).value().payloads == 5);
    CHECK(content_of(store, small.key("2")) == content_of(small.store, small.key("2")));
    check_is_sound(store);
}
