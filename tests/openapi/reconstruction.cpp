#include "reconstruction.hpp"

#include "domain/json_outline.hpp"
#include "domain/json_parser.hpp"
#include "domain/json_value.hpp"
#include "openapi/paths.hpp"
#include "openapi/pointers.hpp"

#include <algorithm>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

namespace verso::openapi::test {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using std::string_view;

std::string text_of(const value& string) { return std::string(string.as_string()); }

const value* find(const object& from, string_view name) { return from.if_contains(name); }

/// The member `openapi`, empty where there is none.
object notes_of(const object& document) {
    const value* const notes = find(document, "openapi");
    return notes != nullptr ? notes->as_object() : object();
}

/// A document without the members of its shape, and with those of the source that had to make room
/// for them.
object source_members(const object& document, std::initializer_list<string_view> shape) {
    object members = document;
    const object notes = notes_of(document);
    members.erase("openapi");
    for (const string_view name : shape) members.erase(name);
    if (const value* const displaced = find(notes, "members"))
        for (const auto& [name, member] : displaced->as_object()) members[name] = member;
    return members;
}

class Reconstruction {
public:
    value run(std::span<const ConvertedResource> resources) {
        for (const ConvertedResource& resource : resources) {
            documents_.push_back(
                {resource.kind, to_value(ParsedJson(resource.text).root()).as_object()});
            if (resource.kind == Kind::definition) add_definition(documents_.back().second);
            if (resource.kind == Kind::parameter)
                add_key(parameter_keys_, documents_.back().second);
        }
        for (const auto& [kind, document] : documents_)
            if (const value* const part = find(document, "value"); part && key_of(document).empty())
                root_ = *part;
        for (const auto& [kind, document] : documents_)
            if (const value* const part = find(document, "value");
                part && !key_of(document).empty())
                place(key_of(document)) = *part;
        for (const Kind kind : {Kind::action, Kind::trigger, Kind::definition, Kind::parameter,
                                Kind::request_body, Kind::response})
            for (const auto& [of_kind, document] : documents_)
                if (of_kind == kind) restore(kind, document);
        return root_;
    }

private:
    struct Definition {
        std::string key;
        bool is_inline;
        object document;
    };

    static std::string key_of(const object& document) {
        const object notes = notes_of(document);
        const value* const key = find(notes, "key");
        return key != nullptr ? text_of(*key) : text_of(document.at("name"));
    }

    static void add_key(std::map<std::string, std::string>& keys, const object& document) {
        keys[text_of(document.at("name"))] = key_of(document);
    }

    void add_definition(const object& document) {
        const object notes = notes_of(document);
        definitions_[text_of(document.at("name"))] = {key_of(document),
                                                      find(notes, "inline") != nullptr, document};
    }

    /// The value at a JSON Pointer, objects being made on the way.
    value& place(string_view pointer) {
        value* at = &root_;
        while (!pointer.empty()) {
            pointer.remove_prefix(1);
            const string_view token = pointer.substr(0, pointer.find('/'));
            pointer.remove_prefix(token.size());
            std::string name;
            for (std::size_t i = 0; i < token.size(); ++i)
                name += token[i] != '~' ? token[i] : token[++i] == '0' ? '~' : '/';
            if (!at->is_object()) at->emplace_object();
            at = &at->as_object()[name];
        }
        return *at;
    }

    value& place(std::initializer_list<string_view> names) {
        std::string pointer;
        for (const string_view name : names) append_pointer(pointer, name);
        return place(pointer);
    }

    void restore(Kind kind, const object& document) {
        const auto section = [&](string_view name) -> value& {
            return place({"components", name, key_of(document)});
        };
        switch (kind) {
            case Kind::action: restore_action(document); break;
            case Kind::trigger: restore_trigger(document); break;
            case Kind::parameter: section("parameters") = parameter(document); break;
            case Kind::request_body: section("requestBodies") = request_body(document); break;
            case Kind::response: section("responses") = response(document); break;
            default:
                if (const Definition& found = definitions_.at(text_of(document.at("name")));
                    !found.is_inline)
                    section("schemas") = schema(found);
        }
    }

    void restore_action(const object& document) {
        const object notes = notes_of(document);
        const value* const path = find(notes, "path");
        const std::string written =
            path ? text_of(*path) : from_action_path(text_of(document.at("path")));
        place({"paths", written, method(document)}) = operation(document);
    }

    void restore_trigger(const object& document) {
        const object notes = notes_of(document);
        if (const value* const webhook = find(notes, "webhook")) {
            place({"webhooks", text_of(*webhook), method(document)}) = operation(document);
            return;
        }
        const object& callback = notes.at("callback").as_object();
        const std::string name = text_of(callback.at("name"));
        const std::string expression = text_of(callback.at("expression"));
        const value* const path = find(callback, "path");
        value& item = path ? place({"paths", text_of(*path), text_of(callback.at("method")),
                                    "callbacks", name, expression})
                           : place({"components", "callbacks", name, expression});
        item.as_object()[method(document)] = operation(document);
    }

