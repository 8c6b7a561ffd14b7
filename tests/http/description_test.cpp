// Goal:   docs/openapi.json describes what the adapter does, all of it and nothing else.
// Method: its operations are held against the table of routes, and the answers of a scenario that
//         calls every one of them against what it says of their statuses, headers and bodies.

#include "http/description.hpp"

#include "http/fixture.hpp"
#include "http/routes.hpp"
#include "read_file.hpp"

#include <algorithm>
#include <set>

namespace verso::http {
namespace {

const Description& description() {
    static const Description read;
    return read;
}

std::map<std::string, std::set<std::string>> methods_of_paths() {
    std::map<std::string, std::set<std::string>> paths;
    for (const Operation& each : description().operations()) paths[each.path].insert(each.method);
    return paths;
}

/// The patterns of the table of routes, as its source has them: the table itself answers only
/// whether a path is in it.
std::vector<std::string> patterns_of_table() {
    const std::string source = test::read_file(VERSO_ROUTES);
    const std::string begin = "Route{\"";
    std::vector<std::string> patterns;
    for (auto at = source.find(begin); at != source.npos; at = source.find(begin, at)) {
        at += begin.size();
        patterns.push_back(source.substr(at, source.find('"', at) - at));
    }
    return patterns;
}

/// The segments of a described path below the organisation; a parameter stays as it is written.
std::vector<std::string> described_segments(std::string path) {
    const std::string prefix = "/o/{organisation_id}/";
    REQUIRE(path.starts_with(prefix));
    path = path.substr(prefix.size());
    std::vector<std::string> segments{""};
    for (const char c : path)
        if (c == '/')
            segments.emplace_back();
        else
            segments.back() += c;
    return segments;
}

/// A described path in the notation of the table of routes.
std::string pattern_of(const std::string& path) {
    std::string pattern;
    for (const std::string& each : described_segments(path))
        pattern += (pattern.empty() ? "" : "/") + (each.starts_with('{') ? "{}" : each);
    return pattern;
}

std::set<std::string> split_list(const std::string& list) {
    std::set<std::string> words{};
    for (std::size_t at = 0; at < list.size();) {
        const std::size_t end = std::min(list.find(", ", at), list.size());
        words.insert(list.substr(at, end - at));
        at = end + 2;
    }
    return words;
}

/// Calls operations by their described paths and collects what is wrong with the answers.
class Caller {
public:
    /// `twice`: whether what changes something is asked for again, with an Idempotency-Key, to get
    /// the same answer.
    explicit Caller(bool twice = false) : twice_(twice) {}

    Answer call(unsigned status, const std::string& method, const std::string& below,
                const std::string& target, const std::string& body = {}, Headers headers = {}) {
        const Operation operation{method, "/o/{organisation_id}/connections" + below};
        called.insert(operation);
        const std::string root = "/o/" + std::string(acme) + "/connections";
        if (twice_) headers.push_back({"Idempotency-Key", std::to_string(++keys_)});
        const Answer answer = fixture.ask(method, root + target, body, headers);
        INFO(method << " " << target << ": " << answer.status << " " << answer.body);
        CHECK(answer.status == status);
        if (twice_) {
            const Answer again = fixture.ask(method, root + target, body, headers);
            CHECK(again.status == status);
            CHECK(again.body == answer.body);
            CHECK(again.header("ETag") == answer.header("ETag"));
        }
        std::map<std::string, std::string> map;
        for (const Header& each : answer.headers) map[each.name] = each.value;
        CHECK(description().faults(operation, answer.status, map, answer.body) ==
              std::vector<std::string>{});
        return answer;
    }

    Fixture fixture;
    std::set<Operation> called;

private:
    bool twice_;
    int keys_ = 0;
};

const std::string versions_path = "/{connection_id}/versions";
const std::string version_path = versions_path + "/{version}";
constexpr const char* harbour =
    R"({"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/ships/{id}":{"get":{
    "responses":{"200":{"description":"d","content":{"application/json":{"schema":{}}}}}}}}})";

