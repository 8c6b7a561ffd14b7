// What the engine's tests work on: a store of their own with one connection, which goes to no disk,
// a clock that they move, and short ways to write the documents they put.
#pragma once

#include <verso/store.hpp>

#include "soundness.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verso::engine {

/// A clock that stands still until it is moved. Copies share the time.
class TestClock {
public:
    void move(std::chrono::milliseconds step) const { *now_ += step; }
    void set(Timestamp time) const { *now_ = time; }
    [[nodiscard]] Timestamp now() const { return *now_; }
    [[nodiscard]] std::function<Timestamp()> function() const {
        return [time = now_] { return *time; };
    }

private:
    std::shared_ptr<Timestamp> now_ =
        std::make_shared<Timestamp>(std::chrono::milliseconds{1'800'000'000'000});
};

inline constexpr std::chrono::milliseconds one_ms{1};

/// The id 00000000-0000-4000-8000-0000000000NN.
template <class AnyId>
AnyId numbered(std::uint8_t number) {
    AnyId id;
    id.value.data[6] = 0x40;
    id.value.data[8] = 0x80;
    id.value.data[15] = number;
    return id;
}

inline OrganisationId acme() { return numbered<OrganisationId>(1); }
inline OrganisationId umbrella() { return numbered<OrganisationId>(2); }

inline Document document(std::string_view text) { return Document::parse(text).value(); }

/// A Parameter's document, told apart by its description.
inline Document parameter(std::string_view name, std::string_view description = "") {
    return document(R"({"name":")" + std::string(name) +
                    R"(","in":"query","required":false,"type":"string","description":")" +
                    std::string(description) + R"("})");
}

/// The same with an id: the Parameter of that id, renamed perhaps.
inline Document parameter(ResourceId id, std::string_view name, std::string_view description = "") {
    std::string text = parameter(name, description).text();
    return document(R"({"id":")" + to_string(id) + R"(",)" + text.substr(1));
}

/// A Definition whose schema is `content`.
inline Document definition(std::string_view name, std::string_view content = "") {
    return document(
        R"({"name":")" + std::string(name) +
        R"(","accept":["application/json"],"schema":{"contentType":"text/plain","content":")" +
        std::string(content) + R"("}})");
}

inline Document action(std::string_view name, std::string_view path = "/") {
    return document(R"({"name":")" + std::string(name) +
                    R"(","type":"http","method":"GET","path":")" + std::string(path) +
                    R"(","parameters":[],"responses":[{"status":200}]})");
}

/// The code that a result failed with; REQUIREs that it did, and that the message has these words.
template <class T>
Errc error_of(const Result<T>& result, const std::vector<std::string>& words = {}) {
    REQUIRE(result.has_error());
    INFO(result.error().message);
    for (const std::string& word : words) CHECK_THAT(result.error().message, Catch::Contains(word));
    return result.error().code;
}

/// The fields that an error is about.
template <class T>
std::vector<std::string> fields_of(const Result<T>& result) {
    REQUIRE(result.has_error());
    std::vector<std::string> fields;
    for (const FieldError& each : result.error().fields) fields.push_back(each.field);
    return fields;
}

/// A temporary store with the connection "GitHub" of acme.
struct Fixture {
    explicit Fixture(Options options = {}) : store(make(clock, std::move(options))) {
        connection = store.create_connection(acme(), {.name = "GitHub"}).value().id;
    }

    [[nodiscard]] VersionKey key(std::string_view name) const { return {connection, name}; }
    [[nodiscard]] Snapshot snapshot() const { return store.snapshot().value(); }
    [[nodiscard]] ConnectionVersion version(std::string_view name) const {
        return snapshot().version(key(name)).value();
    }
    [[nodiscard]] Timestamp connection_updated_at() const {
        return snapshot().connection(connection).value().updated_at;
    }

    ConnectionVersion create(const std::string& name) {
        return store.create_version(connection, {.name = name}).value();
    }
    ConnectionVersion create(const std::string& name,
                             const std::function<Result<void>(Draft&)>& fill,
                             std::optional<std::string> from = {}) {
        const NewVersion wanted{.name = name, .from_version = std::move(from)};
        return store
            .write([&](Transaction& transaction) {
                return transaction.create_version(connection, wanted, fill);
            })
            .value();
    }
    ConnectionVersion clone(const std::string& name, const std::string& from) {
        return store.create_version(connection, {.name = name, .from_version = from}).value();
    }
    Resource put(std::string_view version, Kind kind, const Document& put) {
        return store
            .write([&](Transaction& transaction) {
                return transaction.draft(key(version)).value().put(kind, put);
            })
            .value();
    }
    /// Puts a Parameter.
    Resource put(std::string_view version, const Document& parameter) {
        return put(version, Kind::parameter, parameter);
    }
    void erase(std::string_view version, Kind kind, std::string_view name) {
        store.edit(key(version), [&](Draft& draft) { return draft.erase(kind, name); }).value();
    }
    void publish(std::string_view name) { store.publish(key(name)).value(); }

    /// The names of the version's resources of a kind, in their order.
    [[nodiscard]] std::vector<std::string> names(std::string_view version,
                                                 Kind kind = Kind::parameter) const {
        std::vector<std::string> names;
        for (const Resource& each : snapshot().resources(key(version), kind).value())
            names.push_back(each.name);
        return names;
    }
    /// The names of the connection's versions, in their order.
    [[nodiscard]] std::vector<std::string> versions() const {
        std::vector<std::string> names;
        for (const ConnectionVersion& each : snapshot().versions(connection).value())
            names.push_back(each.name);
        return names;
    }

    TestClock clock;
    Store store;
    ConnectionId connection{};

private:
    static Store make(const TestClock& clock, Options options) {
        options.clock = clock.function();
        options.durability = Durability::none;
        return Store::temporary(std::move(options)).value();
    }
};

using Names = std::vector<std::string>;

}  // namespace verso::engine
