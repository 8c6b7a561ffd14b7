// Goal: nothing of a description is lost and nothing of the one before it stays, however odd both
// are. Method: random changes anywhere in descriptions. What is not refused must come back token
// for token, and the same resources from an empty version as from one with another description.
// And random edits of versions, whose descriptions must be imported again and say the same.
#include "less_if_sanitized.hpp"
#include "reconstruction.hpp"
#include "samples.hpp"
#include "soundness.hpp"

#include <verso/verso.hpp>

#include <boost/json.hpp>

#include <array>
#include <map>
#include <random>

using namespace verso;
using namespace verso::openapi;
using namespace verso::openapi::test;
using verso::test::less_if_sanitized;

namespace {

using Texts = std::vector<std::string>;

/// Changes descriptions at random.
class Spoiler {
public:
    explicit Spoiler(std::uint64_t seed) : random_(seed) {}

    std::uint64_t below(std::uint64_t count) { return random_() % count; }

    std::string spoil(std::string_view text, std::uint64_t changes) {
        boost::json::value description = boost::json::parse(text, {}, deep());
        while (changes-- > 0) change(description);
        return boost::json::serialize(description);
    }

private:
    static boost::json::parse_options deep() {
        boost::json::parse_options o;
        o.max_depth = 200;
        return o;
    }
    using Values = std::vector<boost::json::value*>;

    static void collect(boost::json::value& value, Values& all) {
        all.push_back(&value);
        if (auto* object = value.if_object())
            for (auto& each : *object) collect(each.value(), all);
        if (auto* array = value.if_array())
            for (auto& each : *array) collect(each, all);
    }
    /// One of a description's values; mostly of a kind that can be changed inside.
    boost::json::value& some_value(boost::json::value& description) {
        Values all;
        collect(description, all);
        for (int tries = 0; tries < 4; ++tries) {
            boost::json::value& one = *all[below(all.size())];
            if (one.is_structured()) return one;
        }
        return *all[below(all.size())];
    }
    std::string some_key() {
        static const char* const keys[] = {
            "$ref",     "name",        "id",        "openapi",     "parameters", "",
            "a/b",      "~1",          "x-a",       "get",         "type",       "/{x}/{y}",
            "200",      "default",     "responses", "requestBody", "content",    "schema",
            "in",       "path",        "required",  "callbacks",   "errors",     "paths",
            "webhooks", "components",  "schemas",   "examples",    "example",    "operationId",
            "Berth",    "berth",       "4XX",       "allOf",       "$defs",      "description",
            "servers",  "definitions", "status",    "headers",     "links",      "properties"};
        return keys[below(std::size(keys))];
    }
    boost::json::value some_scalar() {
        switch (below(12)) {
            case 0: return nullptr;
            case 1: return below(2) == 0;
            case 2: return below(3);
            case 3: return "";
            case 4: return boost::json::object{};
            case 5: return boost::json::array{};
            case 6: return boost::json::string("#/components/schemas/" + some_key());
            case 7: return boost::json::string("#/components/parameters/" + some_key());
            case 8: return boost::json::string("#/components/responses/" + some_key());
            case 9: return boost::json::object{{"$ref", "#/components/schemas/" + some_key()}};
            case 10: return "path";
            default: return boost::json::string(some_key());
        }
    }
    void change(boost::json::value& description) {
        boost::json::value& one = some_value(description);
        const boost::json::value other = some_value(description);
        auto* const object = one.if_object();
        switch (below(7)) {
            case 0: one = other; return;
            case 1: one = some_scalar(); return;
            case 2:
                if (object) (*object)[some_key()] = other;
                return;
            case 3:
                if (object) (*object)[some_key()] = some_scalar();
                return;
            case 4: {
                if (!object || object->empty()) return;
                const auto at =
                    object->begin() + static_cast<std::ptrdiff_t>(below(object->size()));
                boost::json::value moved = at->value();
                object->erase(at);
                (*object)[some_key()] = moved;
                return;
            }
            case 5:
                if (auto* const array = one.if_array())
                    array->insert(
                        array->begin() + static_cast<std::ptrdiff_t>(below(array->size() + 1)),
                        other);
                return;
            default:
                if (object && !object->empty())
                    object->erase(object->begin() +
                                  static_cast<std::ptrdiff_t>(below(object->size())));
                if (auto* const array = one.if_array(); array && !array->empty())
                    array->erase(array->begin() +
                                 static_cast<std::ptrdiff_t>(below(array->size())));
        }
    }

