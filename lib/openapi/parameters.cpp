#include "openapi/parameters.hpp"

#include "openapi/paths.hpp"

#include <algorithm>
#include <array>

namespace verso::openapi {

namespace {

using std::string_view;

constexpr std::array<string_view, 3> action_locations{"path", "query", "header"};
constexpr std::array<string_view, 3> trigger_locations{"query", "header", "cookie"};

template <std::size_t size>
bool contains(const std::array<string_view, size>& names, string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// The members that a parameter's shape has, written anew.
template <class Facts>
void write_facts(JsonWriter& json, string_view name, const Facts& facts) {
    json.key("name").string(name).key("in").string(facts.in);
    json.key("required").boolean(facts.required).key("type").string(facts.typed.type);
    if (const auto& value = facts.typed.default_value) json.key("default").raw(value->text());
}

/// Copies the rest of a parameter that is written out. Of one that is a reference, the shape's
/// members stand nowhere in the source, and `$ref` says where they come from.
void copy_parameter(JsonWriter& json, JsonView source, Notes& notes) {
    constexpr std::array<string_view, 6> own{"name", "in",      "required",
                                             "type", "default", "openapi"};
    constexpr std::array<string_view, 3> own_of_written{"type", "default", "openapi"};
    constexpr std::array<string_view, 3> handled{"name", "in", "required"};
    if (source.find("$ref")) {
        copy_members(json, source, {own, {}}, notes);
        return;
    }
    copy_members(json, source, {own_of_written, handled}, notes);
    if (const auto required = source.find("required"); required && !required->is_true())
        notes.displace("required", *required);
}

}  // namespace

std::vector<JsonMember> Parameters::add_components(JsonView components, const Place& place,
                                                   std::vector<ConvertedResource>& resources) {
    std::vector<JsonMember> others;
    std::string scratch;
    for (const auto [key, value] : components.members()) names_.reserve(key.string(scratch));
    for (const auto [key, value] : components.members()) {
        const std::string original = key.string();
        const Place at{&place, original};
        const Facts* const facts = read(value, at);
        if (facts == nullptr) continue;
        if (facts->in == "cookie") {
            messages_.warning(at,
                              "is sent in a cookie, as no Parameter can be; it is kept as it is");
            others.push_back({key, value});
            continue;
        }
        std::string name = names_.take(original);
        if (name != original) messages_.info(at, "is named " + name);
        shared_.emplace(original, Shared{name, facts});
        JsonWriter json;
        Notes notes;
        json.begin_object();
        write_facts(json, name, *facts);
        notes.key(original, name);
        if (const auto sent_as = value.find("name")) notes.displace("name", *sent_as);
        copy_parameter(json, value, notes);
        notes.write_to(json);
        json.end_object();
        allowance_.take(json.text().size(), at);
        resources.push_back({Kind::parameter, std::move(name), original, std::move(json).take()});
    }
    return others;
}

/// Notes `parameters`: those that the operation's kind does not take, each with its position in the
/// source.
void Parameters::write(JsonWriter& json, const ParameterSources& sources, Notes& notes) {
    const auto inherited = read(sources.path_item);
    const auto own = read(sources.operation);
    const auto& locations = sources.kind == Kind::action ? action_locations : trigger_locations;
    std::set<const std::string*> declared;
    JsonWriter kept;
    json.key("parameters").begin_array();
    for (const Use& use : own)
        if (use.facts != nullptr) declared.insert(use.facts->identity);
    for (const Use& use : inherited) {
        if (use.facts == nullptr || !contains(locations, use.facts->in)) continue;
        if (declared.insert(use.facts->identity).second)
            write_use(json, use, Origin::path_item, sources.place);
    }
    for (std::size_t position = 0; position < own.size(); ++position) {
        const Use& use = own[position];
        if (use.facts == nullptr) continue;
        if (contains(locations, use.facts->in)) {
            write_use(json, use, Origin::operation, sources.place);
            continue;
        }
        messages_.warning(Place{&sources.operation->place, {}, position},
                          "is sent in the " + use.facts->in + ", as no parameter of " +
                              (sources.kind == Kind::action ? "an Action" : "a Trigger") +
                              " can be; it is kept, but is no parameter");
        kept.begin_object()
            .key("position")
            .number(position)
            .key("parameter")
            .raw(use.source.text())
            .end_object();
    }
    if (sources.kind == Kind::action) write_undeclared(json, sources, declared);
    json.end_array();
    if (!kept.text().empty())
        notes.json().key("parameters").begin_array().raw(kept.text()).end_array();
}

void Parameters::write_undeclared(JsonWriter& json, const ParameterSources& sources,
                                  const std::set<const std::string*>& declared) {
    std::set<std::string_view> written;
    for (const std::string_view name : path_parameters(sources.path)) {
        const std::string* const identity = identities_.of("path", name);
        if (declared.contains(identity) || !written.insert(name).second) continue;
        messages_.warning(sources.place, "declares no parameter for {" + std::string(name) +
                                             "} of its path; it becomes a required string");
        json.begin_object();
        write_facts(
            json, name,
            Facts{.name = {}, .in = "path", .required = true, .typed = {}, .identity = identity});
        Notes notes;
        notes.json().key("origin").string("path");
        notes.write_to(json);
        json.end_object();
    }
}

/// Notes `origin`: `pathItem` for a parameter that the path item declares for all its operations,
/// `path` for one that nothing declares; none for the operation's own.
void Parameters::write_use(JsonWriter& json, const Use& use, Origin origin,
                           const Place& place) const {
    const std::size_t before = json.text().size();
    Notes notes;
    if (origin == Origin::path_item) notes.json().key("origin").string("pathItem");
    json.begin_object();
    if (const Shared* const shared = find_shared(use.source)) {
        constexpr std::array<std::string_view, 2> own{"parameter", "openapi"};
        constexpr std::array<std::string_view, 1> handled{"$ref"};
        json.key("parameter").begin_object().key("name").string(shared->name).end_object();
        copy_members(json, use.source, {own, handled}, notes);
        std::string scratch;
        const JsonView reference = *use.source.find("$ref");
        if (!parse_component_reference(reference.string(scratch), "parameters")->canonical)
            notes.displace("$ref", reference);
    } else {
        write_facts(json, use.facts->name, *use.facts);
        copy_parameter(json, use.source, notes);
    }
    notes.write_to(json);
    json.end_object();
    allowance_.take(json.text().size() - before, place);
}

const Parameters::Shared* Parameters::find_shared(JsonView source) const {
    const auto reference = source.find("$ref");
    if (!reference || !reference->is_string()) return nullptr;
    std::string scratch;
    const auto component = parse_component_reference(reference->string(scratch), "parameters");
    if (!component || !component->rest.empty()) return nullptr;
    const auto found = shared_.find(component->key);
    return found == shared_.end() ? nullptr : &found->second;
}

std::vector<Parameters::Use> Parameters::read(const std::optional<ParameterList>& list) {
    std::vector<Use> uses;
    if (!list) return uses;
    for (const JsonView source : list->elements.elements())
        uses.push_back({source, read(source, Place{&list->place, {}, uses.size()})});
    return uses;
}

const Parameters::Facts* Parameters::read(JsonView source, const Place& place) {
    const auto [known, is_new] = read_.try_emplace(source.offset());
    if (!is_new) return known->second;
    const Shared* const shared = find_shared(source);
    known->second = shared != nullptr ? shared->facts : read_anew(source, place);
    return known->second;
}

const Parameters::Facts* Parameters::read_anew(JsonView source, const Place& place) {
    if (!expect(source, JsonType::object, place, messages_)) return nullptr;
    const auto target = pointers_.resolve(source);
    const bool is_reference = source.find("$ref").has_value();
    if (!target || (is_reference && (!target->is_object() || pointers_.member(*target, "$ref")))) {
        messages_.error(place, "leads to no parameter; refer to one in this document");
        return nullptr;
    }
    const auto member = [&](string_view name, JsonType type) {
        return of_type(pointers_.member(*target, name), type, Place{&place, name}, messages_);
    };
    const auto name = member("name", JsonType::string);
    const auto in = member("in", JsonType::string);
    const bool known = in && (contains(action_locations, in->string()) || in->is_string("cookie"));
    if (!name || !known) {
        messages_.error(place,
                        "is no parameter; give it a name, and in: path, query, header or cookie");
        return nullptr;
    }
    allowance_.take(name->text().size(), place);
    const auto required = member("required", JsonType::boolean);
    Facts& facts =
        facts_.emplace_back(Facts{name->string(), in->string(), required && required->is_true(),
                                  read_type(*target, place), nullptr});
    facts.identity = identities_.of(facts.in, facts.name);
    return &facts;
}

Typed Parameters::read_type(JsonView parameter, const Place& place) {
    if (const auto schema = pointers_.member(parameter, "schema"))
        if (const auto typed = types_.find(*schema)) return *typed;
    messages_.warning(place, "has no scalar type, as string or integer; it becomes a string");
    return {};
}

}  // namespace verso::openapi