    static std::string method(const object& document) {
        std::string method = text_of(document.at("method"));
        std::transform(method.begin(), method.end(), method.begin(),
                       [](char c) { return static_cast<char>(c - 'A' + 'a'); });
        return method;
    }

    object operation(const object& document) {
        object members = source_members(
            document, {"name", "type", "method", "path", "parameters", "requestBody", "responses"});
        const object notes = notes_of(document);
        if (array restored = parameters(document, notes); !restored.empty())
            members["parameters"] = restored;
        if (const value* const body = find(document, "requestBody"))
            members["requestBody"] = request_body(body->as_object());
        if (const value* const listed = find(document, "responses")) {
            object responses;
            if (const value* const kept = find(notes, "responses")) responses = kept->as_object();
            for (const value& element : listed->as_array()) {
                const value* const status = find(element.as_object(), "status");
                responses[status ? std::to_string(status->as_int64()) : "default"] =
                    response(element.as_object());
            }
            members["responses"] = responses;
        }
        return members;
    }

    array parameters(const object& document, const object& notes) {
        array restored;
        const value* const listed = find(document, "parameters");
        const array elements = listed ? listed->as_array() : array();
        for (const value& element : elements) {
            const object of_element = notes_of(element.as_object());
            if (find(of_element, "origin") == nullptr)
                restored.push_back(parameter(element.as_object()));
        }
        if (const value* const kept = find(notes, "parameters"))
            for (const value& element : kept->as_array())
                restored.insert(restored.begin() + element.at("position").as_int64(),
                                element.at("parameter"));
        return restored;
    }

    object parameter(const object& document) {
        if (const value* const shared = find(document, "parameter")) {
            object members = source_members(document, {"parameter"});
            if (find(members, "$ref") == nullptr)
                members["$ref"] = format_component_reference(
                    "parameters", parameter_keys_.at(text_of(shared->at("name"))));
            return members;
        }
        if (find(document, "$ref"))
            return source_members(document, {"name", "in", "required", "type", "default"});
        object members = source_members(document, {"required", "type", "default"});
        if (document.at("required").as_bool()) members["required"] = true;
        return members;
    }

    object request_body(const object& document) {
        object members = source_members(document, {"required", "definitions"});
        if (find(members, "$ref")) return members;
        if (document.at("required").as_bool()) members["required"] = true;
        add_content(document, members);
        return members;
    }

    object response(const object& document) {
        object members = source_members(document, {"status", "definitions"});
        if (find(members, "$ref") == nullptr) add_content(document, members);
        return members;
    }

    void add_content(const object& document, object& members) {
        const object notes = notes_of(document);
        const value* const kept = find(notes, "content");
        object content = kept ? kept->as_object() : object();
        for (const value& body : document.at("definitions").as_array()) {
            const Definition& definition =
                definitions_.at(text_of(body.at("definition").at("name")));
            for (const auto& [media_type, described] : body.at("content").as_object()) {
                object restored = described.as_object();
                if (definition.is_inline)
                    restored["schema"] = schema(definition);
                else
                    restored["schema"] =
                        object{{"$ref", format_component_reference("schemas", definition.key)}};
                content[media_type] = restored;
            }
        }
        if (kept || !content.empty()) members["content"] = content;
    }

    value schema(const Definition& definition) {
        const std::string content = text_of(definition.document.at("schema").at("content"));
        value restored = to_value(ParsedJson(content).root());
        const object notes = notes_of(definition.document);
        const value* const kept = find(notes, "references");
        restore_references(restored, "", kept ? kept->as_object() : object());
        return restored;
    }

    void restore_references(value& at, const std::string& pointer, const object& kept) {
        if (at.is_string()) {
            restore_reference(at, pointer, kept);
        } else if (at.is_array()) {
            for (std::size_t i = 0; i < at.as_array().size(); ++i)
                restore_references(at.as_array()[i], pointer + "/" + std::to_string(i), kept);
        } else if (at.is_object()) {
            for (auto& [name, child] : at.as_object()) {
                std::string below = pointer;
                append_pointer(below, name);
                restore_references(child, below, kept);
            }
        }
    }

    void restore_reference(value& at, const std::string& pointer, const object& kept) {
        constexpr string_view prefix = "#/$defs/";
        const std::string text = text_of(at);
        if (const value* const original = find(kept, pointer)) {
            at = *original;
        } else if (text.starts_with(prefix)) {
            const std::string rest = text.substr(prefix.size());
            const std::string name = rest.substr(0, rest.find('/'));
            if (const auto found = definitions_.find(name); found != definitions_.end())
                at = format_component_reference("schemas", found->second.key) +
                     rest.substr(name.size());
        }
    }

    std::vector<std::pair<Kind, object>> documents_;
    std::map<std::string, Definition> definitions_;
    std::map<std::string, std::string> parameter_keys_;
    value root_;
};

}  // namespace

value reconstruct(std::span<const ConvertedResource> resources) {
    return Reconstruction().run(resources);
}

}  // namespace verso::openapi::test