    std::mt19937_64 random_;
};

/// Of everything that is seldom seen, some.
std::string odd_description() {
    return description(R"("paths": {
        "/a": {"get": {
            "id": 1, "name": "n", "type": 2, "method": "m", "path": "p", "errors": [], "x-b": 5,
            "referencedBy": 0, "openapi": {"key": "k"},
            "parameters": [
                {"name": "q", "in": "query", "required": false, "type": "x", "default": 4,
                 "openapi": 5},
                {"name": "c", "in": "cookie"},
                {"$ref": "#/components/parameters/a%20b"},
                {"$ref": "#/components/parameters/x~1y", "description": "d"},
                {"$ref": "#/paths/~1a/get/parameters/0"}],
            "requestBody": {"definitions": [], "openapi": {}},
            "responses": {
                "200": {"status": 1, "definitions": 2, "openapi": 3, "required": 4, "content": {
                    "a/b": {"schema": {"$ref": "#/components/schemas/a%20b"}},
                    "c/d": {"schema": {"$ref": "#/components/schemas/x~1y"}},
                    "e/f": {"schema": {"$ref": "#/components/schemas/a b/properties/p"}},
                    "i/j": {"schema": true}}},
                "404": {"$ref": "#/components/responses/B", "description": "d"},
                "405": {"$ref": "#/paths/~1a/get/responses/200"},
                "2XX": {"description": "d"}}}},
        "/b/{c}": {"post": {"callbacks": {
            "done": {"{$url}": {"summary": "s", "parameters": [{"name": "p", "in": "header"}],
                                "post": {"responses": {}}, "put": {}},
                     "x-a": 1},
            "shared": {"$ref": "#/components/callbacks/C"},
            "none": {}}}}},
    "webhooks": {"w": {"post": {"operationId": "w", "parameters": [{"name": "p", "in": "path"}]}}},
    "components": {
        "schemas": {
            "a b": {"$defs": {"q": {}}, "properties": {"p": {"$ref": "#/$defs/q"},
                                                       "r": {"$ref": "#/components/schemas/x~1y"}}},
            "x/y": {"discriminator": {"mapping": {"s": "#/components/schemas/a b", "t": "a b"}}}},
        "parameters": {"a b": {"name": "p", "in": "query", "required": false, "type": "x"},
                       "x/y": {"$ref": "#/components/parameters/a b"}},
        "requestBodies": {"A": {"$ref": "#/components/requestBodies/B"},
                          "B": {"required": true, "content": {"a/b": {"schema": {}}}}},
        "responses": {"A": {"$ref": "#/components/responses/B"},
                      "B": {"openapi": 1, "content": {"a/b": {"schema": {"type": "null"}}}}},
        "callbacks": {"C": {"{$url}": {"post": {"operationId": "c"}, "servers": []}}},
        "examples": {"E": {"openapi": 1, "value": {"id": 1}}},
        "pathItems": {"I": {"get": {"operationId": "kept"}}}})",
                       "3.1.0");
}

/// One connection whose every version is made from the one before, and one with each for itself.
class Releases {
public:
    /// Answers whether the description is one.
    bool import(std::string_view text) {
        NewVersion version{.name = std::to_string(++count_)};
        const auto alone = import_openapi(store_, alone_, version, text);
        version.from_version = newest_;
        const auto next = import_openapi(store_, following_, version, text);
        REQUIRE(next.has_value() == alone.has_value());
        if (!next) {
            CHECK(next.error().code == Errc::import_invalid);
            CHECK(next.error().fields == alone.error().fields);
            return false;
        }
        newest_ = version.name;
        CHECK(next->messages == alone->messages);
        CHECK(next->added + next->changed + next->unchanged == alone->added);
        CHECK(content(following_) == content(alone_));
        for (const ConnectionId connection : {following_, alone_}) {
            const auto back = export_openapi(store_.snapshot().value(), {connection, version.name});
            CHECK(differences(back.value(), text) == Texts{});
        }
        const NewVersion same{.name = version.name + " again", .from_version = newest_};
        const ImportResult again = import_openapi(store_, following_, same, text).value();
        CHECK(again.added + again.changed + again.removed == 0);
        return true;
    }

