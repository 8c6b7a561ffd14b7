#include "openapi/operations.hpp"

#include "openapi/components.hpp"
#include "openapi/paths.hpp"
#include "openapi/references.hpp"

#include <algorithm>
#include <array>

namespace verso::openapi {

namespace {

using std::string_view;

constexpr std::array<string_view, 8> methods{"get",     "put",  "post",  "delete",
                                             "options", "head", "patch", "trace"};

bool is_method(JsonView key) {
    return std::any_of(methods.begin(), methods.end(),
                       [&](string_view method) { return key.is_string(method); });
}

std::string upper_case(string_view text) {
    std::string upper(text);
    for (char& c : upper) c = static_cast<char>(c - 'a' + 'A');
    return upper;
}

bool is_reference(JsonView value) { return value.find("$ref").has_value(); }

std::optional<std::string> operation_id(JsonView operation) {
    const auto id = operation.find("operationId");
    if (!id || !id->is_string() || id->text().size() == 2) return std::nullopt;
    return id->string();
}

bool has_members_of_its_own(JsonView item) {
    const auto members = item.members();
    return members.empty() || std::any_of(members.begin(), members.end(),
                                          [](JsonMember member) { return !is_method(member.key); });
}

void write_without_operations(JsonWriter& json, JsonView item) {
    json.begin_object();
    for (const auto [key, value] : item.members())
        if (!is_method(key)) json.raw_key(key.text()).raw(value.text());
    json.end_object();
}

/// What a path item is called, as `pets_id` for /pets/{id}.
std::string item_name(string_view path) {
    std::string name = operation_name("", path);
    if (name.starts_with('_')) name.erase(0, 1);
    return name;
}

void write_callbacks(JsonWriter& json, JsonView callbacks) {
    json.key("callbacks").begin_object();
    for (const JsonMember member : callbacks.members())
        write_callback(json.raw_key(member.key.text()), member);
    json.end_object();
}

}  // namespace

void Operations::gather_paths(JsonView paths, const Place& place,
                              std::vector<ConvertedResource>& resources) {
    gather_items(paths, "paths", place, resources);
}

void Operations::gather_webhooks(JsonView webhooks, const Place& place,
                                 std::vector<ConvertedResource>& resources) {
    gather_items(webhooks, "webhooks", place, resources);
}

void Operations::gather_items(JsonView items, string_view section, const Place& place,
                              std::vector<ConvertedResource>& resources) {
    const Place& section_place = keep(place, std::string(section));
    const bool is_paths = section == "paths";
    for (const auto [key, item] : items.members()) {
        if (is_extension(key)) continue;
        const std::string name = key.string();
        const Place& at = keep(section_place, name);
        if (!expect(item, JsonType::object, at, messages_)) continue;
        if (is_reference(item))
            messages_.warning(at, "refers to a path item elsewhere; it is kept, but makes no " +
                                      std::string(is_paths ? "Actions" : "Triggers"));
        if (has_members_of_its_own(item)) {
            JsonWriter rest;
            write_without_operations(rest, item);
            resources.push_back(
                kept_part(Kind::path_item, item_name(name), at.pointer(), rest.text()));
        }
        JsonWriter origin;
        if (!is_paths) origin.key("webhook").string(name);
        gather_item(item, {is_paths ? Kind::action : Kind::trigger, name, origin.text()}, at);
    }
}

void Operations::gather_item(JsonView item, const Setting& setting, const Place& place) {
    for (const auto [key, source] : item.members()) {
        if (!is_method(key)) continue;
        const std::string method = key.string();
        const Place& at = keep(place, method);
        if (!expect(source, JsonType::object, at, messages_)) continue;
        allowance_.take(setting.path.size() + setting.origin.size(), at);
        operations_.push_back(
            {setting.kind, method, setting.path, setting.origin, item, source, &place, &at});
        const auto callbacks = find_typed(source, "callbacks", JsonType::object, at, messages_);
        if (!callbacks) continue;
        if (setting.kind == Kind::trigger) {
            messages_.warning(at, "has callbacks of its own; they are kept, but make no Triggers");
            continue;
        }
        gather_callbacks(*callbacks, keep(at, "callbacks"), [&](JsonWriter& json) {
            json.key("path").string(setting.path).key("method").string(method);
        });
    }
}

void Operations::gather_callbacks(JsonView callbacks, const Place& place) {
    gather_callbacks(callbacks, keep(place, "callbacks"), [](JsonWriter&) {});
}

template <class Owner>
void Operations::gather_callbacks(JsonView callbacks, const Place& place, Owner owner) {
    for (const auto [key, callback] : callbacks.members()) {
        if (is_extension(key)) continue;
        const std::string name = key.string();
        const Place& at = keep(place, name);
        if (!expect(callback, JsonType::object, at, messages_) || is_reference(callback)) continue;
        for (const auto [expression_key, item] : callback.members()) {
            if (is_extension(expression_key)) continue;
            const std::string expression = expression_key.string();
            const Place& item_place = keep(at, expression);
            if (!expect(item, JsonType::object, item_place, messages_)) continue;
            JsonWriter origin;
            origin.key("callback").begin_object();
            owner(origin);
            origin.key("name").string(name).key("expression").string(expression).end_object();
            gather_item(item, {Kind::trigger, name, origin.text()}, item_place);
        }
    }
}

void write_callback(JsonWriter& json, const JsonMember& member) {
    const JsonView callback = member.value;
    if (is_extension(member.key) || !callback.is_object() || is_reference(callback)) {
        json.raw(callback.text());
        return;
    }
    json.begin_object();
    for (const auto [expression, item] : callback.members()) {
        json.raw_key(expression.text());
        if (is_extension(expression))
            json.raw(item.text());
        else
            write_without_operations(json, item);
    }
    json.end_object();
}

void Operations::write(std::vector<ConvertedResource>& resources) {
    Names actions(Kind::action);
    Names triggers(Kind::trigger);
    const auto names_of = [&](const Operation& operation) -> Names& {
        return operation.kind == Kind::action ? actions : triggers;
    };
    for (const Operation& operation : operations_)
        if (const auto id = operation_id(operation.source)) names_of(operation).reserve(*id);
    for (const Operation& operation : operations_) {
        const OperationName named = name(operation, names_of(operation));
        resources.push_back({operation.kind, named.name, named.original, write(operation, named)});
        allowance_.take(resources.back().text.size(), *operation.place);
    }
}

Operations::OperationName Operations::name(const Operation& operation, Names& names) {
    const auto id = operation_id(operation.source);
    OperationName named;
    named.original = id ? *id : operation_name(operation.method, operation.path);
    named.name = id ? names.take(*id) : names.take_made_up(named.original);
    const std::string wanted = to_name(operation.kind, named.original);
    if (!id) messages_.info(*operation.place, "has no operationId; it is named " + named.name);
    if (named.name != wanted)
        messages_.warning(*operation.place, "would be named " + wanted +
                                                " as another one is; it is named " + named.name);
    else if (id && named.name != *id)
        messages_.info(*operation.place, "is named " + named.name);
    return named;
}

/// Notes `path`, where it cannot be made of the Action's again; of a Trigger `webhook`, its name,
/// or `callback`: name and expression of the callback, path and method of the operation that has
/// it, if one has it.
std::string Operations::write(const Operation& operation, const OperationName& name) {
    constexpr std::array<string_view, 8> own{"id",   "errors", "referencedBy", "name",
                                             "type", "method", "path",         "openapi"};
    constexpr std::array<string_view, 3> handled{"parameters", "requestBody", "responses"};
    constexpr std::array<string_view, 4> handled_by_action{"parameters", "requestBody", "responses",
                                                           "callbacks"};
    const JsonView source = operation.source;
    const bool is_action = operation.kind == Kind::action;
    Notes notes;
    JsonWriter json(source.text().size() + 512);
    json.begin_object().key("name").string(name.name).key("type").string("http");
    json.key("method").string(upper_case(operation.method));
    if (is_action) {
        const std::string path = to_action_path(operation.path);
        json.key("path").string(path);
        if (from_action_path(path) != operation.path)
            notes.json().key("path").string(operation.path);
    } else {
        notes.json().raw(operation.origin);
    }
    if (!operation_id(source)) notes.key(name.original, name.name);
    for (const string_view text : {"summary", "description"})
        static_cast<void>(find_typed(source, text, JsonType::string, *operation.place, messages_));
    write_parameters(json, operation, notes);
    write_bodies(json, operation, name, notes);
    if (is_action) {
        copy_members(json, source, {own, handled_by_action}, notes);
        if (const auto callbacks = source.find("callbacks"); callbacks && callbacks->is_object())
            write_callbacks(json, *callbacks);
    } else {
        copy_members(json, source, {own, handled}, notes);
    }
    notes.write_to(json);
    json.end_object();
    return std::move(json).take();
}

void Operations::write_parameters(JsonWriter& json, const Operation& operation, Notes& notes) {
    const Place item_place{operation.item_place, "parameters"};
    const Place own_place{operation.place, "parameters"};
    const auto list = [&](JsonView object, const Place& owner, const Place& place) {
        const auto elements = find_typed(object, "parameters", JsonType::array, owner, messages_);
        return elements ? std::optional(ParameterList{*elements, place}) : std::nullopt;
    };
    const auto inherited = list(operation.item, *operation.item_place, item_place);
    const auto own = list(operation.source, *operation.place, own_place);
    const string_view path =
        operation.kind == Kind::action ? string_view(operation.path) : string_view();
    if (own && own->elements.elements().empty()) notes.displace("parameters", own->elements);
    if (own || inherited || path.find('{') != path.npos)
        parameters_.write(json, {operation.kind, inherited, own, path, *operation.place}, notes);
}

void Operations::write_bodies(JsonWriter& json, const Operation& operation,
                              const OperationName& name, Notes& notes) {
    const Place& place = *operation.place;
    if (const auto body =
            find_typed(operation.source, "requestBody", JsonType::object, place, messages_)) {
        Notes of_body;
        json.key("requestBody").begin_object();
        bodies_.write_request(json, *body, {name.name + "_request", name.original + " request"},
                              Place{&place, "requestBody"}, of_body);
        of_body.write_to(json);
        json.end_object();
    }
    if (const auto responses =
            find_typed(operation.source, "responses", JsonType::object, place, messages_))
        bodies_.write_responses(json, *responses, {name.name, name.original},
                                Place{&place, "responses"}, notes);
}

const Place& Operations::keep(const Place& parent, std::string name) {
    const std::string& kept = place_names_.emplace_back(std::move(name));
    return places_.emplace_back(Place{&parent, kept});
}

}  // namespace verso::openapi
