#include "openapi/export_references.hpp"

#include "domain/json_writer.hpp"
#include "openapi/pointers.hpp"
#include "openapi/references.hpp"

#include <algorithm>
#include <map>

namespace verso::openapi {

namespace {

bool stays_in_schema(std::string_view reference) {
    return reference.starts_with("#/$defs/") || reference.starts_with("#/definitions/");
}

class ReferenceSettler {
public:
    ReferenceSettler(const ParsedJson& description, const ExportKeys& keys)
        : root_(description.root()),
          keys_(keys),
          positions_(description.text()),
          pointers_(root_) {}

    /// Whether anything is to be changed.
    [[nodiscard]] bool find() {
        find(root_, Role::object);
        return !lost_.empty();
    }

    [[nodiscard]] std::string write() const {
        JsonWriter json(root_.text().size());
        write(json, root_, {});
        return std::move(json).take();
    }

private:
    /// As ReferenceChecker does when a description is imported.
    void find(JsonView value, Role role) {
        if (role == Role::data || !positions_.any_in(value)) return;
        for (const JsonView element : value.elements()) find(element, role);
        std::string scratch;
        for (const auto [key, child] : value.members()) {
            const std::string_view name = key.string(scratch);
            if (role == Role::object && name == "$ref" && child.is_string())
                judge(child);
            else
                find(child, role_below(role, name, child));
        }
    }

    void judge(JsonView reference) {
        const std::string text = reference.string();
        if (!is_local_pointer(text) || stays_in_schema(text) || pointers_.find(text)) return;
        lost_.emplace(reference.offset(), moved(text));
    }

    /// The reference by today's name of a component; empty where there is none.
    [[nodiscard]] std::string moved(std::string_view reference) {
        for (const ComponentSection& section : component_sections) {
            const auto component = parse_component_reference(reference, section.name);
            const auto key = component ? keys_.moved(section.kind, component->key) : std::nullopt;
            if (!key) continue;
            std::string now = format_component_reference(section.name, *key);
            now += component->rest;
            if (pointers_.find(now)) return now;
        }
        return {};
    }

    [[nodiscard]] bool any_lost_in(JsonView value) const {
        const auto next = lost_.lower_bound(value.offset());
        return next != lost_.end() && next->first < value.offset() + value.text().size();
    }
    [[nodiscard]] bool is_dangling(JsonView value) const {
        const auto reference = value.find("$ref");
        const auto found = reference ? lost_.find(reference->offset()) : lost_.end();
        return found != lost_.end() && found->second.empty();
    }

    /// `name`: of the member that the value is in, itself or as an element or a member.
    void write(JsonWriter& json, JsonView value, std::string_view name) const {
        if (const auto found = lost_.find(value.offset()); found != lost_.end()) {
            if (value.is_string()) {
                json.string(found->second);
                return;
            }
        }
        if (!any_lost_in(value))
            json.raw(value.text());
        else if (value.is_array())
            write_array(json, value, name);
        else
            write_object(json, value, name);
    }

    void write_array(JsonWriter& json, JsonView array, std::string_view name) const {
        json.begin_array();
        for (const JsonView element : array.elements())
            if (name != "parameters" || !is_dangling(element)) write(json, element, {});
        json.end_array();
    }

    void write_object(JsonWriter& json, JsonView object, std::string_view name) const {
        json.begin_object();
        for (const auto [key, child] : object.members()) {
            const std::string member = key.string();
            if (member == "$ref" && is_dangling(object)) continue;
            if (name == "parameters" && is_dangling(child)) continue;
            json.raw_key(key.text());
            if (name == "responses" && is_dangling(child) && !child.find("description"))
                write_response(json, child);
            else
                write(json, child, member);
        }
        json.end_object();
    }

    void write_response(JsonWriter& json, JsonView response) const {
        json.begin_object().key("description").string("");
        for (const auto [key, child] : response.members())
            if (!key.is_string("$ref")) json.raw_key(key.text()).raw(child.text());
        json.end_object();
    }

    JsonView root_;
    const ExportKeys& keys_;
    ReferencePositions positions_;
    Pointers pointers_;
    std::map<std::size_t, std::string> lost_;  // by offset: what is written instead, or nothing
};

}  // namespace

std::string settle_references(std::string description, const ExportKeys& keys) {
    const ParsedJson parsed(std::move(description));
    ReferenceSettler settler(parsed, keys);
    return settler.find() ? settler.write() : parsed.text();
}

}  // namespace verso::openapi