    void check_store() const { check_is_sound(store_); }

private:
    /// The newest version's resources, but for their ids.
    [[nodiscard]] std::string content(ConnectionId connection) const {
        std::string all;
        const Snapshot snapshot = store_.snapshot().value();
        for (const Kind kind : all_kinds)
            for (const Resource& each : snapshot.resources({connection, *newest_}, kind).value())
                all += std::string(to_string(kind)) + ' ' + each.name + ' ' + each.document.text() +
                       '\n';
        return all;
    }

    Store store_ = Store::temporary({.durability = Durability::none}).value();
    ConnectionId following_ = store_.create_connection({}, {.name = "Following"}).value().id;
    ConnectionId alone_ = store_.create_connection({}, {.name = "Alone"}).value().id;
    std::optional<std::string> newest_;
    int count_ = 0;
};

/// Changes resources of a draft at random.
class Editor {
public:
    explicit Editor(std::uint64_t seed) : random_(seed) {}

    std::uint64_t below(std::uint64_t count) { return random_() % count; }

    /// What cannot be done is not.
    void edit(Draft& draft) {
        const Kind kind =
            std::array{Kind::action, Kind::definition, Kind::parameter, Kind::trigger}[below(4)];
        const std::string name = some(draft, kind);
        switch (below(5)) {
            case 0: return put(draft, Kind::definition, some_definition(draft));
            case 1: return put(draft, Kind::action, some_action(draft));
            case 2: return put(draft, Kind::parameter, some_parameter());
            case 3:
                if (name.empty()) return;
                told_ += " erase " + std::string(to_string(kind)) + ' ' + name;
                return static_cast<void>(draft.erase(kind, name, below(2) == 0));
            default:
                if (!name.empty()) change(draft, kind, name);
        }
    }
    [[nodiscard]] const std::string& told() const { return told_; }

private:
    using Object = boost::json::object;

    std::string some_name() { return std::string(1, static_cast<char>('A' + below(6))); }
    /// The name of a resource; empty where there is none.
    std::string some(Draft& draft, Kind kind) {
        const auto all = draft.list(kind).value();
        return all.empty() ? std::string() : all[below(all.size())].name;
    }
    void put(Draft& draft, Kind kind, const Object& object) {
        const std::string text = boost::json::serialize(object);
        told_ += " put " + std::string(to_string(kind)) + ' ' + text;
        static_cast<void>(draft.put(kind, Document::parse(text).value()));
    }
    boost::json::array some_uses(Draft& draft, Kind kind, std::string_view member) {
        boost::json::array uses;
        for (std::uint64_t left = below(3); left > 0; --left)
            if (const std::string name = some(draft, kind); !name.empty())
                uses.push_back(Object{{member, Object{{"name", name}}}});
        return uses;
    }
    Object some_definition(Draft& draft) {
        const std::string content =
            below(2) == 0 ? R"({"type":"object"})"
                          : R"({"$ref":"#/$defs/)" + some(draft, Kind::definition) + "\"}";
        return {{"name", some_name()},
                {"accept", {below(2) == 0 ? "application/json" : "text/plain"}},
                {"schema", {{"contentType", "application/schema+json"}, {"content", content}}}};
    }
    Object some_action(Draft& draft) {
        Object action{{"name", some_name()},
                      {"method", below(2) == 0 ? "GET" : "POST"},
                      {"path", "/" + some_name()},
                      {"parameters", some_uses(draft, Kind::parameter, "parameter")}};
        const auto bodies = some_uses(draft, Kind::definition, "definition");
        action["responses"] = boost::json::array{Object{{"status", 200}, {"definitions", bodies}}};
        if (below(2) == 0)
            action["requestBody"] = {{"required", below(2) == 0}, {"definitions", bodies}};
        return action;
    }
    Object some_parameter() {
        return {{"name", some_name()},
                {"in", below(2) == 0 ? "query" : "header"},
                {"required", below(2) == 0},
                {"type", "string"}};
    }
    /// One member, its name perhaps.
    void change(Draft& draft, Kind kind, const std::string& name) {
        Object object =
            boost::json::parse(draft.get(kind, name).value().document.text()).as_object();
        if (below(3) == 0)
            object["name"] = below(2) == 0 ? some_name() : name + "_x";
        else if (kind == Kind::parameter)
            object[below(2) == 0 ? "in" : "type"] = "header";
        else if (kind == Kind::definition)
            object["accept"] = boost::json::array{"a/c"};
        else
            object[below(2) == 0 ? "description" : "method"] = "PUT";
        const std::string text = boost::json::serialize(object);
        told_ += " change " + std::string(to_string(kind)) + ' ' + name + " to " + text;
        static_cast<void>(draft.replace(kind, name, Document::parse(text).value()));
    }