void call_connections(Caller& caller) {
    const std::string own = "/" + caller.fixture.connection;
    caller.call(201, "POST", "", "", R"({"name":"New","properties":{"a":[1]}})");
    caller.call(409, "POST", "", "", R"({"name":"New"})");
    caller.call(400, "POST", "", "", R"({"nane":"New"})");
    caller.call(200, "GET", "", "?first=1");
    caller.call(400, "GET", "", "?after=x");
    caller.call(200, "HEAD", "", "");
    caller.call(200, "GET", "/{connection_id}", own);
    caller.call(404, "GET", "/{connection_id}", "/" + std::string(nobodys_id));
    caller.call(404, "HEAD", "/{connection_id}", "/" + std::string(nobodys_id));
    caller.call(200, "HEAD", "/{connection_id}", own);
    caller.call(200, "PUT", "/{connection_id}", own, R"({"properties":{}})");
    caller.call(401, "GET", "/{connection_id}", own, {}, {{"Authorization", "Bearer x"}});
    caller.call(412, "DELETE", "/{connection_id}", own, {}, {{"If-Match", "\"1\""}});
}

void call_versions(Caller& caller, const std::string& own) {
    caller.call(201, "POST", versions_path, own + "/versions", R"({"name":"1"})");
    caller.call(400, "POST", versions_path, own + "/versions", R"({"name":"2","fromVersion":"x"})");
    caller.call(400, "POST", versions_path, own + "/versions", R"({"name":"latest"})");
    caller.call(200, "GET", versions_path, own + "/versions");
    caller.call(200, "HEAD", versions_path, own + "/versions");
    const std::string import = R"({"name":"i","document":)" + std::string(harbour) + "}";
    caller.call(201, "POST", versions_path + ":import", own + "/versions:import", import);
    caller.call(400, "POST", versions_path + ":import", own + "/versions:import",
                R"({"name":"j","document":{"openapi":"2"}})");
    for (const std::string plural : {"/actions", "/definitions", "/parameters", "/triggers"})
        caller.call(200, "GET", version_path + plural, own + "/versions/i" + plural);
    const std::string one = own + "/versions/1";
    caller.call(200, "GET", version_path, one);
    caller.call(304, "GET", version_path, one, {}, {{"If-None-Match", "\"1\""}});
    caller.call(200, "HEAD", version_path, one);
    caller.call(304, "HEAD", version_path, one, {}, {{"If-None-Match", "\"1\""}});
    caller.call(412, "PUT", version_path, one, "{}", {{"If-Match", "\"7\""}});
    caller.call(200, "PUT", version_path, one, R"({"description":"d"})");
    caller.call(204, "DELETE", version_path, own + "/versions/i");
}

/// Leaves a resource of this name.
void call_resources(Caller& caller, const std::string& one, const std::string& plural,
                    const std::string& name, const std::string& document) {
    const std::string single = plural + "/{name}";
    const bool is_many = plural == "/definitions";
    const std::string body = is_many ? definitions({document}) : document;
    caller.call(201, "POST", version_path + plural, one + plural, body);
    caller.call(409, "POST", version_path + plural, one + plural, body);
    caller.call(400, "POST", version_path + plural, one + plural, "{}");
    caller.call(200, "GET", version_path + plural, one + plural + "?first=1&name=" + name);
    caller.call(200, "HEAD", version_path + plural, one + plural);
    caller.call(304, "GET", version_path + plural, one + plural, {}, {{"If-None-Match", "*"}});
    caller.call(200, "GET", version_path + single, one + plural + "/" + name);
    caller.call(200, "HEAD", version_path + single, one + plural + "/" + name);
    caller.call(404, "GET", version_path + single, one + plural + "/none");
    caller.call(200, "PUT", version_path + single, one + plural + "/" + name, document);
    caller.call(400, "PUT", version_path + single, one + plural + "/" + name, "[]");
    caller.call(204, "DELETE", version_path + single, one + plural + "/" + name);
    caller.call(201, "POST", version_path + plural, one + plural, body);
}

