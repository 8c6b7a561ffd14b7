// What the tests of the adapter work on: a temporary store behind an adapter, a clock that they
// move, three tokens, and short ways to ask and to look at answers.
#pragma once

#include <verso/http.hpp>
#include <verso/store.hpp>

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verso::http {

inline constexpr std::string_view acme = "00000000-0000-4000-8000-000000000001";
inline constexpr std::string_view umbrella = "00000000-0000-4000-8000-000000000002";
inline constexpr std::string_view nobodys_id = "00000000-0000-4000-8000-0000000000ff";

using Headers = std::vector<Header>;

/// An answer, and how to look at it.
struct Answer {
    unsigned status = 0;
    Headers headers = {};
    std::string body = {};

    /// The value of a header; empty where it is missing.
    [[nodiscard]] std::string header(std::string_view name) const {
        for (const Header& each : headers)
            if (each.name == name) return each.value;
        return {};
    }
    [[nodiscard]] boost::json::value json() const {
        INFO(body);
        return boost::json::parse(body);
    }
    /// What a JSON Pointer names, as JSON; empty where it is missing.
    [[nodiscard]] std::string at(std::string_view pointer) const {
        const boost::json::value value = json();
        boost::system::error_code error;
        const auto* found = value.find_pointer(pointer, error);
        return found == nullptr ? std::string() : boost::json::serialize(*found);
    }
    /// The error's code; empty where it is no error.
    [[nodiscard]] std::string code() const {
        const std::string quoted = body.empty() ? std::string() : at("/code");
        return quoted.size() < 2 ? quoted : quoted.substr(1, quoted.size() - 2);
    }
    /// The fields that the error is about.
    [[nodiscard]] std::vector<std::string> fields() const {
        std::vector<std::string> fields;
        const boost::json::value value = json();
        const auto* found = value.as_object().if_contains("fields");
        if (found == nullptr) return fields;
        for (const auto& each : found->as_array())
            fields.emplace_back(each.as_object().at("field").as_string().c_str());
        return fields;
    }
};

/// A request in words: `{.method = "PUT", .target = "/o/...", .body = "{}"}`.
struct Asked {
    std::string method = "GET";
    std::string target = {};
    std::string body = {};
    /// More headers.
    Headers headers = {};
    std::optional<std::string> content_type = "application/json";
    std::optional<std::string> token = "acme";
    bool is_body_too_large = false;
};

using Fields = std::vector<std::string>;

class Fixture {
public:
    explicit Fixture(verso::Options store_options = {}, Options options = {})
        : store(make_store(std::move(store_options))), adapter(make(std::move(options))) {
        connection = make_connection(acme, "GitHub");
        base = "/o/" + std::string(acme) + "/connections/" + connection;
    }

    [[nodiscard]] Answer ask(const Asked& asked) const {
        const Response response = adapter.handle(to_request(asked));
        return {response.status, response.headers, response.body};
    }
    /// What is answered before the body has come.
    [[nodiscard]] std::optional<Answer> ask_early(const Asked& asked) const {
        Request head = to_request(asked);
        head.body = {};
        const auto response = adapter.check_head(head);
        if (!response) return std::nullopt;
        return Answer{response->status, response->headers, response->body};
    }
    /// Targets that begin with no `/o/` are of the connection `GitHub`.
    [[nodiscard]] Answer ask(const std::string& method, const std::string& target,
                             const std::string& body = {}, const Headers& headers = {}) const {
        const bool is_whole = target.starts_with("/o/");
        return ask({.method = method,
                    .target = is_whole ? target : base + target,
                    .body = body,
                    .headers = headers});
    }
    [[nodiscard]] Answer get(const std::string& target, const Headers& headers = {}) const {
        return ask("GET", target, {}, headers);
    }
    [[nodiscard]] Answer post(const std::string& target, const std::string& body = "{}",
                              const Headers& headers = {}) const {
        return ask("POST", target, body, headers);
    }
    [[nodiscard]] Answer put(const std::string& target, const std::string& body,
                             const Headers& headers = {}) const {
        return ask("PUT", target, body, headers);
    }
    [[nodiscard]] Answer erase(const std::string& target, const std::string& body = {},
                               const Headers& headers = {}) const {
        return ask("DELETE", target, body, headers);
    }

    /// The connection's id.
    std::string make_connection(std::string_view organisation, const std::string& name) {
        const auto id = parse_id<OrganisationId>(organisation).value();
        return to_string(store.create_connection(id, {.name = name}).value().id);
    }
    void make_version(const std::string& name) const {
        REQUIRE(post("/versions", R"({"name":")" + name + R"("})").status == 201);
    }
    void publish(const std::string& name) const {
        REQUIRE(post("/versions/" + name + "/publish").status == 200);
    }

    std::shared_ptr<Timestamp> now =
        std::make_shared<Timestamp>(std::chrono::milliseconds{1'800'000'000'000});
    std::shared_ptr<std::vector<Error>> told = std::make_shared<std::vector<Error>>();
    Store store;
    Adapter adapter;
    std::string connection;
    std::string base;

private:
    /// Lifetime: that of what was asked.
    static Request to_request(const Asked& asked) {
        Headers headers = asked.headers;
        if (asked.token) headers.push_back({"Authorization", "Bearer " + *asked.token});
        if (asked.content_type && !asked.body.empty())
            headers.push_back({"Content-Type", *asked.content_type});
        return {.method = asked.method,
                .target = asked.target,
                .headers = std::move(headers),
                .body = asked.body,
                .is_body_too_large = asked.is_body_too_large};
    }
    Store make_store(verso::Options options) const {
        options.clock = [time = now] { return *time += std::chrono::milliseconds{1}; };
        return Store::temporary(std::move(options)).value();
    }
    Adapter make(Options options) const {
        if (!options.authenticator) options.authenticator = authenticate;
        options.on_error = [told = told](const Error& error) { told->push_back(error); };
        return {store, std::move(options)};
    }
    static std::optional<Principal> authenticate(const std::optional<Credential>& credential) {
        if (!credential) return std::nullopt;
        const std::string_view token = credential->value;
        const auto id = [](std::string_view text) {
            return parse_id<OrganisationId>(text).value();
        };
        if (token == "acme") return Principal{.organisations = {id(acme)}};
        if (token == "umbrella") return Principal{.organisations = {id(umbrella)}};
        if (token == "reader") return Principal{.organisations = {id(acme)}, .may_write = false};
        if (token == "writer") return Principal{.organisations = {id(acme)}, .may_read = false};
        if (token == "root") return Principal{.is_member_of_all = true};
        return std::nullopt;
    }
};

/// A text in JSON that has no escapes, without its quotes.
inline std::string unquoted(const std::string& text) { return text.substr(1, text.size() - 2); }

/// A Definition's document.
inline std::string definition(std::string_view name, std::string_view schema = "{}") {
    boost::json::object object{
        {"name", name},
        {"accept", {"application/json"}},
        {"schema", {{"contentType", "application/schema+json"}, {"content", schema}}}};
    return boost::json::serialize(object);
}
/// An Action's document; its response is the Definition of that name, if one is given.
inline std::string action(std::string_view name, std::string_view response = "") {
    boost::json::array definitions;
    if (!response.empty())
        definitions.push_back(boost::json::object{{"definition", {{"name", response}}}});
    boost::json::object object{{"name", name},
                               {"type", "http"},
                               {"method", "GET"},
                               {"path", "/pets"},
                               {"parameters", boost::json::array()},
                               {"responses", {{{"definitions", definitions}}}}};
    return boost::json::serialize(object);
}
inline std::string trigger(std::string_view name) {
    boost::json::object object{{"name", name},
                               {"type", "http"},
                               {"method", "POST"},
                               {"parameters", boost::json::array()},
                               {"responses", {{{"definitions", boost::json::array()}}}}};
    return boost::json::serialize(object);
}
inline std::string parameter(std::string_view name) {
    boost::json::object object{
        {"name", name}, {"in", "query"}, {"required", false}, {"type", "string"}};
    return boost::json::serialize(object);
}
inline std::string definitions(std::initializer_list<std::string> documents) {
    std::string list;
    for (const std::string& each : documents) list += (list.empty() ? "" : ",") + each;
    return R"({"definitions":[)" + list + "]}";
}

}  // namespace verso::http
