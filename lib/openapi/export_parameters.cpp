#include "openapi/export_parameters.hpp"

#include "openapi/parameters.hpp"

namespace verso::openapi {

namespace {

bool is_true(JsonView object, std::string_view name) {
    const auto member = object.find(name);
    return member && member->is_true();
}

ParameterFacts facts_of(JsonView document, std::string name) {
    const auto value = document.find("default");
    return {std::move(name), text_of(document, "in"), is_true(document, "required"),
            text_of(document, "type"),
            value ? std::optional(std::string(value->text())) : std::nullopt};
}

ParameterFacts facts_of(JsonView document) { return facts_of(document, text_of(document, "name")); }

/// The name under which a Parameter is sent: where the document notes none, its own.
std::string sent_name(const HeldResource& parameter) {
    const auto displaced = find_note(parameter.root(), "members", JsonType::object);
    const auto name = displaced ? displaced->find("name") : std::nullopt;
    if (name && name->is_string()) return name->string();
    return text_of(parameter.root(), "name");
}

/// The member `required`, where a parameter is.
Members required_of(const ParameterFacts& facts) {
    Members made;
    if (facts.required) made.add("required", "true");
    return made;
}

/// The facts, the kept parts, and those that had to make room.
Members kept_parameter(JsonView document, const ParameterFacts& facts) {
    Members members;
    if (document.find("$ref")) {
        copy_source(members, document,
                    {{"name", "in", "required", "type", "default", "openapi"}, {}});
    } else {
        members.add_string("name", facts.name);
        members.add_string("in", facts.in);
        copy_source(members, document,
                    {{"name", "in", "required", "type", "default", "openapi"}, {"description"}},
                    required_of(facts));
    }
    add_displaced(members, document);
    return members;
}

std::string plain_schema(const ParameterFacts& facts) {
    Members schema;
    schema.add_string("type", facts.type.empty() ? "string" : facts.type);
    if (facts.default_value) schema.add("default", *facts.default_value);
    return schema.text();
}

/// The parameters as they are referred to, before anything is known about edits.
std::string components_text(const VersionContent& content, const ExportKeys& keys,
                            const ExportedSchemas& schemas) {
    Members all_schemas;
    schemas.add_components(all_schemas);
    Members parameters;
    for (const HeldResource* const resource : content.of(Kind::parameter)) {
        const ParameterFacts facts = facts_of(resource->root(), sent_name(*resource));
        parameters.add(keys.of(*resource), kept_parameter(resource->root(), facts).text());
    }
    for (const HeldResource* const resource : content.of(Kind::document)) {
        const KeptPart part = kept_part_of(*resource);
        if (part.place && part.place->size() == 3 && part.place->at(1) == "parameters")
            parameters.add(part.place->back(), part.value.text());
    }
    Members components;
    components.add("schemas", all_schemas.text());
    components.add("parameters", parameters.text());
    return R"({"components":)" + components.text() + '}';
}

}  // namespace

ExportedParameters::ExportedParameters(const VersionContent& content, const ExportKeys& keys,
                                       const ExportedSchemas& schemas, Allowance& allowance)
    : content_(content),
      keys_(keys),
      components_(components_text(content, keys, schemas)),
      pointers_(components_.root()),
      types_(pointers_),
      allowance_(allowance) {}

void ExportedParameters::add_components(Members& parameters) {
    for (const HeldResource* const resource : content_.of(Kind::parameter)) {
        const bool complete = !resource->root().find("openapi");
        parameters.add(keys_.of(*resource), restore_document(*resource, resource->root(),
                                                             shared(*resource).facts, complete));
    }
}

/// One that is a `$ref` is sent under the name that stands where it leads.
const ExportedParameters::SharedParameter& ExportedParameters::shared(
    const HeldResource& parameter) {
    const auto [known, is_new] = shared_.try_emplace(&parameter);
    if (!is_new) return known->second;
    ParameterFacts facts = facts_of(parameter.root(), sent_name(parameter));
    if (parameter.root().find("$ref"))
        if (auto target = read(kept_parameter(parameter.root(), facts).text()))
            facts.name = std::move(target->name);
    const std::string* const identity = identity_of(facts);
    return known->second = {std::move(facts), identity};
}

/// A parameter that only the path declares is left out, as long as it is what the import made of
/// it.
std::optional<RestoredParameter> ExportedParameters::restore(
    const HeldResource& operation, JsonView element, const std::set<std::string_view>& in_path,
    bool complete) {
    const auto origin = find_note(element, "origin", JsonType::string);
    const bool inherited = origin && origin->is_string("pathItem");
    if (const auto reference = element.find("parameter"); reference && reference->is_object()) {
        auto restored = restore_use(element, *reference);
        if (restored) restored->inherited = inherited;
        return restored;
    }
    const ParameterFacts facts = facts_of(element);
    if (origin && origin->is_string("path") &&
        facts == ParameterFacts{facts.name, "path", true, "string", std::nullopt} &&
        in_path.contains(facts.name))
        return std::nullopt;
    return RestoredParameter{restore_document(operation, element, facts, complete),
                             identity_of(facts), inherited};
}

std::optional<RestoredParameter> ExportedParameters::restore_use(JsonView element,
                                                                 JsonView reference) {
    const HeldResource* const parameter = content_.find(Kind::parameter, reference);
    if (parameter == nullptr) return std::nullopt;
    const std::string& key = keys_.of(*parameter);
    Members members;
    const auto displaced = find_note(element, "members", JsonType::object);
    const auto written = displaced ? displaced->find("$ref") : std::nullopt;
    const auto meant = written && written->is_string()
                           ? parse_component_reference(written->string(), "parameters")
                           : std::nullopt;
    if (!meant || meant->key != key)
        members.add_string("$ref", format_component_reference("parameters", key));
    copy_source(members, element, {{"parameter", "openapi"}, {}});
    add_displaced(members, element);
    return RestoredParameter{members.text(), shared(*parameter).identity, false};
}

std::string ExportedParameters::restore_document(const HeldResource& holder, JsonView document,
                                                 const ParameterFacts& facts, bool complete) {
    Members members = kept_parameter(document, facts);
    const bool has_type =
        members.contains("schema") || members.contains("content") || members.contains("$ref");
    if (complete && !has_type) {
        Members made;
        made.add_string("name", facts.name);
        made.add_string("in", facts.in);
        if (facts.required || facts.in == "path") made.add("required", "true");
        made.add("schema", plain_schema(facts));
        copy_source(made, document, {{"required", "type", "default", "openapi"}, {}});
        return made.text();
    }
    if (leads_nowhere(document)) return write_out(holder, document, facts);
    if (leads_elsewhere(document)) return members.text();
    const auto read_back = read(members.text());
    if (!read_back || *read_back == facts) return members.text();
    return write_out(holder, document, facts);
}

/// Whether it is a reference to a shared parameter that is gone.
bool ExportedParameters::leads_nowhere(JsonView document) {
    const auto reference = document.find("$ref");
    if (!reference || !reference->is_string() || pointers_.resolve(document)) return false;
    std::string scratch;
    return parse_component_reference(reference->string(scratch), "parameters").has_value();
}

/// Whether its schema refers to a place besides schemas and parameters: what stands there is not
/// known here, and it is believed.
bool ExportedParameters::leads_elsewhere(JsonView document) {
    const auto target = pointers_.resolve(document);
    const auto schema = target ? pointers_.member(*target, "schema") : std::nullopt;
    const auto reference = schema ? pointers_.member(*schema, "$ref") : std::nullopt;
    return reference && reference->is_string() && is_local_pointer(reference->string()) &&
           !pointers_.resolve(*schema);
}

/// What was edited: the shape's members anew, all else as it is, or as what is referred to has it.
std::string ExportedParameters::write_out(const HeldResource& holder, JsonView document,
                                          const ParameterFacts& facts) {
    const auto target = document.find("$ref") ? pointers_.resolve(document) : document;
    const JsonView kept = target && target->is_object() ? *target : document;
    allowance_.take(kept.text().size(), holder.kind, holder.name);
    Members members;
    members.add_string("name", facts.name);
    members.add_string("in", facts.in);
    copy_source(
        members, kept,
        {{"name", "in", "required", "type", "default", "openapi", "$ref", "schema", "content"},
         {"description"}},
        required_of(facts));
    members.add("schema", edited_schema(holder, kept, facts));
    return members.text();
}

std::string ExportedParameters::edited_schema(const HeldResource& holder, JsonView parameter,
                                              const ParameterFacts& facts) {
    const auto written = parameter.find("schema");
    const auto schema = written ? pointers_.resolve(*written) : std::nullopt;
    if (schema) allowance_.take(schema->text().size(), holder.kind, holder.name);
    const auto before = read(R"({"name":"n","in":"query","schema":)" +
                             std::string(schema ? schema->text() : "{}") + '}');
    if (!schema || !schema->is_object() || !before || before->type != facts.type)
        return plain_schema(facts);
    Members edited;
    std::string scratch;
    for (const JsonMember member : schema->members())
        if (member.key.string(scratch) != "default") edited.add(member);
    if (facts.default_value) edited.add("default", *facts.default_value);
    const std::string text = edited.text();
    const auto after = read(R"({"name":"n","in":"query","schema":)" + text + '}');
    const bool says_so =
        after && after->type == facts.type && after->default_value == facts.default_value;
    return says_so ? text : plain_schema(facts);
}

std::optional<ParameterFacts> ExportedParameters::read(std::string_view source) {
    std::string text = "[";
    const ParsedJson list(text.append(source).append("]"));
    for (const Kind kind : {Kind::action, Kind::trigger}) {  // the one or the other takes it
        Messages messages;
        Allowance allowance(text.size());
        Parameters import(pointers_, types_, messages, allowance);
        JsonWriter json;
        Notes notes;
        const Place place;
        json.begin_object();
        import.write(json, {kind, std::nullopt, ParameterList{list.root(), place}, {}, place},
                     notes);
        json.end_object();
        if (messages.has_errors()) return std::nullopt;
        const ParsedJson written(std::move(json).take());
        const auto parameters = written.root().find("parameters");
        if (parameters && !parameters->elements().empty())
            return facts_of(*parameters->elements().begin());
    }
    return std::nullopt;
}

}  // namespace verso::openapi