std::string action_at(std::string_view path) {
    std::string document = action("A", "Pet");
    const std::string_view pets = "/pets";
    return document.replace(document.find(pets), pets.size(), path);
}

void call_history(Caller& caller, const std::string& own) {
    const std::string two = own + "/versions/2";
    caller.call(201, "POST", versions_path, own + "/versions", R"({"name":"2","fromVersion":"1"})");
    caller.call(201, "POST", version_path + "/actions", two + "/actions", action("More"));
    caller.call(200, "PUT", version_path + "/actions/{name}", two + "/actions/A",
                action_at("/ours"));
    caller.call(200, "GET", version_path + "/commits", two + "/commits?first=1");
    caller.call(200, "HEAD", version_path + "/commits", two + "/commits");
    caller.call(400, "GET", version_path + "/commits", two + "/commits?first=0");
    caller.call(200, "GET", version_path + "/changes", two + "/changes?from=1&first=1");
    caller.call(200, "GET", version_path + "/changes", two + "/changes?from=1&patch");
    caller.call(200, "HEAD", version_path + "/changes", two + "/changes?from=1");
    caller.call(400, "GET", version_path + "/changes", two + "/changes");
    caller.call(404, "GET", version_path + "/changes", two + "/changes?from=1&commit=99");
    caller.call(404, "GET", version_path + "/actions", two + "/actions?commit=99");
    const std::string commit = caller.call(200, "GET", version_path + "/commits", two + "/commits")
                                   .at("/commits/1/number");
    caller.call(200, "GET", version_path + "/actions", two + "/actions?commit=" + commit);
    caller.call(200, "HEAD", version_path + "/actions/{name}", two + "/actions/A?commit=" + commit);
    caller.call(200, "GET", "/{connection_id}/lineage", own + "/lineage");
    caller.call(200, "HEAD", "/{connection_id}/lineage", own + "/lineage");
    caller.call(200, "PUT", version_path + "/actions/{name}", own + "/versions/1/actions/A",
                action_at("/theirs"));
    const std::string merge = version_path + "/merge";
    caller.call(400, "POST", merge, two + "/merge", R"({"from":"9"})");
    caller.call(409, "POST", merge, two + "/merge", R"({"from":"1"})");
    caller.call(200, "POST", merge, two + "/merge", R"({"from":"1","dryRun":true})");
    caller.call(200, "POST", merge, two + "/merge", R"({"from":"1","policy":"theirs"})");
    caller.call(204, "DELETE", version_path, two);
}

void call_states(Caller& caller, const std::string& own) {
    const std::string one = own + "/versions/1";
    caller.call(412, "DELETE", version_path + "/definitions/{name}", one + "/definitions/Pet");
    caller.call(412, "DELETE", version_path + "/definitions", one + "/definitions",
                R"({"all":true})");
    caller.call(200, "POST", version_path + "/publish", one + "/publish");
    caller.call(409, "POST", version_path + "/actions", one + "/actions", action("B"));
    caller.call(409, "DELETE", version_path, one);
    caller.call(200, "GET", version_path, own + "/versions/latest");
    caller.call(200, "POST", version_path + "/unpublish", one + "/unpublish");
    caller.call(204, "DELETE", version_path + "/definitions", one + "/definitions?force",
                R"({"names":["Pet"]})");
    // What dangles now is an error of its referrer.
    caller.call(200, "GET", version_path + "/actions", one + "/actions");
    caller.call(409, "POST", version_path + "/publish", one + "/publish");
    caller.call(409, "DELETE", "/{connection_id}", own);
}

