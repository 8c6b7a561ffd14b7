#include "openapi/convert.hpp"

#include "domain/failure.hpp"
#include "domain/schema_references.hpp"
#include "openapi/allowance.hpp"
#include "openapi/components.hpp"
#include "openapi/definitions.hpp"
#include "openapi/operations.hpp"
#include "openapi/parameters.hpp"
#include "openapi/paths.hpp"
#include "openapi/references.hpp"

#include <map>
#include <utility>

namespace verso::openapi {

namespace {

ParsedJson parse(std::string_view text, std::size_t max_bytes) {
    // As deep as a schema may be, and the levels that a description has around it.
    constexpr unsigned max_depth = schema_limits.max_depth + 16;
    auto parsed = parse_json(text, {.max_bytes = max_bytes, .max_depth = max_depth});
    if (parsed) return std::move(*parsed);
    if (parsed.error().code == Errc::limit_exceeded) fail(parsed.error());
    fail(import_error("", parsed.error().message));
}

/// Fails where the document is no description of a version that is known.
void check_format(JsonView root) {
    if (!root.is_object()) {
        std::string found = "is ";
        found += to_string(root.type());
        fail(import_error("",
                          found + "; give an OpenAPI 3.0 or 3.1 description, which is an object"));
    }
    if (const auto swagger = root.find("swagger"))
        fail(import_error("/swagger", "is that of Swagger " + std::string(swagger->text()) +
                                          "; convert the description to OpenAPI 3.0 or 3.1 first"));
    const auto version = root.find("openapi");
    if (!version)
        fail(import_error("", "has no member openapi; give an OpenAPI 3.0 or 3.1 description"));
    const std::string written = version->is_string() ? version->string() : std::string();
    const bool known = written == "3.0" || written == "3.1" || written.starts_with("3.0.") ||
                       written.starts_with("3.1.");
    if (!known)
        fail(import_error("/openapi", "is " + std::string(version->text()) +
                                          ", a version that is not read; give OpenAPI 3.0 or 3.1"));
}

/// The first server's URL, with the defaults of its variables.
std::optional<std::string> read_base_url(JsonView root) {
    const auto servers = root.find("servers");
    if (!servers || servers->elements().empty()) return std::nullopt;
    const JsonView server = *servers->elements().begin();
    const auto url = server.find("url");
    if (!url || !url->is_string()) return std::nullopt;
    std::map<std::string, std::string, std::less<>> defaults;
    if (const auto variables = server.find("variables"))
        for (const auto [key, variable] : variables->members())
            if (const auto value = variable.find("default"); value && value->is_string())
                defaults.emplace(key.string(), value->string());
    return fill_braces(url->string(), std::move(defaults));
}

/// Gives names to the resources of kinds whose documents hold none.
void name_kept(std::vector<ConvertedResource>& resources) {
    std::map<Kind, Names> names;
    const auto for_each_kept = [&](auto visit) {
        for (ConvertedResource& resource : resources)
            if (resource.kind > Kind::parameter)
                visit(resource, names.try_emplace(resource.kind, resource.kind).first->second);
    };
    for_each_kept(
        [](ConvertedResource& resource, Names& of_kind) { of_kind.reserve(resource.name); });
    for_each_kept([](ConvertedResource& resource, Names& of_kind) {
        resource.name = of_kind.take(resource.name);
    });
}

/// The parts that convert a document, tied together in the order that their names need.
class Converter {
public:
    explicit Converter(const ParsedJson& json)
        : root_(json.root()),
          references_(json.text()),
          pointers_(root_),
          allowance_(json.text().size()),
          definitions_(messages_, allowance_),
          types_(pointers_),
          parameters_(pointers_, types_, messages_, allowance_),
          bodies_(definitions_, pointers_, messages_, allowance_),
          operations_(parameters_, bodies_, messages_, allowance_) {}

    Conversion run() && {
        check_references(root_, references_, pointers_, messages_);
        const auto components = member("components");
        if (components) convert_components(*components);
        if (const auto paths = member("paths"))
            operations_.gather_paths(*paths, place_, resources_);
        if (const auto webhooks = member("webhooks"))
            operations_.gather_webhooks(*webhooks, place_, resources_);
        if (components)
            if (const auto callbacks = section(*components, "callbacks"))
                operations_.gather_callbacks(*callbacks, components_place_);
        operations_.write(resources_);
        definitions_.write(references_, resources_);
        convert_rest(root_, resources_);
        if (messages_.has_errors()) fail(messages_.to_error());
        name_kept(resources_);
        return {std::move(resources_), read_base_url(root_), std::move(messages_).take()};
    }

private:
    void convert_components(JsonView components) {
        if (const auto schemas = section(components, "schemas"))
            definitions_.add_components(*schemas, Place{&components_place_, "schemas"});
        if (const auto parameters = section(components, "parameters")) {
            const Place place{&components_place_, "parameters"};
            for (const auto [key, value] :
                 parameters_.add_components(*parameters, place, resources_)) {
                const std::string name = key.string();
                resources_.push_back(kept_part(Kind::document, "components.parameters." + name,
                                               Place{&place, name}.pointer(), value.text()));
            }
        }
        convert_shared_bodies(components, components_place_, bodies_, resources_, messages_);
        convert_kept_components(components, components_place_, resources_, messages_);
    }

    [[nodiscard]] std::optional<JsonView> member(std::string_view name) {
        return find_typed(root_, name, JsonType::object, place_, messages_);
    }
    [[nodiscard]] std::optional<JsonView> section(JsonView components, std::string_view name) {
        return find_typed(components, name, JsonType::object, components_place_, messages_);
    }

    JsonView root_;
    const Place place_;
    const Place components_place_{&place_, "components"};
    Messages messages_;
    ReferencePositions references_;
    Pointers pointers_;
    Allowance allowance_;
    Definitions definitions_;
    ScalarTypes types_;
    Parameters parameters_;
    Bodies bodies_;
    Operations operations_;
    std::vector<ConvertedResource> resources_;
};

}  // namespace

Conversion convert(std::string_view text, std::size_t max_bytes) {
    const ParsedJson json = parse(text, max_bytes);
    check_format(json.root());
    return Converter(json).run();
}

}  // namespace verso::openapi