    std::mt19937_64 random_;
    std::string told_;
};

}  // namespace

TEST_CASE("descriptions: what is exported of an edited version says all of it", "[openapi]") {
    const std::string samples[] = {harbour("1.0.0"), odd_description(), description("")};
    const auto count = [](const Store& store, const VersionKey& version) {
        std::map<Kind, std::uint64_t> counts;
        for (const Kind kind : {Kind::action, Kind::parameter, Kind::trigger})
            counts[kind] = store.snapshot()->count_resources(version, kind).value();
        return counts;
    };
    for (std::uint64_t seed = 0; seed < less_if_sanitized(50, 6); ++seed) {
        CAPTURE(seed);
        Editor editor(seed);
        Store store = Store::temporary({.durability = Durability::none}).value();
        const VersionKey edited{store.create_connection({}, {.name = "A"}).value().id, "edited"};
        const ConnectionId other = store.create_connection({}, {.name = "B"}).value().id;
        REQUIRE(import_openapi(store, edited.connection, {.name = "edited"}, samples[seed % 3])
                    .has_value());
        for (int round = 0; round < 4; ++round) {
            store
                .edit(edited,
                      [&](Draft& draft) -> Result<void> {
                          for (std::uint64_t left = 1 + editor.below(3); left > 0; --left)
                              editor.edit(draft);
                          return {};
                      })
                .value();
            CAPTURE(round, editor.told());
            const auto text = export_openapi(store.snapshot().value(), edited);
            if (!text) {
                CHECK(text.error().code == Errc::version_invalid);  // two of one path and method
                continue;
            }
            const std::string name = std::to_string(round);
            REQUIRE(import_openapi(store, other, {.name = name}, *text).has_value());
            const VersionKey again{other, name};
            CHECK(count(store, again) == count(store, edited));
            CHECK(differences(export_openapi(store.snapshot().value(), again).value(), *text) ==
                  Texts{});
        }
    }
}

TEST_CASE("descriptions: whatever is imported comes back", "[openapi]") {
    const std::string samples[] = {harbour("1.0.0"), harbour("1.1.0"), odd_description()};
    for (const std::string& sample : samples) REQUIRE(Releases().import(sample));
    for (std::uint64_t seed = 0; seed < less_if_sanitized(50, 6); ++seed) {
        CAPTURE(seed);
        Spoiler spoiler(seed);
        Releases releases;
        std::string text = samples[spoiler.below(std::size(samples))];
        for (int release = 0; release < 6; ++release) {
            if (spoiler.below(6) == 0) text = samples[spoiler.below(std::size(samples))];
            const std::string next = spoiler.spoil(text, 1 + spoiler.below(4));
            CAPTURE(release, next);
            if (releases.import(next)) text = next;
        }
        releases.check_store();
    }
}