void call_options(Caller& caller, const std::string& own) {
    const std::map<std::string, std::string> values{{"{connection_id}", own.substr(1)},
                                                    {"{version}", "1"}};
    const std::map<std::string, std::string> resources{
        {"actions", "A"}, {"definitions", "Pet"}, {"triggers", "T"}, {"parameters", "P"}};
    for (const auto& [path, methods] : methods_of_paths()) {
        std::string target;
        std::string before;
        for (const std::string& each : described_segments(path)) {
            std::string segment = each;
            if (each.starts_with("{connection_id}"))
                segment = values.at("{connection_id}");
            else if (each == "{version}")
                segment = values.at(each);
            else if (each == "{name}")
                segment = resources.at(before);
            if (!before.empty()) target += "/" + segment;
            before = each;
        }
        const std::string below =
            path.substr(std::string("/o/{organisation_id}/connections").size());
        const Answer answer = caller.call(204, "OPTIONS", below, target);
        CHECK(split_list(answer.header("Allow")) == methods);
        const std::string root = "/o/" + std::string(acme) + "/connections";
        for (const char* method : {"GET", "POST", "PUT", "DELETE", "PATCH"})
            if (!methods.contains(method))
                CHECK(caller.fixture.ask(method, root + target).status == 405);
    }
}

}  // namespace

TEST_CASE("description: it has the paths of the table of routes", "[http]") {
    const auto paths = methods_of_paths();
    std::set<std::string> described;
    for (const auto& [path, methods] : paths) {
        INFO(path);
        const Route* route = find_route(described_segments(path));
        REQUIRE(route != nullptr);
        CHECK(route->pattern == pattern_of(path));
        CHECK(split_list(route->allow()) == methods);
        described.insert(std::string(route->pattern));
    }
    std::set<std::string> routed;
    for (std::string& pattern : patterns_of_table()) routed.insert(std::move(pattern));
    CHECK(described == routed);
}

TEST_CASE("description: the answers of every operation are as it says", "[http]") {
    Caller caller(GENERATE(false, true));
    const std::string own = "/" + caller.fixture.connection;
    const std::string one = own + "/versions/1";
    call_connections(caller);
    call_versions(caller, own);
    call_resources(caller, one, "/definitions", "Pet", definition("Pet"));
    call_resources(caller, one, "/parameters", "P", parameter("P"));
    call_resources(caller, one, "/actions", "A", action("A", "Pet"));
    call_resources(caller, one, "/triggers", "T", trigger("T"));
    call_history(caller, own);
    call_options(caller, own);
    call_states(caller, own);
    caller.call(204, "DELETE", "/{connection_id}", own + "?force");
    for (const Operation& each : description().operations()) {
        INFO(each.method << " " << each.path);
        CHECK(caller.called.contains(each));
    }
}

TEST_CASE("description: what is not as it says is found", "[http]") {
    const auto faults = [](std::string_view schema, std::string_view text) {
        return description().faults(schema, boost::json::parse(text));
    };
    using Faults = std::vector<std::string>;
    CHECK(faults("VersionState", "{}") == Faults{"/version is missing"});
    CHECK(faults("Health", R"({"status":"ok","more":1})") == Faults{"/more is not described"});
    CHECK(faults("Health", R"({"status":"bad"})") == Faults{R"(/status is not "ok")"});
    CHECK(faults("Error", R"({"code":"no","message":1})").size() == 2);
    CHECK(faults("NewVersion", R"({"name":"latest"})").size() == 1);
    CHECK(faults("DefinitionSelection", R"({"all":true,"ids":[]})").size() == 1);
    CHECK(faults("Reference", "{}").size() == 1);
    CHECK(faults("Reference", R"({"name":"a"})").empty());
    const Operation read{"GET", "/o/{organisation_id}/connections/{connection_id}"};
    CHECK(description().faults(read, 418, {}, "{}").size() == 1);
    CHECK(description().faults(read, 401, {}, R"({"code":"unauthenticated","message":"m"})") ==
          Faults{"the header WWW-Authenticate is missing"});
    CHECK(description().faults(read, 404, {}, R"({"code":"name_taken","message":"m"})").size() ==
          1);
}

}  // namespace verso::http
